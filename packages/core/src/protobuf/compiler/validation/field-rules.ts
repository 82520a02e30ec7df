import {
  Edition,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldOptions_JSType,
  type DescriptorProto,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { Features } from '../../schema.js'
import type { MessageNode } from '../../syntax/tree.js'
import { featuresOf } from '../features.js'
import { numberLimit } from '../lowering.js'
import { mapEntryName } from '../names.js'
import { isPackable } from '../types.js'
import type { EnumSymbol } from '../symbols.js'
import { isSet, type Rules } from './rules.js'

/** @param parent the message that holds the field; absent for extensions */
export function checkField(
  rules: Rules,
  field: FieldDescriptorProto,
  features: Features,
  parent?: DescriptorProto,
): void {
  checkNumber(rules, field)
  checkFieldOptions(rules, field)
  checkSyntax(rules, field, features)
  const type = rules.typeOf(field)
  if (type?.kind === 'message' && type.element.options?.mapEntry) checkMapEntry(rules, field, type.element, parent)
  if (type?.kind === 'enum') checkEnumType(rules, field, type, features, parent)
  if (field.proto3Optional && rules.edition !== Edition.EDITION_PROTO3) {
    rules.report(field, 'proto3_optional can be set in proto3 only')
  }
  if (isSet(field, 'defaultValue')) {
    if (field.label === Label.REPEATED) rules.report(field, `the repeated field "${field.name}" cannot have a default`)
    if (field.type === Type.MESSAGE || field.type === Type.GROUP) {
      rules.report(field, `the field "${field.name}" is a message and cannot have a default`)
    }
  }
}

function checkNumber(rules: Rules, field: FieldDescriptorProto): void {
  const { number, name } = field
  if (number <= 0) rules.report(field, `the number ${number} of "${name}" is no field number`, 'they start at 1')
  else if (number >= 19000 && number <= 19999) {
    rules.report(
      field,
      `the number ${number} of "${name}" is reserved for Protobuf itself`,
      '19000 to 19999 cannot be used',
    )
  } else if (number >= numberLimit && !extendsMessageSet(rules, field)) {
    rules.report(field, `the number ${number} of "${name}" is too large`, `the largest is ${numberLimit - 1}`)
  }
}

function extendsMessageSet(rules: Rules, { extendee }: FieldDescriptorProto): boolean {
  const found = rules.lookup(extendee)
  return found?.kind === 'message' && found.element.options?.messageSetWireFormat === true
}

function checkFieldOptions(rules: Rules, field: FieldDescriptorProto): void {
  const { options, type, label } = field
  if (!options) return
  if ((options.lazy || options.unverifiedLazy) && type !== Type.MESSAGE && type !== Type.GROUP) {
    rules.report(field, 'lazy can be set on messages only')
  }
  if (options.packed && (label !== Label.REPEATED || !isPackable(type))) {
    rules.report(field, 'packed can be set on repeated numbers, booleans and enums only')
  }
  const is64Bit = [Type.INT64, Type.UINT64, Type.SINT64, Type.FIXED64, Type.SFIXED64].includes(type)
  if (isSet(options, 'jstype') && options.jstype !== FieldOptions_JSType.JS_NORMAL && !is64Bit) {
    rules.report(field, 'jstype can be set on 64-bit integers only')
  }
  if (isSet(options, 'ctype') && rules.edition >= Edition.EDITION_2024) {
    rules.report(field, 'there is no ctype from edition 2024 on', 'use features.(pb.cpp).string_type')
  }
}

function checkSyntax(rules: Rules, field: FieldDescriptorProto, features: Features): void {
  const { edition } = rules
  if (edition === Edition.EDITION_PROTO3) {
    if (field.label === Label.REQUIRED) rules.report(field, 'proto3 has no required fields')
    if (isSet(field, 'defaultValue')) rules.report(field, 'proto3 has no defaults', 'proto2 and editions have them')
    if (field.type === Type.GROUP) rules.report(field, 'proto3 has no groups', 'use a message')
  } else if (edition >= Edition.EDITION_2023) {
    if (field.type === Type.GROUP)
      rules.report(field, 'editions have no groups', 'use features.message_encoding = DELIMITED')
    if (field.label === Label.REQUIRED)
      rules.report(field, 'editions have no label required', 'use features.field_presence')
    if (isSet(field.options, 'packed')) {
      rules.report(field, 'editions have no option packed', 'use features.repeated_field_encoding')
    }
    if (isSet(field, 'defaultValue') && features.fieldPresence === 'IMPLICIT' && !hasPresence(field)) {
      rules.report(field, `the field "${field.name}" has implicit presence and cannot have a default`)
    }
  }
}

/** Whether the field has presence whatever its features say. */
const hasPresence = (field: FieldDescriptorProto) =>
  Boolean(field.extendee) || isSet(field, 'oneofIndex') || field.type === Type.MESSAGE || field.type === Type.GROUP

function checkEnumType(
  rules: Rules,
  field: FieldDescriptorProto,
  type: EnumSymbol,
  features: Features,
  parent: DescriptorProto | undefined,
): void {
  const isMapValue = parent?.options?.mapEntry === true
  if (isMapValue && type.element.value[0]?.number !== 0) {
    rules.report(field, `the enum ${type.name} does not start with 0 and cannot be the value of a map`)
  }
  const implicit = features.fieldPresence === 'IMPLICIT' && !hasPresence(field) && field.label !== Label.REPEATED
  const needsOpen = rules.edition === Edition.EDITION_PROTO3 || (implicit && !isMapValue)
  if (needsOpen && featuresOf(type).enumType === 'CLOSED') {
    rules.report(
      field,
      `the enum ${type.name} is closed and cannot be used by a field with implicit presence`,
      `it is declared in ${type.file.file.name}; open enums are those of proto3 and editions`,
    )
  }
}

/** What `map<K, V>` makes of a field; an entry that somebody wrote himself has to look the same. */
function checkMapEntry(
  rules: Rules,
  field: FieldDescriptorProto,
  entry: DescriptorProto,
  parent?: DescriptorProto,
): void {
  const [key, value] = entry.field
  const isEntry =
    parent !== undefined &&
    parent.nestedType.includes(entry) &&
    field.label === Label.REPEATED &&
    entry.name === mapEntryName(field.name) &&
    entry.field.length === 2 &&
    entry.extension.length + entry.nestedType.length + entry.enumType.length + entry.extensionRange.length === 0 &&
    key?.name === 'key' &&
    key.number === 1 &&
    key.label === Label.OPTIONAL &&
    value?.name === 'value' &&
    value.number === 2 &&
    value.label === Label.OPTIONAL
  const written = (rules.node(entry) as Partial<MessageNode> | undefined)?.kind === 'message'
  if (!isEntry || (written && entry.field.some((part) => isSet(part, 'oneofIndex')))) {
    rules.report(
      field,
      `the type of "${field.name}" is the entry type of another map`,
      'write map<key type, value type>',
    )
  } else if (!keyTypes.has(key.type)) {
    rules.report(field, 'the key of a map is an integer, a boolean or a string')
  }
}

const keyTypes = new Set([
  Type.INT32,
  Type.INT64,
  Type.UINT32,
  Type.UINT64,
  Type.SINT32,
  Type.SINT64,
  Type.FIXED32,
  Type.FIXED64,
  Type.SFIXED32,
  Type.SFIXED64,
  Type.BOOL,
  Type.STRING,
])
