import { OptionParser } from './option-parser.js'
import type {
  EnumNode,
  EnumValueNode,
  ExtendNode,
  ExtensionsNode,
  FieldNode,
  FileNode,
  ImportNode,
  Label,
  MessageNode,
  MessageStatement,
  MethodNode,
  NameNode,
  OneofNode,
  OptionNode,
  RangeNode,
  ReservedNode,
  ServiceNode,
  Visibility,
} from './tree.js'

/** Parses .proto text by protoc's grammar. @throws InvalidSchema with line and column */
export function parseText(text: string): FileNode {
  return new Parser(text).file()
}

/** protoc's limit, too. */
const maxNesting = 31
const maxNumber = 2147483647

const modifiers = ['public', 'weak', 'option'] as const

const scalars = new Set(
  'double float int64 uint64 int32 fixed64 fixed32 bool string bytes uint32 sfixed32 sfixed64 sint32 sint64 group'.split(
    ' ',
  ),
)

class Parser extends OptionParser {
  private syntax: 'proto2' | 'proto3' | 'editions' = 'proto2'
  /** Whether `export` and `local` are modifiers and not names. */
  private hasVisibility = false
  private depth = 0
  private hasOptionImports = false

  file(): FileNode {
    const file: FileNode = { at: this.at(), end: 0, statements: [] }
    if (this.looksAt('syntax') || this.looksAt('edition')) this.syntaxStatement(file)
    while (this.lexer.kind !== 'end') this.fileStatement(file)
    file.end = this.end()
    return file
  }

  private syntaxStatement(file: FileNode): void {
    const at = this.at()
    const keyword = this.identifier('"syntax" or "edition"').name === 'syntax' ? 'syntax' : 'edition'
    this.take('=')
    const value = this.string(keyword === 'syntax' ? 'a string such as "proto3"' : 'a string such as "2023"')
    this.take(';', 'at the end of the statement')
    file.syntax = { at, end: this.end(), keyword, value: value.text }
    if (keyword === 'edition') {
      if (!editions.has(value.text)) {
        this.fail(`there is no edition "${value.text}"`, `known editions: ${[...editions].join(', ')}`, value.at)
      }
      this.syntax = 'editions'
      this.hasVisibility = value.text !== '2023'
    } else if (value.text === 'proto2' || value.text === 'proto3') {
      this.syntax = value.text
    } else {
      this.fail(`there is no syntax "${value.text}"`, 'use "proto2", "proto3" or an edition', value.at)
    }
  }

  private fileStatement(file: FileNode): void {
    const at = this.at()
    if (this.tryTake(';')) return
    if (this.tryTake('package')) {
      if (file.package) this.fail('a file has only one package', 'remove this statement', at)
      const name = this.qualifiedName('a package name', false)
      this.take(';', 'at the end of the statement')
      file.package = { at, end: this.end(), name: name.name }
      return
    }
    const visibility = this.visibility()
    if (this.looksAt('message')) file.statements.push(this.message(this.at(), visibility))
    else if (this.looksAt('enum')) file.statements.push(this.enum(this.at(), visibility))
    else if (visibility) this.unexpected('"message" or "enum" after the visibility')
    else if (this.looksAt('extend')) file.statements.push(this.extend(at))
    else if (this.looksAt('import')) file.statements.push(this.import(at))
    else if (this.looksAt('option')) file.statements.push(this.optionStatement())
    else if (this.looksAt('service')) file.statements.push(this.service(at))
    else this.unexpected('a statement such as "message", "enum", "import", "option" or "service"')
  }

  private visibility(): Visibility | undefined {
    if (!this.hasVisibility) return undefined
    if (this.tryTake('export')) return 'export'
    if (this.tryTake('local')) return 'local'
    return undefined
  }

  private import(at: number): ImportNode {
    this.take('import')
    const modifier = modifiers.find((word) => this.tryTake(word))
    if (modifier === 'option') {
      if (!this.hasVisibility) this.fail('option imports need edition 2024 or later', 'use a plain import', at)
      this.hasOptionImports = true
    } else if (this.hasOptionImports) {
      this.fail('a plain import stands behind an option import', 'write option imports last', at)
    }
    const path = this.string('the path of the imported file in quotes')
    this.take(';', 'at the end of the statement')
    return { kind: 'import', at, end: this.end(), path: path.text, modifier }
  }

  private message(at: number, visibility?: Visibility): MessageNode {
    this.take('message')
    const name = this.identifier('the name of the message')
    const statements = this.messageBlock()
    return { kind: 'message', at, end: this.end(), name, visibility, statements }
  }

  private messageBlock(): MessageStatement[] {
    if (++this.depth > maxNesting) this.fail(`messages are nested more than ${maxNesting} deep`)
    const statements: MessageStatement[] = []
    this.take('{', 'before the fields')
    while (!this.tryTake('}')) {
      if (this.lexer.kind === 'end') this.unexpected('"}" at the end of the message')
      if (!this.tryTake(';')) statements.push(this.messageStatement())
    }
    this.depth--
    return statements
  }

  private messageStatement(): MessageStatement {
    const at = this.at()
    if (this.hasVisibility && (this.looksAt('export') || this.looksAt('local'))) {
      const modifier = this.identifier('a modifier')
      if (this.looksAt('message')) return this.message(this.at(), modifier.name as Visibility)
      if (this.looksAt('enum')) return this.enum(this.at(), modifier.name as Visibility)
      this.unexpected('"message" or "enum" after the visibility')
    }
    switch (this.lexer.text) {
      case 'message':
        return this.message(at)
      case 'enum':
        return this.enum(at)
      case 'extend':
        return this.extend(at)
      case 'extensions':
        return this.extensions()
      case 'reserved':
        return this.reserved(false)
      case 'option':
        return this.optionStatement()
      case 'oneof':
        return this.oneof()
      default:
        return this.field('message')
    }
  }

  private field(place: 'message' | 'oneof' | 'extend'): FieldNode {
    const at = this.at()
    const label = this.label(place)
    const typeAt = this.at()
    const mapWord = this.looksAt('map') ? this.identifier('a type') : undefined
    const map = mapWord && this.looksAt('<') ? this.mapTypes(place, label) : undefined
    if (!map && !label && place !== 'oneof' && this.syntax === 'proto2') {
      this.fail('the field has no label', 'in proto2 write "optional", "repeated" or "required" before the type', at)
    }
    const type = mapWord ? this.restOfType(mapWord, Boolean(map)) : this.type()
    const isGroup = type.name === 'group'
    if (isGroup && this.syntax === 'editions') {
      this.fail('editions have no groups', 'use a message with features.message_encoding = DELIMITED', typeAt)
    }
    const name = this.identifier('the name of the field')
    this.take('=', 'and a number after the name of the field')
    const number = this.integer('the number of the field', maxNumber)
    const options = this.compactOptions()
    const field: FieldNode = { kind: 'field', at, end: 0, label, type, map, name, number, options }
    if (isGroup) {
      if (!/^[A-Z]/.test(name.name)) this.fail('the name of a group starts with a capital letter', undefined, name.at)
      field.group = this.messageBlock()
    } else {
      this.take(';', 'at the end of the field')
    }
    field.end = this.end()
    return field
  }

  private label(place: 'message' | 'oneof' | 'extend'): Label | undefined {
    const { text, at } = this.lexer
    if (text !== 'optional' && text !== 'required' && text !== 'repeated') return undefined
    if (place === 'oneof') this.fail(`a field of a oneof has no label, remove "${text}"`, undefined, at)
    if (this.syntax === 'editions' && text !== 'repeated') {
      const feature = text === 'optional' ? 'EXPLICIT' : 'LEGACY_REQUIRED'
      this.fail(`editions have no label "${text}"`, `use the option features.field_presence = ${feature}`, at)
    }
    this.lexer.next()
    return text
  }

  private type(): NameNode {
    if (this.lexer.kind === 'identifier' && scalars.has(this.lexer.text)) return this.identifier('a type')
    return this.qualifiedName('the type of the field', true)
  }

  /** A type whose first word was `map` and is taken already. */
  private restOfType(word: NameNode, isMap: boolean): NameNode {
    if (isMap) return { ...word, end: this.end() }
    let name = word.name
    while (this.tryTake('.')) name += `.${this.identifier('a name after the dot').name}`
    return { at: word.at, end: this.end(), name }
  }

  private mapTypes(place: 'message' | 'oneof' | 'extend', label?: Label): FieldNode['map'] {
    if (place === 'oneof') this.fail('a map cannot be in a oneof', 'wrap it in a message')
    if (place === 'extend') this.fail('a map cannot be an extension', 'wrap it in a message')
    if (label) this.fail(`a map has no label, remove "${label}"`)
    this.take('<')
    const key = this.type()
    this.take(',', 'between the types of key and value')
    const value = this.type()
    this.take('>', 'after the types of key and value')
    if (key.name === 'group' || value.name === 'group') this.fail('a map holds no groups', undefined, key.at)
    return { key, value }
  }

  private oneof(): OneofNode {
    const at = this.at()
    this.take('oneof')
    const name = this.identifier('the name of the oneof')
    const statements: (OptionNode | FieldNode)[] = []
    this.take('{', 'before the fields of the oneof')
    while (!this.tryTake('}')) {
      if (this.lexer.kind === 'end') this.unexpected('"}" at the end of the oneof')
      statements.push(this.looksAt('option') ? this.optionStatement() : this.field('oneof'))
    }
    return { kind: 'oneof', at, end: this.end(), name, statements }
  }

  private extend(at: number): ExtendNode {
    this.take('extend')
    const extendee = this.messageType('the message to extend')
    const fields: FieldNode[] = []
    this.take('{', 'before the extension fields')
    do {
      if (this.lexer.kind === 'end') this.unexpected('"}" at the end of the extension')
      fields.push({ ...this.field('extend'), extendee })
    } while (!this.tryTake('}'))
    return { kind: 'extend', at, end: this.end(), extendee, fields }
  }

  private messageType(what: string): NameNode {
    if (this.lexer.kind === 'identifier' && scalars.has(this.lexer.text)) {
      this.fail(`expected ${what}, but "${this.lexer.text}" is a scalar type`)
    }
    return this.qualifiedName(what, true)
  }

  private extensions(): ExtensionsNode {
    const at = this.at()
    this.take('extensions')
    const ranges: RangeNode[] = []
    do ranges.push(this.range(false))
    while (this.tryTake(','))
    const options = this.compactOptions()
    this.take(';', 'at the end of the statement')
    return { kind: 'extensions', at, end: this.end(), ranges, options }
  }

  private range(signed: boolean): RangeNode {
    const number = () => (signed ? this.signedInteger('a number') : this.integer('a number', maxNumber))
    const start = number()
    if (!this.tryTake('to')) {
      return { kind: 'range', at: start.at, end: start.end, first: start.value, last: start.value, single: true }
    }
    const last = this.tryTake('max') ? 'max' : number().value
    return { kind: 'range', at: start.at, end: this.end(), first: start.value, last, single: false }
  }

  private reserved(signed: boolean): ReservedNode {
    const at = this.at()
    this.take('reserved')
    const items: ReservedNode['items'] = []
    const asNames = this.isString() || this.lexer.kind === 'identifier'
    const quoted = this.isString()
    if (asNames && quoted === (this.syntax === 'editions')) {
      if (quoted) this.fail('editions write reserved names without quotes')
      this.fail('reserved names are written in quotes here', 'only editions write them without')
    }
    do {
      if (!asNames) {
        items.push(this.range(signed))
      } else if (quoted) {
        const name = this.string('a reserved name in quotes')
        items.push({ kind: 'name', at: name.at, end: name.end, name: name.text, quoted })
      } else {
        const name = this.identifier('a reserved name')
        items.push({ kind: 'name', at: name.at, end: name.end, name: name.name, quoted })
      }
    } while (this.tryTake(','))
    this.take(';', 'at the end of the statement')
    return { kind: 'reserved', at, end: this.end(), items }
  }

  private enum(at: number, visibility?: Visibility): EnumNode {
    this.take('enum')
    const name = this.identifier('the name of the enum')
    const statements: EnumNode['statements'] = []
    this.take('{', 'before the values of the enum')
    while (!this.tryTake('}')) {
      if (this.lexer.kind === 'end') this.unexpected('"}" at the end of the enum')
      if (this.tryTake(';')) continue
      if (this.looksAt('option')) statements.push(this.optionStatement())
      else if (this.looksAt('reserved')) statements.push(this.reserved(true))
      else statements.push(this.enumValue())
    }
    return { kind: 'enum', at, end: this.end(), name, visibility, statements }
  }

  private enumValue(): EnumValueNode {
    const at = this.at()
    const name = this.identifier('the name of an enum value')
    this.take('=', 'and a number after the name of the enum value')
    const number = this.signedInteger('the number of the enum value')
    const options = this.compactOptions()
    this.take(';', 'at the end of the enum value')
    return { kind: 'value', at, end: this.end(), name, number, options }
  }

  private service(at: number): ServiceNode {
    this.take('service')
    const name = this.identifier('the name of the service')
    const statements: ServiceNode['statements'] = []
    this.take('{', 'before the methods of the service')
    while (!this.tryTake('}')) {
      if (this.lexer.kind === 'end') this.unexpected('"}" at the end of the service')
      if (this.tryTake(';')) continue
      statements.push(this.looksAt('option') ? this.optionStatement() : this.method())
    }
    return { kind: 'service', at, end: this.end(), name, statements }
  }

  private method(): MethodNode {
    const at = this.at()
    this.take('rpc')
    const name = this.identifier('the name of the method')
    const input = this.methodType()
    this.take('returns', 'after the type of the request')
    const output = this.methodType()
    const options: OptionNode[] = []
    if (this.tryTake('{')) {
      while (!this.tryTake('}')) {
        if (this.lexer.kind === 'end') this.unexpected('"}" at the end of the method')
        if (!this.tryTake(';')) options.push(this.optionStatement())
      }
    } else {
      this.take(';', 'or "{" at the end of the method')
    }
    return {
      kind: 'method',
      at,
      end: this.end(),
      name,
      input: input.type,
      output: output.type,
      clientStreaming: input.streaming,
      serverStreaming: output.streaming,
      options,
    }
  }

  private methodType(): { type: NameNode; streaming: boolean } {
    this.take('(', 'before the type of the message')
    const streaming = this.tryTake('stream')
    const type = this.messageType('the type of a message')
    this.take(')', 'after the type of the message')
    return { type, streaming }
  }
}

/** Editions that can be declared, by the name that is written. */
export const editions: ReadonlySet<string> = new Set(['2023', '2024'])
