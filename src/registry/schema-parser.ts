import { Injectable } from '@nestjs/common'
import {
  InvalidSchema,
  parseStored,
  type ParseOptions,
  type PrintForm,
  type Reference,
  type SchemaSource,
  type SchemaType,
} from '@concordat/core'
import { formats, isSchemaType, type Compared } from '@concordat/core/compatibility'
import { RegistryError } from '../http/errors.js'
import type { ReadTransaction, StoredSchema, VersionKey } from '../storage/storage.port.js'
import { digest } from './content.js'
import { LruCache } from './lru-cache.js'
import { formatSubject, parseReferred } from './subject-name.js'

/** A schema that was read with everything it refers to. */
export interface ParsedSchema extends Compared {
  /** The references with the latest version in the place of -1. */
  references: Reference[]
  /** The versions that the references mean. */
  targets: VersionKey[]
  print(form: PrintForm): string
}

/** How to read a schema. */
export interface ReadOptions extends ParseOptions {
  /**
   * Imported schemas are taken as they come: a JSON schema may refer to what is no JSON schema, which then stands for
   * any value.
   */
  imported?: boolean
}

/** A schema before it is read. */
export interface UnparsedSchema {
  type: string
  text: string
  references: readonly Partial<Reference>[]
}

/** Schemas kept in parsed form, weighed by the length of their texts. */
const capacity = 64 * 1024 * 1024
const leastWeight = 1024

/** Reads schema texts with the engines of their formats, remembering what was read. */
@Injectable()
export class SchemaParser {
  readonly #parsed = new LruCache<{ schema: unknown; printed: Map<PrintForm, string> }>(capacity)

  /** @throws RegistryError 42201 */
  async parse(
    tx: ReadTransaction,
    context: string,
    unparsed: UnparsedSchema,
    options: ReadOptions,
  ): Promise<ParsedSchema> {
    const { type, text } = unparsed
    if (!isSchemaType(type)) throw new RegistryError('invalidSchemaType', { type })
    const closure = new ReferenceClosure(tx, options.asNew)
    const references = await closure.resolve(context, unparsed.references)
    const source: SchemaSource = { type, text, references: references.map(({ source }) => source) }
    const key = digest([type, text, references.map(({ source, key }) => [source.name, key])])
    return {
      key,
      type,
      references: references.map(({ reference }) => reference),
      targets: references.map(({ target }) => target),
      ...this.#read(
        source,
        `${key} ${options.validation} ${options.asNew} ${options.imported ?? false}`,
        closure,
        options,
      ),
    }
  }

  /** A schema of the registry; it was valid when it was registered, so only what cannot be read at all is refused. */
  async parseStored(tx: ReadTransaction, schema: StoredSchema): Promise<ParsedSchema> {
    return this.parse(tx, schema.context, schema, { ...parseStored, imported: true })
  }

  #read(
    source: SchemaSource,
    cacheKey: string,
    closure: ReferenceClosure,
    options: ReadOptions,
  ): Pick<ParsedSchema, 'schema' | 'print'> {
    const format = formats[source.type]
    const known = this.#parsed.get(cacheKey)
    const entry = known ?? { schema: parseWith(source, closure, options), printed: new Map<PrintForm, string>() }
    if (!known) this.#parsed.set(cacheKey, entry, source.text.length + leastWeight)
    return {
      schema: () => entry.schema,
      print: (form) => {
        const text = entry.printed.get(form) ?? format.print(entry.schema, form)
        entry.printed.set(form, text)
        return text
      },
    }
  }
}

function parseWith(source: SchemaSource, closure: ReferenceClosure, options: ReadOptions): unknown {
  try {
    return formats[source.type].parse(
      source,
      (reference) => referred(closure.source(reference), source.type, options),
      options,
    )
  } catch (error) {
    if (error instanceof InvalidSchema)
      throw new RegistryError('invalidSchema', { type: source.type, detail: error.message }, { cause: error })
    throw error
  }
}

function referred(
  found: SchemaSource | undefined,
  type: SchemaType,
  { imported }: ReadOptions,
): SchemaSource | undefined {
  const isForeign = imported && type === 'JSON' && found !== undefined && found.type !== 'JSON'
  return isForeign ? { type: 'JSON', text: 'true', references: [] } : found
}

interface ResolvedReference {
  /** As it is stored. */
  reference: Reference
  target: VersionKey
  /** As the engine gets it: the subject with its context, whatever schema the reference stands in. */
  source: Reference
  /** Names the content behind it, including what that refers to. */
  key: string
}

/** Everything that can be reached from a schema by references, fetched once. */
class ReferenceClosure {
  readonly #tx: ReadTransaction
  readonly #liveOnly: boolean
  readonly #sources = new Map<string, SchemaSource>()
  readonly #keys = new Map<string, string>()

  constructor(tx: ReadTransaction, liveOnly: boolean) {
    this.#tx = tx
    this.#liveOnly = liveOnly
  }

  source({ subject, version }: Reference): SchemaSource | undefined {
    return this.#sources.get(placeOf(subject, version))
  }

  async resolve(context: string, references: readonly Partial<Reference>[]): Promise<ResolvedReference[]> {
    const resolved: ResolvedReference[] = []
    for (const reference of references) resolved.push(await this.#resolve(context, complete(reference)))
    return resolved
  }

  async #resolve(context: string, wanted: Reference): Promise<ResolvedReference> {
    const subject = parseReferred(wanted.subject, context)
    const version = wanted.version < 0 ? await this.#latest(subject) : wanted.version
    const target = { ...subject, version: version ?? wanted.version }
    const found = await this.#tx.version(target)
    const schema =
      found && !(this.#liveOnly && found.deleted) ? await this.#tx.schema(subject.context, found.id) : undefined
    if (!schema)
      throw new RegistryError('referenceNotFound', {
        name: wanted.name,
        subject: wanted.subject,
        version: wanted.version,
      })
    const source: Reference = { name: wanted.name, subject: formatSubject(subject), version: target.version }
    return { reference: { ...wanted, version: target.version }, target, source, key: await this.#load(source, schema) }
  }

  async #load({ subject, version }: Reference, schema: StoredSchema): Promise<string> {
    const place = placeOf(subject, version)
    const known = this.#keys.get(place)
    if (known !== undefined) return known
    // Set before going deeper, so that schemas imported in a circle end here.
    this.#keys.set(place, '')
    const references = await this.resolve(schema.context, schema.references)
    this.#sources.set(place, {
      type: schema.type,
      text: schema.text,
      references: references.map(({ source }) => source),
    })
    const key = digest([schema.type, schema.text, references.map(({ source, key }) => [source.name, key])])
    this.#keys.set(place, key)
    return key
  }

  async #latest(subject: { context: string; name: string }): Promise<number | undefined> {
    return (await this.#tx.versions(subject)).findLast(({ deleted }) => !deleted)?.version
  }
}

const placeOf = (subject: string, version: number) => `${version} ${subject}`

function complete({ name, subject, version }: Partial<Reference>): Reference {
  const missing = [name ? '' : 'name', subject ? '' : 'subject', version ? '' : 'version'].filter(Boolean)
  if (version !== undefined && version < -1)
    throw new RegistryError('invalidReference', { detail: `the reference ${name ?? ''} has version ${version}` })
  if (missing.length > 0 || !name || !subject || !version)
    throw new RegistryError('invalidReference', { detail: `the reference ${name ?? ''} has no ${missing.join(', ')}` })
  return { name, subject, version }
}

/** References as normalisation leaves them: sorted by subject and version, each once. */
export function normalizedReferences(references: readonly Reference[]): Reference[] {
  const sorted = [...references].sort((a, b) =>
    a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.version - b.version,
  )
  return sorted.filter((one, at) => {
    const before = sorted.slice(0, at)
    return !before.some(
      ({ name, subject, version }) => name === one.name && subject === one.subject && version === one.version,
    )
  })
}
