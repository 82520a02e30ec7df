import type { JsonNode } from '../../../text/json-document.js'
import { Rational } from './rational.js'

/** A JSON value without loss: numbers as rationals, objects as maps (so that `__proto__` is a key like any other). */
export type ExactValue = null | boolean | string | Rational | ExactArray | ExactObject
export type ExactArray = readonly ExactValue[]
export type ExactObject = ReadonlyMap<string, ExactValue>

/** The types that tell values apart for a schema; `integer` and `fraction` together are JSON's numbers. */
export const typeBit = { null: 1, boolean: 2, integer: 4, fraction: 8, string: 16, array: 32, object: 64 } as const
export const numberBits = typeBit.integer | typeBit.fraction
export const everyType = 127

export function typeOf(value: ExactValue): number {
  if (value === null) return typeBit.null
  if (typeof value === 'boolean') return typeBit.boolean
  if (typeof value === 'string') return typeBit.string
  if (value instanceof Rational) return value.isInteger() ? typeBit.integer : typeBit.fraction
  return isArray(value) ? typeBit.array : typeBit.object
}

export function isArray(value: ExactValue): value is ExactArray {
  return Array.isArray(value)
}

export function isObject(value: ExactValue): value is ExactObject {
  return value instanceof Map
}

export function exactValue(node: JsonNode): ExactValue {
  switch (node.kind) {
    case 'object':
      return new Map([...node.members].map(([key, { value }]) => [key, exactValue(value)]))
    case 'array':
      return node.items.map(exactValue)
    case 'number':
      return Rational.parse(node.lexeme)
    default:
      return node.value
  }
}

const keys = new WeakMap<object, string>()

/** Equal for equal values only, as JSON Schema means equality: 1 = 1.0, the order of members is irrelevant. */
export function keyOf(value: ExactValue): string {
  if (value === null) return 'n'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Rational) return value.key
  let key = keys.get(value)
  if (key === undefined) {
    key = isArray(value)
      ? `[${value.map(keyOf).join()}]`
      : `{${[...value]
          .map(([name, member]) => `${JSON.stringify(name)}:${keyOf(member)}`)
          .sort()
          .join()}}`
    keys.set(value, key)
  }
  return key
}

export function sameValue(a: ExactValue, b: ExactValue): boolean {
  return a === b || keyOf(a) === keyOf(b)
}

/** The value as JSON text, numbers exact. */
export function toText(value: ExactValue): string {
  if (value instanceof Rational) return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isArray(value)) return `[${value.map(toText).join()}]`
  return `{${[...value].map(([name, member]) => `${JSON.stringify(name)}:${toText(member)}`).join()}}`
}

/** The plain value, numbers rounded to doubles. Own properties only, `__proto__` included. */
export function toPlain(value: ExactValue): unknown {
  if (value instanceof Rational) return value.toNumber()
  if (value === null || typeof value !== 'object') return value
  if (isArray(value)) return value.map(toPlain)
  const object = {}
  for (const [name, member] of value) {
    Object.defineProperty(object, name, {
      value: toPlain(member),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return object
}

/** The length of a string as JSON Schema counts it. */
export function codePointLength(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) length++
  return length
}
