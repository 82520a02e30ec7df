import type { CanReadOptions } from '../schema/format.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import type { Break } from '../schema/verdict.js'
import type { JsonNode, JsonObject } from '../text/json-document.js'
import { stringText } from './json-text.js'
import { parseAvro } from './parse.js'
import type { AvroSchema, AvroType, Field } from './schema.js'
import { schemaJson } from './schema-json.js'
import { describeType, isNamed, positionIn, primitiveKinds } from './schema.js'

/** What is needed of a fault to mend it: every check of the two policies gives these. */
export interface Fixable {
  rule: string
  path: readonly string[]
  message: string
  reader: AvroType
  writer: AvroType
  field?: Field
}

/** A change of the reader's text: the piece from `start` to `end` (offsets) becomes `text`. */
interface Edit {
  advice: string
  start: number
  end: number
  text: string
}

/** Each suggestion costs a parse and a check, so only the first breaks get one. */
const maximumFixes = 3

/**
 * Makes breaks of faults, the first of them with advice how to change the reader. Advice is only given after it was
 * tried: the changed text is parsed, and `again` no longer finds the fault.
 */
export function withFixes(
  faults: readonly Fixable[],
  reader: AvroSchema,
  writer: AvroSchema,
  options: CanReadOptions,
  again: (edited: AvroSchema) => readonly Fixable[] | undefined,
): Break[] {
  const root = options.witness === false ? undefined : schemaJson(reader.source.text)
  return faults.map((fault, index): Break => {
    const { rule, path, message, field } = fault
    const edit = root && index < maximumFixes ? editFor(fault, reader, root) : undefined
    const fix = edit && helps(edit, fault, faults.length, reader, again) ? edit.advice : undefined
    const at = { reader: positionIn(reader, (field ?? fault.reader).at), writer: positionIn(writer, fault.writer.at) }
    return { rule, path: `/${path.join('/')}`, message, ...(fix && { fix }), at }
  })
}

function helps(
  edit: Edit,
  fault: Fixable,
  before: number,
  reader: AvroSchema,
  again: (edited: AvroSchema) => readonly Fixable[] | undefined,
): boolean {
  const { text } = reader.source
  const edited = { ...reader.source, text: text.slice(0, edit.start) + edit.text + text.slice(edit.end) }
  try {
    const rest = again(parseAvro(edited, reader.resolve, { validation: reader.validation, asNew: true }))
    const path = fault.path.join('/')
    return (
      !!rest &&
      rest.length < before &&
      !rest.some((other) => other.rule === fault.rule && other.path.join('/') === path)
    )
  } catch (error) {
    if (error instanceof InvalidSchema) return false
    throw error
  }
}

function editFor(fault: Fixable, reader: AvroSchema, root: JsonNode): Edit | undefined {
  const place = (fault.field ?? fault.reader).at
  const node = place.text === reader.source.text ? nodeAt(root, place.offset) : undefined
  return node && edits[fault.rule]?.(fault, node)
}

type Editor = (fault: Fixable, node: JsonNode) => Edit | undefined

const edits: Record<string, Editor | undefined> = {
  READER_FIELD_MISSING_DEFAULT_VALUE: addDefault,
  READER_DEFAULT_INVALID: addDefault,
  NAME_MISMATCH({ reader, writer }, node) {
    if (!isNamed(writer)) return undefined
    const advice = `add the alias ${JSON.stringify(writer.name.full)} to the reader's ${describeType(reader)}`
    return append(node, 'aliases', [stringText(writer.name.full)], advice)
  },
  FIXED_SIZE_MISMATCH({ reader, writer }, node) {
    const size = node.kind === 'object' ? node.members.get('size')?.value : undefined
    if (!size || writer.kind !== 'fixed') return undefined
    return replace(size, String(writer.size), `give the reader's ${describeType(reader)} the size ${writer.size}`)
  },
  MISSING_ENUM_SYMBOLS: addSymbols,
  ENUM_SYMBOL_REPLACED: addSymbols,
  TYPE_MISMATCH: writersType,
  NUMBER_ROUNDED(fault, node) {
    return fault.writer.kind === 'int'
      ? replace(node, '"double"', 'make the reader\'s type "double"')
      : writersType(fault, node)
  },
  TEXT_DAMAGED: writersType,
  MISSING_UNION_BRANCH({ reader, writer }, node) {
    if (reader.kind !== 'union' || node.kind !== 'array' || !isPrimitive(writer)) return undefined
    const text = `${node.items.length > 0 ? ', ' : ''}${stringText(writer.kind)}`
    return insert(node.end - 1, text, `add the branch "${writer.kind}" to the reader's union`)
  },
  LOGICAL_TYPE_MISMATCH: writersMeaning,
  DECIMAL_MISMATCH: writersMeaning,
  AMBIGUOUS_ALIAS({ field }, node) {
    const aliases = node.kind === 'object' ? node.members.get('aliases')?.value : undefined
    return aliases && replace(aliases, '[]', `remove the aliases of the reader's field ${field?.name}`)
  },
}

function addDefault({ field }: Fixable, node: JsonNode): Edit | undefined {
  const value = field && simplestDefault(field.type)
  if (!field || value === undefined || node.kind !== 'object') return undefined
  const given = node.members.get('default')?.value
  const advice = `give the reader's field ${field.name} a default, such as ${value}`
  return given ? replace(given, value, advice) : insert(node.end - 1, `, "default": ${value}`, advice)
}

function addSymbols({ reader, writer }: Fixable, node: JsonNode): Edit | undefined {
  if (reader.kind !== 'enum' || writer.kind !== 'enum') return undefined
  const known = new Set(reader.symbols)
  const missing = writer.symbols.filter((symbol) => !known.has(symbol))
  const advice = `add ${missing.join(', ')} to the symbols of the reader's ${describeType(reader)}`
  return append(node, 'symbols', missing.map(stringText), advice)
}

function writersType({ reader, writer }: Fixable, node: JsonNode): Edit | undefined {
  if (writer.kind === 'null') {
    return insertAround(node, '["null", ', ']', `make the reader's ${describeType(reader)} a union with "null"`)
  }
  return isPrimitive(writer)
    ? replace(node, stringText(writer.kind), `make the reader's type "${writer.kind}"`)
    : undefined
}

function writersMeaning({ reader, writer }: Fixable, node: JsonNode): Edit | undefined {
  const logical = writer.logicalType
  if (!logical || reader.kind !== writer.kind || node.kind !== 'object' || isNamed(writer)) return undefined
  const { name, precision, scale } = logical
  const digits = precision === undefined ? '' : `, "precision": ${precision}, "scale": ${scale}`
  const text = `{"type": "${writer.kind}", "logicalType": "${name}"${digits}}`
  return replace(node, text, `make the reader's type ${text}`)
}

const isPrimitive = (type: AvroType) => (primitiveKinds as readonly string[]).includes(type.kind)

/** JSON of the plainest value of a type; `undefined` where there is none that is valid everywhere. */
function simplestDefault(type: AvroType): string | undefined {
  switch (type.kind) {
    case 'null':
      return 'null'
    case 'boolean':
      return 'false'
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return '0'
    case 'string':
    case 'bytes':
      return '""'
    case 'array':
      return '[]'
    case 'map':
      return '{}'
    case 'enum':
      return type.symbols[0] === undefined ? undefined : stringText(type.symbols[0])
    case 'union':
      return type.branches[0] && simplestDefault(type.branches[0])
    default:
      return undefined
  }
}

const replace = ({ start, end }: JsonNode, text: string, advice: string): Edit => ({ advice, start, end, text })

const insert = (at: number, text: string, advice: string): Edit => ({ advice, start: at, end: at, text })

const insertAround = (node: JsonNode, before: string, after: string, advice: string): Edit | undefined =>
  node.kind === 'string' ? replace(node, before + stringText(node.value) + after, advice) : undefined

/** Appends texts to an array attribute, which is added if it is missing. */
function append(node: JsonNode, key: string, texts: string[], advice: string): Edit | undefined {
  if (node.kind !== 'object') return undefined
  const list = node.members.get(key)?.value
  if (!list) return insert(node.end - 1, `, ${stringText(key)}: [${texts.join(', ')}]`, advice)
  if (list.kind !== 'array') return undefined
  return insert(list.end - 1, `${list.items.length > 0 ? ', ' : ''}${texts.join(', ')}`, advice)
}

/** The outermost JSON value that begins at an offset. */
function nodeAt(root: JsonNode, offset: number): JsonNode | undefined {
  let node: JsonNode | undefined = root
  while (node && node.start !== offset)
    node = childrenOf(node).find(({ start, end }) => start <= offset && offset < end)
  return node
}

function childrenOf(node: JsonNode): JsonNode[] {
  if (node.kind === 'array') return node.items
  return node.kind === 'object' ? membersOf(node) : []
}

const membersOf = (node: JsonObject) => [...node.members.values()].map(({ value }) => value)
