/**
 * A maximum matching of a bipartite graph, by augmenting paths.
 * @param edges for each left vertex the right vertices it may be matched with
 * @returns pairs of left and right vertices, by left vertex
 */
export function maximumMatching(edges: readonly (readonly number[])[], rightCount: number): [number, number][] {
  const partner = new Array<number>(rightCount).fill(-1)
  for (let left = 0; left < edges.length; left++) augment(edges, partner, left)
  return partner
    .map((left, right): [number, number] => [left, right])
    .filter(([left]) => left >= 0)
    .sort(([a], [b]) => a - b)
}

/** Searches breadth first for a free right vertex and turns the path to it round. */
function augment(edges: readonly (readonly number[])[], partner: number[], start: number): void {
  const cameFrom = new Map<number, number>()
  const queue = [start]
  for (const left of queue) {
    for (const right of edges[left] ?? []) {
      if (cameFrom.has(right)) continue
      cameFrom.set(right, left)
      const next = partner[right] ?? -1
      if (next >= 0) {
        queue.push(next)
        continue
      }
      turnRound(partner, cameFrom, right)
      return
    }
  }
}

function turnRound(partner: number[], cameFrom: ReadonlyMap<number, number>, end: number): void {
  let right = end
  for (;;) {
    const left = cameFrom.get(right)
    if (left === undefined) return
    const previous = partner.indexOf(left)
    partner[right] = left
    if (previous < 0) return
    right = previous
  }
}
