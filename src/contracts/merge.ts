import type { Metadata, Rule, RuleSet } from '@concordat/core'

/** The property in which a schema states the version that it is. */
export const versionProperty = 'confluent:version'

/** The later metadata over the earlier: per key the later wins, names of sensitive properties are united. */
export function mergeMetadata(earlier: Metadata | undefined, later: Metadata | undefined): Metadata | undefined {
  if (!earlier || !later) return later ?? earlier
  const sensitive = [...new Set([...(earlier.sensitive ?? []), ...(later.sensitive ?? [])])].sort()
  return {
    ...((earlier.tags ?? later.tags) && { tags: { ...earlier.tags, ...later.tags } }),
    ...((earlier.properties ?? later.properties) && { properties: { ...earlier.properties, ...later.properties } }),
    ...(sensitive.length && { sensitive }),
  }
}

/** The later rules behind those of the earlier ones that they do not replace by name, list by list. */
export function mergeRuleSets(earlier: RuleSet | undefined, later: RuleSet | undefined): RuleSet | undefined {
  if (!earlier || !later) return later ?? earlier
  return withLists((list) => mergeRules(earlier[list], later[list]), later.enableAt ?? earlier.enableAt)
}

/** The rule set without the rules of these names. */
export function withoutRules(ruleSet: RuleSet, names: readonly string[]): RuleSet {
  return withLists((list) => ruleSet[list]?.filter(({ name }) => !names.includes(name)), ruleSet.enableAt)
}

/** The metadata with this version stated. */
export function withVersion(metadata: Metadata | undefined, version: number): Metadata {
  return mergeMetadata(metadata, { properties: { [versionProperty]: String(version) } })!
}

export const statedVersion = (metadata: Metadata | undefined): string | undefined =>
  propertyOf(metadata, versionProperty)

export function propertyOf(metadata: Metadata | undefined, name: string): string | undefined {
  const properties = metadata?.properties
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined
}

export const ruleLists = ['migrationRules', 'domainRules', 'encodingRules'] as const
export type RuleList = (typeof ruleLists)[number]

function withLists(rulesOf: (list: RuleList) => Rule[] | undefined, enableAt: RuleSet['enableAt']): RuleSet {
  const lists = ruleLists.map((list) => [list, rulesOf(list)] as const).filter(([, rules]) => rules !== undefined)
  return { ...Object.fromEntries(lists), ...(enableAt && { enableAt }) }
}

function mergeRules(earlier: Rule[] | undefined, later: Rule[] | undefined): Rule[] | undefined {
  if (!earlier || !later) return later ?? earlier
  const replaced = new Set(later.map(({ name }) => name))
  return [...earlier.filter(({ name }) => !replaced.has(name)), ...later]
}
