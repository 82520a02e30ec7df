import type { JsonNode } from '../text/json-document.js'
import type { Position } from '../schema/position.js'
import type { Validation } from '../schema/format.js'
import type { ReferenceResolver, SchemaSource } from '../schema/source.js'
import type { LogicalType } from './logical-types.js'
import type { Name } from './names.js'

/** Where a type or field stands: an offset (UTF-16 code units) into the text that declares it. */
export interface Place {
  text: string
  offset: number
}

interface TypeBase {
  at: Place
  /** Attributes that the specification gives no meaning to here, in the order of the text; `logicalType` is one of them. */
  properties: ReadonlyMap<string, JsonNode>
  /** Only a valid annotation: an unknown or invalid one stays a property and has no meaning. */
  logicalType?: LogicalType
}

export const primitiveKinds = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const
export type PrimitiveKind = (typeof primitiveKinds)[number]

export interface PrimitiveType extends TypeBase {
  kind: PrimitiveKind
}
export interface ArrayType extends TypeBase {
  kind: 'array'
  items: AvroType
}
export interface MapType extends TypeBase {
  kind: 'map'
  values: AvroType
}
export interface UnionType extends TypeBase {
  kind: 'union'
  branches: AvroType[]
}
interface NamedBase extends TypeBase {
  name: Name
  aliases: Name[]
  doc?: string
}
export interface RecordType extends NamedBase {
  kind: 'record'
  /** Declared with `"type": "error"`: the same as a record, printed as it was. */
  isError: boolean
  fields: Field[]
  fieldsByName: Map<string, Field>
}
export interface EnumType extends NamedBase {
  kind: 'enum'
  symbols: string[]
  default?: string
}
export interface FixedType extends NamedBase {
  kind: 'fixed'
  /** Bytes. */
  size: number
}
export type NamedType = RecordType | EnumType | FixedType

/**
 * One node of a parsed schema. Every use of an unnamed type is a node of its own, every use of a named type is the same
 * node: a recursive schema is a cyclic graph.
 */
export type AvroType = PrimitiveType | ArrayType | MapType | UnionType | NamedType

export const sortOrders = ['ascending', 'descending', 'ignore'] as const
export type SortOrder = (typeof sortOrders)[number]

export interface Field {
  at: Place
  name: string
  position: number
  type: AvroType
  doc?: string
  default?: JsonNode
  order: SortOrder
  aliases: string[]
  properties: ReadonlyMap<string, JsonNode>
}

export interface AvroSchema {
  source: SchemaSource
  /** Where the references were found; asked again only for a changed text of this schema. */
  resolve: ReferenceResolver
  root: AvroType
  /** All named types that the text or its references define, by full name. */
  named: ReadonlyMap<string, NamedType>
  /** Full names of the types that come from references; the canonical text leaves them as names. */
  referenced: ReadonlySet<string>
  /** The rules that it was parsed by. */
  validation: Validation
}

export const isNamed = (type: AvroType): type is NamedType =>
  type.kind === 'record' || type.kind === 'enum' || type.kind === 'fixed'

/** The name that tells the branches of a union apart: the full name of a named type, otherwise the kind. */
export const branchName = (type: AvroType): string => (isNamed(type) ? type.name.full : type.kind)

/** A type in a message: `record com.example.Order`, `union of null, string`, `int`. */
export function describeType(type: AvroType): string {
  if (isNamed(type)) return `${type.kind} ${type.name.full}`
  return type.kind === 'union' ? `union of ${type.branches.map(branchName).join(', ') || 'nothing'}` : type.kind
}

/** Line and column of a place, if it is in this schema's own text and not in that of a reference. */
export function positionIn(schema: AvroSchema, at: Place): Position | undefined {
  if (at.text !== schema.source.text) return undefined
  const starts = lineStarts(schema)
  let line = 0
  for (let high = starts.length - 1; line < high;) {
    const middle = (line + high + 1) >> 1
    if ((starts[middle] ?? 0) <= at.offset) line = middle
    else high = middle - 1
  }
  return { line: line + 1, column: at.offset - (starts[line] ?? 0) + 1 }
}

const knownLineStarts = new WeakMap<AvroSchema, number[]>()

/** Offsets at which the lines of the text begin: many positions are asked of one text. */
function lineStarts(schema: AvroSchema): number[] {
  const known = knownLineStarts.get(schema)
  if (known) return known
  const { text } = schema.source
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  knownLineStarts.set(schema, starts)
  return starts
}

/** The names of the fields at the top, where the schema is a record. */
export const topLevelFields = ({ root }: AvroSchema): string[] =>
  root.kind === 'record' ? root.fields.map(({ name }) => name) : []
