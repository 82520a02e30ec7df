import type { Language, Languages } from '../patterns/language.js'
import type { Words } from '../patterns/words.js'
import { everyType, type ExactValue, keyOf, numberBits, typeBit, typeOf } from '../values/exact-value.js'
import type { Rational } from '../values/rational.js'
import type { Id, Node, OpaqueTest, ValueSet } from './node.js'

/** Makes formulas, each once, simplified where that is cheap and always right. */
export class Arena {
  private readonly nodes: Node[] = []
  private readonly ids = new Map<string, Id>()
  private readonly duals: (Id | undefined)[] = []
  /** Types that have a value for which the formula may hold; those for all of whose values it holds. */
  private readonly possible: number[] = []
  private readonly certain: number[] = []
  private readonly definitions: (Id | (() => Id) | undefined)[] = []
  private readonly opaqueIds = new Map<string, number>()
  private readonly names = new Map<string, Id>()
  private readonly recursive = new Set<number>()

  readonly true: Id
  readonly false: Id

  constructor(
    readonly languages: Languages,
    readonly words: Words,
  ) {
    this.true = this.intern('true', { kind: 'true' }, everyType, everyType)
    this.false = this.intern('false', { kind: 'false' }, 0, 0)
    this.pair(this.true, this.false)
  }

  node(id: Id): Node {
    return this.nodes[id]
  }

  possibleTypes(id: Id): number {
    return this.possible[id]
  }

  certainTypes(id: Id): number {
    return this.certain[id]
  }

  type(mask: number): Id {
    if (mask === 0) return this.false
    if (mask === everyType) return this.true
    return this.intern(`type ${mask}`, { kind: 'type', mask }, mask, mask)
  }

  bound(side: 'min' | 'max', value: Rational, exclusive: boolean): Id {
    return this.atom(`${side} ${value.key} ${exclusive}`, { kind: 'bound', side, value, exclusive }, numberBits)
  }

  multiple(of: Rational, negated = false): Id {
    return this.atom(`multiple ${of.key} ${negated}`, { kind: 'multiple', of, negated }, numberBits)
  }

  language(language: Language): Id {
    if (language === this.languages.everything) return this.true
    if (language === this.languages.nothing) return this.type(everyType & ~typeBit.string)
    return this.atom(`language ${language}`, { kind: 'language', language }, typeBit.string)
  }

  /** @param test equal names mean equal tests */
  opaque(test: OpaqueTest, negated = false): Id {
    const known = this.opaqueIds.get(test.name) ?? this.opaqueIds.size
    this.opaqueIds.set(test.name, known)
    return this.atom(`opaque ${known} ${negated}`, { kind: 'opaque', test, negated }, typeBit.string)
  }

  in(values: Iterable<ExactValue>): Id {
    return this.inSet(new Map([...values].map((value) => [keyOf(value), value])))
  }

  /** The one string: most keys of objects are told apart by it. */
  name(text: string): Id {
    let id = this.names.get(text)
    if (id === undefined) this.names.set(text, (id = this.in([text])))
    return id
  }

  private inSet(values: ValueSet): Id {
    if (values.size === 0) return this.false
    let mask = 0
    for (const value of values.values()) mask |= typeOf(value)
    const booleans = values.has('t') && values.has('f') ? typeBit.boolean : 0
    return this.intern(
      `in ${[...values.keys()].sort().join()}`,
      { kind: 'in', values },
      mask,
      booleans | (values.has('n') ? typeBit.null : 0),
    )
  }

  private notInSet(values: ValueSet): Id {
    return this.not(this.inSet(values))
  }

  notIn(values: Iterable<ExactValue>): Id {
    return this.not(this.in(values))
  }

  items(from: number, to: number, item: Id): Id {
    if (item === this.true || from >= to) return this.true
    return this.atom(`items ${from} ${to} ${item}`, { kind: 'items', from, to, item }, typeBit.array)
  }

  count(from: number, to: number, item: Id, min: number, max: number): Id {
    if (min <= 0 && (max >= to - from || item === this.false)) return this.true
    if (min > max || min === Infinity || min > to - from || (item === this.false && min > 0)) {
      return this.type(everyType & ~typeBit.array)
    }
    if (max === 0) return this.items(from, to, this.not(item))
    if (item === this.true && from === 0 && to === Infinity) return this.size('array-size', min, max)
    const key = `count ${from} ${to} ${item} ${min} ${max}`
    return this.atom(key, { kind: 'count', from, to, item, min, max }, typeBit.array)
  }

  size(kind: 'array-size' | 'object-size', min: number, max: number): Id {
    const type = kind === 'array-size' ? typeBit.array : typeBit.object
    if (min <= 0 && max === Infinity) return this.true
    if (min > max || min === Infinity || max < 0) return this.type(everyType & ~type)
    return this.atom(`${kind} ${min} ${max}`, { kind, min: Math.max(0, min), max }, type)
  }

  unique(negated = false): Id {
    return this.atom(`unique ${negated}`, { kind: 'unique', negated }, typeBit.array)
  }

  /** Every member whose key satisfies `key` has a value that satisfies `value`. */
  keys(key: Id, value: Id): Id {
    if (key === this.false || value === this.true) return this.true
    return this.atom(`keys ${key} ${value}`, { kind: 'keys', key, value }, typeBit.object)
  }

  someKey(key: Id, value: Id): Id {
    if (key === this.false || value === this.false) return this.type(everyType & ~typeBit.object)
    if (key === this.true && value === this.true) return this.size('object-size', 1, Infinity)
    return this.atom(`some ${key} ${value}`, { kind: 'some-key', key, value }, typeBit.object)
  }

  /** A name for a schema that is still being read; `define` says later what it stands for. */
  variable(): Id {
    const variable = this.definitions.length
    this.definitions.push(undefined)
    const positive = this.intern(`+${variable}`, { kind: 'variable', variable, negated: false }, everyType, 0)
    const negative = this.intern(`-${variable}`, { kind: 'variable', variable, negated: true }, everyType, 0)
    this.pair(positive, negative)
    return positive
  }

  /** A formula that is made when it is first looked into. */
  later(make: () => Id): Id {
    const variable = this.variable()
    this.definitions[this.definitions.length - 1] = make
    return variable
  }

  /** What a formula made by `later`, or its dual, stands for; any other is itself. */
  made(id: Id): Id {
    const node = this.node(id)
    return node.kind === 'variable' && !this.recursive.has(node.variable) ? this.definition(node) : id
  }

  define(variable: Id, body: Id): void {
    const node = this.node(variable)
    if (node.kind !== 'variable') return
    this.definitions[node.variable] = body
    this.recursive.add(node.variable)
  }

  definition(node: Node & { kind: 'variable' }): Id {
    let body = this.definitions[node.variable]
    if (typeof body === 'function') this.definitions[node.variable] = body = body()
    if (body === undefined) throw new Error('a variable is used before it is defined')
    return node.negated ? this.not(body) : body
  }

  and(...formulas: Id[]): Id {
    const members = new Set<Id>()
    let mask = everyType
    let values: ValueSet | undefined
    const excluded: ValueSet[] = []
    for (const id of this.flat('and', formulas)) {
      if (id === this.false) return this.false
      const node = this.node(id)
      if (node.kind === 'type') mask &= node.mask
      else if (node.kind === 'in') values = values ? filter(values, (key) => node.values.has(key)) : node.values
      else if (node.kind === 'not-in') excluded.push(node.values)
      else if (id !== this.true) {
        members.add(id)
        mask &= this.possible[id]
      }
    }
    if (values) {
      const left = filter(values, (key, value) => (typeOf(value) & mask) !== 0 && !excluded.some((set) => set.has(key)))
      if (left.size === 0) return this.false
      const id = this.inSet(left)
      members.add(id)
      mask = this.possible[id]!
    } else {
      if (excluded.length > 0) {
        const all = excluded.length === 1 ? excluded[0] : new Map(excluded.flatMap((set) => [...set]))
        const out = filter(all, (_, value) => (typeOf(value) & mask) !== 0)
        if (out.size > 0) members.add(this.notInSet(out))
      }
      if (mask === 0) return this.false
      let implied = everyType
      for (const id of members) implied &= this.possible[id]
      if (mask !== implied) members.add(this.type(mask))
    }
    for (const id of members) {
      if (members.has(this.duals[id] ?? -1)) return this.false
      // What holds for every value of the types that are left says nothing.
      if ((mask & ~this.certain[id]) === 0 && this.node(id).kind !== 'type' && this.node(id).kind !== 'in') {
        members.delete(id)
      }
    }
    return this.combine('and', members, mask)
  }

  /** What a conjunction asks for beyond another: without the members that are said there, too. */
  beyond(id: Id, said: Id): Id {
    const node = this.node(id)
    const other = this.node(said)
    if (node.kind !== 'and') return id === said ? this.true : id
    const members = new Set(other.kind === 'and' ? other.of : [said])
    return this.and(...node.of.filter((member) => !members.has(member)))
  }

  or(...formulas: Id[]): Id {
    const members = new Set<Id>()
    let mask = 0
    let values: ValueSet | undefined
    for (const id of this.flat('or', formulas)) {
      if (id === this.true) return this.true
      const node = this.node(id)
      if (node.kind === 'type') mask |= node.mask
      else if (node.kind === 'in') values = values ? new Map([...values, ...node.values]) : node.values
      else if (id !== this.false) members.add(id)
    }
    if (mask !== 0) {
      if (values) values = filter(values, (_, value) => (typeOf(value) & mask) === 0)
      for (const id of [...members]) {
        if ((this.possible[id] & ~mask) === 0) members.delete(id)
        const freed = this.withoutType(id, mask)
        if (freed === undefined) continue
        members.delete(id)
        if (freed === this.true) return this.true
        members.add(freed)
      }
    }
    if (values && values.size > 0) members.add(this.inSet(values))
    let certain = 0
    for (const id of members) {
      certain |= this.certain[id]
      if (members.has(this.duals[id] ?? -1)) return this.true
    }
    if ((certain | mask) === everyType) return this.true
    if ((mask & ~certain) !== 0) members.add(this.type(mask))
    return this.combine('or', members, 0)
  }

  /** In `T or (not-T and X)` the middle says nothing. */
  private withoutType(id: Id, mask: number): Id | undefined {
    const node = this.node(id)
    if (node.kind !== 'and') return undefined
    const type = node.of.find((member) => this.node(member).kind === 'type')
    if (type === undefined || (mask | this.possible[type]) !== everyType) return undefined
    return this.and(...node.of.filter((member) => member !== type))
  }

  not(id: Id): Id {
    let dual = this.duals[id]
    if (dual === undefined) {
      dual = this.negate(this.node(id))
      this.pair(id, dual)
    }
    return dual
  }

  /**
   * The dual where it is at hand. Where it is not, no formula made so far is likely to contain it: nobody asked for the
   * dual of what it says about members or items. Making it only to find that out would negate whole schemas.
   */
  dualAtHand(id: Id): Id | undefined {
    const dual = this.duals[id]
    if (dual !== undefined) return dual
    const node = this.node(id)
    switch (node.kind) {
      case 'and':
      case 'or':
        return undefined
      case 'keys':
      case 'some-key':
        return this.duals[node.value] === undefined ? undefined : this.not(id)
      case 'items':
      case 'count':
        return this.duals[node.item] === undefined ? undefined : this.not(id)
      default:
        return this.not(id)
    }
  }

  private negate(node: Node): Id {
    switch (node.kind) {
      case 'and':
        return this.or(...node.of.map((member) => this.not(member)))
      case 'or':
        return this.and(...node.of.map((member) => this.not(member)))
      case 'type':
        return this.type(everyType & ~node.mask)
      case 'bound':
        return this.and(
          this.type(numberBits),
          this.bound(node.side === 'min' ? 'max' : 'min', node.value, !node.exclusive),
        )
      case 'multiple':
        return this.and(this.type(numberBits), this.multiple(node.of, !node.negated))
      case 'language':
        return this.and(this.type(typeBit.string), this.language(this.languages.not(node.language)))
      case 'opaque':
        return this.and(this.type(typeBit.string), this.opaque(node.test, !node.negated))
      case 'in': {
        let mask = everyType
        const certain = this.certain[this.inSet(node.values)]
        for (const value of node.values.values()) mask &= ~typeOf(value)
        const key = `not-in ${[...node.values.keys()].sort().join()}`
        return this.intern(key, { kind: 'not-in', values: node.values }, everyType & ~certain, mask)
      }
      case 'not-in':
        return this.inSet(node.values)
      case 'items':
        return this.and(this.type(typeBit.array), this.count(node.from, node.to, this.not(node.item), 1, Infinity))
      case 'count':
        return this.and(
          this.type(typeBit.array),
          this.or(
            this.count(node.from, node.to, node.item, node.max + 1, Infinity),
            node.min > 0
              ? this.and(this.type(typeBit.array), this.count(node.from, node.to, node.item, 0, node.min - 1))
              : this.false,
          ),
        )
      case 'array-size':
      case 'object-size': {
        const type = this.type(node.kind === 'array-size' ? typeBit.array : typeBit.object)
        return this.or(
          this.and(type, node.max === Infinity ? this.false : this.size(node.kind, node.max + 1, Infinity)),
          this.and(type, node.min === 0 ? this.false : this.size(node.kind, 0, node.min - 1)),
        )
      }
      case 'unique':
        return this.and(this.type(typeBit.array), this.unique(!node.negated))
      case 'keys':
        return this.and(this.type(typeBit.object), this.someKey(node.key, this.not(node.value)))
      case 'some-key':
        return this.and(this.type(typeBit.object), this.keys(node.key, this.not(node.value)))
      default:
        throw new Error(`${node.kind} has its dual from the start`)
    }
  }

  /** The formulas with the members of those that are of the kind themselves. */
  private flat(kind: 'and' | 'or', formulas: readonly Id[]): readonly Id[] {
    const flat: Id[] = []
    for (const id of formulas) {
      const node = this.nodes[id]
      if (node.kind === kind) for (const member of node.of) flat.push(member)
      else flat.push(id)
    }
    return flat
  }

  private combine(kind: 'and' | 'or', members: ReadonlySet<Id>, mask: number): Id {
    if (members.size === 0) return kind === 'and' ? this.true : this.false
    const of = [...members]
    if (of.length === 1) return of[0]
    if (of.some((id, i) => i > 0 && id < of[i - 1])) of.sort((a, b) => a - b)
    this.languages.meter.spend(1 + (of.length >> 5))
    let [all, some, possible] = [everyType, 0, 0]
    for (const id of of) {
      all &= this.certain[id]
      some |= this.certain[id]
      possible |= this.possible[id]
    }
    return kind === 'and'
      ? this.intern(`&${of.join()}`, { kind, of }, mask, all)
      : this.intern(`|${of.join()}`, { kind, of }, possible, some)
  }

  private atom(key: string, node: Node, about: number): Id {
    return this.intern(key, node, everyType, everyType & ~about)
  }

  private intern(key: string, node: Node, possible: number, certain: number): Id {
    let id = this.ids.get(key)
    if (id === undefined) {
      this.languages.meter.spend()
      id = this.nodes.length
      this.nodes.push(node)
      this.possible.push(possible)
      this.certain.push(certain)
      this.duals.push(undefined)
      this.ids.set(key, id)
    }
    return id
  }

  private pair(id: Id, dual: Id): void {
    this.duals[id] = dual
    this.duals[dual] ??= id
  }
}

function filter(values: ValueSet, keep: (key: string, value: ExactValue) => boolean): ValueSet {
  const kept = new Map<string, ExactValue>()
  for (const [key, value] of values) if (keep(key, value)) kept.set(key, value)
  return kept
}
