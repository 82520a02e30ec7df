import type {
  DescriptorProto,
  EnumDescriptorProto,
  EnumValueDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  MethodDescriptorProto,
  OneofDescriptorProto,
  ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { InvalidSchema } from '../../schema/invalid-schema.js'
import type { Diagnostics } from './diagnostics.js'
import type { Node } from '../syntax/tree.js'

/** What a full name stands for. */
export type Symbol_ =
  | SymbolOf<'message', DescriptorProto>
  | SymbolOf<'enum', EnumDescriptorProto>
  | SymbolOf<'field', FieldDescriptorProto>
  | SymbolOf<'extension', FieldDescriptorProto>
  | SymbolOf<'oneof', OneofDescriptorProto>
  | SymbolOf<'enum value', EnumValueDescriptorProto>
  | SymbolOf<'service', ServiceDescriptorProto>
  | SymbolOf<'method', MethodDescriptorProto>

export interface SymbolOf<K extends string, E> {
  kind: K
  /** Without a leading dot. */
  name: string
  element: E
  file: SymbolTable
  /** The symbol around it; absent at the top of the file. */
  parent?: Symbol_
}

export type MessageSymbol = SymbolOf<'message', DescriptorProto>
export type EnumSymbol = SymbolOf<'enum', EnumDescriptorProto>
export type FieldSymbol = SymbolOf<'field' | 'extension', FieldDescriptorProto>

/** The full names that one file declares. */
export class SymbolTable {
  readonly names = new Map<string, Symbol_>()
  /** The package and those around it. */
  readonly packages = new Set<string>()
  readonly byElement = new Map<object, Symbol_>()
  /** What this file imports directly, and what of that it passes on to those who import it. */
  readonly imports: SymbolTable[] = []
  readonly exported: SymbolTable[] = []
  /** This file and what it sees through its imports. */
  readonly visible: SymbolTable[] = [this]
  /** The same for options, which also see files of `import option`. */
  readonly visibleToOptions: SymbolTable[] = [this]
  /** This file and everything that it imports, transitively. */
  readonly reachable: SymbolTable[] = [this]

  constructor(readonly file: FileDescriptorProto) {}

  /** What a full name stands for in what this file sees; a package is `'package'`. */
  find(name: string, among: readonly SymbolTable[]): Symbol_ | 'package' | undefined {
    for (const table of among) {
      const symbol = table.names.get(name)
      if (symbol) return symbol
    }
    return among.some((table) => table.packages.has(name)) ? 'package' : undefined
  }
}

/** Collects the names of a file and reports what is declared twice, in the file or in one of the others. */
export function declare(
  table: SymbolTable,
  others: readonly SymbolTable[],
  diagnostics: Diagnostics,
  origins: Map<object, Node>,
): void {
  new Declaration(table, [table, ...others], diagnostics, origins).run()
}

class Declaration {
  constructor(
    private readonly table: SymbolTable,
    private readonly all: readonly SymbolTable[],
    private readonly diagnostics: Diagnostics,
    private readonly origins: Map<object, Node>,
  ) {}

  run(): void {
    const { file, packages } = this.table
    if (file.package) this.declarePackage(file.package, packages)
    const prefix = file.package ? `${file.package}.` : ''
    for (const message of file.messageType) this.message(message, prefix, undefined)
    for (const element of file.enumType) this.enum(element, prefix, undefined)
    for (const field of file.extension) this.add('extension', field, prefix, undefined)
    for (const service of file.service) {
      const symbol = this.add('service', service, prefix, undefined)
      for (const method of service.method) this.add('method', method, `${symbol.name}.`, symbol)
    }
  }

  private declarePackage(name: string, packages: Set<string>): void {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
      const prefix = name.slice(0, end)
      packages.add(prefix)
      for (const other of this.all) {
        if (other.names.has(prefix)) {
          this.diagnostics.report(
            this.table.file.package,
            `the package ${prefix} has the name of something else that is declared in ${other.file.name}`,
            'rename one of them',
          )
        }
      }
    }
  }

  private message(message: DescriptorProto, prefix: string, parent: Symbol_ | undefined): void {
    const symbol = this.add('message', message, prefix, parent)
    const inside = `${symbol.name}.`
    for (const oneof of message.oneofDecl) this.add('oneof', oneof, inside, symbol)
    for (const field of message.field) this.add('field', field, inside, symbol)
    for (const nested of message.nestedType) this.message(nested, inside, symbol)
    for (const nested of message.enumType) this.enum(nested, inside, symbol)
    for (const field of message.extension) this.add('extension', field, inside, symbol)
  }

  private enum(element: EnumDescriptorProto, prefix: string, parent: Symbol_ | undefined): void {
    const symbol = this.add('enum', element, prefix, parent)
    // The values of an enum are siblings of the enum, as in C++.
    for (const value of element.value) this.add('enum value', value, prefix, symbol)
  }

  private add(
    kind: Symbol_['kind'],
    element: Symbol_['element'],
    prefix: string,
    parent: Symbol_ | undefined,
  ): Symbol_ {
    const name = prefix + element.name
    if (element.name === '') {
      throw new InvalidSchema({ reason: `a ${kind} has no name`, path: prefix.replace(/\.$/, '') || undefined })
    }
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(element.name)) {
      this.diagnostics.report(
        this.origins.get(element) ?? name,
        `"${element.name}" is no name`,
        'use ASCII letters, digits and "_"',
      )
    }
    const symbol = { kind, name, element, file: this.table, parent } as Symbol_
    this.table.byElement.set(element, symbol)
    const clash = this.clash(name)
    if (clash) {
      const sibling = kind === 'enum value' ? 'values of an enum are siblings of the enum, not inside it' : undefined
      this.diagnostics.report(
        this.origins.get(element) ?? name,
        `${name} is declared twice${clash}`,
        sibling ?? 'rename one of them',
      )
    }
    if (!this.table.names.has(name)) this.table.names.set(name, symbol)
    return symbol
  }

  /** Where a name is declared already, as the end of a sentence. */
  private clash(name: string): string | undefined {
    for (const other of this.all) {
      const same = other.names.get(name)
      if (same) return other === this.table ? `, also as ${same.kind}` : `, also as ${same.kind} in ${other.file.name}`
      if (other.packages.has(name))
        return other === this.table ? ', also as package' : `, also as package of ${other.file.name}`
    }
    return undefined
  }
}
