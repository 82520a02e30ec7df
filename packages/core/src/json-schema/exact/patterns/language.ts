import type { Meter } from '../undecided.js'
import { anyCharacter, type CharacterSet, complement, intersection, union } from './character-set.js'

/**
 * Regular languages as hash-consed extended regular expressions: an id stands for a set of words, equal ids for equal
 * expressions. Automaton states are derivatives (Brzozowski 1964), made only where a search walks, so that products,
 * complements and counted repeats (`{0,65535}`) cost nothing until they are looked at.
 */
export type Language = number

export type LanguageNode =
  | { kind: 'nothing' }
  | { kind: 'empty-word' }
  | { kind: 'set'; set: CharacterSet }
  | { kind: 'repeat'; body: Language; min: number; max: number }
  | { kind: 'concat'; head: Language; tail: Language }
  | { kind: 'or' | 'and'; of: readonly Language[] }
  | { kind: 'not'; of: Language }
  /** `unfold` says what the language is, in terms of itself; it is not nullable unless `nullable` says so. */
  | { kind: 'loop'; unfold: () => Language; nullable: boolean }

/** Where the letters lead: disjoint ascending ranges; what is in none leads nowhere. */
export interface Step {
  lo: number
  hi: number
  next: Language
}

export interface Power {
  set: CharacterSet
  min: number
  max: number
}

export class Languages {
  private readonly nodes: LanguageNode[] = []
  private readonly ids = new Map<string, Language>()
  private readonly nullables: boolean[] = []
  private readonly steps: (Step[] | undefined)[] = []
  /** True where neither complement nor intersection occurs: such an expression denotes at least one word. */
  private readonly plain: boolean[] = []

  readonly nothing: Language
  readonly emptyWord: Language
  readonly everything: Language

  constructor(readonly meter: Meter) {
    this.nothing = this.intern('0', { kind: 'nothing' }, false, false)
    this.emptyWord = this.intern('1', { kind: 'empty-word' }, true, true)
    this.everything = this.repeat(this.set(anyCharacter), 0, Infinity)
  }

  node(id: Language): LanguageNode {
    return this.nodes[id]
  }

  isNullable(id: Language): boolean {
    return this.nullables[id]
  }

  isPlain(id: Language): boolean {
    return this.plain[id]
  }

  set(set: CharacterSet): Language {
    return set.length === 0 ? this.nothing : this.intern(`s${set.join()}`, { kind: 'set', set }, false, true)
  }

  word(text: string): Language {
    let language = this.emptyWord
    for (const letter of [...text].reverse()) {
      const code = letter.codePointAt(0)!
      language = this.concat(this.set([code, code]), language)
    }
    return language
  }

  /** All words of `min` to `max` code points. */
  lengths(min: number, max: number): Language {
    return min > max || min === Infinity ? this.nothing : this.repeat(this.set(anyCharacter), min, max)
  }

  repeat(body: Language, min: number, max: number): Language {
    if (max === 0 || body === this.emptyWord) return this.emptyWord
    if (body === this.nothing) return min === 0 ? this.emptyWord : this.nothing
    const least = this.isNullable(body) ? 0 : min
    if (least === 1 && max === 1) return body
    const inner = this.node(body)
    if (inner.kind === 'repeat' && inner.min === 0 && inner.max === Infinity) return body
    if (least === 0 && max === 1 && this.isNullable(body)) return body
    return this.intern(
      `r${body},${least},${max}`,
      { kind: 'repeat', body, min: least, max },
      least === 0,
      this.plain[body],
    )
  }

  concat(head: Language, tail: Language): Language {
    if (head === this.nothing || tail === this.nothing) return this.nothing
    if (head === this.emptyWord) return tail
    if (tail === this.emptyWord) return head
    if (tail === this.everything && this.isNullable(head)) return tail
    const first = this.node(head)
    if (first.kind === 'concat') return this.concat(first.head, this.concat(first.tail, tail))
    const last = this.node(tail)
    const merged = this.mergePowers(head, last.kind === 'concat' ? last.head : tail)
    if (merged !== undefined) return last.kind === 'concat' ? this.concat(merged, last.tail) : merged
    return this.intern(
      `c${head},${tail}`,
      { kind: 'concat', head, tail },
      this.isNullable(head) && this.isNullable(tail),
      this.plain[head] && this.plain[tail],
    )
  }

  private mergePowers(a: Language, b: Language): Language | undefined {
    const left = this.power(a)
    const right = this.power(b)
    if (!left || left.set.join() !== right?.set.join()) return undefined
    // Two single letters stay letters: words are sequences, not powers.
    if (left.max === 1 && right.max === 1 && left.min === 1 && right.min === 1) return undefined
    return this.repeat(this.set(left.set), left.min + right.min, left.max + right.max)
  }

  /** The language as all words of a set of letters within two lengths, if it is one. */
  power(id: Language): Power | undefined {
    const node = this.node(id)
    if (node.kind === 'set') return { set: node.set, min: 1, max: 1 }
    if (node.kind !== 'repeat') return undefined
    const body = this.node(node.body)
    return body.kind === 'set' ? { set: body.set, min: node.min, max: node.max } : undefined
  }

  or(...languages: Language[]): Language {
    const members = new Set<Language>()
    let letters: CharacterSet | undefined
    for (const language of this.flatten('or', languages)) {
      const node = this.node(language)
      if (node.kind === 'set') letters = letters ? union(letters, node.set) : node.set
      else if (language !== this.nothing) members.add(language)
    }
    if (letters) members.add(this.set(letters))
    if (members.has(this.everything)) return this.everything
    if (members.size > 1 && members.has(this.emptyWord) && [...members].some((m) => m !== 1 && this.isNullable(m))) {
      members.delete(this.emptyWord)
    }
    for (const member of members) if (this.hasComplement(member, members)) return this.everything
    return this.combine('or', members, this.nothing)
  }

  and(...languages: Language[]): Language {
    const members = new Set<Language>()
    let power: Power | undefined
    for (const language of this.flatten('and', languages)) {
      if (language === this.nothing) return this.nothing
      if (language === this.everything) continue
      const next = language === this.emptyWord ? { set: anyCharacter, min: 0, max: 0 } : this.power(language)
      if (!next) members.add(language)
      else if (!power) power = next
      else {
        // C{a,b} ∩ D{c,d} = (C∩D){max(a,c),min(b,d)}
        power = {
          set: intersection(power.set, next.set),
          min: Math.max(power.min, next.min),
          max: Math.min(power.max, next.max),
        }
      }
    }
    if (power) {
      const language = power.min > power.max ? this.nothing : this.repeat(this.set(power.set), power.min, power.max)
      if (language === this.nothing) return this.nothing
      if (language === this.emptyWord) return [...members].every((m) => this.isNullable(m)) ? language : this.nothing
      if (language !== this.everything) members.add(language)
    }
    for (const member of members) if (this.hasComplement(member, members)) return this.nothing
    return this.combine('and', members, this.everything)
  }

  not(language: Language): Language {
    const node = this.node(language)
    switch (node.kind) {
      case 'nothing':
        return this.everything
      case 'not':
        return node.of
      case 'or':
        return this.and(...node.of.map((member) => this.not(member)))
      case 'and':
        return this.or(...node.of.map((member) => this.not(member)))
      case 'empty-word':
        return this.lengths(1, Infinity)
      default:
        return this.notPlain(language)
    }
  }

  private notPlain(language: Language): Language {
    const power = this.power(language)
    if (power) {
      const otherLetter = this.concat(this.everything, this.concat(this.set(complement(power.set)), this.everything))
      return this.or(otherLetter, this.lengths(0, power.min - 1), this.lengths(power.max + 1, Infinity))
    }
    return this.intern(`n${language}`, { kind: 'not', of: language }, !this.isNullable(language), false)
  }

  /** A language that is defined in terms of itself; every unfolding has to read a letter before it comes back. */
  loop(nullable: boolean, unfold: () => Language): Language {
    let known: Language | undefined
    return this.intern(
      `l${this.nodes.length}`,
      { kind: 'loop', nullable, unfold: () => (known ??= unfold()) },
      nullable,
      false,
    )
  }

  private *flatten(kind: 'or' | 'and', languages: readonly Language[]): Generator<Language> {
    for (const language of languages) {
      const node = this.node(language)
      if (node.kind === kind) yield* node.of
      else yield language
    }
  }

  private hasComplement(member: Language, members: ReadonlySet<Language>): boolean {
    const node = this.node(member)
    return node.kind === 'not' && members.has(node.of)
  }

  private combine(kind: 'or' | 'and', members: ReadonlySet<Language>, neutral: Language): Language {
    if (members.size === 0) return neutral
    const of = [...members].sort((a, b) => a - b)
    if (of.length === 1) return of[0]
    const nullable = kind === 'or' ? of.some((m) => this.isNullable(m)) : of.every((m) => this.isNullable(m))
    return this.intern(`${kind}${of.join()}`, { kind, of }, nullable, kind === 'or' && of.every((m) => this.plain[m]))
  }

  private intern(key: string, node: LanguageNode, nullable: boolean, plain: boolean): Language {
    let id = this.ids.get(key)
    if (id === undefined) {
      this.meter.spend()
      id = this.nodes.length
      this.nodes.push(node)
      this.nullables.push(nullable)
      this.plain.push(plain)
      this.steps.push(undefined)
      this.ids.set(key, id)
    }
    return id
  }

  /** The derivatives by all letters at once. */
  stepsFrom(id: Language): Step[] {
    return (this.steps[id] ??= this.derive(this.node(id)))
  }

  private derive(node: LanguageNode): Step[] {
    this.meter.spend()
    switch (node.kind) {
      case 'nothing':
      case 'empty-word':
        return []
      case 'set': {
        const steps: Step[] = []
        for (let i = 0; i < node.set.length; i += 2) {
          steps.push({ lo: node.set[i], hi: node.set[i + 1], next: this.emptyWord })
        }
        return steps
      }
      case 'repeat': {
        const rest = this.repeat(node.body, Math.max(0, node.min - 1), node.max - 1)
        return this.stepsFrom(node.body).map((step) => ({ ...step, next: this.concat(step.next, rest) }))
      }
      case 'concat': {
        const steps = this.stepsFrom(node.head).map((step) => ({ ...step, next: this.concat(step.next, node.tail) }))
        if (!this.isNullable(node.head)) return steps
        return this.overlay([steps, this.stepsFrom(node.tail)], (next) => this.or(...next))
      }
      case 'or':
      case 'and':
        return this.overlay(
          node.of.map((member) => this.stepsFrom(member)),
          node.kind === 'or' ? (next) => this.or(...next) : (next) => this.and(...next),
        )
      case 'not':
        return this.overlay([this.stepsFrom(node.of)], ([next]) => this.not(next))
      case 'loop':
        return this.stepsFrom(node.unfold())
    }
  }

  /** Combines several step lists letter by letter. */
  private overlay(lists: readonly Step[][], combine: (next: Language[]) => Language): Step[] {
    const bounds = new Set<number>([0])
    for (const list of lists) for (const { lo, hi } of list) bounds.add(lo).add(hi + 1)
    const starts = [...bounds].filter((b) => b <= anyCharacter[1]).sort((a, b) => a - b)
    this.meter.spend(1 + ((starts.length * lists.length) >> 6))
    const positions = lists.map(() => 0)
    const combined: Step[] = []
    const known = new Map<string, Language>()
    for (let i = 0; i < starts.length; i++) {
      const lo = starts[i]
      const hi = (starts[i + 1] ?? anyCharacter[1] + 1) - 1
      const next = lists.map((list, which) => {
        let at = positions[which]
        while (at < list.length && list[at].hi < lo) at++
        positions[which] = at
        const step = list[at]
        return step && step.lo <= lo ? step.next : this.nothing
      })
      const key = next.join()
      let language = known.get(key)
      if (language === undefined) known.set(key, (language = combine(next)))
      if (language === this.nothing) continue
      const last = combined.at(-1)
      if (last?.next === language && last.hi === lo - 1) last.hi = hi
      else combined.push({ lo, hi, next: language })
    }
    return combined
  }
}
