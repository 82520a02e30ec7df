import type { Place } from '@concordat/core/json-schema'

type JsonNode = Place['node']

/**
 * Which schemas have the defaults of their properties filled in by `@concordat/client`: those that apply for certain,
 * and in no place as one of several alternatives.
 */
export class Defaults {
  private readonly certain: ReadonlySet<JsonNode>
  private readonly uncertain: ReadonlySet<JsonNode>

  constructor(
    root: JsonNode,
    private readonly find: (node: JsonNode, reference: string) => JsonNode | undefined,
  ) {
    const alternatives: JsonNode[] = []
    this.certain = this.reach([root], (node) => {
      const { certain, uncertain } = this.below(node)
      alternatives.push(...uncertain)
      return certain
    })
    this.uncertain = this.reach(alternatives, (node) => {
      const { certain, uncertain } = this.below(node)
      return [...certain, ...uncertain]
    })
  }

  areFilled(owner: JsonNode): boolean {
    return this.certain.has(owner) && !this.uncertain.has(owner)
  }

  private reach(from: readonly JsonNode[], next: (node: JsonNode) => JsonNode[]): ReadonlySet<JsonNode> {
    const reached = new Set<JsonNode>()
    const pending = [...from]
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (node.kind !== 'object' || reached.has(node)) continue
      reached.add(node)
      pending.push(...next(node))
    }
    return reached
  }

  /** The schemas directly below one, by whether they apply for certain to what they describe. */
  private below(node: JsonNode): { certain: JsonNode[]; uncertain: JsonNode[] } {
    const certain: JsonNode[] = []
    const uncertain: JsonNode[] = []
    if (node.kind !== 'object') return { certain, uncertain }
    for (const [keyword, { value }] of node.members) {
      if (keyword === '$ref') {
        const target = value.kind === 'string' ? this.find(node, value.value) : undefined
        if (target) certain.push(target)
      } else if (keyword === 'properties' || keyword === 'allOf') certain.push(...childrenOf(value))
      else if (keyword === 'items' && value.kind === 'object') certain.push(value)
      else if (keyword === 'additionalProperties' && !node.members.has('patternProperties')) certain.push(value)
      else if (alternatives.has(keyword)) uncertain.push(value, ...childrenOf(value))
    }
    return { certain, uncertain }
  }
}

/** Keywords whose schemas apply to some values only, or to what the runtime does not look into. */
const alternatives = new Set([
  'items',
  'additionalProperties',
  'anyOf',
  'oneOf',
  'if',
  'then',
  'else',
  'not',
  'patternProperties',
  'dependentSchemas',
  'prefixItems',
  'additionalItems',
  'contains',
])

function childrenOf(node: JsonNode): JsonNode[] {
  if (node.kind === 'array') return node.items
  return node.kind === 'object' ? [...node.members.values()].map(({ value }) => value) : []
}
