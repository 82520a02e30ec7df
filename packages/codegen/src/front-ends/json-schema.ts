import { parseStored } from '@concordat/core'
import { jsonSchema, ReferenceIndex, type JsonSchema, type Place } from '@concordat/core/json-schema'
import type { EventInput, TypeMapping } from '../binding-input.js'
import type { Declaration, EventTypes, Field, Shape } from '../ir.js'
import { builtin } from '../ir.js'
import { Defaults } from './json-schema-defaults.js'
import { Locations } from './json-schema-locations.js'
import { resolverOf, sourceOf } from './references.js'

type JsonNode = Place['node']
type JsonObject = Extract<JsonNode, { kind: 'object' }>

/**
 * The types of a JSON Schema: what TypeScript can say of it. Properties that are not declared are not in the types,
 * unless the schema speaks of them.
 *
 * @throws InvalidSchema
 */
export function jsonSchemaTypes(event: EventInput, mapping: Required<TypeMapping>): EventTypes {
  const schema = jsonSchema.parse(sourceOf(event), resolverOf(event), parseStored)
  return new JsonSchemaFrontEnd(schema, event, mapping).types()
}

class JsonSchemaFrontEnd {
  private readonly declarations = new Map<string, Declaration>()
  private readonly index: ReferenceIndex
  private readonly locations = new Locations()
  private readonly defaults: Defaults
  private readonly eventName: string

  constructor(
    private readonly schema: JsonSchema,
    event: EventInput,
    private readonly mapping: Required<TypeMapping>,
  ) {
    this.index = new ReferenceIndex(schema)
    this.defaults = new Defaults(schema.root, (node, reference) => this.find(node, reference)?.node)
    this.eventName = textOf(member(schema.root, 'title')) ?? event.subject.replace(/-(?:value|key)$/, '')
  }

  types(): EventTypes {
    const { schema } = this
    const root = this.declare({ node: schema.root, resource: schema, base: this.index.baseOf(schema.root) })
    return { name: this.eventName, declarations: this.declarations, root }
  }

  private find(node: JsonNode, reference: string): Place | undefined {
    return this.index.resolve(reference, this.index.baseOf(node))
  }

  private declare(place: Place): Shape {
    const { key, name } = this.locations.of(place)
    if (!this.declarations.has(key)) {
      const isRoot = place.node === this.schema.root
      const title = textOf(member(place.node, 'title'))
      const declaration: Declaration = {
        name: isRoot ? this.eventName : (name ?? title ?? 'Definition'),
        doc: docOf(place.node),
        shape: builtin('unknown'),
      }
      this.declarations.set(key, declaration)
      declaration.shape = this.shape(place)
    }
    return { kind: 'ref', to: key }
  }

  private shape(place: Place): Shape {
    const { node } = place
    if (node.kind !== 'object') return builtin(node.kind === 'literal' && node.value === false ? 'never' : 'unknown')
    const reference = ['$ref', '$recursiveRef', '$dynamicRef'].map((key) => textOf(member(node, key))).find(Boolean)
    const target = reference === undefined ? undefined : this.find(node, reference)
    const referred = reference === undefined ? [] : [target ? this.declare(target) : builtin('unknown')]
    if (referred.length > 0 && place.resource.dialect.refHidesSiblings) return referred[0]
    const lists = (keyword: string) => this.list(place, keyword)
    const alternatives = ['anyOf', 'oneOf'].map(lists).filter((members) => members.length > 0)
    const members = [
      ...referred,
      this.own(place, node),
      ...lists('allOf'),
      ...alternatives.map((members): Shape => ({ kind: 'union', members })),
    ].filter((shape) => !isUnknown(shape))
    return members.length === 1
      ? members[0]
      : members.length === 0
        ? builtin('unknown')
        : { kind: 'intersection', members }
  }

  private list(place: Place, keyword: string): Shape[] {
    const list = member(place.node, keyword)
    return list?.kind === 'array' ? list.items.map((node) => this.shape({ ...place, node })) : []
  }

  /** What the schema says without its references and combinations. */
  private own(place: Place, node: JsonObject): Shape {
    const constant = member(node, 'const')
    if (constant) return literalOf(constant) ?? builtin('unknown')
    const choice = member(node, 'enum')
    if (choice?.kind === 'array') return enumOf(choice.items)
    const types = typesOf(node)
    const members = types.map((type) => this.typed(type, place, node))
    return members.length === 1 ? members[0] : members.length === 0 ? builtin('unknown') : { kind: 'union', members }
  }

  private typed(type: string, place: Place, node: JsonObject): Shape {
    switch (type) {
      case 'string':
        return builtin(textOf(member(node, 'format')) === 'uuid' && this.mapping.uuid === 'brand' ? 'Uuid' : 'string')
      case 'integer':
      case 'number':
        return builtin('number')
      case 'boolean':
      case 'null':
        return builtin(type)
      case 'array':
        return this.array(place, node)
      case 'object':
        return this.object(place, node)
      default:
        return builtin('unknown')
    }
  }

  private array(place: Place, node: JsonObject): Shape {
    const items = member(node, 'items')
    const prefix = items?.kind === 'array' ? items : member(node, 'prefixItems')
    if (prefix?.kind !== 'array') {
      return { kind: 'array', items: items ? this.shape({ ...place, node: items }) : builtin('unknown') }
    }
    const others = items?.kind === 'array' ? member(node, 'additionalItems') : items
    const rest = others ? this.shape({ ...place, node: others }) : builtin('unknown')
    return {
      kind: 'tuple',
      items: prefix.items.map((item) => this.shape({ ...place, node: item })),
      least: numberOf(member(node, 'minItems')) ?? 0,
      ...(isNever(rest) ? {} : { rest }),
    }
  }

  private object(place: Place, node: JsonObject): Shape {
    const declared = membersOf(member(node, 'properties'))
    const required = new Set(stringsOf(member(node, 'required')))
    const undeclared = [...required].filter((name) => !declared.some(([key]) => key === name))
    const fields = [
      ...declared.map(([name, schema]) => this.field(name, { ...place, node: schema }, required.has(name), node)),
      ...undeclared.map((name): Field => ({
        name,
        shape: builtin('unknown'),
        optional: { read: false, write: false },
      })),
    ]
    // The order of keys means nothing in JSON, so it makes no difference here.
    fields.sort((a, b) => (a.name < b.name ? -1 : 1))
    const rest = this.rest(place, node, fields.length > 0)
    if (fields.length === 0 && rest) return { kind: 'map', values: rest }
    return { kind: 'object', fields, ...(rest && { rest }) }
  }

  private field(name: string, place: Place, required: boolean, owner: JsonObject): Field {
    const { node } = place
    const filled = member(node, 'default') !== undefined && this.defaults.areFilled(owner)
    return {
      name,
      doc: docOf(node),
      shape: this.shape(place),
      optional: { read: !required && !filled, write: !required },
    }
  }

  /** Of properties that are not declared. Beside declared ones TypeScript can say no more than `unknown`. */
  private rest(place: Place, node: JsonObject, hasFields: boolean): Shape | undefined {
    const patterns = membersOf(member(node, 'patternProperties')).map(([, schema]) =>
      this.shape({ ...place, node: schema }),
    )
    const other = member(node, 'additionalProperties')
    const additional = other ? this.shape({ ...place, node: other }) : undefined
    if (hasFields) {
      const any = patterns.length > 0 || (additional && !isNever(additional))
      return any ? builtin('unknown') : undefined
    }
    if (patterns.length === 0) return additional && isNever(additional) ? undefined : (additional ?? builtin('unknown'))
    if (!additional) return builtin('unknown')
    return { kind: 'union', members: isNever(additional) ? patterns : [...patterns, additional] }
  }
}

/** The `type`, or what the other keywords are about where it is not said. */
function typesOf(node: JsonObject): string[] {
  const type = member(node, 'type')
  if (type?.kind === 'string') return [type.value]
  if (type?.kind === 'array') return stringsOf(type)
  if (['properties', 'patternProperties', 'additionalProperties'].some((key) => member(node, key))) return ['object']
  return ['items', 'prefixItems'].some((key) => member(node, key)) ? ['array'] : []
}

function enumOf(items: JsonNode[]): Shape {
  const literals = items.map(literalOf)
  const values = literals.flatMap((shape) => (shape?.kind === 'literal' ? [shape.value] : []))
  if (values.length < literals.length) return builtin('unknown')
  if (values.length === 1) return { kind: 'literal', value: values[0] }
  const open = values.some((value) => typeof value === 'string')
  return { kind: 'enum', values, ...(open && { open: 'symbol' }) }
}

function literalOf(node: JsonNode): Shape | undefined {
  switch (node.kind) {
    case 'string':
    case 'literal':
      return { kind: 'literal', value: node.value }
    case 'number': {
      const value = Number(node.lexeme)
      // A literal type has to be the exact number.
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
        ? { kind: 'literal', value }
        : builtin('number')
    }
    default:
      return undefined
  }
}

function docOf(node: JsonNode): string | undefined {
  const parts = ['title', 'description'].flatMap((key) => textOf(member(node, key)) ?? [])
  const deprecated = member(node, 'deprecated')
  const isDeprecated = deprecated?.kind === 'literal' && deprecated.value === true
  return [...parts, ...(isDeprecated ? ['@deprecated'] : [])].join('\n\n') || undefined
}

const member = (node: JsonNode | undefined, key: string): JsonNode | undefined =>
  node?.kind === 'object' ? node.members.get(key)?.value : undefined

const membersOf = (node: JsonNode | undefined): [string, JsonNode][] =>
  node?.kind === 'object' ? [...node.members].map(([key, { value }]) => [key, value]) : []

const textOf = (node: JsonNode | undefined) => (node?.kind === 'string' ? node.value : undefined)

const numberOf = (node: JsonNode | undefined) => (node?.kind === 'number' ? Number(node.lexeme) : undefined)

const stringsOf = (node: JsonNode | undefined): string[] =>
  node?.kind === 'array' ? node.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : []

const isUnknown = (shape: Shape) => shape.kind === 'builtin' && shape.name === 'unknown'
const isNever = (shape: Shape) => shape.kind === 'builtin' && shape.name === 'never'
