import type { JsonNode } from '../text/json-document.js'
import { javaDouble } from './java-number.js'

/** JSON as Java's printer writes it, which is the text that registries store and hash: no whitespace, keys as they came. */
export function jsonText(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
      return stringText(node.value)
    case 'number':
      return numberText(node.lexeme)
    case 'literal':
      return String(node.value)
    case 'array':
      return `[${node.items.map(jsonText).join(',')}]`
    case 'object':
      return objectText([...node.members.values()].map(({ key, value }) => [key.value, jsonText(value)]))
  }
}

/** An object of members that are texts already. */
export const objectText = (members: readonly (readonly [key: string, value: string])[]): string =>
  `{${members.map(([key, value]) => `${stringText(key)}:${value}`).join(',')}}`

export const isIntegerLexeme = (lexeme: string): boolean => /^-?\d+$/.test(lexeme)

const numberText = (lexeme: string): string =>
  isIntegerLexeme(lexeme) ? (lexeme === '-0' ? '0' : lexeme) : javaDouble(Number(lexeme))

const special = /["\\\u0000-\u001f]/g
const escapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

export const stringText = (text: string): string =>
  `"${text.replace(special, (c) => escapes[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)}"`

/** Whether a value holds an integer that 64 bits cannot, which Confluent's server does not keep. */
export function hasHugeInteger(node: JsonNode): boolean {
  switch (node.kind) {
    case 'array':
      return node.items.some(hasHugeInteger)
    case 'object':
      return [...node.members.values()].some(({ value }) => hasHugeInteger(value))
    case 'number':
      return isIntegerLexeme(node.lexeme) && !is64Bit(node.lexeme)
    default:
      return false
  }
}

const is64Bit = (lexeme: string) => BigInt.asIntN(64, BigInt(lexeme)) === BigInt(lexeme)
