/** An order of 12 fields and five lines in the three schema languages, with the same values for each codec. */

const money = { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 }
const address = {
  type: 'record',
  name: 'Address',
  fields: ['street', 'city', 'zip'].map((name) => ({ name, type: 'string' })),
}
const common = [
  { name: 'orderId', type: { type: 'string', logicalType: 'uuid' } },
  { name: 'customerId', type: 'string' },
  { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['PLACED', 'PAID', 'SHIPPED'] } },
  { name: 'placedAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'total', type: money },
  {
    name: 'lines',
    type: {
      type: 'array',
      items: {
        type: 'record',
        name: 'Line',
        fields: [
          { name: 'sku', type: 'string' },
          { name: 'name', type: 'string' },
          { name: 'quantity', type: 'int' },
          { name: 'price', type: money },
        ],
      },
    },
  },
  { name: 'shipTo', type: address },
  {
    name: 'payment',
    type: [
      {
        type: 'record',
        name: 'CardPayment',
        fields: [
          { name: 'last4', type: 'string' },
          { name: 'holder', type: 'string' },
        ],
      },
      { type: 'record', name: 'InvoicePayment', fields: [{ name: 'days', type: 'int' }] },
    ],
  },
  { name: 'coupon', type: ['null', 'string'], default: null },
  { name: 'sequence', type: 'long' },
]
const record = (fields: unknown[]) =>
  JSON.stringify({ type: 'record', name: 'OrderPlaced', namespace: 'shop.orders.v1', fields })

export const avroSchemaV1 = record([...common, { name: 'tags', type: { type: 'array', items: 'string' } }])
export const avroSchemaV2 = record([...common, { name: 'salesChannel', type: 'string', default: 'web' }])

const string = { type: 'string' }
const object = (properties: object) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})

export const jsonSchema = JSON.stringify({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'OrderPlaced',
  ...object({
    orderId: { type: 'string', format: 'uuid' },
    customerId: string,
    status: { enum: ['PLACED', 'PAID', 'SHIPPED'] },
    placedAt: { type: 'string', format: 'date-time' },
    total: string,
    lines: {
      type: 'array',
      items: object({ sku: string, name: string, quantity: { type: 'integer' }, price: string }),
    },
    shipTo: object({ street: string, city: string, zip: string }),
    payment: {
      oneOf: [
        object({ kind: { const: 'card' }, last4: string, holder: string }),
        object({ kind: { const: 'invoice' }, days: { type: 'integer' } }),
      ],
    },
    coupon: { type: ['string', 'null'] },
    sequence: { type: 'integer' },
    tags: { type: 'array', items: string },
  }),
})

export const protoText = `syntax = "proto3";
package shop.orders.v1;
message OrderPlaced {
  string order_id = 1;
  string customer_id = 2;
  Status status = 3;
  int64 placed_at = 4;
  string total = 5;
  repeated Line lines = 6;
  Address ship_to = 7;
  oneof payment { CardPayment card = 8; InvoicePayment invoice = 9; }
  optional string coupon = 10;
  int64 sequence = 11;
  repeated string tags = 12;
}
message Line { string sku = 1; string name = 2; int32 quantity = 3; string price = 4; }
message Address { string street = 1; string city = 2; string zip = 3; }
message CardPayment { string last4 = 1; string holder = 2; }
message InvoicePayment { int32 days = 1; }
enum Status { PLACED = 0; PAID = 1; SHIPPED = 2; }
`

export function order() {
  const shared = {
    orderId: '0b0e8a3c-8a0e-4f0e-9a47-d0a5b9a8f001',
    customerId: 'customer-4711',
    status: 'PAID',
    shipTo: { street: 'Musterstrasse 12', city: 'Göteborg', zip: '41103' },
    tags: ['gift', 'express', 'first-order'],
  }
  const lines = Array.from({ length: 5 }, (_, at) => ({
    sku: `SKU-000${at}`,
    name: `Product number ${at}`,
    quantity: at + 1,
    price: `${at + 9}.95`,
  }))
  const cents = (text: string) => Number(text.replace('.', ''))
  const bytes = (text: string) => {
    const value = Buffer.alloc(cents(text) > 0x7fff ? 3 : 2)
    value.writeIntBE(cents(text), 0, value.length)
    return value
  }
  const at = 1_700_000_000_123
  const card = { last4: '4242', holder: 'Erika Mustermann' }
  return {
    avro: {
      ...shared,
      placedAt: new Date(at),
      total: '569.43',
      lines,
      payment: { $type: 'shop.orders.v1.CardPayment', ...card },
      coupon: null,
      sequence: 9_876_543n,
    },
    avsc: {
      ...shared,
      placedAt: at,
      total: bytes('569.43'),
      lines: lines.map((line) => ({ ...line, price: bytes(line.price) })),
      payment: { 'shop.orders.v1.CardPayment': card },
      coupon: null,
      sequence: 9_876_543,
    },
    json: {
      ...shared,
      placedAt: new Date(at).toISOString(),
      total: '569.43',
      lines,
      payment: { kind: 'card', ...card },
      coupon: null,
      sequence: 9_876_543,
    },
    protobuf: {
      ...shared,
      placedAt: BigInt(at),
      total: '569.43',
      lines,
      payment: { case: 'card', value: card },
      sequence: 9_876_543n,
    },
  }
}
