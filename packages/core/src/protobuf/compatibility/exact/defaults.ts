import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { EnumModel, FieldModel, FileSet } from '../file-set.js'

/** What an absent scalar means: integers, bool and enums as bigint, float and double as number, text and bytes as such. */
export type Default = bigint | number | string | Uint8Array

/** The default that the schema gives, or the zero value; of an enum the first value. */
export function defaultValue(field: FieldModel, set: FileSet): Default {
  const text = field.descriptor.defaultValue
  switch (field.type) {
    case Type.STRING:
      return text
    case Type.BYTES:
      return unescapeBytes(text)
    case Type.FLOAT:
    case Type.DOUBLE:
      return text === '' ? 0 : text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text)
    case Type.BOOL:
      return text === 'true' ? 1n : 0n
    case Type.ENUM:
      return enumDefault(field.cardinality === 'implicit' ? undefined : set.enums.get(field.typeName ?? ''), text)
    case Type.MESSAGE:
    case Type.GROUP:
      return new Uint8Array()
    default:
      return text === '' ? 0n : BigInt(text)
  }
}

function enumDefault(type: EnumModel | undefined, name: string): bigint {
  const value = name === '' ? type?.values[0] : type?.values.find((candidate) => candidate.name === name)
  return BigInt(value?.number ?? 0)
}

/** Text and bytes are the same default if their bytes are. */
export function sameDefault(a: Default, b: Default): boolean {
  if (typeof a === 'bigint' || typeof a === 'number' || typeof b === 'bigint' || typeof b === 'number') {
    return Object.is(a, b)
  }
  return bytesEqual(bytesOf(a), bytesOf(b))
}

export const bytesOf = (value: string | Uint8Array): Uint8Array =>
  typeof value === 'string' ? new TextEncoder().encode(value) : value

export const bytesEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

/** The escapes that descriptors use for bytes: octal, hexadecimal, and the usual letters. */
function unescapeBytes(text: string): Uint8Array {
  const letters: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }
  const bytes: number[] = []
  for (const [part, octal, hex, letter] of text.matchAll(/\\([0-7]{1,3})|\\[xX]([0-9a-fA-F]{1,2})|\\(.)|[^\\]+/gsu)) {
    if (octal) bytes.push(parseInt(octal, 8) & 0xff)
    else if (hex) bytes.push(parseInt(hex, 16))
    else if (letter && letters[letter] !== undefined) bytes.push(letters[letter])
    else bytes.push(...bytesOf(letter ?? part))
  }
  return Uint8Array.from(bytes)
}
