import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'

/** Scalar types by the name that is written. */
export const scalarTypes: ReadonlyMap<string, Type> = new Map([
  ['double', Type.DOUBLE],
  ['float', Type.FLOAT],
  ['int64', Type.INT64],
  ['uint64', Type.UINT64],
  ['int32', Type.INT32],
  ['fixed64', Type.FIXED64],
  ['fixed32', Type.FIXED32],
  ['bool', Type.BOOL],
  ['string', Type.STRING],
  ['bytes', Type.BYTES],
  ['uint32', Type.UINT32],
  ['sfixed32', Type.SFIXED32],
  ['sfixed64', Type.SFIXED64],
  ['sint32', Type.SINT32],
  ['sint64', Type.SINT64],
])

/** The written name of a scalar type. */
export const scalarNames: ReadonlyMap<Type, string> = new Map([...scalarTypes].map(([name, type]) => [type, name]))

/** Whether a type (by its written name) can be the key of a map. */
export function isMapKey(name: string): boolean {
  return scalarTypes.has(name) && !['float', 'double', 'bytes'].includes(name)
}

/** Whether a repeated field of this type can be packed: numbers, booleans and enums. */
export function isPackable(type: Type): boolean {
  return type !== Type.STRING && type !== Type.BYTES && type !== Type.MESSAGE && type !== Type.GROUP
}

/** Smallest and largest value of the integer types. */
export const integerRanges: ReadonlyMap<Type, readonly [bigint, bigint]> = new Map(
  (
    [
      [
        [Type.INT32, Type.SINT32, Type.SFIXED32],
        [-(2n ** 31n), 2n ** 31n - 1n],
      ],
      [
        [Type.UINT32, Type.FIXED32],
        [0n, 2n ** 32n - 1n],
      ],
      [
        [Type.INT64, Type.SINT64, Type.SFIXED64],
        [-(2n ** 63n), 2n ** 63n - 1n],
      ],
      [
        [Type.UINT64, Type.FIXED64],
        [0n, 2n ** 64n - 1n],
      ],
    ] as const
  ).flatMap(([types, range]) => types.map((type) => [type, range] as const)),
)
