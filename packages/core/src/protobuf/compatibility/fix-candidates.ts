import { clone, create } from '@bufbuild/protobuf'
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  EnumValueDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileOptionsSchema,
  OneofDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import type { ComparedSchema } from './compared-schema.js'
import type { EnumModel, FieldModel, FileModel, FileSet, Located, MessageModel } from './file-set.js'

/** A change of the reader's own file: in words, and made. */
export interface Candidate {
  text: string
  edit: (file: FileDescriptorProto) => void
}

const isField = (at: Located | undefined): at is FieldModel => at !== undefined && 'cardinality' in at
const isMessage = (at: Located | undefined): at is MessageModel => at !== undefined && 'isMapEntry' in at
const isEnum = (at: Located | undefined): at is EnumModel => at !== undefined && 'closed' in at

/** Changes that might repair a break between the two elements, the least first. */
export function candidatesFor(
  { older, newer }: { older?: Located | undefined; newer?: Located | undefined },
  writer: FileSet,
  reader: ComparedSchema,
): Candidate[] {
  if (newer && newer.file !== reader.file) return [] // an import is not this schema's to change
  if (isField(older) && isField(newer)) return fieldChanges(older, newer)
  if (isField(older)) return isMessage(newer) ? deletedField(older, newer) : []
  if (isField(newer)) return newField(newer)
  const was = isEnum(newer) ? writer.enums.get(newer.fullName) : undefined
  if (isEnum(newer) && was) return enumChanges(was, newer)
  const before = isMessage(newer) && !isEnum(older) ? writer.messages.get(newer.fullName) : undefined
  const gone = isMessage(older) && older.fullName !== (isMessage(newer) ? newer.fullName : '')
  if ((isMessage(older) && gone) || isEnum(older)) return restoreDeclaration(older)
  return isMessage(newer) && before ? messageChanges(before, newer) : fileChanges(writer, reader.file)
}

function fieldChanges(older: FieldModel, newer: FieldModel): Candidate[] {
  const [was, is] = [older.descriptor, newer.descriptor]
  const change = (
    text: string,
    differs: boolean,
    edit: (field: FieldDescriptorProto, owner?: DescriptorProto) => void,
  ): Candidate[] => (differs ? [{ text, edit: (file) => withField(file, newer, edit) }] : [])
  const sameNumber = older.number === newer.number
  return [
    ...change(
      `give ${is.name} the number ${older.number} again`,
      !sameNumber,
      (field) => (field.number = older.number),
    ),
    ...change(`name it ${was.name} again`, sameNumber && was.name !== is.name, (field) => {
      if (field.jsonName === is.jsonName) field.jsonName = was.jsonName
      field.name = was.name
    }),
    ...change(
      `set json_name = "${was.jsonName}"`,
      was.jsonName !== is.jsonName,
      (field) => (field.jsonName = was.jsonName),
    ),
    ...change(
      `give it the type ${typeName(older)} again`,
      was.type !== is.type || was.typeName !== is.typeName,
      (field) => {
        field.type = was.type
        field.typeName = was.typeName
      },
    ),
    ...change(
      `make it ${labelText(older)} again`,
      was.label !== is.label || was.proto3Optional !== is.proto3Optional,
      (field, owner) => {
        field.label = was.label
        field.proto3Optional = was.proto3Optional
        if (owner) moveToOneof(owner, field, was.proto3Optional ? `_${field.name}` : newer.oneof)
      },
    ),
    ...change(
      older.oneof ? `move it back into oneof ${older.oneof}` : 'move it out of the oneof',
      older.oneof !== newer.oneof,
      (field, owner) => {
        if (owner) moveToOneof(owner, field, older.oneof)
      },
    ),
    ...change(
      was.defaultValue === '' ? 'remove the default' : `set the default back to ${was.defaultValue}`,
      was.defaultValue !== is.defaultValue,
      (field) => {
        if (was.defaultValue === '') field.defaultValue = ''
        else field.defaultValue = was.defaultValue
      },
    ),
    ...change('set its options as they were', was.options !== is.options, (field) => {
      if (was.options) field.options = was.options
      else delete field.options
    }),
    ...change(`declare ${was.name} = ${was.number} as it was`, sameNumber, (field, owner) => {
      Object.assign(field, clone(FieldDescriptorProtoSchema, was))
      if (owner) moveToOneof(owner, field, was.proto3Optional ? `_${was.name}` : older.oneof)
    }),
    ...retire(older, newer),
  ]
}

/** Keeps the new declaration under a number of its own. */
function retire(older: FieldModel, newer: FieldModel): Candidate[] {
  const { parent } = newer
  if (!parent || newer.extendee) return []
  const free =
    Math.max(
      0,
      ...parent.fields.map(({ number }) => number),
      ...parent.descriptor.reservedRange.map(({ end }) => end - 1),
    ) + 1
  return [
    {
      text: `give ${newer.name} the new number ${free}, and reserve ${older.number} and "${older.name}"`,
      edit: (file) => {
        withField(file, newer, (field) => {
          field.number = free
          if (field.name === older.name) field.name = `${older.name}_${free}`
        })
        withMessage(file, parent, (message) => reserve(message, older.number, older.name))
      },
    },
  ]
}

function deletedField(older: FieldModel, newer: MessageModel): Candidate[] {
  const inMessage = (text: string, edit: (message: DescriptorProto) => void): Candidate => ({
    text,
    edit: (file) => withMessage(file, newer, edit),
  })
  return [
    inMessage(`reserve number ${older.number}: add "reserved ${older.number};" to ${newer.fullName}`, (message) =>
      reserve(message, older.number),
    ),
    inMessage(`reserve the name: add "reserved "${older.name}";" to ${newer.fullName}`, (message) =>
      reserve(message, undefined, older.name),
    ),
    inMessage(`keep ${older.name} = ${older.number}, with [deprecated = true] if it is not to be used`, (message) => {
      const field = clone(FieldDescriptorProtoSchema, older.descriptor)
      message.field.push(field)
      moveToOneof(message, field, older.descriptor.proto3Optional ? `_${older.name}` : older.oneof)
    }),
  ]
}

function newField(newer: FieldModel): Candidate[] {
  if (newer.cardinality !== 'required') return []
  return [
    {
      text: `make ${newer.name} optional`,
      edit: (file) => withField(file, newer, (field) => (field.label = Label.OPTIONAL)),
    },
  ]
}

function enumChanges(older: EnumModel, newer: EnumModel): Candidate[] {
  const change = (text: string, edit: (type: EnumDescriptorProto) => void): Candidate => ({
    text,
    edit: (file) => withEnum(file, newer, edit),
  })
  const present = new Set(newer.values.map(({ number }) => number))
  const gone = older.values.filter(({ number }) => !present.has(number))
  const numbers = [...new Set(gone.map(({ number }) => number))]
  const names = gone.map(({ name }) => name)
  const renamed = older.values.filter(
    ({ name, number }) =>
      present.has(number) && !newer.values.some((value) => value.name === name && value.number === number),
  )
  const ranges = older.descriptor.reservedRange.map(({ start, end }) => ({ start, end }))
  return [
    ...(gone.length > 0
      ? [
          change(
            `reserve ${numbers.length > 1 ? 'numbers' : 'number'} ${numbers.join(', ')}: add "reserved ${numbers.join(', ')};" to ${newer.fullName}`,
            (type) => {
              for (const number of numbers)
                type.reservedRange.push({
                  $typeName: 'google.protobuf.EnumDescriptorProto.EnumReservedRange',
                  start: number,
                  end: number,
                })
            },
          ),
          change(
            `reserve the ${names.length > 1 ? 'names' : 'name'}: add "reserved ${names.map((name) => `"${name}"`).join(', ')};" to ${newer.fullName}`,
            (type) => {
              type.reservedName.push(...names)
            },
          ),
          change(`keep ${names.join(', ')}, with [deprecated = true] if not to be used`, (type) => {
            type.value.push(...gone.map(({ descriptor }) => clone(EnumValueDescriptorProtoSchema, descriptor)))
          }),
        ]
      : []),
    ...renamed.map(({ name, number }) =>
      change(`name ${number} ${name} again`, (type) => {
        const value = type.value.find((candidate) => candidate.number === number)
        if (value) value.name = name
      }),
    ),
    change(`reserve again what ${newer.fullName} reserved before`, (type) => {
      type.reservedRange = create(EnumDescriptorProtoSchema, { reservedRange: ranges }).reservedRange
      type.reservedName = [...new Set([...type.reservedName, ...older.descriptor.reservedName])]
    }),
    change(`set the options of ${newer.fullName} as they were`, (type) => {
      if (older.descriptor.options) type.options = older.descriptor.options
      else delete type.options
    }),
    change(`declare ${newer.fullName} as it was`, (type) =>
      Object.assign(type, clone(EnumDescriptorProtoSchema, older.descriptor)),
    ),
  ]
}

function messageChanges(older: MessageModel, newer: MessageModel): Candidate[] {
  const change = (text: string, edit: (message: DescriptorProto) => void): Candidate => ({
    text,
    edit: (file) => withMessage(file, newer, edit),
  })
  const was = clone(DescriptorProtoSchema, older.descriptor)
  return [
    change(`reserve again what ${newer.fullName} reserved before`, (message) => {
      message.reservedRange = was.reservedRange
      message.reservedName = [...new Set([...message.reservedName, ...was.reservedName])]
    }),
    change(
      `open again the extension ranges that ${newer.fullName} had`,
      (message) => (message.extensionRange = was.extensionRange),
    ),
    change(`set the options of ${newer.fullName} as they were`, (message) => {
      if (was.options) message.options = was.options
      else delete message.options
    }),
    change(`declare ${newer.fullName} as it was`, (message) => Object.assign(message, was)),
  ]
}

function restoreDeclaration(older: MessageModel | EnumModel): Candidate[] {
  const text = `bring ${older.fullName} back`
  const { parent } = older
  return [
    {
      text,
      edit: (file) => {
        const scope = parent && findMessage(file, parent.nestedName)
        if (parent && !scope) return
        if (isMessage(older))
          (scope?.nestedType ?? file.messageType).push(clone(DescriptorProtoSchema, older.descriptor))
        else (scope?.enumType ?? file.enumType).push(clone(EnumDescriptorProtoSchema, older.descriptor))
      },
    },
  ]
}

/** For breaks that are about the file and no declaration in it. */
function fileChanges(writer: FileSet, reader: FileModel): Candidate[] {
  const older = writer.files.find(({ path }) => path === reader.path)?.descriptor
  if (!older) return []
  return [
    {
      text: older.package === '' ? 'remove the package statement' : `write "package ${older.package};"`,
      edit: (file) => renamePackage(file, older.package),
    },
    {
      text: 'set the options of the file as they were',
      edit: (file) => (file.options = clone(FileOptionsSchema, older.options ?? create(FileOptionsSchema))),
    },
  ]
}

/** Names in the file start with the package, so they change with it. */
function renamePackage(file: FileDescriptorProto, to: string): void {
  const [from, into] = [file.package, to].map((name) => (name === '' ? '.' : `.${name}.`)) as [string, string]
  const own = new Set(file.messageType.map(({ name }) => name).concat(file.enumType.map(({ name }) => name)))
  const rename = (name: string): string => {
    const inside = name.startsWith(from) ? name.slice(from.length) : ''
    return own.has(inside.split('.')[0] ?? '') ? `${into}${inside}` : name
  }
  const fields = (list: FieldDescriptorProto[]): void => {
    for (const field of list) {
      if (field.typeName) field.typeName = rename(field.typeName)
      if (field.extendee) field.extendee = rename(field.extendee)
    }
  }
  const agenda = [...file.messageType]
  for (const message of agenda) {
    fields(message.field)
    fields(message.extension)
    agenda.push(...message.nestedType)
  }
  fields(file.extension)
  for (const method of file.service.flatMap((service) => service.method)) {
    method.inputType = rename(method.inputType)
    method.outputType = rename(method.outputType)
  }
  file.package = to
}

function withField(
  file: FileDescriptorProto,
  { path, parent, extendee }: FieldModel,
  edit: (field: FieldDescriptorProto, owner?: DescriptorProto) => void,
): void {
  const owner = parent && findMessage(file, parent.nestedName)
  const list = extendee ? (owner?.extension ?? file.extension) : owner?.field
  const field = list?.[path.at(-1) ?? -1]
  if (field) edit(field, extendee ? undefined : owner)
}

function withMessage(
  file: FileDescriptorProto,
  { nestedName }: MessageModel,
  edit: (message: DescriptorProto) => void,
): void {
  const message = findMessage(file, nestedName)
  if (message) edit(message)
}

function withEnum(
  file: FileDescriptorProto,
  { path, parent }: EnumModel,
  edit: (type: EnumDescriptorProto) => void,
): void {
  const scope = parent && findMessage(file, parent.nestedName)
  const type = (scope?.enumType ?? file.enumType)[path.at(-1) ?? -1]
  if (type) edit(type)
}

function findMessage(file: FileDescriptorProto, nestedName: string): DescriptorProto | undefined {
  let found: DescriptorProto | undefined
  for (const name of nestedName.split('.')) {
    found = (found?.nestedType ?? file.messageType).find((message) => message.name === name)
    if (!found) return undefined
  }
  return found
}

function reserve(message: DescriptorProto, number?: number, name?: string): void {
  const $typeName = 'google.protobuf.DescriptorProto.ReservedRange'
  if (number !== undefined) message.reservedRange.push({ $typeName, start: number, end: number + 1 })
  if (name !== undefined) message.reservedName.push(name)
}

/** Puts a field into the oneof of that name, or out of any, and drops oneofs that are left without members. */
function moveToOneof(message: DescriptorProto, field: FieldDescriptorProto, oneof: string | undefined): void {
  const names = new Map(
    message.field.map((other) => [
      other,
      Object.hasOwn(other, 'oneofIndex') ? message.oneofDecl[other.oneofIndex]?.name : undefined,
    ]),
  )
  names.set(field, oneof)
  const known = new Map(message.oneofDecl.map((declaration) => [declaration.name, declaration]))
  const used = [...new Set([...names.values()].filter((name) => name !== undefined))]
  message.oneofDecl = used.map((name) => known.get(name) ?? create(OneofDescriptorProtoSchema, { name }))
  for (const [other, name] of names) {
    if (name === undefined) delete (other as Partial<FieldDescriptorProto>).oneofIndex
    else other.oneofIndex = used.indexOf(name)
  }
}

const typeName = ({ cardinality, typeName: name, descriptor }: FieldModel): string =>
  cardinality === 'map' ? 'map' : (name ?? Type[descriptor.type].toLowerCase())

const labelText = ({ descriptor, cardinality }: FieldModel): string =>
  cardinality === 'implicit' ? 'singular' : Label[descriptor.label].toLowerCase()
