import { isFieldSet } from '@bufbuild/protobuf'
import type {
  DescriptorProto,
  EnumDescriptorProto,
  EnumValueDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  MethodDescriptorProto,
  ServiceDescriptorProto,
  SourceCodeInfo,
} from '@bufbuild/protobuf/wkt'
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import type { Element, Features } from '../schema.js'
import { type LanguageFeatures, fileLanguageFeatures, overrideLanguageFeatures } from './language-features.js'
import { type Locate, locator } from './location.js'

/** One compiled file of a comparison: names absolute, as the compiler's `file` is. */
export interface SourceFile {
  readonly descriptor: FileDescriptorProto
  /** Read when the first place is asked for; without it findings have a file and no line. */
  readonly sourceInfo?: SourceCodeInfo
  features(element: Element): Features
}

/** Both sides of a comparison are sets of files: a schema with its imports, or a folder. */
export interface FileSet {
  readonly files: readonly FileModel[]
  readonly messages: ReadonlyMap<string, MessageModel>
  readonly enums: ReadonlyMap<string, EnumModel>
  readonly services: ReadonlyMap<string, ServiceModel>
  readonly extensions: readonly FieldModel[]
}

/** Where something stands. */
export interface Located {
  readonly file: FileModel
  /** Path from the file descriptor, as in SourceCodeInfo. */
  readonly path: readonly number[]
  /** Path of the map field, for the entry message that the compiler makes of it, and for what is in there. */
  readonly mapField?: readonly number[]
}

/** What is declared in a file, and which features hold there. */
interface Declared extends Located {
  /** Name inside the package, such as `Outer.Inner`. */
  readonly nestedName: string
  /** Name with the package, without leading dot. */
  readonly fullName: string
  readonly features: Features
  readonly language: LanguageFeatures
}

export interface FileModel {
  readonly path: string
  readonly package: string
  readonly descriptor: FileDescriptorProto
  readonly locate: Locate
  /** Messages of every depth, map entries included, outer before inner. */
  readonly messages: MessageModel[]
  readonly enums: EnumModel[]
  readonly services: ServiceModel[]
  /** Extensions of every depth. */
  readonly extensions: FieldModel[]
}

export interface MessageModel extends Declared {
  readonly descriptor: DescriptorProto
  readonly parent?: MessageModel
  readonly isMapEntry: boolean
  readonly fields: FieldModel[]
  /** Declared right inside. */
  readonly nested: MessageModel[]
  readonly nestedEnums: EnumModel[]
}

/** How often a field may occur and whether its absence can be told from its zero value. */
export type Cardinality = 'implicit' | 'explicit' | 'required' | 'repeated' | 'map'

export interface FieldModel extends Declared {
  readonly descriptor: FieldDescriptorProto
  readonly number: number
  readonly name: string
  /** The message that holds the declaration; absent for an extension at the top of a file. */
  readonly parent?: MessageModel
  /** Full name of the extended message, for an extension. */
  readonly extendee?: string
  /** As it goes over the wire: a message with delimited encoding is a GROUP, however it is declared. */
  readonly type: Type
  /** Full name of the message or enum, if the type is one. */
  readonly typeName?: string
  readonly cardinality: Cardinality
  /** Name of the containing oneof; synthetic ones do not count. */
  readonly oneof?: string
  readonly packed: boolean
}

export interface EnumModel extends Declared {
  readonly descriptor: EnumDescriptorProto
  readonly parent?: MessageModel
  readonly values: EnumValueModel[]
  readonly closed: boolean
}

export interface EnumValueModel {
  readonly descriptor: EnumValueDescriptorProto
  readonly path: readonly number[]
  readonly name: string
  readonly number: number
}

export interface ServiceModel extends Declared {
  readonly descriptor: ServiceDescriptorProto
  readonly methods: MethodModel[]
}

export interface MethodModel {
  readonly descriptor: MethodDescriptorProto
  readonly path: readonly number[]
  readonly name: string
}

/** Field numbers of descriptor.proto, of which source paths are made. */
export const tag = {
  file: { package: 2, message: 4, enum: 5, service: 6, extension: 7, options: 8, syntax: 12, edition: 14 },
  message: { field: 2, nested: 3, enum: 4, extension: 6, options: 7 },
  field: { name: 1, number: 3, label: 4, type: 5, typeName: 6, defaultValue: 7, options: 8, jsonName: 10 },
  enum: { value: 2, options: 3 },
  enumValue: { name: 1, number: 2 },
  service: { method: 2 },
  method: { input: 2, output: 3, options: 4 },
} as const

/** @param sources linked files; every type that they use is among them. */
export function fileSet(sources: readonly SourceFile[]): FileSet {
  const entries = mapEntryNames(sources)
  const files = sources.map((source) => fileModel(source, entries))
  const index = <T extends Declared>(of: (file: FileModel) => T[]) =>
    new Map(files.flatMap(of).map((declared) => [declared.fullName, declared]))
  return {
    files,
    messages: index((file) => file.messages),
    enums: index((file) => file.enums),
    services: index((file) => file.services),
    extensions: files.flatMap((file) => file.extensions),
  }
}

/** Full name of the enum's or message's field, without the leading dot that descriptors put there. */
export const withoutDot = (name: string): string => (name.startsWith('.') ? name.slice(1) : name)

function mapEntryNames(sources: readonly SourceFile[]): Set<string> {
  const names = new Set<string>()
  const collect = (scope: string, messages: readonly DescriptorProto[]): void => {
    for (const message of messages) {
      const name = join(scope, message.name)
      if (message.options?.mapEntry) names.add(name)
      collect(name, message.nestedType)
    }
  }
  for (const { descriptor } of sources) collect(descriptor.package, descriptor.messageType)
  return names
}

function fileModel(source: SourceFile, mapEntries: ReadonlySet<string>): FileModel {
  const { descriptor } = source
  const file: FileModel = {
    path: descriptor.name,
    package: descriptor.package,
    descriptor,
    locate: locator(descriptor.name, () => source.sourceInfo),
    messages: [],
    enums: [],
    services: [],
    extensions: [],
  }
  const fileLanguage = fileLanguageFeatures(descriptor)
  const declare = (
    element: Element & { name: string },
    path: readonly number[],
    parent: MessageModel | undefined,
  ): Declared => {
    const nestedName = join(parent?.nestedName ?? '', element.name)
    return {
      file,
      path,
      ...(parent?.mapField && { mapField: parent.mapField }),
      nestedName,
      fullName: join(descriptor.package, nestedName),
      features: source.features(element),
      language: overrideLanguageFeatures(parent?.language ?? fileLanguage, element.options?.features),
    }
  }

  const addField = (
    field: FieldDescriptorProto,
    path: readonly number[],
    parent: MessageModel | undefined,
  ): FieldModel => {
    const declared = declare(field, path, parent)
    const typeName = field.typeName ? withoutDot(field.typeName) : undefined
    const isMap = typeName !== undefined && mapEntries.has(typeName)
    const isMessage = field.type === Type.MESSAGE || field.type === Type.GROUP
    const delimited =
      field.type === Type.GROUP || (isMessage && !isMap && declared.features.messageEncoding === 'DELIMITED')
    return {
      ...declared,
      descriptor: field,
      number: field.number,
      name: field.name,
      ...(parent && { parent }),
      ...(field.extendee && { extendee: withoutDot(field.extendee) }),
      type: delimited ? Type.GROUP : field.type,
      ...(typeName && { typeName }),
      cardinality: cardinalityOf(field, declared.features, isMap, isMessage),
      ...(parent &&
        inOneof(field) &&
        !field.proto3Optional && { oneof: parent.descriptor.oneofDecl[field.oneofIndex]?.name ?? '' }),
      packed: isPackable(field) && declared.features.repeatedFieldEncoding === 'PACKED',
    }
  }

  const addEnum = (type: EnumDescriptorProto, path: readonly number[], parent: MessageModel | undefined): void => {
    const declared = declare(type, path, parent)
    const values = type.value.map((value, index) => ({
      descriptor: value,
      path: [...path, tag.enum.value, index],
      name: value.name,
      number: value.number,
    }))
    const model: EnumModel = {
      ...declared,
      descriptor: type,
      ...(parent && { parent }),
      values,
      closed: declared.features.enumType === 'CLOSED',
    }
    file.enums.push(model)
    parent?.nestedEnums.push(model)
  }

  const addMessage = (type: DescriptorProto, path: readonly number[], parent: MessageModel | undefined): void => {
    const message: MessageModel = {
      ...declare(type, path, parent),
      ...mapFieldOf(type, parent),
      descriptor: type,
      ...(parent && { parent }),
      isMapEntry: type.options?.mapEntry ?? false,
      fields: [],
      nested: [],
      nestedEnums: [],
    }
    file.messages.push(message)
    parent?.nested.push(message)
    type.field.forEach((field, index) =>
      message.fields.push(addField(field, [...path, tag.message.field, index], message)),
    )
    type.extension.forEach((field, index) =>
      file.extensions.push(addField(field, [...path, tag.message.extension, index], message)),
    )
    type.enumType.forEach((nested, index) => addEnum(nested, [...path, tag.message.enum, index], message))
    type.nestedType.forEach((nested, index) => addMessage(nested, [...path, tag.message.nested, index], message))
  }

  descriptor.messageType.forEach((type, index) => addMessage(type, [tag.file.message, index], undefined))
  descriptor.enumType.forEach((type, index) => addEnum(type, [tag.file.enum, index], undefined))
  descriptor.extension.forEach((field, index) =>
    file.extensions.push(addField(field, [tag.file.extension, index], undefined)),
  )
  descriptor.service.forEach((service, index) => {
    const path = [tag.file.service, index]
    const methods = service.method.map((method, at) => ({
      descriptor: method,
      path: [...path, tag.service.method, at],
      name: method.name,
    }))
    file.services.push({ ...declare(service, path, undefined), descriptor: service, methods })
  })
  return file
}

function mapFieldOf(entry: DescriptorProto, parent: MessageModel | undefined): Pick<Located, 'mapField'> {
  if (!entry.options?.mapEntry || !parent) return {}
  const name = `${parent.fullName}.${entry.name}`
  const field = parent.fields.find(({ typeName }) => typeName === name)
  return field ? { mapField: field.path } : {}
}

function cardinalityOf(
  field: FieldDescriptorProto,
  features: Features,
  isMap: boolean,
  isMessage: boolean,
): Cardinality {
  if (field.label === Label.REPEATED) return isMap ? 'map' : 'repeated'
  if (field.label === Label.REQUIRED || features.fieldPresence === 'LEGACY_REQUIRED') return 'required'
  const tracked = isMessage || Boolean(field.extendee) || inOneof(field) || features.fieldPresence === 'EXPLICIT'
  return tracked ? 'explicit' : 'implicit'
}

const inOneof = (field: FieldDescriptorProto): boolean =>
  isFieldSet(field, FieldDescriptorProtoSchema.field.oneofIndex) && !field.extendee

const unpackable: ReadonlySet<Type> = new Set([Type.STRING, Type.BYTES, Type.MESSAGE, Type.GROUP])

function isPackable(field: FieldDescriptorProto): boolean {
  return field.label === Label.REPEATED && !unpackable.has(field.type)
}

const join = (scope: string, name: string): string => (scope ? `${scope}.${name}` : name)
