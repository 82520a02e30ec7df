import { Inject, Injectable } from '@nestjs/common'
import type { AssociationType } from '../associations/association.js'
import { ruleLists } from '../contracts/merge.js'
import { cut, type Page } from '../http/query.js'
import {
  STORAGE,
  type ReadTransaction,
  type Storage,
  type StoredAssociation,
  type StoredVersion,
} from '../storage/storage.port.js'
import type { VersionedSchema } from './answers.js'
import { anyContext, bySubject, formatSubject, parseReferred, parseSubject } from './subject-name.js'

/** Which versions are listed. */
export interface ListFilter {
  prefix: string
  deleted: boolean
  latestOnly: boolean
  /** Say which other names mean a subject, and list what the names under the prefix mean. */
  aliases: boolean
  ruleType?: string
  resourceType?: string
  associationTypes: readonly AssociationType[]
  /** `NONE`: subjects without any association. */
  lifecycles: readonly string[]
}

export interface ListedSchema extends VersionedSchema {
  aliases?: string[]
  associations?: StoredAssociation[]
}

/** Lists the versions of many subjects with what is known about them. */
@Injectable()
export class SchemaListService {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  async list(filter: ListFilter, page: Page): Promise<ListedSchema[]> {
    return this.storage.read(async (tx) => {
      const aliases = filter.aliases ? await aliasesUnder(tx, filter.prefix) : undefined
      const versions = await versionsOf(tx, filter, [...(aliases?.keys() ?? [])])
      const bound = await this.#bound(tx, filter, versions)
      const kept = versions.filter((version) => !bound || bound.has(formatSubject(version)))
      const { ruleType } = filter
      const found = ruleType
        ? cut(
            (await withSchemas(tx, kept)).filter((one) => hasRule(one, ruleType)),
            page,
          )
        : await withSchemas(tx, cut(kept, page))
      return found.map((one) => {
        const subject = formatSubject(one.version)
        const names = aliases?.get(subject)
        const associations = bound?.get(subject)
        return { ...one, ...(names && { aliases: names }), ...(associations?.length && { associations }) }
      })
    })
  }

  /** The subjects that the association filters leave, with the associations that fit; undefined without such a filter. */
  async #bound(
    tx: ReadTransaction,
    filter: ListFilter,
    versions: readonly StoredVersion[],
  ): Promise<Map<string, StoredAssociation[]> | undefined> {
    const { resourceType, associationTypes, lifecycles } = filter
    if (!resourceType && associationTypes.length === 0 && lifecycles.length === 0) return undefined
    const types: readonly string[] = associationTypes
    const bound = new Map<string, StoredAssociation[]>()
    for (const version of versions) {
      const subject = formatSubject(version)
      if (bound.has(subject)) continue
      const all = await tx.associationsOfSubject(version)
      const fitting = all.filter(
        (one) =>
          (!resourceType || one.resourceType === resourceType) &&
          (types.length === 0 || types.includes(one.associationType)) &&
          (lifecycles.length === 0 || lifecycles.includes(one.lifecycle)),
      )
      if (fitting.length > 0 || (lifecycles.includes('NONE') && all.length === 0)) bound.set(subject, fitting)
    }
    return bound
  }
}

async function versionsOf(
  tx: ReadTransaction,
  filter: ListFilter,
  others: readonly string[],
): Promise<StoredVersion[]> {
  const { context, name } = parseSubject(filter.prefix)
  const all = await tx.versionsInRange({ ...(context !== anyContext && { context }), prefix: name })
  const listed = new Set(all.map(formatSubject))
  for (const other of others) if (!listed.has(other)) all.push(...(await tx.versions(parseSubject(other))))
  const visible = all.filter(({ deleted }) => filter.deleted || !deleted)
  const sorted = visible.sort((a, b) => bySubject(a, b) || a.version - b.version)
  return filter.latestOnly ? sorted.filter((one, at) => !isSameSubject(one, sorted[at + 1])) : sorted
}

async function withSchemas(tx: ReadTransaction, versions: readonly StoredVersion[]): Promise<VersionedSchema[]> {
  const found: VersionedSchema[] = []
  for (const version of versions) {
    const schema = await tx.schema(version.context, version.id)
    if (schema) found.push({ version, schema })
  }
  return found
}

/** By subject: the names under the prefix that are aliases of it. */
async function aliasesUnder(tx: ReadTransaction, prefix: string): Promise<Map<string, string[]>> {
  const { context, name } = parseSubject(prefix)
  const aliases = new Map<string, string[]>()
  for (const { scope, value } of await tx.settings('config', '')) {
    const subject = parseSubject(scope)
    if (!subject.name.startsWith(name) || (context !== anyContext && subject.context !== context)) continue
    if (typeof value.alias !== 'string' || value.alias === '') continue
    const target = formatSubject(parseReferred(value.alias, subject.context))
    aliases.set(target, [...(aliases.get(target) ?? []), scope])
  }
  return aliases
}

const hasRule = ({ schema }: VersionedSchema, type: string) =>
  ruleLists.some((list) => schema.ruleSet?.[list]?.some((rule) => rule.type === type))

const isSameSubject = (a: StoredVersion, b: StoredVersion | undefined) => a.context === b?.context && a.name === b.name
