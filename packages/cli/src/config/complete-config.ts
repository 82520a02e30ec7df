import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Config, EventConfig, TopicConfig } from './config.js'

export const defaultConfigFile = 'concordat.yaml'
export const defaultRegistryUrl = 'http://127.0.0.1:8081'

export interface LoadedConfig {
  config: Config
  /** The folder that paths in the configuration are relative to. */
  root: string
  /** The file's text, for the lock's `configHash`; empty if there is no file. */
  text: string
}

interface RawEvent extends Omit<Partial<EventConfig>, 'references'> {
  references?: EventConfig['references']
}
/** What stands in the file, checked but not completed. */
export interface RawConfig extends Omit<Partial<Config>, 'registry' | 'consumes' | 'produces'> {
  registry?: { url?: string }
  consumes?: Record<string, (RawEvent & { events?: RawEvent[] }) | null> | null
  produces?: RawConfig['consumes']
}

/** A configuration for commands that can do without a file: only the registry, from the environment or the default. */
export function withoutConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return complete({}, environment)
}

/** The configuration with its defaults, and with environment variables in the place of their names. */
export function complete(raw: RawConfig, environment: Readonly<Record<string, string | undefined>>): Config {
  const url = raw.registry?.url ?? environment.CONCORDAT_REGISTRY_URL ?? defaultRegistryUrl
  return {
    registry: { url: expand(url, environment) },
    service: raw.service,
    out: raw.out ?? 'src/contracts',
    vendor: raw.vendor ?? 'concordat/schemas',
    consumes: topics(raw.consumes),
    produces: topics(raw.produces),
    types: raw.types ?? {},
  }
}

function topics(raw: RawConfig['consumes']): Record<string, TopicConfig> {
  return Object.fromEntries(
    Object.entries(raw ?? {}).map(([topic, value]) => {
      const events = value?.events ?? [value ?? {}]
      return [topic, { events: events.map((event) => completeEvent(topic, event)) }]
    }),
  )
}

const completeEvent = (topic: string, event: RawEvent): EventConfig => ({
  subject: event.subject ?? `${topic}-value`,
  version: event.version ?? 'latest',
  reads: event.reads,
  schema: event.schema,
  references: event.references ?? [],
})

/** Replaces `${NAME}`. @throws CliError if the variable is not set */
function expand(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = environment[name]
    if (value === undefined) {
      throw new CliError(exitCodes.usage, `the environment variable ${name} is not set`, 'registry.url names it')
    }
    return value
  })
}
