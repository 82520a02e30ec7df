import type { SchemaDocument } from './schema-document.js'
import type { Budget } from '../../schema/format.js'

export interface ExactOptions {
  /** `EXACT`: every instance of the writer. `TOLERANT`: only those without undeclared properties. */
  policy: 'EXACT' | 'TOLERANT'
  budget?: Budget
  /** Treat `format` as an assertion; by default it is an annotation. */
  assertFormats?: boolean
  /** False: the verdict alone counts, so the witness is neither minimised nor confirmed by ajv. Default true. */
  witness?: boolean
}

/** A keyword of a schema text. Offsets are UTF-16 code units into the text of `resource` (absent: the main text). */
export interface KeywordLocation {
  resource?: string
  /** JSON pointer to the keyword, `''` for a schema that is `false` at the root. */
  pointer: string
  keyword: string
  start: number
  end: number
}

export interface ExactWitness {
  /** The message as a JSON value; numbers rounded to doubles. */
  value: unknown
  /** The message as JSON text, numbers exact. */
  text: string
  /** Where in the message the reader stumbles, as a JSON pointer. */
  instancePath: string
  /** The reader's keyword that rejects it. */
  at: KeywordLocation
  /** What the reader says, in one sentence. */
  failure: string
  /** Who rejected it: `ajv 8.20.0`, or why the engine's own evaluator alone decides. */
  confirmedBy: string
}

export type ExactVerdict =
  | { outcome: 'compatible' }
  | { outcome: 'incompatible'; witness: ExactWitness }
  | { outcome: 'undecided'; reason: string }

export type Decide = (reader: SchemaDocument, writer: SchemaDocument, options: ExactOptions) => ExactVerdict
