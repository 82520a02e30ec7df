import avsc from 'avsc'
import fc from 'fast-check'
import { InvalidValue } from '../encode-error.js'
import { defaultTypes, type ResolvedTypes } from '../types.js'
import { ByteReader } from '../wire/byte-reader.js'
import { written } from '../wire/byte-writer.js'
import { AvroCodec } from './codec.js'

type Json = Record<string, unknown>

const codecOf = (schema: unknown, tagged: string[] = [], types: Partial<ResolvedTypes> = {}) =>
  new AvroCodec(
    { format: 'AVRO', subject: 's', version: 1, schema: JSON.stringify(schema), tagged },
    { ...defaultTypes, ...types },
  )
const encode = (codec: AvroCodec, value: unknown) => written((out) => codec.write(value, out))
const decode = (codec: AvroCodec, bytes: Uint8Array, writer?: AvroCodec) => {
  const input = new ByteReader(bytes)
  const value = writer ? codec.reader(writer.type)(input) : codec.read(input)
  expect(input.remaining).toBe(0)
  return value
}
const record = (name: string, fields: Json[]) => ({ type: 'record', name, fields })

/** A schema with values of it, as they are here and as avsc has them with `wrapUnions: true`. */
interface Sample {
  schema: unknown
  /** What a value is in JavaScript: tells the branches of a union apart. */
  kind: string
  value: fc.Arbitrary<{ ours: unknown; theirs: unknown }>
}

const same = <T>(arbitrary: fc.Arbitrary<T>) => arbitrary.map((value) => ({ ours: value, theirs: value }))

const longType = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : 1),
})

const leaves: Sample[] = [
  { schema: 'null', kind: 'null', value: same(fc.constant(null)) },
  { schema: 'boolean', kind: 'boolean', value: same(fc.boolean()) },
  { schema: 'int', kind: 'number', value: same(fc.integer()) },
  { schema: 'long', kind: 'bigint', value: same(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })) },
  { schema: 'float', kind: 'number', value: same(fc.float()) },
  { schema: 'double', kind: 'number', value: same(fc.double()) },
  { schema: 'string', kind: 'string', value: same(fc.string({ unit: 'grapheme' })) },
  {
    schema: 'bytes',
    kind: 'bytes',
    value: fc.uint8Array().map((bytes) => ({ ours: new Uint8Array(bytes), theirs: Buffer.from(bytes) })),
  },
]

/** Schemas three levels deep; every named type has a name of its own. */
function sampleOf(): fc.Arbitrary<Sample> {
  let names = 0
  const name = () => `N${names++}`
  return fc.letrec<{ any: Sample; array: Sample; map: Sample; record: Sample; union: Sample; enum: Sample }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...leaves),
      tie('enum'),
      tie('array'),
      tie('map'),
      tie('record'),
      tie('union'),
    ),
    enum: fc.constant(undefined).map(() => ({
      schema: { type: 'enum', name: name(), symbols: ['A', 'B', 'C'] },
      kind: 'string',
      value: same(fc.constantFrom('A', 'B', 'C')),
    })),
    array: tie('any').map(({ schema, value }) => ({
      schema: { type: 'array', items: schema },
      kind: 'array',
      value: fc
        .array(value, { maxLength: 4 })
        .map((items) => ({ ours: items.map(({ ours }) => ours), theirs: items.map(({ theirs }) => theirs) })),
    })),
    map: tie('any').map(({ schema, value }) => ({
      schema: { type: 'map', values: schema },
      kind: 'object',
      value: fc
        .dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
          value,
          { maxKeys: 3, noNullPrototype: true },
        )
        .map((map) => ({
          ours: Object.fromEntries(Object.entries(map).map(([key, { ours }]) => [key, ours])),
          theirs: Object.fromEntries(Object.entries(map).map(([key, { theirs }]) => [key, theirs])),
        })),
    })),
    record: fc.array(tie('any'), { minLength: 1, maxLength: 4 }).map((samples) => ({
      schema: record(
        name(),
        samples.map(({ schema }, at) => ({ name: `f${at}`, type: schema })),
      ),
      kind: 'object',
      value: fc.tuple(...samples.map(({ value }) => value)).map((values) => ({
        ours: Object.fromEntries(values.map(({ ours }, at) => [`f${at}`, ours])),
        theirs: Object.fromEntries(values.map(({ theirs }, at) => [`f${at}`, theirs])),
      })),
    })),
    union: fc.uniqueArray(tie('any'), { minLength: 1, maxLength: 3, selector: ({ kind }) => kind }).map((samples) => {
      const branches = samples.filter(({ kind }) => kind !== 'union')
      const chosen = branches.length > 0 ? branches : [leaves[0]]
      return {
        schema: chosen.map(({ schema }) => schema),
        kind: 'union',
        value: fc.oneof(
          ...chosen.map(({ schema, kind, value }) =>
            value.map(({ ours, theirs }) => ({
              ours,
              theirs: kind === 'null' ? null : { [branchName(schema)]: theirs },
            })),
          ),
        ),
      }
    }),
  })).any
}

function branchName(schema: unknown): string {
  if (typeof schema === 'string') return schema
  const { name, type } = schema as { name?: string; type: string }
  return name ?? type
}

describe('the Avro codec', () => {
  it('writes what avsc writes and reads it back, for any schema and value', () => {
    fc.assert(
      fc.property(
        sampleOf().chain((sample) => sample.value.map((value) => ({ ...value, schema: sample.schema }))),
        ({ schema, ours, theirs }) => {
          const codec = codecOf(schema)
          const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true, registry: { long: longType } })
          const bytes = encode(codec, ours)
          expect(bytes.toString('hex')).toBe(type.toBuffer(theirs).toString('hex'))
          expect(decode(codec, bytes)).toEqual(ours)
        },
      ),
      { seed: 7, numRuns: 400 },
    )
  })

  it('tells records in a union apart by $type, and gives it when reading', () => {
    const schema = record('Order', [
      {
        name: 'payment',
        type: [record('Card', [{ name: 'n', type: 'string' }]), record('Invoice', [{ name: 'n', type: 'string' }])],
      },
    ])
    const codec = codecOf(schema, ['Order', 'Card', 'Invoice'])
    const bytes = encode(codec, { payment: { $type: 'Invoice', n: 'x' } })
    expect(bytes).toEqual(Buffer.from('020278', 'hex'))
    expect(decode(codec, bytes)).toEqual({ $type: 'Order', payment: { $type: 'Invoice', n: 'x' } })
    expect(() => encode(codec, { payment: { n: 'x' } })).toThrow(
      'payment: the object needs a $type, one of "Card", "Invoice"',
    )
  })

  it('has decimals as text, timestamps as Date and days as ISO days', () => {
    const decimal = { type: 'bytes', logicalType: 'decimal', precision: 40, scale: 2 }
    const codec = codecOf(
      record('R', [
        { name: 'total', type: decimal },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'day', type: { type: 'int', logicalType: 'date' } },
      ]),
    )
    for (const total of ['0.00', '-0.01', '12.50', '-1.28', '1.27', '12345678901234567890123456789012345678.99']) {
      const value = { total, at: new Date(1_700_000_000_123), day: '2026-02-28' }
      expect(decode(codec, encode(codec, value))).toEqual(value)
    }
    const at = new Date(0)
    expect(() => encode(codec, { total: '1.234', at, day: '2026-02-28' })).toThrow(
      'total: has 3 decimal places, the schema allows 2',
    )
    expect(() => encode(codec, { total: '1e3', at, day: '2026-02-28' })).toThrow(InvalidValue)
    expect(() => encode(codec, { total: '1', at: new Date(NaN), day: '2026-02-28' })).toThrow(
      'at: expected a valid Date',
    )
    expect(() => encode(codec, { total: '1', at, day: '2026-02-30' })).toThrow('day: expected a day such as')
  })

  it('writes a decimal in the fewest bytes, as Java does', () => {
    const codec = codecOf({ type: 'bytes', logicalType: 'decimal', precision: 20, scale: 0 })
    for (const [text, hex] of [
      ['0', '0200'],
      ['127', '027f'],
      ['128', '040080'],
      ['-128', '0280'],
      ['-129', '04ff7f'],
      ['255', '0400ff'],
    ]) {
      expect(encode(codec, text).toString('hex')).toBe(hex)
    }
  })

  it('fills in what was left out and has a default, exactly, and an inherited name is not a value', () => {
    const fields =
      '[{"name":"constructor","type":"int","default":5},{"name":"big","type":"long","default":9223372036854775807}]'
    const schema = `{"type":"record","name":"R","fields":${fields}}`
    const codec = new AvroCodec({ format: 'AVRO', subject: 's', version: 1, schema }, defaultTypes)
    expect(decode(codec, encode(codec, {}))).toEqual({ constructor: 5, big: 9223372036854775807n })
  })

  it('names the place of a value that does not fit', () => {
    const codec = codecOf(
      record('R', [{ name: 'lines', type: { type: 'array', items: record('L', [{ name: 'n', type: 'int' }]) } }]),
    )
    expect(() => encode(codec, { lines: [{ n: 1 }, { n: 1.5 }] })).toThrow(
      'lines[1].n: expected a 32-bit integer, got 1.5',
    )
    expect(() => encode(codec, {})).toThrow('lines: expected an array, got undefined')
  })

  it('keeps a key __proto__ a key', () => {
    const codec = codecOf({ type: 'map', values: 'int' })
    const bytes = Buffer.from('02125f5f70726f746f5f5f0200', 'hex')
    const map = decode(codec, bytes) as object
    expect(Object.keys(map)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
  })
})

describe('reading what another version wrote', () => {
  const cases: [what: string, writer: unknown, reader: unknown, value: unknown, expected: unknown][] = [
    [
      'promotes numbers',
      record('R', [{ name: 'a', type: 'int' }]),
      record('R', [{ name: 'a', type: 'double' }]),
      { a: 3 },
      { a: 3 },
    ],
    ['widens an int to a bigint', 'int', 'long', 7, 7n],
    ['takes bytes as a string', 'string', 'bytes', 'é', new Uint8Array([0xc3, 0xa9])],
    [
      'passes over what it does not know, however deep',
      record('R', [
        {
          name: 'gone',
          type: {
            type: 'array',
            items: { type: 'map', values: ['null', 'string', record('X', [{ name: 'y', type: 'double' }])] },
          },
        },
        { name: 'a', type: 'string' },
      ]),
      record('R', [{ name: 'a', type: 'string' }]),
      { gone: [{ k: 'v', l: null, m: { y: 1 } }, {}], a: 'x' },
      { a: 'x' },
    ],
    [
      'fills in defaults',
      record('R', []),
      record('R', [
        { name: 'list', type: { type: 'array', items: 'int' }, default: [1] },
        { name: 'maybe', type: ['null', 'string'], default: null },
        { name: 'inner', type: record('I', [{ name: 'n', type: 'int', default: 4 }]), default: {} },
      ]),
      {},
      { list: [1], maybe: null, inner: { n: 4 } },
    ],
    [
      'goes by aliases',
      record('Old', [{ name: 'a', type: 'int' }]),
      { ...record('New', [{ name: 'b', type: 'int', aliases: ['a'] }]), aliases: ['Old'] },
      { a: 1 },
      { b: 1 },
    ],
    ['takes an unknown symbol as the default', enumOf(['A', 'B']), { ...enumOf(['A']), default: 'A' }, 'B', 'A'],
    ['leaves an unknown symbol as it is where there is no default', enumOf(['A', 'B']), enumOf(['A']), 'B', 'B'],
    ['puts a value into a union', 'int', ['null', 'long'], 5, 5n],
    ['takes a value out of a union', ['null', 'int'], 'long', 5, 5n],
  ]
  it.each(cases)('%s', (_, writer, reader, value, expected) => {
    const from = codecOf(writer)
    const to = codecOf(reader)
    expect(decode(to, encode(from, value), from)).toEqual(expected)
  })

  it('gives every message a default of its own', () => {
    const from = codecOf(record('R', []))
    const to = codecOf(record('R', [{ name: 'list', type: { type: 'array', items: 'int' }, default: [] }]))
    const read = () => decode(to, encode(from, {}), from) as { list: number[] }
    read().list.push(1)
    expect(read().list).toEqual([])
  })

  it.each([
    ['a type that cannot become the other', 'string', 'int'],
    ['a field that was not written and has no default', record('R', []), record('R', [{ name: 'a', type: 'int' }])],
    ['a decimal of another scale', decimal(2), decimal(3)],
    ['a fixed of another size', { type: 'fixed', name: 'F', size: 2 }, { type: 'fixed', name: 'F', size: 3 }],
    ['a timestamp of another unit', time('timestamp-micros'), time('timestamp-millis')],
  ])('is refused before the first message for %s', (_, writer, reader) => {
    expect(() => codecOf(reader).reader(codecOf(writer).type)).toThrow(
      expect.objectContaining({ code: 'Unprojectable' }) as Error,
    )
  })

  it('agrees with avsc on evolved records', () => {
    const types = ['int', 'long', 'float', 'double', 'string', 'bytes', 'boolean'] as const
    const defaults = { int: 1, long: 2, float: 3, double: 4, string: 's', bytes: 'b', boolean: true }
    const field = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      type: fc.constantFrom(...types),
      optional: fc.boolean(),
    })
    const fields = fc
      .uniqueArray(field, { selector: ({ name }) => name, maxLength: 4 })
      .map((all) =>
        all.map(({ name, type, optional }) => ({ name, type, ...(optional && { default: defaults[type] }) })),
      )
    let compared = 0
    fc.assert(
      fc.property(fields, fields, (written, read) => {
        const [writer, reader] = [record('R', written), record('R', read)] as avsc.Schema[]
        const value = Object.fromEntries(
          written.map(({ name, type }) => [
            name,
            type === 'bytes' ? Buffer.from('xy') : type === 'string' ? 'xy' : type === 'boolean' ? false : 9,
          ]),
        )
        const [theirWriter, theirReader] = [avsc.Type.forSchema(writer), avsc.Type.forSchema(reader)]
        const bytes = theirWriter.toBuffer(value)
        let expected: unknown
        try {
          expected = plain(theirReader.fromBuffer(bytes, theirReader.createResolver(theirWriter)))
        } catch {
          expected = 'refused'
        }
        let actual: unknown
        try {
          const codec = codecOf(reader, [], { long: 'number' })
          actual = plain(decode(codec, bytes, codecOf(writer)))
        } catch {
          actual = 'refused'
        }
        expect(actual).toEqual(expected)
        if (actual !== 'refused') compared++
      }),
      { seed: 3, numRuns: 400 },
    )
    expect(compared).toBeGreaterThan(100)
  })
})

describe('bytes that nobody should have sent', () => {
  const refusals: [what: string, schema: unknown, hex: string][] = [
    ['end early', 'string', '08 61'],
    ['announce a huge array', { type: 'array', items: 'null' }, 'fe ff ff ff ff ff ff ff 7f'],
    ['announce a negative length', 'bytes', '01'],
    ['name a branch that is not there', ['null', 'int'], '04'],
    ['name a symbol that is not there', enumOf(['A']), '02'],
    ['hold a boolean of 2', 'boolean', '02'],
    ['hold an int of 40 bits', 'int', '80 80 80 80 80 02'],
    ['hold a timestamp beyond the calendar', time('timestamp-millis'), 'ff ff ff ff ff ff ff ff 7f'],
    [
      'hold a decimal of a million digits',
      decimal(2),
      `${Buffer.from([0x80, 0x89, 0x7a]).toString('hex')}${'7f'.repeat(1_000_000)}`,
    ],
  ]
  it.each(refusals)('are refused when they %s', (_, schema, hex) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    expect(() => codecOf(schema).read(new ByteReader(bytes))).toThrow(
      expect.objectContaining({ name: 'DecodeError' }) as Error,
    )
  })

  it('are refused when they nest a recursive record without end', () => {
    const codec = codecOf(record('L', [{ name: 'next', type: ['null', 'L'] }]))
    expect(() => codec.read(new ByteReader(Buffer.alloc(100_000, 2)))).toThrow('nested more than')
  })

  it('beyond 2^53 are out of range where longs are numbers, and readable as bigint', () => {
    const bytes = encode(codecOf('long'), 2n ** 60n)
    expect(() => codecOf('long', [], { long: 'number' }).read(new ByteReader(bytes))).toThrow(
      expect.objectContaining({ code: 'OutOfRange' }) as Error,
    )
    expect(codecOf('long').read(new ByteReader(bytes))).toBe(2n ** 60n)
  })
})

/** Without classes, bytes as hex. */
const plain = (value: unknown) =>
  Object.fromEntries(
    Object.entries(value as Json).map(([key, item]) => [
      key,
      item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item,
    ]),
  )

function enumOf(symbols: string[]) {
  return { type: 'enum', name: 'E', symbols }
}

function decimal(scale: number) {
  return { type: 'bytes', logicalType: 'decimal', precision: 8, scale }
}

function time(logicalType: string) {
  return { type: 'long', logicalType }
}
