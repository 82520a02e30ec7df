import { expected, InvalidValue } from '../encode-error.js'
import type { ResolvedTypes } from '../types.js'
import { ByteReader } from '../wire/byte-reader.js'
import { malformed } from '../wire/byte-reader.js'
import type { ByteWriter } from '../wire/byte-writer.js'
import type { Scalar } from './scalars.js'
import { scalarTable, Wire } from './scalars.js'
import type { FieldRow, ProtobufTable } from './table.js'

/** Messages nested deeper are refused, as in Google's own decoders. */
const maxDepth = 100

type Message = Record<string, unknown>

interface Field extends FieldRow {
  /** Of the values; a message or group has none. */
  scalar: Scalar
  tag: number
  wire: Wire
  message?: MessageCodec
  keyScalar?: Scalar
  packable: boolean
}

/**
 * Reads and writes one message type by its table. Fields that the table does not have are passed over, so messages of
 * older and newer versions are read without their schema.
 */
export class MessageCodec {
  private readonly fields: Field[] = []
  private readonly byNumber = new Map<number, Field>()
  private readonly required: Field[] = []
  private readonly lists: Field[] = []
  private readonly maps: Field[] = []
  /** The fields of each oneof. */
  private readonly cases = new Map<string, Set<unknown>>()
  private readonly template: Message = {}

  private constructor(readonly name: string) {}

  /** @throws TypeError for a table that does not fit together */
  static of(table: ProtobufTable, message: string, types: Pick<ResolvedTypes, 'long'>): MessageCodec {
    const scalars = scalarTable(types)
    const codecs = new Map<string, MessageCodec>()
    const codecOf = (name: string): MessageCodec => {
      const known = codecs.get(name)
      if (known) return known
      if (!Object.hasOwn(table.messages, name)) throw new TypeError(`the table has no message ${name}`)
      const codec = new MessageCodec(name)
      codecs.set(name, codec)
      for (const row of table.messages[name].fields) codec.add(resolve(row))
      return codec
    }
    const resolve = (row: FieldRow): Field => {
      const { type } = row
      const isMessage = type === 'message' || type === 'group'
      const scalar = isMessage ? noScalar : type === 'enum' ? enumScalar(table, row.of) : scalars[type]
      const wire =
        row.label === 'map' || row.label === 'packed' ? Wire.Bytes : type === 'group' ? Wire.GroupStart : scalar.wire
      return {
        ...row,
        scalar,
        wire,
        tag: ((row.number << 3) | wire) >>> 0,
        message: isMessage ? codecOf(row.of ?? '') : undefined,
        keyScalar: row.mapKey && scalars[row.mapKey],
        packable:
          (row.label === 'repeated' || row.label === 'packed') && scalar.wire !== Wire.Bytes && type !== 'group',
      }
    }
    return codecOf(message)
  }

  private add(field: Field): void {
    this.fields.push(field)
    this.byNumber.set(field.number, field)
    if (field.label === 'required') this.required.push(field)
    if (field.label === 'repeated' || field.label === 'packed') this.lists.push(field)
    if (field.label === 'map') this.maps.push(field)
    if (field.oneof) this.cases.set(field.oneof, (this.cases.get(field.oneof) ?? new Set()).add(field.key))
    // Absent fields are there as `undefined`, so that all messages of a type have one shape.
    if (field.oneof) this.template[field.oneof] = undefined
    else if (field.label === 'implicit' && field.type !== 'message') this.template[field.key] = field.scalar.zero
    else this.template[field.key] = undefined
  }

  write(value: unknown, out: ByteWriter): void {
    if (typeof value !== 'object' || value === null) throw expected(`an object (${this.name})`, value)
    const message = value as Message
    for (const [oneof, cases] of this.cases) checkCase(message, oneof, cases)
    for (const field of this.fields) {
      const item = field.oneof ? caseOf(message, field.oneof, field.key) : own(message, field.key)
      try {
        this.writeField(field, item, out)
      } catch (error) {
        throw error instanceof InvalidValue ? error.at(field.oneof ?? field.key) : error
      }
    }
  }

  private writeField(field: Field, value: unknown, out: ByteWriter): void {
    if (value === undefined || value === null) {
      if (field.label === 'required') throw new InvalidValue('is required')
      if (value === null) throw expected('a value or undefined', value)
      return
    }
    switch (field.label) {
      case 'implicit':
        if (isZero(value, field.scalar.zero)) return
        return writeItem(field, value, out)
      case 'explicit':
      case 'required':
        return writeItem(field, value, out)
      case 'repeated':
        return each(value, (item) => writeItem(field, item, out))
      case 'packed': {
        if (Array.isArray(value) && value.length === 0) return
        out.varint32(field.tag)
        return out.sized(() => each(value, (item) => field.scalar.write(item, out)))
      }
      case 'map':
        return writeMap(field, value, out)
    }
  }

  /** Reads up to the reader's end, or, for a group, up to its end tag. */
  read(input: ByteReader, group?: number): Message {
    const message = { ...this.template }
    this.merge(message, input, group)
    return message
  }

  private merge(message: Message, input: ByteReader, group?: number): void {
    if (++input.depth > maxDepth) throw malformed(`messages are nested more than ${maxDepth} levels deep`)
    for (const { key } of this.lists) message[key] ??= []
    for (const { key } of this.maps) message[key] ??= {}
    for (;;) {
      if (input.remaining === 0) {
        if (group !== undefined) throw malformed('a group is not closed')
        break
      }
      const tag = input.varint32()
      const number = tag >>> 3
      const wire: Wire = tag & 7
      if (number === 0) throw malformed('a field has the number 0')
      if (wire === Wire.GroupEnd) {
        if (number !== group) throw malformed('a group is closed that is not open')
        break
      }
      const field = this.byNumber.get(number)
      if (!field || !readField(field, wire, message, input)) skip(wire, number, input)
    }
    for (const field of this.required) {
      if (message[field.key] === undefined) throw malformed(`${this.name}.${field.key} is required and missing`)
    }
    input.depth--
  }

  /** Reads a message that is a field: with its length before it, or as a group. */
  readNested(input: ByteReader, wire: Wire, number: number, into?: Message): Message {
    const message = into ?? { ...this.template }
    if (wire === Wire.GroupStart) {
      this.merge(message, input, number)
      return message
    }
    within(input, () => this.merge(message, input))
    return message
  }
}

function readField(field: Field, wire: Wire, message: Message, input: ByteReader): boolean {
  const { label, key, scalar } = field
  if (label === 'map') return wire === Wire.Bytes && readEntry(field, message[key] as Message, input)
  if (field.packable && wire === Wire.Bytes) {
    const items = message[key] as unknown[]
    within(input, () => {
      while (input.remaining > 0) keep(scalar.read(input), (item) => items.push(item))
    })
    return true
  }
  const single = field.label === 'packed' ? scalar.wire : field.wire
  if (wire !== single) return false
  if (label === 'repeated' || label === 'packed') {
    keep(readItem(field, wire, input), (item) => (message[key] as unknown[]).push(item))
  } else if (field.oneof) {
    const { oneof } = field
    const before = message[oneof] as { case: string; value: Message } | undefined
    const into = field.message && before?.case === key ? before.value : undefined
    keep(readItem(field, wire, input, into), (value) => (message[oneof] = { case: key, value }))
  } else {
    // A message that comes twice is merged (Protocol Buffers, "Last One Wins").
    keep(readItem(field, wire, input, message[key] as Message | undefined), (value) => (message[key] = value))
  }
  return true
}

const readItem = (field: Field, wire: Wire, input: ByteReader, into?: Message): unknown =>
  field.message ? field.message.readNested(input, wire, field.number, into) : field.scalar.read(input)

/** A closed enum's unknown number is `undefined`: as if the field were not there. */
function keep(item: unknown, put: (item: unknown) => void): void {
  if (item !== undefined) put(item)
}

function readEntry(field: Field, map: Message, input: ByteReader): boolean {
  const { keyScalar, scalar } = field
  if (!keyScalar) return false
  let key: unknown = keyScalar.zero
  let value: unknown
  let unknown = false
  within(input, () => {
    while (input.remaining > 0) {
      const tag = input.varint32()
      const wire: Wire = tag & 7
      if (tag >>> 3 === 1 && wire === keyScalar.wire) key = keyScalar.read(input)
      else if (tag >>> 3 === 2 && wire === scalar.wire) {
        value = readItem(field, wire, input)
        unknown = value === undefined
      } else skip(wire, tag >>> 3, input)
    }
  })
  if (unknown) return true
  value ??= field.message ? emptyMessage(field.message) : scalar.zero
  const name = String(key)
  // Assigned, this key would change the prototype.
  if (name === '__proto__')
    Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true })
  else map[name] = value
  return true
}

const emptyMessage = (codec: MessageCodec) => codec.read(new ByteReader(new Uint8Array(0)))

function writeMap(field: Field, value: unknown, out: ByteWriter): void {
  const { keyScalar } = field
  if (typeof value !== 'object' || !keyScalar) throw expected('an object with one property for each key', value)
  for (const [key, item] of Object.entries(value as object)) {
    out.varint32(field.tag)
    out.sized(() => {
      try {
        out.varint32((1 << 3) | keyScalar.wire)
        keyScalar.write(keyScalar.ofKey(key), out)
        writeTagged((2 << 3) | field.scalar.wire, field, item, out)
      } catch (error) {
        throw error instanceof InvalidValue ? error.at(key) : error
      }
    })
  }
}

const writeItem = (field: Field, value: unknown, out: ByteWriter) => writeTagged(field.tag, field, value, out)

function writeTagged(tag: number, field: Field, value: unknown, out: ByteWriter): void {
  out.varint32(tag)
  const { message } = field
  if (!message) return field.scalar.write(value, out)
  if (field.type === 'message') return out.sized(() => message.write(value, out))
  message.write(value, out)
  out.varint32(((field.number << 3) | Wire.GroupEnd) >>> 0)
}

function each(value: unknown, write: (item: unknown) => void): void {
  if (!Array.isArray(value)) throw expected('an array', value)
  for (let at = 0; at < value.length; at++) {
    try {
      write(value[at])
    } catch (error) {
      throw error instanceof InvalidValue ? error.at(at) : error
    }
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

/** Reads what has its length before it; all of it has to be used. */
function within(input: ByteReader, read: () => void): void {
  const length = input.varint32()
  if (length > input.remaining) throw malformed('the message ends in the middle of a value')
  const { end } = input
  input.end = input.position + length
  read()
  if (input.remaining !== 0) throw malformed('a value is longer than it says')
  input.end = end
}

function skip(wire: Wire, number: number, input: ByteReader, depth = 0): void {
  switch (wire) {
    case Wire.Varint:
      input.varint32()
      return
    case Wire.Bits64:
      input.advance(8)
      return
    case Wire.Bytes:
      input.advance(input.varint32())
      return
    case Wire.Bits32:
      input.advance(4)
      return
    case Wire.GroupStart:
      if (depth > maxDepth) throw malformed(`groups are nested more than ${maxDepth} levels deep`)
      for (;;) {
        const tag = input.varint32()
        if ((tag & 7) === (Wire.GroupEnd as number)) {
          if (tag >>> 3 !== number) throw malformed('a group is closed that is not open')
          return
        }
        skip(tag & 7, tag >>> 3, input, depth + 1)
      }
    default:
      throw malformed(`the wire type ${wire} does not exist`)
  }
}

/** Enums are their names; a number without a name is itself, if the enum is open. */
function enumScalar(table: ProtobufTable, name = ''): Scalar {
  if (!Object.hasOwn(table.enums, name)) throw new TypeError(`the table has no enum ${name}`)
  const { open, values } = table.enums[name]
  const numbers = new Map(values)
  // Of several names for a number the first is read.
  const names = new Map([...values].reverse().map(([symbol, number]) => [number, symbol]))
  return {
    wire: Wire.Varint,
    zero: names.get(0) ?? values[0]?.[0],
    write: (value, out) => {
      const number = typeof value === 'string' ? numbers.get(value) : open ? value : undefined
      if (number !== (number as number) >> 0) throw expected(`a value of ${name}`, value)
      if (number < 0) out.varint64(BigInt.asUintN(64, BigInt(number)))
      else out.varint32(number)
    },
    read: (input) => {
      const number = input.varint32() | 0
      return names.get(number) ?? (open ? number : undefined)
    },
    ofKey: (key) => key,
  }
}

const noScalar: Scalar = {
  wire: Wire.Bytes,
  zero: undefined,
  write: () => undefined,
  read: () => undefined,
  ofKey: (key) => key,
}
