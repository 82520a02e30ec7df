import type { SchemaType } from '@concordat/core'

/** The names that a schema text gives to others and the names that it needs from others. */
export interface Names {
  defines: Set<string>
  needs: Set<string>
}

/**
 * Scans a text for names. It does not judge the text: what is not a schema at all simply has no names, and the
 * registry says what is wrong with it.
 */
export function namesOf(type: SchemaType, text: string): Names {
  const names: Names = { defines: new Set(), needs: new Set() }
  if (type === 'PROTOBUF') {
    for (const match of text.matchAll(/^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"\s*;/gm)) names.needs.add(match[1])
    return names
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return names
  }
  if (type === 'AVRO') scanAvro(value, '', names)
  else scanJsonSchema(value, names)
  for (const name of names.defines) names.needs.delete(name)
  return names
}

const avroPrimitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'])
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function scanAvro(schema: unknown, namespace: string, names: Names): void {
  if (typeof schema === 'string') {
    if (!avroPrimitives.has(schema)) names.needs.add(fullName(schema, namespace))
  } else if (Array.isArray(schema)) {
    for (const branch of schema) scanAvro(branch, namespace, names)
  } else if (isObject(schema)) {
    const { type } = schema
    if (type === 'record' || type === 'error' || type === 'enum' || type === 'fixed') {
      const own = typeof schema.namespace === 'string' ? schema.namespace : namespace
      const name = fullName(typeof schema.name === 'string' ? schema.name : '', own)
      names.defines.add(name)
      const inner = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : ''
      for (const field of Array.isArray(schema.fields) ? schema.fields : []) {
        if (isObject(field)) scanAvro(field.type, inner, names)
      }
    } else if (type === 'array') scanAvro(schema.items, namespace, names)
    else if (type === 'map') scanAvro(schema.values, namespace, names)
    else scanAvro(type, namespace, names)
  }
}

const fullName = (name: string, namespace: string) => (name.includes('.') || !namespace ? name : `${namespace}.${name}`)

function scanJsonSchema(value: unknown, names: Names): void {
  if (Array.isArray(value)) for (const item of value) scanJsonSchema(item, names)
  else if (isObject(value)) {
    if (typeof value.$id === 'string') names.defines.add(value.$id)
    if (typeof value.$ref === 'string' && /^[a-z]+:/i.test(value.$ref)) names.needs.add(value.$ref.replace(/#.*$/, ''))
    for (const inner of Object.values(value)) scanJsonSchema(inner, names)
  }
}
