import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { Cardinality, EnumModel, FieldModel, FileSet, MessageModel } from '../file-set.js'
import { defaultValue, sameDefault } from './defaults.js'
import { sameEnumNumber } from './identity.js'
import { contains, type Integers, integersOf, outside } from './integers.js'
import type { ExactRule } from './rules.js'
import type { Samples } from './samples.js'
import type { FieldValue, MessageValue, Single } from './value.js'
import { show } from './value.js'

/** How one number is misread: the rule, why, and a value of the writer's field that shows it (`undefined`: absence does). */
export interface Misreading {
  rule: ExactRule
  reason: string
  value: FieldValue | undefined
}

/** Two messages that are read as each other because fields of their types are. */
export interface MessagePair {
  writer: MessageModel
  reader: MessageModel
}

export interface FieldRelation {
  misreading?: Misreading
  /** To be compared too, with a way to put a value of the writer's message into the field. */
  inside?: MessagePair & { wrap: (value: MessageValue) => FieldValue }
}

export interface Sides {
  writer: FileSet
  reader: FileSet
  samples: Samples
}

const fine: FieldRelation = {}

/** How the writer's field is read by the reader's field of the same number. */
export function relate(writer: FieldModel, reader: FieldModel, sides: Sides): FieldRelation {
  const sample = sides.samples.single(writer)
  if (sample === undefined) return fine // nothing can ever be written there
  if (isMany(writer) && !isMany(reader)) {
    const two = writer.cardinality === 'map' ? sides.samples.twoEntries(writer) : [sample, sample]
    return two ? misread('ELEMENTS_LOST', 'at most one of several elements is kept', two) : fine
  }
  const relation = relateElements(writer, reader, sides, sample)
  if (relation.misreading) return relation
  if (writer.cardinality === 'repeated' && reader.cardinality === 'map') {
    return { ...relation, ...misread('ENTRIES_LOST', 'entries with equal keys become one', [sample, sample]) }
  }
  if (isMany(reader)) return relation
  return { ...relation, ...relatePresence(writer, reader, sides) }
}

function relateElements(writer: FieldModel, reader: FieldModel, sides: Sides, sample: Single): FieldRelation {
  const inField = (value: Single): FieldValue => (isMany(writer) ? [value] : value)
  const [from, to] = [typeOf(writer), typeOf(reader)]
  const [was, is] = [
    integersOf(writer.type, enumOf(writer, sides.writer)),
    integersOf(reader.type, enumOf(reader, sides.reader)),
  ]
  if (was && is) {
    const found = relateIntegers(writer, reader, was, is, sides)
    return found ? misread(found.rule, found.reason, inField(found.value)) : fine
  }
  if (isMessageType(writer.type) && isMessageType(reader.type)) {
    if (writer.type !== reader.type) {
      return misread(
        'MESSAGE_ENCODING_CHANGED',
        `${encoding(writer)} messages are skipped where ${encoding(reader)} ones are expected`,
        inField(sample),
      )
    }
    const a = sides.writer.messages.get(writer.typeName ?? '')
    const b = sides.reader.messages.get(reader.typeName ?? '')
    return a && b ? { inside: { writer: a, reader: b, wrap: inField } } : fine
  }
  if (writer.type === reader.type) return fine
  if (writer.type === Type.BYTES && reader.type === Type.STRING) {
    return misread('TEXT_NOT_UTF8', 'bytes that are not UTF-8 are refused or damaged', inField(sample))
  }
  // The bytes of a text or a message are there as they were written.
  if (reader.type === Type.BYTES && lengthPrefixed.has(writer.type)) return fine
  if (lengthPrefixed.has(writer.type) && lengthPrefixed.has(reader.type)) {
    return misread('BYTES_READ_AS_MESSAGE', `the bytes of ${from} are taken for ${to}`, inField(sample))
  }
  if (fixedWidth.some((group) => group.includes(writer.type) && group.includes(reader.type))) {
    return misread('BITS_REINTERPRETED', `the bits of ${from} are taken for ${to}`, inField(oddBits(writer.type)))
  }
  if (isAlwaysDefault(writer, reader, sample, sides)) return fine
  return misread(
    'WIRE_TYPE_CHANGED',
    `${from} is not encoded as ${to} is, so that its values are not found`,
    inField(sample),
  )
}

/** A required field whose only value is zero (of an enum with one value) means what its absence means to the reader. */
function isAlwaysDefault(writer: FieldModel, reader: FieldModel, sample: Single, { reader: set }: Sides): boolean {
  const silent = sample === 0n && writtenAs(writer) === 'required' && readAs(reader) !== 'required' && !isMany(reader)
  return silent && sameDefault(sample, defaultValue(reader, set))
}

function relateIntegers(
  writer: FieldModel,
  reader: FieldModel,
  was: Integers,
  is: Integers,
  sides: Sides,
): { rule: ExactRule; reason: string; value: bigint } | undefined {
  const [from, to] = [typeOf(writer), typeOf(reader)]
  if (zigzag.has(writer.type) !== zigzag.has(reader.type)) {
    const value = outside(was, [0n])
    const reason = `one of ${from} and ${to} is zigzag-encoded, the other is not`
    return value === undefined ? undefined : { rule: 'ZIGZAG_CHANGED', reason, value }
  }
  const lost = outside(was, is)
  const [a, b] = [enumOf(writer, sides.writer), enumOf(reader, sides.reader)]
  if (lost !== undefined) {
    return b?.closed
      ? { rule: 'ENUM_VALUE_UNKNOWN', reason: `the closed enum ${to} does not list ${lost} and drops it`, value: lost }
      : { rule: 'INTEGER_OUT_OF_RANGE', reason: `${to} cannot hold ${lost}`, value: lost }
  }
  const reused = a && b && a.values.find(({ number }) => !sameEnumNumber(a, b, number))
  if (!reused || !contains(is, BigInt(reused.number))) return undefined
  const now = b.values.find(({ number }) => number === reused.number)?.name ?? 'nothing'
  const reason = `${reused.number} of ${from} is ${reused.name}, of ${to} it is ${now}`
  return { rule: 'ENUM_VALUE_REUSED', reason, value: BigInt(reused.number) }
}

function relatePresence(writer: FieldModel, reader: FieldModel, sides: Sides): FieldRelation {
  const [was, is] = [writtenAs(writer), readAs(reader)]
  if (was === 'required') return fine
  if (is === 'required') return misread('REQUIRED_FIELD_MISSING', 'the reader refuses a message without it', undefined)
  if (isMessageType(reader.type)) {
    // Only the value of a map entry: the reader makes an empty message where there is none.
    return is === 'implicit' ? misread('PRESENCE_LOST', 'absent is read as an empty message', undefined) : fine
  }
  const [before, after] = [defaultValue(writer, sides.writer), defaultValue(reader, sides.reader)]
  if (!sameDefault(before, after)) {
    const reason = `absent means ${show(before)} to the writer and ${show(after)} to the reader`
    return misread('DEFAULT_CHANGED', reason, undefined)
  }
  const zero = was === 'explicit' && is === 'implicit' ? zeroOf(writer, sides) : undefined
  return zero === undefined ? fine : misread('PRESENCE_LOST', 'a value that is set to zero is read as absent', zero)
}

/** A value that the wire carries as zero or nothing, if the field can hold one. */
function zeroOf(field: FieldModel, { writer, samples }: Sides): Single | undefined {
  switch (field.type) {
    case Type.STRING:
      return ''
    case Type.BYTES:
      return new Uint8Array()
    case Type.FLOAT:
    case Type.DOUBLE:
      return 0
    case Type.MESSAGE:
    case Type.GROUP: {
      const least = samples.single(field)
      return least instanceof Map && least.size === 0 ? least : undefined
    }
    default: {
      const integers = integersOf(field.type, enumOf(field, writer))
      return !integers || contains(integers, 0n) ? 0n : undefined
    }
  }
}

const misread = (rule: ExactRule, reason: string, value: FieldValue | undefined): FieldRelation => ({
  misreading: { rule, reason, value },
})

/** A map entry is always written with key and value. */
export const writtenAs = ({ cardinality, parent }: FieldModel): Cardinality =>
  parent?.isMapEntry ? 'required' : cardinality

/** An absent key or value of a map entry is read as zero. */
export const readAs = ({ cardinality, parent }: FieldModel): Cardinality =>
  parent?.isMapEntry ? 'implicit' : cardinality

export const isMany = ({ cardinality }: FieldModel): boolean => cardinality === 'repeated' || cardinality === 'map'
export const isMessageType = (type: Type): boolean => type === Type.MESSAGE || type === Type.GROUP

const zigzag: ReadonlySet<Type> = new Set([Type.SINT32, Type.SINT64])
const lengthPrefixed: ReadonlySet<Type> = new Set([Type.STRING, Type.BYTES, Type.MESSAGE])
const fixedWidth: readonly (readonly Type[])[] = [
  [Type.FIXED32, Type.SFIXED32, Type.FLOAT],
  [Type.FIXED64, Type.SFIXED64, Type.DOUBLE],
]

/** A value that no other type of the same width reads as equal. */
function oddBits(type: Type): Single {
  if (type === Type.FLOAT || type === Type.DOUBLE) return 1.5
  if (type === Type.SFIXED32 || type === Type.SFIXED64) return -1n
  return type === Type.FIXED32 ? 1n << 31n : 1n << 63n
}

const typeOf = (field: FieldModel): string => field.typeName ?? Type[field.type].toLowerCase()
const encoding = ({ type }: FieldModel): string => (type === Type.GROUP ? 'delimited' : 'length-prefixed')
const enumOf = ({ typeName }: FieldModel, set: FileSet): EnumModel | undefined => set.enums.get(typeName ?? '')
