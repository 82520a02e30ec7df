import type { SchemaType } from '@concordat/core'

/** `concordat.yaml`: what this service produces and consumes, and where its generated code goes. */
export interface Config {
  registry: { url: string }
  /** The name under which use is recorded. */
  service?: string
  /** Folder for generated TypeScript. */
  out: string
  /** Folder for the vendored schema texts. */
  vendor: string
  consumes: Record<string, TopicConfig>
  produces: Record<string, TopicConfig>
  types: Record<string, string>
}

/** One topic: either a single subject, or several events. */
export interface TopicConfig {
  events: EventConfig[]
}

export interface EventConfig {
  subject: string
  /** A number, or `latest`. */
  version: number | 'latest'
  /** The fields that a consumer reads; absent: all. */
  reads?: string[]
  /** The file that `push` registers and `check` judges, relative to the configuration. */
  schema?: string
  references: ReferenceConfig[]
}

/** A schema that an event's text refers to: a file to push first, or a version that is registered already. */
export interface ReferenceConfig {
  name: string
  subject: string
  version?: number | 'latest'
  schema?: string
  /** What that file refers to in its turn. */
  references?: ReferenceConfig[]
}

const typeByExtension: Record<string, SchemaType> = { avsc: 'AVRO', avdl: 'AVRO', json: 'JSON', proto: 'PROTOBUF' }

/** The schema language that a file's ending stands for. */
export function schemaTypeOf(path: string): SchemaType | undefined {
  return typeByExtension[/\.([a-z]+)$/.exec(path)?.[1] ?? '']
}
