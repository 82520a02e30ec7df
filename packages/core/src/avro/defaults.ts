import type { Validation } from '../schema/format.js'
import type { JsonNode } from '../text/json-document.js'
import type { AvroType, Field, RecordType } from './schema.js'

/**
 * Whose idea of a fitting default. The specification's is about values; Confluent's server looks at JSON types only, so
 * it takes a symbol that the enum lacks or a fixed of another length.
 */
export interface DefaultRules {
  validation: Validation
  /** Records whose fields are still being read: inside them nothing can have a default of their type. */
  open: ReadonlySet<RecordType>
}

/** Why a default does not fit its type, with the JSON node that is to blame. */
export interface DefaultProblem {
  node: JsonNode
  reason: string
  /** No later branch of a union can make up for it. */
  final?: boolean
}

const isInteger = (lexeme: string) => /^-?\d+$/.test(lexeme)
const inRange = (lexeme: string, bits: bigint) => BigInt.asIntN(Number(bits), BigInt(lexeme)) === BigInt(lexeme)
const isBytes = (text: string) => /^[\u0000-\u00ff]*$/.test(text)

/**
 * Checks a default against its type. `undefined` if it fits. (Specification 1.12, "default": a default of a union may
 * fit any branch.)
 */
export function checkDefault(type: AvroType, node: JsonNode, rules: DefaultRules): DefaultProblem | undefined {
  const wrong = (expected: string): DefaultProblem => ({
    node,
    reason: `the default of ${article(type)} has to be ${expected}`,
  })
  switch (type.kind) {
    case 'null':
      return node.kind === 'literal' && node.value === null ? undefined : wrong('null')
    case 'boolean':
      return node.kind === 'literal' && node.value !== null ? undefined : wrong('true or false')
    case 'int':
    case 'long': {
      const bits = type.kind === 'int' ? 32n : 64n
      const fits = node.kind === 'number' && isInteger(node.lexeme) && inRange(node.lexeme, bits)
      return fits ? undefined : wrong(`an integer of ${bits} bits, written without point or exponent`)
    }
    case 'float':
    case 'double':
      return node.kind === 'number' ? undefined : wrong('a number')
    case 'string':
      return node.kind === 'string' ? undefined : wrong('a string')
    case 'bytes':
    case 'fixed':
      if (node.kind !== 'string') return wrong('a string with one character from \\u0000 to \\u00ff for each byte')
      if (rules.validation === 'confluent') return undefined
      if (!isBytes(node.value)) return wrong('a string with one character from \\u0000 to \\u00ff for each byte')
      if (type.kind === 'fixed' && node.value.length !== type.size) return wrong(`a string of ${type.size} characters`)
      return undefined
    case 'enum':
      if (node.kind !== 'string') return wrong('a string with one of its symbols')
      if (rules.validation === 'confluent' || type.symbols.includes(node.value)) return undefined
      return wrong(`one of its symbols (${type.symbols.join(', ')})`)
    case 'array':
      return node.kind === 'array'
        ? firstProblem(node.items, (item) => checkDefault(type.items, item, rules))
        : wrong('an array')
    case 'map':
      return node.kind === 'object'
        ? firstProblem(node.members.values(), (member) => checkDefault(type.values, member.value, rules))
        : wrong('an object')
    case 'union': {
      let first: DefaultProblem | undefined
      for (const branch of type.branches) {
        const problem = checkDefault(branch, node, rules)
        if (!problem) return undefined
        if (problem.final) return problem
        first ??= problem
      }
      return type.branches.length === 1 ? first : wrong('a value of one of its branches, not wrapped in a type name')
    }
    case 'record':
      if (node.kind !== 'object') return wrong('an object with a value for each field')
      if (rules.open.has(type)) {
        return { node, final: true, reason: 'inside a record nothing can have a default of that record' }
      }
      return firstProblem(type.fields, (field) => checkRecordField(field, node, rules))
  }
}

function checkRecordField(field: Field, node: JsonNode, rules: DefaultRules): DefaultProblem | undefined {
  const given = node.kind === 'object' ? (node.members.get(field.name)?.value ?? field.default) : undefined
  if (given === undefined)
    return { node, reason: `the default lacks the field ${field.name}, which has none of its own` }
  return checkDefault(field.type, given, rules)
}

function firstProblem<T>(
  values: Iterable<T>,
  check: (value: T) => DefaultProblem | undefined,
): DefaultProblem | undefined {
  for (const value of values) {
    const problem = check(value)
    if (problem) return problem
  }
  return undefined
}

const article = (type: AvroType) => (/^[aeiou]/.test(type.kind) ? `an ${type.kind}` : `a ${type.kind}`)
