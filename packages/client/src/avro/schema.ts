/** An Avro schema as the codec needs it: names resolved, annotations that mean nothing here left out. */
export type AvroType =
  | { kind: Primitive; logical?: LogicalType }
  | { kind: 'array'; items: AvroType }
  | { kind: 'map'; values: AvroType }
  | { kind: 'union'; branches: AvroType[] }
  | RecordType
  | EnumType
  | FixedType

export type Primitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string'

interface NamedType {
  /** Full name. */
  name: string
  /** Full names. */
  aliases: string[]
}
export interface RecordType extends NamedType {
  kind: 'record'
  fields: Field[]
}
export interface EnumType extends NamedType {
  kind: 'enum'
  symbols: string[]
  default?: string
}
export interface FixedType extends NamedType {
  kind: 'fixed'
  size: number
  logical?: LogicalType
}
export interface Field {
  name: string
  aliases: string[]
  type: AvroType
  /** JSON of the schema; absent and `null` are not the same. */
  default?: { json: unknown }
}

export type LogicalType =
  | { name: 'decimal'; precision: number; scale: number }
  | { name: 'date' | 'uuid' | 'duration' }
  | { name: `${'local-' | ''}timestamp-${'millis' | 'micros' | 'nanos'}` | 'time-millis' | 'time-micros' }

/** A text that is no Avro schema, or one that this codec refuses. */
export class AvroSchemaError extends Error {
  override readonly name = 'AvroSchemaError'
}

/**
 * Reads schema texts; a name may come from a text before it. Schemas of writers come from the registry, so whatever is
 * in them is checked, and depth is bounded.
 * @throws AvroSchemaError
 */
export function parseAvro(text: string, references: readonly string[] = []): AvroType {
  const parser = new Parser()
  for (const reference of references) parser.schema(reference)
  return parser.schema(text)
}

const primitives: ReadonlySet<string> = new Set<Primitive>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
])
const isPrimitive = (name: string): name is Primitive => primitives.has(name)

const maxDepth = 200

/** An integer of a default that a double may not hold. */
export class LargeInteger {
  constructor(readonly value: bigint) {}
}

// `JSON.parse` of Node 20 does not show how a number was written, so long ones pass through it as strings.
const largeIntegerMark = '\u0000integer:'
const stringOrLargeInteger = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g

const quoteLargeIntegers = (text: string) =>
  text.replace(stringOrLargeInteger, (token) => (token.startsWith('"') ? token : `"\\u0000integer:${token}"`))

const restoreLargeInteger = (_: string, value: unknown) =>
  typeof value === 'string' && value.startsWith(largeIntegerMark)
    ? new LargeInteger(BigInt(value.slice(largeIntegerMark.length)))
    : value

type Json = Record<string, unknown>

class Parser {
  private readonly named = new Map<string, RecordType | EnumType | FixedType>()

  schema(text: string): AvroType {
    let json: unknown
    try {
      json = JSON.parse(quoteLargeIntegers(text), restoreLargeInteger)
    } catch (error) {
      throw new AvroSchemaError('the schema is not JSON', { cause: error })
    }
    return this.type(json, '', 0)
  }

  private type(json: unknown, namespace: string, depth: number): AvroType {
    if (depth > maxDepth) throw new AvroSchemaError(`the schema is nested more than ${maxDepth} levels deep`)
    if (typeof json === 'string') return isPrimitive(json) ? { kind: json } : this.find(json, namespace)
    if (Array.isArray(json)) {
      return { kind: 'union', branches: json.map((branch) => this.type(branch, namespace, depth + 1)) }
    }
    if (typeof json !== 'object' || json === null) throw new AvroSchemaError(`${JSON.stringify(json)} is not a type`)
    const node = json as Json
    switch (node.type) {
      case 'record':
      case 'error':
        return this.record(node, namespace, depth)
      case 'enum':
        return this.enum(node, namespace)
      case 'fixed':
        return this.fixed(node, namespace)
      case 'array':
        return { kind: 'array', items: this.type(node.items, namespace, depth + 1) }
      case 'map':
        return { kind: 'map', values: this.type(node.values, namespace, depth + 1) }
      default: {
        const type = this.type(node.type, namespace, depth + 1)
        if (!primitives.has(type.kind)) return type
        const logical = logicalTypeOf(node, type.kind)
        return logical ? ({ ...type, logical } as AvroType) : type
      }
    }
  }

  private record(node: Json, namespace: string, depth: number): RecordType {
    const record: RecordType = { kind: 'record', ...this.names(node, namespace), fields: [] }
    this.define(record)
    const inner = namespaceOf(record.name)
    for (const json of list(node.fields, `fields of ${record.name}`)) {
      const field = json as Json
      record.fields.push({
        name: simpleName(field.name, record.name),
        aliases: strings(field.aliases),
        type: this.type(field.type, inner, depth + 1),
        ...(Object.hasOwn(field, 'default') && { default: { json: field.default } }),
      })
    }
    return record
  }

  private enum(node: Json, namespace: string): EnumType {
    const names = this.names(node, namespace)
    const symbols = strings(list(node.symbols, `symbols of ${names.name}`))
    const fallback = typeof node.default === 'string' ? { default: node.default } : {}
    return this.define({ kind: 'enum', ...names, symbols, ...fallback })
  }

  private fixed(node: Json, namespace: string): FixedType {
    const names = this.names(node, namespace)
    const size = node.size
    if (!Number.isInteger(size) || (size as number) < 0) throw new AvroSchemaError(`${names.name} has no size`)
    const logical = logicalTypeOf(node, 'fixed', size as number)
    return this.define({ kind: 'fixed', ...names, size: size as number, ...(logical && { logical }) })
  }

  private names(node: Json, namespace: string): NamedType {
    const written = String(node.name)
    const given = typeof node.namespace === 'string' ? node.namespace : namespace
    const name = fullName(written, given)
    for (const part of name.split('.')) simpleName(part, name)
    return { name, aliases: strings(node.aliases).map((alias) => fullName(alias, namespaceOf(name))) }
  }

  private define<T extends RecordType | EnumType | FixedType>(type: T): T {
    this.named.set(type.name, type)
    return type
  }

  private find(name: string, namespace: string): AvroType {
    const found = this.named.get(fullName(name, namespace)) ?? this.named.get(name)
    if (!found) throw new AvroSchemaError(`the type ${JSON.stringify(name)} is not defined`)
    return found
  }
}

const fullName = (name: string, namespace: string) => (name.includes('.') || !namespace ? name : `${namespace}.${name}`)

const namespaceOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('.')))

export const unqualified = (name: string) => name.slice(name.lastIndexOf('.') + 1)

/** Names become keys of values; `__proto__` would be none. */
function simpleName(name: unknown, owner: string): string {
  if (typeof name !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === '__proto__') {
    throw new AvroSchemaError(`${JSON.stringify(name)} in ${JSON.stringify(owner)} is not a name that can be used`)
  }
  return name
}

function list(json: unknown, what: string): unknown[] {
  if (!Array.isArray(json)) throw new AvroSchemaError(`the ${what} are missing`)
  return json
}

const strings = (json: unknown): string[] =>
  Array.isArray(json) ? json.filter((item): item is string => typeof item === 'string') : []

/** Kinds that a logical type may annotate; on any other, and if its attributes are invalid, it is to be ignored (Avro 1.12). */
const annotated: Record<string, readonly string[]> = {
  decimal: ['bytes', 'fixed'],
  uuid: ['string'],
  duration: ['fixed'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  'timestamp-nanos': ['long'],
  'local-timestamp-millis': ['long'],
  'local-timestamp-micros': ['long'],
  'local-timestamp-nanos': ['long'],
}

function logicalTypeOf(node: Json, kind: string, size = Infinity): LogicalType | undefined {
  const name = node.logicalType
  if (typeof name !== 'string' || !Object.hasOwn(annotated, name) || !annotated[name].includes(kind)) return undefined
  if (name === 'duration' && size !== 12) return undefined
  if (name !== 'decimal') return { name } as LogicalType
  const { precision, scale = 0 } = node as { precision: unknown; scale?: unknown }
  if (!isCount(precision) || precision === 0 || !isCount(scale) || scale > precision) return undefined
  // The most digits that this many bytes can hold.
  if (precision > Math.floor(Math.log10(2) * (8 * size - 1))) return undefined
  return { name, precision, scale }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0
