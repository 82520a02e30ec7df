import {
  Edition,
  FeatureSet_EnforceNamingStyle,
  FeatureSet_EnumType,
  FeatureSet_FieldPresence,
  FeatureSet_JsonFormat,
  FeatureSet_MessageEncoding,
  FeatureSet_RepeatedFieldEncoding,
  FeatureSet_Utf8Validation,
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility as DefaultSymbolVisibility,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FeatureSet,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { Element, Features } from '../schema.js'
import type { FieldSymbol, Symbol_ } from './symbols.js'

const proto2: Features = {
  fieldPresence: 'EXPLICIT',
  enumType: 'CLOSED',
  repeatedFieldEncoding: 'EXPANDED',
  utf8Validation: 'NONE',
  messageEncoding: 'LENGTH_PREFIXED',
  jsonFormat: 'LEGACY_BEST_EFFORT',
  enforceNamingStyle: 'STYLE_LEGACY',
  defaultSymbolVisibility: 'EXPORT_ALL',
}

const proto3: Features = {
  ...proto2,
  fieldPresence: 'IMPLICIT',
  enumType: 'OPEN',
  repeatedFieldEncoding: 'PACKED',
  utf8Validation: 'VERIFY',
  jsonFormat: 'ALLOW',
}

const edition2023: Features = { ...proto3, fieldPresence: 'EXPLICIT' }

/** What holds where a file sets no features (`edition_defaults` of the language's own descriptor.proto). */
const defaults: readonly [from: Edition, features: Features][] = [
  [
    Edition.EDITION_2024,
    { ...edition2023, enforceNamingStyle: 'STYLE2024', defaultSymbolVisibility: 'EXPORT_TOP_LEVEL' },
  ],
  [Edition.EDITION_2023, edition2023],
  [Edition.EDITION_PROTO3, proto3],
  [Edition.EDITION_UNKNOWN, proto2],
]

/** The edition of a file; proto2 and proto3 are editions before the first. */
export function editionOf(file: FileDescriptorProto): Edition {
  if (file.syntax === 'proto3') return Edition.EDITION_PROTO3
  return file.syntax === 'editions' ? file.edition : Edition.EDITION_PROTO2
}

export function fileFeatures(file: FileDescriptorProto): Features {
  const edition = editionOf(file)
  const base = defaults.find(([from]) => edition >= from)?.[1] ?? proto2
  return merge(base, file.options?.features)
}

/** What holds for an element inside of one with `outer`. */
export function merge(outer: Features, set: FeatureSet | undefined): Features {
  if (!set) return outer
  return {
    fieldPresence: nameOf(FeatureSet_FieldPresence, set.fieldPresence) ?? outer.fieldPresence,
    enumType: nameOf(FeatureSet_EnumType, set.enumType) ?? outer.enumType,
    repeatedFieldEncoding:
      nameOf(FeatureSet_RepeatedFieldEncoding, set.repeatedFieldEncoding) ?? outer.repeatedFieldEncoding,
    utf8Validation: nameOf(FeatureSet_Utf8Validation, set.utf8Validation) ?? outer.utf8Validation,
    messageEncoding: nameOf(FeatureSet_MessageEncoding, set.messageEncoding) ?? outer.messageEncoding,
    jsonFormat: nameOf(FeatureSet_JsonFormat, set.jsonFormat) ?? outer.jsonFormat,
    enforceNamingStyle: nameOf(FeatureSet_EnforceNamingStyle, set.enforceNamingStyle) ?? outer.enforceNamingStyle,
    defaultSymbolVisibility:
      nameOf(DefaultSymbolVisibility, set.defaultSymbolVisibility) ?? outer.defaultSymbolVisibility,
  }
}

/** The features of a field inside of a message (or oneof) with `outer`; what proto2 and proto3 say in other words included. */
export function fieldFeatures(outer: Features, field: FieldDescriptorProto, edition: Edition): Features {
  if (edition >= Edition.EDITION_2023) return merge(outer, field.options?.features)
  let features = outer
  if (field.label === FieldDescriptorProto_Label.REQUIRED) features = { ...features, fieldPresence: 'LEGACY_REQUIRED' }
  if (field.proto3Optional) features = { ...features, fieldPresence: 'EXPLICIT' }
  if (field.type === FieldDescriptorProto_Type.GROUP) features = { ...features, messageEncoding: 'DELIMITED' }
  const packed = field.options && hasOwnPacked(field) ? field.options.packed : undefined
  if (packed !== undefined) features = { ...features, repeatedFieldEncoding: packed ? 'PACKED' : 'EXPANDED' }
  return features
}

const hasOwnPacked = (field: FieldDescriptorProto) => Object.hasOwn(field.options ?? {}, 'packed')

/** The features of everything in the files, by element. */
export function collectFeatures(files: Iterable<FileDescriptorProto>): Map<Element, Features> {
  const all = new Map<Element, Features>()
  for (const file of files) collectFile(file, all)
  return all
}

function collectFile(file: FileDescriptorProto, all: Map<Element, Features>): void {
  const edition = editionOf(file)
  const top = fileFeatures(file)
  all.set(file, top)
  const addEnum = (element: EnumDescriptorProto, outer: Features) => {
    const own = merge(outer, element.options?.features)
    all.set(element, own)
    for (const value of element.value) all.set(value, merge(own, value.options?.features))
  }
  const addMessage = (message: DescriptorProto, outer: Features) => {
    const own = merge(outer, message.options?.features)
    all.set(message, own)
    const oneofs = message.oneofDecl.map((oneof) => merge(own, oneof.options?.features))
    for (const [index, oneof] of message.oneofDecl.entries()) all.set(oneof, oneofs[index] ?? own)
    for (const field of message.field) {
      const around = Object.hasOwn(field, 'oneofIndex') ? (oneofs[field.oneofIndex] ?? own) : own
      all.set(field, fieldFeatures(around, field, edition))
    }
    for (const field of message.extension) all.set(field, fieldFeatures(own, field, edition))
    for (const element of message.enumType) addEnum(element, own)
    for (const nested of message.nestedType) addMessage(nested, own)
  }
  for (const message of file.messageType) addMessage(message, top)
  for (const element of file.enumType) addEnum(element, top)
  for (const field of file.extension) all.set(field, fieldFeatures(top, field, edition))
  for (const service of file.service) {
    const own = merge(top, service.options?.features)
    all.set(service, own)
    for (const method of service.method) all.set(method, merge(own, method.options?.features))
  }
}

/** The name of a set enum value; the first value of these enums means "not set". */
function nameOf<N extends string>(
  type: Record<N, number | string>,
  value: number,
): Exclude<N, `${string}UNKNOWN`> | undefined {
  const name = value === 0 ? undefined : (type as Record<number, unknown>)[value]
  return typeof name === 'string' ? (name as Exclude<N, `${string}UNKNOWN`>) : undefined
}

/** The features of an enum (or message) that is reached by its name. */
export function featuresOf(symbol: Symbol_): Features {
  return featuresAround(symbol, symbol.file.file)
}

/** The features of a field that is reached by its name and not on the way through its file. */
export function fieldFeaturesOf(field: FieldSymbol): Features {
  return fieldFeatures(featuresAround(field.parent, field.file.file), field.element, editionOf(field.file.file))
}

function featuresAround(symbol: Symbol_ | undefined, file: FileDescriptorProto): Features {
  if (!symbol) return fileFeatures(file)
  return merge(featuresAround(symbol.parent, file), symbol.element.options?.features)
}
