import { Ajv } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft04 from 'ajv-draft-04'
import { type JsonNode, parseJson } from '../../../text/json-document.js'
import type { ExactDialect } from '../schema-document.js'

export interface MetaSchema {
  dialect: ExactDialect
  root: JsonNode
}

const known = new Map<string, MetaSchema | undefined>()

/** The meta-schema (or vocabulary) with a URI without fragment, as ajv ships it. */
export function metaSchema(uri: string): MetaSchema | undefined {
  if (!/^https?:\/\/json-schema\.org\/draft[-/]/.test(uri) || uri.length > 80) return undefined
  if (!known.has(uri)) known.set(uri, load(uri))
  return known.get(uri)
}

function load(uri: string): MetaSchema | undefined {
  const dialect = dialectOf(uri)
  if (!dialect) return undefined
  const schema: unknown = dialect === 'draft-06' ? draft06(uri) : shipped(uri, dialect)
  return schema === undefined ? undefined : { dialect, root: parseJson(JSON.stringify(schema)).root }
}

function dialectOf(uri: string): ExactDialect | undefined {
  const year = /\/draft\/(2019-09|2020-12)\//.exec(uri)?.[1]
  const draft = /\/draft-0([467])\/schema$/.exec(uri)?.[1]
  return (year ?? (draft && `draft-0${draft}`)) as ExactDialect | undefined
}

const instances = new Map<ExactDialect, Ajv>()

function shipped(uri: string, dialect: ExactDialect): unknown {
  let ajv = instances.get(dialect)
  if (!ajv) {
    // ajv-draft-04 is CommonJS: its default export is the module under Node and the class under bundlers.
    const Draft04 = (AjvDraft04 as unknown as { default?: typeof Ajv }).default ?? (AjvDraft04 as unknown as typeof Ajv)
    const Dialect = { 'draft-04': Draft04, 'draft-06': Ajv, 'draft-07': Ajv, '2019-09': Ajv2019, '2020-12': Ajv2020 }
    instances.set(dialect, (ajv = new Dialect[dialect]({ validateSchema: false })))
  }
  // Not getSchema, which would compile it.
  const known = ajv.schemas[uri] ?? ajv.refs[uri] ?? ajv.schemas[`${uri}#`] ?? ajv.refs[`${uri}#`]
  return typeof known === 'object' ? known.schema : undefined
}

/** Draft-07's meta-schema without what draft-07 added: that is draft-06's. */
function draft06(uri: string): unknown {
  const later = shipped('http://json-schema.org/draft-07/schema', 'draft-07') as { properties: Record<string, unknown> }
  const added = ['$comment', 'readOnly', 'writeOnly', 'contentMediaType', 'contentEncoding', 'if', 'then', 'else']
  const properties = Object.fromEntries(Object.entries(later.properties).filter(([name]) => !added.includes(name)))
  return { ...later, $schema: `${uri}#`, $id: `${uri}#`, properties }
}
