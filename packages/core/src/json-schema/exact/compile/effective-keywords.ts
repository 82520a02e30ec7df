import type { JsonNode, JsonObject } from '../../../text/json-document.js'
import type { ExactDialect } from '../schema-document.js'
import { Rational } from '../values/rational.js'
import { refStandsAlone, shapeOf } from './keywords.js'

const typeNames = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']

/** Keywords by name, in the order of the text. */
export type Keywords = ReadonlyMap<string, JsonNode>

/** A schema is looked at by the compiler, the evaluator and for ajv, in every question about its document. */
const known = new WeakMap<JsonObject, { dialect: ExactDialect; keywords: Keywords }>()

/**
 * The keywords of a schema object that take part in validation: those that the dialect knows and whose value has the
 * form that the keyword needs. What else stands there is not looked at, as validators do with unknown keywords.
 */
export function effectiveKeywords(node: JsonObject, dialect: ExactDialect): Keywords {
  let entry = known.get(node)
  if (entry?.dialect !== dialect) known.set(node, (entry = { dialect, keywords: readKeywords(node, dialect) }))
  return entry.keywords
}

function readKeywords(node: JsonObject, dialect: ExactDialect): Keywords {
  const effective = new Map<string, JsonNode>()
  const ref = node.members.get('$ref')?.value
  if (ref?.kind === 'string' && refStandsAlone(dialect)) return effective.set('$ref', ref)
  for (const [name, { value }] of node.members) {
    if (shapeOf(name, dialect) && isWellFormed(name, value, dialect)) effective.set(name, value)
  }
  return effective
}

function isWellFormed(name: string, value: JsonNode, dialect: ExactDialect): boolean {
  switch (name) {
    case 'type':
      return value.kind === 'array' ? value.items.every(isTypeName) : isTypeName(value)
    case 'enum':
      return value.kind === 'array'
    case 'required':
    case 'dependentRequired':
      return name === 'required' ? isNameList(value) : isMapOf(value, isNameList)
    case 'minimum':
    case 'maximum':
      return value.kind === 'number'
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return dialect === 'draft-04' ? isBoolean(value) : value.kind === 'number'
    case 'multipleOf':
      return value.kind === 'number' && Rational.parse(value.lexeme).compare(Rational.zero) > 0
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
    case 'minContains':
    case 'maxContains':
      return value.kind === 'number' && isCount(value.lexeme)
    case 'uniqueItems':
    case '$recursiveAnchor':
      return isBoolean(value)
    case '$ref':
    case '$dynamicRef':
    case '$recursiveRef':
    case 'pattern':
    case 'format':
      return value.kind === 'string'
    case 'const':
      return true
  }
  switch (shapeOf(name, dialect)) {
    case 'schema':
      return isSchema(value)
    case 'list':
      return value.kind === 'array' && value.items.every(isSchema)
    case 'map':
      return isMapOf(value, isSchema)
    case 'schema-or-list':
      return value.kind === 'array' ? dialect !== '2020-12' && value.items.every(isSchema) : isSchema(value)
    case 'map-or-names':
      return isMapOf(value, (member) => isSchema(member) || isNameList(member))
    default:
      return value.kind === 'string'
  }
}

function isTypeName(node: JsonNode): boolean {
  return node.kind === 'string' && typeNames.includes(node.value)
}

function isNameList(node: JsonNode): boolean {
  return node.kind === 'array' && node.items.every((item) => item.kind === 'string')
}

function isMapOf(node: JsonNode, accepts: (member: JsonNode) => boolean): boolean {
  return node.kind === 'object' && [...node.members.values()].every(({ value }) => accepts(value))
}

function isBoolean(node: JsonNode): boolean {
  return node.kind === 'literal' && node.value !== null
}

function isSchema(node: JsonNode): boolean {
  return node.kind === 'object' || isBoolean(node)
}

function isCount(lexeme: string): boolean {
  const count = Rational.parse(lexeme)
  return count.isInteger() && count.numerator >= 0n
}

/** @param node a well-formed count; beyond 2^53 it is as good as infinite */
export function countOf(node: JsonNode | undefined): number | undefined {
  if (node?.kind !== 'number') return undefined
  const count = Number(Rational.parse(node.lexeme).numerator)
  return count > Number.MAX_SAFE_INTEGER ? Infinity : count
}

export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === 'string' ? node.value : undefined
}

export function isTrue(node: JsonNode | undefined): boolean {
  return node?.kind === 'literal' && node.value === true
}

export function namesIn(node: JsonNode | undefined): string[] {
  return node?.kind === 'array' ? node.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : []
}

/** The members of an object node, none for anything else. */
export function membersOf(node: JsonNode | undefined): [string, JsonNode][] {
  const members: [string, JsonNode][] = []
  if (node?.kind === 'object') for (const [name, { value }] of node.members) members.push([name, value])
  return members
}

export function itemsOf(node: JsonNode | undefined): JsonNode[] {
  return node?.kind === 'array' ? node.items : []
}
