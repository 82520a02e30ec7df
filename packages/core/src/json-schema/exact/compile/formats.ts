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

/** `format` as an assertion. Formats that nobody defined hold for everything, as the specification wants it. */
export function formatFormula(name: string, arena: Arena): Id {
  const definition = Object.hasOwn(fullFormats, name) ? fullFormats[name as keyof typeof fullFormats] : undefined
  const validate = typeof definition === 'object' && 'validate' in definition ? definition.validate : definition
  const test =
    validate instanceof RegExp
      ? (text: string) => validate.test(text)
      : typeof validate === 'function'
        ? (text: string) => Boolean((validate as (data: string) => boolean)(text))
        : undefined
  if (!test) return arena.true
  return arena.opaque({
    name: `the format ${name}`,
    samples,
    test: (text) => {
      if (text.length > maxLength) throw new Undecided(`the format ${name} is not tried on ${text.length} characters`)
      return test(text)
    },
  })
}
