import { FieldDescriptorProto_Type as Type, type EnumDescriptorProto } from '@bufbuild/protobuf/wkt'
import { bytesOf, decodeString, type StringValue } from '../syntax/string-literal.js'
import { parseInteger } from '../syntax/token-reader.js'
import type { ScalarValue, Value } from '../syntax/tree.js'
import { integerRanges, scalarNames } from './types.js'

export interface WrongDefault {
  expected: string
}

/**
 * The text of a default as descriptors hold it: integers in decimal, floats in the shortest form that reads back,
 * bytes with C escapes, enum values by name.
 */
export function defaultText(
  type: Type,
  value: Value,
  enumeration: EnumDescriptorProto | undefined,
): string | WrongDefault {
  if (type === Type.MESSAGE || type === Type.GROUP) return { expected: 'no default: messages cannot have one' }
  if (value.kind === 'message' || value.kind === 'list') return { expected: 'a single value' }
  const range = integerRanges.get(type)
  if (range) return integerText(value, range, type)
  switch (type) {
    case Type.DOUBLE:
    case Type.FLOAT:
      return floatText(value, type === Type.FLOAT)
    case Type.BOOL:
      return value.kind === 'identifier' && /^(true|false)$/.test(value.text)
        ? value.text
        : { expected: 'true or false' }
    case Type.STRING:
      if (value.kind !== 'string') return { expected: 'a string in quotes' }
      return value.bytes ? { expected: 'a string of valid UTF-8' } : value.text
    case Type.BYTES:
      return value.kind === 'string' ? escapeBytes(bytesOf(value)) : { expected: 'a string in quotes' }
    default:
      if (value.kind !== 'identifier') return { expected: 'the name of a value of the enum' }
      if (enumeration && !enumeration.value.some(({ name }) => name === value.text)) {
        return { expected: `a value of ${enumeration.name}, such as ${enumeration.value[0]?.name ?? ''}` }
      }
      return value.text
  }
}

function integerText(value: ScalarValue, [least, most]: readonly [bigint, bigint], type: Type): string | WrongDefault {
  const expected = `an integer from ${least} to ${most} (${scalarNames.get(type) ?? ''})`
  const match = value.kind === 'number' && /^(-?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(value.text)
  if (!match || (match[1] && least === 0n)) return { expected }
  const absolute = parseInteger(match[2] ?? '')
  const number = match[1] ? -absolute : absolute
  if (number < least || number > most) return { expected }
  return match[1] ? `-${absolute}` : String(number)
}

function floatText(value: ScalarValue, single: boolean): string | WrongDefault {
  const { text } = value
  if (value.kind === 'string' || !/^(-?inf|-?nan|-?[0-9.].*)$/.test(text)) return { expected: 'a number, inf or nan' }
  if (text === '-nan') return 'nan'
  if (text.endsWith('inf') || text === 'nan') return text
  const negative = text.startsWith('-')
  const digits = negative ? text.slice(1) : text
  const number = /^0[0-9xX]+$/.test(digits) || /^0[xX]/.test(digits) ? Number(parseInteger(digits)) : Number(digits)
  return floatToText(negative ? -number : number, single)
}

/** As C prints it with the fewest digits that read back: `%.15g` or `%.17g`, for a float `%.6g` up to `%.9g`. */
export function floatToText(number: number, single: boolean): string {
  const value = single ? Math.fround(number) : number
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  if (Number.isNaN(value)) return 'nan'
  if (Object.is(value, -0)) return '-0'
  for (let digits = single ? 6 : 15; digits < (single ? 9 : 17); digits++) {
    const text = general(value, digits)
    const back = Number(text)
    if ((single ? Math.fround(back) : back) === value) return text
    if (!single) break
  }
  return single ? general(value, 9) : general(value, 17)
}

/** C's `%.{digits}g`. */
function general(value: number, digits: number): string {
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e')
  const exponent = Number(exponentText)
  const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (exponent < -4 || exponent >= digits) {
    const sign = exponent < 0 ? '-' : '+'
    return `${trim(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  return trim(value.toFixed(Math.max(0, digits - 1 - exponent)))
}

/** C escapes, octal for what has no letter. */
export function escapeBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    const named = escapes.get(byte)
    if (named) text += named
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte)
    else text += `\\${byte.toString(8).padStart(3, '0')}`
  }
  return text
}

const escapes = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x22, '\\"'],
  [0x27, "\\'"],
  [0x5c, '\\\\'],
])

/** The bytes behind the default of a `bytes` field in a descriptor. */
export function unescapeBytes(text: string): StringValue {
  return decodeString(`"${text}"`)
}
