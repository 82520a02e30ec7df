import { Languages, type Language } from '../exact/patterns/language.js'
import { searchLanguage } from '../exact/patterns/pattern-language.js'
import { InvalidPattern, parsePattern, UnmodelledPattern } from '../exact/patterns/regexp-syntax.js'
import { Words } from '../exact/patterns/words.js'
import { Meter, Undecided } from '../exact/undecided.js'
import { Unanswerable } from './unanswerable.js'

/** Steps for all names that one pattern is asked about. */
const steps = 50_000

/**
 * A pattern that names of properties are matched with. Both come from users, so it runs as an automaton within a
 * budget: a regular expression engine that backtracks could be made to run for ever.
 */
export class NamePattern {
  private words: Words | undefined
  private language: Language | undefined

  constructor(private readonly source: string) {}

  /** @throws Unanswerable for a pattern that needs backtracking or is too large */
  test(name: string): boolean {
    try {
      if (!this.words || this.language === undefined) {
        const languages = new Languages(new Meter(steps))
        this.words = new Words(languages)
        this.language = searchLanguage(parsePattern(this.source), languages)
      }
      return this.words.has(this.language, name)
    } catch (error) {
      const unknown =
        error instanceof Undecided || error instanceof UnmodelledPattern || error instanceof InvalidPattern
      if (!unknown) throw error
      throw new Unanswerable(
        `whether the pattern ${JSON.stringify(this.source)} covers the property ${JSON.stringify(name)} cannot be told`,
      )
    }
  }
}
