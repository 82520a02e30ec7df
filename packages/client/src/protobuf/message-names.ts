import { ByteReader } from '../wire/byte-reader.js'

/** A message of a file: its full name and the messages inside it, in order. Entries of maps are not counted. */
export interface MessageNames {
  name: string
  nested: MessageNames[]
}

/**
 * The messages of a writer's file, which is all that decoding needs to know of it: the index in the frame names one.
 * @param schema a base64 `FileDescriptorProto` (what `format=serialized` gives) or .proto text
 * @throws DecodeError or TypeError if it is neither
 */
export function messageNames(schema: string): MessageNames[] {
  return /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(schema) ? fromDescriptor(Buffer.from(schema, 'base64')) : fromText(schema)
}

export function messageAt(messages: MessageNames[], index: readonly number[]): string | undefined {
  let found: MessageNames | undefined
  let level = messages
  for (const at of index) {
    found = level[at]
    if (!found) return undefined
    level = found.nested
  }
  return found?.name
}

/** Numbers of the fields in `google/protobuf/descriptor.proto`. */
const file = { package: 2, message: 4 }
const message = { name: 1, nested: 3, options: 7 }
const mapEntry = 7

const maxDepth = 100

function fromDescriptor(bytes: Uint8Array): MessageNames[] {
  let scope = ''
  const messages: Uint8Array[] = []
  eachField(bytes, (number, value) => {
    if (number === file.package) scope = Buffer.from(value).toString()
    if (number === file.message) messages.push(value)
  })
  return messages.flatMap((value) => fromMessage(value, scope, 0))
}

function fromMessage(bytes: Uint8Array, scope: string, depth: number): MessageNames[] {
  if (depth > maxDepth) throw new TypeError(`messages are nested more than ${maxDepth} levels deep`)
  let name = ''
  let isEntry = false
  const nested: Uint8Array[] = []
  eachField(bytes, (number, value) => {
    if (number === message.name) name = Buffer.from(value).toString()
    if (number === message.nested) nested.push(value)
    if (number === message.options) isEntry = hasFlag(value, mapEntry)
  })
  if (isEntry) return []
  const full = scope ? `${scope}.${name}` : name
  return [{ name: full, nested: nested.flatMap((value) => fromMessage(value, full, depth + 1)) }]
}

function hasFlag(bytes: Uint8Array, flag: number): boolean {
  let set = false
  eachField(
    bytes,
    () => undefined,
    (number, value) => (set ||= number === flag && value !== 0),
  )
  return set
}

/** Visits the length-delimited fields of a message, and its varints. */
function eachField(
  bytes: Uint8Array,
  visit: (number: number, value: Uint8Array) => void,
  visitVarint: (number: number, value: number) => void = () => undefined,
): void {
  const input = new ByteReader(bytes)
  while (input.remaining > 0) {
    const tag = input.varint32()
    switch (tag & 7) {
      case 0:
        visitVarint(tag >>> 3, input.varint32())
        break
      case 1:
        input.advance(8)
        break
      case 2:
        visit(tag >>> 3, input.bytes(input.varint32()))
        break
      case 5:
        input.advance(4)
        break
      default:
        throw new TypeError('the descriptor uses a wire type that descriptors do not use')
    }
  }
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_][\w.]*|[{};=<>]|\S/g

/**
 * Reads the message names off a .proto text: statements that begin with `message NAME {`, and groups, which are
 * messages too. Everything else is only followed to its end.
 */
function fromText(text: string): MessageNames[] {
  const top: MessageNames[] = []
  let scope = ''
  /** For each open brace the list that messages inside it go to; none where messages cannot be. */
  const open: { list?: MessageNames[]; scope: string }[] = [{ list: top, scope: '' }]
  let statement: string[] = []
  for (const [word] of text.matchAll(token)) {
    if (word.startsWith('//') || word.startsWith('/*')) continue
    const here = open[open.length - 1]
    if (word === ';') {
      if (statement[0] === 'package' && open.length === 1) scope = here.scope = statement[1]
      statement = []
    } else if (word === '{') {
      const name = declaredMessage(statement)
      const nested: MessageNames[] = []
      const full = here.scope ? `${here.scope}.${name}` : String(name)
      if (name !== undefined && here.list) {
        here.list.push({ name: full, nested })
        open.push({ list: nested, scope: full })
      } else if (statement[0] === 'oneof' || statement[0] === 'extend') {
        open.push({ list: here.list, scope: here.scope })
      } else open.push({ scope })
      statement = []
    } else if (word === '}') {
      if (open.length > 1) open.pop()
      statement = []
    } else statement.push(word)
  }
  return top
}

/** `message A`, `optional group A = 1` and, with visibility, `export message A`. */
function declaredMessage(statement: string[]): string | undefined {
  const at = statement[0] === 'export' || statement[0] === 'local' ? 1 : 0
  if (statement[at] === 'message' && statement.length === at + 2) return statement[at + 1]
  const group = statement.indexOf('group')
  return group >= 0 && group <= 1 && statement[group + 2] === '=' ? statement[group + 1] : undefined
}
