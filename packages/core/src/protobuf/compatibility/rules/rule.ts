import {
  type EnumModel,
  type FieldModel,
  type FileModel,
  type FileSet,
  type Located,
  type MessageModel,
  type MethodModel,
  type ServiceModel,
  tag,
} from '../file-set.js'

/**
 * What a change may not touch. FILE: generated code of each file; PACKAGE: generated code of each package, wherever in
 * it; WIRE_JSON: the binary and the JSON encoding; WIRE: the binary encoding; CSR: what a Confluent subject should keep.
 */
export type Category = 'FILE' | 'PACKAGE' | 'WIRE_JSON' | 'WIRE' | 'CSR'

/** Where something stands: the first of the source paths that has a place; none of them, the start of the file. */
export interface Spot {
  file: FileModel
  /** What stands there, if it is a declaration. */
  element?: Located
  paths: (readonly number[])[]
}

/** One violation, before it is given its rule and its places in the texts. */
export interface Report {
  /** Full name of the element, with the field or enum number behind it where there is one. */
  path: string
  message: string
  newer?: Spot
  older?: Spot
}

/** The two sides of a comparison, for rules that have to look around. */
export interface Sides {
  older: FileSet
  newer: FileSet
}

/** What a rule is asked about: pairs of the same thing on both sides. */
export interface Pairs {
  /** The sets as a whole. */
  set: FileSet
  /** Files with one path. */
  file: FileModel
  /** Messages with one full name, map entries included. */
  message: MessageModel
  /** Fields with one number in such messages, and extensions of one message with one number. */
  field: FieldModel
  /** Enums with one full name. */
  enum: EnumModel
  /** Services with one full name. */
  service: ServiceModel
  /** Methods with one name in such services. */
  method: { service: ServiceModel; method: MethodModel }
}

interface RuleAbout<K extends keyof Pairs> {
  /** The rule's name in buf, by which findings are known everywhere. */
  id: string
  categories: readonly Category[]
  /** What the rule protects, in one sentence. */
  purpose: string
  compares: K
  find(older: Pairs[K], newer: Pairs[K], sides: Sides): Report[]
}

export type Rule = { [K in keyof Pairs]: RuleAbout<K> }[keyof Pairs]

/** The categories are nested but for a few rules; these are the usual nestings, strictest users only first. */
export const generatedCode = ['FILE', 'PACKAGE'] as const satisfies Category[]
export const generatedCodeAndSubject = ['FILE', 'PACKAGE', 'CSR'] as const satisfies Category[]
export const json = ['FILE', 'PACKAGE', 'WIRE_JSON', 'CSR'] as const satisfies Category[]
export const everywhere = ['FILE', 'PACKAGE', 'WIRE_JSON', 'WIRE', 'CSR'] as const satisfies Category[]

export const spot = (file: FileModel, ...paths: (readonly number[])[]): Spot => ({ file, paths })

/**
 * An element.
 *
 * @param below source paths inside of it that say it better, narrowest first
 * @param inFile source path of a file option that stands for it if there is none of them
 */
export function spotOf(element: Located, below: readonly (readonly number[])[] = [], inFile?: readonly number[]): Spot {
  const { file, path, mapField } = element
  // What the compiler adds for a map has no place of its own: the type of the map field stands for it.
  const own = mapField ? [[...mapField, tag.field.typeName], mapField] : [path]
  const paths = [...below.map((part) => [...path, ...part]), ...(inFile ? [inFile] : []), ...own]
  return { file, element, paths }
}

/** `Order.total (number 4)`, as messages name a field. */
export const fieldName = (field: FieldModel): string =>
  field.extendee
    ? `extension ${field.fullName} (number ${field.number})`
    : `field ${field.fullName} (number ${field.number})`

export const fieldPath = (field: FieldModel): string =>
  field.extendee ? `${field.extendee}.[${field.fullName}]` : field.fullName
