import { type CharacterSet, complement, intersection, pairs, wordCharacters } from './character-set.js'
import type { Language, Languages } from './language.js'
import { type Pattern, UnmodelledPattern } from './regexp-syntax.js'

/**
 * The words in which a pattern finds a match (`RegExp.prototype.test`: search, not whole match).
 *
 * Translated from right to left: what follows a piece is a language, one for each thing that can precede it, since
 * `^` and `\b` look back one letter. `$` and lookaheads then are plain intersections with what follows.
 * @throws UnmodelledPattern
 */
export function searchLanguage(pattern: Pattern, languages: Languages): Language {
  const translator = new Translator(languages)
  const all = languages.everything
  const [atStart, afterWord, afterOther] = translator.translate(pattern, [all, all, all])
  if (afterWord === afterOther) {
    if (afterWord === languages.nothing) return atStart
    if (atStart === afterWord) return languages.concat(all, atStart)
    return languages.or(atStart, languages.concat(languages.lengths(1, Infinity), afterWord))
  }
  const endingIn = (set: CharacterSet) => languages.concat(all, languages.set(set))
  return languages.or(
    atStart,
    languages.concat(endingIn(wordCharacters), afterWord),
    languages.concat(endingIn(complement(wordCharacters)), afterOther),
  )
}

/** What may follow: at the start of the text, after a word character, after another character. */
type Follow = readonly [Language, Language, Language]

const maxUnrolled = 16

class Translator {
  constructor(private readonly languages: Languages) {}

  translate(pattern: Pattern, follow: Follow): Follow {
    const { languages } = this
    switch (pattern.kind) {
      case 'set':
        return same(this.letter(pattern.set, follow))
      case 'sequence':
        return pattern.items.reduceRight<Follow>((rest, item) => this.translate(item, rest), follow)
      case 'choice': {
        const branches = pattern.items.map((item) => this.translate(item, follow))
        return each((i) => languages.or(...branches.map((branch) => branch[i])))
      }
      case 'start':
        return [follow[0], languages.nothing, languages.nothing]
      case 'end':
        return each((i) => languages.and(follow[i], languages.emptyWord))
      case 'boundary': {
        const word = languages.concat(languages.set(wordCharacters), languages.everything)
        const other = languages.not(word)
        const [afterOther, afterWord] = pattern.negated ? [other, word] : [word, other]
        return [
          languages.and(follow[0], afterOther),
          languages.and(follow[1], afterWord),
          languages.and(follow[2], afterOther),
        ]
      }
      case 'lookahead': {
        const ahead = this.translate(pattern.body, same(languages.everything))
        return each((i) => languages.and(follow[i], pattern.negated ? languages.not(ahead[i]) : ahead[i]))
      }
      case 'repeat':
        return isPlain(pattern.body)
          ? this.plainRepeat(this.plain(pattern), follow)
          : this.assertingRepeat(pattern, follow)
    }
  }

  private letter(set: CharacterSet, [, afterWord, afterOther]: Follow): Language {
    const { languages } = this
    if (afterWord === afterOther) return languages.concat(languages.set(set), afterWord)
    return languages.or(
      languages.concat(languages.set(intersection(set, wordCharacters)), afterWord),
      languages.concat(languages.set(intersection(set, complement(wordCharacters))), afterOther),
    )
  }

  private plainRepeat(repeated: Language, follow: Follow): Follow {
    const { languages } = this
    const [atStart, afterWord, afterOther] = follow
    if (atStart === afterWord && afterWord === afterOther) return same(languages.concat(repeated, atStart))
    const ending = (set: CharacterSet) =>
      languages.and(repeated, languages.concat(languages.everything, languages.set(set)))
    const read =
      afterWord === afterOther
        ? languages.concat(languages.and(repeated, languages.lengths(1, Infinity)), afterWord)
        : languages.or(
            languages.concat(ending(wordCharacters), afterWord),
            languages.concat(ending(complement(wordCharacters)), afterOther),
          )
    return languages.isNullable(repeated) ? each((i) => languages.or(read, follow[i])) : same(read)
  }

  private assertingRepeat(pattern: Pattern & { kind: 'repeat' }, follow: Follow): Follow {
    const { body, min, max } = pattern
    const finite = max === Infinity ? min : max
    if (finite > maxUnrolled) throw new UnmodelledPattern('an assertion repeated many times')
    let rest = max === Infinity ? this.star(body, follow) : follow
    for (let round = finite; round > 0; round--) {
      const again = this.translate(body, rest)
      const optional = round > min
      rest = optional ? each((i) => this.languages.or(follow[i], again[i])) : again
    }
    return rest
  }

  private star(body: Pattern, follow: Follow): Follow {
    if (canBeEmpty(body)) throw new UnmodelledPattern('an assertion repeated without reading a letter')
    const { languages } = this
    let unfolded: Follow | undefined
    const loops = each((i) =>
      languages.loop(languages.isNullable(follow[i]), () => {
        unfolded ??= this.translate(body, loops)
        return languages.or(follow[i], unfolded[i])
      }),
    )
    return loops
  }

  private plain(pattern: Pattern): Language {
    const { languages } = this
    switch (pattern.kind) {
      case 'set':
        return languages.set(pattern.set)
      case 'sequence':
        return pattern.items.reduceRight((rest, item) => languages.concat(this.plain(item), rest), languages.emptyWord)
      case 'choice':
        return languages.or(...pattern.items.map((item) => this.plain(item)))
      case 'repeat':
        return languages.repeat(this.plain(pattern.body), pattern.min, pattern.max)
      default:
        throw new Error(`${pattern.kind} is no plain pattern`)
    }
  }
}

function isPlain(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'set':
      return true
    case 'sequence':
    case 'choice':
      return pattern.items.every(isPlain)
    case 'repeat':
      return isPlain(pattern.body)
    default:
      return false
  }
}

function canBeEmpty(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'set':
      return false
    case 'sequence':
      return pattern.items.every(canBeEmpty)
    case 'choice':
      return pattern.items.some(canBeEmpty)
    case 'repeat':
      return pattern.min === 0 || canBeEmpty(pattern.body)
    default:
      return true
  }
}

function same(language: Language): Follow {
  return [language, language, language]
}

function each(make: (context: number) => Language): Follow {
  return [make(0), make(1), make(2)]
}

/** The same pattern in a notation that is valid under the `u` flag. */
export function toUnicodeSource(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'set':
      return `[${[...pairs(pattern.set)].map(([lo, hi]) => `\\u{${lo.toString(16)}}-\\u{${hi.toString(16)}}`).join('')}]`
    case 'sequence':
      return pattern.items.map(toUnicodeSource).join('')
    case 'choice':
      return `(?:${pattern.items.map(toUnicodeSource).join('|')})`
    case 'repeat':
      return `(?:${toUnicodeSource(pattern.body)}){${pattern.min},${pattern.max === Infinity ? '' : pattern.max}}`
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'boundary':
      return pattern.negated ? '\\B' : '\\b'
    case 'lookahead':
      return `(?${pattern.negated ? '!' : '='}${toUnicodeSource(pattern.body)})`
  }
}
