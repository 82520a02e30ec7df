import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { MessageSymbol } from './symbols.js'

/** An option message while it is put together: the fields that are set, in the order in which they were first set. */
export class OptionMessage {
  readonly fields = new Map<number, OptionField>()

  constructor(readonly type: MessageSymbol) {}

  /** Fields by ascending number, as messages that were built from literals are written. */
  sort(): this {
    const sorted = [...this.fields].sort(([a], [b]) => a - b)
    this.fields.clear()
    for (const [number, field] of sorted) this.fields.set(number, field)
    return this
  }

  /** The entry of a field, made if there is none. */
  field(descriptor: FieldDescriptorProto, layout: FieldLayout): OptionField {
    let entry = this.fields.get(descriptor.number)
    if (!entry) this.fields.set(descriptor.number, (entry = { descriptor, layout, values: [] }))
    return entry
  }
}

export interface OptionField {
  descriptor: FieldDescriptorProto
  layout: FieldLayout
  values: OptionScalar[]
}

/** How a field is written to the wire, which its features decide. */
export interface FieldLayout {
  packed: boolean
  delimited: boolean
}

export type OptionScalar = bigint | number | boolean | string | Uint8Array | OptionMessage

/** The wire bytes of an option message. */
export function encodeOptions(message: OptionMessage): Uint8Array {
  return write(new BinaryWriter(), message).finish()
}

function write(writer: BinaryWriter, message: OptionMessage): BinaryWriter {
  for (const { descriptor, layout, values } of message.fields.values()) {
    const { number, type, label } = descriptor
    if (label === Label.REPEATED && layout.packed) {
      writer.tag(number, WireType.LengthDelimited).fork()
      for (const value of values) writeScalar(writer, type, value)
      writer.join()
      continue
    }
    for (const value of values) {
      if (!(value instanceof OptionMessage)) {
        writeScalar(writer.tag(number, wireTypes.get(type) ?? WireType.Varint), type, value)
      } else if (layout.delimited) {
        write(writer.tag(number, WireType.StartGroup), value).tag(number, WireType.EndGroup)
      } else {
        write(writer.tag(number, WireType.LengthDelimited).fork(), value).join()
      }
    }
  }
  return writer
}

function writeScalar(writer: BinaryWriter, type: Type, value: OptionScalar): void {
  switch (type) {
    case Type.DOUBLE:
      writer.double(Number(value))
      break
    case Type.FLOAT:
      writer.raw(floatBytes(Number(value)))
      break
    case Type.INT64:
      writer.int64(value as bigint)
      break
    case Type.UINT64:
      writer.uint64(value as bigint)
      break
    case Type.INT32:
    case Type.ENUM:
      writer.int32(Number(value))
      break
    case Type.FIXED64:
      writer.fixed64(value as bigint)
      break
    case Type.FIXED32:
      writer.fixed32(Number(value))
      break
    case Type.BOOL:
      writer.bool(value as boolean)
      break
    case Type.STRING:
      writer.string(value as string)
      break
    case Type.BYTES:
      writer.bytes(value as Uint8Array)
      break
    case Type.UINT32:
      writer.uint32(Number(value))
      break
    case Type.SFIXED32:
      writer.sfixed32(Number(value))
      break
    case Type.SFIXED64:
      writer.sfixed64(value as bigint)
      break
    case Type.SINT32:
      writer.sint32(Number(value))
      break
    case Type.SINT64:
      writer.sint64(value as bigint)
      break
    default:
      throw new TypeError(`no scalar type: ${type}`)
  }
}

/** Values beyond the range of a float are infinite, as in protoc. */
function floatBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return bytes
}

const wireTypes = new Map<Type, WireType>([
  [Type.DOUBLE, WireType.Bit64],
  [Type.FIXED64, WireType.Bit64],
  [Type.SFIXED64, WireType.Bit64],
  [Type.FLOAT, WireType.Bit32],
  [Type.FIXED32, WireType.Bit32],
  [Type.SFIXED32, WireType.Bit32],
  [Type.STRING, WireType.LengthDelimited],
  [Type.BYTES, WireType.LengthDelimited],
])
