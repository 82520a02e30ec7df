import type { Arena } from '../logic/arena.js'
import type { Id } from '../logic/node.js'
import { searchLanguage } from '../patterns/pattern-language.js'
import { InvalidPattern, isValid, parsePattern, UnmodelledPattern } from '../patterns/regexp-syntax.js'
import { Undecided } from '../undecided.js'

const known = new WeakMap<Arena, Map<string, Id>>()

/** The strings in which a pattern finds a match. */
export function patternFormula(source: string, arena: Arena): Id {
  let formulas = known.get(arena)
  if (!formulas) known.set(arena, (formulas = new Map<string, Id>()))
  let id = formulas.get(source)
  if (id === undefined) formulas.set(source, (id = compile(source, arena)))
  return id
}

function compile(source: string, arena: Arena): Id {
  try {
    return arena.language(searchLanguage(parsePattern(source), arena.languages))
  } catch (error) {
    if (error instanceof InvalidPattern) throw new Undecided(error.message)
    if (!(error instanceof UnmodelledPattern)) throw error
    return arena.opaque({ name: `the pattern ${source} (${error.message})`, test: nativeTest(source), samples: [] })
  }
}

const maxNativeLength = 24

/** Backtracking matchers can take exponential time: they only get to see short texts. */
function nativeTest(source: string): (text: string) => boolean {
  const native = new RegExp(source, isValid(source, 'u') ? 'u' : '')
  return (text) => {
    if (text.length > maxNativeLength) {
      throw new Undecided(`the pattern ${source} is not tried on a text of ${text.length} characters`)
    }
    return native.test(text)
  }
}
