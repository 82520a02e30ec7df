export { decide } from './decide.js'
export type { ExactOptions, ExactVerdict, ExactWitness, KeywordLocation } from './exact-verdict.js'
export type { ExactDialect, SchemaDocument, SchemaResource } from './schema-document.js'
export { type SuggestedFix, suggestFix } from './suggest-fix.js'
