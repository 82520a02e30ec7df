import { DecodeError } from '../decoded.js'
import { expected, InvalidValue } from '../encode-error.js'
import type { ResolvedTypes } from '../types.js'
import type { ProtobufTable, ScalarType } from './table.js'

/** A value of a field on both sides: as users have it, and as protobufjs has it. */
export interface Scalar {
  zero: unknown
  /** @throws InvalidValue */
  toWire(value: unknown): unknown
  /** `undefined` for what counts as absent. @throws DecodeError */
  fromWire(value: unknown): unknown
}

/** A 64-bit integer of protobufjs. */
interface Long {
  low: number
  high: number
}

/** Protobuf's scalar types. protobufjs takes any value and cuts it to size, so values are checked here. */
export function scalarTable(types: Pick<ResolvedTypes, 'long'>): Record<ScalarType, Scalar> {
  const signed = types.long === 'number' ? safeLong(true) : bigLong(true)
  const unsigned = types.long === 'number' ? safeLong(false) : bigLong(false)
  const signed32 = int(-0x8000_0000, 0x7fff_ffff)
  const unsigned32 = int(0, 0xffff_ffff)
  return {
    double: checked('number', 0, 'a number'),
    float: checked('number', 0, 'a number'),
    bool: checked('boolean', false, 'a boolean'),
    string: { ...same, zero: '', toWire: wellFormed },
    bytes: {
      zero: new Uint8Array(0),
      toWire: (value) => {
        if (!(value instanceof Uint8Array)) throw expected('bytes (Uint8Array)', value)
        return value
      },
      // A copy, so that a value does not hold on to the whole message.
      fromWire: (value) => new Uint8Array(value as Uint8Array),
    },
    int32: signed32,
    sint32: signed32,
    sfixed32: signed32,
    uint32: unsigned32,
    fixed32: unsigned32,
    int64: signed,
    sint64: signed,
    sfixed64: signed,
    uint64: unsigned,
    fixed64: unsigned,
  }
}

const same = { fromWire: (value: unknown) => value }

const checked = (type: string, zero: unknown, what: string): Scalar => ({
  ...same,
  zero,
  toWire: (value) => {
    if (typeof value !== type) throw expected(what, value)
    return value
  },
})

const int = (min: number, max: number): Scalar => ({
  ...same,
  zero: 0,
  toWire: (value) => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
      throw expected(`an integer from ${min} to ${max}`, value)
    }
    return value
  },
})

function bigLong(signed: boolean): Scalar {
  const wrap = (value: bigint) => (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value))
  return {
    zero: 0n,
    toWire: (value) => {
      if (typeof value !== 'bigint' || wrap(value) !== value) {
        throw expected(`${signed ? 'a signed' : 'an unsigned'} 64-bit bigint`, value)
      }
      return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)), unsigned: !signed }
    },
    fromWire: (value) => {
      const { low, high } = value as Long
      if (high === 0) return BigInt(low >>> 0)
      return wrap((BigInt(high) << 32n) | BigInt(low >>> 0))
    },
  }
}

function safeLong(signed: boolean): Scalar {
  const big = bigLong(signed)
  return {
    zero: 0,
    toWire: (value) => {
      if (!Number.isSafeInteger(value) || (!signed && (value as number) < 0)) {
        throw expected(`${signed ? 'a' : 'an unsigned'} safe integer`, value)
      }
      return value
    },
    fromWire: (value) => {
      const number = Number(big.fromWire(value))
      if (Number.isSafeInteger(number)) return number
      throw new DecodeError('OutOfRange', 'a 64-bit integer is beyond 2^53 and `types.long` is `number`; use `bigint`')
    },
  }
}

function wellFormed(value: unknown): string {
  if (typeof value !== 'string') throw expected('a string', value)
  // ES2024, in Node since 20.
  if ((value as string & { isWellFormed(): boolean }).isWellFormed()) return value
  throw new InvalidValue('the string has half of a surrogate pair, which UTF-8 cannot hold')
}

/** Enums are their names; a number without a name is itself in an open enum, and as if it were not there in a closed one. */
export function enumScalar(table: ProtobufTable, name = ''): Scalar {
  if (!Object.hasOwn(table.enums, name)) throw new TypeError(`the table has no enum ${name}`)
  const { open, values } = table.enums[name]
  const numbers = new Map(values)
  // Of several names for a number the first is read.
  const names = new Map([...values].reverse().map(([symbol, number]) => [number, symbol]))
  return {
    zero: names.get(0) ?? values[0]?.[0],
    toWire: (value) => {
      const number = typeof value === 'string' ? numbers.get(value) : open ? value : undefined
      if (number !== (number as number) >> 0) throw expected(`a value of ${name}`, value)
      return number
    },
    fromWire: (value) => names.get(value as number) ?? (open ? value : undefined),
  }
}
