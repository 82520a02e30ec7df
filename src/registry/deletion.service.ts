import { Inject, Injectable } from '@nestjs/common'
import { RegistryError } from '../http/errors.js'
import { isReadOnly } from '../settings/mode.js'
import { Scopes } from '../settings/scopes.js'
import {
  STORAGE,
  type ReadTransaction,
  type Storage,
  type StoredVersion,
  type SubjectKey,
  type WriteTransaction,
} from '../storage/storage.port.js'
import { removeVersion, softDelete } from './changes.js'
import { latest } from './reading.service.js'
import { formatSubject } from './subject-name.js'
import { printVersion } from './version-number.js'

/** Deletes versions and subjects: softly, so that they can be read but not found; permanently only after that. */
@Injectable()
export class DeletionService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  /** @throws RegistryError 40401, 40402, 40406, 40407, 40907, 42205, 42206 */
  async deleteVersion(key: SubjectKey, wanted: number | 'latest', permanent: boolean): Promise<number> {
    const subject = formatSubject(key)
    return this.storage.write(async (tx) => {
      const versions = await tx.versions(key)
      const found = wanted === 'latest' ? await latest(tx, key) : versions.find(({ version }) => version === wanted)
      if (found?.deleted && !permanent)
        throw new RegistryError('versionSoftDeleted', { subject, version: found.version })
      if (!found) throw missing(subject, versions.length > 0, wanted)
      await this.#checkMode(tx, key)
      if (!permanent) await checkAssociations(tx, key, versions, found)
      await checkReferrers(tx, found, permanent)
      if (permanent && !found.deleted)
        throw new RegistryError('versionNotSoftDeleted', { subject, version: found.version })
      await (permanent ? removeVersion : softDelete)(tx, found, Date.now())
      return found.version
    })
  }

  /** @throws RegistryError 40401, 40404, 40405, 40904, 42205, 42206 */
  async deleteSubject(key: SubjectKey, permanent: boolean): Promise<number[]> {
    return this.storage.write((tx) => this.deleteSubjectWithin(tx, key, permanent))
  }

  /** The same as a part of a larger unit. */
  async deleteSubjectWithin(tx: WriteTransaction, key: SubjectKey, permanent: boolean): Promise<number[]> {
    const subject = formatSubject(key)
    const versions = await tx.versions(key)
    if (versions.length === 0) throw new RegistryError('subjectNotFound', { subject })
    const live = versions.filter(({ deleted }) => !deleted)
    if (live.length === 0 && !permanent) throw new RegistryError('subjectSoftDeleted', { subject })
    await this.#checkMode(tx, key)
    if ((await tx.associationsOfSubject(key)).length > 0) throw new RegistryError('associationForSubject', { subject })
    for (const version of permanent ? versions : live) {
      await checkReferrers(tx, version, permanent, key)
      if (permanent && !version.deleted) throw new RegistryError('subjectNotSoftDeleted', { subject })
    }
    const time = Date.now()
    const deleted = permanent ? versions : live
    for (const version of deleted) await (permanent ? removeVersion : softDelete)(tx, version, time)
    return deleted.map(({ version }) => version)
  }

  async #checkMode(tx: ReadTransaction, key: SubjectKey): Promise<void> {
    const mode = await this.scopes.mode(tx, key)
    if (isReadOnly(mode)) throw new RegistryError('readOnly', { subject: formatSubject(key), mode })
  }
}

/** A live referrer keeps a version from being deleted, any referrer from being removed. */
export async function checkReferrers(
  tx: ReadTransaction,
  version: StoredVersion,
  permanent: boolean,
  within?: SubjectKey,
): Promise<void> {
  const referrers = await tx.referrers(version)
  const isWithin = (one: SubjectKey) => one.context === within?.context && one.name === within.name
  const counting = referrers.filter((one) => (permanent || !one.deleted) && !isWithin(one))
  if (counting.length > 0)
    throw new RegistryError('referenceExists', { subject: formatSubject(version), version: version.version })
}

/** The last live version of an associated subject stays. */
async function checkAssociations(
  tx: ReadTransaction,
  key: SubjectKey,
  versions: readonly StoredVersion[],
  found: StoredVersion,
): Promise<void> {
  const others = versions.some(({ version, deleted }) => !deleted && version !== found.version)
  if (!others && (await tx.associationsOfSubject(key)).length > 0)
    throw new RegistryError('noActiveVersion', { subject: formatSubject(key) })
}

function missing(subject: string, exists: boolean, version: number | 'latest'): RegistryError {
  return exists
    ? new RegistryError('versionNotFound', { version: printVersion(version) })
    : new RegistryError('subjectNotFound', { subject })
}
