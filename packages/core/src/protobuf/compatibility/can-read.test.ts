import {
  type CanReadOptions,
  noReferences,
  type ParseOptions,
  parseNew,
  parseStored,
  type Policy,
  type Verdict,
} from '../../schema/index.js'
import { parse } from '../parse.js'
import type { ProtobufSchema } from '../schema.js'
import { canRead, diff } from './can-read.js'

const schema = (text: string, options: ParseOptions = parseNew): ProtobufSchema =>
  parse({ type: 'PROTOBUF', text, references: [] }, noReferences, options)

const order = (body: string, syntax = 'syntax = "proto3";'): ProtobufSchema =>
  schema(
    `${syntax}\npackage shop;\nmessage Order {\n${body}\n}\nmessage Part { string name = 1; }\n`.replace(
      'string name = 1',
      syntax.includes('proto2') ? 'optional string name = 1' : 'string name = 1',
    ),
  )

const ask = (
  reader: ProtobufSchema,
  writer: ProtobufSchema,
  policy: Policy,
  options: Partial<CanReadOptions> = {},
): Verdict => canRead(reader, writer, { policy, ...options })

const rulesOf = (verdict: Verdict): string[] =>
  verdict.outcome === 'incompatible' ? verdict.breaks.map(({ rule }) => rule) : [verdict.outcome]

describe('EXACT', () => {
  const exact = (writer: string, reader: string, syntax?: string): Verdict =>
    ask(order(reader, syntax), order(writer, syntax), 'EXACT')
  const proto2 = 'syntax = "proto2";'
  const edition = 'edition = "2023";'

  const refused: [what: string, writer: string, reader: string, rule: string, syntax?: string][] = [
    ['a 64-bit number read into 32 bits', 'int64 id = 1;', 'int32 id = 1;', 'INTEGER_OUT_OF_RANGE'],
    ['a negative number read as unsigned', 'int32 id = 1;', 'uint32 id = 1;', 'INTEGER_OUT_OF_RANGE'],
    ['a number read as a truth value', 'int32 id = 1;', 'bool id = 1;', 'INTEGER_OUT_OF_RANGE'],
    ['zigzag on one side', 'int32 id = 1;', 'sint32 id = 1;', 'ZIGZAG_CHANGED'],
    ['bits of an integer read as a float', 'fixed32 id = 1;', 'float id = 1;', 'BITS_REINTERPRETED'],
    ['another wire type', 'int32 id = 1;', 'fixed32 id = 1;', 'WIRE_TYPE_CHANGED'],
    ['bytes read as text', 'bytes id = 1;', 'string id = 1;', 'TEXT_NOT_UTF8'],
    ['text parsed as a message', 'string id = 1;', 'Part id = 1;', 'BYTES_READ_AS_MESSAGE'],
    ['a list read as one value', 'repeated int32 id = 1;', 'int32 id = 1;', 'ELEMENTS_LOST'],
    ['entries read as a map', 'repeated Part id = 1;', 'map<string, string> id = 1;', 'ENTRIES_LOST'],
    ['presence that the reader does not track', 'optional int32 id = 1;', 'int32 id = 1;', 'PRESENCE_LOST'],
    [
      'fields that exclude each other',
      'string a = 1; string b = 2;',
      'oneof o { string a = 1; string b = 2; }',
      'ONEOF_EXCLUDES',
    ],
    ['numbers that were swapped', 'int32 a = 1; int32 b = 2;', 'int32 b = 1; int32 a = 2;', 'FIELD_NUMBER_REUSED'],
    ['a number whose field was retired', 'int32 a = 1;', 'reserved "a"; int32 b = 1;', 'FIELD_NUMBER_REUSED'],
    ['a field under another number', 'int32 a = 1;', 'int32 a = 2;', 'FIELD_NUMBER_CHANGED'],
    [
      'a new required field',
      'optional int32 a = 1;',
      'optional int32 a = 1; required int32 b = 2;',
      'REQUIRED_FIELD_MISSING',
      proto2,
    ],
    ['another default', 'optional int32 a = 1 [default = 5];', 'optional int32 a = 1;', 'DEFAULT_CHANGED', proto2],
    [
      'a delimited message',
      'Part a = 1;',
      'Part a = 1 [features.message_encoding = DELIMITED];',
      'MESSAGE_ENCODING_CHANGED',
      edition,
    ],
    [
      'a closed enum that lacks a value',
      'enum E { A = 0; B = 1; } optional E e = 1;',
      'enum E { A = 0; } optional E e = 1;',
      'ENUM_VALUE_UNKNOWN',
      proto2,
    ],
    [
      'an enum number with another meaning',
      'enum E { A = 0; B = 1; C = 2; } E e = 1;',
      'enum E { A = 0; C = 1; B = 2; } E e = 1;',
      'ENUM_VALUE_REUSED',
    ],
  ]
  for (const [what, writer, reader, rule, syntax] of refused) {
    it(`refuses ${what}, with a message that shows it`, () => {
      const verdict = exact(writer, reader, syntax)
      expect(rulesOf(verdict)).toContain(rule)
      expect(verdict).toMatchObject({
        witness: { confirmedBy: 'protobufjs 8.8.1', failure: expect.any(String) as string },
      })
    })
  }

  const accepted: [what: string, writer: string, reader: string, syntax?: string][] = [
    ['a wider integer', 'int32 id = 1;', 'int64 id = 1;'],
    ['an unsigned 32-bit number in a signed 64-bit one', 'uint32 id = 1;', 'int64 id = 1;'],
    ['a truth value as a number', 'bool id = 1;', 'uint32 id = 1;'],
    ['text as bytes', 'string id = 1;', 'bytes id = 1;'],
    ['a message as bytes', 'Part id = 1;', 'optional bytes id = 1;'],
    ['one value as a list', 'optional string id = 1;', 'repeated string id = 1;'],
    ['another packing', 'repeated int32 id = 1;', 'repeated int32 id = 1 [packed = false];'],
    ['a field that the reader does not declare', 'int32 id = 1; string note = 2;', 'int32 id = 1;'],
    ['a field that the writer does not declare', 'int32 id = 1;', 'int32 id = 1; string note = 2;'],
    ['another name', 'int32 id = 1;', 'int32 number = 1;'],
    ['one field in a oneof of its own', 'optional int32 id = 1;', 'oneof o { int32 id = 1; }'],
    ['a number that the reader has retired', 'int32 a = 1;', 'reserved 1; int32 a = 2;'],
  ]
  for (const [what, writer, reader, syntax] of accepted) {
    it(`accepts ${what}`, () => {
      expect(rulesOf(exact(writer, reader, syntax))).toEqual(['compatible'])
    })
  }

  it('shows the message as ProtoJSON and as the bytes that the writer puts on the wire', () => {
    const verdict = exact('int64 id = 1;', 'int32 id = 1;')
    expect(verdict).toMatchObject({
      witness: { value: { id: '2147483648' }, bytes: Uint8Array.of(8, 128, 128, 128, 128, 8) },
    })
  })

  it('finds what is wrong deep inside and wraps the message up to the top', () => {
    const text = (type: string): ProtobufSchema =>
      schema(
        `syntax = "proto3";\nmessage A {\n  repeated B b = 1;\n  message B { map<string, C> c = 2; A again = 3; }\n  message C { ${type} x = 4; }\n}\n`,
      )
    const verdict = ask(text('int32'), text('int64'), 'EXACT')
    expect(verdict).toMatchObject({
      outcome: 'incompatible',
      breaks: [
        {
          rule: 'INTEGER_OUT_OF_RANGE',
          path: 'A.C.x',
          at: { reader: { line: 5, column: 15 }, writer: { line: 5, column: 15 } },
        },
      ],
      witness: { value: { b: [{ c: { abc: { x: '2147483648' } } }] } },
    })
  })

  it('does not say yes when its budget ends', () => {
    const verdict = ask(order('int32 a = 1;'), order('int32 a = 1;'), 'EXACT', { budget: { steps: 1 } })
    expect(verdict.outcome).toBe('undecided')
  })
})

describe('STRICT', () => {
  it('adds the message that breaks, where one does', () => {
    const verdict = ask(order('string id = 1;'), order('int32 id = 1;'), 'STRICT')
    expect(verdict).toMatchObject({
      outcome: 'incompatible',
      breaks: [
        { rule: 'FIELD_SCALAR_KIND_CHANGED', path: '#/Order/1', at: { reader: { line: 4 }, writer: { line: 4 } } },
      ],
      witness: { value: { id: 5 } },
    })
  })

  it('has no message to show for a refusal that hurts nobody', () => {
    const moved = schema('syntax = "proto3";\npackage store;\nmessage Order {\n  int32 id = 1;\n}\n')
    const verdict = ask(
      moved,
      schema('syntax = "proto3";\npackage shop;\nmessage Order {\n  int32 id = 1;\n}\n'),
      'STRICT',
    )
    expect(rulesOf(verdict)).toEqual(['PACKAGE_CHANGED'])
    expect(verdict).not.toHaveProperty('witness')
  })

  it('lets an int64 be read as int32, as Confluent does, where EXACT does not', () => {
    const [writer, reader] = [order('int64 id = 1;'), order('int32 id = 1;')]
    expect([ask(reader, writer, 'STRICT').outcome, ask(reader, writer, 'EXACT').outcome]).toEqual([
      'compatible',
      'incompatible',
    ])
  })
})

describe('fixes', () => {
  const fixOf = (policy: Policy, writer: ProtobufSchema, reader: ProtobufSchema, rule: string): string | undefined => {
    const verdict = ask(reader, writer, policy)
    return verdict.outcome === 'incompatible' ? verdict.breaks.find((found) => found.rule === rule)?.fix : undefined
  }

  it.each<[policy: Policy, rule: string, older: string, newer: string, fix: string]>([
    [
      'WIRE',
      'FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED',
      'int32 a = 1; int32 b = 4;',
      'int32 a = 1;',
      'reserve number 4: add "reserved 4;" to shop.Order',
    ],
    [
      'WIRE_JSON',
      'FIELD_NO_DELETE_UNLESS_NAME_RESERVED',
      'int32 b = 4;',
      'reserved 4;',
      'reserve the name: add "reserved "b";" to shop.Order',
    ],
    ['STRICT', 'FIELD_SCALAR_KIND_CHANGED', 'int32 a = 1;', 'string a = 1;', 'give it the type int32 again'],
    ['STRICT', 'MESSAGE_REMOVED', 'message In { int32 x = 1; }', 'int32 a = 1;', 'bring shop.Order.In back'],
    [
      'STRICT',
      'FIELD_MOVED_TO_EXISTING_ONEOF',
      'oneof o { int32 a = 1; } int32 b = 2;',
      'oneof o { int32 a = 1; int32 b = 2; }',
      'move it out of the oneof',
    ],
    ['EXACT', 'FIELD_NUMBER_CHANGED', 'int32 a = 1;', 'int32 a = 3;', 'give a the number 1 again'],
    ['EXACT', 'PRESENCE_LOST', 'optional int32 a = 1;', 'int32 a = 1;', 'make it optional again'],
    [
      'WIRE',
      'RESERVED_MESSAGE_NO_DELETE',
      'reserved 7; int32 a = 1;',
      'int32 a = 1;',
      'reserve again what shop.Order reserved before',
    ],
  ])('%s %s: what to change is said, after it was tried', (policy, rule, older, newer, fix) => {
    expect(fixOf(policy, order(older), order(newer), rule)).toBe(fix)
  })

  it('proposes nothing that only moves the trouble elsewhere', () => {
    const verdict = ask(
      order('int32 a = 1;', 'syntax = "proto2";'.replace('2', '3')),
      order('optional int32 a = 1;', 'syntax = "proto2";'),
      'FILE',
    )
    const breaks = verdict.outcome === 'incompatible' ? verdict.breaks : []
    expect(breaks.find(({ rule }) => rule === 'FILE_SAME_SYNTAX')).not.toHaveProperty('fix')
  })
})

describe("buf's categories", () => {
  it.each([
    ['WIRE', ['FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED']],
    ['WIRE_JSON', ['FIELD_NO_DELETE_UNLESS_NAME_RESERVED', 'FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED']],
    ['PACKAGE', ['FIELD_NO_DELETE']],
    ['FILE', ['FIELD_NO_DELETE']],
  ] as const)('%s judges a deleted field by its own rules', (policy, rules) => {
    expect(rulesOf(ask(order('int32 id = 1;'), order('int32 id = 1; string note = 2;'), policy)).sort()).toEqual(rules)
  })
})

describe('a schema that cannot be linked', () => {
  const broken = schema(
    'syntax = "proto3";\nimport "gone.proto";\nmessage Order {\n  gone.Part part = 1;\n}\n',
    parseStored,
  )

  it.each(['STRICT', 'EXACT', 'WIRE', 'FILE'] as const)('is undecided under %s, with the reason', (policy) => {
    const verdict = ask(broken, broken, policy)
    expect(verdict).toMatchObject({ outcome: 'undecided', reason: expect.stringContaining('gone.proto') as string })
  })
})

describe('diff', () => {
  it('names every difference, compatible ones too, with places in both texts', () => {
    const changes = diff(order('int32 id = 1;\nstring note = 2;'), order('int64 number = 1;\nbool done = 3;'))
    expect(changes.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'FIELD_NAME_CHANGED #/Order/1',
      'FIELD_REMOVED #/Order/2',
      'FIELD_ADDED #/Order/3',
    ])
    expect(changes[0]?.at).toEqual({ older: { line: 4, column: 1 }, newer: { line: 4, column: 1 } })
  })
})
