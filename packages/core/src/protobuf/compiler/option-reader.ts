import { toBinary, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { InvalidSchema } from '../../schema/invalid-schema.js'
import { latin1 } from '../syntax/string-literal.js'
import type { MessageEntry, OptionNode, Value } from '../syntax/tree.js'
import type { Diagnostics } from './diagnostics.js'
import { floatToText } from './defaults.js'
import { isFailure, resolveName } from './resolution.js'
import type { MessageSymbol, Symbol_, SymbolTable } from './symbols.js'

const nowhere = { at: -1, end: -1 }

interface Occurrence {
  field: FieldDescriptorProto
  /** The file that declares the field: its types are named there. */
  file: SymbolTable
  /** Set for extensions. */
  extension?: string
  values: Value[]
}

/** Turns options messages back into the statements that set them, custom ones by the extensions that declare them. */
export class OptionReader {
  constructor(
    private readonly table: SymbolTable,
    private readonly builtIn: () => SymbolTable,
    private readonly diagnostics: Diagnostics,
  ) {}

  read<O extends Message>(schema: GenMessage<O>, options: O, scope: string): OptionNode[] {
    const type = this.optionsType(schema.typeName)
    const nodes: OptionNode[] = []
    for (const { field, extension, values } of this.fields(type, toBinary(schema, options))) {
      if (field.name === 'uninterpreted_option' && !extension) {
        this.diagnostics.report(
          scope,
          'the descriptor holds options that were never interpreted',
          'interpret them with protoc',
        )
        continue
      }
      if (field.name === 'map_entry' && !extension) continue
      const name = extension === undefined ? field.name : this.extensionName(extension, scope)
      for (const value of values) {
        nodes.push({
          kind: 'option',
          ...nowhere,
          name: [{ ...nowhere, name, extension: extension !== undefined }],
          value,
        })
      }
    }
    return nodes
  }

  private optionsType(name: string): MessageSymbol {
    const own = this.table.find(name, this.table.reachable)
    const found = own && own !== 'package' ? own : this.builtIn().names.get(name)
    if (found?.kind !== 'message') throw new TypeError(`${name} is not built in`)
    return found
  }

  /** As short as it resolves inside the own package, in full otherwise. */
  private extensionName(full: string, scope: string): string {
    const { package: own } = this.table.file
    const parts = (own && full.startsWith(`${own}.`) ? full.slice(own.length + 1) : full).split('.')
    const candidates = this.table.names.has(full) ? parts.map((_, index) => parts.slice(-1 - index).join('.')) : []
    const leadsThere = (name: string) => {
      const found = resolveName(name, scope, this.table, this.table.visibleToOptions, 'any')
      return !isFailure(found) && found !== 'package' && found.name === full
    }
    return [...candidates, full].find(leadsThere) ?? `.${full}`
  }

  private fields(type: MessageSymbol, bytes: Uint8Array): Occurrence[] {
    const found = new Map<number, Occurrence>()
    const reader = new BinaryReader(bytes)
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag()
      let occurrence = found.get(number)
      if (!occurrence) {
        occurrence = this.declaration(type, number)
        if (!occurrence) {
          reader.skip(wireType, number)
          continue
        }
        found.set(number, occurrence)
      }
      this.take(reader, bytes, number, wireType, occurrence)
    }
    return [...found.values()]
  }

  private declaration(type: MessageSymbol, number: number): Occurrence | undefined {
    const field = type.element.field.find((known) => known.number === number)
    if (field) return { field, file: type.file, values: [] }
    for (const file of this.table.reachable) {
      for (const symbol of file.names.values()) {
        if (
          symbol.kind === 'extension' &&
          symbol.element.number === number &&
          symbol.element.extendee === `.${type.name}`
        ) {
          return { field: symbol.element, file, extension: symbol.name, values: [] }
        }
      }
    }
    this.diagnostics.report(
      undefined,
      `the descriptor sets the option ${number} of ${type.name}, which no imported file declares`,
      'import the file that declares it and send it as a reference',
    )
    return undefined
  }

  private take(
    reader: BinaryReader,
    input: Uint8Array,
    number: number,
    wireType: WireType,
    occurrence: Occurrence,
  ): void {
    const { field, values, file } = occurrence
    if (field.type === Type.MESSAGE || field.type === Type.GROUP) {
      const bytes = wireType === WireType.LengthDelimited ? reader.bytes() : groupBytes(reader, input, number)
      const value = this.message(field, file, bytes)
      const [earlier] = values
      // Occurrences of one message are parts of it.
      if (field.label !== Label.REPEATED && earlier?.kind === 'message') earlier.entries.push(...value.entries)
      else values.push(value)
      return
    }
    if (wireType === WireType.LengthDelimited && field.type !== Type.STRING && field.type !== Type.BYTES) {
      for (const end = reader.uint32() + reader.pos; reader.pos < end;) values.push(this.scalar(reader, field, file))
      return
    }
    const value = this.scalar(reader, field, file)
    if (field.label !== Label.REPEATED) values.length = 0
    values.push(value)
  }

  private message(
    field: FieldDescriptorProto,
    file: SymbolTable,
    bytes: Uint8Array,
  ): Extract<Value, { kind: 'message' }> {
    const type = this.type(field, file)
    if (type?.kind !== 'message') throw new InvalidSchema({ reason: `the type of the option ${field.name} is unknown` })
    const entries: MessageEntry[] = []
    for (const part of this.fields(type, bytes)) {
      const name =
        part.extension ??
        (part.field.type === Type.GROUP ? (part.field.typeName.split('.').at(-1) ?? '') : part.field.name)
      for (const value of part.values)
        entries.push({ ...nowhere, name, bracketed: part.extension !== undefined, value })
    }
    return { kind: 'message', ...nowhere, entries }
  }

  private type(field: FieldDescriptorProto, file: SymbolTable): Symbol_ | undefined {
    const found = file.find(field.typeName.slice(1), file.reachable)
    return found === 'package' ? undefined : found
  }

  private scalar(reader: BinaryReader, field: FieldDescriptorProto, file: SymbolTable): Value {
    const number = (value: number | bigint | string): Value => ({ kind: 'number', ...nowhere, text: String(value) })
    switch (field.type) {
      case Type.DOUBLE:
        return floatValue(reader.double(), false)
      case Type.FLOAT:
        return floatValue(reader.float(), true)
      case Type.INT64:
        return number(reader.int64())
      case Type.UINT64:
        return number(reader.uint64())
      case Type.INT32:
        return number(reader.int32())
      case Type.FIXED64:
        return number(reader.fixed64())
      case Type.FIXED32:
        return number(reader.fixed32())
      case Type.BOOL:
        return { kind: 'identifier', ...nowhere, text: String(reader.bool()) }
      case Type.STRING:
        return { kind: 'string', ...nowhere, text: reader.string() }
      case Type.BYTES: {
        const bytes = reader.bytes()
        return { kind: 'string', ...nowhere, text: latin1(bytes), bytes }
      }
      case Type.UINT32:
        return number(reader.uint32())
      case Type.SFIXED32:
        return number(reader.sfixed32())
      case Type.SFIXED64:
        return number(reader.sfixed64())
      case Type.SINT32:
        return number(reader.sint32())
      case Type.SINT64:
        return number(reader.sint64())
      default: {
        const value = reader.int32()
        const type = this.type(field, file)
        const name =
          type?.kind === 'enum' ? type.element.value.find((known) => known.number === value)?.name : undefined
        return name === undefined ? number(value) : { kind: 'identifier', ...nowhere, text: name }
      }
    }
  }
}

function floatValue(value: number, single: boolean): Value {
  const text = floatToText(value, single)
  return { kind: /^(inf|nan)$/.test(text) ? 'identifier' : 'number', ...nowhere, text }
}

/** The content of a group, up to its end tag. */
function groupBytes(reader: BinaryReader, input: Uint8Array, number: number): Uint8Array {
  for (const start = reader.pos; ;) {
    const before = reader.pos
    const [inner, wireType] = reader.tag()
    if (wireType === WireType.EndGroup && inner === number) {
      return input.subarray(start, before)
    }
    reader.skip(wireType, inner)
  }
}
