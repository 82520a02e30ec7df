import { createFileRegistry, create, fromBinary, type JsonValue, toJson } from '@bufbuild/protobuf'
import { FieldDescriptorProto_Type as Type, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import type { ComparedSchema } from '../compared-schema.js'
import type { FieldModel, MessageModel } from '../file-set.js'
import { fieldsOf } from './relation.js'
import { type FieldValue, isMessage, type MessageValue, type Single } from './value.js'

/**
 * A message as ProtoJSON. Well-known types have their own forms, for which a registry of the schema's types is made;
 * where ProtoJSON has no form for the value (a timestamp out of its range), fields are written by their JSON names.
 */
export function toProtoJson(
  schema: ComparedSchema,
  message: MessageModel,
  value: MessageValue,
  bytes: Uint8Array,
): JsonValue {
  try {
    const file = schema.set.files.map(({ descriptor }) => descriptor).toReversed()
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }))
    const type = registry.getMessage(message.fullName)
    if (type) return toJson(type, fromBinary(type, bytes), { registry })
  } catch {
    // No ProtoJSON for this value, or an edition that the library does not know: the plain form shows it as well.
  }
  return plainMessage(schema, message, value)
}

function plainMessage(schema: ComparedSchema, message: MessageModel, value: MessageValue): JsonValue {
  const entries = fieldsOf(message, schema).flatMap((field): [string, JsonValue][] => {
    const own = value.get(field.number)
    if (own === undefined) return []
    return [
      [
        field.extendee ? `[${field.fullName}]` : field.descriptor.jsonName || field.name,
        plainValue(schema, field, own),
      ],
    ]
  })
  return Object.fromEntries(entries)
}

function plainValue(schema: ComparedSchema, field: FieldModel, value: FieldValue): JsonValue {
  if (Array.isArray(value)) return value.map((single) => plainValue(schema, field, single))
  const message = schema.set.messages.get(field.typeName ?? '')
  if (isMessage(value)) return message ? plainMessage(schema, message, value) : {}
  return plainSingle(schema, field, value)
}

function plainSingle(schema: ComparedSchema, field: FieldModel, value: Exclude<Single, MessageValue>): JsonValue {
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value))
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (field.type === Type.BOOL) return value !== 0n
  const named = schema.set.enums.get(field.typeName ?? '')?.values.find(({ number }) => BigInt(number) === value)
  if (named) return named.name
  return Number.isSafeInteger(Number(value)) && !wide.has(field.type) ? Number(value) : String(value)
}

const wide: ReadonlySet<Type> = new Set([Type.INT64, Type.UINT64, Type.SINT64, Type.FIXED64, Type.SFIXED64])
