import { noReferences, parseNew, type Policy, type ReferenceResolver, type SchemaSource } from '../../schema/index.js'
import { parse } from '../parse.js'
import type { ProtobufSchema } from '../schema.js'
import { canRead } from './can-read.js'

const policies: Policy[] = ['STRICT', 'EXACT', 'WIRE', 'FILE']

describe('schemas that were made to be expensive', () => {
  /** Forty messages, each with two fields of the next one: 2^40 ways through them. */
  const ladder = (last: string): string =>
    [...Array(40).keys()].map((index) => `message M${index} { M${index + 1} a = 1; M${index + 1} b = 2; }`).join('\n') +
    `\nmessage M40 { ${last} }\n`

  const withImport = (imported: string): ProtobufSchema => {
    const source: SchemaSource = { type: 'PROTOBUF', text: `syntax = "proto3";\n${imported}`, references: [] }
    const resolve: ReferenceResolver = () => source
    const text = 'syntax = "proto3";\nimport "ladder.proto";\nmessage Top { M0 m = 1; }\n'
    const references = [{ name: 'ladder.proto', subject: 'ladder', version: 1 }]
    return parse({ type: 'PROTOBUF', text, references }, resolve, parseNew)
  }

  it.each(policies)('imports that branch without end get an answer under %s', (policy) => {
    const older = withImport(ladder('int32 x = 1;'))
    expect(canRead(withImport(ladder('int32 x = 1;')), older, { policy }).outcome).toBe('compatible')
    expect(canRead(withImport(ladder('string x = 1;')), older, { policy }).outcome).not.toBe('compatible')
  })

  const plain = (text: string): ProtobufSchema =>
    parse({ type: 'PROTOBUF', text, references: [] }, noReferences, parseNew)

  it('a chain of required messages that no codec can write is undecided under EXACT', () => {
    const chain = (type: string): ProtobufSchema =>
      plain(
        `syntax = "proto2";\nmessage Top { optional M0 m = 1; }\n` +
          [...Array(2000).keys()].map((i) => `message M${i} { required M${i + 1} next = 1; }`).join('\n') +
          `\nmessage M2000 { required ${type} x = 1; }\n`,
      )
    // Top-level messages near the end of the chain are small enough for the codec, so the verdict itself is proved.
    expect(canRead(chain('int64'), chain('int64'), { policy: 'EXACT' }).outcome).toBe('compatible')
    expect(canRead(chain('int32'), chain('int64'), { policy: 'EXACT' }).outcome).toBe('incompatible')
  })

  it('a message that requires itself has no values, so nothing about it breaks', () => {
    const endless = (type: string): ProtobufSchema =>
      plain(`syntax = "proto2";\nmessage Top { required Top again = 1; optional ${type} x = 2; }\n`)
    expect(canRead(endless('string'), endless('int32'), { policy: 'EXACT' }).outcome).toBe('compatible')
  })

  it('thousands of fields that move into one oneof are one break', () => {
    const fields = [...Array(3000).keys()].map((i) => `string f${i} = ${i + 1};`).join('\n')
    const older = plain(`syntax = "proto3";\nmessage Top {\n${fields}\n}\n`)
    const newer = plain(`syntax = "proto3";\nmessage Top {\noneof o {\n${fields}\n}\n}\n`)
    const verdict = canRead(newer, older, { policy: 'EXACT' })
    expect(verdict).toMatchObject({ outcome: 'incompatible', breaks: [{ rule: 'ONEOF_EXCLUDES' }] })
    expect(verdict.outcome === 'incompatible' && verdict.breaks).toHaveLength(1)
  })

  it('names that mean something to JavaScript are names like others', () => {
    const text = (type: string): ProtobufSchema =>
      plain(`syntax = "proto3";\nmessage __proto__ { ${type} constructor = 1; ${type} __proto__ = 2; }\n`)
    const verdict = canRead(text('int32'), text('int64'), { policy: 'EXACT' })
    expect(verdict).toMatchObject({ outcome: 'incompatible', witness: { confirmedBy: 'protobufjs 8.8.1' } })
  })
})
