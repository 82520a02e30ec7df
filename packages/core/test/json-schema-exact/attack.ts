import { CompiledDocument } from '../../src/json-schema/exact/compiled-document.js'
import { Arena } from '../../src/json-schema/exact/logic/arena.js'
import { holds } from '../../src/json-schema/exact/logic/holds.js'
import { Languages } from '../../src/json-schema/exact/patterns/language.js'
import { Words } from '../../src/json-schema/exact/patterns/words.js'
import { Sampler, seededRandom } from './sample.js'
import type { SchemaDocument } from '../../src/json-schema/exact/schema-document.js'
import { Meter, Undecided } from '../../src/json-schema/exact/undecided.js'
import { knownDeviation } from '../../src/json-schema/exact/validate/deviations.js'
import { type ExactValue, keyOf, toText } from '../../src/json-schema/exact/values/exact-value.js'

export interface AttackReport {
  /** Different messages that the writer accepts. */
  valid: number
  /** One that the reader rejects: the answer "compatible" was wrong. */
  hit?: string
  /** One about which formula, evaluator or ajv disagree. */
  contradiction?: string
}

const maxSteps = 2_000_000_000

/**
 * Samples messages of the writer and looks for one that the reader rejects.
 * @param count different valid messages wanted; fewer if the writer has no more to offer
 * @param compareAjv also asks ajv about every message (only for schemas without its known deviations)
 */
export function attack(
  reader: SchemaDocument,
  writer: SchemaDocument,
  count: number,
  seed: number,
  compareAjv = false,
  assertFormats = false,
): AttackReport {
  const languages = new Languages(new Meter(maxSteps))
  const arena = new Arena(languages, new Words(languages))
  const read = new CompiledDocument(reader, arena, assertFormats)
  const written = new CompiledDocument(writer, arena, assertFormats)
  const formula = written.formula()
  const sampler = new Sampler([written.references, read.references], arena, seededRandom(seed))
  const seen = new Set<string>()
  const report: AttackReport = { valid: 0 }
  let idle = 0
  while (report.valid < count && idle < 40 + count / 4) {
    idle++
    const value = sampler.next()
    const key = keyOf(value)
    if (seen.has(key)) continue
    seen.add(key)
    try {
      const valid = written.failure(value) === undefined
      report.contradiction ??= contradiction(
        value,
        valid,
        holds(arena, formula, value),
        compareAjv && !knownDeviation([], value) ? written : undefined,
      )
      if (!valid) continue
      idle = 0
      report.valid++
      if (read.failure(value)) return { ...report, hit: toText(value) }
    } catch (error) {
      // A test on a text that is too long for it: this message says nothing.
      if (!(error instanceof Undecided)) throw error
    }
  }
  return report
}

function contradiction(
  value: ExactValue,
  evaluator: boolean,
  formula: boolean,
  ajv: CompiledDocument | undefined,
): string | undefined {
  if (evaluator !== formula) return `evaluator says ${evaluator}, formula says ${formula} about ${toText(value)}`
  const heard = ajv?.ajvAccepts(value)
  if (heard === undefined || heard === evaluator) return undefined
  return `evaluator says ${evaluator}, ajv says ${heard} about ${toText(value)}`
}
