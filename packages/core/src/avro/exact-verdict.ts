import type { CanReadOptions } from '../schema/format.js'
import { defaultBudget } from '../schema/format.js'
import type { Break, Change, Verdict } from '../schema/verdict.js'
import { exactAnswer } from './exact-compatibility.js'
import type { Relation } from './exact-rules.js'
import { exactRules } from './exact-rules.js'
import type { AvroSchema } from './schema.js'
import { positionIn } from './schema.js'
import { witnessFor } from './witness.js'

/** The verdict of `EXACT`: whatever the writer writes is decoded, without loss, and keeps its logical meaning. */
export function exactVerdict(
  reader: AvroSchema,
  writer: AvroSchema,
  changes: Change[],
  options: CanReadOptions,
): Verdict {
  const { steps } = options.budget ?? defaultBudget
  const answer = exactAnswer(reader.root, writer.root, steps)
  if (!answer)
    return { outcome: 'undecided', changes, reason: `the schemas bring more than ${steps} pairs of types together` }
  if (answer.faults.length === 0) return { outcome: 'compatible', changes }
  const breaks = answer.faults.map((fault): Break => ({
    rule: fault.rule,
    path: `/${fault.path.join('/')}`,
    message: fault.message,
    at: { reader: positionIn(reader, fault.reader.at), writer: positionIn(writer, fault.writer.at) },
  }))
  if (options.witness === false || !answer.smallest || !answer.sizes)
    return { outcome: 'incompatible', changes, breaks }
  const witness = witnessFor(answer.smallest, writer.root, answer.sizes)
  return { outcome: 'incompatible', changes, breaks, ...(witness && { witness }) }
}

/**
 * The three relations one by one: is everything decoded, is it decoded without loss, does it keep its logical meaning?
 * A relation that an earlier one ends is false as well. `undefined` if the budget does not suffice.
 */
export function relationsBetween(
  reader: AvroSchema,
  writer: AvroSchema,
  budget = defaultBudget,
): Record<Relation, boolean> | undefined {
  const answer = exactAnswer(reader.root, writer.root, budget.steps)
  if (!answer) return undefined
  const ended = new Set<Relation>(answer.faults.map(({ rule }) => exactRules[rule]))
  const decodes = !ended.has('decodes')
  const lossless = decodes && !ended.has('lossless')
  return { decodes, lossless, meaning: lossless && !ended.has('meaning') }
}
