import { type EnumModel, type EnumValueModel, tag } from '../file-set.js'
import { covers, type Range, showRanges, uncovered } from './ranges.js'
import { everywhere, generatedCode, generatedCodeAndSubject, json, type Report, type Rule, spotOf } from './rule.js'

export const enumRules: Rule[] = [
  {
    id: 'ENUM_VALUE_NO_DELETE',
    categories: generatedCodeAndSubject,
    purpose: 'An enum value is never removed: generated code loses its constant.',
    compares: 'enum',
    find: (older, newer) => goneNumbers(older, newer).map((values) => removed(values, older, newer)),
  },
  {
    id: 'ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED',
    categories: ['WIRE_JSON', 'WIRE', 'CSR'],
    purpose: 'The number of a removed enum value is reserved, so that it never means something else.',
    compares: 'enum',
    find: (older, newer) =>
      goneNumbers(older, newer)
        .filter(([value]) => !covers(reservedNumbers(newer), value?.number ?? 0))
        .map((values) => removed(values, older, newer)),
  },
  {
    id: 'ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED',
    categories: ['WIRE_JSON', 'CSR'],
    purpose: 'The name of a removed enum value is reserved, so that it never means something else in JSON.',
    compares: 'enum',
    find: (older, newer) =>
      goneNumbers(older, newer)
        .filter((values) => !values.every(({ name }) => newer.descriptor.reservedName.includes(name)))
        .map((values) => removed(values, older, newer)),
  },
  {
    id: 'ENUM_VALUE_SAME_NAME',
    categories: json,
    purpose: 'An enum value keeps its name: JSON carries names.',
    compares: 'enum',
    find: (older, newer) => {
      const now = byNumber(newer)
      return [...byNumber(older)].flatMap(([number, was]) => {
        const is = now.get(number) ?? []
        const kept = was.every(({ name }) => is.some((value) => value.name === name))
        return kept
          ? []
          : is.map((value) => ({
              path: `${newer.fullName}.${value.name}`,
              message: `the value ${number} of enum ${newer.fullName} was ${names(was)} and is ${names(is)}; JSON with the older name is refused`,
              older: { ...spotOf(older), paths: [was[0]?.path ?? older.path] },
              newer: { ...spotOf(newer), paths: [[...value.path, tag.enumValue.number], value.path] },
            }))
      })
    },
  },
  {
    id: 'ENUM_SAME_TYPE',
    categories: generatedCode,
    purpose: 'An enum stays open or closed: closed ones drop numbers they do not know.',
    compares: 'enum',
    find: (older, newer) =>
      older.closed === newer.closed
        ? []
        : [
            {
              path: newer.fullName,
              message: `enum ${newer.fullName} was ${older.features.enumType.toLowerCase()} and is ${newer.features.enumType.toLowerCase()}`,
              older: spotOf(older),
              newer: spotOf(newer, [[tag.enum.options, 7, 2]]),
            },
          ],
  },
  {
    id: 'ENUM_SAME_JSON_FORMAT',
    categories: json,
    purpose: 'An enum that maps to JSON keeps doing so.',
    compares: 'enum',
    find: (older, newer) =>
      older.features.jsonFormat === 'ALLOW' && newer.features.jsonFormat !== 'ALLOW'
        ? [
            {
              path: newer.fullName,
              message: `enum ${newer.fullName} no longer guarantees its JSON mapping (json_format ${older.features.jsonFormat} became ${newer.features.jsonFormat})`,
              older: spotOf(older),
              newer: spotOf(newer, [[tag.enum.options, 7, 6]]),
            },
          ]
        : [],
  },
  {
    id: 'RESERVED_ENUM_NO_DELETE',
    categories: everywhere,
    purpose: 'What an enum reserves stays reserved.',
    compares: 'enum',
    find: (older, newer) => [
      ...uncovered(reservedNumbers(older), reservedNumbers(newer)).map((range) =>
        unreserved(older, newer, showRanges([range])),
      ),
      ...older.descriptor.reservedName
        .filter((name) => !newer.descriptor.reservedName.includes(name))
        .map((name) => unreserved(older, newer, `"${name}"`)),
    ],
  },
]

/** Values by number, aliases together. */
function byNumber({ values }: EnumModel): Map<number, EnumValueModel[]> {
  const numbers = new Map<number, EnumValueModel[]>()
  for (const value of values) numbers.set(value.number, [...(numbers.get(value.number) ?? []), value])
  return numbers
}

function goneNumbers(older: EnumModel, newer: EnumModel): EnumValueModel[][] {
  const present = byNumber(newer)
  return [...byNumber(older)].filter(([number]) => !present.has(number)).map(([, values]) => values)
}

const names = (values: readonly EnumValueModel[]): string => values.map(({ name }) => name).join(', ')

const removed = (values: EnumValueModel[], older: EnumModel, newer: EnumModel): Report => ({
  path: `${newer.fullName}.${values[0]?.name}`,
  message: `the value ${names(values)} = ${values[0]?.number} of enum ${newer.fullName} is gone`,
  older: { ...spotOf(older), paths: [values[0]?.path ?? older.path] },
  newer: spotOf(newer),
})

const unreserved = (older: EnumModel, newer: EnumModel, what: string): Report => ({
  path: newer.fullName,
  message: `enum ${newer.fullName} no longer reserves ${what}, which an earlier value has used`,
  older: spotOf(older),
  newer: spotOf(newer),
})

const reservedNumbers = ({ descriptor }: EnumModel): Range[] =>
  descriptor.reservedRange.map(({ start, end }) => [start, end])
