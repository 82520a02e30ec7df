import type { JsonNode } from '../../../text/json-document.js'
import type { Arena } from '../logic/arena.js'
import type { Id } from '../logic/node.js'
import { Undecided } from '../undecided.js'
import { typeBit } from '../values/exact-value.js'
import type { Compiler, Context } from './compiler.js'
import { effectiveKeywords, itemsOf, type Keywords, membersOf } from './effective-keywords.js'
import { type Place, pointerToken, type Scope } from './references.js'

/** One way in which a schema can hold, and what it evaluates in that case. */
export interface Case {
  condition: Id
  /** Formula about the keys that count as evaluated. */
  keys: Id
  /** How many leading items count as evaluated. */
  items: number
  /** Items that satisfy this count as evaluated, too (`contains` in 2020-12). */
  contained: Id
}

const maxCases = 256

/** Finds out what schemas evaluate, for the `unevaluated*` keywords around them. */
export class EvaluatedCases {
  private readonly done = new Map<string, Case[]>()
  private readonly open = new Set<string>()

  constructor(private readonly compiler: Compiler) {}

  /**
   * The ways in which a schema can hold, each with what it evaluates then: what `unevaluated*` outside needs to know.
   * A way does not say that other branches fail: evaluating more only makes `unevaluated*` easier to satisfy, so the
   * union over all ways is exact.
   */
  cases(place: Place, outer: Scope): Case[] {
    const { node } = place
    if (node.kind !== 'object') return [noAnnotations(this.compiler.compile(place, outer), this.compiler.arena)]
    const scope = this.compiler.references.enter(outer, place)
    const key = this.compiler.keyOf(place, scope)
    let cases = this.done.get(key)
    if (!cases) {
      if (this.open.has(key)) throw new Undecided('unevaluated* over a schema that refers to itself in place')
      this.open.add(key)
      const keywords = effectiveKeywords(node, place.resource.dialect)
      cases = this.close(this.adjacentCases(place, scope, keywords), { place, scope, keywords })
      this.open.delete(key)
      this.done.set(key, cases)
    }
    return cases
  }

  /** The cases of everything but the unevaluated keywords. */
  private adjacentCases(place: Place, scope: Scope, keywords: Keywords): Case[] {
    const { arena } = this.compiler
    const context = { place, scope, keywords }
    let cases: Case[] = [this.ownCase(context)]
    const combine = (...more: Case[][]) => {
      for (const next of more) cases = combineCases(cases, next, arena)
    }
    const sub = (node: JsonNode, path: string) => this.cases(this.compiler.references.at(node, place, path), scope)
    const plain = (id: Id) => noAnnotations(id, arena)
    for (const [name, node] of keywords) {
      const list = () =>
        itemsOf(node).map((item, i) => ({
          cases: sub(item, `/${name}/${i}`),
          id: this.compiler.child(context, item, `/${name}/${i}`),
        }))
      switch (name) {
        case '$ref':
        case '$dynamicRef':
        case '$recursiveRef':
          combine(this.cases(this.compiler.target(context, name), scope))
          break
        case 'allOf':
          combine(...list().map((branch) => branch.cases))
          break
        case 'anyOf': {
          const branches = list()
          const any = plain(arena.or(...branches.map(({ id }) => id)))
          // Each branch that evaluates anything: counted on to hold, or not counted on.
          combine(
            [any],
            ...branches.map((branch) => [plain(arena.true), ...branch.cases.filter(evaluatesAnything(arena))]),
          )
          break
        }
        case 'oneOf': {
          const branches = list()
          combine(
            branches.flatMap((branch, i) =>
              branch.cases.map((one) => ({
                ...one,
                condition: arena.and(
                  one.condition,
                  ...branches.filter((_, j) => j !== i).map(({ id }) => arena.not(id)),
                ),
              })),
            ),
          )
          break
        }
        case 'not':
          combine([plain(arena.not(this.compiler.child(context, node, '/not')))])
          break
        case 'if': {
          const branch = (which: 'then' | 'else') => {
            const schema = keywords.get(which)
            return schema ? sub(schema, `/${which}`) : [plain(arena.true)]
          }
          combine([
            ...combineCases(sub(node, '/if'), branch('then'), arena),
            ...combineCases([plain(arena.not(this.compiler.child(context, node, '/if')))], branch('else'), arena),
          ])
          break
        }
        case 'dependentRequired':
          combine([plain(arena.and(...this.compiler.applicators({ ...context, keywords: new Map([[name, node]]) })))])
          break
        case 'dependentSchemas':
          for (const [key, value] of membersOf(node)) {
            const lacks = this.compiler.lacks(key)
            const present = combineCases([plain(arena.not(lacks))], sub(value, `/${name}/${pointerToken(key)}`), arena)
            combine([plain(lacks), ...present])
          }
          break
      }
    }
    return cases
  }

  private ownCase(context: Context): Case {
    const { arena } = this.compiler
    const { place, keywords } = context
    const { prefix, rest } = this.compiler.itemParts(context)
    const contains = keywords.get('contains')
    const marksItems = place.resource.dialect === '2020-12' && contains
    return {
      condition: arena.and(...this.compiler.assertions(context)),
      keys: keywords.has('additionalProperties') ? allKeys(arena) : this.compiler.declaredKeys(keywords),
      items: rest ? Infinity : prefix.length,
      contained: marksItems ? this.compiler.child(context, contains, '/contains') : arena.false,
    }
  }

  /** Adds the unevaluated keywords to each case. */
  private close(cases: Case[], context: Context): Case[] {
    const { arena } = this.compiler
    const properties = context.keywords.get('unevaluatedProperties')
    const items = context.keywords.get('unevaluatedItems')
    return cases.map((one) => {
      const closed = { ...one }
      if (properties) {
        const value = this.compiler.child(context, properties, '/unevaluatedProperties')
        closed.condition = arena.and(closed.condition, arena.keys(arena.not(one.keys), value))
        closed.keys = allKeys(arena)
      }
      if (items) {
        const item = arena.or(this.compiler.child(context, items, '/unevaluatedItems'), one.contained)
        closed.condition = arena.and(closed.condition, arena.items(one.items, Infinity, item))
        closed.items = Infinity
      }
      return closed
    })
  }
}

function noAnnotations(condition: Id, arena: Arena): Case {
  return { condition, keys: arena.false, items: 0, contained: arena.false }
}

function allKeys(arena: Arena): Id {
  return arena.type(typeBit.string)
}

/** All pairs of a case of one part and a case of the other. */
function combineCases(left: Case[], right: Case[], arena: Arena): Case[] {
  const combined = new Map<string, Case>()
  for (const a of left) {
    for (const b of right) {
      const condition = arena.and(a.condition, b.condition)
      if (condition === arena.false) continue
      const both: Case = {
        condition,
        keys: arena.or(a.keys, b.keys),
        items: Math.max(a.items, b.items),
        contained: arena.or(a.contained, b.contained),
      }
      combined.set(`${condition} ${both.keys} ${both.items} ${both.contained}`, both)
      if (combined.size > maxCases)
        throw new Undecided(`unevaluated* over more than ${maxCases} combinations of branches`)
    }
  }
  return [...combined.values()]
}

function evaluatesAnything(arena: Arena): (one: Case) => boolean {
  return ({ keys, items, contained }) => keys !== arena.false || items > 0 || contained !== arena.false
}
