import { create } from '@bufbuild/protobuf'
import {
  DescriptorProtoSchema,
  DescriptorProto_ExtensionRangeSchema,
  DescriptorProto_ReservedRangeSchema,
  Edition,
  EnumDescriptorProtoSchema,
  EnumDescriptorProto_EnumReservedRangeSchema,
  EnumValueDescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  MessageOptionsSchema,
  MethodDescriptorProtoSchema,
  OneofDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
  SymbolVisibility,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  type ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  FileNode,
  Label,
  MessageNode,
  MessageStatement,
  Node,
  OneofNode,
  OptionNode,
  ReservedNode,
  ServiceNode,
  Visibility,
} from '../syntax/tree.js'
import type { Diagnostics } from './diagnostics.js'
import { defaultJsonName, mapEntryName } from './names.js'
import { scalarTypes } from './types.js'

/** A descriptor without resolved names and options, and where each of its parts stands in the text. */
export interface Lowered {
  file: FileDescriptorProto
  /** From an element of the descriptor to its node. */
  origins: Map<object, Node>
  /** From an element to the options that are written on it, where there are any. */
  options: Map<object, OptionNode[]>
  /** Where each option went in its options message: field numbers, and an index for lists. Filled when linked. */
  optionPaths: Map<OptionNode, number[]>
  /** From a field to its `default`, whose meaning depends on the resolved type. */
  defaults: Map<FieldDescriptorProto, OptionNode>
}

/** Message numbers end before this one; `max` in ranges means it. */
export const numberLimit = 536870912

/** Turns statements into the descriptor that they describe, in protoc's order of elements. */
export function lower(tree: FileNode, path: string, diagnostics: Diagnostics): Lowered {
  return new Lowering(diagnostics).file(tree, path)
}

class Lowering {
  private readonly origins = new Map<object, Node>()
  private readonly options = new Map<object, OptionNode[]>()
  private readonly defaults = new Map<FieldDescriptorProto, OptionNode>()
  private proto3 = false

  constructor(private readonly diagnostics: Diagnostics) {}

  file(tree: FileNode, path: string): Lowered {
    const file = create(FileDescriptorProtoSchema)
    file.name = path
    this.origins.set(file, tree)
    if (tree.syntax?.keyword === 'edition') {
      file.syntax = 'editions'
      file.edition = editionNumbers.get(tree.syntax.value) ?? Edition.EDITION_UNKNOWN
    } else if (tree.syntax?.value === 'proto3') {
      file.syntax = 'proto3'
      this.proto3 = true
    }
    if (tree.package) file.package = tree.package.name
    const options: OptionNode[] = []
    for (const statement of tree.statements) {
      switch (statement.kind) {
        case 'import':
          if (statement.modifier === 'option') {
            file.optionDependency.push(statement.path)
          } else {
            if (statement.modifier === 'public') file.publicDependency.push(file.dependency.length)
            if (statement.modifier === 'weak') file.weakDependency.push(file.dependency.length)
            file.dependency.push(statement.path)
          }
          break
        case 'option':
          options.push(statement)
          break
        case 'message':
          file.messageType.push(this.message(statement))
          break
        case 'enum':
          file.enumType.push(this.enum(statement))
          break
        case 'extend':
          this.extend(statement, file.extension, file.messageType)
          break
        case 'service':
          file.service.push(this.service(statement))
          break
      }
    }
    this.setOptions(file, options)
    return { file, origins: this.origins, options: this.options, optionPaths: new Map(), defaults: this.defaults }
  }

  private message(node: MessageNode): DescriptorProto {
    const message = create(DescriptorProtoSchema)
    message.name = node.name.name
    if (node.visibility) message.visibility = visibilities[node.visibility]
    this.origins.set(message, node)
    this.messageBody(message, node.statements)
    return message
  }

  private messageBody(message: DescriptorProto, statements: MessageStatement[]): void {
    const options: OptionNode[] = []
    for (const statement of statements) {
      switch (statement.kind) {
        case 'field':
          message.field.push(this.field(statement, message.nestedType))
          break
        case 'oneof':
          this.oneof(statement, message)
          break
        case 'message':
          message.nestedType.push(this.message(statement))
          break
        case 'enum':
          message.enumType.push(this.enum(statement))
          break
        case 'extend':
          this.extend(statement, message.extension, message.nestedType)
          break
        case 'reserved':
          this.reserved(statement, message)
          break
        case 'extensions':
          for (const range of statement.ranges) {
            const element = create(DescriptorProto_ExtensionRangeSchema)
            element.start = range.first
            element.end = range.last === 'max' ? numberLimit : range.last + 1
            this.origins.set(element, range)
            this.setOptions(element, statement.options)
            message.extensionRange.push(element)
          }
          break
        case 'option':
          options.push(statement)
          break
      }
    }
    if (this.proto3) this.syntheticOneofs(message)
    if (options.length > 0) this.setOptions(message, options)
    const mapEntry = options.find(({ name }) => isPlain(name, 'map_entry'))
    if (mapEntry)
      this.diagnostics.report(mapEntry, 'map_entry cannot be set by hand', 'write map<key type, value type>')
    if (
      options.some(
        ({ name, value }) => isPlain(name, 'message_set_wire_format') && 'text' in value && value.text === 'true',
      )
    ) {
      // In message sets the numbers go as far as the wire allows.
      for (const range of [...message.extensionRange, ...message.reservedRange]) {
        if (range.end === numberLimit) range.end = 2147483647
      }
    }
  }

  private field(node: FieldNode, types: DescriptorProto[]): FieldDescriptorProto {
    const field = create(FieldDescriptorProtoSchema)
    this.origins.set(field, node)
    field.name = node.name.name
    field.number = node.number.value
    field.label = labels[node.label ?? 'optional']
    if (this.proto3 && node.label === 'optional') field.proto3Optional = true
    if (node.map) {
      field.label = FieldDescriptorProto_Label.REPEATED
      this.mapEntry(field, node, node.map, types)
    } else if (node.group) {
      field.type = FieldDescriptorProto_Type.GROUP
      field.typeName = node.name.name
      field.name = node.name.name.toLowerCase()
      const group = create(DescriptorProtoSchema)
      group.name = node.name.name
      this.origins.set(group, node)
      types.push(group)
      this.messageBody(group, node.group)
    } else {
      setType(field, node.type.name)
    }
    field.jsonName = defaultJsonName(field.name)
    this.fieldOptions(field, node.options)
    return field
  }

  /** `default` and `json_name` are written like options but are parts of the field. */
  private fieldOptions(field: FieldDescriptorProto, nodes: OptionNode[]): void {
    if (nodes.length === 0) return
    const options: OptionNode[] = []
    let hasJsonName = false
    for (const option of nodes) {
      if (isPlain(option.name, 'default')) {
        if (this.defaults.has(field)) this.diagnostics.report(option, 'the default is set twice')
        this.defaults.set(field, option)
      } else if (isPlain(option.name, 'json_name')) {
        if (hasJsonName) this.diagnostics.report(option, 'json_name is set twice')
        hasJsonName = true
        if (option.value.kind === 'string') field.jsonName = option.value.text
        else this.diagnostics.report(option.value, 'json_name is a string', 'write it in quotes')
      } else {
        options.push(option)
      }
    }
    this.setOptions(field, options)
  }

  private mapEntry(
    field: FieldDescriptorProto,
    node: FieldNode,
    map: NonNullable<FieldNode['map']>,
    types: DescriptorProto[],
  ): void {
    const entry = create(DescriptorProtoSchema)
    entry.name = mapEntryName(field.name)
    entry.options = create(MessageOptionsSchema)
    entry.options.mapEntry = true
    this.origins.set(entry, node)
    for (const [index, part] of (['key', 'value'] as const).entries()) {
      const element = create(FieldDescriptorProtoSchema)
      this.origins.set(element, map[part])
      element.name = part
      element.number = index + 1
      element.label = FieldDescriptorProto_Label.OPTIONAL
      element.jsonName = part
      setType(element, map[part].name)
      // Features of the map field (such as utf8_validation) hold for what is in it.
      const features = node.options.filter((option) => option.name[0]?.name === 'features' && !option.name[0].extension)
      if (features.length > 0) this.setOptions(element, features)
      entry.field.push(element)
    }
    types.push(entry)
    field.type = FieldDescriptorProto_Type.MESSAGE
    field.typeName = entry.name
  }

  private oneof(node: OneofNode, message: DescriptorProto): void {
    const oneof = create(OneofDescriptorProtoSchema)
    oneof.name = node.name.name
    this.origins.set(oneof, node)
    const index = message.oneofDecl.length
    message.oneofDecl.push(oneof)
    const options: OptionNode[] = []
    for (const statement of node.statements) {
      if (statement.kind === 'option') {
        options.push(statement)
      } else {
        const field = this.field(statement, message.nestedType)
        field.oneofIndex = index
        message.field.push(field)
      }
    }
    this.setOptions(oneof, options)
  }

  /** A proto3 field with `optional` is the one member of a oneof that nobody wrote; these follow all written ones. */
  private syntheticOneofs(message: DescriptorProto): void {
    if (!message.field.some((field) => field.proto3Optional)) return
    const taken = new Set([
      ...message.field.map((field) => field.name),
      ...message.oneofDecl.map((oneof) => oneof.name),
    ])
    for (const field of message.field) {
      if (!field.proto3Optional) continue
      let name = field.name.startsWith('_') ? field.name : `_${field.name}`
      while (taken.has(name)) name = `X${name}`
      taken.add(name)
      const oneof = create(OneofDescriptorProtoSchema)
      oneof.name = name
      const node = this.origins.get(field)
      if (node) this.origins.set(oneof, node)
      field.oneofIndex = message.oneofDecl.length
      message.oneofDecl.push(oneof)
    }
  }

  private extend(node: ExtendNode, extensions: FieldDescriptorProto[], types: DescriptorProto[]): void {
    for (const statement of node.fields) {
      const field = this.field(statement, types)
      field.extendee = node.extendee.name
      extensions.push(field)
    }
  }

  private reserved(node: ReservedNode, message: DescriptorProto): void {
    for (const item of node.items) {
      if (item.kind === 'name') {
        message.reservedName.push(item.name)
      } else {
        const range = create(DescriptorProto_ReservedRangeSchema)
        range.start = item.first
        range.end = item.last === 'max' ? numberLimit : item.last + 1
        this.origins.set(range, item)
        message.reservedRange.push(range)
      }
    }
  }

  private enum(node: EnumNode): EnumDescriptorProto {
    const element = create(EnumDescriptorProtoSchema)
    element.name = node.name.name
    if (node.visibility) element.visibility = visibilities[node.visibility]
    this.origins.set(element, node)
    const options: OptionNode[] = []
    for (const statement of node.statements) {
      if (statement.kind === 'option') {
        options.push(statement)
      } else if (statement.kind === 'value') {
        const value = create(EnumValueDescriptorProtoSchema)
        value.name = statement.name.name
        value.number = statement.number.value
        this.origins.set(value, statement)
        this.setOptions(value, statement.options)
        element.value.push(value)
      } else {
        for (const item of statement.items) {
          if (item.kind === 'name') {
            element.reservedName.push(item.name)
          } else {
            const range = create(EnumDescriptorProto_EnumReservedRangeSchema)
            range.start = item.first
            range.end = item.last === 'max' ? 2147483647 : item.last
            this.origins.set(range, item)
            element.reservedRange.push(range)
          }
        }
      }
    }
    this.setOptions(element, options)
    return element
  }

  private service(node: ServiceNode): ServiceDescriptorProto {
    const service = create(ServiceDescriptorProtoSchema)
    service.name = node.name.name
    this.origins.set(service, node)
    const options: OptionNode[] = []
    for (const statement of node.statements) {
      if (statement.kind === 'option') {
        options.push(statement)
        continue
      }
      const method = create(MethodDescriptorProtoSchema)
      method.name = statement.name.name
      method.inputType = statement.input.name
      method.outputType = statement.output.name
      if (statement.clientStreaming) method.clientStreaming = true
      if (statement.serverStreaming) method.serverStreaming = true
      this.origins.set(method, statement)
      this.setOptions(method, statement.options)
      service.method.push(method)
    }
    this.setOptions(service, options)
    return service
  }

  private setOptions(element: object, options: OptionNode[]): void {
    if (options.length > 0) this.options.set(element, options)
  }
}

function setType(field: FieldDescriptorProto, name: string): void {
  const scalar = scalarTypes.get(name)
  if (scalar === undefined) field.typeName = name
  else field.type = scalar
}

const isPlain = (name: OptionNode['name'], text: string) =>
  name.length === 1 && name[0]?.name === text && !name[0].extension

const labels: Record<Label, FieldDescriptorProto_Label> = {
  optional: FieldDescriptorProto_Label.OPTIONAL,
  required: FieldDescriptorProto_Label.REQUIRED,
  repeated: FieldDescriptorProto_Label.REPEATED,
}

const visibilities: Record<Visibility, SymbolVisibility> = {
  export: SymbolVisibility.VISIBILITY_EXPORT,
  local: SymbolVisibility.VISIBILITY_LOCAL,
}

const editionNumbers = new Map([
  ['2023', Edition.EDITION_2023],
  ['2024', Edition.EDITION_2024],
])
