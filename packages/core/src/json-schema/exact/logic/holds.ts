import { type ExactValue, isArray, isObject, keyOf, typeOf } from '../values/exact-value.js'
import { Rational } from '../values/rational.js'
import type { Arena } from './arena.js'
import type { Id } from './node.js'

/** Whether a value is in the set that a formula stands for. */
export function holds(arena: Arena, id: Id, value: ExactValue): boolean {
  const type = typeOf(value)
  if ((arena.certainTypes(id) & type) !== 0) return true
  if ((arena.possibleTypes(id) & type) === 0) return false
  arena.languages.meter.spend()
  const node = arena.node(id)
  switch (node.kind) {
    case 'true':
      return true
    case 'false':
      return false
    case 'and':
      return node.of.every((member) => holds(arena, member, value))
    case 'or':
      return node.of.some((member) => holds(arena, member, value))
    case 'variable':
      return holds(arena, arena.definition(node), value)
    case 'type':
      return (node.mask & type) !== 0
    case 'bound': {
      const difference = value instanceof Rational ? value.compare(node.value) : 0
      return difference === 0 ? !node.exclusive : node.side === 'min' ? difference > 0 : difference < 0
    }
    case 'multiple':
      return value instanceof Rational && value.isMultipleOf(node.of) !== node.negated
    case 'language':
      return typeof value === 'string' && arena.words.has(node.language, value)
    case 'opaque':
      return typeof value === 'string' && node.test.test(value) !== node.negated
    case 'in':
      return node.values.has(keyOf(value))
    case 'not-in':
      return !node.values.has(keyOf(value))
    case 'items':
      return isArray(value) && slice(value, node).every((item) => holds(arena, node.item, item))
    case 'count': {
      if (!isArray(value)) return false
      const count = slice(value, node).filter((item) => holds(arena, node.item, item)).length
      return node.min <= count && count <= node.max
    }
    case 'array-size':
      return isArray(value) && node.min <= value.length && value.length <= node.max
    case 'unique':
      return isArray(value) && (new Set(value.map(keyOf)).size === value.length) !== node.negated
    case 'object-size':
      return isObject(value) && node.min <= value.size && value.size <= node.max
    case 'keys':
      return (
        isObject(value) &&
        [...value].every(([key, member]) => !holds(arena, node.key, key) || holds(arena, node.value, member))
      )
    case 'some-key':
      return (
        isObject(value) &&
        [...value].some(([key, member]) => holds(arena, node.key, key) && holds(arena, node.value, member))
      )
  }
}

function slice(value: readonly ExactValue[], { from, to }: { from: number; to: number }): readonly ExactValue[] {
  return from === 0 && to >= value.length ? value : value.slice(from, to)
}
