import type { CanReadOptions } from '../schema/format.js'
import { defaultBudget } from '../schema/format.js'
import type { Change, Verdict } from '../schema/verdict.js'
import type { Fault } from './exact-compatibility.js'
import { exactAnswer } from './exact-compatibility.js'
import type { Relation } from './exact-rules.js'
import { exactRules } from './exact-rules.js'
import type { Fixable } from './fixes.js'
import { withFixes } from './fixes.js'
import type { AvroSchema } from './schema.js'
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
  const again = (edited: AvroSchema) => exactAnswer(edited.root, writer.root, steps)?.faults.map(fixable)
  const breaks = withFixes(answer.faults.map(fixable), reader, writer, options, again)
  if (options.witness === false || !answer.smallest || !answer.sizes)
    return { outcome: 'incompatible', changes, breaks }
  const witness = witnessFor(answer.smallest, writer.root, answer.sizes)
  return { outcome: 'incompatible', changes, breaks, ...(witness && { witness }) }
}

const fixable = ({ rule, path, message, pair, field }: Fault): Fixable => ({
  rule,
  path,
  message,
  reader: pair.reader,
  writer: pair.writer,
  field,
})

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
