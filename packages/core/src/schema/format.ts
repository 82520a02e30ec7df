import type { ReferenceResolver, SchemaSource, SchemaType } from './source.js'
import type { Change, Verdict } from './verdict.js'

/**
 * Whose rules decide. `STRICT` and `LENIENT` give Confluent's verdicts, rule for rule; `EXACT` the truth;
 * `TOLERANT` (JSON Schema) the truth about producers with generated bindings; the last four (Protobuf) are buf's.
 */
export type Policy = 'STRICT' | 'LENIENT' | 'EXACT' | 'TOLERANT' | 'WIRE' | 'WIRE_JSON' | 'PACKAGE' | 'FILE'

/** `strict`: the format's own specification. `confluent`: what Confluent's server accepts, for migrations. */
export type Validation = 'strict' | 'confluent'

export interface ParseOptions {
  validation: Validation
  /** False for a schema that is stored already: rules for new schemas only are not applied to it. */
  asNew: boolean
}

export const parseNew: ParseOptions = { validation: 'strict', asNew: true }
export const parseStored: ParseOptions = { validation: 'confluent', asNew: false }

/** An upper bound on work, counted in steps of the engine and not in time, so that equal input gets equal answers. */
export interface Budget {
  steps: number
}

export const defaultBudget: Budget = { steps: 200_000 }

export interface CanReadOptions {
  policy: Policy
  budget?: Budget
  /** Leave the search for a message out where only the verdict counts; default true. */
  witness?: boolean
}

/**
 * Texts that a schema can be shown as. `canonical` is what is stored and hashed, `normalized` what is stored under
 * `normalize=true`; the others are the protocol's `format` parameter. A form that a format does not have prints as canonical.
 */
export type PrintForm = 'canonical' | 'normalized' | 'resolved' | 'serialized' | 'ignore_extensions'

/** All that Concordat knows about one schema language. `S` is the parsed schema: immutable, references resolved. */
export interface Format<S> {
  readonly type: SchemaType
  /** @throws InvalidSchema */
  parse(source: SchemaSource, resolve: ReferenceResolver, options: ParseOptions): S
  print(schema: S, form: PrintForm): string
  /** What changed, in the order of the newer text. */
  diff(older: S, newer: S): Change[]
  canRead(reader: S, writer: S, options: CanReadOptions): Verdict
}
