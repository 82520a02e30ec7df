import { declarationRules } from './declaration-rules.js'
import { enumRules } from './enum-rules.js'
import { fieldCardinalityRules } from './field-cardinality-rules.js'
import { fieldRules } from './field-rules.js'
import { fieldTypeRules } from './field-type-rules.js'
import { fileRules } from './file-rules.js'
import { messageRules } from './message-rules.js'
import type { Rule } from './rule.js'
import { serviceRules } from './service-rules.js'

/** Every rule, by family. */
export const rules: readonly Rule[] = [
  ...fileRules,
  ...declarationRules,
  ...messageRules,
  ...fieldRules,
  ...fieldTypeRules,
  ...fieldCardinalityRules,
  ...enumRules,
  ...serviceRules,
]
