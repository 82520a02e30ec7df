/** The three schema languages that Concordat stores. The names are those of the Confluent protocol. */
export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF'

export const schemaTypes: readonly SchemaType[] = ['JSON', 'PROTOBUF', 'AVRO']

/**
 * One schema's use of another: `name` is how the text speaks of it (Avro full name, JSON Schema URI,
 * Protobuf import path), `subject` and `version` are where the registry keeps it.
 */
export interface Reference {
  name: string
  subject: string
  version: number
}

/** A schema as it came in: nothing parsed, nothing changed. */
export interface SchemaSource {
  type: SchemaType
  text: string
  references: Reference[]
}

/**
 * Gives the source behind a reference, or `undefined` if there is none. Synchronous: whoever calls the core has
 * fetched everything that can be reached (references of references included) before.
 */
export type ReferenceResolver = (reference: Reference) => SchemaSource | undefined

/** A resolver for schemas that refer to nothing. */
export const noReferences: ReferenceResolver = () => undefined
