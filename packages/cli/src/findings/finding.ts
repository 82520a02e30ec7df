/** One result of `concordat check`: what is wrong, where, what to do. All output formats are made from it. */
export interface Finding {
  severity: 'error' | 'warning'
  /** Stable id: a compatibility rule, or one of `findingRules`. */
  rule: string
  message: string
  subject?: string
  /** Relative to the working folder. */
  file?: string
  line?: number
  column?: number
  /** Where in the schema. */
  path?: string
  fix?: string
  /** A message that would break a reader. */
  witness?: { value: unknown; failure: string }
}

/** Findings that are not compatibility rules. The ids are public. */
export const findingRules = {
  INVALID_SCHEMA: 'the schema text breaks the rules of its format',
  UNDECIDED: 'compatibility could not be decided within the budget',
  HIDDEN_BREAK: 'the enforced policy lets a change through that breaks a reader',
  OUT_OF_DATE: 'generated code differs from what `concordat generate` would write',
  EDITED: 'a vendored schema or generated file was changed by hand',
  NOT_PULLED: 'the lock has no entry for a configured subject',
} as const

export type FindingRule = keyof typeof findingRules
