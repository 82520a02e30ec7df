import type { Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import {
  EnumOptionsSchema,
  EnumValueOptionsSchema,
  Edition,
  ExtensionRangeOptionsSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldOptionsSchema,
  FileOptionsSchema,
  MessageOptionsSchema,
  MethodOptionsSchema,
  OneofOptionsSchema,
  ServiceOptionsSchema,
  SymbolVisibility,
  type DescriptorProto,
  type DescriptorProto_ExtensionRange,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  type ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type {
  EnumNode,
  ExtendNode,
  ExtensionsNode,
  FieldNode,
  FileNode,
  FileStatement,
  MessageNode,
  MessageStatement,
  NameNode,
  OneofNode,
  OptionNode,
  RangeNode,
  ReservedNode,
  ScalarValue,
  ServiceNode,
  SyntaxNode,
} from '../syntax/tree.js'
import type { Diagnostics } from './diagnostics.js'
import { defaultJsonName } from './names.js'
import { numberLimit } from './lowering.js'
import { unescapeBytes } from './defaults.js'
import { OptionReader } from './option-reader.js'
import { isFailure, resolveName } from './resolution.js'
import type { SymbolTable } from './symbols.js'
import { scalarNames } from './types.js'

/**
 * The statements that describe a linked descriptor, as somebody would write them: `map<>`, groups and proto3 `optional`
 * in place of what they stand for, names as short as they resolve, no json names that are the default.
 */
export function raise(table: SymbolTable, builtIn: () => SymbolTable, diagnostics: Diagnostics): FileNode {
  return new Raising(table, builtIn, diagnostics).file(table.file)
}

const nowhere = { at: -1, end: -1 }

class Raising {
  private readonly options: OptionReader
  private readonly isProto3: boolean

  constructor(
    private readonly table: SymbolTable,
    builtIn: () => SymbolTable,
    diagnostics: Diagnostics,
  ) {
    this.options = new OptionReader(table, builtIn, diagnostics)
    this.isProto3 = table.file.syntax === 'proto3'
  }

  file(file: FileDescriptorProto): FileNode {
    const statements: FileStatement[] = []
    for (const [index, path] of file.dependency.entries()) {
      const modifier = file.publicDependency.includes(index)
        ? 'public'
        : file.weakDependency.includes(index)
          ? 'weak'
          : undefined
      statements.push({ kind: 'import', ...nowhere, path, modifier })
    }
    for (const path of file.optionDependency) statements.push({ kind: 'import', ...nowhere, path, modifier: 'option' })
    statements.push(...this.read(FileOptionsSchema, file.options, file.package))
    const groups = new Set(file.extension.filter(isGroup).map((field) => field.typeName))
    for (const message of file.messageType) {
      if (!groups.has(`.${join(file.package, message.name)}`)) statements.push(this.message(message, file.package))
    }
    for (const element of file.enumType) statements.push(this.enum(element, file.package))
    statements.push(...this.extends(file.extension, file.messageType, file.package))
    for (const service of file.service) statements.push(this.service(service, file.package))
    return {
      ...nowhere,
      syntax: knownSyntaxes.has(file.syntax) ? syntaxNode(file) : undefined,
      package: file.package ? nameNode(file.package) : undefined,
      statements,
    }
  }

  private message(message: DescriptorProto, scope: string): MessageNode {
    const visibility = visibilities.get(message.visibility)
    return {
      kind: 'message',
      ...nowhere,
      name: nameNode(message.name),
      visibility,
      statements: this.body(message, scope),
    }
  }

  private body(message: DescriptorProto, scope: string): MessageStatement[] {
    const inside = join(scope, message.name)
    const statements: MessageStatement[] = [
      ...reserved(message, numberLimit - 1, 1),
      ...this.read(MessageOptionsSchema, message.options, scope),
    ]
    const oneofs = new Map<number, OneofNode>()
    const inlined = new Set<string>()
    for (const field of [...message.field, ...message.extension]) {
      const type = message.nestedType.find((nested) => `.${inside}.${nested.name}` === field.typeName)
      if (type && (isGroup(field) || type.options?.mapEntry)) inlined.add(type.name)
    }
    for (const field of message.field) {
      const node = this.field(field, message.nestedType, inside)
      if (!Object.hasOwn(field, 'oneofIndex') || field.proto3Optional) {
        statements.push(node)
        continue
      }
      let oneof = oneofs.get(field.oneofIndex)
      const declaration = message.oneofDecl[field.oneofIndex]
      if (!oneof && declaration) {
        const options = this.read(OneofOptionsSchema, declaration.options, inside)
        oneof = { kind: 'oneof', ...nowhere, name: nameNode(declaration.name), statements: options }
        oneofs.set(field.oneofIndex, oneof)
        statements.push(oneof)
      }
      oneof?.statements.push(node)
    }
    statements.push(...this.extensionRanges(message, inside))
    statements.push(...this.extends(message.extension, message.nestedType, inside))
    for (const nested of message.nestedType)
      if (!inlined.has(nested.name)) statements.push(this.message(nested, inside))
    for (const element of message.enumType) statements.push(this.enum(element, inside))
    return statements
  }

  private field(field: FieldDescriptorProto, types: readonly DescriptorProto[], scope: string): FieldNode {
    const { label, number } = field
    const type = types.find((nested) => `.${join(scope, nested.name)}` === field.typeName)
    const options = [...this.read(FieldOptionsSchema, field.options, scope), ...this.special(field)]
    const node: FieldNode = {
      kind: 'field',
      ...nowhere,
      type: nameNode(scalarNames.get(field.type) ?? this.typeName(field.typeName, scope)),
      name: nameNode(field.name),
      number: { ...nowhere, value: number },
      options,
    }
    if (label === Label.REPEATED) node.label = 'repeated'
    else if (label === Label.REQUIRED) node.label = 'required'
    else if (field.proto3Optional) node.label = 'optional'
    else if (this.table.file.syntax !== 'editions' && !this.isProto3 && !Object.hasOwn(field, 'oneofIndex'))
      node.label = 'optional'
    if (isGroup(field) && type) {
      node.type = nameNode('group')
      node.name = nameNode(type.name)
      node.group = this.body(type, scope)
    } else if (type?.options?.mapEntry) {
      const [key, value] = [1, 2].map((index) => type.field.find((part) => part.number === index))
      if (key && value) {
        delete node.label
        node.type = nameNode('map')
        node.map = { key: this.mapPart(key, scope), value: this.mapPart(value, scope) }
      }
    }
    return node
  }

  private mapPart(field: FieldDescriptorProto, scope: string): NameNode {
    return nameNode(scalarNames.get(field.type) ?? this.typeName(field.typeName, scope))
  }

  private special(field: FieldDescriptorProto): OptionNode[] {
    const options: OptionNode[] = []
    const add = (name: string, value: ScalarValue) =>
      options.push({ kind: 'option', ...nowhere, name: [{ ...nowhere, name, extension: false }], value })
    if (Object.hasOwn(field, 'defaultValue')) add('default', defaultValue(field))
    if (field.jsonName !== '' && field.jsonName !== defaultJsonName(field.name) && !field.extendee) {
      add('json_name', { kind: 'string', ...nowhere, text: field.jsonName })
    }
    return options
  }

  /** Ranges with the same options share a statement. */
  private extensionRanges(message: DescriptorProto, scope: string): ExtensionsNode[] {
    const max = message.options?.messageSetWireFormat ? 2147483646 : numberLimit - 1
    return message.extensionRange.map((range) => ({
      kind: 'extensions',
      ...nowhere,
      ranges: [rangeNode(range.start, range.end - 1, max)],
      options: this.read<NonNullable<DescriptorProto_ExtensionRange['options']>>(
        ExtensionRangeOptionsSchema,
        range.options,
        scope,
      ),
    }))
  }

  private extends(
    extensions: readonly FieldDescriptorProto[],
    types: readonly DescriptorProto[],
    scope: string,
  ): ExtendNode[] {
    const nodes: (ExtendNode & { full: string })[] = []
    for (const field of extensions) {
      let last = nodes.at(-1)
      if (last?.full !== field.extendee) {
        last = {
          kind: 'extend',
          ...nowhere,
          extendee: nameNode(this.typeName(field.extendee, scope)),
          fields: [],
          full: field.extendee,
        }
        nodes.push(last)
      }
      last.fields.push(this.field(field, types, scope))
    }
    return nodes
  }

  private enum(element: EnumDescriptorProto, scope: string): EnumNode {
    const statements: EnumNode['statements'] = [
      ...reserved(element, 2147483647, 0),
      ...this.read(EnumOptionsSchema, element.options, scope),
      ...element.value.map((value) => ({
        kind: 'value' as const,
        ...nowhere,
        name: nameNode(value.name),
        number: { ...nowhere, value: value.number },
        options: this.read(EnumValueOptionsSchema, value.options, join(scope, element.name)),
      })),
    ]
    return {
      kind: 'enum',
      ...nowhere,
      name: nameNode(element.name),
      visibility: visibilities.get(element.visibility),
      statements,
    }
  }

  private service(service: ServiceDescriptorProto, scope: string): ServiceNode {
    const inside = join(scope, service.name)
    const statements: ServiceNode['statements'] = this.read(ServiceOptionsSchema, service.options, scope)
    for (const method of service.method) {
      statements.push({
        kind: 'method',
        ...nowhere,
        name: nameNode(method.name),
        input: nameNode(this.typeName(method.inputType, inside, true)),
        output: nameNode(this.typeName(method.outputType, inside, true)),
        clientStreaming: method.clientStreaming,
        serverStreaming: method.serverStreaming,
        options: this.read(MethodOptionsSchema, method.options, inside),
      })
    }
    return { kind: 'service', ...nowhere, name: nameNode(service.name), statements }
  }

  private read<O extends Message>(schema: GenMessage<O>, options: O | undefined, scope: string): OptionNode[] {
    return options ? this.options.read(schema, options, scope) : []
  }

  /** The shortest name inside the own package that leads to the type; others in full, with a dot only if it is needed. */
  private typeName(absolute: string, scope: string, forMethod = false): string {
    const full = absolute.replace(/^\./, '')
    const { package: own } = this.table.file
    const leadsThere = (name: string) => {
      const found = resolveName(name, scope, this.table, this.table.visible, forMethod ? 'any' : 'type')
      const isWord = statementWords.has(name.split('.')[0] ?? '')
      return !isFailure(found) && found !== 'package' && found.name === full && !isWord
    }
    const isOwn = this.table.names.has(full) || (own !== '' && full.startsWith(`${own}.`))
    const parts = (own && full.startsWith(`${own}.`) ? full.slice(own.length + 1) : full).split('.')
    if (isOwn) {
      for (let count = 1; count <= parts.length; count++) {
        const name = parts.slice(-count).join('.')
        if (leadsThere(name)) return name
      }
    }
    return leadsThere(full) ? full : absolute
  }
}

/** Words that would start another statement if a type had this name. */
const statementWords = new Set(
  (
    'message enum extend extensions reserved option oneof map group optional required repeated stream export local rpc ' +
    'double float int64 uint64 int32 fixed64 fixed32 bool string bytes uint32 sfixed32 sfixed64 sint32 sint64'
  ).split(' '),
)

/** An absent syntax is proto2, and written out. */
const knownSyntaxes = new Set(['', 'proto2', 'proto3', 'editions'])

const syntaxNode = (file: FileDescriptorProto): SyntaxNode =>
  file.syntax === 'editions'
    ? { ...nowhere, keyword: 'edition', value: (Edition[file.edition] ?? '').replace('EDITION_', '') }
    : { ...nowhere, keyword: 'syntax', value: file.syntax || 'proto2' }

const isGroup = (field: FieldDescriptorProto) => field.type === Type.GROUP

const nameNode = (name: string): NameNode => ({ ...nowhere, name })

const join = (scope: string, name: string) => (scope ? `${scope}.${name}` : name)

const visibilities = new Map([
  [SymbolVisibility.VISIBILITY_EXPORT, 'export' as const],
  [SymbolVisibility.VISIBILITY_LOCAL, 'local' as const],
])

/** @param open how far behind the last number a range of the descriptor ends */
function reserved(
  element: { reservedRange: { start: number; end: number }[]; reservedName: string[] } & { $typeName: string },
  max: number,
  open: 0 | 1,
): ReservedNode[] {
  const nodes: ReservedNode[] = []
  if (element.reservedRange.length > 0) {
    const items = element.reservedRange.map(({ start, end }) => rangeNode(start, end - open, max))
    nodes.push({ kind: 'reserved', ...nowhere, items })
  }
  if (element.reservedName.length > 0) {
    const items = element.reservedName.map((name) => ({ kind: 'name' as const, ...nowhere, name, quoted: true }))
    nodes.push({ kind: 'reserved', ...nowhere, items })
  }
  return nodes
}

const rangeNode = (first: number, last: number, max: number): RangeNode => ({
  kind: 'range',
  ...nowhere,
  first,
  last: last >= max ? 'max' : last,
  single: first === last && last < max,
})

function defaultValue({ type, defaultValue: text }: FieldDescriptorProto): ScalarValue {
  switch (type) {
    case Type.STRING:
      return { kind: 'string', ...nowhere, text }
    case Type.BYTES:
      return { kind: 'string', ...nowhere, ...unescapeBytes(text) }
    case Type.BOOL:
    case Type.ENUM:
      return { kind: 'identifier', ...nowhere, text }
    default:
      return { kind: /^(inf|nan)$/.test(text) ? 'identifier' : 'number', ...nowhere, text }
  }
}
