import type { JsonNode } from '../text/json-document.js'
import { nameOf } from './names.js'

/** A place in schema JSON where a type stands. */
export interface SchemaNode {
  node: JsonNode
  /** JSON pointer from the root. */
  path: string
  /** The namespace around it. */
  namespace: string | undefined
}

const namedTypes = ['record', 'error', 'enum', 'fixed']

/** All definitions of named types in a schema, by full name. What is malformed is passed over: the parser reports it. */
export function definitionsIn(root: JsonNode): Map<string, SchemaNode> {
  const found = new Map<string, SchemaNode>()
  const visit = (node: JsonNode | undefined, path: string, namespace: string | undefined): void => {
    if (node?.kind === 'array') node.items.forEach((item, index) => visit(item, `${path}/${index}`, namespace))
    if (node?.kind !== 'object') return
    const text = (key: string) => {
      const value = node.members.get(key)?.value
      return value?.kind === 'string' ? value.value : undefined
    }
    const written = text('name')
    let inner = namespace
    if (written !== undefined && namedTypes.includes(text('type') ?? '')) {
      const name = nameOf(written, text('namespace') ?? namespace)
      if (!found.has(name.full)) found.set(name.full, { node, path, namespace })
      inner = name.namespace
    }
    visit(node.members.get('items')?.value, `${path}/items`, inner)
    visit(node.members.get('values')?.value, `${path}/values`, inner)
    const fields = node.members.get('fields')?.value
    if (fields?.kind !== 'array') return
    fields.items.forEach((field, index) => {
      if (field.kind === 'object') visit(field.members.get('type')?.value, `${path}/fields/${index}/type`, inner)
    })
  }
  visit(root, '', undefined)
  return found
}
