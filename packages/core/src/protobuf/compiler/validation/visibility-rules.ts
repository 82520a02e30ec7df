import { Edition, SymbolVisibility, type DescriptorProto, type FieldDescriptorProto } from '@bufbuild/protobuf/wkt'
import { editionOf, fileFeatures } from '../features.js'
import { numberLimit } from '../lowering.js'
import type { Symbol_ } from '../symbols.js'
import type { Rules } from './rules.js'

/** What is `local`, written or by default, can be used in its own file only. */
export function checkVisibility(rules: Rules): void {
  const { file } = rules
  if (fileFeatures(file).defaultSymbolVisibility === 'STRICT') checkStrict(rules)
  if (rules.table.imports.length === 0) return
  const check = (element: object, typeName: string) => {
    const found = rules.lookup(typeName)
    if (found && found.file !== rules.table && !isExported(found)) {
      rules.report(element, `${found.name} is local to ${found.file.file.name}`, 'export it there')
    }
  }
  const checkField = (field: FieldDescriptorProto) => {
    if (field.extendee) check(field, field.extendee)
    if (field.typeName) check(field, field.typeName)
  }
  const checkMessage = (message: DescriptorProto) => {
    for (const field of [...message.field, ...message.extension]) checkField(field)
    for (const nested of message.nestedType) checkMessage(nested)
  }
  for (const message of file.messageType) checkMessage(message)
  for (const field of file.extension) checkField(field)
  for (const service of file.service) {
    for (const method of service.method) {
      check(method, method.inputType)
      check(method, method.outputType)
    }
  }
}

/** STRICT exports nothing that is nested, but for enums in messages that are only there to hold them. */
function checkStrict(rules: Rules): void {
  const isNamespace = ({ field, reservedRange }: DescriptorProto) =>
    field.length === 0 && reservedRange.some(({ start, end }) => start === 1 && end === numberLimit)
  const checkMessage = (message: DescriptorProto) => {
    const nested = isNamespace(message) ? message.nestedType : [...message.nestedType, ...message.enumType]
    for (const element of nested) {
      if (element.visibility === SymbolVisibility.VISIBILITY_EXPORT) {
        rules.report(
          element,
          `"${element.name}" is nested and cannot be exported under STRICT visibility`,
          'move it to the top',
        )
      }
    }
    message.nestedType.forEach(checkMessage)
  }
  rules.file.messageType.forEach(checkMessage)
}

function isExported(symbol: Symbol_): boolean {
  if (symbol.kind !== 'message' && symbol.kind !== 'enum') return true
  const { visibility } = symbol.element
  if (visibility !== SymbolVisibility.VISIBILITY_UNSET) return visibility === SymbolVisibility.VISIBILITY_EXPORT
  const { file } = symbol.file
  if (editionOf(file) < Edition.EDITION_2024) return true
  switch (fileFeatures(file).defaultSymbolVisibility) {
    case 'EXPORT_ALL':
      return true
    case 'EXPORT_TOP_LEVEL':
      return symbol.parent === undefined
    default:
      return false
  }
}
