import type { EnumModel, FieldModel, MessageModel } from '../file-set.js'
import type { Codec } from './codec.js'
import type { ComparedSchema } from '../compared-schema.js'
import { bytesEqual, bytesOf, defaultValue, sameDefault } from './defaults.js'
import { isMessageType, readAs, writtenAs } from './field-relation.js'
import { sameEnumNumber, sameField } from './identity.js'
import { type FieldValue, isMessage, type MessageValue, show, type Single } from './value.js'

/** One side of the comparison of two values: the schema and what encodes and decodes with it. */
export interface Side {
  schema: ComparedSchema
  codec: Codec
}

/**
 * Whether a message that was read is the one that was written, field by field of those that both sides declare. This
 * judges values, knows nothing of how types relate, and so is a second opinion on the engine's verdict.
 *
 * @returns the first difference in words; `undefined` if there is none
 */
export function readBack(
  written: MessageValue,
  read: MessageValue,
  messages: { writer: MessageModel; reader: MessageModel },
  sides: { writer: Side; reader: Side },
): string | undefined {
  const writerFields = sides.writer.codec.fieldsOf(messages.writer)
  const readerFields = sides.reader.codec.fieldsOf(messages.reader)
  for (const was of writerFields) {
    const value = written.get(was.number)
    const is = readerFields.find(({ number }) => number === was.number)
    if (!is) {
      const moved = readerFields.find(({ name }) => name === was.name)
      const retired = messages.reader.descriptor.reservedRange.some(
        ({ start, end }) => start <= was.number && was.number < end,
      )
      if (moved && !retired && value !== undefined)
        return `${was.name} was ${show(value)} and is not found under ${moved.number}`
      continue
    }
    if (!sameField(was, is, writerFields, messages.reader, readerFields)) {
      if (value !== undefined) return `${was.name} was ${show(value)} and is read as ${is.name}`
      continue
    }
    const difference = compareFields(was, value, is, read.get(is.number), sides)
    if (difference) return difference
  }
  return undefined
}

function compareFields(
  was: FieldModel,
  written: FieldValue | undefined,
  is: FieldModel,
  read: FieldValue | undefined,
  sides: { writer: Side; reader: Side },
): string | undefined {
  const differs = `${was.fullName} was ${show(written)} and is read as ${show(read)}`
  const equal = (a: Single, b: Single): boolean => sameSingle(was, a, is, b, sides)
  const listOf = (value: FieldValue | undefined): Single[] =>
    value === undefined ? [] : Array.isArray(value) ? value : [value]
  const many = ({ cardinality }: FieldModel): boolean => cardinality === 'repeated' || cardinality === 'map'

  if (many(was) || many(is)) {
    const [a, b] = [listOf(written), listOf(read)]
    if (!many(was) && b.length === 0 && isUnwritten(was, written)) return undefined
    if (a.length !== b.length) return differs
    const inOrder = was.cardinality !== 'map' && is.cardinality !== 'map'
    const same = inOrder
      ? a.every((item, index) => b[index] !== undefined && equal(item, b[index]))
      : a.every((item) => b.some((other) => equal(item, other)))
    return same ? undefined : differs
  }
  if (written !== undefined && read !== undefined && !Array.isArray(written) && !Array.isArray(read)) {
    if (!equal(written, read)) return differs
    const presenceLost = writtenAs(was) === 'explicit' && readAs(is) === 'implicit' && isZero(read)
    return presenceLost ? `${was.fullName} was present and cannot be told from absent` : undefined
  }
  if (written !== undefined) {
    // Zero is not written where there is no presence, so the reader's default has to be zero too.
    const untracked = writtenAs(was) !== 'explicit' && isZero(written) && !isMessage(written) && !Array.isArray(written)
    return untracked && sameDefault(written, defaultValue(is, sides.reader.schema.set)) ? undefined : differs
  }
  const absent = defaultValue(was, sides.writer.schema.set)
  if (read !== undefined) {
    const filledIn = readAs(is) === 'implicit' && !isMessage(read) && !Array.isArray(read)
    return filledIn && sameDefault(absent, read) ? undefined : differs
  }
  const same = isMessageType(is.type) || sameDefault(absent, defaultValue(is, sides.reader.schema.set))
  return same ? undefined : `${was.fullName} is absent, which means something else to the reader`
}

const isUnwritten = (field: FieldModel, value: FieldValue | undefined): boolean =>
  value === undefined || (writtenAs(field) === 'implicit' && isZero(value))

function isZero(value: FieldValue): boolean {
  if (Array.isArray(value)) return false
  if (typeof value === 'bigint') return value === 0n
  if (typeof value === 'number') return Object.is(value, 0)
  return isMessage(value) ? false : value.length === 0
}

function sameSingle(
  was: FieldModel,
  a: Single,
  is: FieldModel,
  b: Single,
  sides: { writer: Side; reader: Side },
): boolean {
  if (isMessage(a)) return sameMessage(was, a, is, b, sides)
  if (isMessage(b)) return false
  if (typeof a === 'bigint' && typeof b === 'bigint') return a === b && sameMeaning(was, is, a, sides)
  if (typeof a === 'bigint' || typeof b === 'bigint') return false
  if (typeof a === 'number' || typeof b === 'number') return Object.is(a, b)
  return bytesEqual(bytesOf(a), bytesOf(b))
}

function sameMessage(
  was: FieldModel,
  a: MessageValue,
  is: FieldModel,
  b: Single,
  sides: { writer: Side; reader: Side },
): boolean {
  const writer = sides.writer.schema.set.messages.get(was.typeName ?? '')
  if (!writer) return false
  if (b instanceof Uint8Array) return bytesEqual(sides.writer.codec.encode(writer, a), b)
  const reader = sides.reader.schema.set.messages.get(is.typeName ?? '')
  return isMessage(b) && reader !== undefined && readBack(a, b, { writer, reader }, sides) === undefined
}

function sameMeaning(was: FieldModel, is: FieldModel, number: bigint, sides: { writer: Side; reader: Side }): boolean {
  const a: EnumModel | undefined = sides.writer.schema.set.enums.get(was.typeName ?? '')
  const b: EnumModel | undefined = sides.reader.schema.set.enums.get(is.typeName ?? '')
  return !a || !b || sameEnumNumber(a, b, Number(number))
}
