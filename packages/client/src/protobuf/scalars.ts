import { DecodeError } from '../decoded.js'
import { expected } from '../encode-error.js'
import type { ResolvedTypes } from '../types.js'
import type { ByteReader } from '../wire/byte-reader.js'
import type { ByteWriter } from '../wire/byte-writer.js'
import type { ScalarType } from './table.js'

export const enum Wire {
  Varint = 0,
  Bits64 = 1,
  Bytes = 2,
  GroupStart = 3,
  GroupEnd = 4,
  Bits32 = 5,
}

export interface Scalar {
  wire: Wire
  zero: unknown
  write(value: unknown, out: ByteWriter): void
  read(input: ByteReader): unknown
  /** A map's key as the property that it becomes, and back. */
  ofKey(key: string): unknown
}

/** Protobuf's scalar types (Protocol Buffers, "Encoding"), with 64-bit integers as the types say. */
export function scalarTable(types: Pick<ResolvedTypes, 'long'>): Record<ScalarType, Scalar> {
  const asNumber = types.long === 'number'
  const long = (
    signed: boolean,
    write: (value: bigint, out: ByteWriter) => void,
    read: (input: ByteReader) => bigint,
    wire: Wire,
  ): Scalar => {
    const wrap = signed ? BigInt.asIntN : BigInt.asUintN
    const toBig = (value: unknown): bigint => {
      const big = asNumber ? (Number.isSafeInteger(value) ? BigInt(value as number) : undefined) : value
      if (typeof big !== 'bigint' || wrap(64, big) !== big) {
        const what = `${signed ? 'a signed' : 'an unsigned'} 64-bit ${asNumber ? 'safe integer' : 'bigint'}`
        throw expected(what, value)
      }
      return big
    }
    return {
      wire,
      zero: asNumber ? 0 : 0n,
      write: (value, out) => write(toBig(value), out),
      read: asNumber ? (input) => safe(wrap(64, read(input))) : (input) => wrap(64, read(input)),
      ofKey: (key) => (asNumber ? Number(key) : integerKey(key)),
    }
  }
  const int = (
    [min, max]: readonly [number, number],
    wire: Wire,
    write: (value: number, out: ByteWriter) => void,
    read: (input: ByteReader) => number,
  ): Scalar => ({
    wire,
    zero: 0,
    write: (value, out) => {
      if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
        throw expected(`an integer from ${min} to ${max}`, value)
      }
      write(value as number, out)
    },
    read,
    ofKey: Number,
  })
  const unsigned64 = (value: bigint) => BigInt.asUintN(64, value)
  return {
    double: {
      wire: Wire.Bits64,
      zero: 0,
      write: (v, out) => out.double(numeric(v)),
      read: (i) => i.double(),
      ofKey: Number,
    },
    float: {
      wire: Wire.Bits32,
      zero: 0,
      write: (v, out) => out.float(numeric(v)),
      read: (i) => i.float(),
      ofKey: Number,
    },
    // A negative int32 takes ten bytes: it is sign-extended to 64 bits.
    int32: int(
      signed32,
      Wire.Varint,
      (v, out) => (v < 0 ? out.varint64(unsigned64(BigInt(v))) : out.varint32(v)),
      (i) => i.varint32() | 0,
    ),
    uint32: int(
      unsigned32,
      Wire.Varint,
      (v, out) => out.varint32(v),
      (i) => i.varint32(),
    ),
    sint32: int(
      signed32,
      Wire.Varint,
      (v, out) => out.zigzag32(v),
      (i) => unzigzag(i.varint32()),
    ),
    fixed32: int(
      unsigned32,
      Wire.Bits32,
      (v, out) => out.fixed32(v),
      (i) => i.fixed32(),
    ),
    sfixed32: int(
      signed32,
      Wire.Bits32,
      (v, out) => out.fixed32(v >>> 0),
      (i) => i.fixed32() | 0,
    ),
    int64: long(
      true,
      (v, out) => out.varint64(unsigned64(v)),
      (i) => i.varint64(),
      Wire.Varint,
    ),
    uint64: long(
      false,
      (v, out) => out.varint64(v),
      (i) => i.varint64(),
      Wire.Varint,
    ),
    sint64: long(
      true,
      (v, out) => out.zigzag64(v),
      (i) => i.zigzag64(),
      Wire.Varint,
    ),
    fixed64: long(
      false,
      (v, out) => out.fixed64(v),
      (i) => i.fixed64(),
      Wire.Bits64,
    ),
    sfixed64: long(
      true,
      (v, out) => out.fixed64(unsigned64(v)),
      (i) => i.fixed64(),
      Wire.Bits64,
    ),
    bool: {
      wire: Wire.Varint,
      zero: false,
      write: (value, out) => {
        if (typeof value !== 'boolean') throw expected('a boolean', value)
        out.byte(value ? 1 : 0)
      },
      read: (input) => input.varint64() !== 0n,
      ofKey: (key) => (key === 'true' ? true : key === 'false' ? false : key),
    },
    string: {
      wire: Wire.Bytes,
      zero: '',
      write: (value, out) => {
        if (typeof value !== 'string') throw expected('a string', value)
        out.string(value, 0)
      },
      read: (input) => input.string(input.varint32()),
      ofKey: (key) => key,
    },
    bytes: {
      wire: Wire.Bytes,
      zero: new Uint8Array(0),
      write: (value, out) => {
        if (!(value instanceof Uint8Array)) throw expected('bytes (Uint8Array)', value)
        out.varint32(value.length)
        out.bytes(value)
      },
      read: (input) => input.bytes(input.varint32()),
      ofKey: (key) => key,
    },
  }
}

const signed32 = [-0x8000_0000, 0x7fff_ffff] as const
const unsigned32 = [0, 0xffff_ffff] as const

const unzigzag = (value: number) => (value >>> 1) ^ -(value & 1)

const integerKey = (key: string) => (/^-?\d{1,20}$/.test(key) ? BigInt(key) : key)

function numeric(value: unknown): number {
  if (typeof value !== 'number') throw expected('a number', value)
  return value
}

function safe(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) {
    throw new DecodeError('OutOfRange', 'a 64-bit integer is beyond 2^53 and `types.long` is `number`; use `bigint`')
  }
  return number
}
