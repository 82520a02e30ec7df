import { AvroSchemaError } from './avro/schema.js'
import type { EventCodec, ReadPayload, WriterSchema } from './codec.js'
import { DecodeError, failure, type DecodeFailure, type WriterId } from './decoded.js'
import { type Frame, readIndex } from './framing.js'
import { RegistryError, RegistryUnavailable } from './registry/errors.js'
import type { RegistryClient } from './registry/registry-client.js'
import type { SchemaReference, StoredSchema } from './registry/types.js'
import type { EventDefinition } from './topic-definition.js'

export interface LoadedEvent {
  name: string
  definition: EventDefinition
  codec: EventCodec
  /** Names of the schema in the registry at hand. */
  writer: WriterId
}

/** How messages of one writer's schema are read: as which event and by what. Throws what keeps them from being read. */
export type Writer = (frame: Frame) => { event: LoadedEvent; read: ReadPayload }

/** Turns the schema of a writer that was not met before into a way to read it, or a reason why there is none. */
export async function loadWriter(id: WriterId, registry: RegistryClient, events: LoadedEvent[]): Promise<Writer> {
  const stored = await find(id, registry)
  if (!stored) throw new DecodeError('SchemaNotYetVisible', `the registry does not know the schema ${show(id)} yet`)
  const subjects = await subjectsOf(id, registry)
  const here = events.filter(({ definition }) => definition.format === stored.schemaType)
  const expected = here.filter(({ definition }) => subjects.includes(definition.subject))
  // Without a subject (all of them deleted for good) the name alone decides.
  if (subjects.length > 0 && !events.some(({ definition }) => subjects.includes(definition.subject))) {
    const where = subjects.slice(0, 3).join(', ')
    throw new DecodeError(
      'ForeignSchema',
      `the schema ${show(id)} belongs to ${where}, which is no subject of this topic`,
    )
  }
  const writer = { schema: stored.schema, references: await referencedTexts(stored.references, registry), subjects }
  switch (stored.schemaType) {
    case 'AVRO':
      return await avroWriter(writer, here, expected)
    case 'PROTOBUF':
      return await protobufWriter(writer, here)
    case 'JSON':
      return jsonWriter(expected, id)
  }
}

async function avroWriter(writer: WriterSchema, here: LoadedEvent[], expected: LoadedEvent[]): Promise<Writer> {
  const { AvroCodec } = await import('./avro/codec.js')
  const codecOf = ({ codec }: LoadedEvent) => codec as InstanceType<typeof AvroCodec>
  let schema
  try {
    schema = AvroCodec.parse(writer)
  } catch (error) {
    if (!(error instanceof AvroSchemaError)) throw error
    throw new DecodeError('Unprojectable', `the writer's schema cannot be used: ${error.message}`, { cause: error })
  }
  const event =
    here.find((candidate) => codecOf(candidate).isWrittenBy(schema, expected.includes(candidate))) ??
    expected.find((candidate) => codecOf(candidate).hasSameShortName(schema))
  if (!event) throw unknownEvent('name' in schema ? schema.name : schema.kind)
  const read = codecOf(event).reader(schema)
  return () => ({ event, read })
}

async function protobufWriter(writer: WriterSchema, here: LoadedEvent[]): Promise<Writer> {
  const { messageAt, messageNames } = await import('./protobuf/message-names.js')
  const messages = messageNames(writer.schema)
  return ({ index }) => {
    const path = readIndex(index)
    const name = messageAt(messages, path)
    if (name === undefined) {
      throw new DecodeError('Malformed', `the writer's file has no message [${path.join(', ')}]`)
    }
    const event = here.find(({ definition }) => definition.format === 'PROTOBUF' && definition.message === name)
    if (!event) throw unknownEvent(name)
    return { event, read: (payload) => event.codec.read(payload) }
  }
}

function jsonWriter([event]: (LoadedEvent | undefined)[], id: WriterId): Writer {
  if (!event) throw unknownEvent(`schema ${show(id)}`)
  return () => ({ event, read: (payload) => event.codec.read(payload) })
}

const unknownEvent = (name: string) =>
  new DecodeError('UnknownEvent', `${name} is in the topic and not among the events that are bound`)

/** The writer that the event's own pinned schema is. */
export function pinnedWriter(event: LoadedEvent, events: LoadedEvent[]): Writer {
  const found = { event, read: (payload: Parameters<ReadPayload>[0]) => event.codec.read(payload) }
  if (!event.codec.index) return () => found
  // Several messages of one file share the id: the index tells them apart.
  const sharing = events.filter(({ writer }) => writer.id === event.writer.id && writer.guid === event.writer.guid)
  return ({ index }) => {
    const path = readIndex(index)
    const same = sharing.find(({ codec }) => codec.index?.join() === path.join())
    if (!same) throw unknownEvent(`message [${path.join(', ')}]`)
    return { event: same, read: (payload) => same.codec.read(payload) }
  }
}

export const show = ({ id, guid }: WriterId) => (id === undefined ? String(guid) : `id ${id}`)

async function find({ id, guid }: WriterId, registry: RegistryClient): Promise<StoredSchema | undefined> {
  return id === undefined ? await registry.findByGuid(String(guid)) : await registry.findById(id)
}

async function subjectsOf({ id, guid }: WriterId, registry: RegistryClient): Promise<string[]> {
  const ids = id === undefined ? await registry.idsOfGuid(String(guid)) : [id]
  const versions = await Promise.all(ids.slice(0, 10).map((one) => registry.versionsOfId(one, { deleted: true })))
  return [...new Set(versions.flat().map(({ subject }) => subject))]
}

/** A writer's schema may refer to this many others. */
const maxReferences = 500

/** All texts that can be reached, each after those that it refers to. */
async function referencedTexts(references: SchemaReference[], registry: RegistryClient): Promise<string[]> {
  const texts: string[] = []
  const seen = new Set<string>()
  const visit = async ({ subject, version }: SchemaReference): Promise<void> => {
    const key = `${version} ${subject}`
    if (seen.has(key)) return
    if (seen.size >= maxReferences) {
      throw new DecodeError('Unprojectable', `the writer's schema refers to more than ${maxReferences} others`)
    }
    seen.add(key)
    const found = await registry.version(subject, version)
    for (const inner of found.references) await visit(inner)
    texts.push(found.schema)
  }
  for (const reference of references) await visit(reference)
  return texts
}

/** What a failed attempt to load a schema means for the message. Anything that is no known failure is thrown on. */
export function loadFailure(error: unknown, writer: WriterId): DecodeFailure {
  if (error instanceof DecodeError) return failure(error.code, error.message, writer)
  if (error instanceof RegistryUnavailable || error instanceof RegistryError) {
    return failure('RegistryUnavailable', error.message, writer)
  }
  throw error
}
