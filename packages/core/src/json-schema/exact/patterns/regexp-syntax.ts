import {
  type CharacterSet,
  characterSet,
  complement,
  digits,
  lineTerminators,
  pairs,
  spaces,
  unicodeProperty,
  wordCharacters,
} from './character-set.js'

/** The syntax tree of an ECMA-262 pattern, read by code points. Groups and laziness do not matter for a yes or no. */
export type Pattern =
  | { kind: 'set'; set: CharacterSet }
  | { kind: 'sequence'; items: Pattern[] }
  | { kind: 'choice'; items: Pattern[] }
  | { kind: 'repeat'; body: Pattern; min: number; max: number }
  | { kind: 'start' }
  | { kind: 'end' }
  | { kind: 'boundary'; negated: boolean }
  | { kind: 'lookahead'; body: Pattern; negated: boolean }

/** Valid ECMA-262 that is not a regular construct, or one that the engine does not model. */
export class UnmodelledPattern extends Error {
  override readonly name = 'UnmodelledPattern'
}

/** Not a pattern of ECMA-262, with or without the `u` flag. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern'
}

/**
 * @throws InvalidPattern
 * @throws UnmodelledPattern
 */
export function parsePattern(source: string): Pattern {
  if (!isValid(source, 'u') && !isValid(source, '')) {
    throw new InvalidPattern(`not a regular expression of ECMA-262: ${source}`)
  }
  return new PatternParser(source).parse()
}

export function isValid(source: string, flags: 'u' | ''): boolean {
  try {
    new RegExp(source, flags)
    return true
  } catch {
    return false
  }
}

const maxDepth = 200
const controls: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13 }
const classes: Record<string, CharacterSet> = {
  d: digits,
  D: complement(digits),
  w: wordCharacters,
  W: complement(wordCharacters),
  s: spaces,
  S: complement(spaces),
}

class PatternParser {
  private at = 0
  private depth = 0

  constructor(private readonly source: string) {}

  parse(): Pattern {
    const pattern = this.choice()
    if (this.at < this.source.length) throw new UnmodelledPattern(`stopped at ${this.source.slice(this.at)}`)
    return pattern
  }

  private choice(): Pattern {
    if (++this.depth > maxDepth) throw new UnmodelledPattern(`groups nested more than ${maxDepth} deep`)
    const items = [this.sequence()]
    while (this.eat('|')) items.push(this.sequence())
    this.depth--
    return items.length === 1 ? items[0] : { kind: 'choice', items }
  }

  private sequence(): Pattern {
    const items: Pattern[] = []
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at])) items.push(this.repeated())
    return items.length === 1 ? items[0] : { kind: 'sequence', items }
  }

  private repeated(): Pattern {
    const body = this.term()
    const quantifier = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.source.slice(this.at, this.at + 40))
    if (!quantifier) return body
    this.at += quantifier[0].length
    const [, sign, from, comma, to] = quantifier
    const min = sign ? (sign === '+' ? 1 : 0) : Number(from)
    const max = sign ? (sign === '?' ? 1 : Infinity) : comma ? (to ? Number(to) : Infinity) : min
    return { kind: 'repeat', body, min, max }
  }

  private term(): Pattern {
    if (this.eat('^')) return { kind: 'start' }
    if (this.eat('$')) return { kind: 'end' }
    if (this.eat('.')) return { kind: 'set', set: complement(lineTerminators) }
    if (this.eat('(')) return this.group()
    if (this.eat('[')) return { kind: 'set', set: this.characterClass() }
    if (this.source.startsWith('\\b', this.at) || this.source.startsWith('\\B', this.at)) {
      this.at += 2
      return { kind: 'boundary', negated: this.source[this.at - 1] === 'B' }
    }
    if (this.eat('\\')) return { kind: 'set', set: this.escape(false) }
    return { kind: 'set', set: single(this.character()) }
  }

  private group(): Pattern {
    const look = this.eat('?=') ? 'positive' : this.eat('?!') ? 'negative' : undefined
    if (this.source.startsWith('?<=', this.at) || this.source.startsWith('?<!', this.at)) {
      throw new UnmodelledPattern('lookbehind')
    }
    if (!look && this.eat('?')) {
      const name = /^(?::|<[^>]*>)/.exec(this.source.slice(this.at))
      if (!name) throw new UnmodelledPattern('group modifiers')
      this.at += name[0].length
    }
    const body = this.choice()
    if (!this.eat(')')) throw new UnmodelledPattern('a group is not closed')
    return look ? { kind: 'lookahead', body, negated: look === 'negative' } : body
  }

  private characterClass(): CharacterSet {
    const negated = this.eat('^')
    const ranges: [number, number][] = []
    while (!this.eat(']')) {
      if (this.at >= this.source.length) throw new UnmodelledPattern('a class is not closed')
      const from = this.classAtom()
      if (from.length === 2 && from[0] === from[1] && this.isRange()) {
        this.at++
        const to = this.classAtom()
        if (to.length === 2 && to[0] === to[1]) ranges.push([from[0], to[0]])
        // Annex B: a class escape as an end makes the dash literal.
        else ranges.push(...pairs(from), ...pairs(to), [45, 45])
      } else ranges.push(...pairs(from))
    }
    const set = characterSet(ranges)
    return negated ? complement(set) : set
  }

  private isRange(): boolean {
    return this.source[this.at] === '-' && this.at + 1 < this.source.length && this.source[this.at + 1] !== ']'
  }

  private classAtom(): CharacterSet {
    return this.eat('\\') ? this.escape(true) : single(this.character())
  }

  private escape(inClass: boolean): CharacterSet {
    const letter = this.source[this.at] ?? ''
    const set = Object.hasOwn(classes, letter) ? classes[letter] : undefined
    if (set) {
      this.at++
      return set
    }
    const property = /^[pP]\{[^}]*\}/.exec(this.source.slice(this.at, this.at + 80))?.[0]
    if (property && isValid(`\\${property}`, 'u')) {
      this.at += property.length
      return unicodeProperty(`\\${property}`)
    }
    const control = Object.hasOwn(controls, letter) ? controls[letter] : undefined
    if (control !== undefined) return this.taken(1, control)
    if (inClass && letter === 'b') return this.taken(1, 8)
    if (letter === '0' && !/\d/.test(this.source[this.at + 1] ?? '')) return this.taken(1, 0)
    if (!inClass && /[1-9]/.test(letter)) throw new UnmodelledPattern('backreference')
    if (/\d/.test(letter)) throw new UnmodelledPattern('octal escape')
    if (!inClass && letter === 'k') throw new UnmodelledPattern('backreference')
    return this.codeEscape()
  }

  private codeEscape(): CharacterSet {
    const rest = this.source.slice(this.at, this.at + 12)
    const pair = /^u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(rest)
    if (pair) {
      return this.taken(11, ((parseInt(pair[1], 16) - 0xd800) << 10) + (parseInt(pair[2], 16) - 0xdc00) + 0x10000)
    }
    const code = /^(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\})/.exec(rest)
    if (code) return this.taken(code[0].length, parseInt(code[1] ?? code[2] ?? code[3], 16))
    const control = /^c([A-Za-z])/.exec(rest)
    if (control) return this.taken(2, control[1].charCodeAt(0) % 32)
    if (rest.startsWith('c')) throw new UnmodelledPattern('\\c without a letter')
    return single(this.character())
  }

  private taken(length: number, code: number): CharacterSet {
    this.at += length
    return single(code)
  }

  private character(): number {
    const code = this.source.codePointAt(this.at)
    if (code === undefined) throw new UnmodelledPattern('a pattern that ends too early')
    this.at += code > 0xffff ? 2 : 1
    return code
  }

  private eat(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }
}

function single(code: number): CharacterSet {
  return [code, code]
}
