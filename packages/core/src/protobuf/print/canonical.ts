import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  FileNode,
  MessageNode,
  MessageStatement,
  MethodNode,
  OneofNode,
  OptionNode,
  RangeNode,
  ReservedNode,
  ServiceNode,
} from '../syntax/tree.js'
import { printOptionStatement, printCompactOptions } from './option-text.js'
import { escapeString, indent } from './text.js'

/**
 * The text that is stored and hashed: no comments, statements grouped by kind (messages before enums), two blanks per
 * level. Byte for byte Confluent's layout, since GUIDs are hashes of it; what that layout has no place for (editions,
 * visibility, weak and option imports, options of extension ranges) is written as protoc reads it.
 */
export function printCanonical(tree: FileNode): string {
  return new Printer(specialsLast).file(tree)
}

/** The same layout with the options of fields in the order of the tree, as a normalized tree has them. */
export function printNormalized(tree: FileNode): string {
  return new Printer((options) => options).file(tree)
}

class Printer {
  constructor(private readonly fieldOptions: (options: OptionNode[]) => OptionNode[]) {}

  file(tree: FileNode): string {
    const { syntax, statements } = tree
    let text = ''
    if (syntax) text += `${syntax.keyword} = "${syntax.value}";\n`
    if (tree.package) text += `package ${tree.package.name};\n`
    const imports = statements.filter((node) => node.kind === 'import')
    const ordered = [
      ...imports.filter((node) => !node.modifier || node.modifier === 'weak'),
      ...imports.filter((node) => node.modifier === 'public'),
      ...imports.filter((node) => node.modifier === 'option'),
    ]
    const importLine = ({ modifier, path }: (typeof imports)[number]) =>
      `import ${modifier ? `${modifier} ` : ''}"${escapeString(path)}";\n`
    text += block(ordered.map(importLine))
    text += block(statements.filter((node) => node.kind === 'option').map(printOptionStatement))
    text += block([
      ...statements.filter((node) => node.kind === 'message').map((node) => this.message(node)),
      ...statements.filter((node) => node.kind === 'enum').map((node) => this.enum(node)),
    ])
    text += block(statements.filter((node) => node.kind === 'extend').map((node) => this.extend(node)))
    text += block(statements.filter((node) => node.kind === 'service').map((node) => this.service(node)))
    return text
  }

  private message(node: MessageNode): string {
    return `${node.visibility ? `${node.visibility} ` : ''}message ${node.name.name} {${this.body(node.statements)}}\n`
  }

  private body(statements: MessageStatement[]): string {
    const select = <K extends MessageStatement['kind']>(kind: K) =>
      statements.filter((node): node is Extract<MessageStatement, { kind: K }> => node.kind === kind)
    const fields = select('field')
    const blocks = [
      select('reserved').map((node) => this.reserved(node, false)),
      select('option').map(printOptionStatement),
      fields.filter((field) => !field.group).map((field) => this.field(field)),
      select('oneof').map((node) => this.oneof(node)),
      fields.filter((field) => field.group).map((field) => this.field(field)),
      select('extensions').map((node) => this.extensions(node)),
      select('extend').map((node) => this.extend(node)),
      [...select('message').map((node) => this.message(node)), ...select('enum').map((node) => this.enum(node))],
    ]
    return blocks.map((parts) => (parts.length > 0 ? `\n${indent(parts.join(''))}` : '')).join('')
  }

  private field(field: FieldNode): string {
    const label = field.label ? `${field.label} ` : ''
    const type = field.map ? `map<${field.map.key.name}, ${field.map.value.name}>` : field.type.name
    const head = `${label}${type} ${field.name.name} = ${field.number.value}${printCompactOptions(this.fieldOptions(field.options))}`
    return field.group ? `${head} {${this.body(field.group)}}\n` : `${head};\n`
  }

  private oneof(node: OneofNode): string {
    const options = node.statements.filter((part) => part.kind === 'option').map(printOptionStatement)
    const fields = node.statements.filter((part) => part.kind === 'field')
    const plain = fields.filter((field) => !field.group).map((field) => this.field(field))
    const groups = fields.filter((field) => field.group).map((field) => this.field(field))
    const blocks = [options, plain, groups].filter((parts) => parts.length > 0)
    return `oneof ${node.name.name} {${blocks.map((parts) => `\n${indent(parts.join(''))}`).join('')}}\n`
  }

  private reserved({ items }: ReservedNode, inEnum: boolean): string {
    const parts = items.map((item) => {
      if (item.kind === 'range') return inEnum ? printRange(item) : printMessageRange(item)
      return item.quoted ? `"${escapeString(item.name)}"` : item.name
    })
    return `reserved ${parts.join(', ')};\n`
  }

  private extensions({ ranges, options }: Extract<MessageStatement, { kind: 'extensions' }>): string {
    return `extensions ${ranges.map(printMessageRange).join(', ')}${printCompactOptions(options)};\n`
  }

  private extend(node: ExtendNode): string {
    return `extend ${node.extendee.name} {${ownLines(node.fields.map((field) => this.field(field)))}}\n`
  }

  private enum(node: EnumNode): string {
    const { statements } = node
    const lines = [
      ...statements.filter((part) => part.kind === 'reserved').map((node) => this.reserved(node, true)),
      ...statements.filter((part) => part.kind === 'option').map(printOptionStatement),
      ...statements
        .filter((part) => part.kind === 'value')
        .map(({ name, number, options }) => `${name.name} = ${number.value}${printCompactOptions(options)};\n`),
    ]
    return `${node.visibility ? `${node.visibility} ` : ''}enum ${node.name.name} {${ownLines(lines)}}\n`
  }

  private service(node: ServiceNode): string {
    const options = node.statements.filter((part) => part.kind === 'option').map(printOptionStatement)
    const methods = node.statements.filter((part) => part.kind === 'method').map((node) => this.method(node))
    const blocks = [options, methods].filter((parts) => parts.length > 0)
    return `service ${node.name.name} {${blocks.map((parts) => `\n${indent(parts.join(''))}`).join('')}}\n`
  }

  private method(node: MethodNode): string {
    const input = `${node.clientStreaming ? 'stream ' : ''}${node.input.name}`
    const output = `${node.serverStreaming ? 'stream ' : ''}${node.output.name}`
    const head = `rpc ${node.name.name} (${input}) returns (${output})`
    if (node.options.length === 0) return `${head};\n`
    return `${head} {\n${indent(node.options.map(printOptionStatement).join(''))}};\n`
  }
}

/** The inside of a block on lines of its own; nothing if there is nothing. */
const ownLines = (parts: string[]) => (parts.length > 0 ? `\n${indent(parts.join(''))}` : '')

/** Statements of one kind, with an empty line before them. */
const block = (parts: string[]) => (parts.length > 0 ? `\n${parts.join('')}` : '')

/** `default` and `json_name` stand behind the real options. */
function specialsLast(options: OptionNode[]): OptionNode[] {
  const isSpecial = (option: OptionNode, name: string) =>
    option.name.length === 1 && option.name[0]?.name === name && !option.name[0].extension
  return [
    ...options.filter((option) => !isSpecial(option, 'default') && !isSpecial(option, 'json_name')),
    ...options.filter((option) => isSpecial(option, 'default')),
    ...options.filter((option) => isSpecial(option, 'json_name')),
  ]
}

/** The largest field number is written as "max"; one too many is taken for it. */
const printMessageRange = (range: RangeNode) =>
  printRange(range.last === 536870911 || range.last === 536870912 ? { ...range, last: 'max' } : range)

const printRange = ({ first, last, single }: RangeNode) => (single ? `${first}` : `${first} to ${last}`)
