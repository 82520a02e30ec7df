import { Inject, Injectable } from '@nestjs/common'
import type { SchemaType } from '@concordat/core'
import { editTags, inheritTags, NoSuchPlace, type EntityTags } from '@concordat/core/tags'
import { validateRuleSet } from '../contracts/validate-rule-set.js'
import { CompatibilityService } from '../compatibility/compatibility.service.js'
import { messagesOf } from '../compatibility/messages.js'
import { RegistryError } from '../http/errors.js'
import { isReadOnly, takesIds, type Mode } from '../settings/mode.js'
import { Scopes, type EffectiveConfig } from '../settings/scopes.js'
import {
  STORAGE,
  type ReadTransaction,
  type Storage,
  type StoredSchema,
  type StoredVersion,
  type SubjectKey,
  type WriteTransaction,
} from '../storage/storage.port.js'
import type { VersionedSchema } from './answers.js'
import { addSchema, addVersion, removeVersion } from './changes.js'
import { contentKeyOf } from './content.js'
import { addsToContract, contractInForce, withStatedVersion } from './contracts-in-scope.js'
import { contentOf, formOf, matchByContent, matchByEquivalence, type Match, type Wanted } from './matching.js'
import { SchemaParser, type ParsedSchema } from './schema-parser.js'
import type { SchemaRequest } from './schema-request.js'
import { formatSubject, isValidSubject } from './subject-name.js'

export interface RegistrationOptions {
  normalize: boolean
  /** Leave the compatibility check out. */
  force: boolean
}

/** A registration that is answered with a version that is there already, or that adds one. */
type Decision = { match: Match } | { addition: Addition }

interface Addition {
  wanted: Wanted
  version: number
  /** The id to use; absent: the next one. */
  id?: number
  /** The content under that id, if it is there. */
  schema?: StoredSchema
  /** Soft-deleted versions of the same content that the new one replaces. */
  replaced: StoredVersion[]
}

export interface Registered extends VersionedSchema {
  /** How the version was found, if it is not new. */
  by?: Match['by']
}

/** Registers schemas: decides what a request means, and adds a version if it means a new one. */
@Injectable()
export class RegistrationService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(SchemaParser) private readonly parser: SchemaParser,
    @Inject(CompatibilityService) private readonly compatibility: CompatibilityService,
  ) {}

  /**
   * The decision is made twice: outside of the writer, where reading schemas and comparing them may take its time, and
   * inside, against the latest state, where everything that did not change in between is remembered.
   * @throws RegistryError 40901, 42201, 42205, 42208, 42210
   */
  async register(subject: SubjectKey, request: SchemaRequest, options: RegistrationOptions): Promise<Registered> {
    validateRuleSet(request.ruleSet)
    return this.registerChecked(subject, request, options)
  }

  /** Registers a request whose rules were merged from valid ones: what comes out of merging is taken as it is. */
  async registerChecked(
    subject: SubjectKey,
    request: SchemaRequest,
    options: RegistrationOptions,
  ): Promise<Registered> {
    if (!isValidSubject(subject, 'schemas'))
      throw new RegistryError('invalidSubject', { subject: formatSubject(subject) })
    const decide = (tx: ReadTransaction) => this.#decide(tx, subject, request, options)
    const first = await this.storage.read(decide)
    if ('match' in first) return first.match
    return this.storage.write(async (tx) => {
      const decision = await decide(tx)
      return 'match' in decision ? decision.match : this.#add(tx, subject, decision.addition)
    })
  }

  /** The same as a part of a larger unit. */
  async registerWithin(
    tx: WriteTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    options: RegistrationOptions,
  ): Promise<Registered> {
    validateRuleSet(request.ruleSet)
    const decision = await this.#decide(tx, subject, request, options)
    return 'match' in decision ? decision.match : this.#add(tx, subject, decision.addition)
  }

  /** Whether registering this would answer with a version that is there. */
  async isRegistered(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    options: RegistrationOptions,
  ): Promise<boolean> {
    return 'match' in (await this.#decide(tx, subject, request, options))
  }

  async #decide(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    options: RegistrationOptions,
  ): Promise<Decision> {
    const config = await this.scopes.config(tx, subject)
    const mode = await this.scopes.mode(tx, subject)
    const importing = takesIds(mode)
    const normalize = !importing && (options.normalize || (config.normalize ?? false))
    const versions = await tx.versions(subject)
    const live = versions.filter(({ deleted }) => !deleted)

    const known = await this.#alreadyThere(tx, subject, request, config, { normalize, importing }, live)
    if (known) return { match: known }

    checkMode(mode, subject, request)

    const newVersion = (versions.at(-1)?.version ?? 0) + 1
    const wanted = importing
      ? await this.#imported(tx, subject, request)
      : await this.#completed(tx, subject, request, config, normalize, live, newVersion)
    await this.#checkReferences(tx, wanted.parsed)

    const schema = await this.#sameContent(tx, subject, wanted, request.id)
    if (request.version === 0) {
      const version = schema && live.findLast(({ id }) => id === schema.id)
      if (schema && version && (request.id < 0 || request.id === schema.id))
        return { match: { schema, version, by: 'content' } }
      const match = importing ? undefined : await matchByEquivalence(tx, this.parser, live, wanted)
      if (match) return { match }
    }
    if (!importing && !options.force) await this.#checkCompatibility(tx, subject, config, wanted, live)
    const version = importing && request.version > 0 ? request.version : versionFor(request.version, newVersion)
    return { addition: await this.#addition(tx, subject, wanted, version, request.id, schema, versions) }
  }

  /** The version that the request repeats, found before anything that could refuse the request. */
  async #alreadyThere(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    config: EffectiveConfig,
    { normalize, importing }: { normalize: boolean; importing: boolean },
    live: readonly StoredVersion[],
  ): Promise<Match | undefined> {
    const { schemaTagsToAdd, schemaTagsToRemove, propagateSchemaTags } = request
    if (schemaTagsToAdd.length > 0 || schemaTagsToRemove.length > 0 || propagateSchemaTags) return undefined
    if (addsToContract(config) || isBlank(request.schema)) return undefined
    const parsed = await this.#parse(tx, subject, request, config, { asNew: false, imported: importing })
    const wanted: Wanted = { ...formOf(parsed, normalize), ...contractOf(request) }
    const compared = request.version < 0 ? live.slice(-1) : live
    const match =
      (await matchByContent(tx, subject, compared, wanted)) ??
      (await matchByEquivalence(tx, this.parser, compared, wanted))
    if (!match) return undefined
    const idFits = request.id < 0 || request.id === match.schema.id
    if (request.version <= 0) return idFits ? match : undefined
    if (request.id !== match.schema.id) return undefined
    const version = live.find((one) => one.version === request.version && one.id === match.schema.id)
    return version && { ...match, version }
  }

  /** An imported schema is taken as it comes. */
  async #imported(tx: ReadTransaction, subject: SubjectKey, request: SchemaRequest): Promise<Wanted> {
    if (isBlank(request.schema)) throw new RegistryError('emptySchema')
    const config = await this.scopes.config(tx, subject)
    const parsed = await this.#parse(tx, subject, request, config, { asNew: false, imported: true })
    return { ...formOf(parsed, false), ...contractOf(request) }
  }

  /** A schema with what it takes over from the latest version and the settings. */
  async #completed(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    config: EffectiveConfig,
    normalize: boolean,
    live: readonly StoredVersion[],
    newVersion: number,
  ): Promise<Wanted> {
    const newest = live.at(-1)
    const latest = newest && (await tx.schema(subject.context, newest.id))
    if (isBlank(request.schema) && !latest) throw new RegistryError('emptySchema')
    const source =
      isBlank(request.schema) && latest
        ? { ...request, schema: latest.text, schemaType: latest.type, references: latest.references }
        : request
    const asNew = { asNew: (config.validateNewSchemas ?? true) && request.id < 0 }
    const plain = await this.#parse(tx, subject, source, config, asNew)
    const tagged = await this.#withTags(tx, subject, source, config, plain, latest)
    const contract = withStatedVersion(
      contractInForce(config, contractOf(request), latest),
      request.version,
      newVersion,
    )
    return { ...formOf(tagged, normalize), ...contract }
  }

  async #withTags(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    config: EffectiveConfig,
    parsed: ParsedSchema,
    latest: StoredSchema | undefined,
  ): Promise<ParsedSchema> {
    const { schemaTagsToAdd: toAdd, schemaTagsToRemove: toRemove } = request
    if (toAdd.length === 0 && toRemove.length === 0 && !(request.propagateSchemaTags && latest)) return parsed
    const text = parsed.print('canonical')
    const inherited =
      request.propagateSchemaTags && latest?.type === parsed.type ? inheritTags(parsed.type, text, latest.text) : text
    const schema = editedTags(parsed.type, inherited, toAdd, toRemove)
    return this.#parse(tx, subject, { ...request, schema }, config, { asNew: false })
  }

  #parse(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    config: EffectiveConfig,
    options: { asNew: boolean; imported?: boolean },
  ) {
    const { schema = '', schemaType, references } = request
    const validation = config.schemaValidation
    return this.parser.parse(
      tx,
      subject.context,
      { type: schemaType, text: schema, references },
      { validation, ...options },
    )
  }

  async #checkReferences(tx: ReadTransaction, { targets }: ParsedSchema): Promise<void> {
    for (const target of targets) {
      const associations = await tx.associationsOfSubject(target)
      if (associations.some(({ lifecycle }) => lifecycle === 'STRONG'))
        throw new RegistryError('referenceToStrong', { subject: formatSubject(target) })
    }
  }

  /** The same content in the context: under the given id if it is there, else under the id that it got last. */
  async #sameContent(
    tx: ReadTransaction,
    { context }: SubjectKey,
    wanted: Wanted,
    givenId: number,
  ): Promise<StoredSchema | undefined> {
    const ids = await tx.idsOfContent(context, contentKeyOf(contentOf(wanted)))
    const id = ids.includes(givenId) ? givenId : ids.at(-1)
    return id === undefined ? undefined : tx.schema(context, id)
  }

  async #checkCompatibility(
    tx: ReadTransaction,
    subject: SubjectKey,
    config: EffectiveConfig,
    wanted: Wanted,
    live: readonly StoredVersion[],
  ): Promise<void> {
    const result = await this.compatibility.check(tx, config, wanted, live)
    if (result.compatible) return
    const details = messagesOf(result, wanted.parsed.type, config).join(', ')
    if (result.nameProblems) throw new RegistryError('incompatibleNames', { subject: formatSubject(subject), details })
    throw new RegistryError('incompatible', { subject: formatSubject(subject), version: result.failedVersion, details })
  }

  async #addition(
    tx: ReadTransaction,
    { context }: SubjectKey,
    wanted: Wanted,
    version: number,
    givenId: number,
    same: StoredSchema | undefined,
    versions: readonly StoredVersion[],
  ): Promise<Addition> {
    const replaced = same ? versions.filter((one) => one.deleted && one.id === same.id && one.version < version) : []
    if (givenId < 0 || givenId === same?.id)
      return { wanted, version, replaced, ...(same && { id: same.id, schema: same }) }
    if (await tx.schema(context, givenId)) throw new RegistryError('idTaken', { id: givenId, context })
    return { wanted, version, id: givenId, replaced: [] }
  }

  async #add(tx: WriteTransaction, subject: SubjectKey, addition: Addition): Promise<Registered> {
    const time = Date.now()
    const { wanted, version: number, id, replaced } = addition
    const schema =
      addition.schema ?? (await addSchema(tx, subject.context, contentOf(wanted), wanted.parsed.targets, id))
    const version = await addVersion(tx, { ...subject, version: number }, schema, time)
    for (const old of replaced) if ((await tx.referrers(old)).length === 0) await removeVersion(tx, old, time)
    return { version, schema }
  }
}

const isBlank = (text: string | undefined) => text === undefined || text.trim() === ''

const contractOf = ({ metadata, ruleSet }: SchemaRequest) => ({
  ...(metadata && { metadata }),
  ...(ruleSet && { ruleSet }),
})

function checkMode(mode: Mode, key: SubjectKey, { id }: SchemaRequest): void {
  const subject = formatSubject(key)
  if (isReadOnly(mode)) throw new RegistryError('readOnly', { subject, mode })
  if (id >= 0 && !takesIds(mode)) throw new RegistryError('idNeedsImport', { subject, mode })
  if (id < 0 && takesIds(mode)) throw new RegistryError('importNeedsId', { subject, mode })
}

/** The text with its tags changed. @throws RegistryError 42201 */
export function editedTags(
  type: SchemaType,
  text: string,
  toAdd: readonly EntityTags[],
  toRemove: readonly EntityTags[],
): string {
  try {
    return editTags(type, text, toAdd, toRemove)
  } catch (error) {
    if (error instanceof NoSuchPlace)
      throw new RegistryError('invalidEntityPath', { path: error.path, type: error.type })
    throw error
  }
}

function versionFor(requested: number, next: number): number {
  if (requested > 0 && requested !== next) throw new RegistryError('versionNotNext', { version: requested, next })
  return next
}
