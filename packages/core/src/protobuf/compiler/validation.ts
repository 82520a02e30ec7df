import type { Diagnostics } from './diagnostics.js'
import type { Lowered } from './lowering.js'
import type { SymbolTable } from './symbols.js'

/** The rules of the language beyond names and options. */
export function validate(lowered: Lowered, table: SymbolTable, diagnostics: Diagnostics): void {
  void [lowered, table, diagnostics]
}
