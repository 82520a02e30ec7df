import type { Metadata, RuleSet } from '@concordat/core'
import { mergeMetadata, mergeRuleSets, statedVersion, withVersion } from '../contracts/merge.js'
import type { Config } from '../settings/config.js'

export interface Contract {
  metadata?: Metadata
  ruleSet?: RuleSet
}

/** Whether the settings add to what is registered, so that a request alone does not say what it will become. */
export const addsToContract = (config: Config): boolean =>
  Boolean(config.defaultMetadata ?? config.overrideMetadata ?? config.defaultRuleSet ?? config.overrideRuleSet)

/** What a version gets: its own or else the previous version's, over the defaults and under the overrides. */
export function contractInForce(config: Config, own: Contract, previous: Contract | undefined): Contract {
  const metadata = mergeMetadata(
    mergeMetadata(config.defaultMetadata, own.metadata ?? previous?.metadata),
    config.overrideMetadata,
  )
  const ruleSet = mergeRuleSets(
    mergeRuleSets(config.defaultRuleSet, own.ruleSet ?? previous?.ruleSet),
    config.overrideRuleSet,
  )
  return { ...(metadata && { metadata }), ...(ruleSet && { ruleSet }) }
}

/** States the version in the metadata if the request asked for one, or if one is stated already. */
export function withStatedVersion(contract: Contract, requested: number, version: number): Contract {
  if (requested === 0 && statedVersion(contract.metadata) === undefined) return contract
  return { ...contract, metadata: withVersion(contract.metadata, version) }
}
