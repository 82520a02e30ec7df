import { defaultBudget } from '../../schema/format.js'
import { CompiledDocument } from './compiled-document.js'
import type { ExactOptions, ExactVerdict, ExactWitness } from './exact-verdict.js'
import { Arena } from './logic/arena.js'
import { holds } from './logic/holds.js'
import type { Id } from './logic/node.js'
import { Languages } from './patterns/language.js'
import { Words } from './patterns/words.js'
import type { SchemaDocument } from './schema-document.js'
import { Solver } from './solve/solver.js'
import { Meter, Undecided } from './undecided.js'
import { ajvName } from './validate/ajv.js'
import { knownDeviation } from './validate/deviations.js'
import type { Failure } from './validate/evaluator.js'
import { explain } from './validate/explain.js'
import { type ExactValue, toPlain, toText } from './values/exact-value.js'
import { minimise } from './witness.js'

/** Another message is looked for when ajv and the engine disagree about one. */
const maxMessages = 4

/**
 * Whether every message that the writer accepts is accepted by the reader: looks for a value of "writer and not reader".
 * Never guesses: what is not proved either way is undecided, with the reason. Equal input gets an equal answer.
 */
export function decide(reader: SchemaDocument, writer: SchemaDocument, options: ExactOptions): ExactVerdict {
  try {
    return new Decision(reader, writer, options).run()
  } catch (error) {
    if (error instanceof Undecided) return { outcome: 'undecided', reason: error.reason }
    // The limits on depth come first where the stack has its usual size; a caller may leave less of it.
    if (error instanceof RangeError) return { outcome: 'undecided', reason: 'schemas nested too deep for the stack' }
    throw error
  }
}

class Decision {
  private readonly arena: Arena
  private readonly reader: CompiledDocument
  private readonly writer: CompiledDocument
  /** What is asked of messages beyond being valid under the writer. */
  private emitted: Id

  constructor(
    reader: SchemaDocument,
    writer: SchemaDocument,
    private readonly options: ExactOptions,
  ) {
    const languages = new Languages(new Meter((options.budget ?? defaultBudget).steps))
    this.arena = new Arena(languages, new Words(languages))
    this.emitted = this.arena.true
    const assertFormats = options.assertFormats ?? false
    const formulas = new Map<string, Id>()
    this.reader = new CompiledDocument(reader, this.arena, assertFormats, formulas)
    this.writer = new CompiledDocument(writer, this.arena, assertFormats, formulas)
  }

  run(): ExactVerdict {
    const { arena } = this
    if (this.options.policy === 'TOLERANT') this.emitted = this.writer.declaredOnly()
    const written = arena.and(this.writer.formula(), this.emitted)
    const goal = arena.and(written, arena.not(arena.beyond(this.reader.formula(), written)))
    const solver = new Solver(arena)
    const first = solver.find(goal)
    if (first.kind === 'empty') return { outcome: 'compatible' }
    if (first.kind === 'unknown') return { outcome: 'undecided', reason: first.reason }
    return this.confirm(goal, first.value, solver)
  }

  /** A found message counts once the evaluator and ajv say the same about it. */
  private confirm(goal: Id, first: ExactValue, solver: Solver): ExactVerdict {
    const tried = [first]
    let own: ExactVerdict | undefined
    for (;;) {
      const value = tried.at(-1)!
      const failure = this.brokenBy(value)
      if (!failure)
        throw new Undecided('the search and the evaluator disagree about a message: please report this pair')
      if (this.options.witness === false) return this.incompatible(value, failure, 'the exact evaluator')
      const smallest = minimise(value, (smaller) => this.breaks(smaller))
      const broken = this.brokenBy(smallest) ?? failure
      const heard = this.ajvAgrees(smallest, broken)
      const confirmedBy = heard === true ? ajvName : this.whyNotAjv(smallest, heard)
      if (confirmedBy) {
        const verdict = this.incompatible(smallest, broken, confirmedBy)
        if (heard === true) return verdict
        own ??= verdict
      }
      if (tried.length >= maxMessages) break
      const next = solver.find(goal, this.arena.notIn([...tried, smallest]))
      if (next.kind !== 'found') break
      tried.push(next.value)
    }
    return own ?? { outcome: 'undecided', reason: `${ajvName} and the exact evaluator disagree about ${toText(first)}` }
  }

  private brokenBy(value: ExactValue): Failure | undefined {
    if (this.writer.failure(value) || !holds(this.arena, this.emitted, value)) return undefined
    return this.reader.failure(value)
  }

  private breaks(value: ExactValue): boolean {
    return this.brokenBy(value) !== undefined
  }

  /** Undefined where ajv could not be heard. */
  private ajvAgrees(value: ExactValue, failure: Failure): boolean | undefined {
    if (this.reader.ajvConfirms(this.writer, value, failure)) return true
    const written = this.writer.ajvAccepts(value)
    const read = this.reader.ajvAccepts(value)
    return written === undefined || read === undefined ? undefined : written && !read
  }

  private whyNotAjv(value: ExactValue, heard: boolean | undefined): string | undefined {
    if (heard === undefined) return `the exact evaluator (${ajvName} cannot compile the schemas)`
    const deviation = knownDeviation([this.reader.document, this.writer.document], value)
    return deviation && `the exact evaluator (${ajvName} deviates from the specification: ${deviation})`
  }

  private incompatible(value: ExactValue, failure: Failure, confirmedBy: string): ExactVerdict {
    const witness: ExactWitness = {
      value: toPlain(value),
      text: toText(value),
      instancePath: failure.instancePath,
      at: failure.at,
      failure: explain(failure),
      confirmedBy,
    }
    return { outcome: 'incompatible', witness }
  }
}
