import { RegistryError, RegistryUnavailable, type RegistryClient } from '@concordat/client'
import { askRegistry } from '@concordat/cli'
import type { References } from '../support/references.js'
import type { History, HistoryVersion } from './histories.js'
import type { Outcome } from './outcome.js'

/** Registers one version and finds out why, where the registry does not take it. */
export async function registerVersion(
  registry: RegistryClient,
  references: References,
  history: History,
  { label, file, text }: HistoryVersion,
): Promise<Outcome> {
  const { subject } = history
  const started = performance.now()
  const outcome = (rest: Omit<Outcome, 'subject' | 'version' | 'file' | 'milliseconds'>): Outcome => ({
    subject,
    version: label,
    file,
    ...rest,
    milliseconds: Math.round((performance.now() - started) * 10) / 10,
  })
  try {
    const payload = await references.payload(history.type, text)
    try {
      const { version = 1 } = await registry.register(subject, payload)
      references.registered(history, text, version)
      return outcome({ outcome: 'registered', registeredAs: version })
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error
      const { findings } = await askRegistry(registry, [{ subject, file, payload }])
      const first = findings.find(({ severity }) => severity === 'error')
      return outcome({
        outcome: error.code === 40901 ? 'refused' : 'invalid',
        reason: first?.message ?? error.reason,
        ...(first && { rule: first.rule, path: first.path, witness: first.witness }),
        ...(first?.line !== undefined && { position: { line: first.line, column: first.column ?? 1 } }),
      })
    }
  } catch (error) {
    if (error instanceof RegistryError || error instanceof RegistryUnavailable) {
      return outcome({ outcome: 'failed', reason: error.message })
    }
    throw error
  }
}
