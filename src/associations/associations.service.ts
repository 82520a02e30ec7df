import { randomUUID } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { RegistryError } from '../http/errors.js'
import type { VersionedSchema } from '../registry/answers.js'
import { DeletionService } from '../registry/deletion.service.js'
import { latest } from '../registry/reading.service.js'
import { RegistrationService } from '../registry/registration.service.js'
import { formatSubject } from '../registry/subject-name.js'
import { isReadOnly } from '../settings/mode.js'
import { Scopes } from '../settings/scopes.js'
import {
  STORAGE,
  type ReadTransaction,
  type Storage,
  type StoredAssociation,
  type SubjectKey,
  type WriteTransaction,
} from '../storage/storage.port.js'
import {
  byType,
  refused,
  type AssociationType,
  type Resource,
  type WantedAssociation,
  type WantedAssociations,
} from './association.js'

/** Which associations of a resource or subject are meant. */
export interface AssociationFilter {
  types?: readonly AssociationType[]
  lifecycle?: string
}

/** What became of one association of a request. */
export interface ChangedAssociation {
  wanted: WantedAssociation
  /** The version that the request's schema is now. */
  registered?: VersionedSchema
}

/** Thrown to undo a unit whose outcome only was asked for. */
class DryRun extends Error {}

/** Binds topics to the subjects of their keys and values. */
@Injectable()
export class AssociationsService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(RegistrationService) private readonly registration: RegistrationService,
    @Inject(DeletionService) private readonly deletion: DeletionService,
  ) {}

  async ofSubject(subject: SubjectKey, filter: AssociationFilter): Promise<StoredAssociation[]> {
    return this.storage.read(async (tx) => filtered(await tx.associationsOfSubject(subject), filter))
  }

  async ofResource(resourceId: string, filter: AssociationFilter): Promise<StoredAssociation[]> {
    return this.storage.read(async (tx) => filtered(await tx.associationsOfResource(resourceId), filter))
  }

  async named(
    namespace: string | undefined,
    name: string | undefined,
    filter: AssociationFilter,
  ): Promise<StoredAssociation[]> {
    return this.storage.read(async (tx) => filtered(await tx.associationsNamed(namespace, name), filter))
  }

  /**
   * Carries out a request as one unit and answers with what changed.
   * @throws RegistryError 40901, 40903, 40904, 40905, 40907, 40908, 42201, 42205, 42206, 42212
   */
  async change({ resource, associations }: WantedAssociations, dryRun: boolean): Promise<ChangedAssociation[]> {
    try {
      return await this.storage.write(async (tx) => {
        const changed: ChangedAssociation[] = []
        for (const wanted of associations) {
          const change = await this.#carryOut(tx, resource, wanted)
          if (change) changed.push(change)
        }
        if (dryRun) throw new DryRun()
        return changed
      })
    } catch (error) {
      if (error instanceof DryRun) return []
      throw error
    }
  }

  /** @throws RegistryError 40410, 40908, 42205, 42206 */
  async remove(
    resourceId: string,
    types: readonly AssociationType[],
    cascade: boolean,
    dryRun: boolean,
  ): Promise<void> {
    await this.storage
      .write(async (tx) => {
        const found = filtered(await tx.associationsOfResource(resourceId), { types })
        if (found.length === 0) throw new RegistryError('associationNotFound', { resource: resourceId })
        for (const association of found) await this.#remove(tx, association, cascade)
        if (dryRun) throw new DryRun()
      })
      .catch((error: unknown) => {
        if (!(error instanceof DryRun)) throw error
      })
  }

  async #carryOut(
    tx: WriteTransaction,
    resource: Resource,
    wanted: WantedAssociation,
  ): Promise<ChangedAssociation | undefined> {
    const all = await tx.associationsOfResource(resource.resourceId)
    const existing = all.find(({ associationType }) => associationType === wanted.type)
    await this.#checkMode(tx, wanted.subject)
    if (wanted.operation === 'DELETE') {
      if (existing) await this.#remove(tx, existing, wanted.cascade)
      return undefined
    }
    if (all.some(({ lifecycle }) => lifecycle !== wanted.lifecycle && lifecycle !== existing?.lifecycle))
      throw refused('lifecycle', 'a resource has one lifecycle, and it has another one already')
    if (!existing) return this.#create(tx, resource, wanted)
    return wanted.operation === 'CREATE' ? this.#recreate(tx, existing, wanted) : this.#update(tx, existing, wanted)
  }

  async #create(tx: WriteTransaction, resource: Resource, wanted: WantedAssociation): Promise<ChangedAssociation> {
    const { subject, lifecycle } = wanted
    const others = await tx.associationsOfSubject(subject)
    const name = formatSubject(subject)
    if (others.some((one) => one.lifecycle === 'STRONG'))
      throw new RegistryError('strongAssociation', { subject: name })
    if (lifecycle === 'STRONG' && others.length > 0) throw new RegistryError('associationForSubject', { subject: name })
    if (lifecycle === 'STRONG') await this.#checkStrong(tx, wanted)
    const registered = wanted.schema && (await this.#register(tx, wanted))
    if (lifecycle === 'STRONG' && registered && registered.version.version !== 1)
      throw refused('subject', `'${name}' holds other schemas than this one`)
    if (!wanted.schema && !(await latest(tx, subject)) && !(await this.#imports(tx, subject)))
      throw new RegistryError('noActiveVersion', { subject: name })
    const time = Date.now()
    const { context, name: subjectName } = subject
    await put(tx, {
      guid: randomUUID(),
      context,
      subject: subjectName,
      ...resource,
      associationType: wanted.type,
      lifecycle,
      frozen: lifecycle === 'STRONG',
      createTs: time,
      updateTs: time,
    })
    return { wanted, ...(registered && { registered }) }
  }

  /** STRONG comes about only together with its subject, except where subjects are imported. */
  async #checkStrong(tx: ReadTransaction, { subject, schema, operation }: WantedAssociation): Promise<void> {
    const imports = await this.#imports(tx, subject)
    if (imports && schema) throw refused('schema', 'the subject is being imported, so its schemas come by themselves')
    if (imports) return
    if (operation === 'UPSERT') throw refused('lifecycle', 'an association becomes STRONG by creation only')
    if (!schema)
      throw refused('schema', 'a STRONG association is created together with the first schema of its subject')
  }

  /** Creating once more what is there succeeds; anything else is a clash. */
  async #recreate(tx: WriteTransaction, existing: StoredAssociation, wanted: WantedAssociation): Promise<undefined> {
    const same = isFor(existing, wanted.subject) && existing.lifecycle === wanted.lifecycle
    const known = !same || !wanted.schema || (await this.#isKnown(tx, wanted))
    if (!same || !known)
      throw new RegistryError('associationForResource', { resource: existing.resourceName, type: wanted.type })
    return undefined
  }

  async #update(
    tx: WriteTransaction,
    existing: StoredAssociation,
    wanted: WantedAssociation,
  ): Promise<ChangedAssociation | undefined> {
    if (!wanted.lifecycleStated && !wanted.schema) throw refused('lifecycle', 'a change has to state it, or a schema')
    if (!isFor(existing, wanted.subject)) throw refused('subject', 'an association keeps its subject')
    if (
      wanted.lifecycleStated &&
      wanted.lifecycle === 'STRONG' &&
      existing.lifecycle === 'WEAK' &&
      !(await this.#imports(tx, wanted.subject))
    )
      throw refused('lifecycle', 'an association becomes STRONG by creation only')
    if (existing.frozen && wanted.lifecycleStated && wanted.lifecycle === 'WEAK')
      throw new RegistryError('associationFrozen', {
        type: existing.associationType,
        subject: formatSubject(wanted.subject),
      })
    const lifecycle = wanted.lifecycleStated ? wanted.lifecycle : existing.lifecycle
    const registered = wanted.schema && (await this.#register(tx, wanted))
    if (!registered && lifecycle === existing.lifecycle) return undefined
    await put(tx, { ...existing, lifecycle, frozen: lifecycle === 'STRONG', updateTs: Date.now() })
    return { wanted: { ...wanted, lifecycle }, ...(registered && { registered }) }
  }

  async #register(
    tx: WriteTransaction,
    { subject, schema, normalize }: WantedAssociation,
  ): Promise<VersionedSchema | undefined> {
    return schema && this.registration.registerWithin(tx, subject, schema, { normalize, force: false })
  }

  async #isKnown(tx: ReadTransaction, { subject, schema, normalize }: WantedAssociation): Promise<boolean> {
    return (
      schema !== undefined && (await this.registration.isRegistered(tx, subject, schema, { normalize, force: false }))
    )
  }

  async #remove(tx: WriteTransaction, association: StoredAssociation, cascade: boolean): Promise<void> {
    const subject = { context: association.context, name: association.subject }
    await this.#checkMode(tx, subject)
    const { associationType: type, guid } = association
    if (association.frozen && !cascade)
      throw new RegistryError('associationFrozen', { type, subject: formatSubject(subject) })
    await tx.removeAssociation(guid)
    await tx.appendJournal({
      kind: 'association-removed',
      subject: formatSubject(subject),
      payload: { guid },
      time: Date.now(),
    })
    if (!association.frozen || (await this.#imports(tx, subject))) return
    if (await latest(tx, subject)) await this.deletion.deleteSubjectWithin(tx, subject, false)
    if ((await tx.versions(subject)).length > 0) await this.deletion.deleteSubjectWithin(tx, subject, true)
  }

  async #checkMode(tx: ReadTransaction, subject: SubjectKey): Promise<void> {
    const mode = await this.scopes.mode(tx, subject)
    if (isReadOnly(mode)) throw new RegistryError('readOnly', { subject: formatSubject(subject), mode })
  }

  async #imports(tx: ReadTransaction, subject: SubjectKey): Promise<boolean> {
    return (await this.scopes.mode(tx, subject)) === 'IMPORT'
  }
}

const isFor = (association: StoredAssociation, { context, name }: SubjectKey) =>
  association.context === context && association.subject === name

async function put(tx: WriteTransaction, association: StoredAssociation): Promise<void> {
  await tx.putAssociation(association)
  const subject = formatSubject({ context: association.context, name: association.subject })
  await tx.appendJournal({ kind: 'association-set', subject, payload: { ...association }, time: association.updateTs })
}

function filtered(
  associations: StoredAssociation[],
  { types = [], lifecycle }: AssociationFilter,
): StoredAssociation[] {
  const named: readonly string[] = types
  return associations
    .filter((one) => named.length === 0 || named.includes(one.associationType))
    .filter((one) => lifecycle === undefined || one.lifecycle === lifecycle)
    .sort(byType)
}
