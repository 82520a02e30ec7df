import { DecodeError } from '../decoded.js'
import { expected, InvalidValue } from '../encode-error.js'
import type { ByteReader } from '../wire/byte-reader.js'
import type { ByteWriter } from '../wire/byte-writer.js'
import type { LogicalType } from './schema.js'

/** `1234n` with scale 2 as `12.34`. */
export function decimalText(unscaled: bigint | number, scale: number): string {
  const negative = unscaled < 0
  const digits = (negative ? -unscaled : unscaled).toString()
  if (scale === 0) return negative ? `-${digits}` : digits
  const padded = digits.length > scale ? digits : digits.padStart(scale + 1, '0')
  const point = padded.length - scale
  return `${negative ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)}`
}

export type DecimalType = Extract<LogicalType, { name: 'decimal' }>

/** Reads a big-endian two's complement number; up to 6 bytes without a bigint. */
export function readDecimal(input: ByteReader, length: number, { precision, scale }: DecimalType): string {
  if (length <= 6) return decimalText(input.intBigEndian(length), scale)
  // Turning bytes into digits costs more than linear time, so a sender does not choose how many.
  if (length > 16 + precision) {
    throw new DecodeError('OutOfRange', `a decimal of ${length} bytes, the schema allows ${precision} digits`)
  }
  const bytes = input.bytes(length)
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return decimalText(BigInt.asIntN(8 * length, value), scale)
}

const decimalPattern = /^-?\d+(?:\.\d+)?$/

export const isDecimal = (value: unknown) => typeof value === 'string' && decimalPattern.test(value)

/** Decimals of this many digits are safe integers when unscaled. */
const safeDigits = 15

/**
 * Writes a decimal text as two's complement: of `size` bytes for a fixed, else in the fewest that hold it (as
 * `BigInteger.toByteArray` of Java gives them), with their number before them.
 * @throws InvalidValue for more places than the scale has or more digits than the precision
 */
export function writeDecimal(out: ByteWriter, value: unknown, { precision, scale }: DecimalType, size?: number): void {
  const digits = unscaledDigits(value, precision, scale)
  if (digits.length <= safeDigits) {
    const unscaled = Number(digits)
    const fewest = size ?? sizeOfInt(unscaled)
    if (fewest <= 6) {
      if (size === undefined) out.byte(fewest << 1)
      out.intBigEndian(unscaled, fewest)
      return
    }
  }
  const unscaled = BigInt(digits)
  const length = size ?? sizeOfBigInt(unscaled)
  if (size === undefined) out.zigzag32(length)
  const hex = BigInt.asUintN(8 * length, unscaled)
    .toString(16)
    .padStart(2 * length, '0')
  out.bytes(Buffer.from(hex, 'hex'))
}

/** The digits of the unscaled number, with its sign. */
function unscaledDigits(value: unknown, precision: number, scale: number): string {
  if (typeof value !== 'string' || !decimalPattern.test(value)) {
    throw expected('a decimal number as text, such as "12.50"', value)
  }
  const point = value.indexOf('.')
  let places = point < 0 ? 0 : value.length - point - 1
  let text = value
  while (places > scale && text.endsWith('0')) {
    text = text.slice(0, -1)
    places--
  }
  if (places > scale) throw new InvalidValue(`has ${places} decimal places, the schema allows ${scale}`)
  const digits = (point < 0 ? text : text.slice(0, point) + text.slice(point + 1)) + '0'.repeat(scale - places)
  const count = digits.length - (digits.startsWith('-') ? 1 : 0)
  if (count > precision && digits.replace(/^-?0*/, '').length > precision) {
    const most = digits.replace(/^-?0*/, '').length
    throw new InvalidValue(`has ${most} digits with ${scale} decimal places, the schema allows ${precision}`)
  }
  return digits
}

function sizeOfInt(value: number): number {
  let size = 1
  for (let limit = 0x80; value >= limit || value < -limit; limit *= 0x100) size++
  return size
}

function sizeOfBigInt(value: bigint): number {
  const hex = (value < 0n ? ~value : value).toString(16)
  const size = Math.ceil(hex.length / 2)
  // The highest bit is the sign's: a full first byte needs another one.
  return hex.length % 2 === 0 && parseInt(hex[0], 16) >= 8 ? size + 1 : size
}

const millisecondsPerDay = 86_400_000
/** Most days from 1970 that a `Date` can tell. */
const maxDay = 100_000_000

export function dayText(day: number): string {
  if (Math.abs(day) > maxDay) throw new DecodeError('OutOfRange', `the day ${day} is beyond the calendar of JavaScript`)
  const text = new Date(day * millisecondsPerDay).toISOString()
  return text.slice(0, text.indexOf('T'))
}

const dayPattern = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d$/

export const isDay = (value: unknown): value is string => typeof value === 'string' && dayPattern.test(value)

export function dayOf(value: unknown): number {
  const time = isDay(value) ? Date.parse(value) : NaN
  // `2026-02-30` is read as a day of March by some engines.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, -14) !== value) {
    throw expected('a day such as "2026-11-22"', value)
  }
  return time / millisecondsPerDay
}

export function dateOf(milliseconds: number): Date {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) {
    throw new DecodeError('OutOfRange', 'a timestamp is beyond the calendar of JavaScript')
  }
  return date
}
