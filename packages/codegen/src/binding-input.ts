import type { Reference, SchemaType } from '@concordat/core'

/** Everything that generated code depends on. Equal input gives equal text, whatever the order of its lists. */
export interface BindingInput {
  topics: TopicInput[]
  types?: TypeMapping
  /** Where producers name the writer's schema; default `confluent-id`. */
  framing?: Framing
  /** Shown in the first line of every file, such as the hash of the lock file. */
  source?: string
}

export type Role = 'produces' | 'consumes'
export type Framing = 'confluent-id' | 'confluent-guid' | 'header'

export interface TopicInput {
  /** The topic's name in the broker; the exported object and its file are named after it. */
  name: string
  role: Role
  events: EventInput[]
}

/** One schema whose messages are in the topic, pinned to a version. */
export interface EventInput {
  type: SchemaType
  /** Canonical text. */
  text: string
  references: ReferencedSchema[]
  subject: string
  version: number
  guid?: string
  id?: number
  /** Protobuf: full name of the event's message; the first of the file by default. */
  message?: string
}

/** A reference with what it refers to, and so on. */
export interface ReferencedSchema extends Reference {
  text: string
  references: ReferencedSchema[]
}

/** How types of a schema appear in TypeScript; `TypeMapping` of `@concordat/client` says what each means. */
export interface TypeMapping {
  decimal?: 'string' | 'bytes'
  'timestamp-millis'?: 'Date' | 'long'
  date?: 'string' | 'int'
  uuid?: 'string' | 'brand'
  long?: 'bigint' | 'number'
}

/** What each part of a mapping may be; the first is the default. */
export const mappings: { readonly [Key in keyof Required<TypeMapping>]: readonly Required<TypeMapping>[Key][] } = {
  decimal: ['string', 'bytes'],
  'timestamp-millis': ['Date', 'long'],
  date: ['string', 'int'],
  uuid: ['string', 'brand'],
  long: ['bigint', 'number'],
}

export interface GeneratedFile {
  /** Relative to the output folder, one level, `.ts`. */
  path: string
  text: string
}
