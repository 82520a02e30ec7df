import { RegistryClient, RegistryError, RegistryUnavailable } from '@concordat/client/registry'
import { CliError } from './cli-error.js'
import type { Invocation } from './command.js'
import { defaultConfigFile, withoutConfig, type LoadedConfig } from './config/complete-config.js'
import { exitCodes } from './exit-codes.js'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The configuration of this command line, with `--registry` applied. What reads the file is loaded only where there is
 * one: it takes a third of the time that a check of one schema takes.
 */
export async function configOf(invocation: Invocation): Promise<LoadedConfig> {
  const { loadConfig } = await import('./config/load-config.js')
  const loaded = loadConfig(invocation.cwd, invocation.option('config'), invocation.environment)
  const url = invocation.option('registry')
  return url === undefined ? loaded : { ...loaded, config: { ...loaded.config, registry: { url } } }
}

/** Like `configOf`, for commands that work without a `concordat.yaml` too. */
export async function configIfAny(invocation: Invocation): Promise<LoadedConfig> {
  const file = invocation.option('config')
  if (file !== undefined || existsSync(resolve(invocation.cwd, defaultConfigFile))) return configOf(invocation)
  const config = withoutConfig(invocation.environment)
  const url = invocation.option('registry') ?? config.registry.url
  return { config: { ...config, registry: { url } }, root: invocation.cwd, text: '' }
}

/** @throws CliError (usage) if the address is none */
export function connect({ config }: LoadedConfig): RegistryClient {
  try {
    return new RegistryClient({ url: config.registry.url, timeoutMs: 30_000 })
  } catch (error) {
    throw new CliError(exitCodes.usage, (error as Error).message, 'registry.url in concordat.yaml, or --registry URL')
  }
}

/** Turns the registry's refusals into contract problems and its absence into exit code 3. */
export async function asking<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (error) {
    if (error instanceof RegistryUnavailable) {
      throw new CliError(exitCodes.registryUnreachable, error.message, 'is the registry running, is the address right?')
    }
    if (error instanceof RegistryError) throw new CliError(exitCodes.contractProblem, error.message)
    throw error
  }
}
