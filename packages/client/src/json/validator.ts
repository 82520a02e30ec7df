import type { Options, ValidateFunction } from 'ajv'
import { Ajv } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvDraft04 from 'ajv-draft-04'
import ajvFormats from 'ajv-formats'
import type { EmbeddedReference } from '../topic-definition.js'
import { idOf, isObject, parseSchema } from './documents.js'

type AnyAjv = Pick<Ajv, 'addSchema' | 'compile'>

/** Which validator understands a `$schema`; anything else is read as draft-07, the default of Confluent's serializers. */
const dialects: [mark: RegExp, create: (options: Options) => AnyAjv][] = [
  [/draft-04/, (options) => new ajvDraft04.default(options)],
  [/2019-09/, (options) => new Ajv2019(options)],
  [/2020-12/, (options) => new Ajv2020(options)],
  [/./s, (options) => new Ajv(options)],
]

/** `allErrors` stays off: on hostile input it costs without end. */
const options: Options = { strict: false, validateSchema: false, meta: false, logger: false, addUsedSchema: false }

/**
 * Compiles a schema with everything it refers to; nothing is fetched.
 * @param change applied to each document before
 * @throws TypeError
 */
export function validatorOf(
  text: string,
  references: readonly EmbeddedReference[],
  change: (schema: unknown) => unknown = (schema) => schema,
): ValidateFunction {
  const root = parseSchema(text)
  const declared = isObject(root) ? root.$schema : undefined
  const dialect = typeof declared === 'string' ? declared : 'draft-07'
  const [, create] = dialects.find(([mark]) => mark.test(dialect)) ?? dialects[dialects.length - 1]
  const ajv = create(options)
  ajvFormats.default(ajv as Ajv)
  const base = idOf(root)
  try {
    for (const { name, schema } of references) {
      const document = withoutDialect(change(parseSchema(schema)))
      const uris = new Set([name, URL.canParse(name, base) ? new URL(name, base).href : name])
      const own = idOf(document)
      if (own !== undefined) ajv.addSchema(document as object)
      for (const uri of uris) if (uri !== own && uri !== '') ajv.addSchema({ ...(document as object) }, uri)
    }
    return ajv.compile(withoutDialect(change(root)) as object)
  } catch (error) {
    throw new TypeError(`the JSON Schema cannot be compiled: ${(error as Error).message}`, { cause: error })
  }
}

/** The dialect is that of the event's schema; a document that names another one would make ajv look for it. */
function withoutDialect(schema: unknown): unknown {
  if (!isObject(schema)) return schema
  const copy = { ...schema }
  delete copy.$schema
  return copy
}
