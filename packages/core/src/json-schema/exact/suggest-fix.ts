import { type JsonNode, type JsonObject, parseJson } from '../../text/json-document.js'
import { addItem, addMember, applyEdits, removeItem, removeMember, replaceNode, type TextEdit } from '../text-edit.js'
import { decide } from './decide.js'
import type { ExactOptions, ExactVerdict, ExactWitness } from './exact-verdict.js'
import type { SchemaDocument } from './schema-document.js'
import { type ExactValue, exactValue, isObject, sameValue, toText, typeBit, typeOf } from './values/exact-value.js'

export interface SuggestedFix {
  /** What to change in the reader, one sentence per change. */
  advice: string[]
  /** The reader's text after the changes: proved to read everything that the writer writes. */
  text: string
}

interface Change {
  advice: string
  edit: TextEdit
}

const maxChanges = 6
const maxShown = 60

/**
 * What to change in the reader so that the break is gone, found by following the counterexamples: each names the
 * keyword that rejects it, that keyword is relaxed as little as possible, and the question is asked again. Undefined
 * if no few small changes lead to a proof, or the break is in a referenced text.
 * @param text the reader's text, which the offsets of `reader.root` refer to
 */
export function suggestFix(
  reader: SchemaDocument,
  text: string,
  writer: SchemaDocument,
  verdict: ExactVerdict,
  options: ExactOptions,
): SuggestedFix | undefined {
  const advice: string[] = []
  let current = { ...reader }
  let currentText = text
  let answer = verdict
  while (answer.outcome === 'incompatible' && advice.length < maxChanges) {
    const change = relax(current.root, writer.root, answer.witness)
    if (!change) return undefined
    advice.push(change.advice)
    currentText = applyEdits(currentText, [change.edit])
    current = { ...reader, root: parseJson(currentText).root }
    answer = decide(current, writer, options)
  }
  return answer.outcome === 'compatible' && advice.length > 0
    ? { advice: [...new Set(advice)], text: currentText }
    : undefined
}

interface Break {
  keyword: string
  node: JsonNode
  holder: JsonObject
  /** What the writer's schema has in the same place. */
  writers: JsonNode | undefined
  value: ExactValue
  /** The key or index of the value in the message. */
  name: string | undefined
}

/** The smallest change that lets one message pass at the keyword that rejected it. */
function relax(root: JsonNode, writer: JsonNode, { at, text, instancePath }: ExactWitness): Change | undefined {
  if (at.resource !== undefined) return undefined
  const tokens = tokensOf(at.pointer)
  const steps = tokensOf(instancePath)
  const keyword = tokens.at(-1)
  const holder = nodeAt(root, tokens.slice(0, -1))
  const value = valueAt(exactValue(parseJson(text).root), steps)
  const node = nodeAt(root, tokens)
  if (keyword === undefined || holder?.kind !== 'object' || !node || value === undefined) return undefined
  const writers = nodeAt(writer, tokens.slice(0, -1))
  const found = { keyword, node, holder, writers, value, name: steps.at(-1) }
  const special = Object.hasOwn(relaxations, keyword) ? relaxations[keyword](found) : undefined
  const change = special ?? restore(found) ?? drop(found)
  const where = tokens.length > 1 ? ` (at ${at.pointer.slice(0, at.pointer.lastIndexOf('/'))})` : ''
  return change && { ...change, advice: change.advice + where }
}

const relaxations: Record<string, (found: Break) => Change | undefined> = {
  required: ({ node, value }) => {
    if (node.kind !== 'array' || !isObject(value)) return undefined
    const index = node.items.findIndex((item) => item.kind === 'string' && !value.has(item.value))
    const edit = index < 0 ? undefined : removeItem(node, index)
    return edit && { advice: `take ${shown(exactValue(node.items[index]))} out of "required"`, edit }
  },
  enum: ({ node, value }) =>
    node.kind === 'array'
      ? { advice: `keep ${shown(value)} in the enum`, edit: addItem(node, toText(value)) }
      : undefined,
  const: ({ node, value, holder }) => {
    const edit = holder.members.has('enum') ? undefined : enumInsteadOfConst(node, value, holder)
    return edit && { advice: `allow ${shown(value)} beside the constant, by an enum`, edit }
  },
  type: ({ node, value, writers, holder }) => {
    // Where the writer leaves everything open, one type more is not enough.
    if (!writers) return replaceConstraints(holder)
    const names = [...typeNames(node), typeName(value)]
    const types = names.includes('number') ? names.filter((name) => name !== 'integer') : names
    const edit = replaceNode(node, JSON.stringify([...new Set(types)]))
    return { advice: `allow ${typeName(value)} as a type, too`, edit }
  },
  additionalProperties: ({ node, holder, writers, name = '' }) => {
    const declared = memberOf(memberOf(writers, 'properties'), name)
    const properties = memberOf(holder, 'properties')
    if (declared && properties?.kind === 'object') {
      const advice = `keep ${JSON.stringify(name)} among the properties`
      return { advice, edit: addMember(properties, name, toText(exactValue(declared))) }
    }
    return { advice: 'allow additional properties', edit: replaceNode(node, 'true') }
  },
}

function restore({ keyword, node, writers }: Break): Change | undefined {
  const before = memberOf(writers, keyword)
  if (!before || sameValue(exactValue(before), exactValue(node))) return undefined
  const text = toText(exactValue(before))
  return { advice: `set "${keyword}" back to ${shown(exactValue(before))}`, edit: replaceNode(node, text) }
}

function replaceConstraints(holder: JsonObject): Change {
  return { advice: 'leave the value unconstrained ({}), as the writer does', edit: replaceNode(holder, '{}') }
}

function drop({ holder, keyword }: Break): Change | undefined {
  const edit = removeMember(holder, keyword)
  return edit && { advice: `drop "${keyword}"`, edit }
}

function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.get(name)?.value : undefined
}

function enumInsteadOfConst(node: JsonNode, value: ExactValue, holder: JsonObject): TextEdit | undefined {
  const member = holder.members.get('const')
  if (!member) return undefined
  const values = `${toText(exactValue(node))}, ${toText(value)}`
  return { start: member.key.start, end: member.value.end, text: `"enum": [${values}]` }
}

function typeNames(node: JsonNode): string[] {
  const nodes = node.kind === 'array' ? node.items : [node]
  return nodes.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
}

function typeName(value: ExactValue): string {
  const type = typeOf(value)
  if (type === typeBit.fraction) return 'number'
  return Object.entries(typeBit).find(([, bit]) => bit === type)![0]
}

function shown(value: ExactValue): string {
  const text = toText(value)
  return text.length <= maxShown ? text : `${text.slice(0, maxShown)}…`
}

function tokensOf(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function nodeAt(root: JsonNode, tokens: readonly string[]): JsonNode | undefined {
  let node: JsonNode | undefined = root
  for (const token of tokens) {
    if (node?.kind === 'object') node = node.members.get(token)?.value
    else if (node?.kind === 'array') node = node.items[Number(token)]
    else return undefined
  }
  return node
}

function valueAt(value: ExactValue, tokens: readonly string[]): ExactValue | undefined {
  let part: ExactValue | undefined = value
  for (const token of tokens) {
    if (part !== undefined && isObject(part)) part = part.get(token)
    else if (Array.isArray(part)) part = (part as readonly ExactValue[])[Number(token)]
    else return undefined
  }
  return part
}
