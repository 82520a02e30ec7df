import { Inject, Injectable } from '@nestjs/common'
import { RegistryError } from '../http/errors.js'
import { takesIds } from '../settings/mode.js'
import { Scopes } from '../settings/scopes.js'
import { STORAGE, type ReadTransaction, type Storage, type SubjectKey } from '../storage/storage.port.js'
import { addsToContract, contractInForce } from './contracts-in-scope.js'
import { everywhere } from './fallback.js'
import { formOf, matchByContent, matchByEquivalence, type Match, type Wanted } from './matching.js'
import { SchemaParser } from './schema-parser.js'
import type { SchemaRequest } from './schema-request.js'
import { formatSubject } from './subject-name.js'

/** Finds the version of a subject that has the schema of a request. */
@Injectable()
export class LookupService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(SchemaParser) private readonly parser: SchemaParser,
  ) {}

  /** @throws RegistryError 40401, 40403, 42201 */
  async lookup(
    subject: SubjectKey,
    request: SchemaRequest,
    options: { normalize: boolean; deleted: boolean },
  ): Promise<Match> {
    return this.storage.read(async (tx) => {
      const found = await everywhere(tx, subject, (one) => this.#find(tx, one, request, options))
      if (found) return found
      const versions = await tx.versions(subject)
      if (versions.some(({ deleted }) => options.deleted || !deleted)) throw new RegistryError('schemaNotFound')
      throw new RegistryError('subjectNotFound', { subject: formatSubject(subject) })
    })
  }

  async #find(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    options: { normalize: boolean; deleted: boolean },
  ): Promise<Match | undefined> {
    if (request.schema === undefined || request.schema.trim() === '') return undefined
    const config = await this.scopes.config(tx, subject)
    const imported = takesIds(await this.scopes.mode(tx, subject))
    const source = { type: request.schemaType, text: request.schema, references: request.references }
    const parsed = await this.parser.parse(tx, subject.context, source, {
      validation: config.schemaValidation,
      asNew: false,
      imported,
    })
    const normalize = !imported && (options.normalize || (config.normalize ?? false))
    const form = formOf(parsed, normalize)
    const all = (await tx.versions(subject)).filter(({ deleted }) => options.deleted || !deleted)
    const versions = request.version < 0 ? all.slice(-1) : all

    const match = async (wanted: Wanted) =>
      (await matchByContent(tx, subject, versions, wanted)) ??
      (await matchByEquivalence(tx, this.parser, versions, wanted))
    const { metadata, ruleSet } = request
    const own = { ...(metadata && { metadata }), ...(ruleSet && { ruleSet }) }
    const asSent = await match({ ...form, ...own })
    const newest = versions.at(-1)
    if (asSent || !newest) return asSent
    const latest = await tx.schema(subject.context, newest.id)
    if (!addsToContract(config) && !latest?.metadata && !latest?.ruleSet) return undefined
    return match({ ...form, ...contractInForce(config, own, latest) })
  }
}
