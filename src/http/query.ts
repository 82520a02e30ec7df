import { RegistryError } from './errors.js'

/** Query parameters as they arrive; repeated ones as a list. */
export type Query = Readonly<Record<string, string | string[] | undefined>>

/** The first value of a parameter. */
export function textOf(query: Query, name: string): string | undefined {
  const value = query[name]
  return Array.isArray(value) ? value[0] : value
}

/** All values of a repeatable parameter. */
export function textsOf(query: Query, name: string): string[] {
  const value = query[name]
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

/** True for `true` in any case, else false. */
export const toggleOf = (query: Query, name: string): boolean => textOf(query, name)?.toLowerCase() === 'true'

/** A whole number of 32 bits. A value that is none makes the address one that does not exist. */
export function integerOf(query: Query, name: string): number | undefined {
  const value = textOf(query, name)
  return value === undefined || value === '' ? undefined : readInteger(value, name)
}

/** One of these names. */
export function choicesOf<T extends string>(query: Query, name: string, choices: readonly T[]): T[] {
  return textsOf(query, name)
    .filter((value) => value !== '')
    .map((value) => {
      const choice = choices.find((one) => one === value)
      if (choice === undefined) throw unknownAddress(`${name}=${value}`)
      return choice
    })
}

/** An id in a path. */
export const idOf = (parameter: string): number => readInteger(parameter, 'id')

export interface Page {
  offset: number
  /** At most this many; absent: all. */
  limit?: number
}

/** `limit` counts only within 1..most; otherwise `most` applies. */
export function pageOf(query: Query, most?: number): Page {
  const offset = integerOf(query, 'offset') ?? 0
  const limit = integerOf(query, 'limit') ?? -1
  const counts = limit > 0 && (most === undefined || limit <= most)
  return { offset: Math.max(0, offset), limit: counts ? limit : most }
}

export const cut = <T>(list: readonly T[], { offset, limit }: Page): T[] =>
  list.slice(offset, limit === undefined ? undefined : offset + limit)

function readInteger(value: string, name: string): number {
  const number = /^[+-]?\d+$/.test(value) ? Number(value) : NaN
  if (!(number >= -(2 ** 31) && number < 2 ** 31)) throw unknownAddress(`${name} '${value}'`)
  return number
}

const unknownAddress = (what: string) => new RegistryError('routeNotFound', { method: 'with', path: what })
