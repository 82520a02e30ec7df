import { compareRemainder } from './compare-objects.js'
import { compareBound } from './compare-values.js'
import { difference, under, type Comparison, type Difference } from './comparison.js'
import type { ArrayShape, Remainder, Shape } from './shape.js'

export function compareArrays(comparison: Comparison, original: ArrayShape, update: ArrayShape): Difference[] {
  return [
    ...compareItems(comparison, original, update),
    ...under('items', comparePositions(comparison, original, update)),
    ...compareRemainder(comparison, 'additionalItems', original, update),
    ...compareRemainder(comparison, 'unevaluatedItems', original, update),
    ...compareBound('MAX_ITEMS', 'maxItems', original, update),
    ...compareBound('MIN_ITEMS', 'minItems', original, update),
    ...compareUniqueness(original, update),
    ...compareBound('MAX_CONTAINS', 'maxContains', original, update),
    ...compareBound('MIN_CONTAINS', 'minContains', original, update),
  ]
}

function compareItems(comparison: Comparison, original: ArrayShape, update: ArrayShape): Difference[] {
  if (original.items && update.items) return under('items', comparison.compare(original.items, update.items))
  if (update.items) return [difference('SCHEMA_ADDED', original, update, 'items')]
  return original.items ? [difference('SCHEMA_REMOVED', original, update, 'items')] : []
}

function compareUniqueness(original: ArrayShape, update: ArrayShape): Difference[] {
  if (original.uniqueItems === update.uniqueItems) return []
  return [
    difference(update.uniqueItems ? 'UNIQUE_ITEMS_ADDED' : 'UNIQUE_ITEMS_REMOVED', original, update, 'uniqueItems'),
  ]
}

function comparePositions(comparison: Comparison, original: ArrayShape, update: ArrayShape): Difference[] {
  const before = original.tuple ?? []
  const after = update.tuple ?? []
  const found: Difference[] = []
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const was = before[index]
    const is = after[index]
    const step = String(index)
    if (was && is) found.push(...under(step, comparison.compare(was, is)))
    else if (was) found.push(...under(step, positionRemoved(comparison, was, update)))
    else if (is) found.push(...under(step, positionAdded(comparison, is, original, update)))
  }
  return found
}

function positionRemoved(comparison: Comparison, was: Shape, update: ArrayShape): Difference[] {
  const at = { path: '', original: was.node, update: update.node, holder: update.node }
  if (isOpen(update)) return [{ ...at, rule: 'ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL' }]
  const cover = covering(update)
  if (cover) {
    const inner = comparison.compare(was, cover)
    const rule = comparison.tolerable(inner)
      ? 'ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
      : 'ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
    return [...inner, { ...at, rule }]
  }
  const rule =
    was.kind === 'false'
      ? 'ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL'
      : 'ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL'
  return [{ ...at, rule }]
}

function positionAdded(comparison: Comparison, is: Shape, original: ArrayShape, update: ArrayShape): Difference[] {
  const at = { path: '', original: original.node, update: is.node, holder: update.node }
  if (isOpen(original)) {
    const rule =
      is.kind === 'empty' ? 'ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL' : 'ITEM_ADDED_TO_OPEN_CONTENT_MODEL'
    return [{ ...at, rule }]
  }
  const cover = covering(original)
  if (!cover) return [{ ...at, rule: 'ITEM_ADDED_TO_CLOSED_CONTENT_MODEL' }]
  const inner = comparison.compare(cover, is)
  const rule = comparison.tolerable(inner)
    ? 'ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
    : 'ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
  return [...inner, { ...at, rule, former: cover.node }]
}

const anything = ({ permitted, schema }: Remainder) => permitted && !schema

const isOpen = ({ additional, unevaluated }: ArrayShape) => anything(additional) && anything(unevaluated)

/** The schema that a position has without being listed. */
const covering = ({ additional, unevaluated }: ArrayShape) => additional.schema ?? unevaluated.schema
