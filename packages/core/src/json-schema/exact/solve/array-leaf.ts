import type { Arena } from '../logic/arena.js'
import type { Id, Node } from '../logic/node.js'
import { Undecided } from '../undecided.js'
import type { ExactValue } from '../values/exact-value.js'
import { assignDistinct } from './distinct.js'
import { emptyForGood, Failures, found, type Outcome } from './outcome.js'
import type { Solver } from './solver.js'

type Range = Node & { kind: 'items' | 'count' }
type Count = Node & { kind: 'count' }

/** A way to fill a position: what the item satisfies, and towards which counts it counts. */
interface ItemKind {
  goal: Id
  counts: readonly number[]
}

const maxPrefix = 1_000
const maxLength = 5_000
const maxCounts = 8

/** An array whose items satisfy what is said about their positions, with the right numbers of matching items. */
export function findArray(nodes: readonly Node[], solver: Solver): Outcome {
  return new ArraySearch(nodes, solver).run()
}

class ArraySearch {
  private readonly arena: Arena
  private readonly ranges: Range[] = []
  private readonly counts: Count[] = []
  private min = 0
  private max = Infinity
  private unique = false
  private repeated = false
  /** Positions below this are looked at one by one; all from there on are alike. */
  private prefix = 0
  /** Two positions that hold the same value. */
  private twins: readonly [number, number] | undefined
  private readonly failures = new Failures()
  private readonly kindsAt = new Map<string, ItemKind[]>()
  private readonly dead = new Set<string>()

  constructor(
    nodes: readonly Node[],
    private readonly solver: Solver,
  ) {
    this.arena = solver.arena
    for (const node of nodes) {
      if (node.kind === 'items' || node.kind === 'count') {
        this.ranges.push(node)
        if (node.kind === 'count') this.counts.push(node)
        for (const edge of [node.from, node.to]) if (edge !== Infinity) this.prefix = Math.max(this.prefix, edge)
      } else if (node.kind === 'array-size') {
        this.min = Math.max(this.min, node.min)
        this.max = Math.min(this.max, node.max)
      } else if (node.kind === 'unique') {
        if (node.negated) this.repeated = true
        else this.unique = true
      }
    }
  }

  run(): Outcome {
    if (this.min > this.max || (this.unique && this.repeated)) return emptyForGood
    if (this.prefix > maxPrefix) throw new Undecided(`more than ${maxPrefix} positions with a schema of their own`)
    if (this.counts.length > maxCounts) throw new Undecided(`more than ${maxCounts} conditions on numbers of items`)
    if (!this.repeated)
      return this.outcome(
        this.place(
          0,
          this.counts.map(() => 0),
          [],
        ),
      )
    // The repeated value stands at two positions; in the tail any two are as good as the first two.
    this.prefix += 2
    for (let second = 1; second < this.prefix && second < this.max; second++) {
      for (let first = 0; first < second; first++) {
        this.twins = [first, second]
        this.dead.clear()
        const value = this.place(
          0,
          this.counts.map(() => 0),
          [],
        )
        if (value) return found(value)
      }
    }
    return this.failures.outcome()
  }

  private outcome(value: ExactValue | undefined): Outcome {
    return value ? found(value) : this.failures.outcome()
  }

  /** Fills the positions from `index` on; `have` says how many matching items there are so far, per count. */
  private place(index: number, have: readonly number[], goals: readonly Id[]): ExactValue | undefined {
    this.arena.languages.meter.spend()
    const enough = this.counts.every((count, i) => have[i] >= count.min)
    if (enough && index >= this.min && index > (this.twins?.[1] ?? -1)) {
      const value = this.build(goals)
      if (value) return value
      if (this.counts.length === 0 && this.unique) return undefined
    }
    if (index >= this.max) return undefined
    if (index >= this.prefix) return this.fillTail(index, have, goals)
    const twin = this.twins && index > this.twins[0] ? goals[this.twins[0]] : undefined
    const state = `${index} ${have.join()} ${twin}`
    if (!this.unique && this.dead.has(state)) return undefined
    const kinds = this.kinds(index)
    for (const kind of enough ? [...kinds].reverse() : kinds) {
      const next = have.map((count, i) => count + (kind.counts[i] ?? 0))
      if (this.counts.some((count, i) => next[i] > count.max)) continue
      if (index === this.twins?.[1] && kind.goal !== twin) continue
      const value = this.place(index + 1, next, [...goals, kind.goal])
      if (value) return value
    }
    this.dead.add(state)
    return undefined
  }

  /** The ways to fill a position, those that count for most first. A twin takes the conditions of both positions. */
  private kinds(index: number): ItemKind[] {
    const twin = this.twins?.includes(index)
    const key = twin ? `${index} ${this.twins!.join()}` : `${Math.min(index, this.prefix)}`
    let kinds = this.kindsAt.get(key)
    if (!kinds) this.kindsAt.set(key, (kinds = this.makeKinds(index, twin ? this.twins! : [index])))
    return kinds
  }

  private makeKinds(index: number, positions: readonly number[]): ItemKind[] {
    const covers = (range: Range, position: number) => range.from <= position && position < range.to
    const coveredBy = (range: Range) => positions.some((position) => covers(range, position))
    const base = this.ranges.flatMap((range) => (range.kind === 'items' && coveredBy(range) ? [range.item] : []))
    let kinds: { goal: Id; counts: number[] }[] = [{ goal: this.arena.and(...base), counts: [] }]
    this.counts.forEach((count) => {
      const covered = coveredBy(count)
      kinds = kinds.flatMap(({ goal, counts }) => {
        const without = { goal, counts: [...counts, 0] }
        if (!covered) return [without]
        // Counting an item that need not match, or not counting one that may, is only safe where no bound minds.
        const matching = count.min > 0 ? this.arena.and(goal, count.item) : goal
        const failing = count.max < Infinity ? this.arena.and(goal, this.arena.not(count.item)) : goal
        return [
          { goal: matching, counts: [...counts, covers(count, index) ? 1 : 0] },
          { ...without, goal: failing },
        ]
      })
    })
    return kinds.filter(({ goal }) => {
      const outcome = this.solver.find(goal)
      this.failures.add(outcome)
      return outcome.kind === 'found'
    })
  }

  /** How many items of each kind follow: beyond what the counts and the least length ask for none is needed. */
  private fillTail(index: number, have: readonly number[], goals: readonly Id[]): ExactValue | undefined {
    const kinds = this.kinds(index)
    if (kinds.length === 0) return undefined
    const least = Math.max(0, this.min - index)
    const wanted = Math.max(0, ...this.counts.map((count, i) => count.min - have[i]))
    const cap = Math.min(Math.max(least, wanted), this.max - index)
    if (index + cap > maxLength) {
      this.failures.unknown(`an array of more than ${maxLength} items would be needed`)
      return undefined
    }
    const fill = (which: number, counts: readonly number[], tail: readonly Id[]): ExactValue | undefined => {
      this.arena.languages.meter.spend()
      if (tail.length >= least && this.counts.every((count, i) => counts[i] >= count.min)) {
        const value = this.build([...goals, ...tail])
        if (value) return value
      }
      const kind = kinds[which]
      if (!kind) return undefined
      let next = counts
      let longer = tail
      for (let used = 0; used <= cap; used++) {
        if (used > 0) {
          next = next.map((count, i) => count + kind.counts[i])
          longer = [...longer, kind.goal]
        }
        if (this.counts.some((count, i) => next[i] > count.max) || index + longer.length > this.max) return undefined
        const isLast = which === kinds.length - 1
        const room = isLast ? cap - used : Infinity
        const complete = longer.length >= least && this.counts.every((count, i) => next[i] >= count.min)
        if (isLast && !complete && room > 0) continue
        const value = fill(which + 1, next, longer)
        if (value) return value
      }
      return undefined
    }
    return fill(0, have, [])
  }

  private build(goals: readonly Id[]): ExactValue | undefined {
    if (this.unique) return assignDistinct(goals, this.solver, this.failures)
    const items: ExactValue[] = []
    for (const goal of goals) {
      const outcome = this.solver.find(goal)
      if (outcome.kind !== 'found') {
        this.failures.add(outcome)
        return undefined
      }
      items.push(outcome.value)
    }
    return items
  }
}
