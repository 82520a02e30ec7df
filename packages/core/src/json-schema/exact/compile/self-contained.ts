import type { JsonNode } from '../../../text/json-document.js'
import type { ExactDialect } from '../schema-document.js'
import { effectiveKeywords } from './effective-keywords.js'
import { shapeOf } from './keywords.js'

/** Keywords that give a schema a name, or lead to another by its name. */
const naming = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'id',
  '$id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
])

const known = new WeakMap<JsonNode, { dialect: ExactDialect; text: string | undefined }>()

/**
 * A text that is equal for schemas that mean the same wherever they stand: their keywords without annotations.
 * @returns undefined if it, or a schema inside of it, has an identifier or refers to another schema
 */
export function selfContainedText(node: JsonNode, dialect: ExactDialect): string | undefined {
  if (node.kind !== 'object') return plainText(node)
  let entry = known.get(node)
  if (entry?.dialect !== dialect) known.set(node, (entry = { dialect, text: schemaText(node, dialect) }))
  return entry.text
}

function schemaText(node: JsonNode & { kind: 'object' }, dialect: ExactDialect): string | undefined {
  let text = `${dialect}{`
  for (const [name, value] of effectiveKeywords(node, dialect)) {
    const inner = naming.has(name) ? undefined : keywordText(name, value, dialect)
    if (inner === undefined) return undefined
    text += `${name}:${inner},`
  }
  return `${text}}`
}

function keywordText(name: string, value: JsonNode, dialect: ExactDialect): string | undefined {
  const shape = shapeOf(name, dialect)
  if (shape === 'none') return plainText(value)
  let text = ''
  if (value.kind === 'array') {
    for (const item of value.items) {
      const inner = selfContainedText(item, dialect)
      if (inner === undefined) return undefined
      text += `${inner},`
    }
    return `[${text}]`
  }
  if (value.kind !== 'object' || (shape !== 'map' && shape !== 'map-or-names')) return selfContainedText(value, dialect)
  for (const [key, member] of value.members) {
    const inner = member.value.kind === 'array' ? plainText(member.value) : selfContainedText(member.value, dialect)
    if (inner === undefined) return undefined
    text += `${JSON.stringify(key)}:${inner},`
  }
  return `{${text}}`
}

function plainText(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${[...node.members].map(([key, { value }]) => `${JSON.stringify(key)}:${plainText(value)}`).join()}}`
    case 'array':
      return `[${node.items.map(plainText).join()}]`
    case 'number':
      return node.lexeme
    default:
      return JSON.stringify(node.value)
  }
}
