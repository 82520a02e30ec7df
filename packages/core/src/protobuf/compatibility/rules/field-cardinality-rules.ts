import type { Cardinality, FieldModel } from '../file-set.js'
import { type Category, fieldName, fieldPath, generatedCode, type Rule, spotOf } from './rule.js'

/** Which cardinalities may stand for each other, by the rule that says so. */
const rules: readonly {
  id: string
  categories: readonly Category[]
  purpose: string
  groups: readonly (readonly Cardinality[])[]
}[] = [
  {
    id: 'FIELD_SAME_CARDINALITY',
    categories: generatedCode,
    purpose: 'A field keeps its cardinality, the tracking of its presence included.',
    groups: [],
  },
  {
    id: 'FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY',
    categories: ['WIRE_JSON', 'CSR'],
    purpose: 'A field stays singular, required, repeated or a map: JSON writes each differently.',
    groups: [['implicit', 'explicit']],
  },
  {
    id: 'FIELD_WIRE_COMPATIBLE_CARDINALITY',
    categories: ['WIRE'],
    purpose: 'A field stays singular, required, or repeated; a map is repeated entries.',
    groups: [
      ['implicit', 'explicit'],
      ['repeated', 'map'],
    ],
  },
]

export const fieldCardinalityRules: Rule[] = rules.map(({ id, categories, purpose, groups }) => ({
  id,
  categories,
  purpose,
  compares: 'field',
  find: (older, newer) => {
    const [was, is] = [older.cardinality, newer.cardinality]
    if (was === is || insideMapEntry(newer) || groups.some((group) => group.includes(was) && group.includes(is)))
      return []
    return [
      {
        path: fieldPath(newer),
        message: `${fieldName(newer)} changed from ${describe[was]} to ${describe[is]}`,
        older: spotOf(older),
        newer: spotOf(newer),
      },
    ]
  },
}))

/** The compiler writes key and value; their presence says nothing. */
const insideMapEntry = (field: FieldModel): boolean => field.parent?.isMapEntry === true && !field.extendee

const describe: Record<Cardinality, string> = {
  implicit: 'singular without presence',
  explicit: 'singular with presence',
  required: 'required',
  repeated: 'repeated',
  map: 'a map',
}
