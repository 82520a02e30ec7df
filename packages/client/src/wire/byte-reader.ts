import { DecodeError } from '../decoded.js'

/**
 * Reads the primitives of Avro from bytes that anybody may have sent: nothing is read beyond the
 * end, and what cannot be is `Malformed`.
 */
export class ByteReader {
  private readonly buffer: Buffer
  private view?: DataView
  position: number
  /** First offset that does not belong to what is being read. */
  end: number
  /** How deep in nested records the reader is. */
  depth = 0

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.position = start
    this.end = end
  }

  get remaining(): number {
    return this.end - this.position
  }

  byte(): number {
    return this.buffer[this.advance(1)]
  }

  /** A copy, so that a value does not hold on to the whole message. */
  bytes(length: number): Uint8Array {
    const start = this.advance(length)
    return new Uint8Array(this.buffer.subarray(start, start + length))
  }

  /** All that is left, not copied. */
  rest(): Uint8Array {
    const start = this.advance(this.remaining)
    return this.buffer.subarray(start, this.end)
  }

  /** Offset of the first of `length` bytes that are passed over. */
  advance(length: number): number {
    const start = this.position
    if (length < 0 || length > this.end - start) truncated()
    this.position = start + length
    return start
  }

  /** Big-endian, at most 6 bytes. */
  intBigEndian(length: number): number {
    return length === 0 ? 0 : this.buffer.readIntBE(this.advance(length), length)
  }

  /** A signed 64-bit zigzag number. */
  zigzag64(): bigint {
    this.halves()
    if (high === 0) return BigInt(unzigzag(low))
    const value = (BigInt(high) << 32n) | BigInt(low)
    return value & 1n ? ~(value >> 1n) : value >> 1n
  }

  /** A signed 64-bit zigzag number as a double: exact as long as the result is a safe integer. */
  zigzagNumber(): number {
    this.halves()
    if (high === 0) return unzigzag(low)
    const half = (high >>> 1) * 0x1_0000_0000 + (((high << 31) | (low >>> 1)) >>> 0)
    return low & 1 ? -half - 1 : half
  }

  /** A signed 32-bit zigzag number. */
  zigzag32(): number {
    const { buffer, position } = this
    if (position < this.end && buffer[position] < 0x80) {
      this.position++
      return (buffer[position] >>> 1) ^ -(buffer[position] & 1)
    }
    this.halves()
    if (high !== 0) throw malformed('a 32-bit number is out of its range')
    return unzigzag(low)
  }

  float(): number {
    return this.data().getFloat32(this.advance(4), true)
  }

  double(): number {
    return this.data().getFloat64(this.advance(8), true)
  }

  /** UTF-8. */
  string(length: number): string {
    const start = this.advance(length)
    const { buffer } = this
    const value = (buffer as NativeBuffer).utf8Slice(start, start + length)
    // The replacement character may have been sent as such; only a strict decoder knows.
    return value.includes('\ufffd') ? strictUtf8(buffer.subarray(start, start + length)) : value
  }

  private data(): DataView {
    return (this.view ??= new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length))
  }

  /** Reads a varint of up to 64 bits into `low` and `high`. */
  private halves(): void {
    const { buffer, end } = this
    let at = this.position
    low = 0
    high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) truncated()
      const byte = buffer[at++]
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else if (shift === 63 && bits > 1) break
      else high |= bits << (shift - 32)
      if (byte < 0x80) {
        this.position = at
        low >>>= 0
        high >>>= 0
        return
      }
    }
    throw malformed('a number takes more than 64 bits')
  }
}

/** What `toString('utf8', …)` calls after it has looked at its arguments, which takes as long for a short text. */
type NativeBuffer = Buffer & { utf8Slice(start: number, end: number): string }

// The two halves of the last varint: variables of the module, because a pair would be garbage for every number.
let low = 0
let high = 0

const unzigzag = (value: number) => (value >>> 1) ^ -(value & 1)

export const malformed = (message: string) => new DecodeError('Malformed', message)

function truncated(): never {
  throw malformed('the message ends in the middle of a value')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function strictUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    throw new DecodeError('Malformed', 'a string is not UTF-8', { cause: error })
  }
}
