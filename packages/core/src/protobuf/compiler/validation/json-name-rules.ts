import type { DescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt'
import type { Features } from '../../schema.js'
import { defaultJsonName } from '../names.js'
import type { Rules } from './rules.js'

/**
 * No two fields may have one name in JSON: first by their default names, then by those in effect. Where JSON is only a
 * best effort, just clashes between two names that were both chosen count.
 */
export function checkJsonNames(rules: Rules, message: DescriptorProto, features: Features): void {
  for (const field of message.field) checkCustomName(rules, field)
  if (message.options?.deprecatedLegacyJsonFieldConflicts || message.field.length < 2) return
  checkClashes(rules, message, features, (field) => defaultJsonName(field.name))
  if (message.field.some(isCustom)) checkClashes(rules, message, features, (field) => field.jsonName)
}

const isCustom = (field: FieldDescriptorProto) =>
  field.jsonName !== '' && field.jsonName !== defaultJsonName(field.name)

function checkCustomName(rules: Rules, field: FieldDescriptorProto): void {
  const { jsonName } = field
  if (jsonName.includes('\0')) rules.report(field, 'json_name cannot hold the character NUL')
  if (jsonName.startsWith('[') && jsonName.endsWith(']')) {
    rules.report(field, `json_name = "${jsonName}" looks like an extension`, 'drop the brackets')
  }
}

function checkClashes(
  rules: Rules,
  message: DescriptorProto,
  features: Features,
  nameOf: (field: FieldDescriptorProto) => string,
): void {
  const seen = new Map<string, FieldDescriptorProto>()
  for (const field of message.field) {
    const name = nameOf(field)
    const other = seen.get(name)
    if (!other) {
      seen.set(name, field)
      continue
    }
    const bothChosen = isCustom(other) && isCustom(field) && nameOf(field) === field.jsonName
    if (features.jsonFormat === 'ALLOW' || bothChosen) {
      rules.report(
        field,
        `the fields "${other.name}" and "${field.name}" are both "${name}" in JSON`,
        'rename one, or set json_name',
      )
    }
  }
}
