import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { FieldDescriptorProto_Label as Label } from '@bufbuild/protobuf/wkt'
import { scalarNames } from '../compiler/types.js'
import { wellKnownDescriptors } from '../compiler/compile.js'

export interface MapEntryTypes {
  key: string
  value: string
  /** Where the names of the types are to be looked up. */
  scope: string
}

export interface KnownExtension {
  name: string
  repeated: boolean
  /** The message type with its leading dot; empty for scalars. */
  typeName: string
}

/**
 * What names can mean for the normalized text: everything in the file, its imports and the built-in files, imported or
 * not. Looser than the language, which stops at the first scope that has a name's first part.
 */
export class KnownNames {
  private readonly messages = new Map<string, DescriptorProto>()
  private readonly enums = new Map<string, EnumDescriptorProto>()
  private readonly extensions = new Map<string, FieldDescriptorProto>()
  private withBuiltIn = false

  constructor(files: Iterable<FileDescriptorProto>) {
    for (const file of files) this.addFile(file)
  }

  /** The full name with a leading dot, `undefined` if there is no such type. */
  type(name: string, scope: string): string | undefined {
    const full = this.search(name, scope, (candidate) => this.messages.has(candidate) || this.enums.has(candidate))
    return full === undefined ? undefined : `.${full}`
  }

  /** The extension that an option's name in parentheses means. */
  extension(name: string, scope: string): KnownExtension | undefined {
    const full = this.search(name, scope, (candidate) => this.extensions.has(candidate))
    const field = full === undefined ? undefined : this.extensions.get(full)
    if (full === undefined || !field) return undefined
    return { name: full, repeated: field.label === Label.REPEATED, typeName: field.typeName }
  }

  mapEntry(name: string): MapEntryTypes | undefined {
    const entry = this.messages.get(name.replace(/^\./, ''))
    if (!entry?.options?.mapEntry) return undefined
    const [key, value] = [1, 2].map((number) => entry.field.find((field) => field.number === number))
    if (!key || !value) return undefined
    const nameOf = (field: FieldDescriptorProto) => field.typeName || (scalarNames.get(field.type) ?? '')
    return { key: nameOf(key), value: nameOf(value), scope: '' }
  }

  private search(written: string, scope: string, has: (name: string) => boolean): string | undefined {
    const found = this.searchKnown(written, scope, has)
    if (found !== undefined || this.withBuiltIn) return found
    this.withBuiltIn = true
    for (const file of wellKnownDescriptors()) this.addFile(file)
    return this.searchKnown(written, scope, has)
  }

  private searchKnown(written: string, scope: string, has: (name: string) => boolean): string | undefined {
    if (written.startsWith('.')) {
      const name = written.slice(1)
      return has(name) ? name : undefined
    }
    for (let outer = scope; ; outer = outer.slice(0, Math.max(outer.lastIndexOf('.'), 0))) {
      const candidate = outer ? `${outer}.${written}` : written
      if (has(candidate)) return candidate
      if (!outer) return undefined
    }
  }

  private addFile(file: FileDescriptorProto): void {
    for (const message of file.messageType) this.addMessage(message, file.package)
    for (const element of file.enumType) this.add(this.enums, element, file.package)
    for (const field of file.extension) this.add(this.extensions, field, file.package)
  }

  private addMessage(message: DescriptorProto, scope: string): void {
    this.add(this.messages, message, scope)
    const inside = scope ? `${scope}.${message.name}` : message.name
    for (const nested of message.nestedType) this.addMessage(nested, inside)
    for (const element of message.enumType) this.add(this.enums, element, inside)
    for (const field of message.extension) this.add(this.extensions, field, inside)
  }

  private add<T extends { name: string }>(map: Map<string, T>, element: T, scope: string): void {
    const name = scope ? `${scope}.${element.name}` : element.name
    if (!map.has(name)) map.set(name, element)
  }
}
