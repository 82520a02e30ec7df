import { RegistryError } from './errors.js'

/**
 * Readers of request bodies: each turns a JSON value of unknown shape into a typed one, or refuses with 400.
 * They are as lenient as the protocol: unknown members are ignored, numbers and numeric text replace each other,
 * null is as good as absent.
 */
export type Decoder<T> = (value: unknown, path: string) => T | undefined

/** The members of an object, each with its decoder. */
type Members<T> = { [K in keyof T]-?: Decoder<NonNullable<T[K]>> }

const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 }

export const text: Decoder<string> = (value, path) => {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw wrong(path, 'a text', value)
}

export const integer: Decoder<number> = (value, path) => {
  if (value === null || value === undefined) return undefined
  const trimmed = typeof value === 'string' ? value.trim() : value
  if (trimmed === '') return undefined
  const number = typeof trimmed === 'string' && /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : trimmed
  if (typeof number !== 'number') throw wrong(path, 'a whole number', value)
  const whole = Math.trunc(number)
  if (whole < int32.least || whole > int32.most) throw wrong(path, 'a whole number of 32 bits', value)
  return whole
}

export const toggle: Decoder<boolean> = (value, path) => {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isInteger(value)) return value !== 0
  if (typeof value === 'string') {
    const trimmed = value.trim()
    if (trimmed === '') return undefined
    if (['true', 'True', 'TRUE'].includes(trimmed)) return true
    if (['false', 'False', 'FALSE'].includes(trimmed)) return false
  }
  throw wrong(path, 'true or false', value)
}

/** One of the names, in this case; also its place in the list, counted from 0. */
export const oneOf =
  <T extends string>(names: readonly T[]): Decoder<T> =>
  (value, path) => {
    if (value === null || value === undefined) return undefined
    const trimmed = typeof value === 'string' ? value.trim() : value
    const name = names.find((one) => one === trimmed)
    if (name !== undefined) return name
    const place = typeof trimmed === 'string' && /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed
    const named = typeof place === 'number' ? names[place] : undefined
    if (named === undefined) throw wrong(path, `one of ${names.join(', ')}`, value)
    return named
  }

/** A list; `onNull` says what to do about null among its elements, without it they are refused. */
export const list =
  <T>(element: Decoder<T>, onNull?: (path: string) => RegistryError): Decoder<T[]> =>
  (value, path) => {
    if (value === null || value === undefined) return undefined
    if (!Array.isArray(value)) throw wrong(path, 'a list', value)
    return value.map((one: unknown, index) => present(element, one, `${path}[${index}]`, onNull))
  }

/** An object with any keys. A null value is refused, with `onNull` if given. */
export const map =
  <T>(element: Decoder<T>, onNull?: (path: string) => RegistryError): Decoder<Record<string, T>> =>
  (value, path) => {
    if (value === null || value === undefined) return undefined
    const entries = Object.entries(plainObject(value, path))
    return Object.fromEntries(entries.map(([key, one]) => [key, present(element, one, `${path}.${key}`, onNull)]))
  }

/** An object with these members; absent ones stay absent. */
export const object =
  <T extends object>(members: Members<T>): Decoder<T> =>
  (value, path) => {
    if (value === null || value === undefined) return undefined
    const source = plainObject(value, path)
    const result: Record<string, unknown> = {}
    for (const [name, decode] of Object.entries<Decoder<unknown>>(members)) {
      if (!Object.hasOwn(source, name)) continue
      const decoded = decode(source[name], path ? `${path}.${name}` : name)
      if (decoded !== undefined) result[name] = decoded
    }
    return result as T
  }

/** The body of a request. @throws RegistryError 422 if there is none, 400 if it is of another shape. */
export function body<T>(decode: Decoder<T>, value: unknown): T {
  const decoded = decode(value, '')
  if (decoded === undefined) throw new RegistryError('missingBody')
  return decoded
}

function present<T>(decode: Decoder<T>, value: unknown, path: string, onNull?: (path: string) => RegistryError): T {
  const decoded = decode(value, path)
  if (decoded === undefined) throw onNull?.(path) ?? wrong(path, 'a value', value)
  return decoded
}

function plainObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'an object', value)
  return value as Record<string, unknown>
}

function wrong(path: string, expected: string, value: unknown): RegistryError {
  return new RegistryError('badRequest', {
    detail: `${path || 'the body'} should be ${expected}, not ${described(value)}`,
  })
}

function described(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return value === null ? 'null' : 'an object'
  return JSON.stringify(value).slice(0, 80)
}
