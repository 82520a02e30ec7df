/**
 * What `EXACT` demands of a reader. Each relation contains the one before: a value that cannot be decoded is not
 * decoded without loss, and a value that is damaged does not keep its meaning.
 */
export type Relation = 'decodes' | 'lossless' | 'meaning'

export const relations: readonly Relation[] = ['decodes', 'lossless', 'meaning']

/** The rules of `EXACT`, and the relation that a breach of each one ends. */
export const exactRules = {
  TYPE_MISMATCH: 'decodes',
  NAME_MISMATCH: 'decodes',
  FIXED_SIZE_MISMATCH: 'decodes',
  MISSING_ENUM_SYMBOLS: 'decodes',
  MISSING_UNION_BRANCH: 'decodes',
  READER_FIELD_MISSING_DEFAULT_VALUE: 'decodes',
  READER_DEFAULT_INVALID: 'decodes',
  AMBIGUOUS_ALIAS: 'decodes',
  NUMBER_ROUNDED: 'lossless',
  TEXT_DAMAGED: 'lossless',
  ENUM_SYMBOL_REPLACED: 'lossless',
  DECIMAL_MISMATCH: 'meaning',
  LOGICAL_TYPE_MISMATCH: 'meaning',
} as const satisfies Record<string, Relation>

export type ExactRule = keyof typeof exactRules
