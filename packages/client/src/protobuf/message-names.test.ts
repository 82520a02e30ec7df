import descriptor from 'protobufjs/ext/descriptor.js'
import { messageAt, messageNames } from './message-names.js'

const text = `syntax = "proto2";
package shop.v1;
import "not/here.proto";
message First { message Inner {} map<string, Inner> by_name = 1; message Second {} }
enum Kind { A = 0; }
message Other { optional group Part = 1 { optional int32 n = 1; } }
`

describe('the messages of a writer', () => {
  it.each([
    [[0], 'shop.v1.First'],
    [[0, 0], 'shop.v1.First.Inner'],
    [[0, 1], 'shop.v1.First.Second'],
    [[1], 'shop.v1.Other'],
    [[1, 0], 'shop.v1.Other.Part'],
    [[2], undefined],
    [[0, 5], undefined],
  ])('are found by the path %j in a text', (path, name) => {
    expect(messageAt(messageNames(text), path)).toBe(name)
  })

  it('are found in a descriptor, where entries of maps do not count', () => {
    const file = descriptor.FileDescriptorProto.fromObject({
      package: 'p',
      messageType: [
        { name: 'A', nestedType: [{ name: 'MEntry', options: { mapEntry: true } }, { name: 'B' }] },
        { name: 'C' },
      ],
    })
    const base64 = Buffer.from(descriptor.FileDescriptorProto.encode(file).finish()).toString('base64')
    const names = messageNames(base64)
    expect([[0], [0, 0], [1]].map((path) => messageAt(names, path))).toEqual(['p.A', 'p.A.B', 'p.C'])
  })

  it('cannot be found in what is no Protobuf', () => {
    expect(() => messageNames('{"type":"record"}')).toThrow(expect.objectContaining({ code: 'Unprojectable' }) as Error)
    expect(() => messageNames('////')).toThrow(expect.objectContaining({ code: 'Unprojectable' }) as Error)
  })
})
