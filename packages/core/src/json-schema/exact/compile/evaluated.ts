import type { Arena } from '../logic/arena.js'
import type { Id } from '../logic/node.js'
import { Undecided } from '../undecided.js'
import { typeBit } from '../values/exact-value.js'

/** One way in which a schema can hold, and what it evaluates in that case. */
export interface Case {
  condition: Id
  /** Formula about the keys that count as evaluated. */
  keys: Id
  /** How many leading items count as evaluated. */
  items: number
  /** Items that satisfy this count as evaluated, too (`contains` in 2020-12). */
  contained: Id
}

const maxCases = 256

export function noAnnotations(condition: Id, arena: Arena): Case {
  return { condition, keys: arena.false, items: 0, contained: arena.false }
}

export function allKeys(arena: Arena): Id {
  return arena.type(typeBit.string)
}

/** All pairs of a case of one part and a case of the other. */
export function combineCases(left: Case[], right: Case[], arena: Arena): Case[] {
  const combined = new Map<string, Case>()
  for (const a of left) {
    for (const b of right) {
      const condition = arena.and(a.condition, b.condition)
      if (condition === arena.false) continue
      const both: Case = {
        condition,
        keys: arena.or(a.keys, b.keys),
        items: Math.max(a.items, b.items),
        contained: arena.or(a.contained, b.contained),
      }
      combined.set(`${condition} ${both.keys} ${both.items} ${both.contained}`, both)
      if (combined.size > maxCases)
        throw new Undecided(`unevaluated* over more than ${maxCases} combinations of branches`)
    }
  }
  return [...combined.values()]
}
