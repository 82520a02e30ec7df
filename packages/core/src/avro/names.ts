import { primitiveKinds } from './schema.js'

/** The name of a record, enum or fixed, and of their aliases. */
export interface Name {
  /** Without namespace. */
  simple: string
  /** Absent for the null namespace. */
  namespace?: string
  /** `namespace.simple`. */
  full: string
}

/** A name as it is written, in the namespace around it: a dot makes it a full name. (Specification 1.12, "Names") */
export function nameOf(written: string, enclosing: string | undefined): Name {
  const dot = written.lastIndexOf('.')
  const simple = written.slice(dot + 1)
  const given = dot === -1 ? enclosing : written.slice(0, dot)
  const namespace = given === '' ? undefined : given
  return { simple, namespace, full: namespace === undefined ? simple : `${namespace}.${simple}` }
}

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Whether this may be the name of a field, a symbol, or a part of a full name. */
export const isName = (text: string): boolean => namePattern.test(text)

export const isFullName = (name: Name): boolean =>
  isName(name.simple) && (name.namespace === undefined || name.namespace.split('.').every(isName))

const typeNames: ReadonlySet<string> = new Set([...primitiveKinds, 'record', 'enum', 'array', 'map', 'union', 'fixed'])

/** The shortest way to write a name inside a namespace: without its own where that is not taken for a built-in type. */
export const shortest = (name: Name, enclosing: string | undefined): string =>
  name.namespace !== undefined && name.namespace === enclosing && !typeNames.has(name.simple) ? name.simple : name.full

export const nameRule = 'a letter or _ first, then letters, digits and _, all ASCII'
