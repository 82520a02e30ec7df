import fc from 'fast-check'
import { InvalidSchema } from '../schema/invalid-schema.js'
import { parseJson, positionAt, toValue } from './json-document.js'

const failureOf = (text: string): InvalidSchema => {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof InvalidSchema) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('JSON with positions', () => {
  it('agrees with JSON.parse on every JSON value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(JSON.stringify(toValue(parseJson(text).root)))).toEqual(
          JSON.parse(JSON.stringify(JSON.parse(text))),
        )
      }),
    )
  })

  it('refuses whatever JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:01e.-+truefalsn \\u') }), (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        let accepted = true
        try {
          parseJson(text)
        } catch {
          accepted = false
        }
        expect(accepted).toBe(valid)
      }),
      { numRuns: 2000 },
    )
  })

  it('points at the place of a mistake', () => {
    expect(failureOf('{\n  "a": tru\n}').position).toEqual({ line: 2, column: 8 })
    expect(failureOf('[1,]').position).toEqual({ line: 1, column: 4 })
    expect(failureOf('').reason).toContain('empty')
  })

  it('keeps how a number was written', () => {
    const root = parseJson('[1e2, -0.0, 12345678901234567890]').root
    expect(root.kind === 'array' && root.items.map((n) => n.kind === 'number' && n.lexeme)).toEqual([
      '1e2',
      '-0.0',
      '12345678901234567890',
    ])
  })

  it('lets the last of a repeated key count, and refuses it on request', () => {
    expect({ ...(toValue(parseJson('{"a":1,"a":2}').root) as object) }).toEqual({ a: 2 })
    expect(() => parseJson('{"a":1,"a":2}', { refuseDuplicateKeys: true })).toThrow('occurs twice')
  })

  it('refuses nesting that would exhaust the stack', () => {
    expect(failureOf('['.repeat(100_000)).reason).toContain('1000 levels')
  })

  it('treats __proto__ as a key like any other', () => {
    const value = toValue(parseJson('{"__proto__":{"polluted":true}}').root) as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('passes over comments only when asked to', () => {
    expect(toValue(parseJson('/* a */ 1 // b', { comments: true }).root)).toBe(1)
    expect(() => parseJson('// a\n1')).toThrow('not JSON')
  })

  it('counts lines and columns from one', () => {
    expect(positionAt('ab\ncd', 4)).toEqual({ line: 2, column: 2 })
  })
})
