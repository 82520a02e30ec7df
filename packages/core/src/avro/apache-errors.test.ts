import { noReferences } from '../schema/source.js'
import type { Verdict } from '../schema/verdict.js'
import { avro, relationsBetween } from './index.js'

const parse = (schema: unknown) =>
  avro.parse({ type: 'AVRO', text: JSON.stringify(schema), references: [] }, noReferences, {
    validation: 'strict',
    asNew: false,
  })

const ask = (writer: unknown, reader: unknown) => {
  const [r, w] = [parse(reader), parse(writer)]
  return {
    apache: summary(avro.canRead(r, w, { policy: 'STRICT' })),
    exact: summary(avro.canRead(r, w, { policy: 'EXACT' })),
    failure: failureOf(avro.canRead(r, w, { policy: 'EXACT' })),
    relations: relationsBetween(r, w),
  }
}
const summary = (verdict: Verdict) =>
  verdict.outcome === 'incompatible'
    ? verdict.breaks.map(({ rule, path }) => `${rule} ${path}`).join(', ')
    : verdict.outcome
const failureOf = (verdict: Verdict) => (verdict.outcome === 'incompatible' ? verdict.witness?.failure : undefined)

const record = (fields: unknown[], name = 'R', more = {}) => ({ type: 'record', name, fields, ...more })
const field = (type: unknown, more = {}) => ({ name: 'f', type, ...more })
const decimal = (precision: number, scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale })
const annotated = (type: string, logicalType: string) => ({ type, logicalType })

describe("Where Apache's check errs, STRICT errs with it and EXACT does not", () => {
  describe('logical types', () => {
    it.each([
      [
        'the scale of a decimal',
        decimal(10, 2),
        decimal(10, 4),
        'DECIMAL_MISMATCH /',
        'written as 0.01 is read as 0.0001',
      ],
      ['the precision of a decimal', decimal(10, 2), decimal(12, 2), 'DECIMAL_MISMATCH /', 'does not resolve'],
      [
        'the unit of a timestamp',
        annotated('long', 'timestamp-millis'),
        annotated('long', 'timestamp-micros'),
        'LOGICAL_TYPE_MISMATCH /',
        'written as 1970-01-01T00:00:00.001Z is read as 1970-01-01T00:00:00.000001Z',
      ],
      [
        'the zone of a timestamp',
        annotated('long', 'timestamp-millis'),
        annotated('long', 'local-timestamp-millis'),
        'LOGICAL_TYPE_MISMATCH /',
        'local time',
      ],
      [
        'days read as milliseconds',
        annotated('int', 'date'),
        annotated('long', 'timestamp-millis'),
        'LOGICAL_TYPE_MISMATCH /',
        'written as 1970-01-02 is read as 1970-01-01T00:00:00.001Z',
      ],
    ])('%s', (_, writer, reader, exact, failure) => {
      const answer = ask(writer, reader)
      expect(answer.apache).toBe('compatible')
      expect(answer.exact).toBe(exact)
      expect(answer.failure).toContain(failure)
      expect(answer.relations).toEqual({ decodes: true, lossless: true, meaning: false })
    })

    it('may be added or removed: one side alone says nothing about the meaning', () => {
      expect(ask('long', annotated('long', 'timestamp-millis')).exact).toBe('compatible')
      expect(ask(decimal(10, 2), 'bytes').exact).toBe('compatible')
    })

    it('that are invalid have no meaning', () => {
      expect(ask(decimal(2, 5), decimal(9, 9)).exact).toBe('compatible')
      expect(ask(annotated('string', 'date'), annotated('string', 'uuid')).exact).toBe('compatible')
    })
  })

  describe('names', () => {
    const inUnion = (namespace: string) => ['null', { type: 'enum', name: 'E', namespace, symbols: ['A'] }]

    it('an enum of another namespace in a union is not found by Java', () => {
      const answer = ask({ type: 'enum', name: 'E', namespace: 'a', symbols: ['A'] }, inUnion('b'))
      expect(answer).toMatchObject({ apache: 'compatible', exact: 'MISSING_UNION_BRANCH /' })
      expect(ask({ type: 'enum', name: 'E', namespace: 'a', symbols: ['A'] }, inUnion('a')).exact).toBe('compatible')
    })

    it('a namespace plays no part outside of unions', () => {
      expect(ask(record([], 'a.R'), record([], 'b.R'))).toMatchObject({ apache: 'compatible', exact: 'compatible' })
    })

    it('an alias has to be the full name of the writer', () => {
      expect(ask(record([], 'a.Old'), record([], 'a.New', { aliases: ['Old'] })).exact).toBe('compatible')
      expect(ask(record([], 'a.Old'), record([], 'b.New', { aliases: ['Old'] })).exact).toBe('NAME_MISMATCH /name')
    })
  })

  describe('unions of the reader', () => {
    it('the first branch that matches is taken, not any that would do', () => {
      const reader = [record([field('string')], 'x.R'), record([field('int')], 'y.R')]
      expect(ask(record([field('int')], 'x.R'), reader)).toMatchObject({
        apache: 'compatible',
        exact: 'TYPE_MISMATCH /0/fields/0/type',
      })
    })

    it('their order decides what a number becomes', () => {
      expect(ask('long', ['float', 'long'])).toMatchObject({ apache: 'compatible', exact: 'NUMBER_ROUNDED /0' })
      expect(ask('long', ['long', 'float']).exact).toBe('compatible')
    })
  })

  describe('defaults', () => {
    it('of the wrong type fail when they are needed', () => {
      const reader = record([field('int', { default: 'one' })])
      expect(ask(record([]), reader)).toMatchObject({
        apache: 'compatible',
        exact: 'READER_DEFAULT_INVALID /fields/0/default',
      })
      expect(ask(record([field('int')]), reader).exact).toBe('compatible')
    })

    it('of an enum are none of its field', () => {
      const reader = record([field({ type: 'enum', name: 'E', symbols: ['A'], default: 'A' })])
      expect(ask(record([]), reader)).toMatchObject({
        apache: 'TYPE_MISMATCH /fields/0/type',
        exact: 'READER_FIELD_MISSING_DEFAULT_VALUE /fields/0',
      })
    })

    it('of an enum read what the writer did not mean', () => {
      const writer = { type: 'enum', name: 'E', symbols: ['A', 'B'] }
      const answer = ask(writer, { type: 'enum', name: 'E', symbols: ['A'], default: 'A' })
      expect(answer).toMatchObject({ apache: 'compatible', exact: 'ENUM_SYMBOL_REPLACED /symbols' })
      expect(answer.relations).toEqual({ decodes: true, lossless: false, meaning: false })
      expect(answer.failure).toBe("the writer's enum B becomes the reader's enum A")
    })
  })

  it('a field and its alias that are both written stop the check, and every reader', () => {
    const reader = record([{ name: 'a', type: 'int', aliases: ['b'] }])
    const writer = record([
      { name: 'a', type: 'int' },
      { name: 'b', type: 'int' },
    ])
    expect(ask(writer, reader)).toMatchObject({
      apache: 'AMBIGUOUS_ALIAS /fields/0',
      exact: 'AMBIGUOUS_ALIAS /fields/0',
    })
  })

  describe('promotions that lose something', () => {
    it.each([
      ['int', 'float', "the writer's int 16777217 becomes the reader's float 16777216"],
      ['long', 'float', "the writer's long 16777217 becomes the reader's float 16777216"],
      ['long', 'double', "the writer's long 9007199254740993 becomes the reader's double 9007199254740992"],
      ['bytes', 'string', "the writer's bytes 0xff becomes the reader's string \ufffd"],
    ])('%s to %s', (writer, reader, failure) => {
      const answer = ask(writer, reader)
      expect(answer.apache).toBe('compatible')
      expect(answer.failure).toBe(failure)
      expect(answer.relations).toEqual({ decodes: true, lossless: false, meaning: false })
    })

    it.each([
      ['int', 'long'],
      ['int', 'double'],
      ['float', 'double'],
      ['string', 'bytes'],
    ])('%s to %s loses nothing', (writer, reader) => {
      expect(ask(writer, reader).exact).toBe('compatible')
    })
  })

  it('a recursive pair that turns out incompatible is remembered as compatible', () => {
    const node = { type: 'record', name: 'N', fields: [{ name: 'back', type: ['null', 'A'] }] }
    const own = (bad: string) => [
      { name: 'n', type: node },
      { name: 'bad', type: bad },
    ]
    const writer = record(own('string'), 'A', { namespace: 'w' })
    const reader = [
      record(own('int'), 'A', { namespace: 'x' }),
      record([{ name: 'n', type: 'x.N' }], 'A', { namespace: 'y' }),
    ]
    expect(ask(writer, reader)).toMatchObject({ apache: 'compatible', exact: 'TYPE_MISMATCH /0/fields/1/type' })
  })

  it('what nobody can write is no reason to refuse', () => {
    const endless = { type: 'record', name: 'Endless', fields: [{ name: 'again', type: 'Endless' }] }
    expect(ask(['int', endless], 'int')).toMatchObject({ apache: 'TYPE_MISMATCH /1', exact: 'compatible' })
  })
})
