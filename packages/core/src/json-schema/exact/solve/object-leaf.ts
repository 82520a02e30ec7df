import type { Arena } from '../logic/arena.js'
import { holds } from '../logic/holds.js'
import type { Id, Node } from '../logic/node.js'
import { type ExactValue, typeBit } from '../values/exact-value.js'
import { emptyForGood, Failures, found, type Outcome } from './outcome.js'
import type { Solver } from './solver.js'

interface Quantified {
  key: Id
  value: Id
}

/** Keys that no atom tells apart: a formula for the keys and what their values have to satisfy. */
interface KeyClass {
  key: Id
  value: Id
}

/** An object with every key that is asked for, each with a value that satisfies all that is said about its key. */
export function findObject(nodes: readonly Node[], solver: Solver): Outcome {
  return new ObjectSearch(nodes, solver).run()
}

class ObjectSearch {
  private readonly arena: Arena
  private readonly rules: Quantified[] = []
  /** The demands of rules about one name each, and the rules about more keys than one. */
  private readonly demands = new Map<string, Id[]>()
  private readonly wideRules: Quantified[] = []
  private readonly wanted: Quantified[] = []
  private min = 0
  private max = Infinity
  /** Keys that some atom names: looked at one by one. All others fall into classes. */
  private readonly names = new Set<string>()
  private readonly failures = new Failures()
  /** Goal per key of the object under construction. */
  private readonly chosen = new Map<string, Id>()
  private basis: Id[] = []

  constructor(
    nodes: readonly Node[],
    private readonly solver: Solver,
  ) {
    this.arena = solver.arena
    for (const node of nodes) {
      if (node.kind === 'keys') this.addRule(node)
      else if (node.kind === 'some-key') this.wanted.push({ key: node.key, value: this.arena.made(node.value) })
      else if (node.kind === 'object-size') {
        this.min = Math.max(this.min, node.min)
        this.max = Math.min(this.max, node.max)
      }
    }
    for (const { key } of [...this.rules, ...this.wanted]) this.collectNames(key)
  }

  run(): Outcome {
    if (this.min > this.max) return emptyForGood
    const open: Quantified[] = []
    for (const wanted of this.wanted) {
      const name = this.singleName(wanted.key)
      if (name === undefined) open.push(wanted)
      else this.chosen.set(name, this.arena.and(this.chosen.get(name) ?? this.valueRule(name), wanted.value))
    }
    const required = [...this.chosen.values()].map((goal) => this.solver.find(goal))
    const missing = required.find(({ kind }) => kind === 'empty') ?? required.find(({ kind }) => kind === 'unknown')
    if (missing) return missing
    if (this.chosen.size > this.max) return emptyForGood
    if (open.length > 0 || this.min > this.chosen.size) this.basis = this.genericKeys()
    const value = this.assign(open, 0)
    return value ? found(value) : this.failures.outcome()
  }

  private addRule(rule: Quantified): void {
    this.rules.push(rule)
    const name = this.singleName(rule.key)
    if (name === undefined) this.wideRules.push(rule)
    else {
      const demands = this.demands.get(name)
      if (demands) demands.push(rule.value)
      else this.demands.set(name, [rule.value])
    }
  }

  private collectNames(key: Id): void {
    const node = this.arena.node(key)
    if (node.kind === 'in' || node.kind === 'not-in') {
      for (const value of node.values.values()) if (typeof value === 'string') this.names.add(value)
    } else if (node.kind === 'and' || node.kind === 'or') for (const member of node.of) this.collectNames(member)
  }

  private singleName(key: Id): string | undefined {
    const node = this.arena.node(key)
    if (node.kind !== 'in' || node.values.size !== 1) return undefined
    const [value] = node.values.values()
    return typeof value === 'string' ? value : undefined
  }

  private valueRule(name: string): Id {
    const wide = this.wideRules.filter(({ key }) => holds(this.arena, key, name)).map(({ value }) => value)
    const own = (this.demands.get(name) ?? []).map((value) => this.arena.made(value))
    return this.arena.and(...own, ...wide)
  }

  /** Key formulas that tell unnamed keys apart. */
  private genericKeys(): Id[] {
    const others = this.arena.and(this.arena.type(typeBit.string), this.arena.notIn(this.names))
    const keys = new Set([...this.wideRules, ...this.wanted].map(({ key }) => key))
    return [...keys].filter(
      (key) => this.singleName(key) === undefined && this.arena.and(key, others) !== this.arena.false,
    )
  }

  /** Gives the open wishes from `index` on a key each: one in use, a named one, or one of a class. */
  private assign(open: readonly Quantified[], index: number): ExactValue | undefined {
    this.arena.languages.meter.spend()
    const wish = open[index]
    if (!wish) return this.complete()
    for (const [key, goal] of this.chosen) {
      if (!holds(this.arena, wish.key, key)) continue
      const value = this.tryKey(key, this.arena.and(goal, wish.value), () => this.assign(open, index + 1))
      if (value !== undefined) return value
    }
    if (this.chosen.size >= this.max) return undefined
    for (const name of this.names) {
      if (this.chosen.has(name) || !holds(this.arena, wish.key, name)) continue
      const goal = this.arena.and(this.valueRule(name), wish.value)
      const value = this.tryKey(name, goal, () => this.assign(open, index + 1))
      if (value !== undefined) return value
    }
    for (const { key, value: goal } of this.classes(wish)) {
      const word = this.word(key, this.chosen.keys())
      if (word.kind !== 'found') this.failures.add(word)
      else {
        const value = this.tryKey(word.value as string, goal, () => this.assign(open, index + 1))
        if (value !== undefined) return value
      }
    }
    return undefined
  }

  /** A key that is not in use; not the empty one if there is another, for people read these. */
  private word(key: Id, used: Iterable<string>): Outcome {
    const free = this.arena.and(key, this.arena.notIn(used))
    const readable = this.solver.find(free, this.arena.language(this.arena.languages.lengths(1, Infinity)))
    return readable.kind === 'found' ? readable : this.solver.find(free)
  }

  private tryKey(key: string, goal: Id, next: () => ExactValue | undefined): ExactValue | undefined {
    const outcome = this.solver.find(goal)
    if (outcome.kind !== 'found') {
      this.failures.add(outcome)
      return undefined
    }
    const before = this.chosen.get(key)
    this.chosen.set(key, goal)
    const value = next()
    if (value !== undefined) return value
    if (before === undefined) this.chosen.delete(key)
    else this.chosen.set(key, before)
    return undefined
  }

  /** The classes of unnamed keys that have a key and a value, those with the fewest demands on the value first. */
  private *classes(wish?: Quantified): Generator<KeyClass> {
    const others = this.arena.and(this.arena.type(typeBit.string), this.arena.notIn(this.names))
    const start = wish ? this.arena.and(others, wish.key) : others
    yield* this.split(0, start, wish?.value ?? this.arena.true, wish?.key)
  }

  private *split(index: number, key: Id, value: Id, sure: Id | undefined): Generator<KeyClass> {
    this.arena.languages.meter.spend()
    for (const [formula, goal] of [
      [key, 'key'],
      [value, 'value'],
    ] as const) {
      const outcome = this.solver.find(formula)
      if (outcome.kind === 'found') continue
      if (goal === 'value' || outcome.kind === 'unknown') this.failures.add(outcome)
      return
    }
    const next = this.basis[index]
    if (next === undefined) {
      yield { key, value }
      return
    }
    if (next !== sure) yield* this.split(index + 1, this.arena.and(key, this.arena.not(next)), value, sure)
    const demands = this.wideRules.filter((rule) => rule.key === next).map((rule) => rule.value)
    yield* this.split(index + 1, this.arena.and(key, next), this.arena.and(value, ...demands), sure)
  }

  /** Fills up to the least number of members, then builds the object. */
  private complete(): ExactValue | undefined {
    const extra = new Map<string, Id>()
    const missing = () => this.min - this.chosen.size - extra.size
    for (const name of this.names) {
      if (missing() <= 0) break
      if (this.chosen.has(name)) continue
      const goal = this.valueRule(name)
      const outcome = this.solver.find(goal)
      if (outcome.kind === 'found') extra.set(name, goal)
      else this.failures.add(outcome)
    }
    if (missing() > 0) {
      for (const { key, value } of this.classes()) {
        while (missing() > 0) {
          const word = this.word(key, [...this.chosen.keys(), ...extra.keys()])
          if (word.kind !== 'found') {
            this.failures.add(word)
            break
          }
          extra.set(word.value as string, value)
        }
        if (missing() <= 0) break
      }
    }
    return missing() > 0 ? undefined : this.build([...this.chosen, ...extra])
  }

  private build(goals: [string, Id][]): ExactValue | undefined {
    const object = new Map<string, ExactValue>()
    for (const [key, goal] of goals) {
      const outcome = this.solver.find(goal)
      if (outcome.kind !== 'found') {
        this.failures.add(outcome)
        return undefined
      }
      object.set(key, outcome.value)
    }
    return object
  }
}
