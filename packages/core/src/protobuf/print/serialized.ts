import { clone, create, toBinary } from '@bufbuild/protobuf'
import {
  ExtensionRangeOptionsSchema,
  FieldDescriptorProto_Label as Label,
  FileDescriptorProtoSchema,
  OneofOptionsSchema,
  type DescriptorProto,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { ProtobufSchema } from '../schema.js'
import type { FieldNode, MethodNode, NameNode, Node, OptionNode } from '../syntax/tree.js'

/**
 * The descriptor as base64, laid out as Confluent's server does it: the file is called `default`, type names are as
 * written, json names only where written, members of oneofs stand first. What that server loses (groups, custom
 * options, names of map entries) is there, and every reader of descriptors gets the same schema.
 */
export function printSerialized(schema: ProtobufSchema): string {
  const file = clone(FileDescriptorProtoSchema, schema.file)
  file.sourceCodeInfo = undefined
  file.name = 'default'
  if (file.syntax === '' && schema.tree.syntax) file.syntax = 'proto2'
  // A file that is imported twice would be refused by every reader of the descriptor.
  const imports = [...new Set(file.dependency)]
  const reindex = (index: number) => imports.indexOf(file.dependency[index] ?? '')
  file.publicDependency = [...new Set(file.publicDependency.map(reindex))]
  file.weakDependency = [...new Set(file.weakDependency.map(reindex))]
  file.dependency = imports
  const layout = new Layout(schema.origins)
  for (const [index, message] of file.messageType.entries()) layout.message(message, schema.file.messageType[index])
  for (const [index, field] of file.extension.entries()) layout.field(field, schema.file.extension[index])
  for (const [index, service] of file.service.entries()) {
    for (const [number, method] of service.method.entries()) {
      const node = schema.origins.get(schema.file.service[index]?.method[number] ?? method) as MethodNode | undefined
      if (!node) continue
      method.inputType = node.input.name
      method.outputType = node.output.name
    }
  }
  return base64(toBinary(FileDescriptorProtoSchema, file))
}

class Layout {
  constructor(private readonly origins: ReadonlyMap<object, Node>) {}

  /** @param source the same element of the schema, which knows its node */
  message(message: DescriptorProto, source: DescriptorProto | undefined): void {
    if (!source) return
    for (const [index, field] of message.field.entries())
      this.field(field, source.field[index], message.options?.mapEntry)
    for (const [index, field] of message.extension.entries()) this.field(field, source.extension[index])
    for (const [index, nested] of message.nestedType.entries()) this.message(nested, source.nestedType[index])
    for (const oneof of message.oneofDecl) oneof.options ??= create(OneofOptionsSchema)
    for (const range of message.extensionRange) range.options ??= create(ExtensionRangeOptionsSchema)
    const isMember = (field: FieldDescriptorProto) => Object.hasOwn(field, 'oneofIndex') && !field.proto3Optional
    message.field = [...message.field.filter(isMember), ...message.field.filter((field) => !isMember(field))]
    message.nestedType = [
      ...message.nestedType.filter((nested) => !nested.options?.mapEntry),
      ...message.nestedType.filter((nested) => nested.options?.mapEntry),
    ]
  }

  field(field: FieldDescriptorProto, source: FieldDescriptorProto | undefined, inMapEntry = false): void {
    const node = source && this.origins.get(source)
    if (!node) return
    if (inMapEntry && !isField(node)) return mapEntryField(field, node as NameNode)
    if (!isField(node)) return
    if (node.extendee) field.extendee = node.extendee.name
    if (!isWritten(node.options, 'json_name')) clear(field, 'jsonName')
    if (!node.label && field.label === Label.OPTIONAL && !Object.hasOwn(field, 'oneofIndex')) clear(field, 'label')
    if (node.map) {
      field.typeName = field.typeName.slice(field.typeName.lastIndexOf('.') + 1)
      clear(field, 'type')
    } else if (field.typeName && !node.group) {
      field.typeName = node.type.name
    }
  }
}

const isField = (node: Node): node is FieldNode => 'kind' in node && node.kind === 'field'

/** Key or value of a `map<>`, of which only the type was written. */
function mapEntryField(field: FieldDescriptorProto, type: NameNode): void {
  clear(field, 'jsonName', 'label')
  if (field.typeName) field.typeName = type.name
}

const isWritten = (options: readonly OptionNode[] | undefined, name: string) =>
  options?.some((option) => option.name.length === 1 && option.name[0]?.name === name && !option.name[0].extension) ??
  false

/** Makes optional fields of a descriptor unset. */
function clear<T extends object>(message: T, ...fields: (keyof T & string)[]): void {
  for (const field of fields) Reflect.deleteProperty(message, field)
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
