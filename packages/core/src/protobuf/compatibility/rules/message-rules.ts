import { FieldDescriptorProto_Label as Label } from '@bufbuild/protobuf/wkt'
import { type FieldModel, type MessageModel, tag } from '../file-set.js'
import { covers, type Range, showRanges, uncovered } from './ranges.js'
import {
  everywhere,
  fieldName,
  fieldPath,
  generatedCodeAndSubject,
  json,
  type Report,
  type Rule,
  spot,
  spotOf,
} from './rule.js'

const features = { options: tag.message.options, features: 12, jsonFormat: 6 }

export const messageRules: Rule[] = [
  {
    id: 'FIELD_NO_DELETE',
    categories: generatedCodeAndSubject,
    purpose: 'A field is never removed: generated code loses its accessors.',
    compares: 'message',
    find: (older, newer) => goneFields(older, newer).map((field) => removed(field, newer)),
  },
  {
    id: 'FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED',
    categories: ['WIRE_JSON', 'WIRE', 'CSR'],
    purpose: 'The number of a removed field is reserved, so that nothing else is ever read from it.',
    compares: 'message',
    find: (older, newer) =>
      goneFields(older, newer)
        .filter((field) => !covers(reservedNumbers(newer), field.number))
        .map((field) => removed(field, newer)),
  },
  {
    id: 'FIELD_NO_DELETE_UNLESS_NAME_RESERVED',
    categories: ['WIRE_JSON', 'CSR'],
    purpose: 'The name of a removed field is reserved, so that nothing else is ever read from it in JSON.',
    compares: 'message',
    find: (older, newer) =>
      goneFields(older, newer)
        .filter((field) => !newer.descriptor.reservedName.includes(field.name))
        .map((field) => removed(field, newer)),
  },
  {
    // Goes by the written label: LEGACY_REQUIRED of an edition does not count, which is also how buf reads it.
    id: 'MESSAGE_SAME_REQUIRED_FIELDS',
    categories: everywhere,
    purpose: 'Required fields are neither added nor removed: messages without one do not parse.',
    compares: 'message',
    find: (older, newer) => {
      const required = (message: MessageModel): FieldModel[] =>
        message.fields.filter(({ descriptor }) => descriptor.label === Label.REQUIRED)
      const lacks = (message: MessageModel, number: number): boolean =>
        !required(message).some((field) => field.number === number)
      return [
        ...required(older)
          .filter(({ number }) => lacks(newer, number))
          .map((field) => ({
            path: fieldPath(field),
            message: `${fieldName(field)} is no longer required; readers with the older schema refuse messages without it`,
            older: spotOf(field),
            newer: spotOf(newer),
          })),
        ...required(newer)
          .filter(({ number }) => lacks(older, number))
          .map((field) => ({
            path: fieldPath(field),
            message: `${fieldName(field)} is required now; messages of older writers may lack it and are refused`,
            older: spotOf(older),
            newer: spotOf(field),
          })),
      ]
    },
  },
  {
    id: 'ONEOF_NO_DELETE',
    categories: generatedCodeAndSubject,
    purpose: 'A oneof is never removed or renamed: generated code loses its case accessor.',
    compares: 'message',
    find: (older, newer) => {
      const present = new Set(newer.descriptor.oneofDecl.map(({ name }) => name))
      return older.descriptor.oneofDecl.flatMap(({ name }, index): Report[] => {
        const synthetic = !older.fields.some(({ oneof }) => oneof === name)
        if (synthetic || present.has(name)) return []
        return [
          {
            path: `${older.fullName}.${name}`,
            message: `oneof ${older.fullName}.${name} is gone`,
            older: spot(older.file, [...older.path, 8, index]),
            newer: spotOf(newer),
          },
        ]
      })
    },
  },
  {
    id: 'MESSAGE_SAME_JSON_FORMAT',
    categories: json,
    purpose: 'A message that maps to JSON keeps doing so.',
    compares: 'message',
    find: (older, newer) =>
      older.features.jsonFormat === 'ALLOW' && newer.features.jsonFormat !== 'ALLOW'
        ? [
            {
              path: newer.fullName,
              message: `message ${newer.fullName} no longer guarantees its JSON mapping (json_format ${older.features.jsonFormat} became ${newer.features.jsonFormat})`,
              older: spotOf(older),
              newer: spotOf(newer, [[features.options, features.features, features.jsonFormat]]),
            },
          ]
        : [],
  },
  {
    id: 'MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR',
    categories: generatedCodeAndSubject,
    purpose: 'The generated descriptor() accessor is not switched off.',
    compares: 'message',
    find: (older, newer) =>
      newer.descriptor.options?.noStandardDescriptorAccessor && !older.descriptor.options?.noStandardDescriptorAccessor
        ? [
            {
              path: newer.fullName,
              message: `message ${newer.fullName} no longer has the standard descriptor accessor in generated code`,
              older: spotOf(older),
              newer: spotOf(newer, [[tag.message.options, 2]]),
            },
          ]
        : [],
  },
  {
    id: 'RESERVED_MESSAGE_NO_DELETE',
    categories: everywhere,
    purpose: 'What a message reserves stays reserved.',
    compares: 'message',
    find: (older, newer) => [
      ...uncovered(reservedNumbers(older), reservedNumbers(newer)).map((range) =>
        unreserved(older, newer, showRanges([range])),
      ),
      ...older.descriptor.reservedName
        .filter((name) => !newer.descriptor.reservedName.includes(name))
        .map((name) => unreserved(older, newer, `"${name}"`)),
    ],
  },
  {
    id: 'EXTENSION_MESSAGE_NO_DELETE',
    categories: generatedCodeAndSubject,
    purpose: 'Numbers that are open to extensions stay open.',
    compares: 'message',
    find: (older, newer) =>
      uncovered(extensionNumbers(older), extensionNumbers(newer)).map((range) => ({
        path: newer.fullName,
        message: `message ${newer.fullName} no longer has the extension range ${showRanges([range])}`,
        older: spotOf(older),
        newer: spotOf(newer),
      })),
  },
]

function goneFields(older: MessageModel, newer: MessageModel): FieldModel[] {
  const present = new Set(newer.fields.map(({ number }) => number))
  return older.fields.filter(({ number }) => !present.has(number))
}

const removed = (field: FieldModel, newer: MessageModel): Report => ({
  path: fieldPath(field),
  message: `${fieldName(field)} is gone`,
  older: spotOf(field),
  newer: spotOf(newer),
})

const unreserved = (older: MessageModel, newer: MessageModel, what: string): Report => ({
  path: newer.fullName,
  message: `message ${newer.fullName} no longer reserves ${what}, which an earlier field has used`,
  older: spotOf(older),
  newer: spotOf(newer),
})

// Ranges of messages end before `end` in descriptors; here both ends are in.
const reservedNumbers = ({ descriptor }: MessageModel): Range[] =>
  descriptor.reservedRange.map(({ start, end }) => [start, end - 1])
const extensionNumbers = ({ descriptor }: MessageModel): Range[] =>
  descriptor.extensionRange.map(({ start, end }) => [start, end - 1])
