import fc from 'fast-check'
import { edited, Random, randomSchema } from '../../test/random-avro-schema.js'
import type { Policy } from '../schema/format.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import { noReferences } from '../schema/source.js'
import { avro } from './index.js'

const parse = (text: string) =>
  avro.parse({ type: 'AVRO', text, references: [] }, noReferences, { validation: 'strict', asNew: true })

const changes = (older: string, newer: string) =>
  avro.diff(parse(older), parse(newer)).map(({ rule, path }) => `${rule} ${path}`)

const record = (...fields: string[]) => `{"type":"record","name":"R","fields":[${fields.join(',')}]}`
const fixes = (writer: string, reader: string, policy: Policy = 'EXACT') => {
  const verdict = avro.canRead(parse(reader), parse(writer), { policy })
  return verdict.outcome === 'incompatible' ? verdict.breaks.map(({ fix }) => fix) : []
}

describe('What changed between two versions', () => {
  const int = '{"name":"a","type":"int"}'
  const enumeration = (more: string) => `{"type":"enum","name":"E",${more}}`

  it.each([
    ['a field was added', record(int), record(int, '{"name":"b","type":"int"}'), ['FIELD_ADDED /fields/1']],
    ['a field was removed', record(int), record(), ['FIELD_REMOVED /']],
    [
      'a field was renamed',
      record(int),
      record('{"name":"b","type":"int","aliases":["a"]}'),
      ['FIELD_RENAMED /fields/0', 'ALIASES_CHANGED /fields/0/aliases'],
    ],
    ['a type changed', record(int), record('{"name":"a","type":"long"}'), ['TYPE_CHANGED /fields/0/type']],
    [
      'a default came',
      record(int),
      record('{"name":"a","type":"int","default":1}'),
      ['DEFAULT_ADDED /fields/0/default'],
    ],
    [
      'the documentation changed',
      record(int),
      record('{"name":"a","type":"int","doc":"d"}'),
      ['DOC_CHANGED /fields/0/doc'],
    ],
    ['a branch came', '["null","int"]', '["null","int","string"]', ['BRANCH_ADDED /2']],
    ['branches moved', '["null","int"]', '["int","null"]', ['BRANCHES_REORDERED /']],
    ['a symbol went', enumeration('"symbols":["A","B"]'), enumeration('"symbols":["A"]'), ['SYMBOL_REMOVED /symbols']],
    [
      'a size changed',
      '{"type":"fixed","name":"F","size":1}',
      '{"type":"fixed","name":"F","size":2}',
      ['SIZE_CHANGED /size'],
    ],
    [
      'a namespace changed',
      '{"type":"fixed","name":"a.F","size":1}',
      '{"type":"fixed","name":"b.F","size":1}',
      ['NAMESPACE_CHANGED /namespace'],
    ],
    ['an annotation came', '"long"', '{"type":"long","logicalType":"timestamp-millis"}', ['LOGICAL_TYPE_CHANGED /']],
    ['a tag came', '"long"', '{"type":"long","confluent:tags":["PII"]}', ['PROPERTY_CHANGED /confluent:tags']],
    ['nothing but the layout', record(int), record(` ${int} `), []],
  ])('%s', (_, older, newer, expected) => {
    expect(changes(older, newer)).toEqual(expected)
  })

  it('is shown with its place in both texts', () => {
    const [change] = avro.diff(parse(record(int)), parse(`\n${record('{"name":"a","type":"long"}')}`))
    expect(change?.at).toEqual({ older: { line: 1, column: 58 }, newer: { line: 2, column: 58 } })
  })
})

describe('Advice is given where it helps', () => {
  it.each([
    [
      'a field without default',
      record(),
      record('{"name":"a","type":["null","int"]}'),
      "give the reader's field a a default, such as null",
    ],
    [
      'another name',
      '{"type":"fixed","name":"F","size":1}',
      '{"type":"fixed","name":"G","size":1}',
      'add the alias "F" to the reader\'s fixed G',
    ],
    [
      'another size',
      '{"type":"fixed","name":"F","size":1}',
      '{"type":"fixed","name":"F","size":2}',
      "give the reader's fixed F the size 1",
    ],
    [
      'a missing symbol',
      '{"type":"enum","name":"E","symbols":["A","B"]}',
      '{"type":"enum","name":"E","symbols":["A"]}',
      "add B to the symbols of the reader's enum E",
    ],
    ['a narrowed number', '"long"', '"int"', 'make the reader\'s type "long"'],
    ['a rounded number', '"int"', '"float"', 'make the reader\'s type "double"'],
    ['a missing null', '["null","string"]', '"string"', 'make the reader\'s string a union with "null"'],
    ['a missing branch', '["null","string","int"]', '["null","string"]', 'add the branch "int" to the reader\'s union'],
    [
      'another unit',
      '{"type":"long","logicalType":"timestamp-millis"}',
      '{"type":"long","logicalType":"timestamp-micros"}',
      'make the reader\'s type {"type": "long", "logicalType": "timestamp-millis"}',
    ],
  ])('%s', (_, writer, reader, advice) => {
    expect(fixes(writer, reader)).toEqual([advice])
  })

  it('under STRICT as well', () => {
    expect(fixes(record(), record('{"name":"a","type":"int"}'), 'STRICT')).toEqual([
      "give the reader's field a a default, such as 0",
    ])
  })

  it('is left out where nothing that was tried helps', () => {
    expect(fixes('{"type":"map","values":"int"}', '{"type":"array","items":"int"}')).toEqual([undefined])
  })
})

it('Every schema reads itself under STRICT, and reading is decided the same way twice', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = new Random(seed)
      const [first, second] = [randomSchema(random), undefined].map(
        (json) => json ?? edited(random, randomSchema(new Random(seed))),
      )
      const [reader, writer] = [first, second].map((json) => attempt(JSON.stringify(json)))
      if (!reader || !writer) return
      expect(avro.canRead(reader, reader, { policy: 'STRICT' }).outcome).toBe('compatible')
      for (const policy of ['STRICT', 'EXACT'] as const) {
        expect(avro.canRead(reader, writer, { policy })).toEqual(avro.canRead(reader, writer, { policy }))
      }
    }),
    { seed: 3, numRuns: 150 },
  )
})

function attempt(text: string) {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof InvalidSchema) return undefined
    throw error
  }
}
