import { RegistryError } from '../http/errors.js'

/** Reads the version in a path: a number, or `latest` (also -1). @throws RegistryError 42202 */
export function parseVersion(text: string): number | 'latest' {
  const trimmed = text.trim()
  if (trimmed.toLowerCase() === 'latest') return 'latest'
  const number = /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : NaN
  if (number === -1) return 'latest'
  if (!(number >= 1 && number < 2 ** 31)) throw new RegistryError('invalidVersion', { version: text })
  return number
}

/** How a version that is not there is named in an error. */
export const printVersion = (version: number | 'latest'): number => (version === 'latest' ? -1 : version)
