import { generate, type BindingInput, type EventInput } from '@concordat/codegen'
import { eventOf, inputOf, topicOf, typeCheck } from './support.js'

const text = (schema: unknown) => JSON.stringify(schema)

const money = {
  type: 'record',
  name: 'Money',
  namespace: 'shop.common',
  fields: [
    { name: 'cents', type: 'long' },
    { name: 'currency', type: 'string', default: 'EUR' },
  ],
}
const order = {
  type: 'record',
  name: 'OrderPlaced',
  namespace: 'shop.orders.v1',
  doc: 'An order that a customer placed.',
  fields: [
    { name: 'orderId', type: { type: 'string', logicalType: 'uuid' }, doc: 'Unique for ever.' },
    { name: 'total', type: 'shop.common.Money' },
    { name: 'discount', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'placedAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'due', type: { type: 'int', logicalType: 'date' } },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['PLACED', 'PAID'] } },
    {
      name: 'payment',
      type: [record('Card', [{ name: 'number', type: 'string' }]), record('Invoice', [{ name: 'days', type: 'int' }])],
    },
    { name: 'coupon', type: ['null', 'string'], default: null },
    {
      name: 'lines',
      type: {
        type: 'array',
        items: record('Line', [
          { name: 'sku', type: 'string' },
          { name: 'quantity', type: 'int', default: 1 },
        ]),
      },
    },
    { name: 'parent', type: ['null', 'OrderPlaced'], default: null },
    { name: 'attributes', type: { type: 'map', values: ['string', 'double', 'boolean', 'bytes'] } },
  ],
}
const moneyReference = { name: 'shop.common.Money', subject: 'money', version: 1, text: text(money), references: [] }

const refund = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Refund',
  description: 'Money that goes back.',
  type: 'object',
  required: ['id', 'reason', 'method'],
  properties: {
    id: { type: 'string', format: 'uuid', description: 'Unique for ever.' },
    reason: { enum: ['late', 'broken'] },
    'odd key': { type: ['integer', 'null'] },
    amount: { type: 'number', default: 0 },
    items: { type: 'array', items: { $ref: '#/definitions/item' } },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], minItems: 1 },
    method: {
      oneOf: [
        { $ref: '#/definitions/card' },
        { type: 'object', required: ['kind'], properties: { kind: { const: 'cash' } } },
      ],
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    tree: { $ref: '#/definitions/tree' },
    never: false,
    anything: true,
  },
  definitions: {
    item: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } },
    card: {
      type: 'object',
      required: ['kind', 'number'],
      properties: { kind: { const: 'card' }, number: { type: 'string' } },
    },
    tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/definitions/tree' } } } },
    self: { $ref: '#/definitions/self' },
  },
}

const shipment = `syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
// A parcel on its way.
message Shipment {
  string id = 1;
  int64 weight_grams = 2;
  map<string, Box> boxes = 3;
  oneof target { Address address = 4; string locker = 5; }
  Status status = 6;
  optional bool express = 7;
  google.protobuf.Timestamp sent_at = 8;
  message Box { double size = 1; }
}
message Address { string street = 1; }
enum Status { STATUS_UNKNOWN = 0; STATUS_SENT = 1; }
`

function record(name: string, fields: unknown[]) {
  return { type: 'record', name, fields }
}

const schemas: [name: string, type: EventInput['type'], schema: string, more?: Partial<EventInput>][] = [
  ['avro-order', 'AVRO', text(order), { references: [moneyReference] }],
  ['avro-primitive', 'AVRO', text('string')],
  ['avro-union-of-events', 'AVRO', text([record('A', []), record('B', [{ name: 'a', type: 'A' }])])],
  [
    'avro-awkward-names',
    'AVRO',
    text(
      record('class', [
        { name: 'default', type: 'int' },
        { name: 'constructor', type: 'string' },
        { name: 'then', type: record('Topic', []) },
      ]),
    ),
  ],
  [
    'avro-recursive',
    'AVRO',
    text(
      record('Node', [
        { name: 'next', type: ['null', 'Node'] },
        { name: 'all', type: { type: 'map', values: { type: 'array', items: 'Node' } } },
      ]),
    ),
  ],
  [
    'avro-fixed-and-enum',
    'AVRO',
    text(
      record('R', [
        { name: 'f', type: { type: 'fixed', name: 'F', size: 4 } },
        { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A'], default: 'A' } },
      ]),
    ),
  ],
  ['json-refund', 'JSON', text(refund)],
  ['json-true', 'JSON', 'true'],
  ['json-empty', 'JSON', '{}'],
  ['json-self', 'JSON', text({ $ref: '#' })],
  [
    'json-cycle',
    'JSON',
    text({
      anyOf: [{ $ref: '#/definitions/a' }, { type: 'null' }],
      definitions: { a: { anyOf: [{ $ref: '#' }, { type: 'string' }] } },
    }),
  ],
  [
    'json-names',
    'JSON',
    text({
      definitions: { 'a-b': { type: 'object' }, a_b: { type: 'string' }, 'Things Events': { type: 'number' } },
      properties: {
        x: { $ref: '#/definitions/a-b' },
        y: { $ref: '#/definitions/a_b' },
        z: { $ref: '#/definitions/Things%20Events' },
      },
    }),
  ],
  [
    'json-all-of',
    'JSON',
    text({
      allOf: [
        { type: 'object', properties: { a: { enum: ['x', 'y', 3, null] } } },
        { anyOf: [{ required: ['a'] }, { properties: { b: { type: 'array' } } }] },
      ],
    }),
  ],
  [
    'json-2020',
    'JSON',
    text({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { n: { type: 'number' } },
      prefixItems: [{ $ref: '#/$defs/n' }, { $ref: '#/$defs/n' }],
      items: false,
    }),
  ],
  ['proto-shipment', 'PROTOBUF', shipment],
  [
    'proto-nested',
    'PROTOBUF',
    'syntax = "proto3"; message A { message B { message C { A a = 1; } C c = 1; } B b = 1; oneof then { B x = 2; } }',
    { message: 'A.B.C' },
  ],
  ['proto-empty', 'PROTOBUF', 'syntax = "proto2"; message Empty {}'],
]

describe('generated code', () => {
  it('is accepted by the strict compiler, for every kind of schema and every mapping', () => {
    const mapped = { decimal: 'bytes', 'timestamp-millis': 'long', date: 'int', uuid: 'brand', long: 'number' } as const
    const sets = new Map(
      schemas.flatMap(([name, type, schema, more]) => {
        const input = inputOf(type, schema, more)
        return [
          [name, generate(input)] as const,
          [`${name}-mapped`, generate({ ...input, types: mapped, framing: 'header', source: 'a lock file' })] as const,
        ]
      }),
    )
    expect(Object.fromEntries(typeCheck(sets))).toEqual({})
  })

  it('has types that say what may be written and what is read', () => {
    const uses = `import { orders } from './orders.js'
      const line = { sku: 'x' }
      const base = { orderId: 'o', total: { cents: 5n }, discount: '1.50', placedAt: new Date(), due: '2026-01-01', lines: [line], attributes: { a: 'x', b: 1.5, c: true } }
      orders.encode('OrderPlaced', { ...base, status: 'PAID', payment: { $type: 'shop.orders.v1.Card', number: '1' } })
      // @ts-expect-error a symbol that the enum does not have
      orders.encode('OrderPlaced', { ...base, status: 'LOST', payment: { $type: 'shop.orders.v1.Card', number: '1' } })
      // @ts-expect-error records in a union need their tag
      orders.encode('OrderPlaced', { ...base, status: 'PAID', payment: { number: '1' } })
      // @ts-expect-error there is no such event
      orders.encode('OrderLost', base)
      const result = orders.decode(new Uint8Array(0))
      if (result.ok && result.type === 'OrderPlaced') {
        const quantity: number = result.value.lines[0].quantity
        const text: string = result.value.discount
        if (result.value.payment.$type === 'shop.orders.v1.Invoice') result.value.payment.days + quantity
        // @ts-expect-error not told apart yet
        result.value.payment.number
        void text
      } else if (!result.ok) { const code: 'poison' | 'retryable' | 'policy' = result.class; void code }
      else { const nothing: null = result.value; void nothing }`
    const files = generate(inputOf('AVRO', text(order), { topic: 'orders', references: [moneyReference] }))
    expect(Object.fromEntries(typeCheck(new Map([['uses', [...files, { path: 'uses.ts', text: uses }]]])))).toEqual({})
  })

  it('is the same whatever the order of the input', () => {
    const topics = schemas
      .slice(0, 10)
      .map(([name, type, schema, more]) => inputOf(type, schema, { topic: name, ...more }).topics[0])
    const input: BindingInput = { topics, types: { long: 'number', decimal: 'bytes' }, source: 'x' }
    const reversed: BindingInput = {
      source: 'x',
      types: { decimal: 'bytes', long: 'number' },
      topics: [...topics].reverse(),
    }
    expect(generate(reversed)).toEqual(generate(input))
    const two = (events: EventInput[]): BindingInput => ({ topics: [{ name: 't', role: 'consumes', events }] })
    const events = [...topics[0].events, { ...topics[1].events[0], subject: 'other' }]
    expect(generate(two([...events].reverse()))).toEqual(generate(two(events)))
  })

  it('has the same types for a JSON Schema with its keys in another order', () => {
    const withoutText = (schema: string) =>
      generate(inputOf('JSON', schema)).map(({ text }) => text.replace(/schema: ".*" }/g, ''))
    expect(withoutText(text(reverseKeys(refund)))).toEqual(withoutText(text(refund)))
  })

  it('shares what the events of a topic have in common, and tells apart what only has the same name', () => {
    const event = (name: string, inner: unknown): EventInput => ({
      type: 'AVRO',
      text: text(record(name, [{ name: 'money', type: inner }])),
      references: [],
      subject: `${name}-value`,
      version: 1,
    })
    const other = { ...money, fields: [{ name: 'amount', type: 'double' }] }
    const events = [event('A', money), event('B', money), event('C', other)]
    const [, file] = generate({ topics: [{ name: 't', role: 'produces', events }] })
    expect(file.text.match(/export interface \w+/g)).toEqual(
      ['A', 'AInput', 'B', 'BInput', 'C', 'CInput', 'Money', 'MoneyInput', 'Money2', 'TEvents'].map(
        (name) => `export interface ${name}`,
      ),
    )
  })

  it('refuses a mapping that does not exist, and says what there is', () => {
    const mapped = (types: Record<string, string>) => () => generate({ ...inputOf('AVRO', '"long"'), types })
    expect(mapped({ long: 'string' })).toThrow('types: long: cannot be "string"; it can be bigint or number')
    expect(mapped({ money: 'string' })).toThrow('types: money: there is no such type to map; there are decimal,')
  })

  it('carries docs over', () => {
    const docs = (type: EventInput['type'], schema: string, more?: Partial<EventInput>) =>
      generate(inputOf(type, schema, more))[1].text
    expect(docs('AVRO', text(order), { references: [moneyReference] })).toContain(
      '/** Unique for ever. */\n  orderId: string',
    )
    expect(docs('JSON', text(refund))).toContain('/** Unique for ever. */\n  id: string')
    expect(docs('PROTOBUF', shipment)).toContain('/** A parcel on its way. */\nexport interface Shipment')
  })

  it('contains no code for fields: what it runs is one call with data', () => {
    for (const [, type, schema, more] of schemas) {
      const [file] = generate(inputOf(type, schema, more)).filter(({ path }) => path !== 'index.ts')
      expect(file.text.match(/\bfunction\b|=>|\bclass \w+ [{]|\bnew \w/g) ?? []).toEqual([])
    }
  })
})

describe('a generated topic', () => {
  it('reads back an Avro event with references, unions and logical types', async () => {
    const topic = await topicOf(inputOf('AVRO', text(order), { references: [moneyReference] }))
    const event = {
      orderId: 'o-1',
      total: { cents: 56943n },
      discount: '-1.50',
      placedAt: new Date(1_700_000_000_000),
      due: '2026-11-22',
      status: 'PAID',
      payment: { $type: 'shop.orders.v1.Invoice', days: 30 },
      lines: [{ sku: 'a' }, { sku: 'b', quantity: 3 }],
      attributes: { text: 'x', number: 1.5, flag: true, blob: new Uint8Array([1]) },
    }
    const read = topic.decode(topic.encode('OrderPlaced', event).value)
    expect(read).toMatchObject({
      ok: true,
      value: {
        ...event,
        $type: 'shop.orders.v1.OrderPlaced',
        total: { cents: 56943n, currency: 'EUR' },
        lines: [
          { sku: 'a', quantity: 1 },
          { sku: 'b', quantity: 3 },
        ],
        coupon: null,
        parent: null,
      },
    })
  })

  it('reads back a JSON event, with its default', async () => {
    const topic = await topicOf(inputOf('JSON', text(refund)))
    const event = {
      id: '0b0e8a3c-8a0e-4f0e-9a47-d0a5b9a8f001',
      reason: 'late',
      method: { kind: 'card', number: '1' },
      'odd key': null,
    }
    expect(topic.decode(topic.encode('Refund', event).value)).toMatchObject({
      ok: true,
      value: { ...event, amount: 0 },
    })
  })

  it('follows its mapping of types', async () => {
    const topic = await topicOf({
      ...inputOf('AVRO', text(order), { references: [moneyReference] }),
      types: { decimal: 'bytes', 'timestamp-millis': 'long', date: 'int', long: 'number' },
    })
    const event = {
      orderId: 'o',
      total: { cents: 5, currency: 'USD' },
      discount: new Uint8Array([1, 2]),
      placedAt: 1_700_000_000_000,
      due: 20_000,
      status: 'PLACED',
      payment: { $type: 'shop.orders.v1.Card', number: '1' },
      lines: [],
      attributes: {},
    }
    expect(topic.decode(topic.encode(eventOf(topic), event).value)).toMatchObject({ ok: true, value: event })
  })
})

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reverseKeys(item)]),
  )
}
