import { type CharacterSet, pick } from './character-set.js'
import type { Language, Languages } from './language.js'

const maxWalked = 20

/** Questions about the words of a language: is a word in it, is it empty, which are its shortest words. */
export class Words {
  private readonly inhabited = new Map<Language, boolean>()

  constructor(private readonly languages: Languages) {}

  has(language: Language, word: string): boolean {
    let state = language
    for (const letter of word) {
      const code = letter.codePointAt(0)!
      this.languages.meter.spend()
      if (state === this.languages.everything) return true
      if (state === this.languages.nothing) return false
      state = this.after(state, code)
    }
    return this.languages.isNullable(state)
  }

  private after(state: Language, code: number): Language {
    const steps = this.languages.stepsFrom(state)
    let [from, to] = [0, steps.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (steps[middle].hi < code) from = middle + 1
      else to = middle
    }
    const step = steps[from]
    return step && step.lo <= code ? step.next : this.languages.nothing
  }

  isEmpty(language: Language): boolean {
    return !this.isInhabited(language)
  }

  private isInhabited(language: Language): boolean {
    const known = this.inhabited.get(language)
    if (known !== undefined) return known
    if (this.languages.isPlain(language) || this.languages.isNullable(language)) return true
    const seen = new Set<Language>([language])
    const queue = [language]
    while (queue.length > 0) {
      const state = queue.pop()!
      this.languages.meter.spend()
      if (this.inhabited.get(state) === false) continue
      if (this.languages.isNullable(state) || this.languages.isPlain(state) || this.inhabited.get(state)) {
        if (state !== this.languages.nothing) {
          this.inhabited.set(language, true)
          return true
        }
      }
      for (const { next } of this.languages.stepsFrom(state)) {
        if (!seen.has(next)) {
          seen.add(next)
          queue.push(next)
        }
      }
    }
    for (const state of seen) this.inhabited.set(state, false)
    return false
  }

  /** The `count` shortest words, or all of them if there are fewer. */
  shortest(language: Language, count: number): string[] {
    const words: string[] = []
    if (this.isEmpty(language)) return words
    const power = this.languages.power(language)
    if (power && power.min > maxWalked) {
      // All but the last letters are the same one: enough letters vary for as many words as are asked for.
      const varied = Math.min(power.min, 1 + Math.ceil(Math.log2(count + 1)))
      const rest = this.languages.repeat(this.languages.set(power.set), varied, power.max - power.min + varied)
      const same = String.fromCodePoint(pick(power.set, 1)[0])
      this.languages.meter.spend(power.min >> 4)
      return this.shortest(rest, count).map((word) => same.repeat(power.min - varied) + word)
    }
    // Per state no more than `count` prefixes are kept: each of them leads to a word of its own.
    let layer = new Map<Language, string[]>([[language, ['']]])
    while (layer.size > 0) {
      const following = new Map<Language, string[]>()
      for (const [state, prefixes] of layer) {
        this.languages.meter.spend(prefixes.length)
        if (this.languages.isNullable(state)) {
          words.push(...prefixes.slice(0, count - words.length))
          if (words.length >= count) return words
        }
        for (const [next, letters] of this.lettersByTarget(state)) {
          if (this.isEmpty(next)) continue
          const known = following.get(next) ?? []
          if (known.length >= count) continue
          following.set(next, known)
          for (const letter of pick(letters, count - known.length)) {
            const text = String.fromCodePoint(letter)
            for (const prefix of prefixes) if (known.length < count) known.push(prefix + text)
          }
        }
      }
      layer = following
    }
    return words
  }

  private lettersByTarget(state: Language): Map<Language, CharacterSet> {
    const targets = new Map<Language, number[]>()
    for (const { lo, hi, next } of this.languages.stepsFrom(state)) {
      const letters = targets.get(next)
      if (letters) letters.push(lo, hi)
      else targets.set(next, [lo, hi])
    }
    return targets
  }
}
