import type { JsonArray, JsonNode } from '../../text/json-document.js'
import { printJson } from '../canonical-text.js'
import type { Difference } from './comparison.js'
import { rules, type Rule } from './rules.js'

/** Longer values are cut in messages. */
const longestShown = 60

/** What the difference is, in one sentence about reader and writer. */
export function describeDifference(difference: Difference): string {
  const { purpose }: Rule = rules[difference.rule]
  return `${purpose}${detail(difference)}`
}

/** The same with what to change. */
export function describeBreak(difference: Difference): string {
  const { advice }: Rule = rules[difference.rule]
  return `${describeDifference(difference)}${advice ? `. To keep it readable, ${advice}` : ''}`
}

/** The values that differ where they are short enough to help, else the name of the property or position. */
function detail(difference: Difference): string {
  const { rule, path, original, update, former, holder } = difference
  if (rule.endsWith('_CONTENT_MODEL') || rule.startsWith('REQUIRED_') || rule.startsWith('DEPENDENCY_')) {
    return `: ${JSON.stringify(path.slice(path.lastIndexOf('/') + 1))}`
  }
  if (rule.startsWith('ENUM_ARRAY') && original?.kind === 'array' && update?.kind === 'array') {
    return missingValues(original, update)
  }
  if (rule === 'COMBINED_TYPE_CHANGED') return ''
  // A keyword that is absent stands for the schema that lacks it.
  const writer = shown(original, original === former)
  const reader = shown(update, update === holder)
  return writer === reader ? '' : ` (writer: ${writer}, reader: ${reader})`
}

function shown(node: JsonNode | undefined, absent: boolean): string {
  if (!node || absent) return 'none'
  if (node.kind === 'object') return 'a schema'
  const text = printJson(node, { sortKeys: false })
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

function missingValues(original: JsonArray, update: JsonArray): string {
  const texts = (items: readonly JsonNode[]) => items.map((item) => printJson(item, { sortKeys: true }))
  const known = new Set(texts(update.items))
  const list = texts(original.items)
    .filter((text) => !known.has(text))
    .join(', ')
  const cut = list.length > 2 * longestShown ? `${list.slice(0, 2 * longestShown)}…` : list
  return list === '' ? '' : `: ${cut}`
}
