import { defaultBudget } from '../../schema/format.js'
import { Compiler } from './compile/compiler.js'
import { References } from './compile/references.js'
import type { ExactOptions, ExactVerdict } from './exact-verdict.js'
import { Arena } from './logic/arena.js'
import { Languages } from './patterns/language.js'
import { Words } from './patterns/words.js'
import type { SchemaDocument } from './schema-document.js'
import { Solver } from './solve/solver.js'
import { Meter, Undecided } from './undecided.js'
import { toPlain, toText } from './values/exact-value.js'

/**
 * Whether every message that the writer accepts is accepted by the reader: looks for a value of "writer and not reader".
 * Never guesses: what is not proved either way is undecided, with the reason.
 */
export function decide(reader: SchemaDocument, writer: SchemaDocument, options: ExactOptions): ExactVerdict {
  const meter = new Meter((options.budget ?? defaultBudget).steps)
  try {
    const languages = new Languages(meter)
    const arena = new Arena(languages, new Words(languages))
    const assert = options.assertFormats ?? false
    const written = new Compiler(arena, new References(writer), assert).root()
    const read = new Compiler(arena, new References(reader), assert).root()
    const solver = new Solver(arena)
    const outcome = solver.find(written, arena.not(read))
    if (outcome.kind === 'empty') return { outcome: 'compatible' }
    if (outcome.kind === 'unknown') return { outcome: 'undecided', reason: outcome.reason }
    const value = outcome.value
    return { outcome: 'incompatible', witness: { value: toPlain(value), text: toText(value), exact: value } as never }
  } catch (error) {
    if (error instanceof Undecided) return { outcome: 'undecided', reason: error.reason }
    throw error
  }
}
