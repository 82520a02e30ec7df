import type { EventCodec, ReadPayload, WriterSchema } from '../codec.js'
import type { AvroEvent } from '../topic-definition.js'
import type { ResolvedTypes } from '../types.js'
import type { ByteReader } from '../wire/byte-reader.js'
import { ReadCompiler, type Read } from './read.js'
import type { AvroType } from './schema.js'
import { parseAvro, unqualified } from './schema.js'
import { WriteCompiler, type Write } from './write.js'

/** Avro's binary encoding of one event. */
export class AvroCodec implements EventCodec {
  readonly write: Write
  readonly read: Read
  readonly type: AvroType
  private readonly tagged: ReadonlySet<string>

  /** @throws AvroSchemaError */
  constructor(
    event: AvroEvent,
    private readonly types: ResolvedTypes,
  ) {
    this.tagged = new Set(event.tagged)
    this.type = parseAvro(
      event.schema,
      event.references?.map(({ schema }) => schema),
    )
    this.write = new WriteCompiler(types).compile(this.type)
    this.read = this.reader(this.type)
  }

  /** Whether messages of a writer's schema are this event: by name, or, for a schema without one, as `fallback` says. */
  isWrittenBy(writer: AvroType, fallback: boolean): boolean {
    const { type } = this
    if (!('name' in type) || !('name' in writer)) return fallback
    return type.name === writer.name || type.aliases.includes(writer.name)
  }

  /** A weaker likeness: the name without its namespace. */
  hasSameShortName(writer: AvroType): boolean {
    const { type } = this
    return 'name' in type && 'name' in writer && unqualified(type.name) === unqualified(writer.name)
  }

  /** @throws DecodeError `Unprojectable` */
  reader(writer: AvroType): ReadPayload {
    const read = new ReadCompiler(this.types, this.tagged).compile(writer, this.type)
    return (payload: ByteReader) => read(payload)
  }

  /** @throws AvroSchemaError */
  static parse({ schema, references }: WriterSchema): AvroType {
    return parseAvro(schema, references)
  }
}
