import type { Arena } from '../logic/arena.js'
import { holds } from '../logic/holds.js'
import type { Id, Node } from '../logic/node.js'
import { Undecided } from '../undecided.js'
import { type ExactValue, isArray, isObject, keyOf, numberBits, typeBit, typeOf } from '../values/exact-value.js'
import { findArray } from './array-leaf.js'
import { findNumber } from './number-leaf.js'
import { findObject } from './object-leaf.js'
import { emptyForGood, Failures, found, type Outcome } from './outcome.js'
import { findString } from './string-leaf.js'

const maxDepth = 120
const typesInTurn = [typeBit.null, typeBit.boolean, numberBits, typeBit.string, typeBit.array, typeBit.object]

/** A conjunction on values of one type, sorted into atoms and open disjunctions. */
interface Branch {
  types: number
  atoms: Set<Id>
  choices: Id[][]
}

/**
 * Finds a value for a formula or proves that there is none: a tableau per JSON type. Children (items, members, keys)
 * are goals of their own. A goal met again while it is open counts as empty, since a smallest value never contains
 * another value of the same goal; what leaned on that is only kept once the goal it leaned on is settled.
 */
export class Solver {
  private readonly settled = new Map<Id, Outcome>()
  private readonly provisional = new Map<Id, number>()
  private readonly trail: Id[] = []
  private readonly open = new Map<Id, number>()

  constructor(readonly arena: Arena) {}

  find(...formulas: Id[]): Outcome {
    const goal = this.arena.and(...formulas)
    if (goal === this.arena.false) return emptyForGood
    if (goal === this.arena.true) return found(null)
    const known = this.settled.get(goal)
    if (known) return known
    const leansOn = this.open.get(goal) ?? this.provisional.get(goal)
    if (leansOn !== undefined) return { kind: 'empty', leansOn }
    return this.search(goal)
  }

  private search(goal: Id): Outcome {
    const depth = this.open.size
    if (depth > maxDepth) return { kind: 'unknown', reason: `values nested more than ${maxDepth} deep` }
    this.arena.languages.meter.spend(5)
    this.open.set(goal, depth)
    const mark = this.trail.length
    const outcome = this.searchTypes(goal)
    this.open.delete(goal)
    this.settle(goal, outcome, depth, mark)
    return outcome
  }

  private settle(goal: Id, outcome: Outcome, depth: number, mark: number): void {
    if (outcome.kind === 'empty' && outcome.leansOn < depth) {
      // All that was found empty meanwhile now leans at least as far down.
      this.provisional.set(goal, outcome.leansOn)
      this.trail.push(goal)
      for (const id of this.trail.slice(mark)) {
        this.provisional.set(id, Math.min(this.provisional.get(id)!, outcome.leansOn))
      }
      return
    }
    for (const id of this.trail.splice(mark)) {
      // A branch that succeeded in the end may hide a proof that leans on goals further down.
      if (outcome.kind === 'empty' && this.provisional.get(id)! < depth) this.trail.push(id)
      else {
        this.provisional.delete(id)
        if (outcome.kind === 'empty') this.settled.set(id, emptyForGood)
      }
    }
    // The reason of an unknown can be an open goal: asked on its own it may well be decided.
    if (outcome.kind === 'unknown' && depth > 0) return
    this.settled.set(goal, outcome.kind === 'empty' ? emptyForGood : outcome)
  }

  private searchTypes(goal: Id): Outcome {
    const failures = new Failures()
    for (const types of typesInTurn) {
      const mask = this.arena.possibleTypes(goal) & types
      if (mask === 0) continue
      const outcome = this.attempt(() => this.decide(this.expand({ types: mask, atoms: new Set(), choices: [] }, goal)))
      if (outcome.kind === 'found') return outcome
      failures.add(outcome)
    }
    return failures.outcome()
  }

  private attempt(work: () => Outcome): Outcome {
    try {
      return work()
    } catch (error) {
      if (error instanceof Undecided && error.scope === 'local') return { kind: 'unknown', reason: error.reason }
      throw error
    }
  }

  /** Adds a formula to a branch; undefined if that is a contradiction. The branch given is not changed. */
  private expand(branch: Branch, formula: Id): Branch | undefined {
    const { arena } = this
    const atoms = new Set(branch.atoms)
    let choices = branch.choices
    let { types } = branch
    const seen = new Set<Id>()
    const pending = [formula]
    for (;;) {
      for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
        if (seen.has(id) || atoms.has(id) || (arena.certainTypes(id) & types) === types) continue
        if ((arena.possibleTypes(id) & types) === 0 || this.contradicts(atoms, types, id)) return undefined
        seen.add(id)
        const node = arena.node(id)
        if (node.kind === 'and') pending.push(...node.of)
        else if (node.kind === 'variable') pending.push(arena.definition(node))
        else if (node.kind === 'or') choices = [...choices, [...node.of]]
        else if (node.kind === 'type') types &= node.mask
        else {
          atoms.add(id)
          // Only types for which the atom can hold are left.
          types &= arena.possibleTypes(id)
        }
        if (types === 0) return undefined
      }
      const left: Id[][] = []
      for (const choice of choices) {
        if (choice.some((id) => atoms.has(id) || (arena.certainTypes(id) & types) === types)) continue
        const live = choice.filter((id) => (arena.possibleTypes(id) & types) !== 0 && !this.refutes(atoms, types, id))
        if (live.length === 0) return undefined
        if (live.length === 1) pending.push(live[0])
        else left.push(live)
      }
      choices = left
      if (pending.length === 0) break
    }
    for (const id of atoms) if ((arena.certainTypes(id) & types) === types) atoms.delete(id)
    return { types, atoms, choices }
  }

  private refutes(atoms: ReadonlySet<Id>, types: number, id: Id): boolean {
    const node = this.arena.node(id)
    return node.kind === 'and'
      ? node.of.some((member) => this.contradicts(atoms, types, member))
      : this.contradicts(atoms, types, id)
  }

  /** Whether the dual of a formula is among the atoms. The dual of an atom speaks of its type, too. */
  private contradicts(atoms: ReadonlySet<Id>, types: number, id: Id): boolean {
    const dual = this.arena.dualAtHand(id)
    if (dual === undefined) return false
    if (atoms.has(dual)) return true
    const node = this.arena.node(dual)
    if (node.kind !== 'and') return false
    return node.of.every((member) => atoms.has(member) || (this.arena.certainTypes(member) & types) === types)
  }

  private decide(branch: Branch | undefined): Outcome {
    if (!branch) return emptyForGood
    this.arena.languages.meter.spend(2 + branch.choices.length)
    const nodes = [...branch.atoms].map((id) => this.arena.node(id))
    const candidates = this.candidates(branch, nodes)
    if (candidates) return this.firstOf(candidates, branch)
    const leaf = this.attempt(() => this.leaf(branch.types, nodes))
    if (leaf.kind === 'empty') return leaf
    const value = leaf.kind === 'found' ? leaf.value : undefined
    const choice = this.choose(branch, nodes, value)
    if (!choice) return leaf
    const rest = branch.choices.filter((other) => other !== choice)
    const failures = new Failures()
    for (const alternative of choice) {
      const outcome = this.attempt(() => this.decide(this.expand({ ...branch, choices: rest }, alternative)))
      if (outcome.kind === 'found') return outcome
      failures.add(outcome)
    }
    return failures.outcome()
  }

  /** All values that are left, if they are few enough to be named. */
  private candidates(branch: Branch, nodes: Node[]): Iterable<ExactValue> | undefined {
    const named = nodes.find((node) => node.kind === 'in')
    if (named?.kind === 'in') return [...named.values.values()].filter((value) => (typeOf(value) & branch.types) !== 0)
    if (branch.types === typeBit.null) return [null]
    if (branch.types === typeBit.boolean) return [true, false]
    return undefined
  }

  private firstOf(candidates: Iterable<ExactValue>, branch: Branch): Outcome {
    const failures = new Failures()
    for (const value of candidates) {
      const outcome = this.attempt(() => {
        const fits =
          [...branch.atoms].every((id) => holds(this.arena, id, value)) &&
          branch.choices.every((choice) => choice.some((id) => holds(this.arena, id, value)))
        return fits ? found(value) : emptyForGood
      })
      if (outcome.kind === 'found') return outcome
      failures.add(outcome)
    }
    return failures.outcome()
  }

  /** What to branch on next: a disjunction that the value found for the atoms violates. None: the value is fine. */
  private choose(branch: Branch, nodes: Node[], value: ExactValue | undefined): Id[] | undefined {
    let shortest: Id[] | undefined
    for (const choice of branch.choices) {
      if (shortest && shortest.length <= choice.length) continue
      if (value !== undefined && choice.some((id) => this.surelyHolds(id, value))) continue
      shortest = choice
    }
    if (shortest || value === undefined) return shortest
    for (const node of nodes) {
      const excluded = node.kind === 'not-in' ? node.values.get(keyOf(value)) : undefined
      if (excluded !== undefined) return this.differing(excluded)
    }
    return undefined
  }

  private surelyHolds(id: Id, value: ExactValue): boolean {
    try {
      return holds(this.arena, id, value)
    } catch (error) {
      if (error instanceof Undecided && error.scope === 'local') return false
      throw error
    }
  }

  /** All ways to be another array or object than the one given. */
  private differing(value: ExactValue): Id[] {
    const { arena } = this
    if (isArray(value)) {
      return [
        ...(value.length > 0 ? [arena.size('array-size', 0, value.length - 1)] : []),
        arena.size('array-size', value.length + 1, Infinity),
        ...value.map((item, i) =>
          arena.and(arena.size('array-size', i + 1, Infinity), arena.items(i, i + 1, arena.notIn([item]))),
        ),
      ]
    }
    if (!isObject(value)) throw new Error('only arrays and objects are told apart by their parts')
    return [
      ...[...value.keys()].map((key) => arena.keys(arena.in([key]), arena.false)),
      arena.someKey(arena.notIn(value.keys()), arena.true),
      ...[...value].map(([key, member]) => arena.someKey(arena.in([key]), arena.notIn([member]))),
    ]
  }

  private leaf(types: number, nodes: Node[]): Outcome {
    if ((types & numberBits) !== 0) return findNumber(types, nodes, this.arena)
    if (types === typeBit.string) return findString(nodes, this.arena)
    if (types === typeBit.array) return findArray(nodes, this)
    return findObject(nodes, this)
  }

  /** Up to `count` different values; all of them if there are fewer and `complete` says so. */
  list(goal: Id, count: number): { values: ExactValue[]; failure?: Outcome } {
    const values: ExactValue[] = []
    while (values.length < count) {
      const outcome = this.find(goal, this.arena.notIn(values))
      if (outcome.kind !== 'found') return { values, failure: outcome }
      values.push(outcome.value)
    }
    return { values }
  }
}
