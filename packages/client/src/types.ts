/**
 * How a schema's types appear in TypeScript. The settings come from the consumer's own configuration, are written into
 * the generated file and drive both the types there and the codec here.
 */
export interface TypeMapping {
  /** Avro `decimal`: a decimal string such as `12.50`, or the unscaled two's complement bytes. Default `string`. */
  decimal?: 'string' | 'bytes'
  /** Avro `timestamp-millis`: default `Date`; `long` is whatever `long` says. */
  'timestamp-millis'?: 'Date' | 'long'
  /** Avro `date`: an ISO day such as `2026-11-22`, or days since 1970. Default `string`. */
  date?: 'string' | 'int'
  /** Avro `uuid` and JSON Schema format `uuid`: a plain or a branded string. Default `string`. */
  uuid?: 'string' | 'brand'
  /** 64-bit integers: `bigint` (default), or `number` with values beyond 2^53 as `OutOfRange`. */
  long?: 'bigint' | 'number'
}

export type ResolvedTypes = Required<TypeMapping>

export const defaultTypes: ResolvedTypes = {
  decimal: 'string',
  'timestamp-millis': 'Date',
  date: 'string',
  uuid: 'string',
  long: 'bigint',
}

declare const decimalBrand: unique symbol
declare const uuidBrand: unique symbol

/** A decimal number as text, with the precision and scale of its schema; any `string` of that form can be written. */
export type Decimal<Precision extends number, Scale extends number> = string & {
  readonly [decimalBrand]: readonly [Precision, Scale]
}

/** A UUID as text. */
export type Uuid = string & { readonly [uuidBrand]: true }

/** A symbol that a newer writer's enum has and the pinned version has not. */
export type UnknownSymbol = string & Record<never, never>
