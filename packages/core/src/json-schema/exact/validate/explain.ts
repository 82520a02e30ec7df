import { type ExactValue, toText, typeBit, typeOf } from '../values/exact-value.js'
import type { Failure } from './evaluator.js'

const typeNames: Record<number, string> = {
  [typeBit.null]: 'null',
  [typeBit.boolean]: 'a boolean',
  [typeBit.integer]: 'an integer',
  [typeBit.fraction]: 'a number with a fraction',
  [typeBit.string]: 'a string',
  [typeBit.array]: 'an array',
  [typeBit.object]: 'an object',
}

const reasons: Record<string, string> = {
  type: 'is of a type that is not allowed',
  enum: 'is none of the listed values',
  const: 'is not the one value allowed',
  required: 'lacks a required property',
  dependencies: 'lacks what another property asks for',
  dependentRequired: 'lacks a property that another one asks for',
  additionalProperties: 'is a property that is not allowed',
  unevaluatedProperties: 'is a property that is not allowed',
  propertyNames: 'has a name that is not allowed',
  items: 'is an item that is not allowed',
  additionalItems: 'is an item that is not allowed',
  unevaluatedItems: 'is an item that is not allowed',
  anyOf: 'fits none of the alternatives',
  oneOf: 'fits none of the alternatives, or more than one',
  not: 'is what the schema excludes',
  contains: 'has no matching item',
  minContains: 'has too few matching items',
  maxContains: 'has too many matching items',
  uniqueItems: 'holds the same item twice',
  pattern: 'does not match the pattern',
  format: 'does not have the format',
}

const maxShown = 80

/** What the reader says to a message, in one sentence. */
export function explain({ at, instancePath, value }: Failure): string {
  const where = instancePath === '' ? 'the message' : `the value at ${instancePath}`
  const reason = Object.hasOwn(reasons, at.keyword) ? reasons[at.keyword] : `breaks ${at.keyword}`
  return `${where}, ${shown(value)}, ${reason} (${at.pointer === '' ? 'the schema is false' : at.pointer})`
}

function shown(value: ExactValue): string {
  const text = toText(value)
  return text.length <= maxShown ? text : typeNames[typeOf(value)]
}
