import { difference, type Difference } from './comparison.js'
import type { RuleId } from './rules.js'
import type { EnumShape, NumberShape, Shape, StringShape } from './shape.js'

/** Rule names of an upper bound (`MAXIMUM`) or a lower one (`MINIMUM`). */
type BoundPrefix =
  | 'MAX_LENGTH'
  | 'MAXIMUM'
  | 'EXCLUSIVE_MAXIMUM'
  | 'MAX_PROPERTIES'
  | 'MAX_ITEMS'
  | 'MAX_CONTAINS'
  | 'MIN_LENGTH'
  | 'MINIMUM'
  | 'EXCLUSIVE_MINIMUM'
  | 'MIN_PROPERTIES'
  | 'MIN_ITEMS'
  | 'MIN_CONTAINS'

/** Compares one bound, which is also the name of its keyword. */
export function compareBound<K extends string, S extends Shape & Partial<Record<K, number | undefined>>>(
  prefix: BoundPrefix,
  keyword: K,
  original: S,
  update: S,
): Difference[] {
  const before = original[keyword]
  const after = update[keyword]
  const rule = boundRule(prefix, before, after)
  return rule ? [difference(rule, original, update, keyword)] : []
}

function boundRule(prefix: BoundPrefix, before: number | undefined, after: number | undefined): RuleId | undefined {
  if (before === after) return undefined
  if (before === undefined) return `${prefix}_ADDED`
  if (after === undefined) return `${prefix}_REMOVED`
  return before < after ? `${prefix}_INCREASED` : `${prefix}_DECREASED`
}

export function compareStrings(original: StringShape, update: StringShape): Difference[] {
  const found = [
    ...compareBound('MAX_LENGTH', 'maxLength', original, update),
    ...compareBound('MIN_LENGTH', 'minLength', original, update),
  ]
  if (original.pattern !== update.pattern) {
    const rule: RuleId =
      original.pattern === undefined
        ? 'PATTERN_ADDED'
        : update.pattern === undefined
          ? 'PATTERN_REMOVED'
          : 'PATTERN_CHANGED'
    found.push(difference(rule, original, update, 'pattern'))
  }
  return found
}

export function compareNumbers(original: NumberShape, update: NumberShape): Difference[] {
  const found = [
    ...compareBound('MAXIMUM', 'maximum', original, update),
    ...compareBound('MINIMUM', 'minimum', original, update),
    ...compareExclusiveMaximum(original, update),
    ...compareBound('EXCLUSIVE_MINIMUM', 'exclusiveMinimum', original, update),
    ...compareMultipleOf(original, update),
  ]
  if (original.integer !== update.integer) {
    found.push(difference(original.integer ? 'TYPE_EXTENDED' : 'TYPE_NARROWED', original, update, 'type', ''))
  }
  return found
}

/**
 * A lowered `exclusiveMaximum` beside a `maximum` of the update is measured against that `maximum`, as Confluent's
 * server does; without one it is simply lowered.
 */
function compareExclusiveMaximum(original: NumberShape, update: NumberShape): Difference[] {
  const { exclusiveMaximum: before } = original
  const { exclusiveMaximum: after, maximum } = update
  if (before !== undefined && after !== undefined && before > after && maximum !== undefined && before <= maximum)
    return []
  return compareBound('EXCLUSIVE_MAXIMUM', 'exclusiveMaximum', original, update)
}

function compareMultipleOf(original: NumberShape, update: NumberShape): Difference[] {
  const before = original.multipleOf
  const after = update.multipleOf
  const found = (rule: RuleId) => [difference(rule, original, update, 'multipleOf')]
  if (!before && !after) return []
  if (!before) return found('MULTIPLE_OF_ADDED')
  if (!after) return found('MULTIPLE_OF_REMOVED')
  const scale = Math.max(before.scale, after.scale)
  if (scale - Math.min(before.scale, after.scale) > 10_000) return found('MULTIPLE_OF_CHANGED')
  const was = before.digits * 10n ** BigInt(scale - before.scale)
  const is = after.digits * 10n ** BigInt(scale - after.scale)
  if (was === is) return []
  if (is % was === 0n) return found('MULTIPLE_OF_EXPANDED')
  return found(was % is === 0n ? 'MULTIPLE_OF_REDUCED' : 'MULTIPLE_OF_CHANGED')
}

export function compareEnums(original: EnumShape, update: EnumShape): Difference[] {
  const kept = [...original.values].every((value) => update.values.has(value))
  const nothingNew = [...update.values].every((value) => original.values.has(value))
  if (kept && nothingNew) return []
  const rule: RuleId = kept ? 'ENUM_ARRAY_EXTENDED' : nothingNew ? 'ENUM_ARRAY_NARROWED' : 'ENUM_ARRAY_CHANGED'
  return [difference(rule, original, update, 'enum')]
}
