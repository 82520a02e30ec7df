import { parseJson } from '../../text/json-document.js'
import { decide, type ExactOptions, type ExactVerdict } from './index.js'
import type { ExactDialect } from './schema-document.js'
import { documentOf, type Json } from '../../../test/json-schema-exact/arbitrary-schema.js'
import { falseAlarms, misses } from '../../../test/json-schema-exact/structural-checkers.js'

const exact: ExactOptions = { policy: 'EXACT' }

function ask(writer: Json, reader: Json, dialect: ExactDialect = 'draft-07', options = exact): ExactVerdict {
  return decide(documentOf(reader, dialect), documentOf(writer, dialect), options)
}

describe('what structural checkers miss is found, with a message that ajv confirms', () => {
  test.each(misses)('$name', ({ writer, reader, dialect }) => {
    expect(ask(writer, reader, dialect)).toMatchObject({
      outcome: 'incompatible',
      witness: { confirmedBy: 'ajv 8.20.0' },
    })
  })
})

describe('what structural checkers refuse without reason is proved compatible', () => {
  test.each(falseAlarms)('$name', ({ writer, reader, dialect }) => {
    expect(ask(writer, reader, dialect)).toEqual({ outcome: 'compatible' })
  })
})

describe('a counterexample', () => {
  const writer = { type: 'object', properties: { id: {}, tags: { type: 'array' } } }
  const reader = { type: 'object', properties: { tags: { type: 'array', maxItems: 2 } } }

  it('is the smallest message that breaks, with the place in the message and the keyword in the reader', () => {
    const text = JSON.stringify(reader)
    const verdict = ask(writer, reader)
    expect(verdict).toMatchObject({
      outcome: 'incompatible',
      witness: {
        text: '{"tags":[null,null,null]}',
        instancePath: '/tags',
        at: { pointer: '/properties/tags/maxItems' },
      },
    })
    const at = verdict.outcome === 'incompatible' ? verdict.witness.at : undefined
    expect(text.slice(at?.start, at?.end)).toBe('"maxItems":2')
  })

  it('keeps digits that a double would lose', () => {
    const document = (text: string) => ({ ...documentOf(true), root: parseJson(text).root })
    const writer = document('{"type":"integer","minimum":9007199254740993,"maximum":9007199254740993}')
    const reader = document('{"maximum":9007199254740992}')
    expect(decide(reader, writer, exact)).toMatchObject({
      outcome: 'incompatible',
      witness: { text: '9007199254740993', confirmedBy: expect.stringContaining('the exact evaluator') as string },
    })
  })

  it('is the same for the same question', () => {
    expect(ask(writer, reader)).toEqual(ask(writer, reader))
  })
})

describe('numbers are decimals, not doubles', () => {
  test.each<[Json, Json, string]>([
    [{ multipleOf: 3 }, { multipleOf: 0.3 }, 'compatible'],
    [{ type: 'number', multipleOf: 0.5 }, { type: 'integer' }, 'incompatible'],
    [{ type: 'integer', minimum: 1, maximum: 9, not: { multipleOf: 2 } }, { enum: [1, 3, 5, 7, 9] }, 'compatible'],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, { not: { type: 'integer' } }, 'compatible'],
    [{ const: 1 }, { enum: [1.0] }, 'compatible'],
  ])('%j against %j is %s', (writer, reader, outcome) => {
    expect(ask(writer, reader).outcome).toBe(outcome)
  })
})

describe('arrays are counted', () => {
  test.each<[Json, Json, string]>([
    [{ type: 'array', uniqueItems: true, items: { enum: [1, 2, 3] } }, { maxItems: 3 }, 'compatible'],
    [{ type: 'array', uniqueItems: true, items: { enum: [1, 2, 3, 4] } }, { maxItems: 3 }, 'incompatible'],
    [{ type: 'array', minItems: 3, items: { type: 'boolean' } }, { not: { uniqueItems: true } }, 'compatible'],
    [{ contains: { const: 1 }, maxItems: 1 }, { items: { const: 1 } }, 'compatible'],
    [{ contains: { const: 1 }, maxItems: 2 }, { items: { const: 1 } }, 'incompatible'],
    [{ contains: { minimum: 5 }, minContains: 2 }, { minItems: 3 }, 'incompatible'],
    [{ type: 'array', contains: { minimum: 5 }, minContains: 2 }, { minItems: 2 }, 'compatible'],
    [{ type: 'array', contains: true, maxContains: 2 }, { maxItems: 2 }, 'compatible'],
  ])('%j against %j is %s', (writer, reader, outcome) => {
    expect(ask(writer, reader, '2020-12').outcome).toBe(outcome)
  })
})

describe('keys fall into classes', () => {
  test.each<[Json, Json, string]>([
    [{ type: 'object', propertyNames: { pattern: '^[ab]$' } }, { maxProperties: 2 }, 'compatible'],
    [{ type: 'object', propertyNames: { pattern: '^[abc]$' } }, { maxProperties: 2 }, 'incompatible'],
    [{ patternProperties: { '^a': { minimum: 1 } } }, { properties: { ab: { minimum: 1 } } }, 'compatible'],
    [{ patternProperties: { '^a': false }, minProperties: 1 }, { not: { required: ['ab'] } }, 'incompatible'],
    [{ type: 'object', patternProperties: { '^a': false } }, { not: { required: ['ab'] } }, 'compatible'],
    [{ additionalProperties: false, properties: { a: {} } }, { propertyNames: { maxLength: 1 } }, 'compatible'],
  ])('%j against %j is %s', (writer, reader, outcome) => {
    expect(ask(writer, reader).outcome).toBe(outcome)
  })

  it('takes __proto__ and toString for keys like any other', () => {
    const reader = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as Json
    expect(ask({ type: 'object' }, reader)).toMatchObject({ outcome: 'incompatible' })
    expect(ask({ type: 'object' }, { required: ['toString'] })).toMatchObject({ outcome: 'incompatible' })
  })
})

describe('recursive schemas', () => {
  const tree = (value: Json): Json => ({
    $ref: '#/definitions/node',
    definitions: {
      node: {
        type: 'object',
        properties: { value, children: { type: 'array', items: { $ref: '#/definitions/node' } } },
        required: ['value'],
      },
    },
  })

  it('are compared without end of the search', () => {
    expect(ask(tree({ type: 'integer' }), tree({ type: 'number' })).outcome).toBe('compatible')
    expect(ask(tree({ type: 'number' }), tree({ type: 'integer' })).outcome).toBe('incompatible')
  })

  it('that no finite message satisfies are contained in everything', () => {
    const endless = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] }
    expect(ask(endless, false).outcome).toBe('compatible')
    expect(ask({ ...endless, required: [] }, { maxProperties: 0 }).outcome).toBe('incompatible')
  })

  it('do not leave proofs behind that leaned on a goal which then had a value', () => {
    // Emptiness of A is asked for inside of B while B is open, and B is not empty.
    const schema: Json = {
      $ref: '#/definitions/b',
      definitions: {
        a: { type: 'array', items: { $ref: '#/definitions/b' }, minItems: 1 },
        b: {
          anyOf: [{ type: 'object', properties: { a: { $ref: '#/definitions/a' } }, required: ['a'] }, { const: 1 }],
        },
      },
    }
    expect(ask(schema, { const: 1 })).toMatchObject({ outcome: 'incompatible', witness: { text: '{"a":[1]}' } })
  })

  it('that refer to themselves without reading anything are undecided, with the reason', () => {
    const endless = { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/a' } } }
    expect(ask(endless, false)).toMatchObject({
      outcome: 'undecided',
      reason: expect.stringContaining('without reading any of the message') as string,
    })
  })
})

describe('unevaluated keywords', () => {
  const open = { properties: { a: {} }, anyOf: [{ properties: { b: {} }, required: ['b'] }, true] }
  it('know what each branch has evaluated', () => {
    const writer = { type: 'object', ...open, unevaluatedProperties: false }
    expect(ask(writer, { propertyNames: { enum: ['a', 'b'] } }, '2020-12').outcome).toBe('compatible')
    expect(ask(writer, { propertyNames: { enum: ['a'] } }, '2020-12')).toMatchObject({
      outcome: 'incompatible',
      witness: { value: { b: null } },
    })
  })

  it('do not count a dependent schema whose property is absent', () => {
    const dependent = { dependentSchemas: { a: { properties: { b: {} } } } }
    const reader = { type: 'object', properties: { a: {} }, ...dependent, unevaluatedProperties: false }
    expect(ask({ const: { b: 1 } }, reader, '2020-12').outcome).toBe('incompatible')
    expect(ask({ const: { a: 1, b: 1 } }, reader, '2020-12').outcome).toBe('compatible')
  })
})

describe('references', () => {
  const resources = [{ uri: 'money.json', dialect: 'draft-07' as const, root: documentOf({ type: 'number' }).root }]
  it('reach registered schemas by the name that the text uses', () => {
    const writer = { ...documentOf({ $ref: 'money.json' }, 'draft-07'), resources }
    expect(decide(documentOf({ type: 'number' }, 'draft-07'), writer, exact)).toEqual({ outcome: 'compatible' })
    expect(decide(documentOf({ type: 'integer' }, 'draft-07'), writer, exact)).toMatchObject({
      outcome: 'incompatible',
      witness: { text: '0.5', confirmedBy: 'ajv 8.20.0' },
    })
  })

  it('that lead nowhere make the question undecided', () => {
    expect(ask({ $ref: 'https://example.com/unknown' }, false)).toMatchObject({
      outcome: 'undecided',
      reason: expect.stringContaining('https://example.com/unknown') as string,
    })
  })

  it('reach the meta-schemas of all dialects', () => {
    for (const uri of ['draft-04', 'draft-06', 'draft-07'].map((d) => `http://json-schema.org/${d}/schema#`)) {
      expect(ask({ $ref: uri }, { type: ['object', 'boolean'] }).outcome).toBe('compatible')
    }
    for (const year of ['2019-09', '2020-12'] as const) {
      const $ref = `https://json-schema.org/draft/${year}/schema`
      expect(ask({ $ref }, { type: ['object', 'boolean'] }, year).outcome).toBe('compatible')
    }
  })
})

describe('formats', () => {
  it('are annotations unless asked for', () => {
    expect(ask({ type: 'string' }, { format: 'date' }).outcome).toBe('compatible')
    const asserted = ask({ type: 'string' }, { format: 'date' }, 'draft-07', { ...exact, assertFormats: true })
    expect(asserted.outcome).toBe('incompatible')
  })

  it('that nobody can test leave the question open', () => {
    const verdict = ask({ const: 'x' }, { format: 'idn-hostname' }, 'draft-07', { ...exact, assertFormats: true })
    expect(verdict).toMatchObject({ outcome: 'undecided' })
  })
})

describe('TOLERANT asks about messages without undeclared properties', () => {
  const tolerant: ExactOptions = { policy: 'TOLERANT' }
  const order = { type: 'object', properties: { id: { type: 'string' } } }
  const withCoupon = { type: 'object', properties: { id: { type: 'string' }, coupon: { type: 'string' } } }

  it('so that an optional property may be added to an open object', () => {
    expect(ask(order, withCoupon).outcome).toBe('incompatible')
    expect(ask(order, withCoupon, 'draft-07', tolerant).outcome).toBe('compatible')
  })

  it('in nested objects, list items and definitions, too', () => {
    const nest = (inner: Json): Json => ({
      type: 'object',
      properties: { lines: { type: 'array', items: { $ref: '#/definitions/line' } } },
      definitions: { line: inner },
    })
    expect(ask(nest(order), nest(withCoupon)).outcome).toBe('incompatible')
    expect(ask(nest(order), nest(withCoupon), 'draft-07', tolerant).outcome).toBe('compatible')
  })

  it('but still finds what declared properties break', () => {
    expect(ask(withCoupon, { properties: { coupon: { maxLength: 3 } } }, 'draft-07', tolerant)).toMatchObject({
      outcome: 'incompatible',
      witness: { value: { coupon: 'aaaa' } },
    })
  })

  it('and leaves free maps open', () => {
    expect(ask({ type: 'object' }, { properties: { a: { type: 'string' } } }, 'draft-07', tolerant).outcome).toBe(
      'incompatible',
    )
  })
})

describe('hostile input ends', () => {
  const choices = Array.from({ length: 24 }, (_, i) => ({ anyOf: [{ required: [`a${i}`] }, { required: [`b${i}`] }] }))
  const nested = (inner: Json, depth: number): Json =>
    depth === 0 ? inner : nested({ type: 'object', properties: { a: inner }, required: ['a'] }, depth - 1)

  test.each<[string, Json, Json]>([
    ['exponentially many branches', { type: 'object', allOf: choices }, { minProperties: 24 }],
    [
      'an exponential automaton',
      { type: 'string', pattern: '(a|b)*a(a|b){18}$' },
      { type: 'string', pattern: 'b*(a|b){18}$' },
    ],
    ['a very deep schema', nested({ type: 'string' }, 400), nested({ type: 'integer' }, 400)],
    ['a very long array', { type: 'array', minItems: 1e9 }, { minItems: 1e9 + 1 }],
    ['a number with a million digits', { const: 1 }, { maximum: 1e300 }],
  ])('%s', (_, writer, reader) => {
    const verdict = ask(writer, reader, 'draft-07', { ...exact, budget: { steps: 30_000 } })
    expect(['compatible', 'undecided']).toContain(verdict.outcome)
  })

  it('in a pattern that would keep a backtracking matcher busy for ever', () => {
    expect(ask({ const: `${'a'.repeat(60)}!` }, { pattern: '^(a+)+$' })).toMatchObject({ outcome: 'incompatible' })
  })
})
