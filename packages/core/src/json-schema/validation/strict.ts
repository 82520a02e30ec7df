import type { ErrorObject } from 'ajv'
import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt, toValue, type JsonNode, type JsonObject } from '../../text/json-document.js'
import { subschemas } from '../keywords.js'
import { metaSchemaErrors } from '../meta-schemas.js'
import { ReferenceIndex, stepInto } from '../reference-index.js'
import type { JsonSchema } from '../schema.js'
import { checkDepth } from './json-limits.js'
import { pointerSteps } from '../uri.js'

/** Deeper schemas would exhaust the stack of the validator, whose meta-schemas are recursive. */
const deepest = 200

/**
 * Refuses what the specification refuses: a schema that its dialect's meta-schema rejects, a pattern that is no regular
 * expression of ECMA-262, a reference that leads nowhere.
 * @throws InvalidSchema
 */
export function validateStrictly(schema: JsonSchema): void {
  checkDepth(schema, deepest)
  const [error] = metaSchemaErrors(schema.dialect, toValue(schema.root)).sort(byDepth)
  if (error) throw metaSchemaRefusal(schema, error)
  const index = new ReferenceIndex(schema)
  const pending: { steps: readonly string[]; node: JsonNode }[] = [{ steps: [], node: schema.root }]
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { node, steps } = place
    if (node.kind !== 'object') continue
    checkReferences(schema, index, node, steps)
    checkPatterns(schema, node, steps)
    const inner = subschemas(node, schema.dialect)
    for (const sub of inner.reverse()) pending.push({ steps: [...steps, ...sub.steps], node: sub.node })
  }
}

/** The innermost complaint says most: the outer ones ("matches no branch") only follow from it. */
const byDepth = (a: ErrorObject, b: ErrorObject) => depth(b) - depth(a)
const depth = ({ instancePath, keyword }: ErrorObject) =>
  instancePath.split('/').length * 2 - (keyword === 'anyOf' || keyword === 'oneOf' ? 1 : 0)

function metaSchemaRefusal(schema: JsonSchema, error: ErrorObject): InvalidSchema {
  const steps = pointerSteps(error.instancePath) ?? []
  const allowed = (error.params as { allowedValues?: unknown[] }).allowedValues
  const subject = steps.length === 0 ? 'the schema' : JSON.stringify(steps.at(-1))
  return refusal(schema, steps, {
    reason: `${subject} ${error.message ?? 'is not allowed here'}${allowed ? `: ${allowed.map(String).join(', ')}` : ''}`,
    hint: `the meta-schema of ${schema.dialect.id} asks for it; "$schema" chooses the version of JSON Schema`,
  })
}

const referenceKeywords = ['$ref', '$dynamicRef', '$recursiveRef']

function checkReferences(schema: JsonSchema, index: ReferenceIndex, node: JsonObject, steps: readonly string[]): void {
  for (const keyword of referenceKeywords) {
    const value = node.members.get(keyword)?.value
    if (value?.kind !== 'string' || (keyword !== '$ref' && schema.dialect.refHidesSiblings)) continue
    const target = index.resolve(value.value, index.baseOf(node))
    if (target && (target.node.kind === 'object' || target.node.kind === 'literal')) continue
    const names = schema.references.map(({ name }) => name)
    throw refusal(schema, [...steps, keyword], {
      reason: `${keyword} ${JSON.stringify(value.value)} leads to no schema`,
      hint: value.value.startsWith('#')
        ? 'check the spelling of the pointer or anchor'
        : `nothing is fetched: register the schema and name it in "references"${names.length > 0 ? `, which has ${names.join(', ')}` : ''}`,
    })
  }
}

function checkPatterns(schema: JsonSchema, node: JsonObject, steps: readonly string[]): void {
  if (schema.dialect.refHidesSiblings && node.members.has('$ref')) return
  const pattern = node.members.get('pattern')?.value
  if (pattern?.kind === 'string') checkPattern(schema, pattern.value, [...steps, 'pattern'])
  const properties = node.members.get('patternProperties')?.value
  if (properties?.kind !== 'object') return
  for (const key of properties.members.keys()) checkPattern(schema, key, [...steps, 'patternProperties', key])
}

function checkPattern(schema: JsonSchema, pattern: string, steps: readonly string[]): void {
  try {
    new RegExp(pattern, 'u')
  } catch {
    try {
      new RegExp(pattern)
    } catch {
      throw refusal(schema, steps, {
        reason: `${JSON.stringify(pattern)} is not a regular expression`,
        hint: 'patterns follow ECMA-262, as in JavaScript',
      })
    }
  }
}

function refusal(schema: JsonSchema, steps: readonly string[], details: { reason: string; hint?: string }) {
  let node: JsonNode = schema.root
  for (const step of steps) node = stepInto(node, step) ?? node
  return new InvalidSchema({ ...details, position: positionAt(schema.text, node.start), path: pathText(steps) })
}

const pathText = (steps: readonly string[]) => `#/${steps.join('/')}`
