import { failureClasses } from './decoded.js'
import { readFrame, readIndex, schemaHeaders, writeHeader, writePrefix } from './framing.js'
import { ByteReader } from './wire/byte-reader.js'
import { written } from './wire/byte-writer.js'

const guid = '89791762-2336-186f-9674-299b90a802e2'
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const indexOf = (text: string) => readIndex(new ByteReader(hex(text)))
const codeOf = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return 'nothing thrown'
}

describe('the frame of a message', () => {
  // Bytes as Confluent's serializers write them.
  const paths: [path: number[], prefix: string][] = [
    [[0], '00 0000002a 00'],
    [[1], '00 0000002a 02 02'],
    [[1, 0], '00 0000002a 04 02 00'],
    [[2, 1], '00 0000002a 04 04 02'],
    [[64], '00 0000002a 02 80 01'],
  ]
  it.each(paths)('names the Protobuf message %j as Confluent does', (path, prefix) => {
    expect(written((out) => writePrefix(out, 'confluent-id', { id: 42 }, path))).toEqual(hex(prefix))
    const frame = readFrame(hex(`${prefix} ff`), undefined)
    expect(frame.id).toBe(42)
    expect(readIndex(frame.index)).toEqual(path)
    expect(frame.payload.byte()).toBe(0xff)
  })

  it('takes the long form of the first message', () => {
    expect(indexOf('02 00')).toEqual([0])
  })

  it('names a schema by GUID, byte for byte as printed', () => {
    const prefix = '01 89791762 2336 186f 9674 299b90a802e2 02 02'
    expect(written((out) => writePrefix(out, 'confluent-guid', { guid }, [1]))).toEqual(hex(prefix))
    const frame = readFrame(hex(prefix), undefined)
    expect(frame.guid).toBe(guid)
    expect(readIndex(frame.index)).toEqual([1])
  })

  it('reads the header first and then leaves the payload alone, even if it begins like a frame', () => {
    const header = written((out) => writeHeader(out, guid, [1]))
    const frame = readFrame(hex('00 0000002a 00'), { [schemaHeaders.value]: header })
    expect(frame.guid).toBe(guid)
    expect(readIndex(frame.index)).toEqual([1])
    expect(frame.payload.remaining).toBe(6)
  })

  it('takes an id in the header, and of a repeated header the last', () => {
    const frame = readFrame(hex('ff'), { [schemaHeaders.value]: [hex('00 00000001'), hex('00 00000007')] })
    expect(frame.id).toBe(7)
  })

  it.each(['', '00', '00 0000', '02 0000002a', '00 ffffffff', '01 8979', '7b7d'])('is missing from %j', (bytes) => {
    expect(codeOf(() => readFrame(hex(bytes), undefined))).toBe('NotFramed')
    expect(failureClasses.NotFramed).toBe('poison')
  })

  it.each([
    ['cut short', '02'],
    ['of a negative count', '01 00'],
    ['of five indexes that are not there', '0a'],
    ['of a thousand indexes', 'd0 0f'],
    ['with a negative index', '02 01'],
  ])('is malformed with message indexes %s, and the hint says why that may be', (_, bytes) => {
    expect(codeOf(() => indexOf(bytes))).toBe('Malformed')
    expect(() => indexOf(bytes)).toThrow('did the producer omit the Protobuf message index?')
  })
})
