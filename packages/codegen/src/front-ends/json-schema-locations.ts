import type { Place } from '@concordat/core/json-schema'

type JsonNode = Place['node']

interface Location {
  /** The document's URI with a JSON pointer: the same however the schema is referred to and its keys are ordered. */
  key: string
  /** What its author called it, if it is a definition or a document. */
  name: string | undefined
}

/** Where schemas stand in their documents. */
export class Locations {
  private readonly documents = new Map<JsonNode, Map<JsonNode, string[]>>()

  of({ node, resource }: Place): Location {
    const steps = this.stepsOf(resource.root).get(node) ?? []
    const pointer = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    const named = steps[steps.length - 2]
    const last = steps[steps.length - 1]
    const isDefinition = named !== undefined && /^(?:definitions|\$defs|properties)$/.test(named)
    const name = isDefinition ? last : steps.length === 0 ? fileName(resource.uri) : undefined
    return { key: `${resource.uri}#${pointer}`, name }
  }

  private stepsOf(root: JsonNode): Map<JsonNode, string[]> {
    const known = this.documents.get(root)
    if (known) return known
    const steps = new Map<JsonNode, string[]>([[root, []]])
    const pending: JsonNode[] = [root]
    for (let node = pending.pop(); node; node = pending.pop()) {
      const path = steps.get(node) ?? []
      for (const [step, inner] of childrenOf(node)) {
        steps.set(inner, [...path, step])
        pending.push(inner)
      }
    }
    this.documents.set(root, steps)
    return steps
  }
}

function childrenOf(node: JsonNode): [string, JsonNode][] {
  if (node.kind === 'object') return [...node.members].map(([key, { value }]) => [key, value])
  if (node.kind === 'array') return node.items.map((item, at) => [String(at), item])
  return []
}

/** `https://example.com/shop/money.json` -> `money`. */
function fileName(uri: string): string | undefined {
  const last =
    uri
      .replace(/[?#].*$/, '')
      .split('/')
      .pop() ?? ''
  return last.replace(/(?:\.schema)?\.json$/, '') || undefined
}
