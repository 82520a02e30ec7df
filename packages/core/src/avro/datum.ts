import type { AvroType } from './schema.js'
import { branchName } from './schema.js'

/** A value of an Avro type. Which member of the union it is follows from the type; longs are exact. */
export type Datum =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | { items: Datum[] }
  | { entries: [key: string, value: Datum][] }
  | { branch: number; value: Datum }
  | { fields: Datum[] }

/** Data with more values (or bytes of fixed) than this are not built: nobody would read them. */
export const maximumDatumSize = 20_000

/**
 * How many values the smallest datum of each type has; `Infinity` for a type that nobody can write, such as a record
 * that has to contain itself. A least fixed point: smaller data never need larger ones of the same type.
 */
export function smallestSizes(root: AvroType): ReadonlyMap<AvroType, number> {
  const types = typesBottomUp(root)
  const sizes = new Map<AvroType, number>(types.map((type) => [type, Infinity]))
  const sizeOf = (type: AvroType) => sizes.get(type) ?? Infinity
  for (let changed = true; changed;) {
    changed = false
    for (const type of types) {
      const size = sizeFrom(type, sizeOf)
      if (size < sizeOf(type)) {
        sizes.set(type, size)
        changed = true
      }
    }
  }
  return sizes
}

function sizeFrom(type: AvroType, sizeOf: (type: AvroType) => number): number {
  switch (type.kind) {
    case 'null':
      return 0
    case 'enum':
      return type.symbols.length > 0 ? 1 : Infinity
    case 'fixed':
      return 1 + type.size
    case 'record':
      return type.fields.reduce((sum, field) => sum + sizeOf(field.type), 1)
    case 'union':
      return type.branches.reduce((least, branch) => Math.min(least, sizeOf(branch)), Infinity)
    default:
      return 1
  }
}

/** All types that can be reached, inner ones before outer ones where there is no cycle. */
function typesBottomUp(root: AvroType): AvroType[] {
  const ordered: AvroType[] = []
  const seen = new Set<AvroType>([root])
  const stack: { type: AvroType; open: AvroType[] }[] = [{ type: root, open: innerTypes(root) }]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const inner = top.open.pop()
    if (!inner) {
      ordered.push(top.type)
      stack.pop()
    } else if (!seen.has(inner)) {
      seen.add(inner)
      stack.push({ type: inner, open: innerTypes(inner) })
    }
  }
  return ordered
}

function innerTypes(type: AvroType): AvroType[] {
  switch (type.kind) {
    case 'array':
      return [type.items]
    case 'map':
      return [type.values]
    case 'union':
      return [...type.branches]
    case 'record':
      return type.fields.map((field) => field.type)
    default:
      return []
  }
}

/** The smallest datum of a type that somebody can write. */
export function smallestDatum(type: AvroType, sizes: ReadonlyMap<AvroType, number>): Datum {
  const sizeOf = (inner: AvroType) => sizes.get(inner) ?? Infinity
  switch (type.kind) {
    case 'null':
      return null
    case 'boolean':
      return false
    case 'int':
    case 'float':
    case 'double':
      return 0
    case 'long':
      return 0n
    case 'bytes':
      return new Uint8Array()
    case 'string':
      return ''
    case 'fixed':
      return new Uint8Array(type.size)
    case 'enum':
      return type.symbols[0] ?? null
    case 'array':
      return { items: [] }
    case 'map':
      return { entries: [] }
    case 'record':
      return { fields: type.fields.map((field) => smallestDatum(field.type, sizes)) }
    case 'union': {
      const branch = type.branches.reduce((best, b, i) => (sizeOf(b) < sizeOf(type.branches[best] ?? b) ? i : best), 0)
      const chosen = type.branches[branch]
      return { branch, value: chosen ? smallestDatum(chosen, sizes) : null }
    }
  }
}

/**
 * Avro's JSON encoding of a datum. (Specification 1.12, "JSON Encoding".) A long that a double cannot hold is written as
 * a string of its digits.
 */
export function toJson(type: AvroType, datum: Datum): unknown {
  if (datum === null || typeof datum === 'boolean' || typeof datum === 'number' || typeof datum === 'string')
    return datum
  if (typeof datum === 'bigint') return Number.isSafeInteger(Number(datum)) ? Number(datum) : String(datum)
  if (datum instanceof Uint8Array) return Array.from(datum, (byte) => String.fromCharCode(byte)).join('')
  if ('items' in datum && type.kind === 'array') return datum.items.map((item) => toJson(type.items, item))
  if ('entries' in datum && type.kind === 'map') {
    return objectOf(datum.entries.map(([key, value]) => [key, toJson(type.values, value)]))
  }
  if ('fields' in datum && type.kind === 'record') {
    return objectOf(type.fields.map((field, index) => [field.name, toJson(field.type, datum.fields[index] ?? null)]))
  }
  if ('branch' in datum && type.kind === 'union') {
    const branch = type.branches[datum.branch]
    if (!branch || branch.kind === 'null') return null
    return objectOf([[branchName(branch), toJson(branch, datum.value)]])
  }
  throw new TypeError(`not a datum of ${type.kind}`)
}

/** Without prototype, so that a field may be called `__proto__`. */
function objectOf(members: [key: string, value: unknown][]): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>
  for (const [key, value] of members) object[key] = value
  return object
}
