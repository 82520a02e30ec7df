import type { JsonNode } from '../../../text/json-document.js'
import type { Arena } from '../logic/arena.js'
import type { Id } from '../logic/node.js'
import { Undecided } from '../undecided.js'
import { effectiveKeywords, itemsOf, type Keywords, membersOf, textOf } from './effective-keywords.js'
import { hasItemLists } from './keywords.js'
import { patternFormula } from './patterns.js'
import { type Place, pointerToken, type References } from './references.js'

const maxPlaces = 2_000
const inPlaceLists = ['allOf', 'anyOf', 'oneOf']
const inPlaceSchemas = ['if', 'then', 'else']

/** The schemas that speak of one value: a schema and what it applies in place. */
type Places = readonly Place[]

/**
 * What a producer with generated bindings can emit, on top of what the schema accepts: at every object, only keys that
 * some schema about it declares by `properties`, `patternProperties` or an `additionalProperties` of its own. An object
 * about which nothing is declared is a free map and stays open.
 */
export class DeclaredKeys {
  private readonly variables = new Map<string, Id>()
  private readonly numbers = new Map<JsonNode, number>()

  constructor(
    private readonly arena: Arena,
    private readonly references: References,
  ) {}

  formula(): Id {
    return this.only([this.references.root])
  }

  private only(starts: Places): Id {
    const places = this.inPlace(starts)
    if (places.length === 0) return this.arena.true
    const key = places.map((place) => this.numberOf(place.node)).join()
    const known = this.variables.get(key)
    if (known !== undefined) return known
    if (this.variables.size > maxPlaces) throw new Undecided('too many schemas to find the declared properties of')
    const variable = this.arena.variable()
    this.variables.set(key, variable)
    this.arena.define(variable, this.arena.and(...this.members(places), ...this.items(places)))
    return variable
  }

  private numberOf(node: JsonNode): number {
    let number = this.numbers.get(node)
    if (number === undefined) this.numbers.set(node, (number = this.numbers.size))
    return number
  }

  private inPlace(starts: Places): Place[] {
    const reached = new Map<JsonNode, Place>()
    const pending = [...starts]
    for (let place = pending.pop(); place; place = pending.pop()) {
      if (reached.has(place.node) || place.node.kind !== 'object') continue
      reached.set(place.node, place)
      const keywords = effectiveKeywords(place.node, place.resource.dialect)
      const here = place
      const add = (node: JsonNode, path: string) => pending.push(this.references.at(node, here, path))
      for (const name of inPlaceLists) {
        for (const [i, node] of itemsOf(keywords.get(name)).entries()) add(node, `/${name}/${i}`)
      }
      for (const name of inPlaceSchemas) if (keywords.has(name)) add(keywords.get(name)!, `/${name}`)
      for (const name of ['dependencies', 'dependentSchemas']) {
        for (const [key, node] of membersOf(keywords.get(name))) add(node, `/${name}/${pointerToken(key)}`)
      }
      for (const name of ['$ref', '$dynamicRef', '$recursiveRef']) {
        const reference = textOf(keywords.get(name))
        if (reference !== undefined) pending.push(this.references.resolve(reference, place))
      }
    }
    return [...reached.values()].sort((a, b) => this.numberOf(a.node) - this.numberOf(b.node))
  }

  /** Every declared key leads on to the schemas of all who declare it; every other key is absent. */
  private members(places: Places): Id[] {
    const { arena } = this
    const declared = new Map<Id, Place[]>()
    const rest: Place[] = []
    for (const place of places) {
      const keywords = this.keywordsOf(place)
      const declare = (key: Id, node: JsonNode, path: string) =>
        declared.set(key, [...(declared.get(key) ?? []), this.references.at(node, place, path)])
      for (const [name, node] of membersOf(keywords.get('properties'))) {
        declare(arena.name(name), node, `/properties/${pointerToken(name)}`)
      }
      for (const [pattern, node] of membersOf(keywords.get('patternProperties'))) {
        declare(patternFormula(pattern, arena), node, `/patternProperties/${pointerToken(pattern)}`)
      }
      for (const name of ['additionalProperties', 'unevaluatedProperties']) {
        const node = keywords.get(name)
        if (node?.kind === 'object' && node.members.size > 0) rest.push(this.references.at(node, place, `/${name}`))
      }
    }
    if (declared.size === 0 && rest.length === 0) return []
    const others = arena.not(arena.or(...declared.keys()))
    return [
      ...[...declared].map(([key, schemas]) => arena.keys(key, this.only(schemas))),
      arena.keys(others, rest.length > 0 ? this.only(rest) : arena.false),
    ]
  }

  private items(places: Places): Id[] {
    const { arena } = this
    const prefixes: Place[][] = []
    const rest: Place[] = []
    for (const place of places) {
      const keywords = this.keywordsOf(place)
      const listName = hasItemLists(place.resource.dialect) ? 'items' : 'prefixItems'
      for (const [i, node] of itemsOf(keywords.get(listName)).entries()) {
        ;(prefixes[i] ??= []).push(this.references.at(node, place, `/${listName}/${i}`))
      }
      for (const name of ['items', 'additionalItems', 'unevaluatedItems', 'contains']) {
        const node = keywords.get(name)
        if (node && node.kind !== 'array') rest.push(this.references.at(node, place, `/${name}`))
      }
    }
    return [
      ...prefixes.map((schemas, i) => arena.items(i, i + 1, this.only([...schemas, ...rest]))),
      ...(rest.length > 0 ? [arena.items(prefixes.length, Infinity, this.only(rest))] : []),
    ]
  }

  private keywordsOf(place: Place): Keywords {
    return place.node.kind === 'object'
      ? effectiveKeywords(place.node, place.resource.dialect)
      : new Map<string, JsonNode>()
  }
}
