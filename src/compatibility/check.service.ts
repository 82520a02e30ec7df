import { Inject, Injectable } from '@nestjs/common'
import { InvalidSchema, type Policy } from '@concordat/core'
import type { Finding, Level } from '@concordat/core/compatibility'
import { RegistryError } from '../http/errors.js'
import { latest } from '../registry/reading.service.js'
import { SchemaParser, type ParsedSchema } from '../registry/schema-parser.js'
import type { SchemaRequest } from '../registry/schema-request.js'
import { printVersion } from '../registry/version-number.js'
import { Scopes, type EffectiveConfig } from '../settings/scopes.js'
import {
  STORAGE,
  type ReadTransaction,
  type Storage,
  type StoredVersion,
  type SubjectKey,
} from '../storage/storage.port.js'
import { CompatibilityService } from './compatibility.service.js'
import { messagesOf } from './messages.js'

/** A version, the latest, or the history that the level in force names. */
export type Against = number | 'latest' | 'all'

/** What a check found out. */
export interface CheckReport {
  subject: SubjectKey
  compatible: boolean
  level: Level
  policy: Policy
  findings: Finding[]
  /** Why the schema is none, and where. */
  invalid?: { message: string; line?: number; column?: number; path?: string }
}

/** Answers whether a schema could be registered, without registering it. */
@Injectable()
export class CheckService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(SchemaParser) private readonly parser: SchemaParser,
    @Inject(CompatibilityService) private readonly compatibility: CompatibilityService,
  ) {}

  /** @throws RegistryError 40402, 42201 unless `verbose` */
  async check(
    subject: SubjectKey,
    against: Against,
    request: SchemaRequest,
    { normalize, verbose }: { normalize: boolean; verbose: boolean },
  ): Promise<{ compatible: boolean; messages: string[] }> {
    return this.storage.read(async (tx) => {
      const config = await this.scopes.config(tx, subject)
      const versions = await this.#versions(tx, subject, against)
      const parsed = await this.#parse(tx, subject, request, config).catch((error: unknown) => {
        if (verbose) return asInvalid(error)
        throw error
      })
      if (parsed instanceof RegistryError) return { compatible: false, messages: [parsed.message] }
      // The text form does not change what a schema means, but a schema that has no normal form is refused.
      if (normalize || config.normalize) parsed.print('normalized')
      const candidate = { parsed, ...(request.metadata && { metadata: request.metadata }) }
      const result = await this.compatibility.check(tx, config, candidate, versions)
      return { compatible: result.compatible, messages: messagesOf(result, parsed.type, config) }
    })
  }

  /** Everything that is known about a registration that was not made: each question that its level asks, answered. */
  async report(subject: SubjectKey, request: SchemaRequest): Promise<CheckReport> {
    return this.storage.read(async (tx) => {
      const config = await this.scopes.config(tx, subject)
      const { compatibilityLevel: level, compatibilityPolicy: policy = 'STRICT' } = config
      const parsed = await this.#parse(tx, subject, request, config).catch(asInvalid)
      if (parsed instanceof RegistryError) {
        const { position, path } = parsed.cause instanceof InvalidSchema ? parsed.cause : {}
        const invalid = { message: parsed.message, ...position, ...(path && { path }) }
        return { subject, compatible: false, level, policy, findings: [], invalid }
      }
      const versions = (await tx.versions(subject)).filter(({ deleted }) => !deleted)
      const candidate = { parsed, ...(request.metadata && { metadata: request.metadata }) }
      const { compatible, findings } = await this.compatibility.check(tx, config, candidate, versions, { exact: true })
      return { subject, compatible, level, policy, findings }
    })
  }

  async #parse(
    tx: ReadTransaction,
    subject: SubjectKey,
    request: SchemaRequest,
    config: EffectiveConfig,
  ): Promise<ParsedSchema> {
    if (request.schema === undefined || request.schema.trim() === '') throw new RegistryError('emptySchema')
    const source = { type: request.schemaType, text: request.schema, references: request.references }
    return this.parser.parse(tx, subject.context, source, {
      validation: config.schemaValidation,
      asNew: config.validateNewSchemas ?? true,
    })
  }

  /** Whoever has no version yet is compatible with everything; a version that is asked for has to be there. */
  async #versions(tx: ReadTransaction, subject: SubjectKey, against: Against): Promise<StoredVersion[]> {
    if (against === 'all') return (await tx.versions(subject)).filter(({ deleted }) => !deleted)
    const found = against === 'latest' ? await latest(tx, subject) : await tx.version({ ...subject, version: against })
    if (found && !found.deleted) return [found]
    if (against === 'latest') return []
    throw new RegistryError('versionNotFound', { version: printVersion(against) })
  }
}

/** An invalid schema is an answer to the question; every other error is none. */
function asInvalid(error: unknown): RegistryError {
  if (error instanceof RegistryError && error.code === 42201) return error
  throw error
}
