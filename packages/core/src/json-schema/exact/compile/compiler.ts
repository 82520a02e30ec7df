import type { JsonNode, JsonObject } from '../../../text/json-document.js'
import type { Arena } from '../logic/arena.js'
import type { Id } from '../logic/node.js'
import { Undecided } from '../undecided.js'
import { everyType, exactValue, numberBits, typeBit } from '../values/exact-value.js'
import { Rational } from '../values/rational.js'
import {
  countOf,
  effectiveKeywords,
  isTrue,
  itemsOf,
  type Keywords,
  membersOf,
  namesIn,
  textOf,
} from './effective-keywords.js'
import { EvaluatedCases } from './evaluated.js'
import { formatFormula } from './formats.js'
import { hasItemLists } from './keywords.js'
import { patternFormula } from './patterns.js'
import { type Place, pointerToken, type References, type Scope } from './references.js'
import { selfContainedText } from './self-contained.js'

const typeMasks: Record<string, number> = { ...typeBit, number: numberBits }
const maxDepth = 1200

/** The least and the most that a pair of count keywords allows. */
function range(keywords: Keywords, least: string, most: string, otherwise = 0): [number, number] {
  return [countOf(keywords.get(least)) ?? otherwise, countOf(keywords.get(most)) ?? Infinity]
}

/** A schema object under way, with the keywords that count. */
export interface Context {
  place: Place
  scope: Scope
  keywords: Keywords
}

/** Turns the schemas of one document into formulas. Equal schemas become equal formulas, wherever they stand. */
export class Compiler {
  private readonly done = new Map<string, Id>()
  private readonly open = new Map<string, Id | undefined>()
  private readonly evaluated = new EvaluatedCases(this)
  private readonly numbers = new Map<JsonNode, number>()
  private readonly variables: Id[] = []
  private depth = 0

  constructor(
    readonly arena: Arena,
    readonly references: References,
    private readonly assertFormats: boolean,
    /** Formulas by self-contained text, for all schemas of the question: most of two versions is the same. */
    private readonly shared: Map<string, Id>,
  ) {}

  /** @throws Undecided for what cannot be modelled */
  root(): Id {
    const id = this.compile(this.references.root, [])
    for (const variable of this.variables) this.refuseEmptyLoop(variable)
    return id
  }

  compile(place: Place, scope: Scope): Id {
    const { node } = place
    if (node.kind !== 'object') return isTrue(node) ? this.arena.true : this.arena.false
    const text = selfContainedText(node, place.resource.dialect)
    if (text === undefined) return this.compileOnce(place, node, scope)
    let id = this.shared.get(text)
    if (id === undefined) this.shared.set(text, (id = this.nested(() => this.schema(place, node, scope))))
    return id
  }

  private nested(compile: () => Id): Id {
    if (++this.depth > maxDepth) throw new Undecided(`schemas nested more than ${maxDepth} deep`)
    const id = compile()
    this.depth--
    return id
  }

  private compileOnce(place: Place, node: JsonObject, scope: Scope): Id {
    const inner = this.references.enter(scope, place)
    const key = this.keyOf(place, inner)
    const known = this.done.get(key)
    if (known !== undefined) return known
    if (this.open.has(key)) {
      const variable = this.open.get(key) ?? this.arena.variable()
      this.open.set(key, variable)
      return variable
    }
    this.open.set(key, undefined)
    let id = this.nested(() => this.schema(place, node, inner))
    const variable = this.open.get(key)
    if (variable !== undefined) {
      this.arena.define(variable, id)
      this.variables.push(variable)
      id = variable
    }
    this.open.delete(key)
    this.done.set(key, id)
    return id
  }

  keyOf(place: Place, scope: Scope): string {
    let number = this.numbers.get(place.node)
    if (number === undefined) this.numbers.set(place.node, (number = this.numbers.size))
    return scope.length === 0 ? String(number) : `${number} ${scope.map((resource) => resource.uri).join(' ')}`
  }

  private schema(place: Place, node: JsonObject, scope: Scope): Id {
    const keywords = effectiveKeywords(node, place.resource.dialect)
    if (keywords.has('unevaluatedProperties') || keywords.has('unevaluatedItems')) {
      return this.arena.or(...this.evaluated.cases(place, scope).map(({ condition }) => condition))
    }
    const context = { place, scope, keywords }
    return this.arena.and(...this.assertions(context), ...this.applicators(context))
  }

  /** A JSON value can be unrolled into a schema for ever only through properties and items. */
  private refuseEmptyLoop(start: Id): void {
    const seen = new Set<Id>()
    const pending = [start]
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const node = this.arena.node(id)
      const inner =
        node.kind === 'variable'
          ? [this.arena.definition(node)]
          : 'of' in node && node.kind !== 'multiple'
            ? node.of
            : []
      for (const next of inner) {
        if (next === start || next === this.arena.not(start)) {
          throw new Undecided('a reference leads back to itself without reading any of the message')
        }
        if (!seen.has(next)) {
          seen.add(next)
          pending.push(next)
        }
      }
    }
  }

  child(context: Context, node: JsonNode, path: string): Id {
    return this.compile(this.references.at(node, context.place, path), context.scope)
  }

  /** As `child`, compiled only once something asks about it: of most properties of two versions nothing does. */
  private later(context: Context, node: JsonNode, path: string): Id {
    const text =
      node.kind === 'object' && node.members.size > 0
        ? selfContainedText(node, context.place.resource.dialect)
        : undefined
    if (text === undefined) return this.child(context, node, path)
    const key = `later ${text}`
    let id = this.shared.get(key)
    if (id === undefined) this.shared.set(key, (id = this.arena.later(() => this.child(context, node, path))))
    return id
  }

  private children(context: Context, name: string, list: JsonNode): Id[] {
    return itemsOf(list).map((item, i) => this.child(context, item, `/${name}/${i}`))
  }

  /** Keywords that look at the value and its children, the unevaluated ones left out. */
  assertions(context: Context): Id[] {
    const parts: Id[] = []
    for (const [name, node] of context.keywords) parts.push(...this.assertion(context, name, node))
    return parts
  }

  private assertion(context: Context, name: string, node: JsonNode): readonly Id[] {
    const { arena } = this
    const { keywords } = context
    switch (name) {
      case 'type': {
        let mask = 0
        for (const type of node.kind === 'array' ? namesIn(node) : [textOf(node)!]) mask |= typeMasks[type]
        return [arena.type(mask)]
      }
      case 'enum':
        return [arena.in(itemsOf(node).map(exactValue))]
      case 'const':
        return [arena.in([exactValue(node)])]
      case 'minimum':
      case 'exclusiveMinimum':
        return this.bounds('min', keywords.get('minimum'), keywords.get('exclusiveMinimum'))
      case 'maximum':
      case 'exclusiveMaximum':
        return this.bounds('max', keywords.get('maximum'), keywords.get('exclusiveMaximum'))
      case 'multipleOf':
        return [this.multiple(node)]
      case 'minLength':
      case 'maxLength':
        return [arena.language(arena.languages.lengths(...range(keywords, 'minLength', 'maxLength')))]
      case 'pattern':
        return [patternFormula(textOf(node)!, arena)]
      case 'format':
        return this.assertFormats ? [formatFormula(textOf(node)!, arena)] : []
      case 'minItems':
      case 'maxItems':
        return [arena.size('array-size', ...range(keywords, 'minItems', 'maxItems'))]
      case 'uniqueItems':
        return isTrue(node) ? [arena.unique()] : []
      case 'prefixItems':
      case 'items':
      case 'additionalItems':
        return this.itemSchemas(context)
      case 'contains': {
        const matching = this.child(context, node, '/contains')
        return [arena.count(0, Infinity, matching, ...range(keywords, 'minContains', 'maxContains', 1))]
      }
      case 'minProperties':
      case 'maxProperties':
        return [arena.size('object-size', ...range(keywords, 'minProperties', 'maxProperties'))]
      case 'required':
        return this.required(namesIn(node))
      case 'properties':
        return membersOf(node).map(([key, value]) =>
          arena.keys(arena.name(key), this.later(context, value, `/properties/${pointerToken(key)}`)),
        )
      case 'patternProperties':
        return membersOf(node).map(([pattern, value]) =>
          arena.keys(
            patternFormula(pattern, arena),
            this.child(context, value, `/patternProperties/${pointerToken(pattern)}`),
          ),
        )
      case 'additionalProperties': {
        const others = arena.not(this.declaredKeys(keywords))
        return [arena.keys(others, this.child(context, node, '/additionalProperties'))]
      }
      case 'propertyNames':
        return [arena.keys(arena.not(this.child(context, node, '/propertyNames')), arena.false)]
      default:
        return []
    }
  }

  private required(names: string[]): Id[] {
    return names.map((name) => this.arena.someKey(this.arena.name(name), this.arena.true))
  }

  private multiple(node: JsonNode): Id {
    const divisor = Rational.parse(node.kind === 'number' ? node.lexeme : '')
    if (divisor.equals(Rational.one)) return this.arena.type(everyType & ~typeBit.fraction)
    return this.arena.multiple(divisor)
  }

  /** Up to draft-04 `exclusive` says how the bound is meant, later it is a bound of its own. */
  private bounds(side: 'min' | 'max', bound: JsonNode | undefined, exclusive: JsonNode | undefined): Id[] {
    const parts: Id[] = []
    if (bound?.kind === 'number') {
      parts.push(this.arena.bound(side, Rational.parse(bound.lexeme), isTrue(exclusive)))
    }
    if (exclusive?.kind === 'number') parts.push(this.arena.bound(side, Rational.parse(exclusive.lexeme), true))
    return parts
  }

  /** Keys that `properties` and `patternProperties` speak of. */
  declaredKeys(keywords: Keywords): Id {
    const { arena } = this
    return arena.or(
      arena.in(membersOf(keywords.get('properties')).map(([name]) => name)),
      ...membersOf(keywords.get('patternProperties')).map(([pattern]) => patternFormula(pattern, arena)),
    )
  }

  /** The schemas of leading items and the keyword and schema of the rest. */
  itemParts({ place, keywords }: Context): { prefix: JsonNode[]; prefixName: string; rest?: string } {
    const items = keywords.get('items')
    if (!hasItemLists(place.resource.dialect)) {
      return { prefix: itemsOf(keywords.get('prefixItems')), prefixName: 'prefixItems', rest: items && 'items' }
    }
    if (items?.kind !== 'array') return { prefix: [], prefixName: 'items', rest: items && 'items' }
    return {
      prefix: items.items,
      prefixName: 'items',
      rest: keywords.has('additionalItems') ? 'additionalItems' : undefined,
    }
  }

  private itemSchemas(context: Context): Id[] {
    const { arena } = this
    const { keywords } = context
    const { prefix, prefixName, rest } = this.itemParts(context)
    const parts = prefix.map((node, i) => arena.items(i, i + 1, this.child(context, node, `/${prefixName}/${i}`)))
    if (rest) {
      parts.push(arena.items(prefix.length, Infinity, this.child(context, keywords.get(rest)!, `/${rest}`)))
    }
    return parts
  }

  /** Keywords that apply schemas to the value itself. */
  applicators(context: Context): Id[] {
    const { arena } = this
    const { keywords } = context
    const parts: Id[] = []
    for (const [name, node] of keywords) {
      switch (name) {
        case '$ref':
        case '$dynamicRef':
        case '$recursiveRef':
          parts.push(this.compile(this.target(context, name), context.scope))
          break
        case 'allOf':
          parts.push(...this.children(context, name, node))
          break
        case 'anyOf':
          parts.push(arena.or(...this.children(context, name, node)))
          break
        case 'oneOf':
          parts.push(this.exactlyOne(this.children(context, name, node)))
          break
        case 'not':
          parts.push(arena.not(this.child(context, node, '/not')))
          break
        case 'if':
          parts.push(this.conditional(context, this.child(context, node, '/if')))
          break
        case 'dependencies':
        case 'dependentSchemas':
        case 'dependentRequired':
          for (const [key, value] of membersOf(node)) {
            const then =
              value.kind === 'array'
                ? arena.and(...this.required(namesIn(value)))
                : this.child(context, value, `/${name}/${pointerToken(key)}`)
            parts.push(arena.or(this.lacks(key), then))
          }
          break
      }
    }
    return parts
  }

  /** True of what is no object, or an object without the key. */
  lacks(key: string): Id {
    return this.arena.keys(this.arena.name(key), this.arena.false)
  }

  private conditional(context: Context, condition: Id): Id {
    const branch = (name: 'then' | 'else') => {
      const node = context.keywords.get(name)
      return node ? this.child(context, node, `/${name}`) : this.arena.true
    }
    return this.arena.and(
      this.arena.or(this.arena.not(condition), branch('then')),
      this.arena.or(condition, branch('else')),
    )
  }

  private exactlyOne(branches: Id[]): Id {
    const { arena } = this
    if (branches.length > 1000) throw new Undecided(`a oneOf of ${branches.length} branches`)
    return arena.or(
      ...branches.map((branch, i) =>
        arena.and(branch, ...branches.filter((_, j) => j !== i).map((other) => arena.not(other))),
      ),
    )
  }

  target({ place, scope, keywords }: Context, name: string): Place {
    const reference = textOf(keywords.get(name))!
    if (name === '$dynamicRef') return this.references.resolveDynamic(reference, place, scope)
    if (name === '$recursiveRef') return this.references.resolveRecursive(place, scope)
    return this.references.resolve(reference, place)
  }
}
