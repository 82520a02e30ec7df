import fc from 'fast-check'
import { InvalidValue } from '../encode-error.js'
import { ByteReader } from './byte-reader.js'
import { type ByteWriter, written } from './byte-writer.js'

const roundTrip = <T>(write: (out: ByteWriter) => void, read: (input: ByteReader) => T): T => {
  const input = new ByteReader(written(write))
  const value = read(input)
  expect(input.remaining).toBe(0)
  return value
}
const options = { seed: 1, numRuns: 500 }

describe('bytes on the wire', () => {
  it('come back as what they were written from', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer(), (long, int) => {
        expect(
          roundTrip(
            (out) => out.zigzag64(long),
            (input) => input.zigzag64(),
          ),
        ).toBe(long)
        expect(
          roundTrip(
            (out) => out.zigzag32(int),
            (input) => input.zigzag32(),
          ),
        ).toBe(int)
      }),
      options,
    )
  })

  it('hold safe integers as numbers exactly', () => {
    const edges = [
      0,
      -1,
      2 ** 30,
      -(2 ** 30) - 1,
      2 ** 31,
      2 ** 52 + 1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ]
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.constantFrom(...edges)), (value) => {
        expect(
          roundTrip(
            (out) => out.zigzagNumber(value),
            (input) => input.zigzagNumber(),
          ),
        ).toBe(value)
        expect(
          roundTrip(
            (out) => out.zigzagNumber(value),
            (input) => input.zigzag64(),
          ),
        ).toBe(BigInt(value))
      }),
      options,
    )
  })

  it('hold any text, short or long, with the length before it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), fc.string({ maxLength: 100 })), (text) => {
        expect(
          roundTrip(
            (out) => out.string(text),
            (input) => input.string(input.zigzag32()),
          ),
        ).toBe(text)
      }),
      options,
    )
  })

  it('cannot hold half of a surrogate pair', () => {
    expect(() => written((out) => out.string('\ud800'))).toThrow(InvalidValue)
  })

  it('are refused when they end early, hold no UTF-8 or numbers of more than 64 bits', () => {
    const read = (hex: string, read: (input: ByteReader) => unknown) => () =>
      read(new ByteReader(Buffer.from(hex, 'hex')))
    expect(read('80', (input) => input.zigzag32())).toThrow('ends in the middle')
    expect(read('0102', (input) => input.double())).toThrow('ends in the middle')
    expect(read('c328', (input) => input.string(2))).toThrow('not UTF-8')
    expect(read('efbfbd', (input) => input.string(3))).not.toThrow()
    expect(read('ffffffffffffffffff03', (input) => input.zigzag64())).toThrow('more than 64 bits')
    expect(read('ffffffffffffffffffff01', (input) => input.zigzag64())).toThrow('64 bits')
  })

  it('are not disturbed by a message that is encoded while another one is', () => {
    const outer = written((out) => {
      out.byte(1)
      expect(written((inner) => inner.byte(9))).toEqual(Buffer.of(9))
      out.byte(2)
    })
    expect(outer).toEqual(Buffer.of(1, 2))
  })
})
