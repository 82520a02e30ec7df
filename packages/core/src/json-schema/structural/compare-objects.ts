import { compareBound } from './compare-values.js'
import { difference, under, type Comparison, type Difference } from './comparison.js'
import type { RuleId } from './rules.js'
import type { ObjectShape, Remainder, Shape } from './shape.js'

export function compareObjects(comparison: Comparison, original: ObjectShape, update: ObjectShape): Difference[] {
  return [
    ...under('required', compareRequired(original, update)),
    ...under('properties', compareProperties(comparison, original, update)),
    ...under('dependencies', compareDependencies(comparison, original, update)),
    ...compareRemainder(comparison, 'additionalProperties', original, update),
    ...compareRemainder(comparison, 'unevaluatedProperties', original, update),
    ...compareBound('MAX_PROPERTIES', 'maxProperties', original, update),
    ...compareBound('MIN_PROPERTIES', 'minProperties', original, update),
  ]
}

/** Only of properties that both sides declare; an added property says by its own rule that it is required. */
function compareRequired(original: ObjectShape, update: ObjectShape): Difference[] {
  const found: Difference[] = []
  for (const name of union(original.required, update.required)) {
    const after = update.properties.get(name)
    if (!after || !original.properties.has(name)) continue
    const was = original.required.has(name)
    if (was === update.required.has(name)) continue
    const rule: RuleId = was
      ? 'REQUIRED_ATTRIBUTE_REMOVED'
      : after.default === undefined
        ? 'REQUIRED_ATTRIBUTE_ADDED'
        : 'REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED'
    found.push(difference(rule, original, update, 'required', name))
  }
  return found
}

function compareProperties(comparison: Comparison, original: ObjectShape, update: ObjectShape): Difference[] {
  const found: Difference[] = []
  for (const name of union(original.properties.keys(), update.properties.keys())) {
    const before = original.properties.get(name)
    const after = update.properties.get(name)
    if (before && after) found.push(...under(name, comparison.compare(before, after)))
    else if (before) found.push(...under(name, propertyRemoved(comparison, name, before, update)))
    else if (after) found.push(...under(name, propertyAdded(comparison, name, after, original, update)))
  }
  return found
}

/** What the reader makes of a property that it no longer declares is up to the reader's content model alone. */
function propertyRemoved(comparison: Comparison, name: string, before: Shape, update: ObjectShape): Difference[] {
  const at = { path: '', original: before.node, update: update.node, holder: update.node }
  if (isOpen(update)) return [{ ...at, rule: 'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL' }]
  const cover = covering(update, name)
  if (cover) {
    const inner = comparison.compare(before, cover)
    const rule = comparison.tolerable(inner)
      ? 'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
      : 'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
    return [...inner, { ...at, rule }]
  }
  const rule =
    before.kind === 'false'
      ? 'PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL'
      : 'PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL'
  return [{ ...at, rule }]
}

/** What the writer may have written under a name that is new to the reader is up to the writer's content model alone. */
function propertyAdded(
  comparison: Comparison,
  name: string,
  after: Shape,
  original: ObjectShape,
  update: ObjectShape,
): Difference[] {
  const at = { path: '', original: original.node, update: after.node, holder: update.node }
  const required = update.required.has(name)
  const hasDefault = after.default !== undefined
  if (isOpen(original)) {
    const rule: RuleId =
      after.kind === 'empty'
        ? 'PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL'
        : !required
          ? 'OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL'
          : hasDefault
            ? 'REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL'
            : 'REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL'
    return [{ ...at, rule }]
  }
  const found: Difference[] = []
  const cover = covering(original, name)
  if (cover) {
    const inner = comparison.compare(cover, after)
    const rule = comparison.tolerable(inner)
      ? 'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
      : 'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
    found.push(...inner, { ...at, rule, former: cover.node })
  }
  const rule: RuleId = !required
    ? 'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'
    : hasDefault
      ? 'REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL'
      : 'REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'
  return [...found, { ...at, rule }]
}

const anything = ({ permitted, schema }: Remainder) => permitted && !schema

function isOpen({ patterns, additional, unevaluated }: ObjectShape): boolean {
  return patterns.length === 0 && anything(additional) && anything(unevaluated)
}

/** The schema that a property has without being declared. */
function covering({ patterns, additional, unevaluated }: ObjectShape, name: string): Shape | undefined {
  const matching = patterns.find(({ pattern }) => pattern.test(name))
  return matching?.schema ?? additional.schema ?? unevaluated.schema
}

function compareDependencies(comparison: Comparison, original: ObjectShape, update: ObjectShape): Difference[] {
  const found: Difference[] = []
  for (const name of union(original.dependentNames.keys(), update.dependentNames.keys())) {
    const rule = dependentNamesRule(original.dependentNames.get(name), update.dependentNames.get(name))
    if (rule) {
      found.push({
        rule,
        path: `/${name}`,
        original: original.node,
        update: update.node,
        holder: update.node,
        former: original.node,
      })
    }
  }
  for (const name of union(original.dependentSchemas.keys(), update.dependentSchemas.keys())) {
    const before = original.dependentSchemas.get(name)
    const after = update.dependentSchemas.get(name)
    const at = {
      path: '',
      original: before?.node ?? original.node,
      update: after?.node ?? update.node,
      holder: update.node,
    }
    const differences = !before
      ? [{ ...at, rule: 'DEPENDENCY_SCHEMA_ADDED' as const }]
      : !after
        ? [{ ...at, rule: 'DEPENDENCY_SCHEMA_REMOVED' as const }]
        : comparison.compare(before, after)
    found.push(...under(name, differences))
  }
  return found
}

function dependentNamesRule(
  before: ReadonlySet<string> | undefined,
  after: ReadonlySet<string> | undefined,
): RuleId | undefined {
  if (!after) return 'DEPENDENCY_ARRAY_REMOVED'
  if (!before) return 'DEPENDENCY_ARRAY_ADDED'
  const kept = [...before].every((name) => after.has(name))
  const nothingNew = [...after].every((name) => before.has(name))
  if (kept && nothingNew) return undefined
  return kept ? 'DEPENDENCY_ARRAY_EXTENDED' : nothingNew ? 'DEPENDENCY_ARRAY_NARROWED' : 'DEPENDENCY_ARRAY_CHANGED'
}

type WithRemainders = Shape & { additional: Remainder; unevaluated: Remainder }

const remainders = {
  additionalProperties: { prefix: 'ADDITIONAL_PROPERTIES', of: 'additional' },
  unevaluatedProperties: { prefix: 'UNEVALUATED_PROPERTIES', of: 'unevaluated' },
  additionalItems: { prefix: 'ADDITIONAL_ITEMS', of: 'additional' },
  unevaluatedItems: { prefix: 'UNEVALUATED_ITEMS', of: 'unevaluated' },
} as const

/** The rule for what is not listed. An absent keyword permits everything. */
export function compareRemainder(
  comparison: Comparison,
  keyword: keyof typeof remainders,
  original: WithRemainders,
  update: WithRemainders,
): Difference[] {
  const { prefix, of } = remainders[keyword]
  const before = original[of]
  const after = update[of]
  const found = (suffix: 'ADDED' | 'REMOVED' | 'EXTENDED' | 'NARROWED') => [
    difference(`${prefix}_${suffix}`, original, update, keyword),
  ]
  if (before.permitted !== after.permitted) return found(after.permitted ? 'ADDED' : 'REMOVED')
  if (!before.schema && after.schema) return found('NARROWED')
  if (before.schema && !after.schema) return found('EXTENDED')
  if (of === 'unevaluated' && after.permitted && !after.schema && after.stated && !before.stated)
    return found('NARROWED')
  return under(keyword, comparison.compare(before.schema, after.schema))
}

/** In order of first appearance. */
export function union(first: Iterable<string>, second: Iterable<string>): Set<string> {
  return new Set([...first, ...second])
}
