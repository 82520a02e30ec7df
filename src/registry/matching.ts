import type { Metadata, Reference, RuleSet } from '@concordat/core'
import { statedVersion, withVersion } from '../contracts/merge.js'
import type { ReadTransaction, StoredVersion, SubjectKey } from '../storage/storage.port.js'
import type { VersionedSchema } from './answers.js'
import { contentKeyOf, sameMetadata, sameReferences, sameRuleSet } from './content.js'
import { normalizedReferences, type ParsedSchema, type SchemaParser } from './schema-parser.js'

/** What is searched for among the versions of a subject. */
export interface Wanted {
  parsed: ParsedSchema
  text: string
  references: Reference[]
  metadata?: Metadata
  ruleSet?: RuleSet
}

export interface Match extends VersionedSchema {
  /** Found by its hash, else by being equivalent. */
  by: 'content' | 'equivalence'
}

/** A schema in the form in which it is stored. */
export function formOf(parsed: ParsedSchema, normalize: boolean): Pick<Wanted, 'parsed' | 'text' | 'references'> {
  return normalize
    ? { parsed, text: parsed.print('normalized'), references: normalizedReferences(parsed.references) }
    : { parsed, text: parsed.print('canonical'), references: parsed.references }
}

/** The content of what is searched for, as it would be stored. */
export const contentOf = ({ parsed, text, references, metadata, ruleSet }: Wanted) => ({
  type: parsed.type,
  text,
  references,
  ...(metadata && { metadata }),
  ...(ruleSet && { ruleSet }),
})

/** The version of the subject that has this content under the id that it got last in the context. */
export async function matchByContent(
  tx: ReadTransaction,
  subject: SubjectKey,
  versions: readonly StoredVersion[],
  wanted: Wanted,
): Promise<Match | undefined> {
  const id = (await tx.idsOfContent(subject.context, contentKeyOf(contentOf(wanted)))).at(-1)
  const version = id === undefined ? undefined : versions.findLast((one) => one.id === id)
  const schema = version && (await tx.schema(subject.context, version.id))
  return schema && { version, schema, by: 'content' }
}

/** The newest of the versions that means the same as what is searched for. */
export async function matchByEquivalence(
  tx: ReadTransaction,
  parser: SchemaParser,
  versions: readonly StoredVersion[],
  wanted: Wanted,
): Promise<Match | undefined> {
  for (const version of [...versions].reverse()) {
    const schema = await tx.schema(version.context, version.id)
    if (schema && (await isEquivalent(tx, parser, { version, schema }, wanted)))
      return { version, schema, by: 'equivalence' }
  }
  return undefined
}

async function isEquivalent(
  tx: ReadTransaction,
  parser: SchemaParser,
  { version, schema }: VersionedSchema,
  wanted: Wanted,
): Promise<boolean> {
  if (schema.type !== wanted.parsed.type || !sameRuleSet(schema.ruleSet, wanted.ruleSet)) return false
  if (!equivalentMetadata(wanted.metadata, schema.metadata, version.version)) return false
  if (sameReferences(wanted.references, schema.references)) return schema.text === wanted.text
  if (wanted.references.length > 0 || schema.references.length === 0 || schema.type !== 'AVRO') return false
  return (await parser.parseStored(tx, schema)).print('resolved') === wanted.text
}

/** Equal, but for a stated version that only one of them has; one that is searched for has to be right. */
function equivalentMetadata(wanted: Metadata | undefined, stored: Metadata | undefined, version: number): boolean {
  const [wantedVersion, storedVersion] = [statedVersion(wanted), statedVersion(stored)]
  if (wantedVersion === undefined && storedVersion !== undefined)
    return sameMetadata(withVersion(wanted, Number(storedVersion)), stored)
  if (wantedVersion !== undefined && storedVersion === undefined)
    return wantedVersion === String(version) && sameMetadata(wanted, withVersion(stored, version))
  return sameMetadata(wanted, stored)
}
