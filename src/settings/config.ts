import type { Metadata, Policy, RuleSet, Validation } from '@concordat/core'
import { isLevel, isPolicy, type Level } from '@concordat/core/compatibility'
import { metadata, ruleSet } from '../contracts/contract-body.js'
import { validateRuleSet } from '../contracts/validate-rule-set.js'
import { map, text, toggle, type Decoder } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'

/** The settings of a scope. What is absent was not set there. */
export interface Config {
  alias?: string
  aliasForDeks?: string
  normalize?: boolean
  validateFields?: boolean
  validateNewSchemas?: boolean
  validateRules?: boolean
  compatibilityLevel?: Level
  compatibilityPolicy?: Policy
  compatibilityGroup?: string
  defaultMetadata?: Metadata
  overrideMetadata?: Metadata
  defaultRuleSet?: RuleSet
  overrideRuleSet?: RuleSet
  /** Ours: whose rules decide what a valid schema is. */
  schemaValidation?: Validation
}

/** What a subject with settings of its own nevertheless takes from the default context's settings. */
export const inheritedMembers = [
  'normalize',
  'validateFields',
  'validateNewSchemas',
  'validateRules',
  'compatibilityPolicy',
  'compatibilityGroup',
  'schemaValidation',
] as const satisfies (keyof Config)[]

/** A change of settings: null clears, absent keeps. */
export type ConfigChange = { [K in keyof Config]?: Config[K] | null }

const level: Decoder<Level> = (value, path) => {
  const name = text(value, path)
  const known = name?.toUpperCase()
  if (name === undefined || known === undefined) return undefined
  if (!isLevel(known)) throw new RegistryError('invalidLevel', { level: name })
  return known
}

const policy: Decoder<Policy> = (value, path) => {
  const name = text(value, path)?.toUpperCase()
  return name !== undefined && isPolicy(name) ? name : undefined
}

const validation: Decoder<Validation> = (value, path) => {
  const name = text(value, path)?.toLowerCase()
  return name === 'strict' || name === 'confluent' ? name : undefined
}

/** The members of an update, by their names in the protocol, which calls the level differently there. */
const members: { [K in keyof Config]-?: { named: string; decode: Decoder<NonNullable<Config[K]>> } } = {
  alias: { named: 'alias', decode: text },
  aliasForDeks: { named: 'aliasForDeks', decode: text },
  normalize: { named: 'normalize', decode: toggle },
  validateFields: { named: 'validateFields', decode: toggle },
  validateNewSchemas: { named: 'validateNewSchemas', decode: toggle },
  validateRules: { named: 'validateRules', decode: toggle },
  compatibilityLevel: { named: 'compatibility', decode: level },
  compatibilityPolicy: { named: 'compatibilityPolicy', decode: policy },
  compatibilityGroup: { named: 'compatibilityGroup', decode: text },
  defaultMetadata: { named: 'defaultMetadata', decode: metadata },
  overrideMetadata: { named: 'overrideMetadata', decode: metadata },
  defaultRuleSet: { named: 'defaultRuleSet', decode: ruleSet },
  overrideRuleSet: { named: 'overrideRuleSet', decode: ruleSet },
  schemaValidation: { named: 'schemaValidation', decode: validation },
}

const updateBody = map<unknown>((value) => value ?? clear)
const clear = Symbol('clear')

/** Reads the body of a config update. @throws RegistryError 400, 422, 42203 */
export const configChange: Decoder<ConfigChange> = (value, path) => {
  const body = updateBody(value, path)
  if (!body) return undefined
  const change: Record<string, unknown> = {}
  for (const [member, { named, decode }] of Object.entries(members)) {
    if (Object.hasOwn(body, named)) change[member] = decode(body[named] === clear ? null : body[named], named) ?? null
  }
  return change
}

/** @throws RegistryError 42210 */
export function validateRuleSets(change: ConfigChange): void {
  validateRuleSet(change.defaultRuleSet ?? undefined)
  validateRuleSet(change.overrideRuleSet ?? undefined)
}

export function applyChange(stored: Config, change: ConfigChange): Config {
  return Object.fromEntries(Object.entries({ ...stored, ...change }).filter(([, value]) => value !== null))
}

/** The settings as an answer to GET and DELETE. */
export const configAnswer = (config: Config): object =>
  // An empty metadata or rule set says something (it clears what would be carried over), so it is not left out.
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== ''))

/** The settings as an answer to PUT: the level goes by another name, and only null is left out. */
export function updateAnswer(config: Config): object {
  const { compatibilityLevel, ...others } = config
  return { ...others, ...(compatibilityLevel && { compatibility: compatibilityLevel }) }
}
