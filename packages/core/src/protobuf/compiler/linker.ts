import { fromBinary, mergeFromBinary, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import {
  EnumOptionsSchema,
  EnumValueOptionsSchema,
  ExtensionRangeOptionsSchema,
  FieldDescriptorProto_Type as Type,
  FieldOptionsSchema,
  FileOptionsSchema,
  MessageOptionsSchema,
  MethodOptionsSchema,
  OneofOptionsSchema,
  ServiceOptionsSchema,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { Node, OptionNode } from '../syntax/tree.js'
import { defaultText } from './defaults.js'
import type { Diagnostics } from './diagnostics.js'
import type { Lowered } from './lowering.js'
import { OptionInterpreter } from './options.js'
import { isFailure, resolveName, type Purpose } from './resolution.js'
import type { MessageSymbol, Symbol_, SymbolTable } from './symbols.js'

/** Resolves the names of a file whose imports are in its table, and interprets its options. */
export function link(lowered: Lowered, table: SymbolTable, diagnostics: Diagnostics, builtIn: () => SymbolTable): void {
  new Linker(lowered, table, diagnostics, builtIn).run()
}

class Linker {
  private readonly origins: Map<object, Node>

  constructor(
    private readonly lowered: Lowered,
    private readonly table: SymbolTable,
    private readonly diagnostics: Diagnostics,
    private readonly builtIn: () => SymbolTable,
  ) {
    this.origins = lowered.origins
  }

  run(): void {
    const { file } = this.table
    const scope = file.package
    for (const message of file.messageType) this.message(message, scope)
    for (const field of file.extension) this.field(field, scope)
    for (const service of file.service) {
      const inside = join(scope, service.name)
      for (const method of service.method) {
        method.inputType = this.messageType(method.inputType, inside, method)
        method.outputType = this.messageType(method.outputType, inside, method)
      }
    }
    this.options(file)
    for (const [field, option] of this.lowered.defaults) this.default(field, option)
  }

  private message(message: DescriptorProto, scope: string): void {
    const inside = join(scope, message.name)
    for (const field of message.field) this.field(field, inside)
    for (const field of message.extension) this.field(field, inside)
    for (const nested of message.nestedType) this.message(nested, inside)
  }

  private field(field: FieldDescriptorProto, scope: string): void {
    if (field.extendee) field.extendee = this.messageType(field.extendee, scope, field)
    if (!field.typeName) return
    const found = this.resolve(field.typeName, scope, field, 'type')
    if (!found) return
    if (found.kind === 'message') {
      if (field.type !== Type.GROUP) field.type = Type.MESSAGE
    } else if (found.kind === 'enum') {
      field.type = Type.ENUM
    } else {
      this.report(field, `"${field.typeName}" is a ${found.kind} and cannot be the type of a field`)
      return
    }
    field.typeName = `.${found.name}`
  }

  private messageType(name: string, scope: string, element: object): string {
    const found = this.resolve(name, scope, element, 'any')
    if (!found) return name
    if (found.kind !== 'message') {
      this.report(element, `"${name}" is a ${found.kind}, a message is needed here`)
      return name
    }
    return `.${found.name}`
  }

  private resolve(name: string, scope: string, element: object, purpose: Purpose): Symbol_ | undefined {
    const found = resolveName(name, scope, this.table, this.table.visible, purpose)
    if (isFailure(found)) {
      this.diagnostics.unresolved = true
      this.report(element, found.reason, found.hint)
      return undefined
    }
    if (found === 'package') {
      this.diagnostics.unresolved = true
      this.report(element, `"${name}" is a package, a type is needed here`)
      return undefined
    }
    return found
  }

  /** Built-in options first: custom ones are encoded as the features among them say. */
  private options(file: FileDescriptorProto): void {
    const { options } = this.lowered
    if (options.size === 0) return
    const custom = [...options.values()].some((nodes) => nodes.some(isCustom))
    for (const isCustomPass of custom ? [false, true] : [false]) {
      const interpreter = new OptionInterpreter(this.table, this.diagnostics, this.lowered.optionPaths)
      const apply = <O extends Message>(element: { options?: O }, schema: GenMessage<O>, scope: string) => {
        const all = options.get(element)
        const nodes = custom ? all?.filter((node) => isCustom(node) === isCustomPass) : all
        if (!nodes || nodes.length === 0) return
        const bytes = interpreter.interpret(nodes, this.optionsType(schema.typeName), scope)
        if (element.options) mergeFromBinary(schema, element.options, bytes)
        else element.options = fromBinary(schema, bytes)
      }
      walkOptions(file, apply)
    }
  }

  private optionsType(name: string): MessageSymbol {
    const own = this.table.find(name, this.table.reachable)
    const found = own && own !== 'package' ? own : this.builtIn().names.get(name)
    if (found?.kind !== 'message') throw new TypeError(`${name} is not built in`)
    return found
  }

  private default(field: FieldDescriptorProto, option: OptionNode): void {
    const found = field.typeName ? this.table.find(field.typeName.slice(1), this.table.reachable) : undefined
    const enumeration = found && found !== 'package' && found.kind === 'enum' ? found.element : undefined
    const text = defaultText(field.type, option.value, enumeration)
    if (typeof text === 'string') field.defaultValue = text
    else
      this.diagnostics.report(
        option,
        `this default does not fit the field "${field.name}"`,
        `expected ${text.expected}`,
      )
  }

  private report(element: object, reason: string, hint?: string): void {
    this.diagnostics.report(this.origins.get(element) ?? this.table.byElement.get(element)?.name, reason, hint)
  }
}

type Apply = <O extends Message>(element: { options?: O }, schema: GenMessage<O>, scope: string) => void

/** Every element that can have options, with the scope around it. */
function walkOptions(file: FileDescriptorProto, apply: Apply): void {
  const scope = file.package
  apply(file, FileOptionsSchema, scope)
  const onEnum = (element: EnumDescriptorProto, around: string) => {
    apply(element, EnumOptionsSchema, around)
    for (const value of element.value) apply(value, EnumValueOptionsSchema, join(around, element.name))
  }
  const onMessage = (message: DescriptorProto, around: string) => {
    const inside = join(around, message.name)
    apply(message, MessageOptionsSchema, around)
    for (const field of message.field) apply(field, FieldOptionsSchema, inside)
    for (const oneof of message.oneofDecl) apply(oneof, OneofOptionsSchema, inside)
    for (const range of message.extensionRange) apply(range, ExtensionRangeOptionsSchema, inside)
    for (const field of message.extension) apply(field, FieldOptionsSchema, inside)
    for (const element of message.enumType) onEnum(element, inside)
    for (const nested of message.nestedType) onMessage(nested, inside)
  }
  for (const message of file.messageType) onMessage(message, scope)
  for (const element of file.enumType) onEnum(element, scope)
  for (const field of file.extension) apply(field, FieldOptionsSchema, scope)
  for (const service of file.service) {
    apply(service, ServiceOptionsSchema, scope)
    for (const method of service.method) apply(method, MethodOptionsSchema, join(scope, service.name))
  }
}

const isCustom = (node: OptionNode) => node.name[0]?.extension === true

const join = (scope: string, name: string) => (scope ? `${scope}.${name}` : name)
