import { FieldDescriptorProto_Label as Label, FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { ComparedSchema } from '../compared-schema.js'
import type { EnumModel, FieldModel, FileModel, FileSet, Located, MessageModel } from '../file-set.js'
import { type Difference, differenceTypes } from './differences.js'

/** One difference, where Confluent's paths put it: `#/Message/Nested/number`, `#/Message/oneof/number`. */
export interface Found {
  type: Difference
  path: string
  older?: Located
  newer?: Located
}

export interface Compared {
  found: Found[]
  /** False if imports led so far that the comparison was ended; then there may be more differences. */
  complete: boolean
}

/**
 * Bodies are compared once for every field that leads to them, as the registry does it, so that work may grow without
 * bounds in imports that were made for it.
 */
const limits = { bodies: 2_000, depth: 200 }

/**
 * All differences from `original` (the writer) to `update` (the reader) as Confluent's registry finds them: package,
 * messages by name, enums by name. Imports are looked into only through fields of their types.
 */
export function compareSchemas(original: ComparedSchema, update: ComparedSchema): Compared {
  const found: Found[] = []
  if (original.file.package !== update.file.package) found.push({ type: 'PACKAGE_CHANGED', path: '#/' })
  const comparison = new Comparison(original, update, found)
  comparison.types('#', undefined, undefined)
  return { found, complete: comparison.complete }
}

/** True if a field has a type that leads nowhere, so that the comparison had to go by its name alone. */
export function meetsUnresolvedType(original: ComparedSchema, update: ComparedSchema): boolean {
  const unresolved = ({ file, set }: ComparedSchema): boolean =>
    file.messages.some(({ fields }) =>
      fields.some(({ typeName }) => typeName !== undefined && !set.messages.has(typeName) && !set.enums.has(typeName)),
    )
  return unresolved(original) || unresolved(update)
}

class Comparison {
  complete = true
  /** Messages whose bodies are being compared on the way here; a type that contains itself ends there. */
  private readonly open = new Set<string>()
  /** Those among them that were met again, so that what is inside of them has not been seen in full yet. */
  private readonly pending = new Set<string>()
  /** Pairs without any difference, which need no second look. */
  private readonly equal = new Set<string>()
  private bodies = 0

  constructor(
    private readonly original: ComparedSchema,
    private readonly update: ComparedSchema,
    private readonly found: Found[],
  ) {}

  /** What is declared in two messages, or at the top of the two files. */
  types(path: string, was: MessageModel | undefined, is: MessageModel | undefined): void {
    const [wasMessages, isMessages] = [messagesIn(was, this.original.file), messagesIn(is, this.update.file)]
    const positions = new Map([...isMessages.keys()].map((name, index) => [name, index]))
    for (const [name, index] of union(wasMessages, isMessages)) {
      const [a, b] = [wasMessages.get(name), isMessages.get(name)]
      const here = `${path}/${name}`
      if (a && b) {
        this.messages(here, a, b)
        if (index !== positions.get(name)) this.add('MESSAGE_MOVED', here, a, b)
      } else {
        this.add(a ? 'MESSAGE_REMOVED' : 'MESSAGE_ADDED', here, a ?? was, b ?? is)
      }
    }
    const [wasEnums, isEnums] = [enumsIn(was, this.original.file), enumsIn(is, this.update.file)]
    for (const [name] of union(wasEnums, isEnums)) {
      const [a, b] = [wasEnums.get(name), isEnums.get(name)]
      if (a && b) this.enums(`${path}/${name}`, a, b)
      else this.add(a ? 'ENUM_REMOVED' : 'ENUM_ADDED', `${path}/${name}`, a ?? was, b ?? is)
    }
  }

  private enums(path: string, was: EnumModel, is: EnumModel): void {
    const [wasValues, isValues] = [byNumber(was.values), byNumber(is.values)]
    for (const [number] of union(wasValues, isValues)) {
      const [a, b] = [wasValues.get(number), isValues.get(number)]
      const type = !b ? 'ENUM_CONST_REMOVED' : !a ? 'ENUM_CONST_ADDED' : 'ENUM_CONST_CHANGED'
      if (a?.name === b?.name) continue
      const at = (owner: EnumModel, value: typeof a): Located => ({ file: owner.file, path: value?.path ?? owner.path })
      this.add(type, `${path}/${number}`, at(was, a), at(is, b))
    }
  }

  /** Two bodies; nothing if they are being compared already. */
  private messages(path: string, was: MessageModel, is: MessageModel): void {
    const pair = `${was.fullName} ${is.fullName}`
    if (this.equal.has(pair)) return
    if (this.open.has(was.fullName)) {
      this.pending.add(was.fullName)
      return
    }
    if (++this.bodies > limits.bodies || this.open.size >= limits.depth) {
      this.complete = false
      return
    }
    const before = this.found.length
    this.open.add(was.fullName)
    const [wasFields, isFields] = [byNumber(fieldsOf(was)), byNumber(fieldsOf(is))]
    this.exclusivity(path, wasFields, is, isFields)
    this.oneofs(path, was, is)
    const numbers = [...union(wasFields, isFields).map(([number]) => number)].sort((a, b) => a - b)
    for (const number of numbers) this.field(path, was, is, wasFields.get(number), isFields.get(number))
    this.types(path, was, is)
    this.open.delete(was.fullName)
    this.pending.delete(was.fullName)
    if (this.found.length === before && this.pending.size === 0) this.equal.add(pair)
  }

  /** Members of one oneof that came from different places could be set together before. */
  private exclusivity(
    path: string,
    wasFields: ReadonlyMap<number, FieldModel>,
    is: MessageModel,
    isFields: ReadonlyMap<number, FieldModel>,
  ): void {
    for (const oneof of oneofsOf(is)) {
      const members = [...isFields.values()].filter((field) => field.oneof === oneof)
      const origins = new Set<string>()
      let fromTopLevel = 0
      let moved: { was: FieldModel; is: FieldModel } | undefined
      for (const member of members) {
        const { number } = member
        const was = wasFields.get(number)
        if (!was) continue
        if (was.oneof !== oneof) moved = { was, is: member }
        if (was.oneof === undefined) fromTopLevel++
        origins.add(was.oneof === undefined ? `field ${number}` : `oneof ${was.oneof}`)
      }
      if (origins.size <= 1) continue
      const type = fromTopLevel > 1 ? 'MULTIPLE_FIELDS_MOVED_TO_ONEOF' : 'FIELD_MOVED_TO_EXISTING_ONEOF'
      this.add(type, `${path}/${oneof}`, moved?.was, moved?.is ?? is)
    }
  }

  private oneofs(path: string, was: MessageModel, is: MessageModel): void {
    const [wasOneofs, isOneofs] = [oneofsOf(was), oneofsOf(is)]
    for (const name of [...new Set([...wasOneofs, ...isOneofs])].sort()) {
      if (!isOneofs.includes(name)) this.add('ONEOF_REMOVED', `${path}/${name}`, was, is)
      else if (!wasOneofs.includes(name)) this.add('ONEOF_ADDED', `${path}/${name}`, was, is)
    }
  }

  private field(
    path: string,
    was: MessageModel,
    is: MessageModel,
    a: FieldModel | undefined,
    b: FieldModel | undefined,
  ): void {
    if (a && b) {
      if (a.oneof !== undefined && b.oneof === undefined) {
        this.add('ONEOF_FIELD_MOVED_TO_TOP_LEVEL', fieldPath(path, a), a, b)
      }
      this.fields(fieldPath(path, b), a, b)
    } else if (a) {
      const gone = a.oneof === undefined || (!oneofsOf(is).includes(a.oneof) && !survives(was, is, a.oneof))
      if (!gone) this.add('ONEOF_FIELD_REMOVED', fieldPath(path, a), a, is)
      else if (a.oneof === undefined) {
        this.add(isRequired(a) ? 'REQUIRED_FIELD_REMOVED' : 'FIELD_REMOVED', fieldPath(path, a), a, is)
      }
    } else if (b) {
      const type = isRequired(b) ? 'REQUIRED_FIELD_ADDED' : b.oneof === undefined ? 'FIELD_ADDED' : 'ONEOF_FIELD_ADDED'
      this.add(type, fieldPath(path, b), was, b)
    }
  }

  private fields(path: string, was: FieldModel, is: FieldModel): void {
    if (was.name !== is.name) this.add('FIELD_NAME_CHANGED', path, was, is)
    this.fieldTypes(path, was, is)
  }

  private fieldTypes(path: string, was: FieldModel, is: FieldModel): void {
    const [a, b] = [kindOf(was, this.original.set), kindOf(is, this.update.set)]
    if (a !== b) {
      this.add('FIELD_KIND_CHANGED', path, was, is)
    } else if (a === 'scalar') {
      if (groupOf(was) !== groupOf(is)) this.add('FIELD_SCALAR_KIND_CHANGED', path, was, is)
      else this.labels(path, was, is)
    } else if (a === 'message') {
      this.messageTypes(path, was, is)
    } else {
      const [wasEntry, isEntry] = [entryOf(was, this.original.set), entryOf(is, this.update.set)]
      for (const number of [1, 2]) {
        const [wasPart, isPart] = [wasEntry?.get(number), isEntry?.get(number)]
        if (wasPart && isPart) this.fieldTypes(path, wasPart, isPart)
      }
    }
  }

  private labels(path: string, was: FieldModel, is: FieldModel): void {
    const [a, b] = [labelOf(was), labelOf(is)]
    if (a === undefined || b === undefined || a === b) return
    const text = is.type === Type.STRING || is.type === Type.BYTES
    this.add(text ? 'FIELD_STRING_OR_BYTES_LABEL_CHANGED' : 'FIELD_NUMERIC_LABEL_CHANGED', path, was, is)
  }

  /** By name inside the package; then, unless both are the schemas' own and so compared anyway, by their bodies. */
  private messageTypes(path: string, was: FieldModel, is: FieldModel): void {
    const a = this.original.set.messages.get(was.typeName ?? '')
    const b = this.update.set.messages.get(is.typeName ?? '')
    if ((a?.nestedName ?? was.typeName) !== (b?.nestedName ?? is.typeName)) {
      this.add('FIELD_NAMED_TYPE_CHANGED', path, was, is)
      return
    }
    if (!a || !b) return
    if (a.file === this.original.file && b.file === this.update.file) return
    const before = this.found.length
    this.messages(`#/${a.nestedName.replaceAll('.', '/')}`, a, b)
    const breaks = this.found.slice(before).some(({ type }) => !compatible(type))
    if (breaks) this.add('FIELD_NAMED_TYPE_CHANGED', path, was, is)
  }

  private add(type: Difference, path: string, older: Located | undefined, newer: Located | undefined): void {
    this.found.push({ type, path, ...(older && { older }), ...(newer && { newer }) })
  }
}

const compatible = (type: Difference): boolean => differenceTypes[type].compatible

const fieldPath = (message: string, field: FieldModel): string =>
  field.oneof === undefined ? `${message}/${field.number}` : `${message}/${field.oneof}/${field.number}`

/** A oneof survives under another name if any of its members does. */
const survives = (was: MessageModel, is: MessageModel, oneof: string): boolean => {
  const numbers = new Set(fieldsOf(is).map(({ number }) => number))
  return was.fields.some((field) => field.oneof === oneof && numbers.has(field.number))
}

// Groups stand apart from fields in the text, and the registry does not look at them.
const isGroup = ({ descriptor }: FieldModel): boolean => descriptor.type === Type.GROUP
const fieldsOf = (message: MessageModel): FieldModel[] => message.fields.filter((field) => !isGroup(field))

/** What is declared right in the message, or at the top of the file. */
function messagesIn(scope: MessageModel | undefined, top: FileModel): Map<string, MessageModel> {
  const groups = new Set((scope?.fields ?? []).filter(isGroup).map(({ typeName }) => typeName))
  const declared = scope ? scope.nested : top.messages.filter(({ parent }) => !parent)
  return new Map(
    declared
      .filter(({ isMapEntry, fullName }) => !isMapEntry && !groups.has(fullName))
      .map((message) => [message.descriptor.name, message]),
  )
}

function enumsIn(scope: MessageModel | undefined, top: FileModel): Map<string, EnumModel> {
  const declared = scope ? scope.nestedEnums : top.enums.filter(({ parent }) => !parent)
  return new Map(declared.map((type) => [type.descriptor.name, type]))
}

const oneofsOf = ({ descriptor, fields }: MessageModel): string[] =>
  descriptor.oneofDecl.map(({ name }) => name).filter((name) => fields.some(({ oneof }) => oneof === name))

const byNumber = <T extends { number: number }>(items: readonly T[]): Map<number, T> =>
  new Map(items.map((item) => [item.number, item]))

/** Keys of both maps, the older's first, each with its index in the map that has it first. */
function union<K>(older: ReadonlyMap<K, unknown>, newer: ReadonlyMap<K, unknown>): [key: K, index: number][] {
  const keys = [...older.keys()].map((key, index): [K, number] => [key, index])
  for (const key of newer.keys()) if (!older.has(key)) keys.push([key, -1])
  return keys
}

type Kind = 'scalar' | 'message' | 'map'

function kindOf({ typeName }: FieldModel, set: FileSet): Kind {
  // A name that leads nowhere is taken for a message.
  if (typeName === undefined || set.enums.has(typeName)) return 'scalar'
  return set.messages.get(typeName)?.isMapEntry ? 'map' : 'message'
}

/** Scalars that the registry lets stand for each other; the others only for themselves. */
const scalarGroups: readonly (readonly Type[])[] = [
  [Type.INT32, Type.INT64, Type.UINT32, Type.UINT64, Type.BOOL, Type.ENUM],
  [Type.SINT32, Type.SINT64],
  [Type.STRING, Type.BYTES],
  [Type.FIXED32, Type.SFIXED32],
  [Type.FIXED64, Type.SFIXED64],
]

const groupOf = ({ type }: FieldModel): Type => scalarGroups.find((group) => group.includes(type))?.[0] ?? type

const entryOf = (field: FieldModel, set: FileSet): Map<number, FieldModel> | undefined => {
  const entry = set.messages.get(field.typeName ?? '')
  return entry && byNumber(entry.fields)
}

const isRequired = ({ descriptor }: FieldModel): boolean => descriptor.label === Label.REQUIRED

/** The label as it is written; proto3 and editions write none where proto2 has to. */
function labelOf({ descriptor, file, oneof }: FieldModel): Label | undefined {
  if (descriptor.label !== Label.OPTIONAL) return descriptor.label
  const written = descriptor.proto3Optional || (file.descriptor.syntax === '' && oneof === undefined)
  return written ? Label.OPTIONAL : undefined
}
