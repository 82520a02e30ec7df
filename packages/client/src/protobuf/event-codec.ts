import type { EventCodec } from '../codec.js'
import type { ProtobufEvent } from '../topic-definition.js'
import type { ResolvedTypes } from '../types.js'
import type { ByteReader } from '../wire/byte-reader.js'
import type { ByteWriter } from '../wire/byte-writer.js'
import { MessageCodec } from './codec.js'
import type { ProtobufTable } from './table.js'

/** Protobuf's binary encoding of one event. The wire carries field numbers, so every version reads every other. */
export class ProtobufCodec implements EventCodec {
  readonly index: readonly number[]
  private readonly codec: MessageCodec

  /** @throws TypeError */
  constructor(event: ProtobufEvent, types: ResolvedTypes) {
    this.index = event.index
    this.codec = new MessageCodec(JSON.parse(event.table) as ProtobufTable, event.message, types)
  }

  write(value: unknown, out: ByteWriter): void {
    out.bytes(this.codec.encode(value))
  }

  read(payload: ByteReader): unknown {
    return this.codec.decode(payload.rest())
  }
}
