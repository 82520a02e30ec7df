import { valueText } from './keyword-reader.js'
import { difference, type Comparison, type Difference } from './comparison.js'
import { maximumMatching } from './matching.js'
import { tolerates, type RuleId } from './rules.js'
import type { CombinedShape, Shape } from './shape.js'

/**
 * Compares a combination with something that is none: it may be a single branch, an alternative that fits, or a demand
 * that is kept while others are dropped.
 * @returns undefined if none of these helps
 */
export function compareMixed(
  comparison: Comparison,
  original: Shape,
  update: Shape,
): readonly Difference[] | undefined {
  if (update.kind === 'combined' && original.kind !== 'combined') {
    const pairs = update.branches.map((branch) => [original, branch] as const)
    return firstFit(comparison, pairs, update.criterion === 'allOf' ? undefined : 'SUM_TYPE_EXTENDED', original, update)
  }
  if (original.kind === 'combined' && update.kind !== 'combined') {
    const pairs = original.branches.map((branch) => [branch, update] as const)
    const rule = original.criterion === 'allOf' ? 'PRODUCT_TYPE_NARROWED' : undefined
    return firstFit(comparison, pairs, rule, original, update)
  }
  return undefined
}

function firstFit(
  comparison: Comparison,
  pairs: readonly (readonly [Shape, Shape])[],
  rule: RuleId | undefined,
  original: Shape,
  update: Shape,
): readonly Difference[] | undefined {
  const single = pairs.length === 1
  if (!single && !rule) return undefined
  for (const [before, after] of pairs) {
    const inner = comparison.compare(before, after)
    if (!comparison.tolerable(inner)) continue
    return single || !rule ? inner : [...inner, { rule, path: '', original: original.node, update: update.node }]
  }
  return undefined
}

export function compareCombined(comparison: Comparison, original: CombinedShape, update: CombinedShape): Difference[] {
  const found: Difference[] = []
  const add = (rule: RuleId) => found.push(difference(rule, original, update, update.criterion, ''))
  const criterion = criterionRule(original, update)
  if (criterion) {
    add(criterion)
    if (!tolerates('LENIENT', criterion)) return found
  }
  const before = distinct(original.branches)
  const after = distinct(update.branches)
  if (before.length < after.length) add(update.criterion === 'allOf' ? 'PRODUCT_TYPE_EXTENDED' : 'SUM_TYPE_EXTENDED')
  if (before.length > after.length) add(original.criterion === 'allOf' ? 'PRODUCT_TYPE_NARROWED' : 'SUM_TYPE_NARROWED')
  const { size, differences } = matchBranches(comparison, original.criterion, before, after)
  found.push(...differences)
  if (size < Math.min(before.length, after.length)) add('COMBINED_TYPE_SUBSCHEMAS_CHANGED')
  return found
}

function criterionRule(original: CombinedShape, update: CombinedShape): RuleId | undefined {
  if (original.criterion === update.criterion) return undefined
  const before = original.branches.length
  const after = update.branches.length
  const looser =
    update.criterion === 'anyOf' ||
    (before === 1 && after === 1) ||
    (before === 1 && update.criterion === 'oneOf') ||
    (after === 1 && original.criterion === 'allOf')
  return looser ? 'COMBINED_TYPE_EXTENDED' : 'COMBINED_TYPE_CHANGED'
}

/** Pairs as many branches as possible that the reader can take for each other. */
function matchBranches(comparison: Comparison, criterion: string, before: readonly Shape[], after: readonly Shape[]) {
  const inner = before.map((was) =>
    after.map((is) => {
      const differences = comparison.compare(was, is)
      return comparison.tolerable(differences) ? differences : undefined
    }),
  )
  const fits = inner.map((row) => row.flatMap((differences, index) => (differences ? [index] : [])))
  const pairs = maximumMatching(fits, after.length)
  const differences = pairs.flatMap(([was, is]) =>
    (inner[was]?.[is] ?? []).map((found) => ({ ...found, path: `/${criterion}/${was}${found.path}` })),
  )
  return { size: pairs.length, differences }
}

/** Equal branches count once. */
function distinct(branches: readonly Shape[]): Shape[] {
  const byText = new Map<string, Shape>()
  for (const branch of branches) {
    const key = `${variantOf(branch)} ${withoutUnknownFormats(valueText(branch.node))}`
    if (!byText.has(key)) byText.set(key, branch)
  }
  return [...byText.values()]
}

const knownFormats = [
  ...['date-time', 'date', 'time', 'email', 'hostname', 'ipv4', 'ipv6', 'regex'],
  ...['uri', 'uri-reference', 'uri-template', 'json-pointer', 'relative-json-pointer'],
]
const formats = new RegExp(`"format":"(?!(?:${knownFormats.join('|')})")[^"]*",?`, 'g')

/** A format that means nothing to the server makes no difference between branches. */
const withoutUnknownFormats = (text: string) => text.replace(formats, '')

/** Tells the implied branches apart that stand in one schema. */
function variantOf(shape: Shape): string {
  if (shape.kind === 'combined') return shape.criterion
  if (shape.kind === 'number') return shape.integer ? 'integer' : 'number'
  return shape.kind
}
