import type { Edition, FieldDescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import type { Node } from '../../syntax/tree.js'
import type { Diagnostics } from '../diagnostics.js'
import { editionOf } from '../features.js'
import type { Lowered } from '../lowering.js'
import type { EnumSymbol, MessageSymbol, Symbol_, SymbolTable } from '../symbols.js'

/** What every rule needs: the file, its names, and where to report to. */
export class Rules {
  readonly file: FileDescriptorProto
  readonly edition: Edition

  constructor(
    readonly lowered: Lowered,
    readonly table: SymbolTable,
    private readonly diagnostics: Diagnostics,
  ) {
    this.file = table.file
    this.edition = editionOf(table.file)
  }

  report(element: object, reason: string, hint?: string): void {
    this.diagnostics.report(this.node(element) ?? this.nameOf(element), reason, hint)
  }

  node(element: object): Node | undefined {
    return this.lowered.origins.get(element)
  }

  nameOf(element: object): string | undefined {
    return this.table.byElement.get(element)?.name
  }

  /** The message or enum that a field has as its type. */
  typeOf(field: FieldDescriptorProto): MessageSymbol | EnumSymbol | undefined {
    const found = this.lookup(field.typeName)
    return found && (found.kind === 'message' || found.kind === 'enum') ? found : undefined
  }

  /** What an absolute name (with its leading dot) stands for. */
  lookup(name: string): Symbol_ | undefined {
    const found = name ? this.table.find(name.slice(1), this.table.reachable) : undefined
    return found === 'package' ? undefined : found
  }
}

/** Whether a field of a descriptor or options message is set, not just at its default. */
export function isSet<M extends object>(message: M | undefined, field: keyof M & string): boolean {
  return message !== undefined && Object.hasOwn(message, field)
}
