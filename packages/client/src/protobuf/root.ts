import protobufjs from 'protobufjs/light.js'
import type { FieldRow, ProtobufTable } from './table.js'

/** The name that protobufjs knows a field by. */
export const wireName = (row: FieldRow): string => `f${row.number}`

/**
 * The messages of a table as types of protobufjs, by full name. protobufjs makes code of the names it gets, so it gets
 * none of the schema: messages and fields are numbered. Enums are the integers they are on the wire.
 */
export function wireTypes(table: ProtobufTable): Map<string, protobufjs.Type> {
  const root = new protobufjs.Root()
  const names = Object.keys(table.messages)
  const numbers = new Map(names.map((name, at) => [name, `M${at}`]))
  const types = new Map<string, protobufjs.Type>()
  for (const name of names) {
    const type = new protobufjs.Type(numbers.get(name) ?? name)
    for (const row of table.messages[name].fields) type.add(fieldOf(row, numbers))
    root.add(type)
    types.set(name, type)
  }
  root.resolveAll()
  return types
}

function fieldOf(row: FieldRow, numbers: ReadonlyMap<string, string>): protobufjs.ReflectionObject {
  const isMessage = row.type === 'message' || row.type === 'group'
  const type = isMessage ? numbers.get(row.of ?? '') : row.type === 'enum' ? 'int32' : row.type
  if (type === undefined) throw new TypeError(`the table has no message ${row.of}`)
  if (row.label === 'map') return new protobufjs.MapField(wireName(row), row.number, row.mapKey ?? 'string', type)
  const isList = row.label === 'repeated' || row.label === 'packed'
  const features = {
    message_encoding: row.type === 'group' ? 'DELIMITED' : 'LENGTH_PREFIXED',
    repeated_field_encoding: row.label === 'packed' ? 'PACKED' : 'EXPANDED',
    field_presence: 'EXPLICIT',
    utf8_validation: 'VERIFY',
  }
  return new protobufjs.Field(wireName(row), row.number, type, isList ? 'repeated' : undefined, undefined, { features })
}
