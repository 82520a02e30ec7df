import { Inject, Injectable } from '@nestjs/common'
import type { Metadata, Verdict } from '@concordat/core'
import {
  checkHistory,
  judge,
  type Compared,
  type ComparedVersion,
  type Judge,
  type Report,
} from '@concordat/core/compatibility'
import { propertyOf } from '../contracts/merge.js'
import { reservedNameProblems } from './reserved-names.js'
import { LruCache } from '../registry/lru-cache.js'
import { SchemaParser, type ParsedSchema } from '../registry/schema-parser.js'
import type { EffectiveConfig } from '../settings/scopes.js'
import type { ReadTransaction, StoredSchema, StoredVersion } from '../storage/storage.port.js'

/** A schema that asks whether it may follow. */
export interface Candidate {
  parsed: ParsedSchema
  metadata?: Metadata
}

/** What a check found, with the schemas that it was about. */
export interface CheckResult extends Report {
  /** The schema of the version that fails. */
  failed?: StoredSchema
  /** What is wrong with names that are reserved, whatever the level says. */
  nameProblems?: string[]
}

/** Verdicts are kept for ever, since contents never change; so many of them. */
const rememberedVerdicts = 20_000

/** Compares candidates with the versions that the settings in force name. */
@Injectable()
export class CompatibilityService {
  readonly #verdicts = new LruCache<Verdict>(rememberedVerdicts)

  constructor(@Inject(SchemaParser) private readonly parser: SchemaParser) {}

  /** @param versions the live versions that count, ascending */
  async check(
    tx: ReadTransaction,
    config: EffectiveConfig,
    candidate: Candidate,
    versions: readonly StoredVersion[],
    options: { exact?: boolean } = {},
  ): Promise<CheckResult> {
    const nameProblems = config.validateFields ? await this.#nameProblems(tx, candidate, versions) : []
    if (nameProblems.length > 0) return { compatible: false, findings: [], nameProblems }
    if (config.compatibilityLevel === 'NONE') return { compatible: true, findings: [] }
    const history = await this.#history(tx, config, candidate, versions)
    const report = checkHistory({
      level: config.compatibilityLevel,
      policy: config.compatibilityPolicy ?? 'STRICT',
      candidate: candidate.parsed,
      history: history.map(({ compared }) => compared),
      judge: this.judge,
      ...options,
    })
    const failed = history.find(({ compared }) => compared.version === report.failedVersion)
    return { ...report, ...(failed && { failed: failed.schema }) }
  }

  async #nameProblems(
    tx: ReadTransaction,
    candidate: Candidate,
    versions: readonly StoredVersion[],
  ): Promise<string[]> {
    const newest = versions.at(-1)
    return reservedNameProblems(candidate, newest && (await tx.schema(newest.context, newest.id))?.metadata)
  }

  /** The versions to compare with, newest first: those of the candidate's group, all of them if transitive. */
  async #history(
    tx: ReadTransaction,
    config: EffectiveConfig,
    candidate: Candidate,
    versions: readonly StoredVersion[],
  ) {
    const history: { compared: ComparedVersion; schema: StoredSchema }[] = []
    const transitive = config.compatibilityLevel.endsWith('_TRANSITIVE')
    for (const version of [...versions].reverse()) {
      const schema = await tx.schema(version.context, version.id)
      if (!schema || !sameGroup(config.compatibilityGroup, candidate.metadata, schema.metadata)) continue
      history.push({ compared: { ...(await this.parser.parseStored(tx, schema)), version: version.version }, schema })
      if (!transitive) break
    }
    return history
  }

  /** The verdict about a pair, from memory if it was asked before. */
  readonly judge: Judge = (reader, writer, policy) => {
    const key = `${reader.key} ${writer.key} ${policy}`
    const known = this.#verdicts.get(key)
    if (known) return known
    const verdict = judge(reader, writer, policy)
    this.#verdicts.set(key, verdict)
    return verdict
  }
}

export type { Compared }

const sameGroup = (property: string | undefined, a: Metadata | undefined, b: Metadata | undefined) =>
  property === undefined || propertyOf(a, property) === propertyOf(b, property)
