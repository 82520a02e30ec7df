import type { Reference } from '../schema/source.js'
import type { JsonNode } from '../text/json-document.js'
import type { Dialect } from './dialect.js'

/** One JSON document that schemas are in: the registered text itself or one that it refers to. */
export interface SchemaResource {
  /** Its absolute URI, as far as there is a base: the reference's name resolved; of the root its `$id`, or empty. */
  readonly uri: string
  readonly text: string
  /** With positions in `text`. */
  readonly root: JsonNode
  readonly dialect: Dialect
}

/** A parsed JSON Schema with everything that it can refer to. Immutable; nothing is ever fetched. */
export interface JsonSchema extends SchemaResource {
  readonly references: readonly Reference[]
  /**
   * Documents of the registered references, those that they refer to included: by name as it is spelled, and by what
   * the name resolves to in the document that refers.
   */
  readonly resources: ReadonlyMap<string, SchemaResource>
}
