import type { JsonNode, JsonObject } from '../text/json-document.js'
import type { Dialect, DialectId } from './dialect.js'

/** How a keyword holds schemas: one, a list, a map of names, or one of several of these. */
type Holds = 'schema' | 'list' | 'map' | 'schema or list' | 'map of schema or names'

const all: readonly DialectId[] = ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12']
const from = (first: DialectId) => all.slice(all.indexOf(first))
const until = (last: DialectId) => all.slice(0, all.indexOf(last) + 1)

/** Every keyword with schemas inside, and the dialects that know it. */
const applicators: Readonly<Record<string, { holds: Holds; in: readonly DialectId[] }>> = {
  properties: { holds: 'map', in: all },
  patternProperties: { holds: 'map', in: all },
  additionalProperties: { holds: 'schema', in: all },
  propertyNames: { holds: 'schema', in: from('draft-06') },
  dependencies: { holds: 'map of schema or names', in: all },
  dependentSchemas: { holds: 'map', in: from('2019-09') },
  items: { holds: 'schema or list', in: all },
  prefixItems: { holds: 'list', in: from('2020-12') },
  additionalItems: { holds: 'schema', in: until('2019-09') },
  contains: { holds: 'schema', in: from('draft-06') },
  unevaluatedProperties: { holds: 'schema', in: from('2019-09') },
  unevaluatedItems: { holds: 'schema', in: from('2019-09') },
  contentSchema: { holds: 'schema', in: from('2019-09') },
  allOf: { holds: 'list', in: all },
  anyOf: { holds: 'list', in: all },
  oneOf: { holds: 'list', in: all },
  not: { holds: 'schema', in: all },
  if: { holds: 'schema', in: from('draft-07') },
  then: { holds: 'schema', in: from('draft-07') },
  else: { holds: 'schema', in: from('draft-07') },
  definitions: { holds: 'map', in: all },
  $defs: { holds: 'map', in: from('2019-09') },
}

/** A schema inside another, and the keys and indexes that lead from the outer to the inner one. */
export interface Subschema {
  steps: readonly string[]
  node: JsonNode
}

const isSchema = (node: JsonNode) => node.kind === 'object' || (node.kind === 'literal' && node.value !== null)

/** The schemas directly inside a schema, in the order of the text. */
export function subschemas(schema: JsonObject, dialect: Dialect): Subschema[] {
  const found: Subschema[] = []
  const add = (steps: readonly string[], node: JsonNode) => {
    if (isSchema(node)) found.push({ steps, node })
  }
  for (const [keyword, { value }] of schema.members) {
    const applicator = Object.hasOwn(applicators, keyword) ? applicators[keyword] : undefined
    if (!applicator?.in.includes(dialect.id)) continue
    if (value.kind === 'array' && applicator.holds.includes('list')) {
      for (const [index, item] of value.items.entries()) add([keyword, String(index)], item)
    } else if (value.kind === 'object' && applicator.holds.startsWith('map')) {
      for (const [name, member] of value.members) add([keyword, name], member.value)
    } else if (applicator.holds.startsWith('schema')) add([keyword], value)
  }
  return found
}
