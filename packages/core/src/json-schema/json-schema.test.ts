import fc from 'fast-check'
import { InvalidSchema } from '../schema/invalid-schema.js'
import { noReferences, type Reference, type SchemaSource } from '../schema/source.js'
import type { ParseOptions, Policy } from '../schema/format.js'
import { jsonSchema, topLevelProperties } from './index.js'
import type { JsonSchema } from './schema.js'

const strict: ParseOptions = { validation: 'strict', asNew: true }
const confluent: ParseOptions = { validation: 'confluent', asNew: true }
const stored: ParseOptions = { validation: 'confluent', asNew: false }

const source = (text: string, references: Reference[] = []): SchemaSource => ({ type: 'JSON', text, references })
const parse = (text: string, options = strict) => jsonSchema.parse(source(text), noReferences, options)
const schema = (value: unknown, options = strict) => parse(JSON.stringify(value), options)

function refusal(text: string, options = strict): InvalidSchema {
  try {
    parse(text, options)
  } catch (error) {
    if (error instanceof InvalidSchema) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('reading a JSON Schema', () => {
  it('knows the dialect by $schema, whatever scheme and fragment its URI has', () => {
    const dialect = (uri: string) => schema({ $schema: uri }).dialect.id
    expect(dialect('http://json-schema.org/draft-04/schema#')).toBe('draft-04')
    expect(dialect('https://json-schema.org/draft-06/schema')).toBe('draft-06')
    expect(dialect('http://json-schema.org/draft-07/schema#')).toBe('draft-07')
    expect(dialect('https://json-schema.org/draft/2019-09/schema')).toBe('2019-09')
    expect(dialect('https://json-schema.org/draft/2020-12/schema')).toBe('2020-12')
  })

  it('takes a schema without $schema, or with one of another vocabulary, for draft-07', () => {
    expect(schema({}).dialect.id).toBe('draft-07')
    expect(schema({ $schema: 'https://example.com/meta#' }).dialect.id).toBe('draft-07')
  })

  it('says what is wrong, at which line, column and path, and what to do', () => {
    const error = refusal('{\n  "properties": {\n    "id": {"type": "strnig"}\n  }\n}')
    expect(error.position).toEqual({ line: 3, column: 20 })
    expect(error.path).toBe('#/properties/id/type')
    expect(error.message).toContain('string')
    expect(error.hint).toContain('draft-07')
  })

  it('refuses a reference that leads nowhere, and never fetches one', () => {
    expect(refusal('{"$ref": "#/definitions/none"}').reason).toContain('leads to no schema')
    expect(refusal('{"$ref": "https://example.com/order.json"}').hint).toContain('nothing is fetched')
  })

  it('refuses what is no schema at all', () => {
    for (const text of ['', '1', '"a"', 'null', '[]', '{', '{"type": 1}', '{"required": "id"}', '{"pattern": "["}']) {
      expect(refusal(text)).toBeInstanceOf(InvalidSchema)
    }
  })

  it('follows references to registered schemas, and through them to others', () => {
    const texts: Record<string, SchemaSource> = {
      'address.json': source('{"$ref": "city.json"}', [{ name: 'city.json', subject: 'city', version: 1 }]),
      'city.json': source('{"type": "string"}'),
    }
    const order = source('{"properties": {"to": {"$ref": "address.json"}}}', [
      { name: 'address.json', subject: 'address', version: 1 },
    ])
    const parsed = jsonSchema.parse(order, ({ name }) => texts[name], strict)
    expect([...parsed.resources.keys()]).toEqual(['address.json', 'city.json'])
    expect(() => jsonSchema.parse(order, noReferences, strict)).toThrow('leads to nothing')
  })

  it.each(['http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2020-12/schema'])(
    'compares through references, and has no place in the text for what stands in another (%s)',
    ($schema) => {
      const order = (zipLength: number) => {
        const address = {
          $id: 'https://example.com/a/address.json',
          properties: { zip: { $ref: 'zip.json#/definitions/zip' } },
        }
        const zip = { definitions: { zip: { type: 'string', maxLength: zipLength } } }
        const texts: Record<string, SchemaSource> = {
          'address.json': source(JSON.stringify(address), [{ name: 'zip.json', subject: 'zip', version: 1 }]),
          'zip.json': source(JSON.stringify(zip)),
        }
        const text = JSON.stringify({ $schema, properties: { to: { $ref: 'address.json' } } })
        const references = [{ name: 'address.json', subject: 'address', version: 1 }]
        return jsonSchema.parse(source(text, references), ({ name }) => texts[name], strict)
      }
      const verdict = jsonSchema.canRead(order(5), order(9), { policy: 'STRICT' })
      expect(verdict).toMatchObject({
        outcome: 'incompatible',
        breaks: [
          { rule: 'MAX_LENGTH_DECREASED', path: '#/properties/to/properties/zip/maxLength', at: { reader: undefined } },
        ],
        witness: { value: { to: { zip: expect.stringMatching(/^.{6,9}$/) as string } } },
      })
    },
  )

  it('goes by the specification under strict, and by what that server takes under confluent', () => {
    const onlyStrict = [
      '{"maxLength": 3.0}',
      '{"$schema": "https://json-schema.org/draft/2019-09/schema", "items": [{}]}',
    ]
    const onlyConfluent = ['{"maxLength": -1}', '{"type": "string"} and more', '{"x": NaN}', '{"definitions": 1}']
    for (const text of onlyStrict) {
      expect(parse(text).text).toBe(text)
      expect(refusal(text, confluent).position).toBeDefined()
    }
    for (const text of onlyConfluent) {
      expect(parse(text, confluent).text).toBe(text)
      expect(refusal(text)).toBeInstanceOf(InvalidSchema)
    }
  })

  it('takes a stored schema if either validation took it once', () => {
    expect(parse('{"maxLength": 3.0}', stored).dialect.id).toBe('draft-07')
    expect(parse('{"maxLength": -1}', stored).dialect.id).toBe('draft-07')
    expect(refusal('{"maxLength": "x"}', stored).reason).toContain('maxLength')
  })

  it('is not impressed by names that mean something to JavaScript', () => {
    const parsed = parse('{"properties": {"__proto__": {"type": "string"}, "valueOf": {"enum": [{"valueOf": 1}]}}}')
    expect(topLevelProperties(parsed)).toEqual(['__proto__', 'valueOf'])
    expect(jsonSchema.canRead(parsed, parsed, { policy: 'STRICT' }).outcome).toBe('compatible')
  })

  it('names the properties that an object declares, and none of other schemas', () => {
    expect(topLevelProperties(schema({ properties: { id: true, $$meta: true } }))).toEqual(['id', '$$meta'])
    expect(topLevelProperties(schema({ type: 'string' }))).toEqual([])
  })
})

describe('the texts of a JSON Schema', () => {
  it('keep the order of keys and write numbers as exact decimals', () => {
    const text = '{ "multipleOf": 1e-10, "maximum": 1.0, "x": [1E2, -0.0, 1e0, 0.01E+0], "title": "\\u00e4\\/" }'
    expect(jsonSchema.print(parse(text), 'canonical')).toBe(
      '{"multipleOf":1E-10,"maximum":1.0,"x":[1E+2,0.0,1,0.01],"title":"ä/"}',
    )
  })

  it('have sorted keys when normalized', () => {
    expect(jsonSchema.print(parse('{"type": "object", "properties": {"b": {}, "a": {}}}'), 'normalized')).toBe(
      '{"properties":{"a":{},"b":{}},"type":"object"}',
    )
  })
})

describe('the difference of two schemas', () => {
  it('shows changes that no compatibility rule is about', () => {
    const older = schema({ properties: { at: { type: 'string', format: 'date' }, tags: { contains: true } } })
    const newer = schema({ properties: { at: { type: 'string', format: 'date-time' }, tags: {} }, $comment: 'dated' })
    const changes = jsonSchema.diff(older, newer).filter(({ rule }) => rule.startsWith('KEYWORD_'))
    expect(changes.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'KEYWORD_CHANGED #/properties/at/format',
      'KEYWORD_REMOVED #/properties/tags/contains',
      'KEYWORD_ADDED #/$comment',
    ])
  })

  it('points into both texts, in the order of the newer one', () => {
    const older = parse('{\n "properties": {\n  "b": {"maxLength": 5},\n  "a": {"maxLength": 5}\n }\n}')
    const newer = parse('{"properties": {\n "a": {"maxLength": 9},\n "b": {"maxLength": 3}}}')
    expect(jsonSchema.diff(older, newer).map(({ rule, at }) => ({ rule, at }))).toEqual([
      { rule: 'MAX_LENGTH_INCREASED', at: { older: { line: 4, column: 22 }, newer: { line: 2, column: 21 } } },
      { rule: 'MAX_LENGTH_DECREASED', at: { older: { line: 3, column: 22 }, newer: { line: 3, column: 21 } } },
    ])
  })
})

describe('answers with proof', () => {
  const order = (properties: object, required: string[]) =>
    schema({ type: 'object', properties, required, additionalProperties: false })

  it('STRICT names the rule, shows a message that breaks and suggests what was tried to help', () => {
    const writer = order({ id: { type: 'string', maxLength: 20 } }, [])
    const reader = order({ id: { type: 'string', maxLength: 8 } }, [])
    const verdict = jsonSchema.canRead(reader, writer, { policy: 'STRICT' })
    if (verdict.outcome !== 'incompatible') throw new Error(verdict.outcome)
    expect(verdict.breaks).toHaveLength(1)
    expect(verdict.breaks[0]).toMatchObject({ rule: 'MAX_LENGTH_DECREASED', fix: 'set "maxLength" back to 20' })
    expect(verdict.witness?.confirmedBy).toContain('ajv')
    expect(new TextDecoder().decode(verdict.witness?.bytes)).toBe(JSON.stringify(verdict.witness?.value))
  })

  it('EXACT takes what STRICT refuses for nothing, and STRICT says so', () => {
    const writer = schema({ type: 'string', pattern: '^[A-Z]{3}$' })
    const reader = schema({ type: 'string', pattern: '^[A-Z]{2,3}$' })
    const verdict = jsonSchema.canRead(reader, writer, { policy: 'STRICT' })
    if (verdict.outcome !== 'incompatible') throw new Error(verdict.outcome)
    expect(verdict.breaks[0]?.message).toContain('EXACT would let this change through')
    expect(verdict.witness).toBeUndefined()
    expect(jsonSchema.canRead(reader, writer, { policy: 'EXACT' }).outcome).toBe('compatible')
  })

  it('EXACT refuses what STRICT lets through, with the message that breaks', () => {
    const writer = schema({ type: 'object', patternProperties: { '^x_': { type: 'string' } } })
    const reader = schema({ type: 'object', patternProperties: { '^x_': { type: 'integer' } } })
    expect(jsonSchema.canRead(reader, writer, { policy: 'STRICT' }).outcome).toBe('compatible')
    const exact = jsonSchema.canRead(reader, writer, { policy: 'EXACT' })
    expect(exact).toMatchObject({ outcome: 'incompatible', witness: { value: { x_: '' } } })
  })

  it('TOLERANT asks only about declared properties', () => {
    const writer = schema({ type: 'object', properties: { id: { type: 'string' } } })
    const reader = schema({ type: 'object', properties: { id: { type: 'string' }, note: { type: 'string' } } })
    expect(jsonSchema.canRead(reader, writer, { policy: 'EXACT' }).outcome).toBe('incompatible')
    expect(jsonSchema.canRead(reader, writer, { policy: 'TOLERANT' }).outcome).toBe('compatible')
  })

  it('EXACT suggests only what makes the reader proved to read everything', () => {
    const writer = order({ id: { type: 'string' }, status: { enum: ['NEW', 'PAID'] } }, ['id'])
    const reader = order({ id: { type: 'string', maxLength: 8 }, status: { enum: ['NEW'] } }, ['id'])
    const verdict = jsonSchema.canRead(reader, writer, { policy: 'EXACT' })
    if (verdict.outcome !== 'incompatible') throw new Error(verdict.outcome)
    expect(verdict.breaks[0]?.fix).toMatch(/^drop "maxLength".*; keep "PAID" in the enum/)
  })
})

const leaf = fc.oneof(
  fc.record(
    { type: fc.constant('string'), maxLength: fc.nat(9), pattern: fc.constantFrom('^a', 'b$') },
    { requiredKeys: [] },
  ),
  fc.record({ type: fc.constantFrom('integer', 'number'), minimum: fc.integer(), multipleOf: fc.constantFrom(1, 0.5) }),
  fc.record({ enum: fc.uniqueArray(fc.constantFrom('A', 'B', 1, null), { minLength: 1 }) }),
  fc.constantFrom(true, false, {}, { type: 'boolean' }, { type: ['string', 'null'] }, { const: 3 }),
)

/** Schemas of a few levels, with the keywords that the comparison looks at. */
const schemas = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'x_1'), tie('schema'), { maxKeys: 3 }),
        required: fc.uniqueArray(fc.constantFrom('a', 'b')),
        additionalProperties: tie('schema'),
        patternProperties: fc.dictionary(fc.constant('^x_'), tie('schema'), { maxKeys: 1 }),
      },
      { requiredKeys: [] },
    ),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }, { requiredKeys: [] }),
    fc.record({ type: fc.constant('array'), items: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }), title: fc.string() }),
    fc.record({ not: tie('schema') }),
  ),
})).schema

const policies: readonly Policy[] = ['STRICT', 'LENIENT']
const runs = { seed: 20_261_122, numRuns: 300 }

describe('laws', () => {
  const textOf = (value: unknown) => JSON.stringify(value)

  it('printing and parsing lead back to the same text', () => {
    fc.assert(
      fc.property(schemas, (value) => {
        for (const form of ['canonical', 'normalized'] as const) {
          const once = jsonSchema.print(schema(value, confluent), form)
          expect(jsonSchema.print(parse(once, confluent), form)).toBe(once)
        }
      }),
      runs,
    )
  })

  it('the normalized text is the same for every order of keys', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      )
    }
    fc.assert(
      fc.property(schemas, (value) => {
        const normalized = (any: unknown) => jsonSchema.print(schema(any, confluent), 'normalized')
        expect(normalized(reversed(value))).toBe(normalized(value))
      }),
      runs,
    )
  })

  it('a schema reads what was written with itself, and differs in nothing that matters', () => {
    fc.assert(
      fc.property(schemas, (value) => {
        const one = schema(value, confluent)
        const other = parse(textOf(value), confluent)
        for (const policy of policies) {
          const verdict = jsonSchema.canRead(other, one, { policy })
          expect({ outcome: verdict.outcome, value }).toEqual({ outcome: 'compatible', value })
        }
      }),
      runs,
    )
  })

  it('what STRICT takes, LENIENT takes, and equal questions get equal answers', () => {
    fc.assert(
      fc.property(schemas, schemas, (a, b) => {
        const reader = schema(a, confluent)
        const writer = schema(b, confluent)
        const ask = (policy: Policy) => jsonSchema.canRead(reader, writer, { policy, witness: false })
        if (ask('STRICT').outcome === 'compatible') expect(ask('LENIENT').outcome).toBe('compatible')
        expect(ask('STRICT')).toEqual(ask('STRICT'))
      }),
      runs,
    )
  })

  it('any JSON is either taken or refused as an invalid schema, and what is taken can be compared and printed', () => {
    const keywords = [
      ...['type', 'enum', 'const', 'required', 'properties', 'patternProperties', 'additionalProperties', 'items'],
      ...['prefixItems', 'contains', 'minContains', 'maxLength', 'pattern', 'multipleOf', 'minimum', '$ref', '$id'],
      ...['$defs', 'definitions', 'dependencies', 'dependentRequired', 'not', 'if', 'then', 'oneOf', '$dynamicRef'],
      ...['unevaluatedProperties', '$anchor', 'default', 'title', 'format', 'x'],
    ]
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', 'string', 'object', '#', '#/$defs/a', '(', 'a b', [], {}),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom(...keywords, 'a', '__proto__', 'constructor'), tie('value'), { maxKeys: 3 }),
      ),
    })).value
    const dialects = ['04', '06', '07'].map((version) => `http://json-schema.org/draft-${version}/schema#`)
    const modern = ['2019-09', '2020-12'].map((version) => `https://json-schema.org/draft/${version}/schema`)
    const members = fc.dictionary(fc.constantFrom(...keywords), value, { maxKeys: 4 })
    fc.assert(
      fc.property(members, fc.constantFrom(...dialects, ...modern), (body, $schema) => {
        const text = textOf({ $schema, ...body })
        for (const options of [strict, confluent, stored]) {
          let parsed: JsonSchema
          try {
            parsed = parse(text, options)
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidSchema)
            continue
          }
          expect(jsonSchema.print(parsed, 'normalized').length).toBeGreaterThan(0)
          expect(jsonSchema.canRead(parsed, parsed, { policy: 'STRICT' }).outcome).not.toBe('incompatible')
        }
      }),
      { seed: 20_261_122, numRuns: 2000 },
    )
  })

  it('hostile sizes end in an answer: recursion against recursion, many branches, deep nesting', () => {
    const chain = (length: number, inner: object): JsonSchema => {
      const definitions: Record<string, object> = {}
      for (let i = 0; i < length; i++) {
        definitions[`d${i}`] = { properties: { next: { $ref: `#/definitions/d${(i + 1) % length}` }, ...inner } }
      }
      return schema({ $ref: '#/definitions/d0', definitions })
    }
    const pair = jsonSchema.canRead(chain(89, {}), chain(97, {}), { policy: 'STRICT', witness: false })
    expect(['compatible', 'undecided']).toContain(pair.outcome)
    const branches = (count: number) =>
      schema({ anyOf: Array.from({ length: count }, (_, i) => ({ type: 'string', minLength: i })) })
    const wide = jsonSchema.canRead(branches(1000), branches(999), { policy: 'STRICT', witness: false })
    expect(wide.outcome).toBe('undecided')
    const backtracking = (properties: object) =>
      schema({ type: 'object', properties, patternProperties: { '^(a+)+$': { type: 'string' } } })
    const name = `${'a'.repeat(60)}b`
    const added = jsonSchema.canRead(backtracking({ [name]: { type: 'string' } }), backtracking({}), {
      policy: 'STRICT',
    })
    expect(added.changes.map(({ rule }) => rule)).toEqual(['OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'])
    const unmodelled = (properties: object) =>
      schema({ properties, patternProperties: { '^(a)\\1$': { type: 'string' } } })
    expect(jsonSchema.canRead(unmodelled({ aa: true }), unmodelled({}), { policy: 'STRICT' })).toMatchObject({
      outcome: 'undecided',
      reason: expect.stringContaining('aa') as string,
    })
    const deep = (depth: number) => parse('{"not":'.repeat(depth) + '{}' + '}'.repeat(depth), stored)
    expect(jsonSchema.canRead(deep(500), deep(500), { policy: 'STRICT', witness: false }).outcome).toBe('compatible')
    expect(() => deep(900)).toThrow('levels deep')
  })
})
