export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF'

export type CompatibilityLevel =
  'NONE' | 'BACKWARD' | 'BACKWARD_TRANSITIVE' | 'FORWARD' | 'FORWARD_TRANSITIVE' | 'FULL' | 'FULL_TRANSITIVE'

export interface SchemaReference {
  /** How the text speaks of it: Avro full name, JSON Schema URI, Protobuf import path. */
  name: string
  subject: string
  version: number
}

/** A schema as it is sent to the registry. */
export interface SchemaPayload {
  schema: string
  /** Default AVRO. */
  schemaType?: SchemaType
  references?: SchemaReference[]
  metadata?: object
  ruleSet?: object
}

/** A schema as the registry gives it back; `schemaType` and `references` are always there. */
export interface StoredSchema {
  schema: string
  schemaType: SchemaType
  references: SchemaReference[]
  guid?: string
  metadata?: object
  ruleSet?: object
}

export interface RegisteredSchema extends StoredSchema {
  subject: string
  version: number
  id: number
}

export interface SubjectVersion {
  subject: string
  version: number
}

/** The answer to a registration. Older registries send the id alone. */
export interface Registration {
  id: number
  guid?: string
  version?: number
}

export interface CompatibilityAnswer {
  compatible: boolean
  /** Why not; empty unless asked for with `verbose`. */
  messages: string[]
}

export interface SubjectConfig {
  compatibilityLevel?: CompatibilityLevel
  [setting: string]: unknown
}
