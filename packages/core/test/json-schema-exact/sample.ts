import type { JsonNode } from '../../src/text/json-document.js'
import {
  countOf,
  effectiveKeywords,
  itemsOf,
  type Keywords,
  membersOf,
  namesIn,
  textOf,
} from '../../src/json-schema/exact/compile/effective-keywords.js'
import { patternFormula } from '../../src/json-schema/exact/compile/patterns.js'
import { type Place, pointerToken, type References } from '../../src/json-schema/exact/compile/references.js'
import type { Arena } from '../../src/json-schema/exact/logic/arena.js'
import { type ExactValue, exactValue, isArray, isObject } from '../../src/json-schema/exact/values/exact-value.js'
import { Rational } from '../../src/json-schema/exact/values/rational.js'

/** A number from 0 up to, not including, `below`. */
export type Random = (below: number) => number

/** Reproducible randomness (a linear congruential generator). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const maxDepth = 6
const tiny = Rational.parse('0.01')

/**
 * Random messages near the edge of what a schema allows: built along its keywords, salted with every constant, bound
 * and name that the schemas mention, then spoilt a little. Not all of them are valid: whoever asks has to check.
 */
export class Sampler {
  private readonly constants: ExactValue[] = [null, true, false, '', 'a', [], new Map()]
  private readonly names: string[] = ['a', 'zz']
  private readonly words = new Map<string, string[]>()

  /**
   * @param documents the schema that is sampled first, then others whose edges are of interest
   */
  constructor(
    private readonly documents: readonly References[],
    private readonly arena: Arena,
    private readonly random: Random,
  ) {
    for (const { root } of documents) this.gather(root.node)
    for (const integer of ['0', '1', '-1', '0.5', '2', '100']) this.constants.push(Rational.parse(integer))
  }

  next(): ExactValue {
    const [sampled] = this.documents
    let value = this.value([sampled.root], 0)
    while (this.random(3) === 0) value = this.spoil(value)
    return value
  }

  /** Collects what the schemas mention: constants, the neighbours of bounds, names. */
  private gather(node: JsonNode): void {
    const pending = [node]
    for (let next = pending.pop(); next && this.constants.length < 4_000; next = pending.pop()) {
      if (next.kind === 'array') pending.push(...next.items)
      else if (next.kind === 'object') {
        for (const [name, { value }] of next.members) {
          if (name.length < 60) this.names.push(name)
          pending.push(value)
        }
      } else this.constants.push(...edges(exactValue(next)))
    }
  }

  private pick<T>(options: readonly T[]): T {
    return options[this.random(options.length)]
  }

  private anything(depth: number): ExactValue {
    switch (depth >= maxDepth ? 2 : this.random(6)) {
      case 0:
        return Array.from({ length: this.random(4) }, () => this.anything(depth + 1))
      case 1:
        return new Map(Array.from({ length: this.random(4) }, () => [this.pick(this.names), this.anything(depth + 1)]))
      default:
        return this.pick(this.constants)
    }
  }

  private spoil(value: ExactValue): ExactValue {
    if (isObject(value) && value.size > 0 && this.random(4) > 0) {
      const copy = new Map(value)
      const key = this.pick([...value.keys()])
      const action = this.random(4)
      if (action === 0) copy.delete(key)
      else if (action === 1) copy.set(this.pick(this.names), this.anything(2))
      else copy.set(key, this.spoil(value.get(key)!))
      return copy
    }
    if (isArray(value) && value.length > 0 && this.random(4) > 0) {
      const at = this.random(value.length)
      const action = this.random(4)
      if (action === 0) return value.filter((_, i) => i !== at)
      if (action === 1) return [...value, this.pick(value)]
      return value.map((item, i) => (i === at ? this.spoil(item) : item))
    }
    return this.anything(3)
  }

  /** A value for several schemas at once; the branches of choices are taken at random. */
  private value(starts: readonly Place[], depth: number): ExactValue {
    if (depth > maxDepth || this.random(40) === 0) return this.anything(depth)
    const keywords = this.inPlace(starts)
    const all = (name: string) =>
      keywords.flatMap(([place, own]) => (own.has(name) ? [{ place, node: own.get(name)! }] : []))
    const listed = [...all('enum').flatMap(({ node }) => itemsOf(node)), ...all('const').map(({ node }) => node)]
    if (listed.length > 0 && this.random(12) > 0) return exactValue(this.pick(listed))
    const types = all('type').flatMap(({ node }) => (node.kind === 'array' ? namesIn(node) : [textOf(node)!]))
    switch (types.length > 0 ? this.pick(types) : this.guessType(keywords)) {
      case 'object':
        return this.object(all, depth)
      case 'array':
        return this.array(all, depth)
      case 'string':
        return this.string(all)
      case 'number':
      case 'integer':
        return this.pick(this.constants.filter((constant) => constant instanceof Rational))
      case 'boolean':
        return this.random(2) === 0
      case 'null':
        return null
      default:
        return this.anything(depth)
    }
  }

  private guessType(keywords: [Place, Keywords][]): string | undefined {
    const names = new Set(keywords.flatMap(([, own]) => [...own.keys()]))
    const hints = { object: objectHints, array: arrayHints, string: stringHints, number: numberHints }
    const fitting = Object.entries(hints).filter(([, hinted]) => hinted.some((name) => names.has(name)))
    return fitting.length > 0 && this.random(8) > 0 ? this.pick(fitting)[0] : undefined
  }

  private inPlace(starts: readonly Place[]): [Place, Keywords][] {
    const reached: [Place, Keywords][] = []
    const pending = [...starts]
    for (let place = pending.pop(); place && reached.length < 40; place = pending.pop()) {
      if (place.node.kind !== 'object') continue
      const keywords = effectiveKeywords(place.node, place.resource.dialect)
      reached.push([place, keywords])
      const here = place
      const references = this.documents[0]
      const at = (node: JsonNode, path: string) => references.at(node, here, path)
      for (const [name, node] of keywords) {
        const branches = itemsOf(node).map((item, i) => at(item, `/${name}/${i}`))
        if (name === 'allOf') pending.push(...branches)
        else if ((name === 'anyOf' || name === 'oneOf') && branches.length > 0) pending.push(this.pick(branches))
        else if (['if', 'then', 'else'].includes(name) && this.random(2) === 0) pending.push(at(node, `/${name}`))
        else if (['$ref', '$dynamicRef'].includes(name)) pending.push(references.resolve(textOf(node)!, place))
        else if (name === '$recursiveRef') pending.push(references.resolveRecursive(place, []))
        else if (name === 'dependentSchemas' || name === 'dependencies') {
          for (const [key, schema] of membersOf(node)) {
            if (schema.kind === 'object' && this.random(2) === 0)
              pending.push(at(schema, `/${name}/${pointerToken(key)}`))
          }
        }
      }
    }
    return reached
  }

  private object(all: All, depth: number): ExactValue {
    const references = this.documents[0]
    const object = new Map<string, ExactValue>()
    const rest = ['additionalProperties', 'unevaluatedProperties'].flatMap((name) =>
      all(name).map(({ place, node }) => references.at(node, place, `/${name}`)),
    )
    const declared = new Map<string, Place[]>()
    for (const { place, node } of all('properties')) {
      for (const [name, schema] of membersOf(node)) {
        const at = references.at(schema, place, `/properties/${pointerToken(name)}`)
        declared.set(name, [...(declared.get(name) ?? []), at])
      }
    }
    const wanted = new Set(all('required').flatMap(({ node }) => namesIn(node)))
    const density = this.random(4)
    for (const name of declared.keys()) if (this.random(4) < density) wanted.add(name)
    for (const { place, node } of all('patternProperties')) {
      for (const [pattern, schema] of membersOf(node)) {
        if (this.random(2) === 0) continue
        const name = this.pick(this.wordsOf(pattern))
        declared.set(name, [references.at(schema, place, `/patternProperties/${pointerToken(pattern)}`)])
        wanted.add(name)
      }
    }
    while (this.random(3) === 0) wanted.add(this.pick(this.names))
    for (const name of wanted) object.set(name, this.value(declared.get(name) ?? rest, depth + 1))
    return object
  }

  private array(all: All, depth: number): ExactValue {
    const references = this.documents[0]
    const prefix: Place[] = []
    const rest: Place[] = []
    for (const name of ['items', 'prefixItems', 'additionalItems', 'contains', 'unevaluatedItems']) {
      for (const { place, node } of all(name)) {
        if (node.kind !== 'array') rest.push(references.at(node, place, `/${name}`))
        else node.items.forEach((item, i) => (prefix[i] = references.at(item, place, `/${name}/${i}`)))
      }
    }
    const length = this.random(prefix.length + 4)
    return Array.from({ length }, (_, i) =>
      prefix[i]
        ? this.value([prefix[i]], depth + 1)
        : rest.length > 0
          ? this.value([this.pick(rest)], depth + 1)
          : this.anything(depth + 1),
    )
  }

  private string(all: All): ExactValue {
    const patterns = all('pattern').map(({ node }) => textOf(node)!)
    if (patterns.length > 0 && this.random(6) > 0) return this.pick(this.wordsOf(this.pick(patterns)))
    const limits = ['minLength', 'maxLength'].flatMap((name) => all(name).map(({ node }) => countOf(node) ?? 0))
    if (limits.length > 0 && this.random(3) > 0) {
      return 'abcdefgh'.repeat(40).slice(0, Math.min(300, Math.max(0, this.pick(limits) + this.random(3) - 1)))
    }
    return this.pick(this.constants.filter((constant) => typeof constant === 'string'))
  }

  private wordsOf(pattern: string): string[] {
    let words = this.words.get(pattern)
    if (!words) {
      const node = this.arena.node(patternFormula(pattern, this.arena))
      words = node.kind === 'language' ? this.arena.words.shortest(node.language, 12) : []
      if (words.length === 0) words.push('a')
      this.words.set(pattern, words)
    }
    return words
  }
}

type All = (name: string) => { place: Place; node: JsonNode }[]

const objectHints = [
  'properties',
  'required',
  'additionalProperties',
  'patternProperties',
  'propertyNames',
  'minProperties',
]
const arrayHints = ['items', 'prefixItems', 'contains', 'minItems', 'uniqueItems', 'unevaluatedItems']
const stringHints = ['pattern', 'minLength', 'maxLength']
const numberHints = ['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum']

function edges(value: ExactValue): ExactValue[] {
  if (!(value instanceof Rational)) return [value]
  return [value, value.plus(Rational.one), value.minus(Rational.one), value.plus(tiny), value.minus(tiny)]
}
