import { Inject, Injectable } from '@nestjs/common'
import { RegistryError } from '../http/errors.js'
import { checkReferrers } from '../registry/deletion.service.js'
import { removeVersion } from '../registry/changes.js'
import { defaultContext, formatSubject, globalContext, isValidSubject } from '../registry/subject-name.js'
import { SERVICE_OPTIONS, type ServiceOptions } from '../service-options.js'
import {
  STORAGE,
  type ReadTransaction,
  type SettingKind,
  type Storage,
  type SubjectKey,
  type WriteTransaction,
} from '../storage/storage.port.js'
import { applyChange, validateRuleSets, type Config, type ConfigChange } from './config.js'
import { isReadOnly, type Mode, type ModeChange } from './mode.js'
import { scopeKey, Scopes } from './scopes.js'

/** Reads and changes settings at their scopes: the registry, a context, a subject. */
@Injectable()
export class SettingsService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(SERVICE_OPTIONS) private readonly options: ServiceOptions,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  /** @throws RegistryError 40408 */
  async config(scope: SubjectKey, inherited: boolean): Promise<Config> {
    return this.storage.read(async (tx) => {
      if (inherited) return this.scopes.configured(tx, scope)
      const config = await this.scopes.configAt(tx, scope)
      if (!config && !alwaysAnswers(scope)) throw new RegistryError('configNotFound', { subject: formatSubject(scope) })
      return config ?? this.scopes.serverConfig()
    })
  }

  /** Changes what the request states and answers with all that is stored. @throws RegistryError 42205, 42208, 42210 */
  async changeConfig(scope: SubjectKey, change: ConfigChange): Promise<Config> {
    validateRuleSets(change)
    checkScope(scope)
    return this.storage.write(async (tx) => {
      await this.#checkMode(tx, scope)
      const config = applyChange((await this.scopes.storedConfig(tx, scope)) ?? {}, change)
      await put(tx, 'config', scope, { ...config })
      return config
    })
  }

  /** @throws RegistryError 40401, 42205 */
  async removeConfig(scope: SubjectKey): Promise<Config> {
    return this.storage.write(async (tx) => {
      const config = await this.scopes.configAt(tx, scope)
      if (!config && !alwaysAnswers(scope))
        throw new RegistryError('subjectNotFound', { subject: formatSubject(scope) })
      await this.#checkMode(tx, scope)
      await remove(tx, 'config', scopeKey(scope))
      return config ?? this.scopes.serverConfig()
    })
  }

  /** @throws RegistryError 40409 */
  async mode(scope: SubjectKey, inherited: boolean): Promise<Mode> {
    return this.storage.read(async (tx) => {
      if (inherited) return this.scopes.mode(tx, scope)
      const mode = await this.scopes.modeAt(tx, scope)
      if (!mode && !alwaysAnswers(scope)) throw new RegistryError('modeNotFound', { subject: formatSubject(scope) })
      return mode ?? 'READWRITE'
    })
  }

  /** @throws RegistryError 42204, 42205, 42206, 42208 */
  async changeMode(scope: SubjectKey, { mode }: ModeChange, force: boolean): Promise<void> {
    if (mode === 'FORWARD' && scope.context !== globalContext) throw new RegistryError('forwardNotGlobal')
    checkScope(scope)
    this.#checkMutability()
    await this.storage.write(async (tx) => {
      if (mode === null) return remove(tx, 'mode', scopeKey(scope))
      const before = await this.scopes.mode(tx, scope)
      if (mode === 'IMPORT' && before !== 'IMPORT' && !force) await clearForImport(tx, scope)
      await put(tx, 'mode', scope, { mode })
    })
  }

  /** Removes the mode, with `recursive` also every mode below it. @throws RegistryError 40401, 42205 */
  async removeMode(scope: SubjectKey, recursive: boolean): Promise<Mode | undefined> {
    return this.storage.write(async (tx) => {
      const mode = await this.scopes.modeAt(tx, scope)
      if (!mode && !recursive && !alwaysAnswers(scope))
        throw new RegistryError('subjectNotFound', { subject: formatSubject(scope) })
      this.#checkMutability()
      await remove(tx, 'mode', scopeKey(scope))
      if (recursive) for (const below of await scopesBelow(tx, scope)) await remove(tx, 'mode', below)
      return mode ?? (alwaysAnswers(scope) ? 'READWRITE' : undefined)
    })
  }

  async #checkMode(tx: ReadTransaction, scope: SubjectKey): Promise<void> {
    const mode = await this.scopes.mode(tx, scope)
    if (isReadOnly(mode)) throw new RegistryError('readOnly', { subject: formatSubject(scope), mode })
  }

  #checkMutability(): void {
    if (!this.options.modeMutability) throw new RegistryError('modeImmutable')
  }
}

/** The registry as a whole and the default context have settings even if nobody set them. */
const alwaysAnswers = ({ context, name }: SubjectKey) =>
  name === '' && (context === defaultContext || context === globalContext)

function checkScope(scope: SubjectKey): void {
  if (!isValidSubject(scope, 'settings')) throw new RegistryError('invalidSubject', { subject: formatSubject(scope) })
}

async function put(
  tx: WriteTransaction,
  kind: SettingKind,
  key: SubjectKey,
  value: Record<string, unknown>,
): Promise<void> {
  const scope = scopeKey(key)
  await tx.putSetting(kind, { scope, value })
  await tx.appendJournal({ kind: `${kind}-set`, subject: scope, payload: value, time: Date.now() })
}

async function remove(tx: WriteTransaction, kind: SettingKind, scope: string): Promise<void> {
  if (!(await tx.setting(kind, scope))) return
  await tx.removeSetting(kind, scope)
  await tx.appendJournal({ kind: `${kind}-removed`, subject: scope, payload: {}, time: Date.now() })
}

/** The modes inside a context; a subject has nothing below it. */
async function scopesBelow(tx: ReadTransaction, { context, name }: SubjectKey): Promise<string[]> {
  if (name !== '') return []
  const all = await tx.settings('mode', context === defaultContext ? '' : formatSubject({ context, name: '' }))
  return all.map(({ scope }) => scope).filter((scope) => context !== defaultContext || !scope.startsWith(':.'))
}

/** IMPORT starts from nothing: live subjects refuse it, what is soft-deleted goes. */
async function clearForImport(tx: WriteTransaction, scope: SubjectKey): Promise<void> {
  const matching = await subjectsUnder(tx, scope)
  const live = matching.find((subject) => subject.live)
  if (live) throw new RegistryError('subjectsPresent', { subject: formatSubject(live) })
  const time = Date.now()
  for (const subject of matching) {
    const versions = await tx.versions(subject)
    for (const version of versions) {
      await checkReferrers(tx, version, true, subject)
      await removeVersion(tx, version, time)
    }
  }
}

async function subjectsUnder(
  tx: ReadTransaction,
  { context, name }: SubjectKey,
): Promise<(SubjectKey & { live: boolean })[]> {
  const everywhere = name === '' && (context === defaultContext || context === globalContext)
  const subjects = await tx.subjectsInRange({ ...(!everywhere && { context }), prefix: name })
  return subjects.filter((subject) => name === '' || subject.name === name)
}
