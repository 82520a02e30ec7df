import type { SchemaReference, SchemaType } from './registry/types.js'
import type { TypeMapping } from './types.js'

/**
 * Where the writer's schema is named: an id or a GUID before the payload, or a GUID in a header beside it.
 * Reading understands all three, whatever is set.
 */
export type Framing = 'confluent-id' | 'confluent-guid' | 'header'

/** Everything that generated code says about a topic: data, never code. */
export interface TopicDefinition {
  topic: string
  framing?: Framing
  types?: TypeMapping
  events: Record<string, EventDefinition>
}

export type EventDefinition = AvroEvent | JsonEvent | ProtobufEvent

interface PinnedSchema {
  subject: string
  version: number
  guid?: string
  /** The id in the registry of the lock file; `ready` finds the id of the registry at hand. */
  id?: number
  /** Canonical text. */
  schema: string
  /** What the schema refers to, directly and through others. */
  references?: EmbeddedReference[]
}

export interface EmbeddedReference extends SchemaReference {
  schema: string
  /** Whether the event's own schema names it; default true. */
  direct?: boolean
}

export interface AvroEvent extends PinnedSchema {
  format: Extract<SchemaType, 'AVRO'>
  /** Full names of records that carry `$type`, because a union or a topic has several. */
  tagged?: string[]
}

export interface JsonEvent extends PinnedSchema {
  format: Extract<SchemaType, 'JSON'>
}

export interface ProtobufEvent extends PinnedSchema {
  format: Extract<SchemaType, 'PROTOBUF'>
  /** Full name of the message. */
  message: string
  /** Path of the message in its file, outermost first. */
  index: number[]
  /** The messages and enums that can occur, resolved, as JSON text (`ProtobufTable`). */
  table: string
}
