import { InvalidValue } from '../encode-error.js'

/**
 * A growing scratch buffer with the primitives of Avro: varints, little-endian floats, UTF-8.
 * One writer serves all messages, so a message costs one copy and no garbage.
 */
export class ByteWriter {
  private buffer: Buffer
  private view: DataView
  /** Where the next byte goes. */
  position = 0

  constructor(size = 4096) {
    this.buffer = Buffer.allocUnsafe(size)
    this.view = viewOf(this.buffer)
  }

  /** A copy of what was written. */
  take(): Buffer {
    const copy = Buffer.allocUnsafe(this.position)
    this.buffer.copy(copy, 0, 0, this.position)
    return copy
  }

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.position++] = value
  }

  /** Big-endian two's complement, at most 6 bytes. */
  intBigEndian(value: number, size: number): void {
    this.reserve(size)
    this.buffer.writeIntBE(value, this.position, size)
    this.position += size
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length)
    this.buffer.set(value, this.position)
    this.position += value.length
  }

  int32BigEndian(value: number): void {
    this.reserve(4)
    this.view.setInt32(this.position, value)
    this.position += 4
  }

  /** An unsigned number below 2^32 as base-128 varint. */
  varint32(value: number): void {
    this.reserve(5)
    const { buffer } = this
    while (value > 0x7f) {
      buffer[this.position++] = (value & 0x7f) | 0x80
      value >>>= 7
    }
    buffer[this.position++] = value
  }

  /** A number below 2^64 as base-128 varint, from its two halves. */
  private varintHalves(low: number, high: number): void {
    this.reserve(10)
    const { buffer } = this
    while (high > 0 || low > 0x7f) {
      buffer[this.position++] = (low & 0x7f) | 0x80
      low = ((low >>> 7) | (high << 25)) >>> 0
      high >>>= 7
    }
    buffer[this.position++] = low
  }

  zigzag32(value: number): void {
    this.varint32(((value << 1) ^ (value >> 31)) >>> 0)
  }

  /** A safe integer, zigzag. */
  zigzagNumber(value: number): void {
    if (value >= -0x4000_0000 && value < 0x4000_0000) return this.zigzag32(value)
    // Without bigint: 2n for n >= 0, -2n - 1 below, in halves because the double of a safe integer may not be safe.
    const positive = value < 0 ? -(value + 1) : value
    const low = positive >>> 0
    const high = (positive - low) / 0x1_0000_0000
    this.varintHalves(((low << 1) | (value < 0 ? 1 : 0)) >>> 0, ((high << 1) | (low >>> 31)) >>> 0)
  }

  zigzag64(value: bigint): void {
    const number = Number(value)
    if (Number.isSafeInteger(number)) return this.zigzagNumber(number)
    const zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    this.varintHalves(Number(zigzag & 0xffff_ffffn), Number(zigzag >> 32n))
  }

  float(value: number): void {
    this.reserve(4)
    this.view.setFloat32(this.position, value, true)
    this.position += 4
  }

  double(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.position, value, true)
    this.position += 8
  }

  /** UTF-8 without a length. */
  text(value: string): void {
    const size = Buffer.byteLength(value)
    this.reserve(size)
    this.position += this.buffer.write(value, this.position, size, 'utf8')
  }

  /** UTF-8 with its length before it, zigzag. */
  string(value: string): void {
    const { length } = value
    if (length < shortString) {
      this.reserve(length + 1)
      const { buffer } = this
      const start = this.position + 1
      let at = 0
      for (; at < length; at++) {
        const code = value.charCodeAt(at)
        if (code > 0x7f) break
        buffer[start + at] = code
      }
      if (at === length) {
        buffer[this.position] = length << 1
        this.position = start + length
        return
      }
    }
    if (!(value as WellFormedString).isWellFormed()) {
      throw new InvalidValue('the string has half of a surrogate pair, which UTF-8 cannot hold')
    }
    this.zigzag32(Buffer.byteLength(value))
    this.text(value)
  }

  private reserve(count: number): void {
    if (this.position + count <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.position + count))
    grown.set(this.buffer.subarray(0, this.position))
    this.buffer = grown
    this.view = viewOf(grown)
  }
}

/** ES2024, in Node since 20. */
type WellFormedString = string & { isWellFormed(): boolean }

/** Below this many characters a loop beats the call into the runtime (measured on Node 20); at most 64, for the length. */
const shortString = 48

const viewOf = (buffer: Buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.length)

let scratch: ByteWriter | undefined = new ByteWriter(1 << 16)

/**
 * Runs `write` on the shared scratch buffer and gives a copy of what it wrote. A message that is encoded while another
 * one is (a getter may do that) has a buffer of its own.
 */
export function written(write: (out: ByteWriter) => void): Buffer {
  const out = scratch ?? new ByteWriter()
  scratch = undefined
  out.position = 0
  try {
    write(out)
    return out.take()
  } finally {
    scratch = out
  }
}
