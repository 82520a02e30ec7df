import type { JsonNode } from '../../text/json-document.js'

/** The JSON Schema dialects that are decided exactly. */
export type ExactDialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12'

/** A schema that others refer to by URI. */
export interface SchemaResource {
  /** Under which `$ref` finds it (absolute, or as the referring text spells it). */
  uri: string
  /** Applies unless the text names another in `$schema`. */
  dialect: ExactDialect
  root: JsonNode
}

/**
 * What the exact engine needs to know of one schema: the text with number lexemes and offsets, and everything its
 * references reach. Treat as immutable: compiled forms are cached by identity.
 */
export interface SchemaDocument {
  dialect: ExactDialect
  root: JsonNode
  resources: readonly SchemaResource[]
}
