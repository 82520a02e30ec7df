import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import { type FieldModel, tag } from '../file-set.js'
import { generatedCodeAndSubject, fieldName, fieldPath, type Report, type Rule, type Sides, spotOf } from './rule.js'

/** Types among which a field may change. Everything that is in no group stands alone. */
const wireGroups: readonly (readonly Type[])[] = [
  [Type.INT32, Type.UINT32, Type.INT64, Type.UINT64, Type.BOOL],
  [Type.SINT32, Type.SINT64],
  [Type.FIXED32, Type.SFIXED32],
  [Type.FIXED64, Type.SFIXED64],
]
const wireJsonGroups: readonly (readonly Type[])[] = [
  [Type.INT32, Type.UINT32],
  [Type.INT64, Type.UINT64],
  [Type.FIXED32, Type.SFIXED32],
  [Type.FIXED64, Type.SFIXED64],
]

export const fieldTypeRules: Rule[] = [
  {
    id: 'FIELD_SAME_TYPE',
    categories: generatedCodeAndSubject,
    purpose: 'A field keeps its type in every respect.',
    compares: 'field',
    find: (older, newer) =>
      older.type === newer.type && older.typeName === newer.typeName ? [] : [changedType(older, newer)],
  },
  {
    id: 'FIELD_WIRE_JSON_COMPATIBLE_TYPE',
    categories: ['WIRE_JSON', 'CSR'],
    purpose: 'A field keeps a type that is written alike in binary and in JSON.',
    compares: 'field',
    find: (older, newer, sides) => (fits(older, newer, wireJsonGroups, sides) ? [] : [changedType(older, newer)]),
  },
  {
    id: 'FIELD_WIRE_COMPATIBLE_TYPE',
    categories: ['WIRE'],
    purpose: 'A field keeps a type that is written alike in binary.',
    compares: 'field',
    find: (older, newer, sides) =>
      (older.type === Type.STRING && newer.type === Type.BYTES) || fits(older, newer, wireGroups, sides)
        ? []
        : [changedType(older, newer)],
  },
]

function fits(older: FieldModel, newer: FieldModel, groups: readonly (readonly Type[])[], sides: Sides): boolean {
  if (older.type !== newer.type) {
    return groups.some((group) => group.includes(older.type) && group.includes(newer.type))
  }
  if (older.typeName === newer.typeName) return true
  return older.type === Type.ENUM && enumFits(older.typeName ?? '', newer.typeName ?? '', sides)
}

/** Another enum stands in for the older one if it has its short name and all of its values under the same numbers. */
function enumFits(olderName: string, newerName: string, { older, newer }: Sides): boolean {
  const [was, is] = [older.enums.get(olderName), newer.enums.get(newerName)]
  if (was?.descriptor.name !== is?.descriptor.name) return false
  return (
    was?.values.every(({ name, number }) =>
      is?.values.some((value) => value.name === name && value.number === number),
    ) ?? false
  )
}

const typeName = ({ cardinality, typeName: name, type }: FieldModel): string =>
  cardinality === 'map' ? 'a map' : (name ?? Type[type].toLowerCase())

function changedType(older: FieldModel, newer: FieldModel): Report {
  const encoding = older.type !== newer.type && older.typeName !== undefined && older.typeName === newer.typeName
  return {
    path: fieldPath(newer),
    message: encoding
      ? `${fieldName(newer)} changed its encoding from ${Type[older.type].toLowerCase()} to ${Type[newer.type].toLowerCase()}`
      : `${fieldName(newer)} changed its type from ${typeName(older)} to ${typeName(newer)}`,
    older: spotOf(older, typePaths),
    newer: spotOf(newer, typePaths),
  }
}

const typePaths = [[tag.field.typeName], [tag.field.type]]
