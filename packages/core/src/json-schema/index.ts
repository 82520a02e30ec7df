import type { Format, PrintForm } from '../schema/format.js'
import { printJson } from './canonical-text.js'
import { parse } from './parse.js'
import type { JsonSchema } from './schema.js'

export { dialectOf, dialects, type Dialect, type DialectId } from './dialect.js'
export { ReferenceIndex, type Place } from './reference-index.js'
export type { JsonSchema, SchemaResource } from './schema.js'

export const jsonSchema: Format<JsonSchema> = {
  type: 'JSON',
  parse,
  print: (schema: JsonSchema, form: PrintForm) => printJson(schema.root, { sortKeys: form === 'normalized' }),
  diff: () => [],
  canRead: () => ({ outcome: 'undecided', changes: [], reason: 'not compared yet' }),
}
