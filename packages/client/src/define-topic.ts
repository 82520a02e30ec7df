import { loadCodec } from './codec.js'
import {
  DecodeError,
  failure,
  type Decoded,
  type DecodeFailure,
  type EventName,
  type WriterId,
  type WriteType,
} from './decoded.js'
import { InvalidValue } from './encode-error.js'
import { type Frame, readFrame, schemaHeaders, writeHeader, writePrefix } from './framing.js'
import { pin } from './pin.js'
import { RegistryClient } from './registry/registry-client.js'
import type { TopicDefinition } from './topic-definition.js'
import type { EncodedMessage, Headers, MessageOptions, Topic } from './topic.js'
import { defaultTypes } from './types.js'
import { written } from './wire/byte-writer.js'
import { WriterCache } from './writer-cache.js'
import { loadFailure, loadWriter, pinnedWriter, show, type LoadedEvent } from './writers.js'

/** `encode` or `decode` came before `ready`. */
export class NotReady extends Error {
  override readonly name = 'NotReady'
}

/** Makes a topic of what was generated. Nothing is read or loaded before `ready`. */
export function defineTopic<Events extends object>(definition: TopicDefinition): Topic<Events> {
  return new DefinedTopic<Events>(definition)
}

interface OutgoingEvent extends LoadedEvent {
  prefix: Buffer
  headers: Record<string, Buffer>
}

class DefinedTopic<Events extends object> implements Topic<Events> {
  readonly topic: string
  private events: Map<string, OutgoingEvent> | undefined
  private writers = new WriterCache()
  private registry: RegistryClient | undefined

  constructor(readonly definition: TopicDefinition) {
    this.topic = definition.topic
  }

  async ready(registry: RegistryClient | string): Promise<void> {
    const client = typeof registry === 'string' ? new RegistryClient(registry) : registry
    await this.load(async (name) => await pin(this.definition.events[name], client))
    this.registry = client
  }

  async readyOffline(): Promise<void> {
    await this.load((name) => Promise.resolve(this.definition.events[name]))
  }

  private async load(idsOf: (event: string) => Promise<WriterId>): Promise<void> {
    const { framing = 'confluent-id', types } = this.definition
    const events = await Promise.all(
      Object.entries(this.definition.events).map(async ([name, definition]): Promise<OutgoingEvent> => {
        const codec = await loadCodec(definition, { ...defaultTypes, ...types })
        const { id, guid } = await idsOf(name)
        const writer = { id, guid }
        const usable = framing === 'confluent-id' ? id !== undefined : guid !== undefined
        if (!usable) {
          const missing = framing === 'confluent-id' ? 'id' : 'GUID'
          throw new NotReady(
            `${this.topic}: the framing ${framing} needs the ${missing} of ${name}, which is not known`,
          )
        }
        const prefix = written((out) => writePrefix(out, framing, writer, codec.index))
        const header = framing === 'header' && written((out) => writeHeader(out, guid, codec.index))
        return { name, definition, codec, writer, prefix, headers: header ? { [schemaHeaders.value]: header } : {} }
      }),
    )
    const writers = new WriterCache()
    for (const event of events) writers.pin(event.writer, pinnedWriter(event, events))
    this.writers = writers
    this.events = new Map(events.map((event) => [event.name, event]))
  }

  encode<Name extends EventName<Events>>(
    name: Name,
    value: WriteType<Events, Name>,
    { key, headers }: MessageOptions = {},
  ): EncodedMessage {
    const event = this.loaded().get(name)
    if (!event) throw new TypeError(`${this.topic} has no event ${JSON.stringify(name)}`)
    try {
      const bytes = written((out) => {
        out.bytes(event.prefix)
        event.codec.write(value, out)
      })
      return { ...(key !== undefined && { key }), value: bytes, headers: { ...headers, ...event.headers } }
    } catch (error) {
      throw error instanceof InvalidValue ? error.of(name) : error
    }
  }

  decode(value: Uint8Array | null, headers?: Headers): Decoded<Events> {
    this.loaded()
    if (value === null) return { ok: true, type: '$tombstone', value: null }
    const frame = frameOf(value, headers)
    return 'ok' in frame ? frame : this.read(frame)
  }

  async resolve(value: Uint8Array | null, headers?: Headers): Promise<Decoded<Events>> {
    const result = this.decode(value, headers)
    const { registry } = this
    if (result.ok || result.code !== 'SchemaNotLoaded' || !registry || !result.writer) return result
    const { writer } = result
    const events = [...this.loaded().values()]
    const entry = await this.writers.load(writer, async () => {
      try {
        return await loadWriter(writer, registry, events)
      } catch (error) {
        return loadFailure(error, writer)
      }
    })
    return typeof entry === 'function' ? this.decode(value, headers) : entry
  }

  private read(frame: Frame): Decoded<Events> {
    const { id, guid, payload } = frame
    const writer: WriterId = id === undefined ? { guid } : { id }
    const entry = this.writers.get(writer)
    if (!entry)
      return failure('SchemaNotLoaded', `the schema ${show(writer)} has not been loaded; use resolve()`, writer)
    if (typeof entry !== 'function') return entry
    try {
      const { event, read } = entry(frame)
      const value = read(payload)
      if (payload.remaining > 0) {
        return failure('Malformed', `${payload.remaining} bytes are left over after the event`, writer)
      }
      return { ok: true, type: event.name, value, writer } as Decoded<Events>
    } catch (error) {
      return asFailure(error, writer)
    }
  }

  private loaded(): Map<string, OutgoingEvent> {
    if (!this.events) throw new NotReady(`await ${this.topic}.ready(registry) has to come before encode and decode`)
    return this.events
  }
}

function frameOf(value: Uint8Array, headers: Headers | undefined): Frame | DecodeFailure {
  try {
    return readFrame(value, headers)
  } catch (error) {
    return asFailure(error)
  }
}

function asFailure(error: unknown, writer?: WriterId): DecodeFailure {
  if (error instanceof DecodeError) return failure(error.code, error.message, writer)
  // The stack or an array's length: only a message made for it gets there.
  if (error instanceof RangeError) return failure('Malformed', 'the message is nested too deep or too large', writer)
  throw error
}
