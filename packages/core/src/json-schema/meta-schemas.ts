import { Ajv, type AnySchemaObject, type ErrorObject } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' }
import Ajv04 from 'ajv-draft-04'
import { dialects, type Dialect } from './dialect.js'

const options = { strict: false, allErrors: true, validateFormats: false }

/** The validator of each dialect, made on first use. Only meta-schemas are compiled here, never a user's schema. */
const validators: Record<Dialect['id'], () => Ajv> = {
  'draft-04': once(() => withSafeUniqueness(new Ajv04.default(options))),
  'draft-06': once(() => withSafeUniqueness(new Ajv(options)).addMetaSchema(draft06)),
  'draft-07': once(() => withSafeUniqueness(new Ajv(options))),
  '2019-09': once(() => withSafeUniqueness(new Ajv2019(options))),
  '2020-12': once(() => withSafeUniqueness(new Ajv2020(options))),
}

/** Ajv compares items by calling their `valueOf`, which in a schema's `enum` may be a key of the user. */
function withSafeUniqueness(ajv: Ajv): Ajv {
  return ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must not hold the same item twice' },
    validate: (wanted: boolean, items: unknown[]) => !wanted || new Set(items.map(textOf)).size === items.length,
  })
}

/** Equal for equal JSON values, whatever the order of their keys. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${textOf(member)}`).join()}}`
}

/** What the dialect's meta-schema finds wrong with a schema. */
export function metaSchemaErrors(dialect: Dialect, schema: unknown): ErrorObject[] {
  const validate = validators[dialect.id]().getSchema(dialect.metaSchema)
  if (!validate) throw new Error(`no meta-schema for ${dialect.id}`)
  void validate(schema)
  return validate.errors ?? []
}

/** The text of a meta-schema, or of a vocabulary of one, by its URI without fragment. */
export function metaSchemaText(uri: string): string | undefined {
  const dialect = Object.values(dialects).find((d) => uri === d.metaSchema || uri.startsWith(vocabularies(d)))
  const schema: AnySchemaObject | boolean | undefined = dialect && validators[dialect.id]().getSchema(uri)?.schema
  return schema === undefined ? undefined : JSON.stringify(schema)
}

const vocabularies = (dialect: Dialect) => dialect.metaSchema.replace(/schema$/, 'meta/')

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
