import type { JsonNode } from '../text/json-document.js'

/** The keys and indexes that lead from a document's root to one of its nodes; `undefined` for a node of another document. */
export function stepsTo(root: JsonNode, node: JsonNode): string[] | undefined {
  const steps: string[] = []
  let at = root
  while (at !== node) {
    const next = childHolding(at, node)
    if (!next) return undefined
    steps.push(next.step)
    at = next.node
  }
  return steps
}

function childHolding(parent: JsonNode, node: JsonNode): { step: string; node: JsonNode } | undefined {
  const holds = (child: JsonNode) => child.start <= node.start && node.end <= child.end
  if (parent.kind === 'array') {
    const index = parent.items.findIndex(holds)
    const item = parent.items[index]
    return item && { step: String(index), node: item }
  }
  if (parent.kind === 'object') {
    for (const [key, { value }] of parent.members) if (holds(value)) return { step: key, node: value }
  }
  return undefined
}
