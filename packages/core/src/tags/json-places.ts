import { parseJson, type JsonNode, type JsonObject } from '../text/json-document.js'
import type { EntityType, Place, TextEdit } from './place.js'

const member = 'confluent:tags'

/** The records of an Avro schema and their fields: `namespace.Record` and `namespace.Record.field`. */
export function avroPlaces(text: string): Place[] {
  const places: Place[] = []
  const visit = (node: JsonNode | undefined, namespace: string): void => {
    if (node?.kind === 'array') for (const branch of node.items) visit(branch, namespace)
    if (node?.kind !== 'object') return
    const type = node.members.get('type')?.value
    if (type?.kind !== 'string') {
      visit(type, namespace)
      return
    }
    visit(node.members.get('items')?.value, namespace)
    visit(node.members.get('values')?.value, namespace)
    if (type.value !== 'record' && type.value !== 'error') return
    const fullName = avroFullName(node, namespace)
    places.push(jsonPlace(text, node, fullName, 'sr_record'))
    const inner = fullName.includes('.') ? fullName.slice(0, fullName.lastIndexOf('.')) : ''
    const fields = node.members.get('fields')?.value
    for (const field of fields?.kind === 'array' ? fields.items : []) {
      if (field.kind !== 'object') continue
      places.push(jsonPlace(text, field, `${fullName}.${textOf(field, 'name') ?? ''}`, 'sr_field'))
      visit(field.members.get('type')?.value, inner)
    }
  }
  visit(parseJson(text).root, '')
  return places
}

function avroFullName(node: JsonObject, enclosing: string): string {
  const name = textOf(node, 'name') ?? ''
  if (name.includes('.')) return name
  const namespace = textOf(node, 'namespace') ?? enclosing
  return namespace ? `${namespace}.${name}` : name
}

/** The objects of a JSON schema and their properties: `object`, `object.prop`, `object.prop.array.object.x`, `anyof.0`. */
export function jsonSchemaPlaces(text: string): Place[] {
  const places: Place[] = []
  const visit = (node: JsonNode | undefined, prefix: string): void => {
    if (node?.kind !== 'object') return
    const at = (name: string) => (prefix ? `${prefix}.${name}` : name)
    for (const combinator of ['allOf', 'anyOf', 'oneOf']) {
      const branches = node.members.get(combinator)?.value
      if (branches?.kind !== 'array') continue
      branches.items.forEach((branch, index) => visit(branch, at(`${combinator.toLowerCase()}.${index}`)))
    }
    visit(node.members.get('not')?.value, at('not'))
    for (const keyword of ['definitions', '$defs']) {
      for (const [name, definition] of members(node, keyword)) visit(definition, at(`definitions.${name}`))
    }
    visit(node.members.get('items')?.value, at('array'))
    const properties = members(node, 'properties')
    if (properties.length === 0 && textOf(node, 'type') !== 'object') return
    places.push(jsonPlace(text, node, at('object'), 'sr_record'))
    for (const [name, property] of properties) {
      const path = at(`object.${name}`)
      if (property.kind === 'object') places.push(jsonPlace(text, property, path, 'sr_field'))
      visit(property, path)
    }
  }
  visit(parseJson(text).root, '')
  return places
}

function members(node: JsonObject, keyword: string): [string, JsonNode][] {
  const value = node.members.get(keyword)?.value
  return value?.kind === 'object' ? [...value.members].map(([name, one]) => [name, one.value]) : []
}

function textOf(node: JsonObject, name: string): string | undefined {
  const value = node.members.get(name)?.value
  return value?.kind === 'string' ? value.value : undefined
}

function jsonPlace(text: string, node: JsonObject, path: string, type: EntityType): Place {
  const found = node.members.get(member)
  const items = found?.value.kind === 'array' ? found.value.items : []
  const tags = items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
  return { path, type, tags, retag: (wanted) => retagged(text, node, wanted) }
}

function retagged(text: string, node: JsonObject, tags: readonly string[]): TextEdit {
  const found = node.members.get(member)
  if (found && tags.length > 0) return { at: found.value.start, end: found.value.end, text: JSON.stringify(tags) }
  if (!found) {
    const end = node.end - 1
    if (tags.length === 0) return { at: end, end, text: '' }
    return { at: end, end, text: `${node.members.size > 0 ? ',' : ''}"${member}":${JSON.stringify(tags)}` }
  }
  // Without the member, and without one of the commas beside it.
  const before = text.slice(node.start, found.key.start)
  const comma = /,\s*$/.exec(before)
  if (comma) return { at: found.key.start - comma[0].length, end: found.value.end, text: '' }
  const after = /^\s*,/.exec(text.slice(found.value.end))
  return { at: found.key.start, end: found.value.end + (after?.[0].length ?? 0), text: '' }
}
