import type { Format, PrintForm } from '../schema/format.js'
import { printJson } from './canonical-text.js'
import { parse } from './parse.js'
import type { JsonSchema } from './schema.js'
import { canRead, diff } from './structural-verdict.js'
import { shapeOf } from './structural/load-shape.js'

export { dialectOf, dialects, type Dialect, type DialectId } from './dialect.js'
export { ReferenceIndex, type Place } from './reference-index.js'
export type { JsonSchema, SchemaResource } from './schema.js'
export { rules as structuralRules, type Rule as StructuralRule, type RuleId } from './structural/rules.js'

export const jsonSchema: Format<JsonSchema> = {
  type: 'JSON',
  parse,
  print: (schema: JsonSchema, form: PrintForm) => printJson(schema.root, { sortKeys: form === 'normalized' }),
  diff,
  canRead,
}

/**
 * The names that a schema of objects declares, without those of branches and references: what the protocol's
 * `validateFields` and its reserved names are about. Empty for every other schema.
 */
export function topLevelProperties(schema: JsonSchema): string[] {
  const { root } = shapeOf(schema)
  return root.kind === 'object' ? [...root.properties.keys()] : []
}
