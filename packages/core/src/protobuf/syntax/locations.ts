import { create } from '@bufbuild/protobuf'
import { SourceCodeInfoSchema, SourceCodeInfo_LocationSchema, type SourceCodeInfo } from '@bufbuild/protobuf/wkt'
import { commentsBetween, type Comments } from './comments.js'
import { Lexer } from './lexer.js'
import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  FileNode,
  MessageNode,
  MessageStatement,
  MethodNode,
  Node,
  OptionNode,
  ReservedNode,
  ServiceNode,
} from './tree.js'

/** The path of each option in its options message, as far as it could be interpreted. */
export type OptionPaths = ReadonlyMap<OptionNode, readonly number[]>

/**
 * protoc's SourceCodeInfo: spans from zero, end exclusive, in protoc's columns (UTF-8 bytes, a tab goes on to the next
 * multiple of 8), and the comments where protoc attaches them.
 */
export function locate(source: string, tree: FileNode, optionPaths: OptionPaths): SourceCodeInfo {
  return new Locator(source, optionPaths).file(tree)
}

/** Field numbers of descriptor.proto: what the paths are made of. */
const file = {
  package: 2,
  dependency: 3,
  publicDependency: 10,
  weakDependency: 11,
  optionDependency: 15,
  message: 4,
  enum: 5,
  service: 6,
  extension: 7,
  options: 8,
  syntax: 12,
}
const message = {
  name: 1,
  field: 2,
  nested: 3,
  enum: 4,
  extensionRange: 5,
  extension: 6,
  options: 7,
  oneof: 8,
  reservedRange: 9,
  reservedName: 10,
  visibility: 11,
}
const field = { name: 1, extendee: 2, number: 3, label: 4, type: 5, typeName: 6, default: 7, options: 8, jsonName: 10 }
const enumeration = { name: 1, value: 2, options: 3, reservedRange: 4, reservedName: 5, visibility: 6 }

type Path = readonly number[]

interface Counters {
  fields: number
  nested: number
  enums: number
  extensions: number
  oneofs: number
  reservedRanges: number
  reservedNames: number
  extensionRanges: number
}

class Locator {
  private readonly info = create(SourceCodeInfoSchema)
  /** Offsets of all tokens: start, end, start, end, … */
  private readonly tokens: number[] = []
  private readonly lineStarts = [0]

  constructor(
    private readonly source: string,
    private readonly optionPaths: OptionPaths,
  ) {
    for (const lexer = new Lexer(source); lexer.kind !== 'end'; lexer.next()) this.tokens.push(lexer.at, lexer.end)
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) this.lineStarts.push(at + 1)
  }

  file(tree: FileNode): SourceCodeInfo {
    const first = this.tokens[0] ?? this.source.length
    this.add([], first, this.tokens.at(-1) ?? first)
    if (tree.syntax) this.declaration([file.syntax], tree.syntax)
    if (tree.package) this.declaration([file.package], tree.package)
    const counts = { dependency: 0, optionDependency: 0, public: 0, weak: 0, enum: 0, service: 0 }
    const counters = newCounters()
    for (const node of tree.statements) {
      switch (node.kind) {
        case 'import':
          if (node.modifier === 'option') {
            this.declaration([file.optionDependency, counts.optionDependency++], node)
            break
          }
          this.declaration([file.dependency, counts.dependency++], node)
          if (node.modifier === 'public')
            this.addToken([file.publicDependency, counts.public++], this.tokenAt(node.at) + 1)
          if (node.modifier === 'weak') this.addToken([file.weakDependency, counts.weak++], this.tokenAt(node.at) + 1)
          break
        case 'option':
          this.optionStatement([file.options], node)
          break
        case 'message':
          this.message([file.message, counters.nested++], node)
          break
        case 'enum':
          this.enum([file.enum, counts.enum++], node)
          break
        case 'extend':
          this.extend([], file.extension, file.message, node, counters)
          break
        case 'service':
          this.service([file.service, counts.service++], node)
          break
      }
    }
    return this.info
  }

  private message(path: Path, node: MessageNode): void {
    this.block(path, node)
    this.addNode([...path, message.name], node.name)
    this.body(path, node.statements)
  }

  private body(path: Path, statements: MessageStatement[]): void {
    const counters = newCounters()
    for (const node of statements) {
      switch (node.kind) {
        case 'field':
          this.field([...path, message.field, counters.fields++], node, path, message.nested, counters)
          break
        case 'oneof': {
          const inner = [...path, message.oneof, counters.oneofs++]
          this.block(inner, node)
          this.addNode([...inner, 1], node.name)
          for (const part of node.statements) {
            if (part.kind === 'option') this.optionStatement([...inner, 2], part)
            else this.field([...path, message.field, counters.fields++], part, path, message.nested, counters)
          }
          break
        }
        case 'message':
          this.message([...path, message.nested, counters.nested++], node)
          break
        case 'enum':
          this.enum([...path, message.enum, counters.enums++], node)
          break
        case 'extend':
          this.extend(path, message.extension, message.nested, node, counters)
          break
        case 'option':
          this.optionStatement([...path, message.options], node)
          break
        case 'reserved':
          this.reserved(path, node, message.reservedRange, message.reservedName, counters)
          break
        case 'extensions': {
          const around = [...path, message.extensionRange]
          this.declaration(around, node)
          for (const range of node.ranges) {
            const inner = [...around, counters.extensionRanges++]
            this.range(inner, range)
            this.compactOptions([...inner, 3], node.options)
          }
          break
        }
      }
    }
  }

  private field(path: Path, node: FieldNode, parent: Path, nestedTypes: number, counters: Counters): void {
    const first = this.tokenAt(node.at)
    if (node.label) this.addToken([...path, field.label], first)
    if (node.group) {
      const type = [...parent, nestedTypes, counters.nested++]
      this.addNode(path, node)
      this.addNode([...path, field.type], node.type)
      this.addNode([...path, field.name], node.name)
      this.addNode([...path, field.typeName], node.name)
      this.addNode(type, node)
      this.attach(this.openingBrace(node.options.at(-1)?.end ?? node.number.end))
      this.addNode([...type, message.name], node.name)
      this.addNode([...path, field.number], node.number)
      this.body(type, node.group)
    } else {
      if (node.map) counters.nested++
      this.declaration(path, node)
      const isNamed = node.map !== undefined || !scalars.has(node.type.name)
      this.addNode([...path, isNamed ? field.typeName : field.type], node.type)
      this.addNode([...path, field.name], node.name)
      this.addNode([...path, field.number], node.number)
    }
    this.compactOptions([...path, field.options], node.options, path)
  }

  private extend(parent: Path, number: number, nestedTypes: number, node: ExtendNode, counters: Counters): void {
    const around = [...parent, number]
    this.block(around, node)
    for (const part of node.fields) {
      const path = [...around, counters.extensions++]
      this.field(path, part, parent, nestedTypes, counters)
      this.addNode([...path, field.extendee], node.extendee)
    }
  }

  private enum(path: Path, node: EnumNode): void {
    this.block(path, node)
    this.addNode([...path, enumeration.name], node.name)
    const counters = newCounters()
    let values = 0
    for (const part of node.statements) {
      if (part.kind === 'option') {
        this.optionStatement([...path, enumeration.options], part)
      } else if (part.kind === 'reserved') {
        this.reserved(path, part, enumeration.reservedRange, enumeration.reservedName, counters)
      } else {
        const inner = [...path, enumeration.value, values++]
        this.declaration(inner, part)
        this.addNode([...inner, 1], part.name)
        this.addNode([...inner, 2], part.number)
        this.compactOptions([...inner, 3], part.options)
      }
    }
  }

  private service(path: Path, node: ServiceNode): void {
    this.block(path, node)
    this.addNode([...path, 1], node.name)
    let methods = 0
    for (const part of node.statements) {
      if (part.kind === 'option') this.optionStatement([...path, 3], part)
      else this.method([...path, 2, methods++], part)
    }
  }

  private method(path: Path, node: MethodNode): void {
    this.addNode(path, node)
    // Behind the type of the answer and its bracket comes ";" or "{".
    this.attach(this.tokenAt(node.output.end) + 1)
    this.addNode([...path, 1], node.name)
    if (node.clientStreaming) this.addToken([...path, 5], this.tokenAt(node.input.at) - 1)
    this.addNode([...path, 2], node.input)
    if (node.serverStreaming) this.addToken([...path, 6], this.tokenAt(node.output.at) - 1)
    this.addNode([...path, 3], node.output)
    for (const option of node.options) this.optionStatement([...path, 4], option)
  }

  private reserved(path: Path, node: ReservedNode, ranges: number, names: number, counters: Counters): void {
    const isRange = node.items[0]?.kind === 'range'
    this.declaration([...path, isRange ? ranges : names], node)
    for (const item of node.items) {
      if (item.kind === 'range') this.range([...path, ranges, counters.reservedRanges++], item)
      else this.addNode([...path, names, counters.reservedNames++], item)
    }
  }

  private range(path: Path, node: Node): void {
    this.addNode(path, node)
    const first = this.tokenAt(node.at)
    const startEnd = this.source[node.at] === '-' ? first + 1 : first
    const last = this.tokenBefore(node.end)
    const endStart = this.source[this.tokens[(last - 1) * 2] ?? 0] === '-' && last - 1 > startEnd ? last - 1 : last
    this.add([...path, 1], node.at, this.tokenEnd(startEnd))
    if (last === startEnd) this.add([...path, 2], node.at, this.tokenEnd(startEnd))
    else this.add([...path, 2], this.tokens[endStart * 2] ?? 0, node.end)
  }

  private optionStatement(path: Path, node: OptionNode): void {
    this.addNode(path, node)
    const inner = this.optionPaths.get(node)
    if (inner) {
      this.addNode([...path, ...inner], node)
      this.attach(this.tokenBefore(node.end))
    }
  }

  /** @param fieldPath for fields, whose `default` and `json_name` are no options */
  private compactOptions(path: Path, nodes: OptionNode[], fieldPath?: Path): void {
    const [first] = nodes
    const last = nodes.at(-1)
    if (!first || !last) return
    this.add(path, this.tokens[(this.tokenAt(first.at) - 1) * 2] ?? 0, this.tokenEnd(this.tokenAt(last.end)))
    for (const node of nodes) {
      const special = fieldPath && node.name.length === 1 && !node.name[0]?.extension ? node.name[0]?.name : undefined
      if (fieldPath && special === 'default') {
        this.add([...fieldPath, field.default], node.value.at, node.value.end)
      } else if (fieldPath && special === 'json_name') {
        this.addNode([...fieldPath, field.jsonName], node)
        this.addNode([...fieldPath, field.jsonName], node.value)
      } else {
        const inner = this.optionPaths.get(node)
        if (inner) this.addNode([...path, ...inner], node)
      }
    }
  }

  /** A declaration that ends with ";", where its comments are read. */
  private declaration(path: Path, node: Node): void {
    this.addNode(path, node)
    this.attach(this.tokenBefore(node.end))
  }

  /** A declaration with a body: its comments are those around its "{". */
  private block(path: Path, node: Node & { name?: Node; extendee?: Node }): void {
    this.addNode(path, node)
    this.attach(this.openingBrace((node.name ?? node.extendee)?.end ?? node.at))
  }

  private openingBrace(from: number): number {
    let token = this.tokenAt(from)
    while (this.source[this.tokens[token * 2] ?? Infinity] !== '{' && token * 2 < this.tokens.length) token++
    return token
  }

  /** Gives the location that was added last the comments around its declaration, whose last token is `endToken`. */
  private attach(endToken: number): void {
    const location = this.info.location.at(-1)
    if (!location) return
    const { leading, detached } = this.before(this.firstToken(this.lastAdded))
    const { trailing } = commentsBetween(this.source, this.tokenEnd(endToken), false)
    if (leading !== undefined) location.leadingComments = leading
    if (trailing !== undefined) location.trailingComments = trailing
    location.leadingDetachedComments.push(...detached)
  }

  /** Where a declaration begins: at its visibility, which protoc's spans leave out. */
  private firstToken(start: number): number {
    const token = this.tokenAt(start)
    const before = this.source.slice(this.tokens[(token - 1) * 2] ?? start, this.tokens[(token - 1) * 2 + 1] ?? start)
    return before === 'export' || before === 'local' ? token - 1 : token
  }

  private lastAdded = 0

  /** The comments in front of a declaration; those in front of empty statements before it are detached from it. */
  private before(token: number): Comments {
    if (token === 0) return commentsBetween(this.source, this.source.startsWith('\ufeff') ? 1 : 0, true)
    const own = commentsBetween(this.source, this.tokenEnd(token - 1), false)
    const text = this.source[this.tokens[(token - 1) * 2] ?? 0]
    if (text !== ';' || !this.isEmptyStatement(token - 1)) return own
    return { ...own, detached: [...this.before(token - 1).detached, ...own.detached] }
  }

  private isEmptyStatement(token: number): boolean {
    const before = this.source[this.tokens[(token - 1) * 2] ?? Infinity]
    return token === 0 || before === ';' || before === '{' || before === '}'
  }

  private addNode(path: Path, node: Node): void {
    this.add(path, node.at, node.end)
  }

  private addToken(path: Path, token: number): void {
    this.add(path, this.tokens[token * 2] ?? 0, this.tokenEnd(token))
  }

  private add(path: Path, from: number, to: number): void {
    const [line, column] = this.place(from)
    const [endLine, endColumn] = this.place(to)
    const location = create(SourceCodeInfo_LocationSchema)
    location.path = [...path]
    location.span = line === endLine ? [line, column, endColumn] : [line, column, endLine, endColumn]
    this.info.location.push(location)
    this.lastAdded = from
  }

  private place(offset: number): [line: number, column: number] {
    const line = lastAtMost(this.lineStarts, offset)
    let column = 0
    for (let at = this.lineStarts[line] ?? 0; at < offset; at++) {
      const code = this.source.charCodeAt(at)
      if (code === 9) column += 8 - (column % 8)
      else if (code < 0x80) column++
      else if (code < 0x800) column += 2
      else if (code >= 0xd800 && code < 0xe000) column += 2
      else column += 3
    }
    return [line, column]
  }

  /** The index of the first token that starts at or after an offset. */
  private tokenAt(offset: number): number {
    let low = 0
    let high = this.tokens.length / 2
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.tokens[middle * 2] ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  private tokenBefore(end: number): number {
    return this.tokenAt(end) - 1
  }

  private tokenEnd(token: number): number {
    return this.tokens[token * 2 + 1] ?? this.source.length
  }
}

const newCounters = (): Counters => ({
  fields: 0,
  nested: 0,
  enums: 0,
  extensions: 0,
  oneofs: 0,
  reservedRanges: 0,
  reservedNames: 0,
  extensionRanges: 0,
})

const scalars = new Set(
  'double float int64 uint64 int32 fixed64 fixed32 bool string bytes uint32 sfixed32 sfixed64 sint32 sint64'.split(' '),
)

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
