import type { JsonNode } from '../../text/json-document.js'
import type { Decimal } from '../decimal.js'
import type { NamePattern } from './name-pattern.js'

/**
 * A schema as the structural comparison sees it: sorted into one of thirteen kinds by the types and keywords it has.
 * Several kinds in one schema (`enum` beside `minLength`) make an implied `allOf`. Shapes are compared by identity, so
 * one definition that is used twice is one shape.
 */
export type Shape =
  | StringShape
  | NumberShape
  | ObjectShape
  | ArrayShape
  | EnumShape
  | ConstShape
  | CombinedShape
  | NotShape
  | ReferenceShape
  | PlainShape

export type ShapeKind = Shape['kind']

/** What every schema may say about itself. */
interface Annotations {
  /** Where the schema stands in its text. */
  node: JsonNode
  id?: string
  title?: string
  description?: string
  /** Canonical text of the default. */
  default?: string
  /** Of Kafka Connect's `connect.type: bytes`, which may be written as string or as number. */
  bytes?: boolean
}

export interface StringShape extends Annotations {
  kind: 'string'
  minLength?: number
  maxLength?: number
  pattern?: string
}

export interface NumberShape extends Annotations {
  kind: 'number'
  integer: boolean
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: Decimal
}

/** A rule for what is not listed: everything, nothing, or what a schema allows. */
export interface Remainder {
  permitted: boolean
  schema?: Shape
  /** Whether the keyword is there. */
  stated?: boolean
}

export interface ObjectShape extends Annotations {
  kind: 'object'
  properties: ReadonlyMap<string, Shape>
  required: ReadonlySet<string>
  patterns: readonly { pattern: NamePattern; schema: Shape }[]
  additional: Remainder
  unevaluated: Remainder
  dependentNames: ReadonlyMap<string, ReadonlySet<string>>
  dependentSchemas: ReadonlyMap<string, Shape>
  minProperties?: number
  maxProperties?: number
}

export interface ArrayShape extends Annotations {
  kind: 'array'
  /** One schema for all items. */
  items?: Shape
  /** One schema per position. */
  tuple?: readonly Shape[]
  additional: Remainder
  unevaluated: Remainder
  minItems?: number
  maxItems?: number
  uniqueItems: boolean
  minContains?: number
  maxContains?: number
}

export interface EnumShape extends Annotations {
  kind: 'enum'
  /** Canonical texts, without repetition. */
  values: ReadonlySet<string>
}

export interface ConstShape extends Annotations {
  kind: 'const'
  value: string
}

export type Criterion = 'allOf' | 'anyOf' | 'oneOf'

export interface CombinedShape extends Annotations {
  kind: 'combined'
  criterion: Criterion
  branches: readonly Shape[]
  /** Made of the several kinds in one schema, not of a written `allOf`. */
  implied?: boolean
}

export interface NotShape extends Annotations {
  kind: 'not'
  inner: Shape
}

export interface ReferenceShape extends Annotations {
  kind: 'reference'
  /** Filled in after its target is loaded, which may hold the reference itself. */
  target: { shape?: Shape }
}

/** Kinds without anything to compare: `boolean`, `null`, `if`/`then`/`else`, `{}` or `true`, `false`. */
export interface PlainShape extends Annotations {
  kind: 'boolean' | 'null' | 'conditional' | 'empty' | 'false'
}

export const open: Remainder = { permitted: true }
