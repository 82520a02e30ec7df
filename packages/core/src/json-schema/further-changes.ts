import type { JsonNode, JsonObject } from '../text/json-document.js'
import { printJson } from './canonical-text.js'
import { subschemas } from './keywords.js'
import type { JsonSchema } from './schema.js'

/** A difference in a keyword that the structural comparison passes over. */
export interface FurtherChange {
  rule: 'KEYWORD_ADDED' | 'KEYWORD_REMOVED' | 'KEYWORD_CHANGED'
  path: string
  keyword: string
  older?: JsonNode
  newer?: JsonNode
}

/** What that comparison looks at, or what holds schemas that are walked into here. */
const lookedAt = new Set([
  ...['$id', 'id', 'title', 'description', 'default', 'type', 'enum', 'const', '$ref', 'required'],
  ...['minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains', 'minProperties', 'maxProperties'],
  ...['properties', 'additionalProperties', 'unevaluatedProperties', 'dependencies', 'dependentRequired'],
  ...[
    'dependentSchemas',
    'items',
    'prefixItems',
    'additionalItems',
    'unevaluatedItems',
    'allOf',
    'anyOf',
    'oneOf',
    'not',
  ],
  ...['definitions', '$defs'],
])

/**
 * Changes of `format`, `patternProperties`, `propertyNames`, `contains`, conditions and annotations: no rule of the
 * policies is about them, but whoever reads a comparison wants to see them. Schemas are paired by their place.
 */
export function furtherChanges(older: JsonSchema, newer: JsonSchema): FurtherChange[] {
  const found: FurtherChange[] = []
  const pending: { older: JsonNode; newer: JsonNode; path: string }[] = [
    { older: older.root, newer: newer.root, path: '#' },
  ]
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const { path } = pair
    if (pair.older.kind !== 'object' || pair.newer.kind !== 'object') continue
    found.push(...keywordChanges(pair.older, pair.newer, path))
    const before = new Map(subschemas(pair.older, older.dialect).map(({ steps, node }) => [steps.join('/'), node]))
    for (const { steps, node } of subschemas(pair.newer, newer.dialect)) {
      const place = steps.join('/')
      const was = lookedAt.has(steps[0] ?? '') ? before.get(place) : undefined
      if (was) pending.push({ older: was, newer: node, path: `${path}/${place}` })
    }
  }
  return found
}

function keywordChanges(older: JsonObject, newer: JsonObject, path: string): FurtherChange[] {
  const keywords = new Set([...older.members.keys(), ...newer.members.keys()])
  return [...keywords].flatMap((keyword): FurtherChange[] => {
    const before = older.members.get(keyword)?.value
    const after = newer.members.get(keyword)?.value
    if (lookedAt.has(keyword) || textOf(before) === textOf(after)) return []
    const rule = !before ? 'KEYWORD_ADDED' : !after ? 'KEYWORD_REMOVED' : 'KEYWORD_CHANGED'
    return [{ rule, path: `${path}/${keyword}`, keyword, older: before ?? older, newer: after ?? newer }]
  })
}

const textOf = (node: JsonNode | undefined) => node && printJson(node, { sortKeys: true })

const verbs = { KEYWORD_ADDED: 'is new', KEYWORD_REMOVED: 'is gone', KEYWORD_CHANGED: 'is another' } as const

export const describeFurtherChange = ({ rule, keyword }: FurtherChange) =>
  `${JSON.stringify(keyword)} ${verbs[rule]}; no compatibility rule is about it`
