import {
  Edition,
  FileOptions_OptimizeMode,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import type { Features } from '../../schema.js'
import { fieldFeatures, fileFeatures, merge } from '../features.js'
import type { Lowered } from '../lowering.js'
import type { Diagnostics } from '../diagnostics.js'
import type { SymbolTable } from '../symbols.js'
import { checkEnum } from './enum-rules.js'
import { checkDeclarations, checkExtension, checkUniqueExtensions } from './extension-rules.js'
import { checkFieldFeatures } from './feature-rules.js'
import { checkField } from './field-rules.js'
import { checkJsonNames } from './json-name-rules.js'
import { checkMessage } from './message-rules.js'
import { checkEnumName, checkFieldName, checkMessageName, checkPackageName, checkServiceNames } from './naming-rules.js'
import { checkOptions } from './option-rules.js'
import { Rules } from './rules.js'
import { checkVisibility } from './visibility-rules.js'

/** The rules of the language beyond names and options, on resolved features. */
export function validate(lowered: Lowered, table: SymbolTable, diagnostics: Diagnostics): void {
  new Validation(new Rules(lowered, table, diagnostics)).run()
}

class Validation {
  constructor(private readonly rules: Rules) {}

  run(): void {
    const { rules } = this
    const { file } = rules
    const features = fileFeatures(file)
    this.file(features)
    for (const message of file.messageType) this.message(message, features, 1)
    for (const element of file.enumType) this.enum(element, features)
    for (const field of file.extension) this.extension(field, features)
    for (const service of file.service) {
      checkServiceNames(rules, service, merge(features, service.options?.features))
      checkOptions(rules, service, service.options, 'SERVICE')
      for (const method of service.method) checkOptions(rules, method, method.options, 'METHOD')
    }
    checkUniqueExtensions(rules)
    checkVisibility(rules)
  }

  private file(features: Features): void {
    const { rules } = this
    const { file, table, edition } = rules
    checkOptions(rules, file, file.options, 'FILE')
    checkPackageName(rules, features)
    const isLite = (options = file.options) => options?.optimizeFor === FileOptions_OptimizeMode.LITE_RUNTIME
    const lite = table.imports.find((other) => isLite(other.file.options ?? undefined) && other.file.options)
    if (lite && !(file.options && isLite())) {
      rules.report(
        file,
        `${lite.file.name} has optimize_for = LITE_RUNTIME`,
        'a file with another optimize_for cannot import it',
      )
    }
    if (edition < Edition.EDITION_2024 && file.optionDependency.length > 0) {
      rules.report(file, 'option imports need edition 2024 or later', 'use a plain import')
    }
    if (edition < Edition.EDITION_2023) return
    if (edition >= Edition.EDITION_2024 && file.weakDependency.length > 0) {
      rules.report(file, 'there are no weak imports from edition 2024 on', 'use a plain import')
    }
    if (features.fieldPresence === 'LEGACY_REQUIRED') {
      rules.report(file, 'field_presence = LEGACY_REQUIRED cannot hold for a whole file', 'set it on single fields')
    }
    if (file.options && Object.hasOwn(file.options, 'javaStringCheckUtf8')) {
      rules.report(file, 'editions have no java_string_check_utf8', 'use features.(pb.java).utf8_validation')
    }
  }

  private message(message: DescriptorProto, outer: Features, depth: number): void {
    const { rules } = this
    const { edition } = rules
    const features = merge(outer, message.options?.features)
    checkOptions(rules, message, message.options, 'MESSAGE')
    checkMessageName(rules, message, features)
    checkMessage(rules, message, depth)
    const oneofs = message.oneofDecl.map((oneof) => merge(features, oneof.options?.features))
    for (const oneof of message.oneofDecl) checkOptions(rules, oneof, oneof.options, 'ONEOF')
    for (const range of message.extensionRange) {
      checkOptions(rules, range, range.options, 'EXTENSION_RANGE')
      checkDeclarations(rules, range)
    }
    for (const field of message.field) {
      const inOneof = Object.hasOwn(field, 'oneofIndex')
      const own = fieldFeatures((inOneof && oneofs[field.oneofIndex]) || features, field, edition)
      this.field(field, own, message)
    }
    checkJsonNames(rules, message, features)
    for (const field of message.extension) this.extension(field, features)
    for (const nested of message.nestedType) this.message(nested, features, depth + 1)
    for (const element of message.enumType) this.enum(element, features)
  }

  private field(field: FieldDescriptorProto, features: Features, parent: DescriptorProto | undefined): void {
    checkOptions(this.rules, field, field.options, 'FIELD')
    checkFieldName(this.rules, field, features)
    checkField(this.rules, field, features, parent)
    checkFieldFeatures(this.rules, field, features)
  }

  private extension(field: FieldDescriptorProto, outer: Features): void {
    this.field(field, fieldFeatures(outer, field, this.rules.edition), undefined)
    checkExtension(this.rules, field)
  }

  private enum(element: EnumDescriptorProto, outer: Features): void {
    const features = merge(outer, element.options?.features)
    checkOptions(this.rules, element, element.options, 'ENUM')
    for (const value of element.value) checkOptions(this.rules, value, value.options, 'ENUM_ENTRY')
    checkEnumName(this.rules, element, features)
    checkEnum(this.rules, element, features)
  }
}
