import type { Symbol_, SymbolTable } from './symbols.js'

export type Resolved = Symbol_ | 'package'

export interface Failure {
  reason: string
  hint?: string
}

/** Whether only types count, so that a field does not hide the type that has its name further out. */
export type Purpose = 'type' | 'any'

/**
 * Finds what a name means in a scope, by the language's rule: the first part decides in which scope to look, and what
 * is not found there is not looked for any further out.
 */
export function resolveName(
  name: string,
  scope: string,
  table: SymbolTable,
  among: readonly SymbolTable[],
  purpose: Purpose,
): Resolved | Failure {
  if (name.startsWith('.')) {
    return table.find(name.slice(1), among) ?? unknown(name, name.slice(1), table)
  }
  const dot = name.indexOf('.')
  const first = dot < 0 ? name : name.slice(0, dot)
  for (let outer = scope; ; outer = outer.slice(0, Math.max(outer.lastIndexOf('.'), 0))) {
    const prefix = outer ? `${outer}.` : ''
    const found = table.find(prefix + first, among)
    if (found) {
      if (dot < 0) {
        if (purpose === 'any' || isType(found)) return found
      } else if (isAggregate(found)) {
        return table.find(prefix + name, among) ?? hidden(name, first, prefix + first, outer, table, among)
      }
    }
    if (!outer) return unknown(name, name, table, scope)
  }
}

export const isFailure = (result: Resolved | Failure): result is Failure =>
  typeof result === 'object' && 'reason' in result

const isType = (found: Resolved) => found !== 'package' && (found.kind === 'message' || found.kind === 'enum')

const isAggregate = (found: Resolved) =>
  found === 'package' || found.kind === 'message' || found.kind === 'enum' || found.kind === 'service'

/** The name is not there; perhaps it is in a file that was not imported directly. */
function unknown(written: string, name: string, table: SymbolTable, scope?: string): Failure {
  const reason = `there is no "${written}" here`
  for (let outer = scope ?? ''; ; outer = outer.slice(0, Math.max(outer.lastIndexOf('.'), 0))) {
    const full = outer ? `${outer}.${name}` : name
    const file = table.reachable.find((other) => other.names.has(full))?.file.name
    if (file && !table.visible.some((other) => other.file.name === file)) {
      return { reason, hint: `it is declared in ${file}: import that file here` }
    }
    if (!outer) break
  }
  return { reason, hint: 'declare it, correct its spelling, or import the file that declares it' }
}

/** An inner scope has the first part of the name and hides what was meant. */
function hidden(
  name: string,
  first: string,
  found: string,
  outer: string,
  table: SymbolTable,
  among: readonly SymbolTable[],
): Failure {
  const meant = outer !== '' && table.find(name, among) !== undefined
  return {
    reason: `there is no "${name}": "${first}" is ${found} here, which holds no "${name.slice(first.length + 1)}"`,
    hint: meant ? `write ".${name}" for the one further out` : undefined,
  }
}
