import { createHash } from 'node:crypto'
import { guidOf, type Metadata, type Reference, type RuleSet, type SchemaType } from '@concordat/core'
import { ruleLists } from '../contracts/merge.js'

/** What is registered: everything that makes two schemas the same or different ones. */
export interface Content {
  type: SchemaType
  text: string
  references: Reference[]
  metadata?: Metadata
  ruleSet?: RuleSet
}

export const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

/**
 * Names a content without doubt. The protocol's guid does not: it leaves the type, the list of a rule and the borders
 * between parts out of its hash.
 */
export function contentKeyOf({ type, text, references, metadata, ruleSet }: Content): string {
  return digest([
    type,
    text,
    referenceParts(references),
    metadata && metadataParts(metadata),
    ruleSet && ruleSetParts(ruleSet),
  ])
}

export const sameReferences = (a: readonly Reference[], b: readonly Reference[]): boolean =>
  equal(referenceParts(a), referenceParts(b))
export const sameMetadata = (a: Metadata | undefined, b: Metadata | undefined): boolean =>
  equal(a && metadataParts(a), b && metadataParts(b))
export const sameRuleSet = (a: RuleSet | undefined, b: RuleSet | undefined): boolean =>
  equal(a && ruleSetParts(a), b && ruleSetParts(b))

/** The guid of a content; `taken` says whether another content has it already, which then needs one of its own. */
export function guidFor(content: Content, taken: boolean): string {
  const guid = guidOf(content)
  return taken ? guidOf({ text: `${guid} ${contentKeyOf(content)}` }) : guid
}

const referenceParts = (references: readonly Reference[]) =>
  references.map(({ name, subject, version }) => [name, subject, version])

const metadataParts = ({ tags, properties, sensitive }: Metadata) => [
  sortedEntries(tags).map(([path, names]) => [path, [...names].sort()]),
  sortedEntries(properties),
  [...(sensitive ?? [])].sort(),
]

const ruleSetParts = (ruleSet: RuleSet) => [
  ruleLists.map((list) =>
    (ruleSet[list] ?? []).map((rule) => [
      [rule.name, rule.doc ?? '', rule.kind, rule.mode, rule.type],
      [...(rule.tags ?? [])].sort(),
      sortedEntries(rule.params),
      [rule.expr ?? '', rule.onSuccess ?? '', rule.onFailure ?? '', rule.disabled],
    ]),
  ),
  ruleSet.enableAt ?? '',
]

const sortedEntries = <T>(map: Record<string, T> | undefined): [string, T][] =>
  Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
