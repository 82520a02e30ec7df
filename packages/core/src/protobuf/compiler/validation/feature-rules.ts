import {
  Edition,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FeatureSet_FieldPresence as FieldPresence,
  FeatureSet_RepeatedFieldEncoding as RepeatedFieldEncoding,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { Features } from '../../schema.js'
import { isPackable } from '../types.js'
import { isSet, type Rules } from './rules.js'

/** What features mean nothing for a field; only what is set on the field itself is refused. */
export function checkFieldFeatures(rules: Rules, field: FieldDescriptorProto, features: Features): void {
  const set = field.options?.features
  if (rules.edition < Edition.EDITION_2023 || !set) return
  const isRepeated = field.label === Label.REPEATED
  const isMessage = field.type === Type.MESSAGE
  const type = rules.typeOf(field)
  const isMap = type?.kind === 'message' && type.element.options?.mapEntry === true
  const isMapPart = rules.nameOf(field) !== undefined && isMapEntryField(rules, field)
  if (isMapPart) return
  if (isSet(set, 'fieldPresence')) {
    if (isRepeated) rules.report(field, 'a repeated field has no field_presence')
    else if (isSet(field, 'oneofIndex')) rules.report(field, 'a field of a oneof has no field_presence')
    else if (field.extendee) rules.report(field, 'an extension has no field_presence')
    else if (isMessage && set.fieldPresence === FieldPresence.IMPLICIT) {
      rules.report(field, 'a message cannot have field_presence = IMPLICIT')
    }
  }
  if (isSet(set, 'repeatedFieldEncoding')) {
    if (!isRepeated) rules.report(field, 'repeated_field_encoding can be set on repeated fields only')
    else if (set.repeatedFieldEncoding === RepeatedFieldEncoding.PACKED && !isPackable(field.type)) {
      rules.report(field, 'only numbers, booleans and enums can be PACKED')
    }
  }
  if (isSet(set, 'utf8Validation') && field.type !== Type.STRING && !(isMap && hasString(type.element.field))) {
    rules.report(field, 'utf8_validation can be set on strings only')
  }
  if (isSet(set, 'messageEncoding') && (!isMessage || isMap)) {
    rules.report(field, 'message_encoding can be set on messages only')
  }
  void features
}

const hasString = (fields: FieldDescriptorProto[]) => fields.some((field) => field.type === Type.STRING)

function isMapEntryField(rules: Rules, field: FieldDescriptorProto): boolean {
  const parent = rules.table.byElement.get(field)?.parent
  return parent?.kind === 'message' && parent.element.options?.mapEntry === true
}
