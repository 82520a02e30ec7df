import type { MessageValue, OptionNode, ScalarValue, Value } from '../syntax/tree.js'
import { escapeString, indent } from './text.js'

export function printOptionStatement(option: OptionNode): string {
  return `option ${printAssignment(option)};\n`
}

/** Nothing, one option on the line, or one option per line. */
export function printCompactOptions(options: OptionNode[]): string {
  const [first] = options
  if (!first) return ''
  if (options.length === 1) return ` [${printAssignment(first)}]`
  return ` [\n${indent(options.map(printAssignment).join(',\n'))}]`
}

function printAssignment({ name, value }: OptionNode): string {
  const path = name.map((part) => (part.extension ? `(${part.name})` : part.name)).join('.')
  return `${path} = ${printValue(value)}`
}

function printValue(value: Value): string {
  switch (value.kind) {
    case 'message':
      return printMessageValue(value)
    case 'list':
      return printSoleItem(value.items) ?? printList(value.items)
    default:
      return printScalar(value)
  }
}

/** A single scalar stays on the line if the list is the option's own value; inside of a message it does not. */
function printSoleItem(items: Value[]): string | undefined {
  const [only] = items
  return items.length === 1 && only && only.kind !== 'message' ? `[${printValue(only)}]` : undefined
}

function printList(items: Value[]): string {
  return items.length > 0 ? `[\n${indent(items.map(printValue).join(',\n'))}]` : '[\n]'
}

function printMessageValue({ entries }: MessageValue): string {
  const byName = new Map<string, Value>()
  for (const { name, bracketed, value } of entries) {
    const key = bracketed ? `[${name}]` : name
    const earlier = byName.get(key)
    byName.set(key, earlier ? append(earlier, value) : value)
  }
  const lines = Array.from(
    byName,
    ([name, value]) => `${name}: ${value.kind === 'list' ? printList(value.items) : printValue(value)}`,
  )
  return `{\n${indent(lines.join(',\n'))}}`
}

/** A field that is given several times is printed as one list. */
function append(earlier: Value, value: Value): Value {
  const items = [earlier, value].flatMap((part) => (part.kind === 'list' ? part.items : [part]))
  return { kind: 'list', at: earlier.at, end: value.end, items }
}

function printScalar(value: ScalarValue): string {
  if (value.kind !== 'string') return value.text
  return `"${value.bytes ? escapeExactBytes(value.bytes) : escapeString(value.text)}"`
}

/** Bytes that are no text, in escapes that every parser reads back. */
function escapeExactBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? escapeString(String.fromCharCode(byte)) : `\\${byte.toString(8).padStart(3, '0')}`,
  ).join('')
}
