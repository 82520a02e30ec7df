import type { Arena } from '../logic/arena.js'
import type { Node, OpaqueTest } from '../logic/node.js'
import { Undecided } from '../undecided.js'
import { emptyForGood, found, type Outcome } from './outcome.js'

const wordsTried = 40
/** Mostly one of the very first words will do. */
const fewWords = 4

/** A shortest word of all languages at once that is not excluded and passes the tests that have no automaton. */
export function findString(nodes: readonly Node[], arena: Arena): Outcome {
  const { languages, words } = arena
  let language = languages.everything
  const tests: { test: OpaqueTest; negated: boolean }[] = []
  const excluded = new Set<string>()
  for (const node of nodes) {
    if (node.kind === 'language') language = languages.and(language, node.language)
    else if (node.kind === 'opaque') tests.push(node)
    else if (node.kind === 'not-in') {
      for (const value of node.values.values()) if (typeof value === 'string') excluded.add(value)
    }
  }
  if (words.isEmpty(language)) return emptyForGood
  if (tests.length === 0) {
    const free = words.shortest(language, fewWords).find((word) => !excluded.has(word))
    if (free !== undefined) return found(free)
  }
  // Exclusions outside of the language cost nothing.
  const relevant = [...excluded].filter((word) => words.has(language, word)).length
  const enough = relevant + (tests.length > 0 ? wordsTried : 1)
  const shortest = words.shortest(language, enough)
  const samples = tests.flatMap(({ test }) => test.samples).filter((word) => words.has(language, word))
  let untested = false
  for (const word of [...shortest, ...samples]) {
    if (excluded.has(word)) continue
    const passed = passes(word, tests)
    if (passed) return found(word)
    untested ||= passed === undefined
  }
  if (tests.length === 0 || (shortest.length < enough && !untested)) return emptyForGood
  return { kind: 'unknown', reason: `no text found for ${tests.map(({ test }) => test.name).join(' and ')}` }
}

/** Undefined where a test refuses to look at the word. */
function passes(word: string, tests: readonly { test: OpaqueTest; negated: boolean }[]): boolean | undefined {
  try {
    return tests.every(({ test, negated }) => test.test(word) !== negated)
  } catch (error) {
    if (error instanceof Undecided && error.scope === 'local') return undefined
    throw error
  }
}
