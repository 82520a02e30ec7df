import fc from 'fast-check'
import { edited, Random, randomSchema } from '../../test/random-avro-schema.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import { noReferences } from '../schema/source.js'
import { avro, fingerprint, parsingCanonicalForm, topLevelFields } from './index.js'
import { javaDouble, javaFloat } from './java-number.js'

const parse = (text: string) =>
  avro.parse({ type: 'AVRO', text, references: [] }, noReferences, { validation: 'strict', asNew: true })

describe('Numbers as Java writes them', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [100, '100.0'],
    [1e6, '1000000.0'],
    [1e7, '1.0E7'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [123456789.125, '1.23456789125E8'],
    [1e23, '1.0E23'],
    [2e-323, '2.0E-323'],
    [5e-324, '4.9E-324'],
    [-2.25, '-2.25'],
    [Infinity, '"Infinity"'],
    [NaN, '"NaN"'],
  ])('%d', (value, text) => {
    expect(javaDouble(value)).toBe(text)
  })

  it('of single precision have the digits that tell floats apart', () => {
    expect(javaFloat(0.1)).toBe('0.1')
    expect(javaFloat(16777216)).toBe('1.6777216E7')
    expect(javaFloat(1.4e-45)).toBe('1.4E-45')
  })

  it('read back as the value that they stand for', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(javaDouble(value))).toBe(value)
        expect(Math.fround(Number(javaFloat(value).replaceAll('"', '')))).toBe(Math.fround(value))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })
})

describe('Parsing Canonical Form and fingerprints', () => {
  it.each([
    ['"int"', '"int"', '7275d51a3f395c8f'],
    ['{"type":"null"}', '"null"', '63dd24e7cc258f8a'],
    ['{"logicalType":"uuid","type":"string"}', '"string"', '8f014872634503c7'],
  ])('%s', (text, form, crc) => {
    expect(parsingCanonicalForm(parse(text))).toBe(form)
    expect(fingerprint(parse(text), 'CRC-64-AVRO')).toBe(crc)
  })

  it('has full names, and of the attributes only those that matter to the bytes', () => {
    const text = `{"namespace":"x","doc":"d","type":"record","name":"R","aliases":["Q"],"fields":[
      {"name":"e","default":"A","type":{"type":"enum","symbols":["A"],"name":"E","default":"A"}},{"name":"r","type":["null","R"]}]}`
    expect(parsingCanonicalForm(parse(text))).toBe(
      '{"name":"x.R","type":"record","fields":[{"name":"e","type":{"name":"x.E","type":"enum","symbols":["A"]}},{"name":"r","type":["null","x.R"]}]}',
    )
    expect(fingerprint(parse(text), 'SHA-256')).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('On random schemas', () => {
  const forms = ['canonical', 'normalized', 'resolved'] as const

  it('printing and parsing again changes nothing', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed)
        for (let json = randomSchema(random), count = 0; count < 4; count++, json = edited(random, json)) {
          const schema = parsed(JSON.stringify(json, null, random.below(3)))
          if (!schema) continue
          for (const form of forms) {
            const text = avro.print(schema, form)
            expect(avro.print(parse(text), form)).toBe(text)
            expect(avro.diff(schema, parse(avro.print(schema, 'canonical')))).toEqual([])
          }
          expect(avro.print(parse(avro.print(schema, 'canonical')), 'normalized')).toBe(
            avro.print(schema, 'normalized'),
          )
        }
      }),
      { seed: 7, numRuns: 200 },
    )
  })
})

function parsed(text: string) {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof InvalidSchema) return undefined
    throw error
  }
}

describe('The normalized text', () => {
  it('sorts aliases, properties and members of defaults', () => {
    const text = `{"type":"record","name":"R","doc":"","z":1,"aliases":["b","a"],"fields":[
      {"name":"m","type":{"type":"map","values":"double"},"default":{"y":1,"x":2},"q":{"d":1,"c":2}}],"a":2}`
    expect(avro.print(parse(text), 'normalized')).toBe(
      '{"type":"record","name":"R","fields":[{"name":"m","type":{"type":"map","values":"double"},"default":{"x":2.0,"y":1.0},"q":{"c":2,"d":1}}],"a":2,"z":1,"aliases":["a","b"]}',
    )
  })

  it('keeps a default that only fits a later branch, which Confluent drops', () => {
    const text = '{"type":"record","name":"R","fields":[{"name":"f","type":["null","double"],"default":0}]}'
    expect(avro.print(parse(text), 'normalized')).toContain('"default":0.0')
    const theirs = avro.parse({ type: 'AVRO', text, references: [] }, noReferences, {
      validation: 'confluent',
      asNew: true,
    })
    expect(avro.print(theirs, 'normalized')).not.toContain('default')
  })

  it('keeps the null namespace of a type inside of another one', () => {
    const text =
      '{"type":"record","name":"n.R","fields":[{"name":"f","type":{"type":"fixed","name":"F","namespace":"","size":1}}]}'
    expect(avro.print(parse(text), 'normalized')).toContain('"name":"F","namespace":""')
  })
})

it('The top-level fields of a schema are those of its record', () => {
  expect(topLevelFields(parse('{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}'))).toEqual(['a'])
  expect(topLevelFields(parse('"int"'))).toEqual([])
})
