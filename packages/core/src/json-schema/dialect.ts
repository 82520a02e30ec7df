import type { JsonNode } from '../text/json-document.js'

export type DialectId = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12'

/** What distinguishes the five published versions of JSON Schema, as far as more than one part of the core needs it. */
export interface Dialect {
  readonly id: DialectId
  /** URI of the meta-schema, without fragment. */
  readonly metaSchema: string
  /** Keyword that names a schema: `id` in draft-04, `$id` since. */
  readonly idKeyword: 'id' | '$id'
  /** Keyword under which definitions are kept by convention of this version. */
  readonly definitionsKeyword: 'definitions' | '$defs'
  /** Until draft-07 a `$ref` hides all keywords beside it. */
  readonly refHidesSiblings: boolean
}

const uri = 'json-schema.org/'

export const dialects: Readonly<Record<DialectId, Dialect>> = {
  'draft-04': {
    id: 'draft-04',
    metaSchema: `http://${uri}draft-04/schema`,
    idKeyword: 'id',
    definitionsKeyword: 'definitions',
    refHidesSiblings: true,
  },
  'draft-06': {
    id: 'draft-06',
    metaSchema: `http://${uri}draft-06/schema`,
    idKeyword: '$id',
    definitionsKeyword: 'definitions',
    refHidesSiblings: true,
  },
  'draft-07': {
    id: 'draft-07',
    metaSchema: `http://${uri}draft-07/schema`,
    idKeyword: '$id',
    definitionsKeyword: 'definitions',
    refHidesSiblings: true,
  },
  '2019-09': {
    id: '2019-09',
    metaSchema: `https://${uri}draft/2019-09/schema`,
    idKeyword: '$id',
    definitionsKeyword: '$defs',
    refHidesSiblings: false,
  },
  '2020-12': {
    id: '2020-12',
    metaSchema: `https://${uri}draft/2020-12/schema`,
    idKeyword: '$id',
    definitionsKeyword: '$defs',
    refHidesSiblings: false,
  },
}

export const defaultDialect = dialects['draft-07']

/** The dialect whose meta-schema a URI names; `http` and `https`, with or without fragment, are taken alike. */
export function dialectOfUri(metaSchema: string): Dialect | undefined {
  const bare = metaSchema.replace(/^https?:\/\//, '').replace(/#.*$/, '')
  return Object.values(dialects).find((dialect) => dialect.metaSchema.replace(/^https?:\/\//, '') === bare)
}

/** The dialect a schema is written in, by its `$schema`. Absent or of another vocabulary: draft-07. */
export function dialectOf(root: JsonNode): Dialect {
  const declared = root.kind === 'object' ? root.members.get('$schema')?.value : undefined
  return (declared?.kind === 'string' ? dialectOfUri(declared.value) : undefined) ?? defaultDialect
}
