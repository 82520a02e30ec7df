import type { ParseOptions } from '../schema/format.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import type { ReferenceResolver, SchemaSource } from '../schema/source.js'
import type { JsonArray, JsonNode, JsonObject } from '../text/json-document.js'
import { positionAt } from '../text/json-document.js'
import { checkDefault } from './defaults.js'
import type { SchemaNode } from './definitions.js'
import { definitionsIn } from './definitions.js'
import { logicalTypeOf } from './logical-types.js'
import type { Name } from './names.js'
import { hasHugeInteger } from './json-text.js'
import { isFullName, isName, nameOf, nameRule } from './names.js'
import { resolveReferences } from './references.js'
import type { AvroSchema, AvroType, Field, NamedType, PrimitiveKind, RecordType, SortOrder } from './schema.js'
import { branchName, primitiveKinds, sortOrders } from './schema.js'
import { schemaJson } from './schema-json.js'

/**
 * Parses Avro schema JSON and applies the rules of the specification (1.12), or under `confluent` validation those of
 * Confluent's server. With `asNew: false` names and defaults are not checked, so that what was once stored stays
 * readable.
 *
 * @throws InvalidSchema
 */
export function parseAvro(source: SchemaSource, resolve: ReferenceResolver, options: ParseOptions): AvroSchema {
  const named = new Map<string, NamedType>()
  for (const reference of resolveReferences(source, resolve)) {
    new Parser(reference.text, named, { validation: 'confluent', asNew: false }).schema()
  }
  const referenced = new Set(named.keys())
  const root = new Parser(source.text, named, options).schema()
  return { source, resolve, root, named, referenced, validation: options.validation }
}

/** Attributes that have a meaning of their own and so are no properties. */
const schemaAttributes = new Set([
  'doc',
  'fields',
  'items',
  'name',
  'namespace',
  'size',
  'symbols',
  'values',
  'type',
  'aliases',
])
const enumAttributes = new Set([...schemaAttributes, 'default'])
const fieldAttributes = new Set(['default', 'doc', 'name', 'order', 'type', 'aliases'])

/** The largest array that a Java virtual machine is sure to give, and so the largest fixed that its programs read. */
const maximumFixedSize = 2147483639

/** The JSON around a type can be this deep at most; a chain of types that are defined after their use could be deeper. */
const maximumDepth = 1001

const noProperties: ReadonlyMap<string, JsonNode> = new Map()

class Parser {
  private readonly open = new Set<RecordType>()
  /** Named types by the JSON that defines them: a definition that was read ahead of its place is not read again there. */
  private readonly parsed = new Map<JsonNode, NamedType>()
  private root?: JsonNode
  private depth = 0
  private definitions?: Map<string, SchemaNode>

  constructor(
    private readonly text: string,
    private readonly named: Map<string, NamedType>,
    private readonly options: ParseOptions,
  ) {}

  private get strict(): boolean {
    return this.options.asNew && this.options.validation === 'strict'
  }

  schema(): AvroType {
    this.root = schemaJson(this.text, this.strict)
    return this.type({ node: this.root, path: '', namespace: undefined })
  }

  private type(place: SchemaNode): AvroType {
    if (++this.depth > maximumDepth) {
      this.fail(place.node, '', `types nest more than ${maximumDepth} levels deep`)
    }
    const type = this.anyType(place)
    this.depth--
    return type
  }

  private anyType({ node, path, namespace }: SchemaNode): AvroType {
    switch (node.kind) {
      case 'string':
        return this.byName(node.value, node, path, namespace)
      case 'array':
        return this.union(node, path, namespace)
      case 'object':
        return this.parsed.get(node) ?? this.object(node, path, namespace)
      default:
        this.fail(node, path, 'this is no schema', 'a type name, an object with "type", or an array of union branches')
    }
  }

  private byName(written: string, node: JsonNode, path: string, namespace: string | undefined): AvroType {
    if (isPrimitive(written)) return { kind: written, at: this.at(node), properties: noProperties }
    const found = this.find(written, namespace)
    if (found) return found
    const ahead = this.definitionAhead(written, namespace)
    if (ahead && this.options.validation === 'confluent') return this.type(ahead)
    const { full } = nameOf(written, namespace)
    this.fail(
      node,
      path,
      `the type ${JSON.stringify(full)} is not defined${ahead ? ' before this place' : ''}`,
      ahead ? 'move its definition here, where the type is used first' : this.suggestion(written),
    )
  }

  /** By full name; failing that in the null namespace, which the text of a type inside a namespace cannot name otherwise. */
  private find(written: string, namespace: string | undefined): NamedType | undefined {
    return this.named.get(nameOf(written, namespace).full) ?? this.named.get(written)
  }

  /**
   * Where a type is defined that is used before. The specification asks for the definition first; Java's parser since
   * 1.12 does not.
   */
  private definitionAhead(written: string, namespace: string | undefined): SchemaNode | undefined {
    if (this.root) this.definitions ??= definitionsIn(this.root)
    return this.definitions?.get(nameOf(written, namespace).full) ?? this.definitions?.get(written)
  }

  private suggestion(written: string): string {
    const lower = written.toLowerCase()
    const primitive = otherLanguages.get(lower) ?? lower
    if (primitiveKinds.some((kind) => kind === primitive)) return `did you mean ${JSON.stringify(primitive)}?`
    if (['record', 'enum', 'array', 'map', 'fixed', 'error'].includes(primitive)) {
      return `this needs an object: {"type": ${JSON.stringify(primitive)}, ...}`
    }
    const near = [...this.named.values()].find(
      ({ name }) => name.simple.toLowerCase() === lower.slice(lower.lastIndexOf('.') + 1),
    )
    if (near) return `did you mean ${JSON.stringify(near.name.full)}?`
    return 'define it before this place, or give a reference to the schema that defines it'
  }

  private union(node: JsonArray, path: string, namespace: string | undefined): AvroType {
    const seen = new Set<string>()
    const branches = node.items.map((item, index) => {
      const at = `${path}/${index}`
      const branch = this.type({ node: item, path: at, namespace })
      if (branch.kind === 'union') this.fail(item, at, 'a union cannot hold another union', 'put its branches here')
      const name = branchName(branch)
      if (seen.has(name)) {
        this.fail(
          item,
          at,
          `the union has the branch ${name} twice`,
          'only named types of different names may repeat a kind',
        )
      }
      seen.add(name)
      return branch
    })
    return { kind: 'union', at: this.at(node), properties: noProperties, branches }
  }

  private object(node: JsonObject, path: string, namespace: string | undefined): AvroType {
    const kind = node.members.get('type')?.value
    if (kind?.kind !== 'string') {
      this.fail(
        kind ?? node,
        kind ? `${path}/type` : path,
        kind ? 'the "type" of a type has to be a string' : 'a type needs a "type"',
        kind ? 'write the inner type itself in the place of this object' : undefined,
      )
    }
    switch (kind.value) {
      case 'record':
      case 'error':
        return this.record(node, path, namespace, kind.value === 'error')
      case 'enum':
        return this.enum(node, path, namespace)
      case 'fixed':
        return this.fixed(node, path, namespace)
      case 'array':
        return this.annotated({ kind: 'array', ...this.base(node), items: this.inner(node, 'items', path, namespace) })
      case 'map':
        return this.annotated({ kind: 'map', ...this.base(node), values: this.inner(node, 'values', path, namespace) })
      default:
        if (isPrimitive(kind.value)) return this.annotated({ kind: kind.value, ...this.base(node) })
        return this.byName(kind.value, kind, `${path}/type`, namespace)
    }
  }

  private inner(node: JsonObject, key: 'items' | 'values', path: string, namespace: string | undefined): AvroType {
    const inner = node.members.get(key)?.value
    if (!inner)
      this.fail(node, path, `${key === 'items' ? 'an array' : 'a map'} needs "${key}"`, `add the type of its ${key}`)
    return this.type({ node: inner, path: `${path}/${key}`, namespace })
  }

  private record(node: JsonObject, path: string, namespace: string | undefined, isError: boolean): RecordType {
    const record: RecordType = {
      kind: 'record',
      isError,
      ...this.naming(node, path, namespace),
      fields: [],
      fieldsByName: new Map(),
    }
    this.define(record, node, path)
    const fields = node.members.get('fields')?.value
    if (fields?.kind !== 'array') {
      this.fail(fields ?? node, path, 'a record needs "fields", an array of its fields', 'write [] for none')
    }
    this.open.add(record)
    fields.items.forEach((item, position) => {
      const at = `${path}/fields/${position}`
      const field = this.field(item, position, at, record.name.namespace)
      const twin = record.fieldsByName.get(field.name)
      if (twin) this.fail(item, at, `the record has the field ${field.name} twice`)
      record.fields.push(field)
      record.fieldsByName.set(field.name, field)
    })
    this.open.delete(record)
    return this.annotated(record)
  }

  private field(node: JsonNode, position: number, path: string, namespace: string | undefined): Field {
    if (node.kind !== 'object') this.fail(node, path, 'a field has to be an object with "name" and "type"')
    const name = this.required(node, 'name', path, 'a field')
    if (this.options.asNew && !isName(name)) this.badName(node, 'name', path, `the field name ${JSON.stringify(name)}`)
    const typeNode = node.members.get('type')?.value
    if (!typeNode) this.fail(node, path, `the field ${name} needs a "type"`)
    const type = this.type({ node: typeNode, path: `${path}/type`, namespace })
    return {
      at: this.at(node),
      name,
      position,
      type,
      doc: this.attribute(node, 'doc', path),
      default: this.fieldDefault(node, type, path),
      order: this.order(node, path),
      aliases: this.aliases(node, path),
      properties: properties(node, fieldAttributes),
    }
  }

  private fieldDefault(node: JsonObject, type: AvroType, path: string): JsonNode | undefined {
    let given = node.members.get('default')?.value
    if (!given) return undefined
    if (!this.strict && given.kind === 'string' && (type.kind === 'float' || type.kind === 'double')) {
      const lexeme = numberInString(given.value)
      if (lexeme === undefined) this.fail(given, `${path}/default`, 'this default is no number')
      given = { kind: 'number', lexeme, start: given.start, end: given.end }
    }
    if (this.options.asNew) {
      const problem = checkDefault(type, given, { validation: this.options.validation, open: this.open })
      if (problem) this.fail(problem.node, `${path}/default`, problem.reason)
    }
    return given
  }

  private order(node: JsonObject, path: string): SortOrder {
    const given = node.members.get('order')?.value
    if (!given) return 'ascending'
    const written = given.kind === 'string' ? given.value : undefined
    const order = sortOrders.find((candidate) => candidate === (this.strict ? written : written?.toLowerCase()))
    if (!order) this.fail(given, `${path}/order`, `the sort order has to be one of ${sortOrders.join(', ')}`)
    return order
  }

  private enum(node: JsonObject, path: string, namespace: string | undefined): AvroType {
    const naming = this.naming(node, path, namespace, enumAttributes)
    const list = node.members.get('symbols')?.value
    if (list?.kind !== 'array') this.fail(list ?? node, path, 'an enum needs "symbols", an array of names')
    const symbols = new Set<string>()
    list.items.forEach((item, index) => {
      const at = `${path}/symbols/${index}`
      if (item.kind !== 'string') this.fail(item, at, 'a symbol has to be a string')
      if (this.options.asNew && !isName(item.value)) {
        this.fail(item, at, `${JSON.stringify(item.value)} is no symbol`, nameRule)
      }
      if (symbols.has(item.value)) this.fail(item, at, `the enum has the symbol ${item.value} twice`)
      symbols.add(item.value)
    })
    const given = this.attribute(node, 'default', path)
    if (given !== undefined && !symbols.has(given)) {
      const at = node.members.get('default')?.value ?? node
      this.fail(
        at,
        `${path}/default`,
        `the default ${JSON.stringify(given)} is no symbol of the enum`,
        [...symbols].join(', '),
      )
    }
    const type: NamedType = { kind: 'enum', ...naming, symbols: [...symbols], default: given }
    this.define(type, node, path)
    return this.annotated(type)
  }

  private fixed(node: JsonObject, path: string, namespace: string | undefined): AvroType {
    const size = node.members.get('size')?.value
    const bytes = size?.kind === 'number' && /^-?\d+$/.test(size.lexeme) ? Number(size.lexeme) : NaN
    if (!(bytes >= 0 && bytes <= maximumFixedSize)) {
      this.fail(
        size ?? node,
        `${path}/size`,
        'a fixed needs a "size"',
        `a whole number of bytes from 0 to ${maximumFixedSize}`,
      )
    }
    const type: NamedType = { kind: 'fixed', ...this.naming(node, path, namespace), size: bytes }
    this.define(type, node, path)
    return this.annotated(type)
  }

  private naming(node: JsonObject, path: string, enclosing: string | undefined, attributes = schemaAttributes) {
    const written = this.required(node, 'name', path, 'a named type')
    const name = nameOf(written, this.attribute(node, 'namespace', path) ?? enclosing)
    if (this.options.asNew && !isFullName(name))
      this.badName(node, 'name', path, `the name ${JSON.stringify(name.full)}`)
    if (isPrimitive(name.full))
      this.badName(node, 'name', path, `${name.full} is a primitive type and`, 'choose another name')
    const aliases = this.aliases(node, path).map((alias) => nameOf(alias, name.namespace))
    const bad = aliases.find((alias) => this.options.asNew && !isFullName(alias))
    if (bad) this.badName(node, 'aliases', path, `the alias ${JSON.stringify(bad.full)}`)
    return { ...this.base(node, attributes), name, aliases: distinct(aliases), doc: this.attribute(node, 'doc', path) }
  }

  private define(type: NamedType, node: JsonObject, path: string): void {
    if (this.named.has(type.name.full)) {
      const hint = 'define it once and use its name in the other places'
      this.fail(node.members.get('name')?.value ?? node, path, `the type ${type.name.full} is defined twice`, hint)
    }
    this.named.set(type.name.full, type)
    this.parsed.set(node, type)
  }

  private base(node: JsonObject, attributes = schemaAttributes) {
    return { at: this.at(node), properties: properties(node, attributes) }
  }

  private annotated<T extends AvroType>(type: T): T {
    type.logicalType = logicalTypeOf(type)
    if (this.options.asNew && this.options.validation === 'confluent' && !isTerminal(type)) {
      const huge = [...type.properties.values()].find(hasHugeInteger)
      if (huge) this.fail(huge, '', 'a property holds an integer beyond 64 bits', 'write it as a string')
    }
    return type
  }

  private aliases(node: JsonObject, path: string): string[] {
    const given = node.members.get('aliases')?.value
    if (!given) return []
    if (given.kind !== 'array') this.fail(given, `${path}/aliases`, 'aliases have to be an array of strings')
    const aliases = given.items.map((item, index) => {
      if (item.kind !== 'string') this.fail(item, `${path}/aliases/${index}`, 'an alias has to be a string')
      return item.value
    })
    return [...new Set(aliases)]
  }

  private required(node: JsonObject, key: string, path: string, what: string): string {
    const given = node.members.get(key)?.value
    if (given?.kind !== 'string') this.fail(given ?? node, path, `${what} needs a "${key}", a string`)
    return given.value
  }

  /** A string attribute; one of another type is refused in strict validation, otherwise as if it were absent, as null always is. */
  private attribute(node: JsonObject, key: string, path: string): string | undefined {
    const given = node.members.get(key)?.value
    if (given?.kind === 'string') return given.value
    if (given && this.strict && !isNull(given)) this.fail(given, `${path}/${key}`, `"${key}" has to be a string`)
    return undefined
  }

  private badName(node: JsonObject, key: string, path: string, what: string, hint = nameRule): never {
    this.fail(node.members.get(key)?.value ?? node, path, `${what} is not allowed`, hint)
  }

  private at(node: JsonNode) {
    return { text: this.text, offset: node.start }
  }

  private fail(node: { start: number }, path: string, reason: string, hint?: string): never {
    throw new InvalidSchema({ reason, position: positionAt(this.text, node.start), path: path || undefined, hint })
  }
}

/** Types that no other type stands inside of; Confluent's server copies the others on arrival, and their properties with them. */
const isTerminal = ({ kind }: AvroType) => kind !== 'record' && kind !== 'array' && kind !== 'map'

/** What other schema languages call the types. */
const otherLanguages = new Map([
  ['integer', 'int'],
  ['bool', 'boolean'],
  ['number', 'double'],
  ['object', 'record'],
])

const isPrimitive = (name: string): name is PrimitiveKind => (primitiveKinds as readonly string[]).includes(name)

function properties(node: JsonObject, attributes: ReadonlySet<string>): ReadonlyMap<string, JsonNode> {
  const result = new Map<string, JsonNode>()
  for (const [key, { value }] of node.members) if (!attributes.has(key)) result.set(key, value)
  return result.size > 0 ? result : noProperties
}

const isNull = (node: JsonNode) => node.kind === 'literal' && node.value === null

const distinct = (names: Name[]): Name[] => [...new Map(names.map((name) => [name.full, name])).values()]

/** A float default that is written as a string, as Java reads it; `undefined` if it is no number. */
function numberInString(text: string): string | undefined {
  const trimmed = text.trim()
  if (/^[+-]?(NaN|Infinity)$/.test(trimmed)) return trimmed.replace('+', '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?$/.test(trimmed)) return undefined
  const value = Number(trimmed.replace(/[fFdD]$/, ''))
  return Number.isFinite(value) ? floating(value) : value > 0 ? 'Infinity' : '-Infinity'
}

/** A lexeme that keeps being a floating-point number. */
const floating = (value: number): string =>
  Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}e0` : String(value)
