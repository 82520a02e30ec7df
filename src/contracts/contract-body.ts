import type { EnableAt, Metadata, Rule, RuleKind, RuleMode, RuleSet } from '@concordat/core'
import { list, map, object, oneOf, text, toggle, type Decoder } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'

// The order of the names is part of the protocol: a number in their stead counts from 0.
const kinds = ['TRANSFORM', 'CONDITION'] as const satisfies RuleKind[]
const modes = ['UPGRADE', 'DOWNGRADE', 'UPDOWN', 'READ', 'WRITE', 'WRITEREAD'] as const satisfies RuleMode[]
const places = ['ALL', 'CLIENT', 'GATEWAY', 'SERVER', 'NONE'] as const satisfies EnableAt[]

const nullInRules = (path: string) => new RegistryError('invalidRuleSet', { detail: `${path} is null` })

const rawMetadata = object<Metadata>({ tags: map(list(text)), properties: map(text), sensitive: list(text) })

type RawRule = Partial<Omit<Rule, 'disabled'>> & { disabled?: boolean }
const rawRule = object<RawRule>({
  name: text,
  doc: text,
  kind: oneOf(kinds),
  mode: oneOf(modes),
  type: text,
  tags: list(text),
  params: map(text, nullInRules),
  expr: text,
  onSuccess: text,
  onFailure: text,
  disabled: toggle,
})

const rule: Decoder<Rule> = (value, path) => {
  const raw = rawRule(value, path)
  return raw && withDefaults(raw)
}

/** Metadata in the form in which it is stored and sent: sorted, without empty parts. */
export const metadata: Decoder<Metadata> = (value, path) => {
  const raw = rawMetadata(value, path)
  return raw && tidyMetadata(raw)
}

/** A rule set with the protocol's defaults filled in. Its rules are not validated. */
export const ruleSet: Decoder<RuleSet> = (value, path) => {
  const raw = rawRuleSet(value, path)
  return raw && withoutEmptyLists(raw)
}

/** An empty list says no more than an absent one. */
function withoutEmptyLists({ migrationRules, domainRules, encodingRules, enableAt }: RuleSet): RuleSet {
  return {
    ...(migrationRules?.length && { migrationRules }),
    ...(domainRules?.length && { domainRules }),
    ...(encodingRules?.length && { encodingRules }),
    ...(enableAt && { enableAt }),
  }
}

const rawRuleSet = object<RuleSet>({
  migrationRules: list(rule, nullInRules),
  domainRules: list(rule, nullInRules),
  encodingRules: list(rule, nullInRules),
  enableAt: oneOf(places),
})

function tidyMetadata({ tags, properties, sensitive }: Metadata): Metadata {
  return {
    ...(tags && Object.keys(tags).length && { tags: sortedMap(tags, sortedSet) }),
    ...(properties && Object.keys(properties).length && { properties: sortedMap(properties, (value) => value) }),
    ...(sensitive?.length && { sensitive: sortedSet(sensitive) }),
  }
}

function withDefaults(raw: RawRule): Rule {
  const {
    name = '',
    doc,
    kind = 'TRANSFORM',
    mode = 'WRITEREAD',
    type,
    tags,
    params,
    expr,
    onSuccess,
    onFailure,
    disabled,
  } = raw
  return {
    name,
    ...(doc && { doc }),
    kind,
    mode,
    // A missing type is refused by validation, an empty one is not.
    ...(type !== undefined && { type }),
    ...(tags?.length && { tags: sortedSet(tags) }),
    ...(params && Object.keys(params).length && { params: sortedMap(params, (value) => value) }),
    ...(expr && { expr }),
    ...(onSuccess && { onSuccess }),
    ...(onFailure && { onFailure }),
    disabled: disabled ?? false,
  } as Rule
}

const sortedSet = (values: readonly string[]) => [...new Set(values)].sort()

function sortedMap<T>(source: Record<string, T>, change: (value: T) => T): Record<string, T> {
  const keys = Object.keys(source).sort()
  return Object.fromEntries(keys.map((key) => [key, change(source[key])]))
}
