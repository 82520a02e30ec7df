import { parseJson, type JsonNode, type JsonObject } from '../../text/json-document.js'
import { dialectOf } from '../dialect.js'
import { metaSchemaText } from '../meta-schemas.js'
import { ReferenceIndex, stepInto, type Place } from '../reference-index.js'
import type { JsonSchema, SchemaResource } from '../schema.js'
import { pointerSteps, resolveUri, splitFragment } from '../uri.js'

/** Where a `$ref` leads: `base` is the URI that references inside the target are relative to. */
export type Target = Place

/** Resolves references as Confluent's server does, which until draft-07 is not quite as the specification says. */
export interface TargetResolver {
  resolve(reference: string, from: { resource: SchemaResource; base: string }): Target | undefined
}

export function targetResolver(schema: JsonSchema): TargetResolver {
  return schema.dialect.refHidesSiblings ? new ClassicResolver(schema) : new ModernResolver(schema)
}

/** `definitions` and `$defs` of a document are one. */
function definitionsAlias(reference: string): string | undefined {
  if (reference.includes('#/$defs/')) return reference.replace('#/$defs/', '#/definitions/')
  return undefined
}

class ModernResolver implements TargetResolver {
  private readonly index: ReferenceIndex
  constructor(schema: JsonSchema) {
    this.index = new ReferenceIndex(schema)
  }

  resolve(reference: string, { base }: { base: string }): Target | undefined {
    const alias = definitionsAlias(reference)
    return this.index.resolve(reference, base) ?? (alias ? this.index.resolve(alias, base) : undefined)
  }
}

/**
 * Until draft-07: a reference that starts with `#` is looked up in its document whatever `$id` stands between; ids are
 * found by how they are written, not by what they resolve to.
 */
class ClassicResolver implements TargetResolver {
  private readonly documents = new Map<string, SchemaResource>()
  private readonly ids = new Map<SchemaResource, Map<string, JsonObject>>()

  constructor(schema: JsonSchema) {
    for (const [uri, resource] of schema.resources) this.documents.set(uri, resource)
    if (schema.uri !== '') this.documents.set(splitFragment(schema.uri).document, schema)
  }

  resolve(reference: string, from: { resource: SchemaResource; base: string }): Target | undefined {
    if (reference === '') return undefined
    const absolute = resolveUri(from.base, reference)
    const named = this.idsOf(from.resource).get(absolute)
    if (named) return { node: named, resource: from.resource, base: absolute }
    if (reference.startsWith('#')) return this.walk(from.resource, reference, from.base)
    const { document } = splitFragment(absolute)
    const resource =
      this.documents.get(document) ?? this.documents.get(splitFragment(reference).document) ?? metaSchema(document)
    return resource && this.walk(resource, absolute, resource.uri || document)
  }

  private walk(resource: SchemaResource, reference: string, base: string): Target | undefined {
    const { fragment } = splitFragment(reference)
    const steps = fragment === '/' ? [] : pointerSteps(fragment)
    if (!steps) return undefined
    const node = walkSteps(resource.root, steps)
    if (node) return { node, resource, base }
    const alias = definitionsAlias(reference)
    return alias === undefined ? undefined : this.walk(resource, alias, base)
  }

  /** Every object with an id, by the id as it is written. */
  private idsOf(resource: SchemaResource): Map<string, JsonObject> {
    const known = this.ids.get(resource)
    if (known) return known
    const ids = new Map<string, JsonObject>()
    const pending: JsonNode[] = [resource.root]
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (node.kind === 'array') pending.push(...node.items)
      if (node.kind !== 'object') continue
      const id = node.members.get(resource.dialect.idKeyword)?.value
      if (id?.kind === 'string' && !ids.has(id.value)) ids.set(id.value, node)
      for (const { value } of node.members.values()) pending.push(value)
    }
    this.ids.set(resource, ids)
    return ids
  }
}

function walkSteps(root: JsonNode, steps: readonly string[]): JsonNode | undefined {
  let node: JsonNode | undefined = root
  for (const step of steps) node = node && stepInto(node, step)
  return node
}

const metaSchemas = new Map<string, SchemaResource>()

/** Only the meta-schemas of these dialects are at hand there. */
function metaSchema(uri: string): SchemaResource | undefined {
  if (!/draft-0[467]/.test(uri)) return undefined
  const known = metaSchemas.get(uri)
  if (known) return known
  const text = metaSchemaText(uri)
  if (text === undefined) return undefined
  const { root } = parseJson(text)
  const resource = { uri, text, root, dialect: dialectOf(root) }
  metaSchemas.set(uri, resource)
  return resource
}
