import type { JsonNode } from '../../text/json-document.js'
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
function detail({ rule, path, original, update }: Difference): string {
  if (rule.endsWith('_CONTENT_MODEL') || rule.startsWith('REQUIRED_') || rule.startsWith('DEPENDENCY_')) {
    return `: ${JSON.stringify(path.slice(path.lastIndexOf('/') + 1))}`
  }
  if (rule.startsWith('ENUM_ARRAY')) return enumDetail(original, update)
  const writer = shown(original, rule.endsWith('_ADDED') && !rule.endsWith('_TYPE_ADDED'))
  const reader = shown(update, rule.endsWith('_REMOVED'))
  return writer === undefined && reader === undefined
    ? ''
    : ` (writer: ${writer ?? 'a schema'}, reader: ${reader ?? 'a schema'})`
}

function shown(node: JsonNode | undefined, absent: boolean): string | undefined {
  if (absent) return 'none'
  if (!node || node.kind === 'object') return undefined
  const text = printJson(node, { sortKeys: false })
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

function enumDetail(original: JsonNode | undefined, update: JsonNode | undefined): string {
  if (original?.kind !== 'array' || update?.kind !== 'array') return pairDetail(original, update)
  const texts = (items: readonly JsonNode[]) => items.map((item) => printJson(item, { sortKeys: true }))
  const known = new Set(texts(update.items))
  const missing = texts(original.items).filter((text) => !known.has(text))
  const list = missing.join(', ')
  const cut = list.length > 2 * longestShown ? `${list.slice(0, 2 * longestShown)}…` : list
  return missing.length === 0 ? '' : `: ${cut}`
}

function pairDetail(original: JsonNode | undefined, update: JsonNode | undefined): string {
  return ` (writer: ${shown(original, false) ?? 'an object'}, reader: ${shown(update, false) ?? 'an object'})`
}
