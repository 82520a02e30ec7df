import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { Features } from '../../schema.js'
import { merge } from '../features.js'
import type { Rules } from './rules.js'

/** The style of names that `enforce_naming_style` asks for; edition 2024 does so by default. */
const styles = {
  lower: { pattern: /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/, example: 'lower_snake_case' },
  title: { pattern: /^[A-Z][a-zA-Z0-9]*$/, example: 'TitleCase' },
  upper: { pattern: /^[A-Z][A-Z0-9]*(_[A-Z][A-Z0-9]*)*$/, example: 'UPPER_SNAKE_CASE' },
}

function check(
  rules: Rules,
  element: object,
  features: Features,
  what: string,
  name: string,
  style: keyof typeof styles,
): void {
  if (features.enforceNamingStyle === 'STYLE_LEGACY') return
  const { pattern, example } = styles[style]
  if (pattern.test(name)) return
  rules.report(
    element,
    `the ${what} "${name}" is not in ${example}`,
    'rename it, or set features.enforce_naming_style = STYLE_LEGACY',
  )
}

export function checkPackageName(rules: Rules, features: Features): void {
  for (const part of rules.file.package ? rules.file.package.split('.') : []) {
    check(rules, rules.file, features, 'package', part, 'lower')
  }
}

export function checkMessageName(rules: Rules, message: DescriptorProto, features: Features): void {
  if (message.options?.mapEntry) return
  check(rules, message, features, 'message', message.name, 'title')
  for (const oneof of message.oneofDecl) {
    check(rules, oneof, merge(features, oneof.options?.features), 'oneof', oneof.name, 'lower')
  }
}

export function checkFieldName(rules: Rules, field: FieldDescriptorProto, features: Features): void {
  check(rules, field, features, 'field', field.name, 'lower')
}

export function checkEnumName(rules: Rules, element: EnumDescriptorProto, features: Features): void {
  check(rules, element, features, 'enum', element.name, 'title')
  for (const value of element.value) {
    check(rules, value, merge(features, value.options?.features), 'enum value', value.name, 'upper')
  }
}

export function checkServiceNames(rules: Rules, service: ServiceDescriptorProto, features: Features): void {
  check(rules, service, features, 'service', service.name, 'title')
  for (const method of service.method) {
    check(rules, method, merge(features, method.options?.features), 'method', method.name, 'title')
  }
}
