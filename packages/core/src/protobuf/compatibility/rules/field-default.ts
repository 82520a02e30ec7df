import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { FieldModel, FileSet } from '../file-set.js'

/** The value that an absent field is read as, in a form that is equal for equal values; nothing where there is none. */
export function defaultOf(field: FieldModel, set: FileSet): string | undefined {
  const { type, cardinality, descriptor, typeName } = field
  if (cardinality === 'repeated' || cardinality === 'map' || type === Type.MESSAGE || type === Type.GROUP) {
    return undefined
  }
  const text = descriptor.defaultValue
  switch (type) {
    case Type.BOOL:
      return text === 'true' ? 'true' : zero
    case Type.FLOAT:
    case Type.DOUBLE:
      return orZero(String(floatOf(text)))
    case Type.ENUM: {
      const values = set.enums.get(typeName ?? '')?.values ?? []
      const value = text === '' ? values[0] : values.find(({ name }) => name === text)
      return orZero(String(value?.number ?? 0))
    }
    default:
      return orZero(text)
  }
}

/** One zero for all types, so that a change of type alone is no change of default. */
const zero = 'nothing'
const orZero = (text: string): string => (text === '' || text === '0' || text === '-0' ? zero : text)

function floatOf(text: string): number {
  if (text === 'inf') return Infinity
  if (text === '-inf') return -Infinity
  return Number(text)
}
