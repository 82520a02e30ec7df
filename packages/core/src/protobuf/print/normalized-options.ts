import type { MessageEntry, MessageValue, OptionNode, ScalarValue, Value } from '../syntax/tree.js'
import { parseInteger } from '../syntax/token-reader.js'
import type { KnownNames } from './known-names.js'

const nowhere = { at: -1, end: -1 }

/** Marks a message that stands for the dots of a name: it is merged, where two written ones are two values. */
const fromPath = -2

/** Options by name; what sets parts of one option (`(x).a = 1`, `(x).b = 2`) becomes one message value. */
export function normalizeOptions(nodes: OptionNode[], scope: string, names: KnownNames): OptionNode[] {
  const merged = new Map<string, OptionNode>()
  const result: OptionNode[] = []
  for (const node of nodes) {
    const [first, ...path] = node.name
    if (!first?.extension) {
      result.push(isDefault(node) ? { ...node, value: tidy(node.value) } : { ...node })
      continue
    }
    const extension = names.extension(first.name, scope)
    const name = extension?.name ?? first.name
    const value = path.reduceRight<Value>((inner, part) => {
      const entry: MessageEntry = { ...nowhere, name: part.name, bracketed: part.extension, value: inner }
      return { kind: 'message', at: fromPath, end: fromPath, entries: [entry] }
    }, node.value)
    const option: OptionNode = { ...node, name: [{ ...first, name }], value }
    const earlier = extension && !extension.repeated ? merged.get(name) : undefined
    if (earlier) {
      earlier.value = mergeValues(earlier.value, value)
    } else {
      result.push(option)
      merged.set(extension && !extension.repeated ? name : `${result.length} ${name}`, option)
    }
  }
  for (const option of merged.values()) option.value = tidy(option.value)
  return result.sort((a, b) => compare(nameOf(a), nameOf(b)))
}

const isDefault = ({ name }: OptionNode) => name.length === 1 && name[0]?.name === 'default'

const nameOf = ({ name }: OptionNode) => name.map((part) => part.name).join('.')

/** Messages are put together, of anything else the later one counts. */
function mergeValues(earlier: Value, later: Value): Value {
  if (earlier.kind !== 'message' || later.kind !== 'message') return later
  const entries = [...earlier.entries]
  for (const entry of later.entries) {
    const index = entries.findIndex(({ name, bracketed }) => name === entry.name && bracketed === entry.bracketed)
    const known = entries[index]
    if (!known) entries.push(entry)
    else entries[index] = { ...known, value: mergeEntries(known.value, entry.value) }
  }
  return { ...earlier, entries }
}

function mergeEntries(earlier: Value, later: Value): Value {
  const isPath = earlier.at === fromPath || later.at === fromPath
  if (isPath && earlier.kind === 'message' && later.kind === 'message') return mergeValues(earlier, later)
  const items = [earlier, later].flatMap((value) => (value.kind === 'list' ? value.items : [value]))
  return { kind: 'list', ...nowhere, items }
}

/** Fields by name, lists of one without brackets, numbers in their shortest form. */
function tidy(value: Value): Value {
  switch (value.kind) {
    case 'message':
      return tidyMessage(value)
    case 'list': {
      const items = value.items.map(tidy)
      const [only] = items
      return items.length === 1 && only ? only : { ...value, items }
    }
    case 'number':
      return { ...value, text: tidyNumber(value) }
    default:
      return value
  }
}

function tidyMessage(value: MessageValue): MessageValue {
  const byName = new Map<string, MessageEntry>()
  for (const entry of value.entries) {
    const key = entry.bracketed ? `[${entry.name}]` : entry.name
    const known = byName.get(key)
    byName.set(key, known ? { ...known, value: listOf(known.value, entry.value) } : entry)
  }
  const entries = [...byName]
    .sort(([a], [b]) => compare(a, b))
    .map(([, entry]) => ({ ...entry, value: tidy(entry.value) }))
  return { ...value, entries }
}

function listOf(earlier: Value, later: Value): Value {
  const items = [earlier, later].flatMap((value) => (value.kind === 'list' ? value.items : [value]))
  return { kind: 'list', ...nowhere, items }
}

/** In decimal digits, without an exponent. */
function tidyNumber({ text }: ScalarValue): string {
  const [, sign = '', digits = ''] = /^(-?)(.*)$/.exec(text) ?? []
  if (/^(0[xX][0-9a-fA-F]+|[0-9]+)$/.test(digits)) return sign + String(parseInteger(digits))
  const match = /^([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$/.exec(digits)
  if (!match) return text
  const [, whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  if (Math.abs(shift) > 400) return text
  const all = (whole + fraction).padEnd(whole.length + shift, '0')
  const point = whole.length + shift
  const padded = point <= 0 ? '0'.repeat(1 - point) + all : all
  const at = Math.max(point, 1)
  const before = padded.slice(0, at).replace(/^0+(?=[0-9])/, '')
  const after = padded.slice(at).replace(/0+$/, '')
  return `${sign}${before}${after ? `.${after}` : ''}`
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
