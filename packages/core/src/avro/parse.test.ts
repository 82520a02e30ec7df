import { InvalidSchema } from '../schema/invalid-schema.js'
import { noReferences } from '../schema/source.js'
import type { Validation } from '../schema/format.js'
import { avro, warningsOf } from './index.js'

const parse = (text: string, validation: Validation = 'strict', asNew = true) =>
  avro.parse({ type: 'AVRO', text, references: [] }, noReferences, { validation, asNew })

const refusal = (text: string, validation: Validation = 'strict'): InvalidSchema => {
  try {
    parse(text, validation)
  } catch (error) {
    if (error instanceof InvalidSchema) return error
    throw error
  }
  throw new Error(`was accepted: ${text}`)
}

const fieldOf = (type: string, more = '') =>
  `{"type":"record","name":"R","fields":[{"name":"f","type":${type}${more}}]}`
const enumOf = (more: string) => `{"type":"enum","name":"E",${more}}`

describe('An invalid Avro schema is refused with the place and what to do', () => {
  it('shows line, column, path and a hint in one line', () => {
    const text = '{\n  "type": "record",\n  "name": "R",\n  "fields": [\n    {"name": "f", "type": "Int"}\n  ]\n}'
    expect(refusal(text).message).toBe(
      'line 5, column 27, at /fields/0/type: the type "Int" is not defined (did you mean "int"?)',
    )
  })

  it.each([
    ['a name with a hyphen', '{"type":"record","name":"a-b","fields":[]}', 'the name "a-b" is not allowed', 'ASCII'],
    [
      'a namespace with an empty part',
      '{"type":"record","name":"a..b","fields":[]}',
      'the name "a..b" is not allowed',
      'ASCII',
    ],
    ['a primitive as name', '{"type":"fixed","name":"int","size":1}', 'int is a primitive type', 'another name'],
    ['no name', '{"type":"record","fields":[]}', 'needs a "name"', undefined],
    ['no fields', '{"type":"record","name":"R"}', 'needs "fields"', '[]'],
    [
      'a field without type',
      '{"type":"record","name":"R","fields":[{"name":"f"}]}',
      'the field f needs a "type"',
      undefined,
    ],
    [
      'the same field twice',
      '{"type":"record","name":"R","fields":[{"name":"f","type":"int"},{"name":"f","type":"int"}]}',
      'field f twice',
      undefined,
    ],
    [
      'the same type twice',
      fieldOf('{"type":"fixed","name":"R","size":1}'),
      'the type R is defined twice',
      'use its name',
    ],
    [
      'a type that is used before it is defined',
      '{"type":"record","name":"R","fields":[{"name":"a","type":"S"},{"name":"b","type":{"type":"fixed","name":"S","size":1}}]}',
      'not defined before this place',
      'move',
    ],
    ['an unknown type', fieldOf('"Money"'), 'the type "Money" is not defined', 'reference'],
    [
      'a type of another namespace',
      fieldOf('["null",{"type":"fixed","name":"x.Money","size":1},"Money"]'),
      '"Money" is not defined',
      '"x.Money"',
    ],
    ['a complex type as a name', fieldOf('"array"'), 'not defined', '{"type": "array", ...}'],
    ['a union in a union', '["null",["int"]]', 'cannot hold another union', 'branches here'],
    ['a branch twice', '["string",{"type":"string"}]', 'the branch string twice', undefined],
    ['a symbol twice', enumOf('"symbols":["A","A"]'), 'symbol A twice', undefined],
    ['a default that is no symbol', enumOf('"symbols":["A"],"default":"B"'), 'no symbol of the enum', 'A'],
    ['a negative size', '{"type":"fixed","name":"F","size":-1}', 'needs a "size"', 'whole number'],
    ['a default of another type', fieldOf('"int"', ',"default":"1"'), 'integer of 32 bits', undefined],
    ['a default out of range', fieldOf('"int"', ',"default":2147483648'), 'integer of 32 bits', undefined],
    ['a default that fits no branch', fieldOf('["null","int"]', ',"default":"x"'), 'one of its branches', undefined],
    [
      'a default that lacks a field',
      fieldOf('{"type":"record","name":"S","fields":[{"name":"x","type":"int"}]}', ',"default":{}'),
      'lacks the field x',
      undefined,
    ],
    [
      'a default of a fixed of another length',
      fieldOf('{"type":"fixed","name":"S","size":2}', ',"default":"abc"'),
      '2 characters',
      undefined,
    ],
    ['a default of bytes beyond a byte', fieldOf('"bytes"', ',"default":"\u0100"'), 'for each byte', undefined],
    [
      'a default that is no symbol of the enum',
      fieldOf(enumOf('"symbols":["A"]'), ',"default":"B"'),
      'one of its symbols',
      undefined,
    ],
    ['a default of a record inside itself', fieldOf('["null","R"]', ',"default":{}'), 'inside a record', undefined],
    ['a sort order that is none', fieldOf('"int"', ',"order":"Ascending"'), 'sort order', undefined],
    ['an alias that is no string', fieldOf('"int"', ',"aliases":[1]'), 'an alias has to be a string', undefined],
    ['a key twice', '{"type":"int","type":"long"}', 'occurs twice', undefined],
    ['a number', '5', 'this is no schema', 'type name'],
    ['a type inside "type"', '{"type":{"type":"int"}}', 'has to be a string', 'in the place of this object'],
    ['text that is no JSON', '{"type":', 'not JSON', undefined],
  ])('%s', (_, text, reason, hint) => {
    const error = refusal(text)
    expect(error.reason).toContain(reason)
    expect(error.position).toBeDefined()
    if (hint !== undefined) expect(error.hint).toContain(hint)
  })

  it('points at the default that is wrong inside a larger one', () => {
    const text = fieldOf('{"type":"array","items":"int"}', ',"default":[1,2.5]')
    expect(refusal(text).position).toEqual({ line: 1, column: text.indexOf('2.5') + 1 })
  })
})

describe('What Confluent takes and the specification does not', () => {
  it.each([
    ['a default symbol that the enum lacks', fieldOf(enumOf('"symbols":["A"]'), ',"default":"B"')],
    ['a default of a fixed of another length', fieldOf('{"type":"fixed","name":"S","size":2}', ',"default":"abc"')],
    ['a number as a string', fieldOf('"double"', ',"default":"1.5"')],
    ['a sort order in capitals', fieldOf('"int"', ',"order":"DESCENDING"')],
    ['a namespace that is no string', '{"type":"record","name":"R","namespace":5,"fields":[]}'],
    [
      'a type that is defined later',
      '{"type":"record","name":"R","fields":[{"name":"a","type":"S"},{"name":"b","type":{"type":"fixed","name":"S","size":1}}]}',
    ],
  ])('%s', (_, text) => {
    expect(() => parse(text)).toThrow(InvalidSchema)
    expect(() => parse(text, 'confluent')).not.toThrow()
  })

  it('prints a type where it is used first, wherever it was defined', () => {
    const late =
      '{"type":"record","name":"R","fields":[{"name":"a","type":"S"},{"name":"b","type":{"type":"fixed","name":"S","size":1}}]}'
    expect(avro.print(parse(late, 'confluent'), 'canonical')).toBe(
      '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"fixed","name":"S","size":1}},{"name":"b","type":"S"}]}',
    )
  })
})

describe('A stored schema stays readable', () => {
  it.each([
    ['with an invalid name', '{"type":"record","name":"a-b","fields":[]}'],
    ['with an invalid default', fieldOf('"int"', ',"default":"x"')],
    ['with an invalid symbol', enumOf('"symbols":["a b"]')],
  ])('%s', (_, text) => {
    expect(() => parse(text)).toThrow(InvalidSchema)
    expect(avro.print(parse(text, 'strict', false), 'canonical')).toBe(text)
  })
})

describe('References', () => {
  const money = { type: 'AVRO' as const, text: '{"type":"fixed","name":"shop.Money","size":8}', references: [] }
  const reference = { name: 'shop.Money', subject: 'money', version: 1 }
  const source = { type: 'AVRO' as const, text: fieldOf('"shop.Money"'), references: [reference] }

  it('define types that the canonical text only names and the resolved text repeats', () => {
    const schema = avro.parse(source, () => money, { validation: 'strict', asNew: true })
    expect(avro.print(schema, 'canonical')).toBe(source.text)
    expect(avro.print(schema, 'resolved')).toBe(fieldOf('{"type":"fixed","name":"Money","namespace":"shop","size":8}'))
  })

  it('that lead nowhere are named', () => {
    expect(() => avro.parse(source, noReferences, { validation: 'strict', asNew: true })).toThrow(
      'version 1 of subject "money"',
    )
  })
})

describe('Hostile schemas', () => {
  it('cannot exhaust the stack by nesting', () => {
    const text = '{"type":"array","items":'.repeat(5000) + '"int"' + '}'.repeat(5000)
    expect(refusal(text).reason).toContain('1000 levels')
  })

  it('cannot exhaust the stack by a chain of definitions that are used before', () => {
    const fields = Array.from({ length: 5000 }, (_, i) => {
      const inner = `{"type":"record","name":"T${i}","fields":[{"name":"n","type":["null","T${i + 1}"]}]}`
      return `{"name":"f${i}","type":${inner}}`
    })
    const last = '{"name":"z","type":{"type":"record","name":"T5000","fields":[]}}'
    const text = `{"type":"record","name":"R","fields":[${[...fields, last].join(',')}]}`
    expect(refusal(text, 'confluent').reason).toContain('levels deep')
  })

  it('cannot use names of JavaScript for anything', () => {
    const text = fieldOf('"int"').replace('"f"', '"__proto__"')
    const [reader, writer] = [parse(text.replace('"int"', '"string"')), parse(text)]
    const verdict = avro.canRead(reader, writer, { policy: 'EXACT' })
    expect(verdict).toMatchObject({ outcome: 'incompatible', witness: { confirmedBy: 'avsc 5.7.9' } })
    expect(verdict.outcome === 'incompatible' && JSON.stringify(verdict.witness?.value)).toBe('{"__proto__":0}')
  })

  it('get no witness that would fill the memory', () => {
    const doubled = Array.from(
      { length: 40 },
      (_, i) => `{"name":"f${i}","type":{"type":"record","name":"D${i}","fields":[
      {"name":"a","type":${i === 0 ? '"int"' : `"D${i - 1}"`}},{"name":"b","type":${i === 0 ? '"int"' : `"D${i - 1}"`}}]}}`,
    )
    const text = (last: string) =>
      `{"type":"record","name":"R","fields":[${doubled.join(',')},{"name":"z","type":"${last}"}]}`
    const verdict = avro.canRead(parse(text('int')), parse(text('string')), { policy: 'EXACT' })
    expect(verdict).toMatchObject({ outcome: 'incompatible', breaks: [{ rule: 'TYPE_MISMATCH' }] })
    expect(verdict).not.toHaveProperty('witness')
  })
})

describe('Warnings', () => {
  it('name what is valid and surely not meant', () => {
    const text = `{"type":"record","name":"R","fields":[
      {"name":"a","type":{"type":"string","logicalType":"date"}},
      {"name":"b","type":["null","int"],"default":1}]}`
    expect(warningsOf(parse(text)).map(({ rule, position }) => [rule, position?.line])).toEqual([
      ['LOGICAL_TYPE_IGNORED', 2],
      ['DEFAULT_OF_LATER_BRANCH', 3],
    ])
  })

  it('name a type that nobody can write', () => {
    const text = '{"type":"record","name":"R","fields":[{"name":"again","type":"R"}]}'
    expect(warningsOf(parse(text))).toMatchObject([{ rule: 'NEVER_WRITTEN' }])
  })
})
