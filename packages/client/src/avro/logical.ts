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

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/

export const isDecimal = (value: unknown) => typeof value === 'string' && decimalPattern.test(value)

/**
 * The unscaled number of a decimal text.
 * @throws InvalidValue for more places than the scale has or more digits than the precision
 */
export function unscaledOf(value: unknown, precision: number, scale: number): bigint {
  const match = typeof value === 'string' ? decimalPattern.exec(value) : null
  if (!match) throw expected(`a decimal number as text, such as "12.50"`, value)
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > scale) {
    throw new InvalidValue(`has ${fraction.length} decimal places, the schema allows ${scale}`)
  }
  const digits = (match[2] + fraction.padEnd(scale, '0')).replace(/^0+(?=.)/, '')
  if (digits !== '0' && digits.length > precision) {
    throw new InvalidValue(`has ${digits.length} digits with ${scale} decimal places, the schema allows ${precision}`)
  }
  return match[1] ? -BigInt(digits) : BigInt(digits)
}

/** The fewest bytes that hold the number, as `BigInteger.toByteArray` of Java gives them. */
export function twosComplementSize(value: bigint): number {
  const bits = (value < 0n ? ~value : value).toString(16)
  const length = Math.ceil(bits.length / 2)
  // The highest bit is the sign's: a full first byte needs another one.
  return bits.length % 2 === 0 && parseInt(bits[0], 16) >= 8 ? length + 1 : length
}

export function writeTwosComplement(out: ByteWriter, value: bigint, size: number): void {
  const hex = BigInt.asUintN(8 * size, value)
    .toString(16)
    .padStart(2 * size, '0')
  for (let at = 0; at < size; at++) out.byte(parseInt(hex.slice(2 * at, 2 * at + 2), 16))
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
