import type { EventDefinition } from './topic-definition.js'
import type { ResolvedTypes } from './types.js'
import type { ByteReader } from './wire/byte-reader.js'
import type { ByteWriter } from './wire/byte-writer.js'

/** A schema that somebody wrote with, texts of its references before those that use them. */
export interface WriterSchema {
  schema: string
  references: string[]
  subjects: string[]
}

/** Reads the payload of one writer's messages as the pinned event. */
export type ReadPayload = (payload: ByteReader) => unknown

/** What a format does for one event. */
export interface EventCodec {
  /** Path of the event's message in its file; Protobuf only. */
  readonly index?: readonly number[]

  /** @throws InvalidValue */
  write(value: unknown, out: ByteWriter): void

  /** Reads what was written with the pinned schema itself. @throws DecodeError */
  read(payload: ByteReader): unknown
}

/**
 * Codecs are loaded when a topic gets ready, so that a service that speaks Avro alone does not load the others.
 * @throws TypeError if the embedded schema cannot be used
 */
export async function loadCodec(event: EventDefinition, types: ResolvedTypes): Promise<EventCodec> {
  switch (event.format) {
    case 'AVRO': {
      const { AvroCodec } = await import('./avro/codec.js')
      return new AvroCodec(event, types)
    }
    case 'JSON': {
      const { JsonCodec } = await import('./json/codec.js')
      return new JsonCodec(event.schema, event.references)
    }
    case 'PROTOBUF': {
      const { ProtobufCodec } = await import('./protobuf/event-codec.js')
      return new ProtobufCodec(event, types)
    }
  }
}
