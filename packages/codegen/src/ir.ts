/**
 * What the three schema languages have in common, seen from TypeScript. Front ends make it, the printer prints it: for
 * reading and for writing, which differ (defaults, open enums, tags).
 */
export type Shape =
  | { kind: 'builtin'; name: Builtin }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'literal'; value: string | number | boolean | null }
  /** `open`: what a newer version may add is a value of this type when reading. */
  | { kind: 'enum'; values: (string | number | boolean | null)[]; open?: 'symbol' | 'number' }
  | { kind: 'array'; items: Shape }
  /** `least`: how many items are there for certain. */
  | { kind: 'tuple'; items: Shape[]; least: number; rest?: Shape }
  | { kind: 'map'; values: Shape }
  | ObjectShape
  | { kind: 'union'; members: Shape[] }
  | { kind: 'intersection'; members: Shape[] }
  /** One of several, or none, each with the name of its case (Protobuf's oneof). */
  | { kind: 'oneof'; cases: { name: string; doc?: string; shape: Shape }[] }
  /** `tagged`: in this place a producer has to give the declaration's tag. */
  | { kind: 'ref'; to: string; tagged?: boolean }

export type Builtin =
  'string' | 'number' | 'boolean' | 'bigint' | 'null' | 'unknown' | 'never' | 'bytes' | 'Date' | 'Uuid'

export interface ObjectShape {
  kind: 'object'
  fields: Field[]
  /** The values of any other properties. */
  rest?: Shape
}

export interface Field {
  name: string
  doc?: string
  shape: Shape
  /** Whether it may be absent. */
  optional: { read: boolean; write: boolean }
}

/** A type with a name. Its key is unique within the schema: a full name, or the URI of a definition. */
export interface Declaration {
  /** What the generated name is made of. */
  name: string
  doc?: string
  shape: Shape
  /** Value of `$type`: there when reading, and where a union has to be told apart when writing. */
  tag?: string
}

/** The types of one event. */
export interface EventTypes {
  /** What the event is called, before it is made a name. */
  name: string
  declarations: Map<string, Declaration>
  root: Shape
}

export const builtin = (name: Builtin): Shape => ({ kind: 'builtin', name })

/** A schema that cannot be turned into code. */
export class BindingError extends Error {
  override readonly name = 'BindingError'

  constructor(
    readonly subject: string,
    /** Where in the schema. */
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${subject}: ${path ? `${path}: ` : ''}${reason}`)
  }
}
