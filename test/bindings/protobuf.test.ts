import fc from 'fast-check'
import protobufjs from 'protobufjs'
import { eventOf, inputOf, topicOf } from './support.js'

const long = { min: -(2n ** 63n), max: 2n ** 63n - 1n }
const unsignedLong = { min: 0n, max: 2n ** 64n - 1n }
const scalars = {
  double: fc.double(),
  float: fc.float(),
  int32: fc.integer(),
  uint32: fc.nat(0xffffffff),
  sint32: fc.integer(),
  fixed32: fc.nat(0xffffffff),
  sfixed32: fc.integer(),
  int64: fc.bigInt(long),
  uint64: fc.bigInt(unsignedLong),
  sint64: fc.bigInt(long),
  fixed64: fc.bigInt(unsignedLong),
  sfixed64: fc.bigInt(long),
  bool: fc.boolean(),
  string: fc.string({ unit: 'grapheme' }),
  bytes: fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
}
type Scalar = keyof typeof scalars
const names = Object.keys(scalars) as Scalar[]

const schema = `syntax = "proto3";
package t;
message Everything {
${names.map((type, at) => `  ${type} s_${type} = ${at + 1};`).join('\n')}
${names.map((type, at) => `  repeated ${type} r_${type} = ${at + 21};`).join('\n')}
${names.map((type, at) => `  optional ${type} o_${type} = ${at + 41};`).join('\n')}
  map<string, int64> by_name = 61;
  map<int32, Inner> by_number = 62;
  map<bool, Color> by_flag = 63;
  map<uint64, string> by_long = 64;
  map<sint64, string> by_signed = 65;
  oneof choice { Inner inner = 70; string text = 71; Color color = 72; int64 number = 73; }
  Color shade = 80;
  repeated Color shades = 81;
  Everything again = 82;
  message Inner { string x = 1; repeated Inner more = 2; }
}
enum Color { RED = 0; GREEN = 1; BLUE = -5; }
`

const color = fc.constantFrom('RED', 'GREEN', 'BLUE')
const innermost = fc.record({ x: fc.string(), more: fc.constant<unknown[]>([]) })
const inner = fc.record({ x: fc.string(), more: fc.array(innermost, { maxLength: 2 }) })
const key = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__')

const value = fc
  .record({
    ...Object.fromEntries(names.map((type) => [`s${capital(type)}`, scalars[type] as fc.Arbitrary<unknown>])),
    ...Object.fromEntries(
      names.map((type) => [`r${capital(type)}`, fc.array(scalars[type] as fc.Arbitrary<unknown>, { maxLength: 3 })]),
    ),
    ...Object.fromEntries(
      names.map((type) => [`o${capital(type)}`, fc.option(scalars[type] as fc.Arbitrary<unknown>, { nil: undefined })]),
    ),
    byName: fc.dictionary(key, scalars.int64, { maxKeys: 2, noNullPrototype: true }),
    byNumber: fc.dictionary(fc.integer().map(String), inner, { maxKeys: 2, noNullPrototype: true }),
    byLong: fc.dictionary(scalars.uint64.map(String), fc.string(), { maxKeys: 2, noNullPrototype: true }),
    bySigned: fc.dictionary(scalars.sint64.map(String), fc.string(), { maxKeys: 2, noNullPrototype: true }),
    byFlag: fc.dictionary(fc.constantFrom('true', 'false'), color, { noNullPrototype: true }),
    choice: fc.oneof(
      inner.map((value) => ({ case: 'inner', value })),
      fc.string().map((value) => ({ case: 'text', value })),
      color.map((value) => ({ case: 'color', value })),
      scalars.int64.map((value) => ({ case: 'number', value })),
      fc.constant(undefined),
    ),
    shade: color,
    shades: fc.array(fc.oneof(color, fc.constant(77)), { maxLength: 3 }),
  })
  .map((message) => ({ ...message, again: undefined }))

function capital(type: string) {
  return type.charAt(0).toUpperCase() + type.slice(1)
}

describe('Protobuf bindings', () => {
  const theirs = protobufjs.parse(schema).root.lookupType('t.Everything')

  it('read back whatever they write, and protobufjs reads and writes the same', async () => {
    const topic = await topicOf(inputOf('PROTOBUF', schema))
    const name = eventOf(topic)
    expect(name).toBe('Everything')
    fc.assert(
      fc.property(value, (message) => {
        const bytes = topic.encode(name, message).value
        const read = topic.decode(bytes)
        expect(read).toMatchObject({ ok: true, type: 'Everything' })
        expect(read).toHaveProperty('value', message)
        // The frame is six bytes: id 42 and the first message.
        const decoded = theirs.decode(bytes.subarray(6))
        const again = topic.decode(Buffer.concat([bytes.subarray(0, 6), theirs.encode(decoded).finish()]))
        expect(again).toHaveProperty('value', message)
      }),
      { seed: 11, numRuns: 150 },
    )
  })

  it('read proto2 with required fields, groups, closed enums and packed or not', async () => {
    const proto2 = `syntax = "proto2";
      message Old {
        required string id = 1;
        optional group Part = 2 { optional int32 n = 3; }
        repeated int32 loose = 4;
        repeated int32 tight = 5 [packed = true];
        optional Kind kind = 6 [default = B];
        enum Kind { A = 1; B = 2; }
      }`
    const topic = await topicOf(inputOf('PROTOBUF', proto2))
    const their = protobufjs.parse(proto2).root.lookupType('Old')
    const message = { id: 'x', part: { n: 3 }, loose: [1, 2], tight: [3, -4], kind: 'A' }
    const { value } = topic.encode('Old', message)
    expect(value.subarray(6)).toEqual(Buffer.from(their.encode(their.fromObject(message)).finish()))
    expect(topic.decode(value)).toMatchObject({ value: message })
    const [frame, ...rest] = [
      value.subarray(0, 6),
      Buffer.from('0a0178', 'hex'),
      Buffer.from('3063', 'hex'),
      Buffer.from('2001220202032801', 'hex'),
    ]
    // Both encodings of a repeated field are read, an unknown number of a closed enum is as if it were not there.
    expect(topic.decode(Buffer.concat([frame, ...rest]))).toMatchObject({
      value: { id: 'x', kind: undefined, loose: [1, 2, 3], tight: [1] },
    })
    expect(topic.decode(frame)).toMatchObject({ ok: false, code: 'Malformed' })
    expect(() => topic.encode('Old', { loose: [] })).toThrow('Old, id: is required')
  })

  it('pass over fields that a newer version added', async () => {
    const v1 = 'syntax = "proto3"; message M { string a = 1; }'
    const v2 =
      'syntax = "proto3"; message M { string a = 1; M m = 2; repeated fixed64 f = 3; map<string, M> n = 4; double d = 5; }'
    const [older, newer] = await Promise.all([v1, v2].map((text) => topicOf(inputOf('PROTOBUF', text))))
    const { value } = newer.encode('M', { a: 'x', m: { a: 'y' }, f: [1n], n: { k: { a: 'z' } }, d: 1.5 })
    expect(older.decode(value)).toMatchObject({ ok: true, value: { a: 'x' } })
    expect(newer.decode(older.encode('M', { a: 'x' }).value)).toMatchObject({
      value: { a: 'x', m: undefined, f: [], n: {}, d: 0 },
    })
  })

  it('carry the golden bytes of the second message of a file', async () => {
    const file = 'syntax = "proto3"; message First { string x = 1; } message Second { int32 y = 1; string z = 2; }'
    const second = await topicOf(inputOf('PROTOBUF', file, { message: 'Second', id: 9 }))
    const first = await topicOf(inputOf('PROTOBUF', file, { id: 9 }))
    expect(second.encode('Second', { y: 5, z: 'ok' }).value.toString('hex')).toBe('0000000009020208051202' + '6f6b')
    expect(first.encode('First', { x: 'hi' }).value.toString('hex')).toBe('0000000009000a026869')
    expect(second.decode(Buffer.from('00000000090202080512026f6b', 'hex'))).toMatchObject({ value: { y: 5, z: 'ok' } })
    // Without its index the message of another producer is not taken for an empty one.
    expect(first.decode(Buffer.from('00000000090a026869', 'hex'))).toMatchObject({ ok: false, code: 'Malformed' })
  })

  it('refuse a case that a oneof does not have and an integer that does not fit', async () => {
    const topic = await topicOf(inputOf('PROTOBUF', schema))
    expect(() => topic.encode('Everything', { choice: { case: 'nothing', value: 1 } })).toThrow(
      'choice: expected { case, value }',
    )
    expect(() => topic.encode('Everything', { sUint32: -1 })).toThrow(
      'sUint32: expected an integer from 0 to 4294967295, got -1',
    )
    expect(() => topic.encode('Everything', { again: { byNumber: { x: {} } } })).toThrow(
      'again.byNumber.x: expected an integer',
    )
  })

  it('bound what hostile bytes can do', async () => {
    const topic = await topicOf(inputOf('PROTOBUF', schema))
    const decode = (hex: string) => topic.decode(Buffer.from('0000' + '00002a00' + hex, 'hex'))
    const tag = Buffer.from([0x92, 0x05]).toString('hex') // field 82, `again`
    let nested = ''
    for (let depth = 0; depth < 200; depth++) {
      const size = nested.length / 2
      nested = tag + (size < 128 ? Buffer.of(size) : Buffer.of((size & 127) | 128, size >> 7)).toString('hex') + nested
    }
    expect(decode(nested)).toMatchObject({
      code: 'Malformed',
      message: 'max depth exceeded',
    })
    expect(decode('92057f00')).toMatchObject({ code: 'Malformed' })
    expect(decode('07')).toMatchObject({ code: 'Malformed' })
    expect(decode('00')).toMatchObject({ code: 'Malformed' })
  })
})
