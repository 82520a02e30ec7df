import { avro } from '../avro/index.js'
import { jsonSchema } from '../json-schema/index.js'
import { protobuf } from '../protobuf/index.js'
import type { Format, Policy } from '../schema/format.js'
import type { SchemaType } from '../schema/source.js'

/** The engine of each schema language. What `parse` of an engine returned goes to the same engine only. */
export const formats: Readonly<Record<SchemaType, Format<unknown>>> = {
  AVRO: avro,
  JSON: jsonSchema,
  PROTOBUF: protobuf,
}

export const isSchemaType = (text: string): text is SchemaType => Object.hasOwn(formats, text)

/**
 * The policy that a format goes by when a scope with several formats names one that only another format has:
 * the nearest one of its own.
 */
const substitutes: Record<Policy, Partial<Record<SchemaType, Policy>>> = {
  STRICT: {},
  LENIENT: {},
  EXACT: {},
  TOLERANT: { AVRO: 'EXACT', PROTOBUF: 'EXACT' },
  WIRE: { AVRO: 'STRICT', JSON: 'STRICT' },
  WIRE_JSON: { AVRO: 'STRICT', JSON: 'STRICT' },
  PACKAGE: { AVRO: 'STRICT', JSON: 'STRICT' },
  FILE: { AVRO: 'STRICT', JSON: 'STRICT' },
}

export const isPolicy = (text: string): text is Policy => Object.hasOwn(substitutes, text)

export const policyFor = (type: SchemaType, policy: Policy): Policy => substitutes[policy][type] ?? policy
