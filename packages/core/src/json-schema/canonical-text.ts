import type { JsonNode } from '../text/json-document.js'
import { parseDecimal, printDecimal } from './decimal.js'

export interface PrintOptions {
  /** Sort keys by UTF-16 code unit, at every level. */
  sortKeys: boolean
}

/**
 * The text that is stored and hashed: no whitespace, escapes resolved where JSON allows it, numbers as exact decimals.
 * Key order stays unless it is to be normalized. Byte for byte what Confluent's server stores for the same schema.
 */
export function printJson(node: JsonNode, options: PrintOptions): string {
  switch (node.kind) {
    case 'object': {
      const keys = [...node.members.keys()]
      if (options.sortKeys) keys.sort()
      const members = keys.map((key) => {
        const member = node.members.get(key)
        return `${printString(key)}:${member ? printJson(member.value, options) : ''}`
      })
      return `{${members.join(',')}}`
    }
    case 'array':
      return `[${node.items.map((item) => printJson(item, options)).join(',')}]`
    case 'string':
      return printString(node.value)
    case 'number':
      return printNumber(node.lexeme)
    default:
      return String(node.value)
  }
}

function printNumber(lexeme: string): string {
  return /^(0|-?[1-9]\d*)$/.test(lexeme) ? lexeme : printDecimal(parseDecimal(lexeme))
}

const shortEscapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function printString(value: string): string {
  const escaped = value.replace(
    /["\\\u0000-\u001f]/g,
    (char) => shortEscapes[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
  return `"${escaped}"`
}
