import type {
  EnumNode,
  EnumValueNode,
  ExtendNode,
  ExtensionsNode,
  FieldNode,
  FileNode,
  FileStatement,
  Label,
  MessageEntry,
  MessageNode,
  MessageStatement,
  MessageValue,
  MethodNode,
  NameNode,
  OneofNode,
  OptionNode,
  RangeNode,
  ReservedNode,
  ServiceNode,
  Value,
} from '../syntax/tree.js'
import { WordReader } from './word-reader.js'

/** Parses what Confluent's server takes for a .proto file, and refuses what it refuses. @throws InvalidSchema */
export function parseLikeConfluent(text: string): FileNode {
  return new Parser(text).file()
}

const maxNesting = 100

class Parser extends WordReader {
  private proto3 = false
  private depth = 0

  file(): FileNode {
    const file: FileNode = { at: 0, end: this.source.length, statements: [] }
    let first = true
    while (!this.atEnd()) {
      this.fileStatement(file, first)
      first = false
    }
    if (first) this.fail('the text holds no statement')
    this.refuseDuplicates(file.statements)
    return file
  }

  private fileStatement(file: FileNode, first: boolean): void {
    if (this.tryTake(';')) return
    const at = this.pos
    const word = this.word()
    switch (word) {
      case 'syntax': {
        this.take('=')
        if (!first) this.fail('the syntax stands behind other statements', 'write it first', at)
        const { text } = this.string()
        if (text !== 'proto2' && text !== 'proto3')
          this.fail(`there is no syntax "${text}"`, 'use "proto2" or "proto3"', at)
        this.proto3 = text === 'proto3'
        this.take(';')
        file.syntax = { at, end: this.pos, keyword: 'syntax', value: text }
        return
      }
      case 'edition':
        return this.fail('editions are not accepted under this validation', 'set schemaValidation to strict', at)
      case 'package': {
        const name = this.word()
        this.take(';')
        file.package = { at, end: this.pos, name }
        return
      }
      case 'import':
        file.statements.push(this.import(at))
        return
      case 'option':
        file.statements.push(this.option(at))
        return
      case 'message':
        file.statements.push(this.message(at))
        return
      case 'enum':
        file.statements.push(this.enum(at))
        return
      case 'service':
        file.statements.push(this.service(at))
        return
      case 'extend':
        file.statements.push(this.extend(at))
        return
      case 'reserved':
        // Read and left out, as there.
        this.reserved(at)
        return
      default:
        this.fail(`"${word}" starts no statement`, undefined, at)
    }
  }

  private import(at: number): FileStatement {
    const word = this.isQuote() ? undefined : this.word()
    if (word !== undefined && word !== 'public' && word !== 'weak')
      this.fail('the path of an import is written in quotes')
    const path = tidyPath(this.string().text)
    this.take(';')
    return { kind: 'import', at, end: this.pos, path, modifier: word }
  }

  private refuseDuplicates(statements: FileStatement[]): void {
    const types = statements.filter((node) => node.kind === 'message' || node.kind === 'enum')
    const services = statements.filter((node) => node.kind === 'service')
    for (const nodes of [types, services]) {
      const seen = new Set<string>()
      for (const { name, at } of nodes) {
        if (seen.has(name.name)) this.fail(`${name.name} is declared twice`, 'rename one of them', at)
        seen.add(name.name)
      }
    }
  }

  private message(at: number): MessageNode {
    const name = this.name()
    return { kind: 'message', at, end: this.pos, name, statements: this.messageBody() }
  }

  private messageBody(): MessageStatement[] {
    if (++this.depth > maxNesting) this.fail(`messages are nested more than ${maxNesting} deep`)
    const statements: MessageStatement[] = []
    this.take('{')
    while (!this.tryTake('}')) {
      if (this.tryTake(';')) continue
      const at = this.pos
      const word = this.word()
      switch (word) {
        case 'option':
          statements.push(this.option(at))
          break
        case 'reserved':
          statements.push(this.reserved(at))
          break
        case 'message':
          statements.push(this.message(at))
          break
        case 'enum':
          statements.push(this.enum(at))
          break
        case 'extend':
          statements.push(this.extend(at))
          break
        case 'oneof':
          statements.push(this.oneof(at))
          break
        case 'extensions':
          statements.push(this.extensions(at))
          break
        default:
          statements.push(this.field(at, word))
      }
    }
    this.depth--
    return statements
  }

  private field(at: number, word: string): FieldNode {
    const label = word === 'required' || word === 'optional' || word === 'repeated' ? word : undefined
    if (label === 'required' && this.proto3) this.fail('proto3 has no required fields', undefined, at)
    if (!label && !this.proto3 && !(word === 'map' && this.peek() === '<')) {
      this.fail(`the field has no label`, 'in proto2 write "optional", "repeated" or "required" before the type', at)
    }
    const type = label ? this.dataType() : this.dataType(word, at)
    if (type.map && label) this.fail('a map has no label', `remove "${label}"`, at)
    return type.node.name === 'group' ? this.group(at, label, type.node) : this.restOfField(at, label, type)
  }

  private restOfField(at: number, label: Label | undefined, type: DataType): FieldNode {
    const name = this.name(false)
    this.take('=')
    const number = this.integer()
    const options = tidySpecials(this.compactOptions(), type.node.name)
    this.take(';')
    const node: FieldNode = {
      kind: 'field',
      at,
      end: this.pos,
      label,
      type: type.node,
      map: type.map,
      name,
      number,
      options,
    }
    this.trailingComment()
    return node
  }

  private group(at: number, label: Label | undefined, type: NameNode): FieldNode {
    const nameAt = this.pos
    const name = { at: nameAt, end: this.pos, name: this.word() }
    this.take('=')
    const number = this.integer()
    const group: FieldNode[] = []
    this.take('{')
    while (!this.tryTake('}')) {
      const fieldAt = this.pos
      const field = this.field(fieldAt, this.word())
      if (field.group) this.fail('a group in a group is not accepted', undefined, fieldAt)
      group.push(field)
    }
    return { kind: 'field', at, end: this.pos, label, type, group, name, number, options: [] }
  }

  private dataType(word?: string, wordAt?: number): DataType {
    this.skip()
    const at = wordAt ?? this.pos
    const first = word ?? this.word()
    if (first !== 'map') {
      let name = first
      while (this.peek() === '.') {
        this.pos++
        name += `.${this.word()}`
      }
      return { node: { at, end: this.pos, name } }
    }
    this.take('<')
    const key = this.dataType().node
    this.take(',')
    const value = this.dataType().node
    this.take('>')
    return { node: { at, end: this.pos, name: `map<${key.name}, ${value.name}>` }, map: { key, value } }
  }

  private oneof(at: number): OneofNode {
    const name = this.name()
    const statements: OneofNode['statements'] = []
    this.take('{')
    while (!this.tryTake('}')) {
      const fieldAt = this.pos
      const type = this.dataType()
      if (type.node.name === 'option') statements.push(this.option(fieldAt))
      else if (type.node.name === 'group') statements.push(this.group(fieldAt, undefined, type.node))
      else statements.push(this.restOfField(fieldAt, undefined, type))
    }
    return { kind: 'oneof', at, end: this.pos, name, statements }
  }

  private extend(at: number): ExtendNode {
    const extendee = this.name()
    const fields: FieldNode[] = []
    this.take('{')
    while (!this.tryTake('}')) {
      if (this.tryTake(';')) continue
      const fieldAt = this.pos
      const word = this.word()
      if (word === 'option') this.option(fieldAt)
      else if (word === 'reserved') this.reserved(fieldAt)
      else fields.push({ ...this.field(fieldAt, word), extendee })
    }
    return { kind: 'extend', at, end: this.pos, extendee, fields }
  }

  private extensions(at: number): ExtensionsNode {
    const ranges: RangeNode[] = []
    do ranges.push(this.range(',;['))
    while (this.tryTake(','))
    const options = this.compactOptions()
    this.take(';')
    return { kind: 'extensions', at, end: this.pos, ranges, options }
  }

  private reserved(at: number): ReservedNode {
    const items: ReservedNode['items'] = []
    do {
      if (this.isQuote()) {
        const nameAt = this.pos
        const { text } = this.string()
        items.push({ kind: 'name', at: nameAt, end: this.pos, name: text, quoted: true })
      } else {
        items.push(this.range(',;'))
      }
    } while (this.tryTake(','))
    this.take(';')
    this.trailingComment()
    return { kind: 'reserved', at, end: this.pos, items }
  }

  private range(terminators: string): RangeNode {
    const start = this.integer()
    const first = start.value
    if (terminators.includes(this.peek())) {
      return { kind: 'range', at: start.at, end: this.pos, first, last: first, single: true }
    }
    if (this.word() !== 'to') this.fail('expected "to" between the numbers of a range')
    const lastAt = this.pos
    const word = this.word()
    if (word !== 'max' && !/^-?[0-9]+$/.test(word))
      this.fail(`expected a number or "max", found "${word}"`, undefined, lastAt)
    return {
      kind: 'range',
      at: start.at,
      end: this.pos,
      first,
      last: word === 'max' ? 'max' : Number(word),
      single: false,
    }
  }

  private enum(at: number): EnumNode {
    const name = this.name()
    const statements: EnumNode['statements'] = []
    this.take('{')
    while (!this.tryTake('}')) {
      if (this.tryTake(';')) continue
      const partAt = this.pos
      const word = this.word(false)
      if (word === 'option') statements.push(this.option(partAt))
      else if (word === 'reserved') statements.push(this.reserved(partAt))
      else statements.push(this.enumValue(partAt, word))
    }
    return { kind: 'enum', at, end: this.pos, name, statements }
  }

  private enumValue(at: number, word: string): EnumValueNode {
    const name = { at, end: this.pos, name: word }
    this.take('=')
    const number = this.integer()
    const options = this.compactOptions()
    this.take(';')
    const node: EnumValueNode = { kind: 'value', at, end: this.pos, name, number, options }
    this.trailingComment()
    return node
  }

  private service(at: number): ServiceNode {
    const name = this.name()
    const statements: ServiceNode['statements'] = []
    this.take('{')
    while (!this.tryTake('}')) {
      if (this.tryTake(';')) continue
      const partAt = this.pos
      const word = this.word()
      if (word === 'option') statements.push(this.option(partAt))
      else if (word === 'reserved') this.reserved(partAt)
      else if (word === 'rpc') statements.push(this.method(partAt))
      else this.fail(`"${word}" starts no statement of a service`, undefined, partAt)
    }
    return { kind: 'service', at, end: this.pos, name, statements }
  }

  private method(at: number): MethodNode {
    const name = this.name()
    const input = this.methodType()
    const returnsAt = this.pos
    if (this.word() !== 'returns') this.fail('expected "returns"', undefined, returnsAt)
    const output = this.methodType()
    const options: OptionNode[] = []
    if (this.tryTake('{')) {
      while (!this.tryTake('}')) {
        if (this.tryTake(';')) continue
        const partAt = this.pos
        const word = this.word()
        if (word === 'option') options.push(this.option(partAt))
        else if (word === 'reserved') this.reserved(partAt)
        else this.fail(`"${word}" starts no statement of a method`, undefined, partAt)
      }
    } else {
      this.take(';')
    }
    return {
      kind: 'method',
      at,
      end: this.pos,
      name,
      input: input.type,
      output: output.type,
      clientStreaming: input.streaming,
      serverStreaming: output.streaming,
      options,
    }
  }

  private methodType(): { type: NameNode; streaming: boolean } {
    this.take('(')
    this.skip()
    const at = this.pos
    const word = this.word()
    const streaming = word === 'stream'
    const type = streaming ? this.dataType() : this.dataType(word, at)
    this.take(')')
    return { type: type.node, streaming }
  }

  private option(at: number): OptionNode {
    const option = this.assignment()
    this.take(';')
    return { ...option, at, end: this.pos }
  }

  private compactOptions(): OptionNode[] {
    const options: OptionNode[] = []
    if (!this.tryTake('[')) return options
    do options.push(this.assignment())
    while (this.tryTake(','))
    this.take(']')
    return options
  }

  private assignment(): OptionNode {
    this.skip()
    const at = this.pos
    const parts = this.optionName()
    this.take('=')
    const value = this.value()
    return { kind: 'option', at, end: this.pos, name: parts, value }
  }

  private optionName(): OptionNode['name'] {
    const at = this.pos
    const extension = this.tryTake('(')
    const bracketed = !extension && this.tryTake('[')
    const word = this.word()
    if (extension) this.take(')')
    if (bracketed) this.take(']')
    const node = (name: string, isExtension = false) => ({ at, end: this.pos, name, extension: isExtension })
    const parts = extension ? [node(word, true)] : (bracketed ? `[${word}]` : word).split('.').map((name) => node(name))
    while (this.tryTake('.')) {
      if (this.tryTake('(')) {
        parts.push(node(this.word(), true))
        this.take(')')
      } else {
        parts.push(
          ...this.word()
            .split('.')
            .map((name) => node(name)),
        )
      }
    }
    return parts
  }

  private value(): Value {
    const next = this.peek()
    const at = this.pos
    if (next === '{') return this.map()
    if (next === '[') return this.list()
    if (next === '"' || next === "'") {
      const { text, bytes } = this.string()
      return { kind: 'string', at, end: this.pos, text, bytes }
    }
    const text = this.word()
    const kind = /^[0-9-]/.test(text) || /^\.[0-9]/.test(text) ? 'number' : 'identifier'
    return { kind, at, end: this.pos, text }
  }

  private map(): MessageValue {
    if (++this.depth > maxNesting) this.fail(`values are nested more than ${maxNesting} deep`)
    const at = this.pos
    const entries: MessageEntry[] = []
    this.take('{')
    while (!this.tryTake('}')) {
      const entryAt = this.pos
      const bracketed = this.tryTake('[')
      const parenthesized = !bracketed && this.tryTake('(')
      const name = this.word()
      if (bracketed) this.take(']')
      if (parenthesized) this.take(')')
      if (!this.tryTake(':') && this.peek() !== '{') this.fail('expected ":" after the name of the field')
      entries.push({ at: entryAt, end: this.pos, name, bracketed, value: this.value() })
      if (!this.tryTake(',')) this.tryTake(';')
    }
    this.depth--
    return { kind: 'message', at, end: this.pos, entries }
  }

  private list(): Value {
    if (++this.depth > maxNesting) this.fail(`values are nested more than ${maxNesting} deep`)
    const at = this.pos
    const items: Value[] = []
    this.take('[')
    while (!this.tryTake(']')) {
      items.push(this.value())
      if (!this.tryTake(',') && this.peek() !== ']') this.fail('expected "," or "]"')
    }
    this.depth--
    return { kind: 'list', at, end: this.pos, items }
  }

  /** A name in brackets of any kind is the name without them. */
  private name(digitFirst = true): NameNode {
    this.skip()
    const at = this.pos
    const close = this.tryTake('(') ? ')' : this.tryTake('[') ? ']' : undefined
    const name = this.word(digitFirst)
    if (close) this.take(close)
    return { at, end: this.pos, name }
  }
}

/**
 * `default` and `json_name` are texts there, of which the last one counts: a default in quotes is a string for fields
 * of that type only.
 */
function tidySpecials(options: OptionNode[], type: string): OptionNode[] {
  const nameOf = ({ name }: OptionNode) => (name.length === 1 && !name[0]?.extension ? name[0]?.name : undefined)
  const isLast = (option: OptionNode) => options.findLast((other) => nameOf(other) === nameOf(option)) === option
  return options.flatMap((option) => {
    const name = nameOf(option)
    if (name !== 'default' && name !== 'json_name') return [option]
    if (!isLast(option)) return []
    const { value } = option
    if (name === 'json_name' && (value.kind === 'number' || value.kind === 'identifier')) {
      return [{ ...option, value: { ...value, kind: 'string' as const } }]
    }
    const quoted = type === 'string' || type === 'bytes'
    return [
      name === 'default' && value.kind === 'string' && !quoted
        ? { ...option, value: { ...value, kind: 'identifier' as const } }
        : option,
    ]
  })
}

/** `./a//b` is `a/b` there. */
const tidyPath = (path: string) =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')

interface DataType {
  node: NameNode
  map?: { key: NameNode; value: NameNode }
}
