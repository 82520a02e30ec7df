import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { FieldModel } from '../file-set.js'

/** The value that an absent field is read as, in a form that is equal for equal values; nothing where there is none. */
export function defaultOf(field: FieldModel): string | undefined {
  const { type, cardinality, descriptor } = field
  if (cardinality === 'repeated' || cardinality === 'map' || type === Type.MESSAGE || type === Type.GROUP) {
    return undefined
  }
  const text = descriptor.defaultValue
  switch (type) {
    case Type.BOOL:
      return text === 'true' ? 'true' : 'zero'
    case Type.FLOAT:
    case Type.DOUBLE:
      return zeroOr(String(floatOf(text)))
    case Type.ENUM:
      return text || 'first'
    default:
      return text === '' ? 'zero' : zeroOr(text)
  }
}

const zeroOr = (text: string): string => (text === '0' || text === '-0' ? 'zero' : text)

function floatOf(text: string): number {
  if (text === 'inf') return Infinity
  if (text === '-inf') return -Infinity
  return text === '' ? 0 : Number(text)
}
