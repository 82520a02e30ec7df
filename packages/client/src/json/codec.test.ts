import { ByteReader } from '../wire/byte-reader.js'
import { written } from '../wire/byte-writer.js'
import { JsonCodec } from './codec.js'

const codecOf = (schema: unknown, references: [name: string, schema: unknown][] = []) =>
  new JsonCodec(
    JSON.stringify(schema),
    references.map(([name, schema]) => ({ name, subject: name, version: 1, schema: JSON.stringify(schema) })),
  )
const write = (codec: JsonCodec, value: unknown) => written((out) => codec.write(value, out)).toString()
const read = (codec: JsonCodec, value: unknown) => codec.read(new ByteReader(Buffer.from(JSON.stringify(value))))

const order = {
  type: 'object',
  required: ['id', 'status'],
  additionalProperties: false,
  properties: {
    id: { type: 'string' },
    status: { enum: ['NEW', 'PAID'] },
    channel: { type: 'string', default: 'web' },
    payment: {
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'card' }, number: { type: 'string' } },
          required: ['kind'],
          additionalProperties: false,
        },
        {
          type: 'object',
          properties: { kind: { enum: ['invoice'] } },
          required: ['kind'],
          additionalProperties: false,
        },
      ],
    },
    lines: { type: 'array', items: { $ref: '#/definitions/line' } },
  },
  definitions: { line: { type: 'object', properties: { quantity: { type: 'integer', default: 1 } } } },
}

describe('the JSON codec', () => {
  it('writes only what the schema accepts, and names the place of what it does not', () => {
    const codec = codecOf(order)
    expect(write(codec, { id: 'a', status: 'NEW' })).toBe('{"id":"a","status":"NEW"}')
    expect(() => write(codec, { id: 'a', status: 'LOST' })).toThrow(
      'status: must be equal to one of the allowed values',
    )
    expect(() => write(codec, { id: 'a', status: 'NEW', lines: [{}, { quantity: 1.5 }] })).toThrow(
      'lines[1].quantity: must be integer',
    )
    expect(() => write(codec, { id: 'a', status: 'NEW', typo: 1 })).toThrow('additional properties')
  })

  it('reads what a newer version added: properties and values of enums', () => {
    const codec = codecOf(order)
    const value = { id: 'a', status: 'REFUNDED', added: 1, payment: { kind: 'card', number: '1', added: 2 }, lines: [] }
    expect(read(codec, value)).toEqual({ ...value, channel: 'web' })
  })

  it('does not read what is wrong by any version', () => {
    const codec = codecOf(order)
    expect(() => read(codec, { id: 5, status: 'NEW' })).toThrow('/id must be string')
    expect(() => read(codec, { id: 'a', status: 'NEW', payment: { kind: 'cash' } })).toThrow(
      expect.objectContaining({ code: 'Malformed' }) as Error,
    )
    expect(() => codec.read(new ByteReader(Buffer.from('{"id":"personal')))).toThrow('the message is not JSON in UTF-8')
    expect(() => codec.read(new ByteReader(Buffer.from([0x22, 0xc3, 0x28, 0x22])))).toThrow('not JSON in UTF-8')
  })

  it('fills in defaults, through references and lists, each message with a value of its own', () => {
    const codec = codecOf(order)
    expect(read(codec, { id: 'a', status: 'NEW', lines: [{}, { quantity: 2 }] })).toEqual({
      id: 'a',
      status: 'NEW',
      channel: 'web',
      lines: [{ quantity: 1 }, { quantity: 2 }],
    })
    const lists = codecOf({ properties: { tags: { default: [] } } })
    const first = read(lists, {}) as { tags: unknown[] }
    first.tags.push(1)
    expect(read(lists, {})).toEqual({ tags: [] })
  })

  it('fills nothing in where one of several alternatives applies', () => {
    const codec = codecOf({
      oneOf: [{ required: ['a'], properties: { a: {}, b: { default: 1 } } }, { required: ['c'] }],
    })
    expect(read(codec, { c: 1 })).toEqual({ c: 1 })
  })

  it('resolves references by the name they are registered under', () => {
    const money = {
      type: 'object',
      required: ['cents'],
      properties: { cents: { type: 'integer' }, currency: { type: 'string', default: 'EUR' } },
    }
    const plain = codecOf({ properties: { total: { $ref: 'money.json' } } }, [['money.json', money]])
    const based = codecOf({ $id: 'https://shop.test/order.json', properties: { total: { $ref: 'money.json' } } }, [
      ['money.json', money],
    ])
    for (const codec of [plain, based]) {
      expect(read(codec, { total: { cents: 5 } })).toEqual({ total: { cents: 5, currency: 'EUR' } })
      expect(() => write(codec, { total: {} })).toThrow("total: must have required property 'cents'")
    }
    expect(() => codecOf({ $ref: 'absent.json' })).toThrow('cannot be compiled')
  })

  it.each([
    ['http://json-schema.org/draft-04/schema#', { minimum: 0, exclusiveMinimum: true }],
    ['http://json-schema.org/draft-06/schema#', { exclusiveMinimum: 0 }],
    ['http://json-schema.org/draft-07/schema#', { exclusiveMinimum: 0 }],
    ['https://json-schema.org/draft/2019-09/schema', { exclusiveMinimum: 0 }],
    ['https://json-schema.org/draft/2020-12/schema', { $defs: { n: { exclusiveMinimum: 0 } }, $ref: '#/$defs/n' }],
  ])('understands %s', ($schema, rules) => {
    const codec = codecOf({ $schema, ...rules })
    expect(write(codec, 1)).toBe('1')
    expect(() => write(codec, 0)).toThrow('must be > 0')
  })

  it('keeps a property __proto__ a property, and one that is called like a keyword', () => {
    const codec = codecOf(
      JSON.parse('{"properties":{"__proto__":{"type":"string"},"enum":{"type":"integer"},"oneOf":{"default":3}}}'),
    )
    const value = codec.read(new ByteReader(Buffer.from('{"__proto__":"x","enum":1}'))) as object
    expect(Object.entries(value)).toEqual([
      ['__proto__', 'x'],
      ['enum', 1],
      ['oneOf', 3],
    ])
    expect(() => read(codec, { enum: 'x' })).toThrow('/enum must be integer')
  })
})
