import { createFileRegistry, fromBinary, toBinary, toJson, type JsonValue } from '@bufbuild/protobuf'
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type FileDescriptorProto,
  type FileDescriptorSet,
} from '@bufbuild/protobuf/wkt'
import { create } from '@bufbuild/protobuf'

/**
 * A descriptor as JSON, custom options by name, so that two of them can be compared field by field. Source info is left
 * out, and options without content: protoc has them for a method with an empty body.
 */
export function comparable(file: FileDescriptorProto, set: FileDescriptorSet): JsonValue {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: set.file }))
  const copy = fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, file))
  copy.sourceCodeInfo = undefined
  try {
    return withoutEmptyOptions(toJson(FileDescriptorProtoSchema, copy, { registry }))
  } catch {
    // An Any in an option may hold what nobody can read: then the bytes have to be the same.
    return Buffer.from(toBinary(FileDescriptorProtoSchema, copy)).toString('hex')
  }
}

function withoutEmptyOptions(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutEmptyOptions)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([key, inner]) => key !== 'options' || JSON.stringify(inner) !== '{}')
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutEmptyOptions(inner)]))
}

const ordered = new Set([
  'messageType',
  'nestedType',
  'enumType',
  'field',
  'extension',
  'reservedRange',
  'extensionRange',
])

/** The same without the order of declarations, which the canonical layout does not keep. */
export function unordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(unordered)
  if (value === null || typeof value !== 'object') return value
  const { oneofDecl } = value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'field' && Array.isArray(inner))
        return [key, inner.map((field) => withOneofName(field, oneofDecl)).sort(byText)]
      if (key === 'oneofDecl' && Array.isArray(inner)) return [key, inner.map(unordered).sort(byText)]
      if (ordered.has(key) && Array.isArray(inner)) return [key, inner.map(unordered).sort(byText)]
      if (key === 'dependency' && Array.isArray(inner)) return [key, inner.map(String).sort()]
      if (key === 'publicDependency' && Array.isArray(inner)) {
        const { dependency } = value
        return [key, inner.map((index) => (Array.isArray(dependency) ? (dependency[Number(index)] ?? null) : null))]
      }
      return [key, unordered(inner)]
    }),
  )
}

/** An index into the oneofs says nothing once they are sorted. */
function withOneofName(field: JsonValue, oneofs: JsonValue | undefined): JsonValue {
  const plain = unordered(field)
  if (plain === null || typeof plain !== 'object' || Array.isArray(plain)) return plain
  const { oneofIndex, ...rest } = plain
  if (oneofIndex === undefined || !Array.isArray(oneofs)) return plain
  return { ...rest, oneof: oneofs[Number(oneofIndex)] ?? null }
}

const byText = (a: JsonValue, b: JsonValue) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
