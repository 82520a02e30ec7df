import protobufjs from 'protobufjs/light.js'
import { DecodeError } from '../decoded.js'
import { expected, InvalidValue } from '../encode-error.js'
import type { ResolvedTypes } from '../types.js'
import { wireName, wireTypes } from './root.js'
import { enumScalar, scalarTable, type Scalar } from './scalars.js'
import type { FieldRow, ProtobufTable } from './table.js'

type Message = Record<string, unknown>

interface Field extends FieldRow {
  wireName: string
  /** How a single value of the field is converted; for a message the conversion of its fields. */
  item: Scalar
  isUnsignedLong: boolean
  keyItem?: Scalar
}

interface MessageShape {
  name: string
  fields: Field[]
  /** The cases of each oneof. */
  oneofs: Map<string, Set<unknown>>
  /** An empty message on both sides. What is converted is a copy of it, so that all messages have one shape. */
  empty: Message
  emptyWire: Message
}

/**
 * Reads and writes one message type. The bytes are protobufjs's; here values are converted: names of enums, bigint,
 * `{ case, value }` of oneofs, zeros of absent fields. Fields that the table does not have are passed over, so messages
 * of older and newer versions are read without their schema.
 */
export class MessageCodec {
  private readonly type: protobufjs.Type
  private readonly message: Scalar

  /** @throws TypeError for a table that does not fit together */
  constructor(table: ProtobufTable, name: string, types: Pick<ResolvedTypes, 'long'>) {
    const type = wireTypes(table).get(name)
    if (!type) throw new TypeError(`the table has no message ${name}`)
    this.type = type
    this.message = new Converters(table, types).message(name)
  }

  /** @throws InvalidValue */
  encode(value: unknown): Uint8Array {
    return this.type.encode(this.message.toWire(value) as object).finish()
  }

  /** @throws DecodeError */
  decode(bytes: Uint8Array): unknown {
    let decoded: unknown
    try {
      decoded = this.type.decode(bytes)
    } catch (error) {
      throw new DecodeError('Malformed', (error as Error).message, { cause: error })
    }
    return this.message.fromWire(decoded)
  }
}

class Converters {
  private readonly scalars: ReturnType<typeof scalarTable>
  private readonly messages = new Map<string, Scalar>()

  constructor(
    private readonly table: ProtobufTable,
    types: Pick<ResolvedTypes, 'long'>,
  ) {
    this.scalars = scalarTable(types)
  }

  message(name: string): Scalar {
    const known = this.messages.get(name)
    if (known) return known
    const shape: MessageShape = { name, fields: [], oneofs: new Map(), empty: {}, emptyWire: {} }
    const converter: Scalar = {
      zero: undefined,
      toWire: (value) => toWire(value, shape),
      fromWire: (value) => fromWire(value as Message, shape),
    }
    this.messages.set(name, converter)
    for (const row of this.table.messages[name].fields) {
      const field = this.field(row)
      shape.fields.push(field)
      shape.emptyWire[field.wireName] = undefined
      shape.empty[row.oneof ?? row.key] = row.label === 'implicit' ? field.item.zero : undefined
      if (row.oneof) shape.oneofs.set(row.oneof, (shape.oneofs.get(row.oneof) ?? new Set()).add(row.key))
    }
    return converter
  }

  private field(row: FieldRow): Field {
    return {
      ...row,
      wireName: wireName(row),
      item: this.item(row),
      isUnsignedLong: row.mapKey === 'uint64' || row.mapKey === 'fixed64',
      keyItem: row.mapKey && this.scalars[row.mapKey],
    }
  }

  private item({ type, of = '' }: FieldRow): Scalar {
    if (type === 'message' || type === 'group') return this.message(of)
    return type === 'enum' ? enumScalar(this.table, of) : this.scalars[type]
  }
}

function toWire(value: unknown, { name, fields, oneofs, emptyWire }: MessageShape): Message {
  if (typeof value !== 'object' || value === null) throw expected(`an object (${name})`, value)
  const message = value as Message
  for (const [oneof, cases] of oneofs) checkCase(message, oneof, cases)
  const wire = { ...emptyWire }
  for (const field of fields) {
    const item = field.oneof ? caseOf(message, field.oneof, field.key) : own(message, field.key)
    if (item === undefined && field.label !== 'required') continue
    try {
      wire[field.wireName] = toField(field, item)
    } catch (error) {
      throw error instanceof InvalidValue ? error.at(field.oneof ?? field.key) : error
    }
  }
  return wire
}

function toField(field: Field, value: unknown): unknown {
  const { item, label } = field
  if (value === undefined) throw new InvalidValue('is required')
  switch (label) {
    case 'implicit':
      return isZero(value, item.zero) ? undefined : item.toWire(value)
    case 'explicit':
    case 'required':
      return item.toWire(value)
    case 'repeated':
    case 'packed':
      if (!Array.isArray(value)) throw expected('an array', value)
      return toList(value, item)
    case 'map':
      return toMap(field, value)
  }
}

function toList(values: unknown[], item: Scalar): unknown[] {
  const items: unknown[] = []
  for (let at = 0; at < values.length; at++) {
    try {
      items.push(item.toWire(values[at]))
    } catch (error) {
      throw error instanceof InvalidValue ? error.at(at) : error
    }
  }
  return items
}

function toMap({ item, mapKey, keyItem }: Field, value: unknown): Message {
  if (typeof value !== 'object' || value === null) throw expected('an object with one property for each key', value)
  const map: Message = {}
  for (const [key, one] of Object.entries(value)) {
    within(key, () => {
      keyItem?.toWire(keyValue(key, mapKey, typeof keyItem.zero))
      set(map, key, item.toWire(one))
    })
  }
  return map
}

/** A property's name as a value of the map's key type, to be checked. */
function keyValue(key: string, type: string | undefined, jsType: string): unknown {
  if (type === 'bool') return key === 'true' ? true : key === 'false' ? false : key
  if (type === 'string') return key
  if (!/^-?\d{1,20}$/.test(key)) return key
  return jsType === 'bigint' ? BigInt(key) : Number(key)
}

function fromWire(wire: Message, { name, fields, empty }: MessageShape): Message {
  const message = { ...empty }
  for (const field of fields) {
    const { key, label, oneof, wireName } = field
    // protobufjs has defaults in the prototype: right for what is never absent, not for what may be.
    const isThere = label === 'implicit' || Object.hasOwn(wire, wireName)
    const value = isThere ? fromField(field, wire[wireName]) : undefined
    if (value === undefined) {
      if (message[oneof ?? key] === undefined) message[oneof ?? key] = absent(field, name)
    } else message[oneof ?? key] = oneof === undefined ? value : { case: key, value }
  }
  return message
}

function absent({ key, label }: Field, name: string): unknown {
  switch (label) {
    case 'repeated':
    case 'packed':
      return []
    case 'map':
      return {}
    case 'required':
      throw new DecodeError('Malformed', `${name}.${key} is required and missing`)
    default:
      return undefined
  }
}

function fromField({ label, item, mapKey, isUnsignedLong }: Field, value: unknown): unknown {
  if (label === 'repeated' || label === 'packed') {
    const items: unknown[] = []
    for (const one of value as unknown[]) {
      const converted = item.fromWire(one)
      if (converted !== undefined) items.push(converted)
    }
    return items
  }
  if (label !== 'map') return item.fromWire(value)
  const map: Message = {}
  const isLong = mapKey?.endsWith('64')
  for (const [key, one] of Object.entries(value as Message)) {
    const converted = item.fromWire(one)
    // protobufjs has 64-bit keys as eight characters that hold the bits.
    const name = isLong ? longKey(key, isUnsignedLong) : key
    if (converted !== undefined) set(map, name, converted)
  }
  return map
}

function longKey(hash: string, isUnsigned: boolean): string {
  const { low, high } = protobufjs.util.longFromHash(hash, isUnsigned) as { low: number; high: number }
  const bits = (BigInt(high) << 32n) | BigInt(low >>> 0)
  return String(isUnsigned ? BigInt.asUintN(64, bits) : bits)
}

/** An assigned `__proto__` would change the prototype. */
function set(map: Message, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true })
  else map[key] = value
}

function within<T>(step: string | number, convert: () => T): T {
  try {
    return convert()
  } catch (error) {
    throw error instanceof InvalidValue ? error.at(step) : error
  }
}

function checkCase(message: Message, oneof: string, cases: ReadonlySet<unknown>): void {
  const chosen = own(message, oneof)
  if (chosen === undefined) return
  const { case: name, value } = Object(chosen) as { case?: unknown; value?: unknown }
  if (!cases.has(name) || value === undefined) {
    throw expected(`{ case, value } with one of the cases ${[...cases].join(', ')}, or undefined`, chosen).at(oneof)
  }
}

function caseOf(message: Message, oneof: string, key: string): unknown {
  const chosen = own(message, oneof) as { case: unknown; value: unknown } | undefined
  return chosen?.case === key ? chosen.value : undefined
}

/** Names such as `constructor` are inherited by every object; a field of that name has to be the message's own. */
const own = (message: Message, key: string): unknown =>
  key in Object.prototype && !Object.hasOwn(message, key) ? undefined : message[key]

function isZero(value: unknown, zero: unknown): boolean {
  if (zero instanceof Uint8Array) return value instanceof Uint8Array && value.length === 0
  return Object.is(value, zero)
}
