import { fullFormats } from 'ajv-formats/dist/formats.js'
import type { Arena } from '../logic/arena.js'
import type { Id } from '../logic/node.js'
import { Undecided } from '../undecided.js'

/** Texts to start a search from: valid for some format each, or nearly so. */
const samples = [
  '',
  'a',
  '!',
  '2020-02-29',
  '2021-02-29',
  '23:59:59Z',
  '12:00:00',
  '2020-01-01T00:00:00Z',
  'P1D',
  'a@example.com',
  'example.com',
  '-a-',
  '127.0.0.1',
  '256.1.1.1',
  '::1',
  'http://example.com/',
  '//a',
  'a b',
  'http://example.com/{id}',
  '{',
  '/a~0b',
  '/~',
  '0#',
  '1/a',
  '123e4567-e89b-12d3-a456-426614174000',
  '^a$',
  '(',
]
const maxLength = 256

/** Formats of the specification for which nothing here can tell what is valid. */
const untestable = ['idn-hostname', 'idn-email', 'iri', 'iri-reference']

/**
 * What decides a format as an assertion, or undefined for formats that nobody defined: those hold for everything, as
 * the specification wants it.
 */
export function formatTest(name: string): ((text: string) => boolean) | undefined {
  if (untestable.includes(name)) {
    return () => {
      throw new Undecided(`the format ${name} cannot be tested`)
    }
  }
  const definition: unknown = Object.hasOwn(fullFormats, name)
    ? fullFormats[name as keyof typeof fullFormats]
    : undefined
  const validate =
    typeof definition === 'object' && definition !== null && 'validate' in definition ? definition.validate : definition
  if (!(validate instanceof RegExp) && typeof validate !== 'function') return undefined
  return (text) => {
    if (text.length > maxLength) throw new Undecided(`the format ${name} is not tried on ${text.length} characters`)
    if (!(validate instanceof RegExp)) return Boolean((validate as (data: string) => boolean)(text))
    validate.lastIndex = 0
    return validate.test(text)
  }
}

export function formatFormula(name: string, arena: Arena): Id {
  const test = formatTest(name)
  return test ? arena.opaque({ name: `the format ${name}`, samples, test }) : arena.true
}
