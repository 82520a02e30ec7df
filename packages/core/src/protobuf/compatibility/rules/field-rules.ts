import {
  FieldOptions_CType as CType,
  FieldOptions_JSType as JSType,
  FieldDescriptorProto_Type as Type,
  CppFeatures_StringType as StringType,
  JavaFeatures_Utf8Validation as JavaUtf8,
} from '@bufbuild/protobuf/wkt'
import { type FieldModel, type FileSet, tag } from '../file-set.js'
import { defaultOf } from './field-default.js'
import { type Category, everywhere, fieldName, fieldPath, generatedCode, json, type Rule, spotOf } from './rule.js'

/** Properties of a field that have to stay. `value` gives nothing where the property does not apply. */
const traits: readonly {
  id: string
  categories: readonly Category[]
  purpose: string
  noun: string
  value: (field: FieldModel, set: FileSet) => string | undefined
  /** A change that does no harm. */
  allows?: readonly [was: string, is: string]
  /** Source paths below the field, narrowest first. */
  at: readonly (readonly number[])[]
  /** The file option that says the same for all fields. */
  inFile?: readonly number[]
}[] = [
  {
    id: 'FIELD_SAME_NAME',
    categories: json,
    purpose: 'A field keeps its name: JSON readers and generated code use it.',
    noun: 'name',
    value: (field) => (field.extendee ? field.fullName : field.name),
    at: [[tag.field.name]],
  },
  {
    id: 'FIELD_SAME_JSON_NAME',
    categories: json,
    purpose: 'A field keeps its JSON name.',
    noun: 'JSON name',
    value: (field) => (field.extendee ? undefined : field.descriptor.jsonName),
    at: [[tag.field.jsonName]],
  },
  {
    id: 'FIELD_SAME_ONEOF',
    categories: everywhere,
    purpose: 'A field stays in its oneof, or outside of any: setting one member clears the others.',
    noun: 'oneof',
    value: (field) => field.oneof ?? 'none',
    at: [],
  },
  {
    id: 'FIELD_SAME_JSTYPE',
    categories: generatedCode,
    purpose: 'A 64-bit field keeps its JavaScript type.',
    noun: 'jstype',
    value: (field) => (wide.has(field.type) ? jstypeOf(field) : undefined),
    at: [[tag.field.options, 6]],
  },
  {
    id: 'FIELD_SAME_CPP_STRING_TYPE',
    categories: generatedCode,
    purpose: 'A string or bytes field keeps its type in C++.',
    noun: 'C++ string type',
    value: (field) =>
      (field.type === Type.STRING || field.type === Type.BYTES) && !field.parent?.isMapEntry
        ? cppStringType(field)
        : undefined,
    allows: ['STRING_PIECE', 'STRING'], // C++ has long treated the first as the second
    at: [
      [tag.field.options, 1],
      [tag.field.options, 21, 1000, 2],
      [tag.field.options, 21, 1000],
    ],
  },
  {
    id: 'FIELD_SAME_JAVA_UTF8_VALIDATION',
    categories: generatedCode,
    purpose: 'A string field keeps or keeps lacking its check of UTF-8 in Java.',
    noun: 'UTF-8 validation in Java',
    value: (field) => (field.type === Type.STRING ? javaUtf8Validation(field) : undefined),
    at: [
      [tag.field.options, 21, 1001, 2],
      [tag.field.options, 21, 1001],
    ],
    inFile: [tag.file.options, 27],
  },
  {
    id: 'FIELD_SAME_UTF8_VALIDATION',
    categories: generatedCode,
    purpose: 'A string field keeps or keeps lacking its check of UTF-8.',
    noun: 'UTF-8 validation',
    value: (field) => (field.type === Type.STRING ? field.features.utf8Validation : undefined),
    at: [[tag.field.options, 21, 4]],
  },
  {
    id: 'FIELD_SAME_DEFAULT',
    categories: everywhere,
    purpose: 'A field keeps its default: an absent value is read as it.',
    noun: 'default',
    value: defaultOf,
    at: [[tag.field.defaultValue]],
  },
]

export const fieldRules: Rule[] = traits.map(({ id, categories, purpose, noun, value, allows, at, inFile }) => ({
  id,
  categories,
  purpose,
  compares: 'field',
  find: (older, newer, sides) => {
    const [was, is] = [value(older, sides.older), value(newer, sides.newer)]
    if (was === undefined || is === undefined || was === is || (was === allows?.[0] && is === allows[1])) return []
    return [
      {
        path: fieldPath(newer),
        message: `${noun} of ${fieldName(newer)} changed from ${was} to ${is}`,
        older: spotOf(older, at, inFile),
        newer: spotOf(newer, at, inFile),
      },
    ]
  },
}))

const wide: ReadonlySet<Type> = new Set([Type.INT64, Type.UINT64, Type.SINT64, Type.FIXED64, Type.SFIXED64])

const jstypeOf = ({ descriptor }: FieldModel): string => JSType[descriptor.options?.jstype ?? JSType.JS_NORMAL]

function cppStringType({ descriptor, language }: FieldModel): string {
  const ctype = descriptor.options?.ctype ?? CType.STRING
  if (ctype === CType.CORD) return 'CORD'
  if (ctype === CType.STRING_PIECE) return 'STRING_PIECE'
  return StringType[language.cppStringType]
}

function javaUtf8Validation({ language, features }: FieldModel): string {
  if (language.javaUtf8Validation === JavaUtf8.VERIFY) return 'VERIFY'
  return features.utf8Validation === 'VERIFY' ? 'VERIFY' : 'DEFAULT'
}
