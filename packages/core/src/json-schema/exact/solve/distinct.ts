import type { Id } from '../logic/node.js'
import { type ExactValue, keyOf } from '../values/exact-value.js'
import type { Failures } from './outcome.js'
import type { Solver } from './solver.js'

/**
 * A different value for each goal, or undefined if there are too few: a bipartite matching between positions and
 * values. Of a goal no more values are listed than there are positions, for with so many it is never what is missing.
 */
export function assignDistinct(goals: readonly Id[], solver: Solver, failures: Failures): ExactValue[] | undefined {
  const options = new Map<Id, ExactValue[]>()
  for (const goal of goals) {
    if (options.has(goal)) continue
    const { values, failure } = solver.list(goal, goals.length)
    if (failure) failures.add(failure)
    if (values.length === 0) return undefined
    options.set(goal, values)
  }
  const values = new Map<string, ExactValue>()
  const takenBy = new Map<string, number>()
  const place = (position: number, seen: Set<string>): boolean => {
    solver.arena.languages.meter.spend()
    for (const value of options.get(goals[position])!) {
      const key = keyOf(value)
      if (seen.has(key)) continue
      seen.add(key)
      values.set(key, value)
      const owner = takenBy.get(key)
      if (owner === undefined || place(owner, seen)) {
        takenBy.set(key, position)
        return true
      }
    }
    return false
  }
  for (let position = 0; position < goals.length; position++) {
    if (!place(position, new Set())) return undefined
  }
  const items = new Array<ExactValue>(goals.length)
  for (const [key, position] of takenBy) items[position] = values.get(key)!
  return items
}
