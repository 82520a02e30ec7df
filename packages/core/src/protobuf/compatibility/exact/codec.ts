import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import protobufjs from 'protobufjs'
import type { ComparedSchema } from '../compared-schema.js'
import type { EnumModel, FieldModel, MessageModel } from '../file-set.js'
import { isMany, isMessageType } from './field-relation.js'
import { fieldsOf } from './relation.js'
import { type FieldValue, isMessage, type MessageValue, type Single } from './value.js'

/**
 * The only place that knows the codec which confirms witnesses. protobufjs compiles types to functions, so it gets
 * names that are made here (`f1`, `m0`) and none that somebody registered.
 */
export const codecName = 'protobufjs 8.8.1'

/** protobufjs' form of a message: fields by name. */
type Plain = Record<string, unknown>

/** Encodes and decodes messages of one schema. */
export class Codec {
  private readonly types = new Map<string, protobufjs.Type>()
  private readonly fields = new Map<string, FieldModel[]>()

  constructor(
    private readonly schema: ComparedSchema,
    roots: readonly MessageModel[],
  ) {
    const json = this.describe(roots)
    const root = protobufjs.Root.fromJSON({ nested: json.nested })
    for (const [fullName, name] of json.names) this.types.set(fullName, root.lookupType(name))
  }

  /** @throws Error if the value is not one of the message's */
  encode(message: MessageModel, value: MessageValue): Uint8Array {
    return Uint8Array.from(this.typeOf(message).encode(this.toPlain(message, value)).finish())
  }

  /** @throws Error if the bytes are not a message of this type */
  decode(message: MessageModel, bytes: Uint8Array): MessageValue {
    return this.fromPlain(message, this.typeOf(message).decode(bytes))
  }

  private typeOf(message: MessageModel): protobufjs.Type {
    const type = this.types.get(message.fullName)
    if (!type) throw new Error(`${message.fullName} is not among the codec's messages`)
    return type
  }

  fieldsOf(message: MessageModel): FieldModel[] {
    let fields = this.fields.get(message.fullName)
    if (!fields) this.fields.set(message.fullName, (fields = fieldsOf(message, this.schema)))
    return fields
  }

  /** Everything that the roots reach, in protobufjs' JSON form, under names of our own. */
  private describe(roots: readonly MessageModel[]): {
    nested: Record<string, protobufjs.IType | protobufjs.IEnum>
    names: Map<string, string>
  } {
    const nested: Record<string, protobufjs.IType | protobufjs.IEnum> = {}
    const names = new Map<string, string>()
    const enums = new Map<string, string>()
    const agenda = [...roots]
    const messageName = (message: MessageModel): string => {
      const known = names.get(message.fullName)
      if (known) return known
      const name = `m${names.size}`
      names.set(message.fullName, name)
      agenda.push(message)
      return name
    }
    const enumName = (type: EnumModel): string => {
      const known = enums.get(type.fullName)
      if (known) return known
      const name = `e${enums.size}`
      enums.set(type.fullName, name)
      nested[name] = describeEnum(type)
      return name
    }
    roots.forEach(messageName)
    const done = new Set<MessageModel>()
    for (const message of agenda) {
      if (done.has(message)) continue
      done.add(message)
      nested[messageName(message)] = this.describeMessage(message, messageName, enumName)
    }
    return { nested, names }
  }

  private describeMessage(
    message: MessageModel,
    messageName: (message: MessageModel) => string,
    enumName: (type: EnumModel) => string,
  ): protobufjs.IType & { edition: string } {
    const { messages, enums } = this.schema.set
    const typeName = (field: FieldModel): string => {
      const [type, enumeration] = [messages.get(field.typeName ?? ''), enums.get(field.typeName ?? '')]
      if (type) return messageName(type)
      return enumeration ? enumName(enumeration) : Type[field.type].toLowerCase()
    }
    const own = this.fieldsOf(message)
    // protobufjs 8.8.1 cannot skip unknown groups in a type without fields; 19000 is a number that no schema may use.
    const placeholder = { placeholder: { id: 19_000, type: 'int32' } }
    const fields: Record<string, protobufjs.IField | protobufjs.IMapField> = own.length === 0 ? placeholder : {}
    const oneofs: Record<string, { oneof: string[] }> = {}
    for (const field of own) {
      const entry = field.cardinality === 'map' ? messages.get(field.typeName ?? '') : undefined
      const [key, value] = [1, 2].map((number) => entry?.fields.find((inner) => inner.number === number))
      const name = nameOf(field)
      fields[name] =
        key && value
          ? {
              id: field.number,
              keyType: Type[key.type].toLowerCase(),
              type: typeName(value),
              options: { features: featuresOf(field, message) },
            }
          : {
              id: field.number,
              type: typeName(field),
              ...(isMany(field) && { rule: 'repeated' }),
              options: { features: featuresOf(field, message) },
            }
      if (entry) messageName(entry)
      if (field.oneof !== undefined) {
        const group = `o${message.descriptor.oneofDecl.findIndex((oneof) => oneof.name === field.oneof)}`
        ;(oneofs[group] ??= { oneof: [] }).oneof.push(name)
      }
    }
    return { edition: '2023', fields, oneofs }
  }

  private toPlain(message: MessageModel, value: MessageValue): Plain {
    const plain: Plain = {}
    for (const field of this.fieldsOf(message)) {
      const own = value.get(field.number)
      if (own === undefined) continue
      if (field.cardinality === 'map') plain[nameOf(field)] = this.mapToPlain(field, own)
      else if (Array.isArray(own)) plain[nameOf(field)] = own.map((single) => this.singleToPlain(field, single))
      else plain[nameOf(field)] = this.singleToPlain(field, own)
    }
    return plain
  }

  private mapToPlain(field: FieldModel, entries: FieldValue): Plain {
    const [key, value] = this.entryFields(field)
    const plain: Plain = Object.create(null) as Plain
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (!isMessage(entry)) continue
      const [k, v] = [entry.get(1), entry.get(2)]
      if (k === undefined || v === undefined || Array.isArray(v)) continue
      plain[keyToPlain(key.type, k)] = this.singleToPlain(value, v)
    }
    return plain
  }

  private singleToPlain(field: FieldModel, value: Single): unknown {
    if (isMessage(value)) {
      const message = this.schema.set.messages.get(field.typeName ?? '')
      return message && this.toPlain(message, value)
    }
    if (typeof value !== 'bigint') return value
    if (field.type === Type.BOOL) return value !== 0n
    if (!wide.has(field.type)) return Number(value)
    return {
      low: Number(BigInt.asIntN(32, value)),
      high: Number(BigInt.asIntN(32, value >> 32n)),
      unsigned: unsigned.has(field.type),
    }
  }

  private fromPlain(message: MessageModel, plain: Plain): MessageValue {
    const value = new Map<number, FieldValue>()
    for (const field of this.fieldsOf(message)) {
      const name = nameOf(field)
      if (!Object.hasOwn(plain, name)) continue
      const own = plain[name]
      if (field.cardinality === 'map') value.set(field.number, this.mapFromPlain(field, own as Plain))
      else if (Array.isArray(own))
        value.set(
          field.number,
          own.map((single) => this.singleFromPlain(field, single)),
        )
      else if (own !== undefined && own !== null) value.set(field.number, this.singleFromPlain(field, own))
    }
    return value
  }

  private mapFromPlain(field: FieldModel, plain: Plain): Single[] {
    const [key, value] = this.entryFields(field)
    return Object.keys(plain).map((text) => {
      const k = keyFromPlain(key.type, text)
      return new Map<number, FieldValue>([
        [1, k],
        [2, this.singleFromPlain(value, plain[text])],
      ])
    })
  }

  private singleFromPlain(field: FieldModel, plain: unknown): Single {
    if (isMessageType(field.type)) {
      const message = this.schema.set.messages.get(field.typeName ?? '')
      if (!message) throw new Error(`${field.typeName} is not among the codec's messages`)
      return this.fromPlain(message, plain as Plain)
    }
    if (typeof plain === 'boolean') return plain ? 1n : 0n
    if (plain instanceof Uint8Array) return Uint8Array.from(plain)
    if (typeof plain === 'string') return plain
    if (typeof plain === 'number') return floats.has(field.type) ? plain : BigInt(plain)
    return BigInt(String(plain)) // a Long
  }

  private entryFields(map: FieldModel): [key: FieldModel, value: FieldModel] {
    const fields = this.schema.set.messages.get(map.typeName ?? '')?.fields ?? []
    const [key, value] = [1, 2].map((number) => fields.find((field) => field.number === number))
    if (!key || !value) throw new Error(`${map.fullName} is no map`)
    return [key, value]
  }
}

const nameOf = ({ number }: FieldModel): string => `f${number}`

const wide: ReadonlySet<Type> = new Set([Type.INT64, Type.UINT64, Type.SINT64, Type.FIXED64, Type.SFIXED64])
const unsigned: ReadonlySet<Type> = new Set([Type.UINT64, Type.FIXED64])
const floats: ReadonlySet<Type> = new Set([Type.FLOAT, Type.DOUBLE])

function keyToPlain(type: Type, key: FieldValue): string {
  if (typeof key === 'string') return key
  if (typeof key !== 'bigint') throw new Error('a map key is text or an integer')
  return type === Type.BOOL ? String(key === 1n) : key.toString()
}

function keyFromPlain(type: Type, text: string): Single {
  if (type === Type.STRING) return text
  if (type === Type.BOOL) return text === 'true' ? 1n : 0n
  // protobufjs packs the bits of 64-bit keys into eight characters.
  if (!wide.has(type)) return BigInt(text)
  const long = protobufjs.util.longFromKey(text, unsigned.has(type))
  return typeof long === 'object' ? longBits(long.low, long.high, type) : BigInt(long)
}

function describeEnum(type: EnumModel): protobufjs.IEnum & { edition: string } {
  const values: Record<string, number> = {}
  type.values.forEach(({ number }, index) => (values[`v${index}`] = number))
  const features = { enum_type: type.closed ? 'CLOSED' : 'OPEN' }
  return { edition: '2023', values, options: { allow_alias: true, features } }
}

function featuresOf(field: FieldModel, message: MessageModel): Record<string, string> {
  return {
    field_presence: message.isMapEntry ? 'LEGACY_REQUIRED' : presence[field.cardinality],
    repeated_field_encoding: field.packed ? 'PACKED' : 'EXPANDED',
    message_encoding: field.type === Type.GROUP ? 'DELIMITED' : 'LENGTH_PREFIXED',
    utf8_validation: field.features.utf8Validation,
  }
}

const presence = {
  implicit: 'IMPLICIT',
  explicit: 'EXPLICIT',
  required: 'LEGACY_REQUIRED',
  repeated: 'EXPLICIT',
  map: 'EXPLICIT',
} as const satisfies Record<FieldModel['cardinality'], string>

function longBits(low: number, high: number, type: Type): bigint {
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  return unsigned.has(type) ? bits : BigInt.asIntN(64, bits)
}
