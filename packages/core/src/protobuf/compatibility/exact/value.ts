/**
 * A value of a field as the wire carries it: integers, booleans (0 and 1) and enums as bigint, float and double as
 * number, a map as the list of its entries, each of them a message with key = 1 and value = 2.
 */
export type Single = bigint | number | string | Uint8Array | MessageValue
export type FieldValue = Single | Single[]

/** A message: what is set, by field number. */
export type MessageValue = ReadonlyMap<number, FieldValue>

export const isMessage = (value: FieldValue): value is MessageValue => value instanceof Map

/** For messages to people: short, and readable for numbers and text. */
export function show(value: FieldValue | undefined): string {
  if (value === undefined) return 'absent'
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  if (isMessage(value)) return `{${[...value].map(([number, inner]) => `${number}: ${show(inner)}`).join(', ')}}`
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Uint8Array)
    return `bytes ${[...value].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
  return String(value)
}
