import type { JsonNode, JsonObject } from '../text/json-document.js'
import { dialectOf } from './dialect.js'
import { subschemas } from './keywords.js'
import { metaSchemaText } from './meta-schemas.js'
import type { JsonSchema, SchemaResource } from './schema.js'
import { parseJson } from '../text/json-document.js'
import { pointerSteps, resolveUri, splitFragment } from './uri.js'

/** A schema, the document that it stands in and the URI that its references are relative to. */
export interface Place {
  node: JsonNode
  resource: SchemaResource
  base: string
}

/**
 * Resolves `$ref` by the specification: `$id` and `id` set the base, `$anchor` and fragment ids name places, pointers
 * walk. Knows the registered references, by what their names resolve to and as they are spelled, and the five
 * meta-schemas; nothing is fetched.
 */
export class ReferenceIndex {
  private readonly places = new Map<string, Place>()
  private readonly bases = new Map<JsonNode, string>()

  constructor(schema: JsonSchema) {
    this.add(schema)
    for (const resource of new Set(schema.resources.values())) this.add(resource)
    for (const [uri, resource] of schema.resources) this.put(uri, { node: resource.root, resource, base: resource.uri })
  }

  /** The URI that references inside a schema of these documents are relative to. */
  baseOf(node: JsonNode): string {
    return this.bases.get(node) ?? ''
  }

  /** @param base of the schema that the reference stands in */
  resolve(reference: string, base: string): Place | undefined {
    const { document, fragment } = splitFragment(resolveUri(base, reference))
    const spelled = splitFragment(reference).document
    const root =
      this.places.get(document) ?? (spelled ? this.places.get(spelled) : undefined) ?? this.metaSchema(document)
    if (!root) return undefined
    const steps = pointerSteps(fragment)
    return steps ? this.walk(root, steps) : this.places.get(`${document}#${fragment}`)
  }

  private add(resource: SchemaResource): void {
    const base = splitFragment(resource.uri).document
    this.put(base, { node: resource.root, resource, base })
    const pending: Place[] = [{ node: resource.root, resource, base }]
    for (let place = pending.pop(); place; place = pending.pop()) {
      const { node, resource } = place
      if (node.kind !== 'object') continue
      const base = this.enter(node, place)
      this.bases.set(node, base)
      for (const sub of subschemas(node, resource.dialect)) pending.push({ node: sub.node, resource, base })
    }
  }

  /** Registers what names this schema and returns the base for what is inside. */
  private enter(node: JsonObject, { resource, base }: Place): string {
    const text = (keyword: string) => {
      const value = node.members.get(keyword)?.value
      return value?.kind === 'string' ? value.value : undefined
    }
    const hidden = resource.dialect.refHidesSiblings && text('$ref') !== undefined
    const id = hidden ? undefined : text(resource.dialect.idKeyword)
    let inner = base
    if (id !== undefined) {
      const { document, fragment } = splitFragment(resolveUri(base, id))
      if (fragment === '') {
        inner = document
        this.put(document, { node, resource, base: inner })
      } else this.put(`${document}#${fragment}`, { node, resource, base })
    }
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = resource.dialect.refHidesSiblings ? undefined : text(keyword)
      if (anchor !== undefined) this.put(`${inner}#${anchor}`, { node, resource, base: inner })
    }
    return inner
  }

  private put(uri: string, place: Place): void {
    if (!this.places.has(uri)) this.places.set(uri, place)
  }

  private walk(root: Place, steps: readonly string[]): Place | undefined {
    let { node, base } = root
    for (const step of steps) {
      const next = stepInto(node, step)
      if (!next) return undefined
      node = next
      base = this.bases.get(node) ?? base
    }
    return { node, resource: root.resource, base }
  }

  private metaSchema(uri: string): Place | undefined {
    const text = metaSchemaText(uri)
    if (text === undefined) return undefined
    const { root } = parseJson(text)
    this.add({ uri, text, root, dialect: dialectOf(root) })
    return this.places.get(uri)
  }
}

/** The value under a key or index, if there is one. */
export function stepInto(node: JsonNode, step: string): JsonNode | undefined {
  if (node.kind === 'object') return node.members.get(step)?.value
  if (node.kind === 'array' && /^(0|[1-9]\d{0,8})$/.test(step)) return node.items[Number(step)]
  return undefined
}
