import type { JsonNode } from '../../../text/json-document.js'
import type { ExactDialect, SchemaDocument } from '../schema-document.js'
import { Undecided } from '../undecided.js'
import { dialectNamed, refStandsAlone, shapeOf } from './keywords.js'
import { metaSchema } from './meta-schemas.js'
import { selfContainedText } from './self-contained.js'

/** A schema with a base URI of its own. */
export interface Resource {
  /** Absolute, without fragment. */
  uri: string
  dialect: ExactDialect
  root: JsonNode
  anchors: Map<string, JsonNode>
  dynamicAnchors: Map<string, JsonNode>
  recursiveAnchor: boolean
}

/** A schema inside of a text. */
export interface Place {
  node: JsonNode
  resource: Resource
  /** JSON pointer from the root of the text. */
  pointer: string
  /** The URI of the registered text it stands in; undefined for the main one. */
  text?: string
}

/** The resources that were entered on the way to a schema, outermost first, as far as dynamic references ask for them. */
export type Scope = readonly Resource[]

/** Base of texts without an `$id`: hierarchical, so that relative references resolve against it. */
const defaultBase = 'concordat:///'

/** All schemas that one document reaches, by URI, anchor and pointer. */
export class References {
  readonly root: Place
  /** True if the meaning of a reference can depend on the way that led to it. */
  hasDynamicScope = false
  private readonly resources = new Map<string, Resource>()
  private readonly places = new Map<JsonNode, Place>()

  constructor(document: SchemaDocument) {
    this.root = this.add(document.root, defaultBase, document.dialect)
    for (const { uri, dialect, root } of document.resources) {
      const base = resolveUri(uri, this.root.resource.uri) ?? resolveUri(encodeURI(uri), defaultBase)
      if (base) this.add(root, base, dialect, uri)
    }
  }

  /** @param node a schema that stands in `parent`'s text, at `pointer` */
  at(node: JsonNode, parent: Place, path: string): Place {
    return (
      this.places.get(node) ?? {
        node,
        resource: parent.resource,
        pointer: `${parent.pointer}${path}`,
        text: parent.text,
      }
    )
  }

  /** @throws Undecided if nothing stands at the other end */
  resolve(reference: string, from: Place): Place {
    const uri = resolveUri(reference, from.resource.uri)
    if (uri === undefined) throw new Undecided(`the reference ${reference} is no URI`)
    const hash = uri.indexOf('#')
    const base = hash < 0 ? uri : uri.slice(0, hash)
    const fragment = hash < 0 ? '' : decode(uri.slice(hash + 1))
    const resource = this.resources.get(base) ?? this.addMetaSchema(base)
    if (!resource) throw new Undecided(`the reference ${reference} leads to no registered schema`)
    if (fragment === '') return this.places.get(resource.root)!
    if (!fragment.startsWith('/')) {
      const anchored = resource.anchors.get(fragment) ?? resource.dynamicAnchors.get(fragment)
      if (!anchored) throw new Undecided(`the reference ${reference} names an anchor that does not exist`)
      return this.places.get(anchored)!
    }
    return this.follow(fragment, this.places.get(resource.root)!, reference)
  }

  private follow(pointer: string, start: Place, reference: string): Place {
    let place = start
    for (const token of pointer.slice(1).split('/')) {
      const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
      const { node } = place
      const next =
        node.kind === 'object'
          ? node.members.get(name)?.value
          : node.kind === 'array' && /^\d+$/.test(name)
            ? node.items[Number(name)]
            : undefined
      if (!next) throw new Undecided(`the reference ${reference} points to nothing`)
      place = this.at(next, place, `/${token}`)
    }
    if (!this.places.has(place.node)) this.register(place)
    return place
  }

  /**
   * The schema that a dynamic reference means when it is reached through `scope`, outermost first.
   * @param scope the resources that were entered on the way
   */
  resolveDynamic(reference: string, from: Place, scope: Scope): Place {
    const target = this.resolve(reference, from)
    const fragment = decode(reference.slice(reference.indexOf('#') + 1))
    if (!reference.includes('#') || target.resource.dynamicAnchors.get(fragment) !== target.node) return target
    const outermost = scope.find((resource) => resource.dynamicAnchors.has(fragment))
    return outermost ? this.places.get(outermost.dynamicAnchors.get(fragment)!)! : target
  }

  resolveRecursive(from: Place, scope: Scope): Place {
    const target = this.resolve('#', from)
    if (!target.resource.recursiveAnchor) return target
    const outermost = scope.find((resource) => resource.recursiveAnchor)
    return outermost ? this.places.get(outermost.root)! : target
  }

  /** The scope inside of a schema. Only the outermost resource with an anchor is ever asked for, so others are left out. */
  enter(scope: Scope, { resource }: Place): Scope {
    if (!this.hasDynamicScope) return scope
    const adds =
      (resource.recursiveAnchor && !scope.some((outer) => outer.recursiveAnchor)) ||
      [...resource.dynamicAnchors.keys()].some((name) => !scope.some((outer) => outer.dynamicAnchors.has(name)))
    return adds ? [...scope, resource] : scope
  }

  private addMetaSchema(uri: string): Resource | undefined {
    const found = metaSchema(uri)
    return found && this.add(found.root, uri, found.dialect, uri).resource
  }

  private add(root: JsonNode, base: string, dialect: ExactDialect, text?: string): Place {
    const resource = newResource(base, dialectOfRoot({ root, dialect }), root)
    const place: Place = { node: root, resource, pointer: '', text }
    this.resources.set(base, resource)
    this.places.set(root, place)
    this.register(place)
    return this.places.get(root)!
  }

  /** Walks the schemas in a place and notes identifiers and anchors. */
  private register(start: Place): void {
    const pending = [start]
    while (pending.length > 0) {
      let place = pending.pop()!
      if (place.node.kind === 'object') place = this.identify(place, place.node)
      this.places.set(place.node, place)
      for (const [node, path] of subschemas(place)) {
        // Nothing in it has a name, and nothing in it asks for one.
        if (selfContainedText(node, place.resource.dialect) !== undefined) continue
        pending.push({ node, resource: place.resource, pointer: place.pointer + path, text: place.text })
      }
    }
  }

  private identify(place: Place, node: JsonNode & { kind: 'object' }): Place {
    const text = (name: string) => {
      const value = node.members.get(name)?.value
      return value?.kind === 'string' && shapeOf(name, dialect) ? value.value : undefined
    }
    const dialect = (node.members.has('$id') ? declaredDialect(node) : undefined) ?? place.resource.dialect
    let { resource } = place
    const id = node.members.has('$ref') && refStandsAlone(dialect) ? undefined : (text('$id') ?? text('id'))
    if (id !== undefined) {
      const uri = resolveUri(id, resource.uri)
      const hash = uri?.indexOf('#') ?? -1
      const base = hash < 0 ? uri : uri!.slice(0, hash)
      if (base !== undefined && base !== resource.uri) {
        resource = newResource(base, dialect, node)
        this.resources.set(base, resource)
      }
      if (hash >= 0 && hash < uri!.length - 1) resource.anchors.set(decode(uri!.slice(hash + 1)), node)
    }
    const anchor = text('$anchor')
    if (anchor !== undefined) resource.anchors.set(anchor, node)
    const dynamicAnchor = text('$dynamicAnchor')
    if (dynamicAnchor !== undefined) resource.dynamicAnchors.set(dynamicAnchor, node)
    const recursiveAnchor = node.members.get('$recursiveAnchor')?.value
    if (recursiveAnchor?.kind === 'literal' && recursiveAnchor.value && node === resource.root) {
      resource.recursiveAnchor = dialect === '2019-09'
    }
    if (text('$dynamicRef') !== undefined || text('$recursiveRef') !== undefined) this.hasDynamicScope = true
    return { ...place, resource }
  }
}

function newResource(uri: string, dialect: ExactDialect, root: JsonNode): Resource {
  return { uri, dialect, root, anchors: new Map(), dynamicAnchors: new Map(), recursiveAnchor: false }
}

/** The dialect of a document: what its text declares counts before what was said about it. */
export function dialectOfRoot({ root, dialect }: { root: JsonNode; dialect: ExactDialect }): ExactDialect {
  return (root.kind === 'object' ? declaredDialect(root) : undefined) ?? dialect
}

function declaredDialect(node: JsonNode & { kind: 'object' }): ExactDialect | undefined {
  const uri = node.members.get('$schema')?.value
  return uri?.kind === 'string' ? dialectNamed(uri.value) : undefined
}

/** The schemas directly inside of a schema, with their paths. */
export function* subschemas({ node, resource }: Place): Generator<[JsonNode, string]> {
  if (node.kind !== 'object') return
  for (const [name, { value }] of node.members) {
    const shape = shapeOf(name, resource.dialect)
    if (!shape || shape === 'none') continue
    if (value.kind === 'array' && (shape === 'list' || shape === 'schema-or-list')) {
      for (const [index, item] of value.items.entries()) yield [item, `/${name}/${index}`]
    } else if (shape === 'map' || shape === 'map-or-names') {
      if (value.kind !== 'object') continue
      for (const [key, member] of value.members) {
        if (member.value.kind !== 'array') yield [member.value, `/${name}/${pointerToken(key)}`]
      }
    } else if (shape !== 'list') yield [value, `/${name}`]
  }
}

export function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function resolveUri(reference: string, base: string): string | undefined {
  try {
    return new URL(reference, base).href
  } catch {
    return undefined
  }
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
