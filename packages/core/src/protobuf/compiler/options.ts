import {
  Edition,
  FieldOptions_OptionTargetType as OptionTarget,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { bytesOf } from '../syntax/string-literal.js'
import { parseInteger } from '../syntax/token-reader.js'
import type {
  MessageEntry,
  MessageValue,
  Node,
  OptionNamePart,
  OptionNode,
  ScalarValue,
  Value,
} from '../syntax/tree.js'
import type { Diagnostics } from './diagnostics.js'
import { editionOf, featuresOf, fieldFeaturesOf } from './features.js'
import { OptionMessage, encodeOptions, type FieldLayout, type OptionScalar } from './option-values.js'
import { isFailure, resolveName } from './resolution.js'
import type { EnumSymbol, FieldSymbol, MessageSymbol, SymbolTable } from './symbols.js'
import { integerRanges, isPackable } from './types.js'

/** An option that cannot be interpreted; caught at the statement that it belongs to. */
class OptionProblem extends Error {
  constructor(
    readonly at: Node,
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}

/** Gives the options that are written on the elements of one file their meaning. */
export class OptionInterpreter {
  constructor(
    private readonly table: SymbolTable,
    private readonly diagnostics: Diagnostics,
    private readonly paths: Map<OptionNode, number[]>,
  ) {}

  /**
   * The wire bytes of the options message (of type `type`) that the statements describe.
   * @param scope the full name around the element, where the search for extensions begins
   */
  interpret(nodes: readonly OptionNode[], type: MessageSymbol, scope: string): Uint8Array {
    const target = optionTargets.get(type.name)
    const message = new OptionMessage(type)
    for (const node of nodes) {
      try {
        this.set(message, node, scope)
      } catch (error) {
        if (!(error instanceof OptionProblem)) throw error
        this.diagnostics.report(error.at, error.message, error.hint)
      }
    }
    if (target !== undefined) this.checkUse(message, target, nodes[0])
    return encodeOptions(message)
  }

  /** Options say themselves on what, and in which editions, they can be set. */
  private checkUse(message: OptionMessage, target: OptionTarget, at: Node | undefined): void {
    for (const { descriptor, values } of message.fields.values()) {
      const name = descriptor.extendee ? descriptor.name : `${message.type.name}.${descriptor.name}`
      const { targets = [], featureSupport } = descriptor.options ?? {}
      if (targets.length > 0 && !targets.includes(target)) {
        this.diagnostics.report(
          at,
          `the option ${name} cannot be set here`,
          `its targets are ${targets.map(targetName).join(', ')}`,
        )
      }
      const edition = editionOf(this.table.file)
      const introduced = introducedIn.get(name) ?? featureSupport?.editionIntroduced ?? Edition.EDITION_UNKNOWN
      if (edition < introduced) this.diagnostics.report(at, `the option ${name} is not there yet in this edition`)
      const removed = featureSupport?.editionRemoved ?? Edition.EDITION_UNKNOWN
      if (removed !== Edition.EDITION_UNKNOWN && edition >= removed) {
        this.diagnostics.report(at, `the option ${name} is not there any more in this edition`)
      }
      for (const value of values) if (value instanceof OptionMessage) this.checkUse(value, target, at)
    }
  }

  private set(root: OptionMessage, node: OptionNode, scope: string): void {
    const { name, value } = node
    const path: number[] = []
    let message = root
    let written = ''
    for (const [index, part] of name.entries()) {
      written += `${index > 0 ? '.' : ''}${part.extension ? `(${part.name})` : part.name}`
      const field = this.namedField(message.type, part, written, scope)
      const { element } = field
      const entry = message.field(element, layoutOf(field))
      const isLast = index === name.length - 1
      path.push(element.number)
      if (isLast) {
        if (element.label === Label.REPEATED) path.push(entry.values.length)
        this.paths.set(node, path)
        if (element.label !== Label.REPEATED && entry.values.length > 0) {
          throw new OptionProblem(part, `the option ${written} is set twice`)
        }
        entry.values.push(this.optionValue(field, value, written))
        return
      }
      if (!isMessageField(element)) {
        throw new OptionProblem(part, `the option ${written} is no message and has no fields`)
      }
      if (element.label === Label.REPEATED) {
        throw new OptionProblem(part, `the option ${written} is a list of messages`, 'set one with { … }')
      }
      let inner = entry.values[0]
      if (!(inner instanceof OptionMessage))
        entry.values.push((inner = new OptionMessage(this.messageType(field, part))))
      message = inner
    }
  }

  private namedField(type: MessageSymbol, part: OptionNamePart, written: string, scope: string): FieldSymbol {
    if (!part.extension) {
      const element = type.element.field.find((field) => field.name === part.name)
      if (!element) {
        throw new OptionProblem(
          part,
          `there is no option "${written}" for ${describe(type)}`,
          scope !== '' || part.name.includes('.')
            ? undefined
            : 'the name of a custom option is written in (parentheses)',
        )
      }
      if (element.name === 'uninterpreted_option') throw new OptionProblem(part, 'uninterpreted_option cannot be set')
      return { kind: 'field', name: `${type.name}.${element.name}`, element, file: type.file, parent: type }
    }
    return this.extension(part.name, type, part, scope)
  }

  private extension(name: string, type: MessageSymbol, at: Node, scope: string): FieldSymbol {
    const found = resolveName(name, scope, this.table, this.table.visibleToOptions, 'any')
    if (isFailure(found)) throw new OptionProblem(at, `the option (${name}) is unknown: ${found.reason}`, found.hint)
    if (found === 'package' || found.kind !== 'extension') {
      throw new OptionProblem(at, `(${name}) is no extension and cannot be an option`)
    }
    if (found.element.extendee !== `.${type.name}`) {
      throw new OptionProblem(
        at,
        `(${name}) is an extension of ${found.element.extendee.slice(1)} and cannot be set on ${describe(type)}`,
      )
    }
    return found
  }

  private optionValue(field: FieldSymbol, value: Value, written: string): OptionScalar {
    if (isMessageField(field.element)) {
      if (value.kind !== 'message') {
        throw new OptionProblem(value, `the option ${written} is a message`, 'write { … } or set its fields one by one')
      }
      return this.messageLiteral(this.messageType(field, value), value)
    }
    if (value.kind === 'message' || value.kind === 'list') {
      throw new OptionProblem(value, `the option ${written} is no message`)
    }
    return this.scalar(field, value, false)
  }

  private messageLiteral(type: MessageSymbol, literal: MessageValue): OptionMessage {
    const message = new OptionMessage(type)
    for (const entry of literal.entries) {
      if (entry.bracketed && entry.name.includes('/')) this.any(message, entry)
      else this.literalEntry(message, entry)
    }
    for (const field of type.element.field) {
      if (field.label === Label.REQUIRED && !message.fields.has(field.number)) {
        throw new OptionProblem(literal, `the required field "${field.name}" of ${type.name} is missing`)
      }
    }
    if (type.element.options?.mapEntry) this.completeMapEntry(message, literal)
    return message.sort()
  }

  /** Key and value of a map entry are always written, the ones that were left out as zero. */
  private completeMapEntry(message: OptionMessage, at: Node): void {
    for (const element of message.type.element.field) {
      if (message.fields.has(element.number)) continue
      const field: FieldSymbol = {
        kind: 'field',
        name: element.name,
        element,
        file: message.type.file,
        parent: message.type,
      }
      const value = isMessageField(element) ? new OptionMessage(this.messageType(field, at)) : zeroOf(element.type)
      message.field(element, layoutOf(field)).values.push(value)
    }
  }

  private literalEntry(message: OptionMessage, entry: MessageEntry): void {
    const { type } = message
    const field = entry.bracketed
      ? this.extension(entry.name, type, entry, type.name.slice(0, Math.max(type.name.lastIndexOf('.'), 0)))
      : literalField(type, entry.name)
    if (!field) throw new OptionProblem(entry, `${type.name} has no field "${entry.name}"`)
    const { element } = field
    const target = message.field(element, layoutOf(field))
    if (element.label !== Label.REPEATED) {
      if (target.values.length > 0) throw new OptionProblem(entry, `the field "${entry.name}" is set twice`)
      if (entry.value.kind === 'list') throw new OptionProblem(entry.value, `the field "${entry.name}" is no list`)
    }
    this.checkOneof(message, field, entry)
    const values = entry.value.kind === 'list' ? entry.value.items : [entry.value]
    for (const value of values) target.values.push(this.literalValue(field, value, entry.name))
    if (isUnset(field, target.values)) message.fields.delete(element.number)
  }

  private literalValue(field: FieldSymbol, value: Value, name: string): OptionScalar {
    if (isMessageField(field.element)) {
      if (value.kind !== 'message') throw new OptionProblem(value, `the field "${name}" is a message`, 'write { … }')
      return this.messageLiteral(this.messageType(field, value), value)
    }
    if (value.kind === 'message' || value.kind === 'list') {
      throw new OptionProblem(value, `the field "${name}" is a single value, no message`)
    }
    return this.scalar(field, value, true)
  }

  /** `[type.googleapis.com/foo.Bar] { … }`: an `Any` with its content written out. */
  private any(message: OptionMessage, entry: MessageEntry): void {
    const { type } = message
    const slash = entry.name.lastIndexOf('/')
    const [url, bytes] = [1, 2].map((number) => type.element.field.find((field) => field.number === number))
    if (type.name !== 'google.protobuf.Any' || !url || !bytes) {
      throw new OptionProblem(entry, `${type.name} is no google.protobuf.Any and cannot hold "${entry.name}"`)
    }
    const prefix = entry.name.slice(0, slash)
    const found = this.table.find(entry.name.slice(slash + 1), this.table.reachable)
    if (
      !['type.googleapis.com', 'type.googleprod.com'].includes(prefix) ||
      !found ||
      found === 'package' ||
      found.kind !== 'message'
    ) {
      throw new OptionProblem(
        entry,
        `"${entry.name}" names no message type`,
        'write type.googleapis.com/ and a full name',
      )
    }
    if (entry.value.kind !== 'message') throw new OptionProblem(entry.value, `the content of an Any is a message`)
    const content = this.messageLiteral(found, entry.value)
    const layout = { packed: false, delimited: false }
    message.field(url, layout).values.push(entry.name)
    message.field(bytes, layout).values.push(encodeOptions(content))
  }

  private checkOneof(message: OptionMessage, { element }: FieldSymbol, at: Node): void {
    if (!Object.hasOwn(element, 'oneofIndex') || element.proto3Optional) return
    for (const { descriptor, values } of message.fields.values()) {
      const isOther = descriptor !== element && values.length > 0 && Object.hasOwn(descriptor, 'oneofIndex')
      if (isOther && descriptor.oneofIndex === element.oneofIndex && descriptor.extendee === element.extendee) {
        throw new OptionProblem(at, `"${element.name}" and "${descriptor.name}" are in one oneof: only one can be set`)
      }
    }
  }

  private scalar(field: FieldSymbol, value: ScalarValue, inLiteral: boolean): OptionScalar {
    const { element } = field
    const { type } = element
    const wrong = (expected: string): never => {
      throw new OptionProblem(value, `"${element.name}" is set to ${show(value)}, expected ${expected}`)
    }
    const range = integerRanges.get(type)
    if (range) return integer(value, range) ?? wrong(`an integer from ${range[0]} to ${range[1]}`)
    switch (type) {
      case Type.DOUBLE:
      case Type.FLOAT:
        return float(value, inLiteral) ?? wrong('a number')
      case Type.BOOL:
        return boolean(value, inLiteral) ?? wrong('true or false')
      case Type.STRING:
        if (value.kind !== 'string') return wrong('a string in quotes')
        if (value.bytes) return wrong('a string of valid UTF-8')
        return value.text
      case Type.BYTES:
        return value.kind === 'string' ? bytesOf(value) : wrong('a string in quotes')
      case Type.ENUM: {
        const { element: enumeration } = this.enumType(field, value)
        return (
          enumValue(enumeration, value, inLiteral, this.isOpen(field)) ??
          wrong(
            `one of ${enumeration.value
              .slice(0, 8)
              .map(({ name }) => name)
              .join(', ')}`,
          )
        )
      }
      default:
        return wrong('a value')
    }
  }

  private isOpen(field: FieldSymbol): boolean {
    const found = field.file.find(field.element.typeName.slice(1), field.file.reachable)
    return found !== undefined && found !== 'package' && featuresOf(found).enumType === 'OPEN'
  }

  private messageType(field: FieldSymbol, at: Node): MessageSymbol {
    const found = field.file.find(field.element.typeName.slice(1), field.file.reachable)
    if (!found || found === 'package' || found.kind !== 'message') {
      throw new OptionProblem(at, `the type of "${field.name}" is unknown`)
    }
    return found
  }

  private enumType(field: FieldSymbol, at: Node): EnumSymbol {
    const found = field.file.find(field.element.typeName.slice(1), field.file.reachable)
    if (!found || found === 'package' || found.kind !== 'enum') {
      throw new OptionProblem(at, `the type of "${field.name}" is unknown`)
    }
    return found
  }
}

const optionTargets = new Map(
  Object.entries({
    File: OptionTarget.TARGET_TYPE_FILE,
    ExtensionRange: OptionTarget.TARGET_TYPE_EXTENSION_RANGE,
    Message: OptionTarget.TARGET_TYPE_MESSAGE,
    Field: OptionTarget.TARGET_TYPE_FIELD,
    Oneof: OptionTarget.TARGET_TYPE_ONEOF,
    Enum: OptionTarget.TARGET_TYPE_ENUM,
    EnumValue: OptionTarget.TARGET_TYPE_ENUM_ENTRY,
    Service: OptionTarget.TARGET_TYPE_SERVICE,
    Method: OptionTarget.TARGET_TYPE_METHOD,
  }).map(([name, target]) => [`google.protobuf.${name}Options`, target]),
)

const targetName = (target: OptionTarget) => OptionTarget[target].replace('TARGET_TYPE_', '')

/** The editions that bring the languages' own features; the built-in descriptors come without this. */
const introducedIn = new Map<string, Edition>([
  ['pb.CppFeatures.legacy_closed_enum', Edition.EDITION_2023],
  ['pb.CppFeatures.string_type', Edition.EDITION_2023],
  ['pb.CppFeatures.enum_name_uses_string_view', Edition.EDITION_2024],
  ['pb.CppFeatures.repeated_type', Edition.EDITION_UNSTABLE],
  ['pb.JavaFeatures.legacy_closed_enum', Edition.EDITION_2023],
  ['pb.JavaFeatures.utf8_validation', Edition.EDITION_2023],
  ['pb.JavaFeatures.large_enum', Edition.EDITION_2024],
  ['pb.JavaFeatures.use_old_outer_classname_default', Edition.EDITION_2024],
  ['pb.JavaFeatures.nest_in_file_class', Edition.EDITION_2024],
  ['pb.GoFeatures.legacy_unmarshal_json_enum', Edition.EDITION_2023],
  ['pb.GoFeatures.api_level', Edition.EDITION_2023],
  ['pb.GoFeatures.strip_enum_prefix', Edition.EDITION_2024],
  ['pb.GoFeatures.optimize_mode', Edition.EDITION_2024],
])

const isMessageField = ({ type }: FieldDescriptorProto) => type === Type.MESSAGE || type === Type.GROUP

/** In literals a group goes by the name of its type. */
function literalField(type: MessageSymbol, name: string): FieldSymbol | undefined {
  const element =
    type.element.field.find((field) => field.name === name && field.type !== Type.GROUP) ??
    type.element.field.find(
      (field) => isMessageField(field) && field.name === name.toLowerCase() && field.typeName.endsWith(`.${name}`),
    ) ??
    type.element.field.find((field) => field.name === name)
  return element && { kind: 'field', name: `${type.name}.${name}`, element, file: type.file, parent: type }
}

/** Whether a literal's value is the same as none: an empty list, or zero where presence is implicit. */
function isUnset(field: FieldSymbol, values: OptionScalar[]): boolean {
  const { element } = field
  if (values.length === 0) return true
  if (element.label === Label.REPEATED || isMessageField(element) || element.extendee) return false
  if (Object.hasOwn(element, 'oneofIndex') || isEntry(field)) return false
  const [value] = values
  const isZero =
    value === 0n ||
    Object.is(value, 0) ||
    value === false ||
    value === '' ||
    (value instanceof Uint8Array && value.length === 0)
  return isZero && fieldFeaturesOf(field).fieldPresence === 'IMPLICIT'
}

const isEntry = ({ parent }: FieldSymbol) => parent?.kind === 'message' && parent.element.options?.mapEntry === true

function zeroOf(type: Type): OptionScalar {
  if (type === Type.STRING) return ''
  if (type === Type.BYTES) return new Uint8Array()
  if (type === Type.BOOL) return false
  return integerRanges.has(type) ? 0n : 0
}

function layoutOf(field: FieldSymbol): FieldLayout {
  const { type, label } = field.element
  const mayPack = label === Label.REPEATED && isPackable(type)
  if (!mayPack && !isMessageField(field.element)) return plain
  const features = fieldFeaturesOf(field)
  return {
    packed: mayPack && features.repeatedFieldEncoding === 'PACKED',
    delimited: features.messageEncoding === 'DELIMITED' && isMessageField(field.element),
  }
}

const plain: FieldLayout = { packed: false, delimited: false }

function integer(value: ScalarValue, [least, most]: readonly [bigint, bigint]): bigint | undefined {
  if (value.kind !== 'number') return undefined
  const match = /^(-?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(value.text)
  if (!match) return undefined
  const absolute = parseInteger(match[2] ?? '')
  const number = match[1] ? -absolute : absolute
  return number >= least && number <= most ? number : undefined
}

function float({ kind, text }: ScalarValue, inLiteral: boolean): number | undefined {
  const negative = text.startsWith('-')
  const word = inLiteral ? text.toLowerCase() : text
  const name = negative ? word.slice(1) : word
  if (name === 'inf' || (inLiteral && name === 'infinity')) return negative ? -Infinity : Infinity
  if (name === 'nan') return NaN
  if (kind !== 'number') return undefined
  if (/^0[0-9xX]/.test(name) && inLiteral) return undefined
  if (/^0[0-9xX]/.test(name)) return Number(parseInteger(name)) * (negative ? -1 : 1)
  return Number(text)
}

function boolean({ kind, text }: ScalarValue, inLiteral: boolean): boolean | undefined {
  if (kind === 'identifier') {
    if (text === 'true' || (inLiteral && (text === 'True' || text === 't'))) return true
    if (text === 'false' || (inLiteral && (text === 'False' || text === 'f'))) return false
  } else if (kind === 'number' && inLiteral) {
    const number = integer({ kind, text, at: 0, end: 0 }, [0n, 1n])
    if (number !== undefined) return number === 1n
  }
  return undefined
}

/** In literals also by number; open enums take any. */
function enumValue(
  type: EnumDescriptorProto,
  value: ScalarValue,
  inLiteral: boolean,
  open: boolean,
): number | undefined {
  if (value.kind === 'identifier') return type.value.find(({ name }) => name === value.text)?.number
  if (!inLiteral || value.kind !== 'number') return undefined
  const number = integer(value, [-(2n ** 31n), 2n ** 31n - 1n])
  if (number === undefined) return undefined
  return open || type.value.some((known) => BigInt(known.number) === number) ? Number(number) : undefined
}

const show = ({ kind, text }: ScalarValue) => {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return kind === 'string' ? `the string ${JSON.stringify(short)}` : short
}

/** `google.protobuf.FieldOptions` -> "a field". */
function describe(type: MessageSymbol): string {
  const what = /^google\.protobuf\.(\w+)Options$/.exec(type.name)?.[1]
  return what ? `the ${what.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}` : type.name
}
