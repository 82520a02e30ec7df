import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { EnumModel } from '../file-set.js'

/** The numbers that a varint field can hold: an interval, or (closed enums) a list. */
export type Integers = { min: bigint; max: bigint } | readonly bigint[]

const bits = (signed: boolean, width: bigint): Integers =>
  signed ? { min: -(1n << (width - 1n)), max: (1n << (width - 1n)) - 1n } : { min: 0n, max: (1n << width) - 1n }

const int32 = bits(true, 32n)

const intervals: Partial<Record<Type, Integers>> = {
  [Type.INT32]: int32,
  [Type.SINT32]: int32,
  [Type.INT64]: bits(true, 64n),
  [Type.SINT64]: bits(true, 64n),
  [Type.UINT32]: bits(false, 32n),
  [Type.UINT64]: bits(false, 64n),
  [Type.BOOL]: { min: 0n, max: 1n },
}

/** What a field of the type can hold; `undefined` if it is no varint. */
export function integersOf(type: Type, enumeration: EnumModel | undefined): Integers | undefined {
  if (type !== Type.ENUM) return intervals[type]
  return enumeration?.closed ? [...new Set(enumeration.values.map(({ number }) => BigInt(number)))] : int32
}

export const contains = (integers: Integers, value: bigint): boolean =>
  Array.isArray(integers)
    ? integers.includes(value)
    : (integers as { min: bigint; max: bigint }).min <= value && value <= (integers as { max: bigint }).max

/** A number of `writer` that is not in `reader`, small ones first; `undefined` if there is none. */
export function outside(writer: Integers, reader: Integers): bigint | undefined {
  const numbers = isInterval(writer) ? candidates(writer, reader) : writer
  return numbers.find((value) => contains(writer, value) && !contains(reader, value))
}

/** If any number of the interval is missing in `reader`, one of these is. */
function candidates(writer: { min: bigint; max: bigint }, reader: Integers): bigint[] {
  if (isInterval(reader)) return [5n, -1n, reader.max + 1n, reader.min - 1n, writer.max, writer.min]
  const listed = reader.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return [5n, ...listed.map((value) => value + 1n), writer.min]
}

const isInterval = (integers: Integers): integers is { min: bigint; max: bigint } => !Array.isArray(integers)
