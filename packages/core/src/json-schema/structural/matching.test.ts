import fc from 'fast-check'
import { maximumMatching } from './matching.js'

/** The size of the largest matching, by trying everything. */
function largest(edges: readonly (readonly number[])[], from = 0, taken: ReadonlySet<number> = new Set()): number {
  if (from === edges.length) return 0
  const skipped = largest(edges, from + 1, taken)
  const chosen = (edges[from] ?? [])
    .filter((right) => !taken.has(right))
    .map((right) => 1 + largest(edges, from + 1, new Set([...taken, right])))
  return Math.max(skipped, ...chosen)
}

describe('a maximum matching', () => {
  it('pairs as many as can be paired, each once, along edges only', () => {
    const graphs = fc.array(fc.uniqueArray(fc.nat(4)), { maxLength: 6 })
    fc.assert(
      fc.property(graphs, (edges) => {
        const pairs = maximumMatching(edges, 5)
        expect(pairs).toHaveLength(largest(edges))
        expect(new Set(pairs.map(([left]) => left)).size).toBe(pairs.length)
        expect(new Set(pairs.map(([, right]) => right)).size).toBe(pairs.length)
        for (const [left, right] of pairs) expect(edges[left]).toContain(right)
      }),
      { seed: 20_261_122, numRuns: 500 },
    )
  })
})
