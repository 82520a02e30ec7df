import { Inject, Injectable } from '@nestjs/common'
import { propertyOf } from '../contracts/merge.js'
import { RegistryError } from '../http/errors.js'
import {
  STORAGE,
  type ReadTransaction,
  type Storage,
  type StoredSchema,
  type StoredVersion,
  type SubjectKey,
} from '../storage/storage.port.js'
import type { FoundSchema, VersionedSchema } from './answers.js'
import { everywhere } from './fallback.js'
import { inHashOrder } from './hash-order.js'
import { anyContext, bySubject, defaultContext, formatSubject, isDefaultContext, parseSubject } from './subject-name.js'
import { printVersion } from './version-number.js'

/** Which deleted versions a list shows. */
export type Shown = 'live' | 'all' | 'deleted'

/** Reads what is registered. */
@Injectable()
export class ReadingService {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  /** @throws RegistryError 40401, 40402 */
  async version(subject: SubjectKey, version: number | 'latest', deleted: boolean): Promise<VersionedSchema> {
    return this.storage.read(async (tx) => {
      const found = await everywhere(tx, subject, (one) => this.#version(tx, one, version, deleted))
      return found ?? missingVersion(tx, subject, version, deleted)
    })
  }

  async #version(
    tx: ReadTransaction,
    subject: SubjectKey,
    version: number | 'latest',
    deleted: boolean,
  ): Promise<VersionedSchema | undefined> {
    const found = version === 'latest' ? await latest(tx, subject) : await tx.version({ ...subject, version })
    if (!found || (found.deleted && !deleted)) return undefined
    return withSchema(tx, found)
  }

  /**
   * The versions of a subject, ascending.
   * @param exists which versions the subject must have one of to be there at all
   * @throws RegistryError 40401
   */
  async versions(subject: SubjectKey, shown: Shown, exists: Shown = shown): Promise<StoredVersion[]> {
    return this.storage.read(async (tx) => {
      const all = await tx.versions(subject)
      const visible = all.filter((one) => isShown(one, shown))
      if (!all.some((one) => exists !== 'live' || isShown(one, exists)))
        throw new RegistryError('subjectNotFound', { subject: formatSubject(subject) })
      return visible
    })
  }

  async subjects(prefix: string, shown: Shown): Promise<string[]> {
    const { context, name } = parseSubject(prefix)
    return this.storage.read(async (tx) => {
      const subjects = await tx.subjectsInRange({ ...(context !== anyContext && { context }), prefix: name })
      const visible = subjects.filter(({ live }) => shown === 'all' || live === (shown === 'live'))
      return visible.sort(bySubject).map(formatSubject)
    })
  }

  /**
   * The schema under an id as one of its registrations. `subject` chooses: its own registration, else (unqualified)
   * the one of a subject of this name in another context, else any in the subject's context.
   * @throws RegistryError 40403
   */
  async byId(id: number, subject: string): Promise<FoundSchema> {
    return this.storage.read(async (tx) => {
      const chooser = parseSubject(subject)
      const [version] = await registrations(tx, id, chooser)
      const schema = await schemaOf(tx, id, chooser, version)
      return { schema, ...(version && { version }) }
    })
  }

  /**
   * One registration per subject, the latest of each, in the order of the protocol's hash table. A content that was
   * imported under several ids is registered under the last of them.
   * @throws RegistryError 40403
   */
  async registrationsOf(id: number, subject: string, deleted: boolean): Promise<StoredVersion[]> {
    return this.storage.read(async (tx) => {
      const chooser = parseSubject(subject)
      const [chosen] = await registrations(tx, id, chooser)
      const { context, contentKey } = await schemaOf(tx, id, chooser, chosen)
      const lastId = (await tx.idsOfContent(context, contentKey)).at(-1) ?? id
      return latestOfEach(await tx.versionsOfId(context, lastId)).filter((one) => deleted || !one.deleted)
    })
  }

  async highestId(context: string): Promise<number> {
    return this.storage.read((tx) => tx.highestId(context))
  }

  /** @throws RegistryError 40403 */
  async byGuid(guid: string): Promise<FoundSchema> {
    const [schema] = await this.idsOfGuid(guid)
    if (!schema) throw new RegistryError('schemaIdNotFound', { id: guid })
    const version = await this.storage.read(async (tx) => (await tx.versionsOfId(schema.context, schema.id)).at(-1))
    return { schema, ...(version && { version }) }
  }

  /** The schemas with this guid, that of the default context first. */
  async idsOfGuid(guid: string): Promise<StoredSchema[]> {
    const hex = guid.toLowerCase().replaceAll('-', '')
    if (!/^[0-9a-f]{32}$/.test(hex)) return []
    const text = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    return this.storage.read(async (tx) => {
      const found = await tx.schemasByGuid(text)
      return found.sort((a, b) => Number(b.context === defaultContext) - Number(a.context === defaultContext))
    })
  }

  /** The highest version whose metadata has all these properties. @throws RegistryError 40401, 40403 */
  async latestWithProperties(
    subject: SubjectKey,
    wanted: readonly [string, string][],
    deleted: boolean,
  ): Promise<VersionedSchema> {
    return this.storage.read(async (tx) => {
      const all = (await tx.versions(subject)).filter((one) => deleted || !one.deleted)
      if (all.length === 0) throw new RegistryError('subjectNotFound', { subject: formatSubject(subject) })
      for (const version of all.reverse()) {
        const schema = await tx.schema(subject.context, version.id)
        if (schema?.metadata && wanted.every(([name, value]) => propertyOf(schema.metadata, name) === value))
          return { version, schema }
      }
      throw new RegistryError('schemaNotFound')
    })
  }

  /** The ids of the schemas that refer to a version, sorted. @throws RegistryError 40401, 40402 */
  async referrers(subject: SubjectKey, version: number | 'latest', deleted: boolean): Promise<number[]> {
    return this.storage.read(async (tx) => {
      const target = await everywhere(tx, subject, async (one) =>
        version === 'latest' ? latest(tx, one) : tx.version({ ...one, version }),
      )
      if (!target) return missingVersion(tx, subject, version, true)
      const referrers = (await tx.referrers(target)).filter((one) => deleted || !one.deleted)
      return [...new Set(referrers.map(({ id }) => id))].sort((a, b) => a - b)
    })
  }
}

export async function latest(tx: ReadTransaction, subject: SubjectKey): Promise<StoredVersion | undefined> {
  return (await tx.versions(subject)).findLast(({ deleted }) => !deleted)
}

/** Says which of subject and version is not there. */
export async function missingVersion(
  tx: ReadTransaction,
  subject: SubjectKey,
  version: number | 'latest',
  deleted: boolean,
): Promise<never> {
  const exists = (await tx.versions(subject)).some((one) => deleted || !one.deleted)
  if (!exists) throw new RegistryError('subjectNotFound', { subject: formatSubject(subject) })
  throw new RegistryError('versionNotFound', { version: printVersion(version) })
}

/** The registrations among which an id is read, the chosen one first. */
async function registrations(tx: ReadTransaction, id: number, subject: SubjectKey): Promise<StoredVersion[]> {
  const here = latestOfEach(await tx.versionsOfId(subject.context, id))
  if (subject.name === '') return here
  const own = here.filter(({ name }) => name === subject.name)
  if (own.length > 0 || !isDefaultContext(subject)) return own
  for (const context of await tx.contexts()) {
    if (context === defaultContext) continue
    const there = latestOfEach(await tx.versionsOfId(context, id)).filter(({ name }) => name === subject.name)
    if (there.length > 0) return there
  }
  return here
}

/** The content behind a registration, or behind an id whose last registration an import has overwritten. */
async function schemaOf(
  tx: ReadTransaction,
  id: number,
  chooser: SubjectKey,
  version: StoredVersion | undefined,
): Promise<StoredSchema> {
  // A subject of a named context that does not have the id has no schema to show; others may do for an unqualified one.
  const isBound = chooser.name !== '' && !isDefaultContext(chooser)
  const schema = version || !isBound ? await tx.schema((version ?? chooser).context, id) : undefined
  if (!schema) throw new RegistryError('schemaIdNotFound', { id })
  return schema
}

/** The newest registration of each subject. */
function latestOfEach(versions: readonly StoredVersion[]): StoredVersion[] {
  const bySubjectName = new Map<string, StoredVersion>()
  for (const one of versions) bySubjectName.set(one.name, one)
  return inHashOrder([...bySubjectName.values()], formatSubject)
}

async function withSchema(tx: ReadTransaction, version: StoredVersion): Promise<VersionedSchema | undefined> {
  const schema = await tx.schema(version.context, version.id)
  return schema && { version, schema }
}

const isShown = ({ deleted }: StoredVersion, shown: Shown) => shown === 'all' || deleted === (shown === 'deleted')
