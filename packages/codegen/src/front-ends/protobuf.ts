import { parseStored } from '@concordat/core'
import { protobuf, type ProtobufSchema } from '@concordat/core/protobuf'
import type { EventInput, TypeMapping } from '../binding-input.js'
import type { Declaration, EventTypes, Field, ObjectShape, Shape } from '../ir.js'
import { BindingError, builtin } from '../ir.js'
import { resolverOf, sourceOf } from './references.js'

type FileDescriptor = ProtobufSchema['file']
type MessageDescriptor = FileDescriptor['messageType'][number]
type FieldDescriptor = MessageDescriptor['field'][number]
type EnumDescriptor = FileDescriptor['enumType'][number]

export interface ProtobufTypes extends EventTypes {
  /** Full name of the event's message. */
  message: string
  /** Its path in the file, outermost first; entries of maps are not counted. */
  index: number[]
  /** What the runtime goes by: the `ProtobufTable` of `@concordat/client`. */
  table: Table
}

interface Table {
  messages: Record<string, { fields: Row[] }>
  enums: Record<string, { open: boolean; values: [name: string, number: number][] }>
}

interface Row {
  key: string
  number: number
  type: string
  of?: string
  label: 'implicit' | 'explicit' | 'required' | 'repeated' | 'packed' | 'map'
  mapKey?: string
  oneof?: string
}

/** @throws InvalidSchema, or BindingError for a schema without messages or with names that code cannot have */
export function protobufTypes(event: EventInput, mapping: Required<TypeMapping>): ProtobufTypes {
  const schema = protobuf.parse(sourceOf(event), resolverOf(event), parseStored)
  return new ProtobufFrontEnd(schema, event, mapping).types()
}

interface Known<T> {
  descriptor: T
  file: FileDescriptor
  /** Full name without the package. */
  path: string
  doc?: (path: number[]) => string | undefined
  /** Path of the descriptor in its file, as `SourceCodeInfo` counts it. */
  location: number[]
}

class ProtobufFrontEnd {
  private readonly messages = new Map<string, Known<MessageDescriptor>>()
  private readonly enums = new Map<string, Known<EnumDescriptor>>()
  private readonly declarations = new Map<string, Declaration>()
  private readonly table: Table = { messages: {}, enums: {} }

  constructor(
    private readonly schema: ProtobufSchema,
    private readonly event: EventInput,
    private readonly mapping: Required<TypeMapping>,
  ) {
    for (const file of schema.dependencies) this.index(file)
    this.index(schema.file, docsOf(schema))
  }

  types(): ProtobufTypes {
    const { index, message } = this.eventMessage()
    const root = this.message(message)
    const name = this.messages.get(message)?.path ?? message
    return { name, declarations: this.declarations, root, message, index, table: this.table }
  }

  private eventMessage(): { index: number[]; message: string } {
    const { file } = this.schema
    const search = (
      messages: MessageDescriptor[],
      scope: string,
      index: number[],
    ): { index: number[]; message: string } | undefined => {
      const real = messages.filter((message) => !message.options?.mapEntry)
      for (const [at, message] of real.entries()) {
        const full = scope ? `${scope}.${message.name}` : message.name
        const path = [...index, at]
        if (full === (this.event.message ?? full)) return { index: path, message: full }
        const inner = search(message.nestedType, full, path)
        if (inner) return inner
      }
      return undefined
    }
    const found = search(file.messageType, file.package, [])
    if (found) return found
    const reason = this.event.message
      ? `there is no message ${JSON.stringify(this.event.message)} in the file`
      : 'there is no message in the file'
    throw new BindingError(this.event.subject, '', reason)
  }

  private index(file: FileDescriptor, doc?: (path: number[]) => string | undefined): void {
    const visit = (message: MessageDescriptor, scope: string, location: number[]): void => {
      const path = scope ? `${scope}.${message.name}` : message.name
      this.messages.set(fullName(file, path), { descriptor: message, file, path, doc, location })
      message.nestedType.forEach((nested, at) => visit(nested, path, [...location, 3, at]))
      message.enumType.forEach((type, at) => visitEnum(type, path, [...location, 4, at]))
    }
    const visitEnum = (type: EnumDescriptor, scope: string, location: number[]): void => {
      const path = scope ? `${scope}.${type.name}` : type.name
      this.enums.set(fullName(file, path), { descriptor: type, file, path, doc, location })
    }
    file.messageType.forEach((message, at) => visit(message, '', [4, at]))
    file.enumType.forEach((type, at) => visitEnum(type, '', [5, at]))
  }

  private message(name: string): Shape {
    const known = this.messages.get(name)
    if (!known) throw this.refused(name, 'the type is not defined')
    if (!this.declarations.has(name)) {
      this.checkNames(name, name.split('.'))
      const { descriptor, path, doc, location } = known
      const shape: ObjectShape = { kind: 'object', fields: [] }
      this.declarations.set(name, { name: path, doc: doc?.(location), shape })
      const rows: Row[] = []
      this.table.messages[name] = { fields: rows }
      const keys = keysOf(descriptor)
      const oneofs = new Map<number, Extract<Shape, { kind: 'oneof' }>>()
      for (const [at, field] of descriptor.field.entries()) {
        this.checkNames(name, [field.name])
        const key = keys.get(field) ?? field.name
        const row = this.row(field, key)
        const docs = doc?.([...location, 2, at])
        rows.push(row)
        const shape_ = this.fieldShape(row)
        if (row.oneof === undefined) {
          shape.fields.push({ name: key, doc: docs, shape: shape_, optional: optionalOf(row) })
          continue
        }
        const oneof = oneofs.get(field.oneofIndex) ?? { kind: 'oneof', cases: [] }
        if (!oneofs.has(field.oneofIndex)) {
          oneofs.set(field.oneofIndex, oneof)
          const oneofDoc = doc?.([...location, 8, field.oneofIndex])
          shape.fields.push({ name: row.oneof, doc: oneofDoc, shape: oneof, optional: { read: true, write: true } })
        }
        oneof.cases.push({ name: key, doc: docs, shape: shape_ })
      }
    }
    return { kind: 'ref', to: name }
  }

  private row(field: FieldDescriptor, key: string): Row {
    const owner = field.typeName.replace(/^\./, '')
    const entry = isRepeated(field) ? this.messages.get(owner)?.descriptor : undefined
    if (entry?.options?.mapEntry) {
      const [mapKey, value] = entry.field
      const { type, of } = this.typeOf(value)
      return { key, number: field.number, type, ...(of && { of }), label: 'map', mapKey: this.typeOf(mapKey).type }
    }
    const { type, of } = this.typeOf(field)
    const oneof = this.oneofOf(field)
    return {
      key,
      number: field.number,
      type,
      ...(of && { of }),
      label: this.label(field, type),
      ...(oneof && { oneof }),
    }
  }

  private typeOf(field: FieldDescriptor): { type: string; of?: string } {
    const type = typeNames[field.type]
    if (type === undefined) throw this.refused(field.name, 'the type of the field is not known')
    if (type !== 'message' && type !== 'group' && type !== 'enum') return { type }
    const of = field.typeName.replace(/^\./, '')
    const isGroup = type === 'message' && this.schema.features(field).messageEncoding === 'DELIMITED'
    return { type: isGroup ? 'group' : type, of }
  }

  private label(field: FieldDescriptor, type: string): Row['label'] {
    const { fieldPresence, repeatedFieldEncoding } = this.schema.features(field)
    if (isRepeated(field)) {
      const packed = repeatedFieldEncoding === 'PACKED' && !unpackable.has(type)
      return packed ? 'packed' : 'repeated'
    }
    if (field.label === (label.required as FieldDescriptor['label']) || fieldPresence === 'LEGACY_REQUIRED')
      return 'required'
    if (field.proto3Optional || this.oneofOf(field) !== undefined || type === 'message' || type === 'group')
      return 'explicit'
    return fieldPresence === 'IMPLICIT' ? 'implicit' : 'explicit'
  }

  /** The key of a real oneof; proto3's `optional` makes one that is none. */
  private oneofOf(field: FieldDescriptor): string | undefined {
    if (field.proto3Optional || !hasOneof(field)) return undefined
    const owner = this.ownerOf(field)
    return owner && keysOf(owner).get(owner.oneofDecl[field.oneofIndex])
  }

  private readonly owners = new Map<FieldDescriptor, MessageDescriptor>()

  private ownerOf(field: FieldDescriptor): MessageDescriptor | undefined {
    if (this.owners.size === 0) {
      for (const { descriptor } of this.messages.values()) {
        for (const one of descriptor.field) this.owners.set(one, descriptor)
      }
    }
    return this.owners.get(field)
  }

  private fieldShape(row: Row): Shape {
    const one = this.itemShape(row)
    if (row.label === 'map') return { kind: 'map', values: one }
    return row.label === 'repeated' || row.label === 'packed' ? { kind: 'array', items: one } : one
  }

  private itemShape({ type, of = '' }: Row): Shape {
    switch (type) {
      case 'message':
      case 'group':
        return this.message(of)
      case 'enum':
        return this.enum(of)
      case 'string':
        return builtin('string')
      case 'bool':
        return builtin('boolean')
      case 'bytes':
        return builtin('bytes')
      default:
        return builtin(type.endsWith('64') ? this.mapping.long : 'number')
    }
  }

  private enum(name: string): Shape {
    const known = this.enums.get(name)
    if (!known) throw this.refused(name, 'the enum is not defined')
    if (!this.declarations.has(name)) {
      const { descriptor, path, doc, location } = known
      this.checkNames(name, [...name.split('.'), ...descriptor.value.map((value) => value.name)])
      const open = this.schema.features(descriptor).enumType === 'OPEN'
      this.table.enums[name] = { open, values: descriptor.value.map((value) => [value.name, value.number]) }
      this.declarations.set(name, {
        name: path,
        doc: doc?.(location),
        shape: { kind: 'enum', values: descriptor.value.map((value) => value.name), ...(open && { open: 'number' }) },
      })
    }
    return { kind: 'ref', to: name }
  }

  /** A descriptor in base64 never met the grammar, so its names may be anything. */
  private checkNames(path: string, names: string[]): void {
    const bad = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === '__proto__')
    if (bad !== undefined) {
      throw this.refused(path, `${JSON.stringify(bad.slice(0, 80))} is not a name that code can be generated for`)
    }
  }

  private refused(path: string, reason: string): BindingError {
    return new BindingError(this.event.subject, path.slice(0, 200), reason)
  }
}

const label = { required: 2, repeated: 3 }

const isRepeated = (field: FieldDescriptor) => field.label === (label.repeated as FieldDescriptor['label'])

/** `oneofIndex` 0 is also what an absent one reads as; only presence tells them apart. */
const hasOneof = (field: FieldDescriptor) => Object.hasOwn(field, 'oneofIndex')

/** `FieldDescriptorProto.Type` of descriptor.proto. */
const typeNames: Record<number, string | undefined> = {
  1: 'double',
  2: 'float',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  6: 'fixed64',
  7: 'fixed32',
  8: 'bool',
  9: 'string',
  10: 'group',
  11: 'message',
  12: 'bytes',
  13: 'uint32',
  14: 'enum',
  15: 'sfixed32',
  16: 'sfixed64',
  17: 'sint32',
  18: 'sint64',
}

const unpackable = new Set(['string', 'bytes', 'message', 'group'])

function optionalOf({ label, type }: Row): Field['optional'] {
  switch (label) {
    case 'required':
      return { read: false, write: false }
    case 'explicit':
      return { read: true, write: true }
    case 'implicit':
      return { read: type === 'message', write: true }
    default:
      return { read: false, write: true }
  }
}

const fullName = (file: FileDescriptor, path: string) => (file.package ? `${file.package}.${path}` : path)

type Named = FieldDescriptor | MessageDescriptor['oneofDecl'][number]

/** Keys of fields and oneofs in lowerCamelCase; names that would coincide stay as they are. */
function keysOf(message: MessageDescriptor): Map<Named, string> {
  const all: Named[] = [...message.field, ...message.oneofDecl]
  const byKey = new Map<string, number>()
  for (const { name } of all) byKey.set(camelCase(name), (byKey.get(camelCase(name)) ?? 0) + 1)
  return new Map(all.map((one) => [one, byKey.get(camelCase(one.name)) === 1 ? camelCase(one.name) : one.name]))
}

const camelCase = (name: string) =>
  name.replace(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/_+$/, '') || name

/** Comments before elements, or else behind them, by the path of the element. */
function docsOf(schema: ProtobufSchema): (path: number[]) => string | undefined {
  let docs: Map<string, string> | undefined
  return (path) => {
    docs ??= new Map(
      schema.sourceInfo.location.flatMap(({ path, leadingComments, trailingComments }): [string, string][] => {
        const text = leadingComments || trailingComments
        return text ? [[path.join(), text.replace(/^ /gm, '')]] : []
      }),
    )
    return docs.get(path.join())
  }
}
