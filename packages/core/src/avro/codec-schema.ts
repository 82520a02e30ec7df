import { toValue } from '../text/json-document.js'
import type { CodecSchema, CodecValue } from './codec.js'
import { bytesValue } from './codec.js'
import type { Datum } from './datum.js'
import type { AvroType, Field } from './schema.js'

/**
 * A name that the codec may compile: the same for the same field or symbol, and itself where that is harmless. Others
 * are spelled by their code units behind an underscore.
 */
export function identifier(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !(name in {})) return name
  return `_${Array.from({ length: name.length }, (_, index) => name.charCodeAt(index).toString(16).padStart(4, '0')).join('')}`
}

export function enumSchema(name: string, symbols: readonly string[], missing?: string): CodecSchema {
  const schema = { type: 'enum', name, symbols: symbols.map(identifier) }
  return missing === undefined ? schema : { ...schema, default: identifier(missing) }
}

/** In the place of a type that no datum has. */
const unwritable = (name: string): CodecSchema => ({ type: 'record', name, fields: [] })

/**
 * Makes the schemas that the codec gets: the same wire format as a parsed type, with plain identifiers for names and
 * without what plays no part in it (aliases, docs, defaults, logical types, namespaces).
 */
export class CodecSchemas {
  private readonly names = new Map<AvroType, string>()

  /** @param prefix of the type names that it gives: the same type in two schemas has two names. */
  constructor(private readonly prefix: 'W' | 'R') {}

  of(type: AvroType): CodecSchema {
    switch (type.kind) {
      case 'array':
        return { type: 'array', items: this.of(type.items) }
      case 'map':
        return { type: 'map', values: this.of(type.values) }
      case 'union':
        return type.branches.length > 0 ? type.branches.map((branch) => this.of(branch)) : 'null'
      case 'fixed':
      case 'enum':
      case 'record': {
        const known = this.names.get(type)
        if (known !== undefined) return known
        const name = `${this.prefix}${this.names.size}`
        this.names.set(type, name)
        if (type.kind === 'fixed') return { type: 'fixed', name, size: type.size }
        if (type.kind === 'record')
          return { type: 'record', name, fields: type.fields.map((field) => this.field(field)) }
        return type.symbols.length > 0 ? enumSchema(name, type.symbols) : unwritable(name)
      }
      default:
        return type.kind
    }
  }

  field(field: Field, withDefault = false): { name: string; type: CodecSchema; default?: unknown } {
    const schema = { name: identifier(field.name), type: this.of(field.type) }
    return withDefault && field.default ? { ...schema, default: toValue(field.default) } : schema
  }

  /** A datum as the codec represents it. Call after `of`, which gives the names. */
  value(type: AvroType, datum: Datum): CodecValue {
    if (datum instanceof Uint8Array) return bytesValue(datum)
    if (typeof datum === 'string') return type.kind === 'enum' ? identifier(datum) : datum
    if (datum === null || typeof datum !== 'object') return datum
    if ('items' in datum && type.kind === 'array') return datum.items.map((item) => this.value(type.items, item))
    if ('entries' in datum && type.kind === 'map') {
      return Object.fromEntries(datum.entries.map(([key, value]) => [key, this.value(type.values, value)]))
    }
    if ('fields' in datum && type.kind === 'record') {
      return Object.fromEntries(
        type.fields.map((field, i) => [identifier(field.name), this.value(field.type, datum.fields[i] ?? null)]),
      )
    }
    if ('branch' in datum && type.kind === 'union') {
      const branch = type.branches[datum.branch]
      if (!branch || branch.kind === 'null') return null
      return { [this.names.get(branch) ?? branch.kind]: this.value(branch, datum.value) }
    }
    throw new TypeError(`not a datum of ${type.kind}`)
  }
}
