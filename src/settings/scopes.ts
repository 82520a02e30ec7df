import type { Validation } from '@concordat/core'
import type { Level } from '@concordat/core/compatibility'
import { defaultContext, formatSubject, globalContext } from '../registry/subject-name.js'
import type { ReadTransaction, SettingKind, SubjectKey } from '../storage/storage.port.js'
import { inheritedMembers, type Config } from './config.js'
import type { Mode } from './mode.js'

/** What the server's own options say where nothing is configured. */
export interface ServerDefaults {
  compatibilityLevel: Level
  schemaValidation: Validation
}

/** The settings that decide about a subject: the level and the validation are always known. */
export type EffectiveConfig = Config & Required<Pick<Config, 'compatibilityLevel' | 'schemaValidation'>>

const globalScope: SubjectKey = { context: globalContext, name: '' }
const defaultScope: SubjectKey = { context: defaultContext, name: '' }

/** A scope is written like a subject; the empty subject of a context stands for the context. */
export const scopeKey = formatSubject

/** The scopes that are asked for a subject's settings, nearest first. */
function chainOf(subject: SubjectKey): SubjectKey[] {
  const context = { context: subject.context, name: '' }
  return [...(subject.name === '' ? [] : [subject]), context, globalScope]
}

/** Reads settings in their scopes. Nothing is remembered: settings are small and change. */
export class Scopes {
  readonly #defaults: ServerDefaults

  constructor(defaults: ServerDefaults) {
    this.#defaults = defaults
  }

  /** What is set for exactly this scope. A stored config without a level has the server's. */
  async configAt(tx: ReadTransaction, scope: SubjectKey): Promise<Config | undefined> {
    const stored = await this.storedConfig(tx, scope)
    return stored && { compatibilityLevel: this.#defaults.compatibilityLevel, ...stored }
  }

  async storedConfig(tx: ReadTransaction, scope: SubjectKey): Promise<Config | undefined> {
    return tx.setting('config', scopeKey(scope))
  }

  /** The settings in force: a subject's own with a few inherited ones, else those of the nearest scope as a whole. */
  async config(tx: ReadTransaction, subject: SubjectKey): Promise<EffectiveConfig> {
    return { ...this.#defaults, ...(await this.configured(tx, subject)) }
  }

  /** The same without the server's own option that the protocol does not know. */
  async configured(tx: ReadTransaction, subject: SubjectKey): Promise<Config> {
    const own = subject.name === '' ? undefined : await this.configAt(tx, subject)
    return own ? { ...(await this.#inherited(tx)), ...own } : this.#nearest(tx, subject)
  }

  async modeAt(tx: ReadTransaction, scope: SubjectKey): Promise<Mode | undefined> {
    const stored = await tx.setting('mode', scopeKey(scope))
    return stored?.mode as Mode | undefined
  }

  async mode(tx: ReadTransaction, subject: SubjectKey): Promise<Mode> {
    for (const scope of chainOf(subject)) {
      const mode = await this.modeAt(tx, scope)
      if (mode) return mode
    }
    return 'READWRITE'
  }

  /** The setting without a level of `:.__GLOBAL:` and of the default context always answers. */
  serverConfig(): Config {
    return { compatibilityLevel: this.#defaults.compatibilityLevel }
  }

  async #nearest(tx: ReadTransaction, subject: SubjectKey): Promise<Config> {
    for (const scope of chainOf(subject)) {
      const config = await this.configAt(tx, scope)
      if (config) return config
    }
    return this.serverConfig()
  }

  async #inherited(tx: ReadTransaction): Promise<Config> {
    const config = await this.storedConfig(tx, defaultScope)
    const members = inheritedMembers.map((name) => [name, config?.[name]] as const)
    return Object.fromEntries(members.filter(([, value]) => value !== undefined))
  }
}

/** Removes the settings of both kinds at a scope. */
export const settingKinds: readonly SettingKind[] = ['config', 'mode']
