import type { JsonNode } from '../../../text/json-document.js'
import type { SchemaDocument } from '../schema-document.js'
import { type ExactValue, isArray, isObject, keyOf } from '../values/exact-value.js'
import { Rational } from '../values/rational.js'

const rounding = 'numbers that doubles round, or multipleOf'

/** Keywords that ajv 8.20 reads differently from the specification in some combinations. */
const misread = ['unevaluatedItems', 'unevaluatedProperties', '$dynamicRef', '$recursiveRef', 'contains']

/**
 * Why ajv may be wrong about a value: something in the schema or the value that it is known to get wrong. Undefined: a
 * disagreement would be unexplained.
 */
export function knownDeviation(documents: readonly SchemaDocument[], value: ExactValue): string | undefined {
  if (hasRoundedNumber(value)) return rounding
  const names = new Set<string>()
  let rounded = false
  let ids = 0
  const pending: JsonNode[] = documents.flatMap(({ root, resources }) => [root, ...resources.map((r) => r.root)])
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind === 'array') pending.push(...node.items)
    else if (node.kind === 'number') rounded ||= isRounded(Rational.parse(node.lexeme))
    else if (node.kind === 'object') {
      for (const [name, { value }] of node.members) {
        names.add(name)
        if (name === '$id' || name === 'id') ids++
        pending.push(value)
      }
    }
  }
  if (names.has('multipleOf') || rounded) return rounding
  const keyword = misread.find((name) => names.has(name))
  if (keyword) return keyword
  if (ids > 0 && names.has('$ref')) return '$id and $ref'
  return undefined
}

function hasRoundedNumber(value: ExactValue): boolean {
  if (value instanceof Rational) return isRounded(value)
  if (isArray(value)) return value.some(hasRoundedNumber)
  return isObject(value) && [...value.values()].some(hasRoundedNumber)
}

function isRounded(value: Rational): boolean {
  const double = value.toNumber()
  return !Number.isFinite(double) || keyOf(Rational.parse(String(double))) !== value.key
}
