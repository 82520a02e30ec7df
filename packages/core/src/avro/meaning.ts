import type { LogicalType } from './logical-types.js'

const nanosPerDay = 86_400_000_000_000n

/** Nanoseconds in the unit that a temporal logical type counts. */
const units: Record<string, bigint> = { date: nanosPerDay, millis: 1_000_000n, micros: 1_000n, nanos: 1n }

/**
 * What a raw value means under a logical type, as text: two values mean the same only if their texts are equal. The
 * epoch's day is not repeated for times of day.
 */
export function meaningOf(type: LogicalType, raw: number | bigint | string | Uint8Array): string {
  if (type.name === 'decimal') return raw instanceof Uint8Array ? decimalText(raw, type.scale ?? 0) : String(raw)
  const unit = units[type.name.slice(type.name.lastIndexOf('-') + 1)]
  if (unit === undefined || typeof raw === 'string' || raw instanceof Uint8Array) {
    return `${type.name} ${raw instanceof Uint8Array ? `0x${hex(raw)}` : raw}`
  }
  const nanos = BigInt(raw) * unit
  if (type.name === 'date') return dayText(nanos)
  if (type.name.startsWith('time-')) return clockText(nanos)
  return `${dayText(nanos)}T${clockText(nanos)}${type.name.startsWith('local-') ? ' local time' : 'Z'}`
}

function dayText(nanos: bigint): string {
  const days = Number(nanos / nanosPerDay) - (nanos % nanosPerDay < 0n ? 1 : 0)
  const date = new Date(days * 86_400_000)
  return Number.isNaN(date.getTime()) ? `day ${days}` : date.toISOString().slice(0, -14)
}

function clockText(nanos: bigint): string {
  const inDay = ((nanos % nanosPerDay) + nanosPerDay) % nanosPerDay
  const seconds = Number(inDay / 1_000_000_000n)
  const fraction = String(inDay % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return clock.map((part) => String(part).padStart(2, '0')).join(':') + (fraction && `.${fraction}`)
}

function decimalText(bytes: Uint8Array, scale: number): string {
  let unscaled = 0n
  for (const byte of bytes) unscaled = (unscaled << 8n) | BigInt(byte)
  unscaled = BigInt.asIntN(8 * bytes.length, unscaled)
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const point = digits.length - scale
  return (unscaled < 0n ? '-' : '') + digits.slice(0, point) + (scale > 0 ? `.${digits.slice(point)}` : '')
}

export const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
