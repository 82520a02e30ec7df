import {
  Edition,
  ExtensionRangeOptions_VerificationState,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type DescriptorProto_ExtensionRange,
  type ExtensionRangeOptions,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { MessageSymbol } from '../symbols.js'
import { scalarNames } from '../types.js'
import { isSet, type Rules } from './rules.js'

export function checkExtension(rules: Rules, field: FieldDescriptorProto): void {
  const written = (rules.node(field) as { options?: { name: { name: string; extension: boolean }[] }[] } | undefined)
    ?.options
  if (written?.some(({ name }) => name.length === 1 && name[0]?.name === 'json_name' && !name[0].extension)) {
    rules.report(field, 'json_name cannot be set on extensions')
  }
  const extendee = rules.lookup(field.extendee)
  if (extendee?.kind !== 'message') return
  if (rules.edition === Edition.EDITION_PROTO3 && !isOptionsMessage(extendee.name)) {
    rules.report(field, `proto3 can extend the options of google.protobuf only, not ${extendee.name}`)
  }
  if (field.label === Label.REQUIRED) rules.report(field, 'an extension cannot be required')
  if (
    extendee.element.options?.messageSetWireFormat &&
    (field.type !== Type.MESSAGE || field.label !== Label.OPTIONAL)
  ) {
    rules.report(field, 'extensions of a message set are optional messages')
  }
  checkRange(rules, field, extendee)
}

const isOptionsMessage = (name: string) =>
  /^google\.protobuf\.(File|Message|Field|Oneof|Enum|EnumValue|Service|Method|ExtensionRange|Stream)Options$/.test(
    name,
  ) || name === 'google.protobuf.SourceCodeInfo'

function checkRange(rules: Rules, field: FieldDescriptorProto, extendee: MessageSymbol): void {
  const { number } = field
  const range = extendee.element.extensionRange.find(({ start, end }) => number >= start && number < end)
  if (!range) {
    const ranges = extendee.element.extensionRange.map(({ start, end }) => `${start} to ${end - 1}`).join(', ')
    rules.report(
      field,
      `${extendee.name} does not allow an extension with the number ${number}`,
      ranges ? `its extension ranges are ${ranges}` : 'it has no extension ranges',
    )
    return
  }
  const { options } = range
  if (!options || (options.declaration.length === 0 && !isDeclared(options))) return
  const declared = options.declaration.find((declaration) => declaration.number === number)
  if (!declared) {
    rules.report(field, `${extendee.name} has no declaration for the extension ${number}`)
    return
  }
  const type = scalarNames.get(field.type) ?? field.typeName
  const name = `.${rules.nameOf(field) ?? field.name}`
  const mismatch = declared.reserved
    ? 'it is reserved'
    : declared.fullName && declared.fullName !== name
      ? `its name is ${declared.fullName}`
      : declared.type && declared.type !== type
        ? `its type is ${declared.type}`
        : declared.repeated !== (field.label === Label.REPEATED)
          ? `it is ${declared.repeated ? '' : 'not '}repeated`
          : undefined
  if (mismatch) rules.report(field, `${extendee.name} declares the extension ${number} otherwise: ${mismatch}`)
}

/** What a range says about its extensions has to be about its own numbers. */
export function checkDeclarations(rules: Rules, range: DescriptorProto_ExtensionRange): void {
  const { options, start, end } = range
  if (!options || options.declaration.length === 0) return
  if (isSet(options, 'verification') && !isDeclared(options)) {
    rules.report(range, 'an UNVERIFIED extension range cannot declare extensions')
  }
  const numbers = new Set<number>()
  for (const { number } of options.declaration) {
    if (number < start || number >= end) rules.report(range, `the declared extension ${number} is outside of the range`)
    if (numbers.has(number)) rules.report(range, `the extension ${number} is declared twice`)
    numbers.add(number)
  }
}

const isDeclared = ({ verification }: ExtensionRangeOptions) =>
  verification === ExtensionRangeOptions_VerificationState.DECLARATION

/** One number of a message belongs to one extension; clashes between files are left to those who load both. */
export function checkUniqueExtensions(rules: Rules): void {
  const own = [...rules.table.names.values()].filter((symbol) => symbol.kind === 'extension')
  if (own.length === 0) return
  const key = (field: FieldDescriptorProto) => `${field.extendee} ${field.number}`
  const seen = new Map<string, string>()
  for (const { element, name } of own) {
    const other = seen.get(key(element))
    if (other !== undefined) {
      rules.report(element, `the extension ${element.number} of ${element.extendee.slice(1)} is taken by ${other}`)
    }
    seen.set(key(element), name)
  }
}
