import type { Rule, RuleMode, RuleSet } from '@concordat/core'
import { RegistryError } from '../http/errors.js'
import { ruleLists, type RuleList } from './merge.js'

const modesOf: Record<RuleList, readonly RuleMode[]> = {
  migrationRules: ['UPGRADE', 'DOWNGRADE', 'UPDOWN'],
  domainRules: ['WRITE', 'READ', 'WRITEREAD'],
  encodingRules: ['WRITE', 'READ', 'WRITEREAD'],
}

/** Modes in which a rule runs twice, so that an action can be two with a comma between. */
const twofold: readonly RuleMode[] = ['WRITEREAD', 'UPDOWN']

const longestName = 256

/** @throws RegistryError 42210 if serializers could not run the rules */
export function validateRuleSet(ruleSet: RuleSet | undefined): void {
  const names = new Set<string>()
  for (const list of ruleLists) {
    for (const rule of ruleSet?.[list] ?? []) {
      const problem =
        problemOf(rule, list) ?? (names.has(rule.name) ? `there are two rules named '${rule.name}'` : undefined)
      if (problem) throw new RegistryError('invalidRuleSet', { detail: problem })
      names.add(rule.name)
    }
  }
}

function problemOf(rule: Rule, list: RuleList): string | undefined {
  const { name, mode } = rule
  if (name === '') return `a rule of ${list} has no name`
  if (name.length > longestName) return `the name '${name.slice(0, 40)}..' is longer than ${longestName} characters`
  if (!/^[\p{L}_]/u.test(name)) return `the name '${name}' begins with neither a letter nor an underscore`
  if (!/^[\p{L}\p{Nd}_-]*$/u.test(name)) return `the name '${name}' has other characters than letters, digits, _ and -`
  if ((rule.type as string | undefined) === undefined) return `rule '${name}' has no type`
  if (!modesOf[list].includes(mode))
    return `rule '${name}' of ${list} has mode ${mode}, allowed are ${modesOf[list].join(', ')}`
  const pair = [rule.onSuccess, rule.onFailure].find((action) => action?.includes(','))
  if (pair && !twofold.includes(mode))
    return `rule '${name}' has the two actions '${pair}', but runs once only in mode ${mode}`
  return undefined
}
