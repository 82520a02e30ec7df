import { toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { parseNew, parseStored, type ParseOptions } from '../schema/format.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import { noReferences, type Reference, type SchemaSource } from '../schema/source.js'
import { parse } from './parse.js'
import { print } from './print/index.js'

const confluentNew: ParseOptions = { validation: 'confluent', asNew: true }

const source = (text: string, references: Reference[] = []): SchemaSource => ({ type: 'PROTOBUF', text, references })
const strict = (text: string) => parse(source(text), noReferences, parseNew)

function refusal(text: string, options = parseNew): InvalidSchema {
  try {
    parse(source(text), noReferences, options)
  } catch (error) {
    if (error instanceof InvalidSchema) return error
    throw error
  }
  throw new Error('the text was taken')
}

const base64 = (text: string) => Buffer.from(toBinary(FileDescriptorProtoSchema, strict(text).file)).toString('base64')

const order = `syntax = "proto3";
package shop;

import "google/protobuf/timestamp.proto";

message Order {
  reserved 4, 9 to 11;
  reserved "total";

  string id = 1;
  map<string, int32> lines = 2;
  optional int32 weight = 3;
  google.protobuf.Timestamp placed_at = 5 [deprecated = true];
  State state = 6;

  oneof payment {
    string card = 7;
    bytes voucher = 8 [json_name = "coupon"];
  }

  enum State {
    OPEN = 0;
    SHIPPED = 1;
  }
}
`

describe('a refusal', () => {
  test('says line, column and the number that is free', () => {
    const { position, reason, hint } = refusal('syntax = "proto3";\nmessage M {\n  int32 a = 1;\n  int32 b = 1;\n}\n')
    expect(position).toEqual({ line: 4, column: 3 })
    expect(reason).toContain('"b"')
    expect(hint).toContain('2')
  })

  test('counts columns in UTF-16 code units', () => {
    expect(refusal('syntax = "proto3"; /* é😀 */ message M { Nope a = 1; }').position).toEqual({ line: 1, column: 42 })
  })

  test('names the import that is missing', () => {
    const resolve = ({ name }: Reference) =>
      source(
        name === 'mid.proto'
          ? 'syntax = "proto3"; import "dep.proto";'
          : 'syntax = "proto3"; package dep; message D {}',
      )
    const references = ['mid.proto', 'dep.proto'].map((name) => ({ name, subject: name, version: 1 }))
    const text = 'syntax = "proto3"; import "mid.proto"; message M { dep.D d = 1; }'
    expect(() => parse(source(text, references), resolve, parseNew)).toThrow(/import that file/)
  })

  test('names the dot that leads past an inner scope', () => {
    const { hint } = refusal('syntax = "proto3"; package a; message M { a.N n = 1; message a {} } message N {}')
    expect(hint).toContain('.a.N')
  })
})

describe('text and descriptor', () => {
  test('of one schema have one text', () => {
    const fromText = print(strict(order), 'canonical')
    expect(fromText).toBe(order)
    expect(print(strict(base64(order)), 'canonical')).toBe(fromText)
  })

  test('written in another spelling have one normalized text', () => {
    const spelled = order
      .replace('google.protobuf.Timestamp', '.google.protobuf.Timestamp')
      .replace('4, 9 to 11', '9 to 11, 4')
    expect(print(strict(spelled), 'normalized')).toBe(print(strict(base64(order)), 'normalized'))
  })

  test('with custom options come back as they were', () => {
    const text = `syntax = "proto2";
package p;

import "google/protobuf/descriptor.proto";

message Note {
  optional string text = 1;
  repeated double marks = 2;
}
message M {
  optional int32 a = 1 [(note) = {
    text: "q\\"\\n",
    marks: [
      0.5,
      -inf
    ]
  }];
}

extend google.protobuf.FieldOptions {
  optional Note note = 50001;
}
`
    expect(print(strict(text), 'canonical')).toBe(text)
    expect(print(strict(base64(text)), 'canonical')).toBe(text)
  })

  test('that holds options which no import declares is refused, not shortened', () => {
    expect(refusal('Ig4KAU0SCQoBYRgBIAEoBUIFirUYAXhiBnByb3RvMw==').reason).toContain('50001')
  })

  test('a file descriptor set brings its imports along', () => {
    const dep = strict('syntax = "proto3"; package dep; message D {}').file
    dep.name = 'dep.proto'
    const main = parse(
      source('syntax = "proto3"; import "dep.proto"; message M { dep.D d = 1; }', [
        { name: 'dep.proto', subject: 'd', version: 1 },
      ]),
      () => source('syntax = "proto3"; package dep; message D {}'),
      parseNew,
    ).file
    const files = [dep, main].map((file) => toBinary(FileDescriptorProtoSchema, file))
    const set = Buffer.concat(files.map((bytes) => Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes])))
    expect(print(strict(set.toString('base64')), 'canonical')).toContain('dep.D d = 1;')
  })
})

describe('the two validations', () => {
  const twice = 'syntax = "proto3"; message M { int32 a = 1; int32 b = 1; }'

  test('strict refuses what protoc refuses, confluent keeps it with the problem', () => {
    expect(refusal(twice).reason).toContain('number 1')
    const kept = parse(source(twice), noReferences, confluentNew)
    expect(kept.linked).toBe(true)
    expect(kept.problem?.reason).toContain('number 1')
  })

  test('an unknown import leaves a schema unlinked', () => {
    const kept = parse(source('syntax = "proto3"; import "nope.proto"; message M {}'), noReferences, confluentNew)
    expect(kept.linked).toBe(false)
    expect(kept.problem?.reason).toContain('nope.proto')
  })

  test('a type that stands for nothing is refused when new, and readable when stored', () => {
    const text = 'syntax = "proto3"; message M { Nope n = 1; }'
    expect(refusal(text, confluentNew).reason).toContain('Nope')
    expect(parse(source(text), noReferences, parseStored).linked).toBe(false)
  })

  test('confluent refuses editions when new, and reads those that are stored', () => {
    const text = 'edition = "2023"; message M { int32 a = 1; }'
    expect(refusal(text, confluentNew).reason).toContain('editions')
    expect(parse(source(text), noReferences, parseStored).file.syntax).toBe('editions')
  })
})

describe('features', () => {
  test('mean the same in proto2, proto3 and editions', () => {
    const of = (text: string) => {
      const schema = strict(text)
      const field = schema.file.messageType[0]?.field[0]
      return field && schema.features(field)
    }
    const packed = 'message M { repeated int32 a = 1'
    const proto3 = of(`syntax = "proto3"; ${packed}; }`)
    expect(proto3?.repeatedFieldEncoding).toBe('PACKED')
    expect(of(`syntax = "proto2"; ${packed} [packed = true]; }`)?.repeatedFieldEncoding).toBe('PACKED')
    expect(
      of(`edition = "2023"; ${packed} [features.repeated_field_encoding = EXPANDED]; }`)?.repeatedFieldEncoding,
    ).toBe('EXPANDED')
    expect(of('syntax = "proto3"; message M { optional int32 a = 1; }')?.fieldPresence).toBe('EXPLICIT')
    expect(of('syntax = "proto2"; message M { required int32 a = 1; }')?.fieldPresence).toBe('LEGACY_REQUIRED')
  })
})

describe('hostile input', () => {
  test.each([
    ['nested messages', `syntax = "proto3";${'message M{'.repeat(20000)}`],
    ['nested values', `syntax = "proto3"; option (a) = ${'{a:'.repeat(20000)}`],
    ['nested lists', `syntax = "proto3"; option (a) = {a:${'['.repeat(20000)}`],
    ['an open comment', 'syntax = "proto3"; /* '],
    ['an open string', 'syntax = "proto3'],
  ])('%s are refused with a reason', (_what, text) => {
    for (const options of [parseNew, confluentNew]) expect(refusal(text, options).reason).not.toBe('')
  })

  test('names of object properties are names like others', () => {
    const text = 'syntax = "proto3"; message __proto__ { int32 constructor = 1; __proto__ __proto__ = 2; }'
    expect(strict(text).file.messageType[0]?.field.map(({ name }) => name)).toEqual(['constructor', '__proto__'])
  })

  test('references in a circle end', () => {
    const reference = { name: 'a.proto', subject: 'a', version: 1 }
    const circle = source('syntax = "proto3"; import "a.proto"; message A {}', [reference])
    expect(() => parse(circle, () => circle, parseNew)).toThrow(InvalidSchema)
  })
})

test.each([
  'google/type/money.proto',
  'google/type/datetime.proto',
  'confluent/meta.proto',
  'google/protobuf/any.proto',
])('%s is built in', (path) => {
  expect(strict(`syntax = "proto3"; import "${path}"; message M {}`).dependencies.map(({ name }) => name)).toContain(
    path,
  )
})
