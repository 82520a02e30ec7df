import type { KeywordReader } from './keyword-reader.js'
import type { Criterion } from './shape.js'

export type Family = 'string' | 'number' | 'array' | 'object'

/** Keywords that make a schema one of strings, numbers, arrays or objects even without `type`. */
export const classicKeywords: Record<Family, readonly string[]> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: ['items', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
  object: [
    'properties',
    'required',
    'minProperties',
    'maxProperties',
    'dependencies',
    'patternProperties',
    'additionalProperties',
    'propertyNames',
  ],
}

export const modernKeywords: Record<Family, readonly string[]> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: classicKeywords.number,
  array: [
    ...classicKeywords.array.filter((keyword) => keyword !== 'additionalItems'),
    ...['prefixItems', 'unevaluatedItems'],
  ],
  object: [
    ...classicKeywords.object.filter((keyword) => keyword !== 'dependencies'),
    ...['dependentRequired', 'dependentSchemas', 'unevaluatedProperties'],
  ],
}

export const familyOfType: Record<string, Family | 'boolean' | 'null'> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  array: 'array',
  object: 'object',
  boolean: 'boolean',
  null: 'null',
}

export const criteria: readonly Criterion[] = ['allOf', 'anyOf', 'oneOf']

/** Keywords that server's parser of 2019-09 and 2020-12 knows; beside any other it loses some it does know. */
const knownToModernParser = new Set([
  ...Object.values(modernKeywords).flat(),
  ...criteria,
  ...['not', 'if', 'then', 'else', 'enum', 'const', 'type', 'format', 'title', 'description', 'default'],
  ...['$ref', '$id', '$schema', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'],
  ...['readOnly', 'writeOnly', 'deprecated', '$comment', '$vocabulary'],
  ...['unevaluatedProperties', 'unevaluatedItems', 'minContains', 'maxContains'],
])

export function forgetsModernKeywords(read: KeywordReader): boolean {
  return [...read.node.members.keys()].some((keyword) => !knownToModernParser.has(keyword))
}
