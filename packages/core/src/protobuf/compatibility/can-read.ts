import { defaultBudget } from '../../schema/index.js'
import type { Break, CanReadOptions, Change, Position, Verdict, Witness } from '../../schema/index.js'
import type { ProtobufSchema } from '../schema.js'
import { check, type Finding } from './check.js'
import { compareSchemas, type Found, meetsUnresolvedType } from './confluent/compare.js'
import { describe } from './confluent/describe.js'
import { differenceTypes } from './confluent/differences.js'
import { compared, type ComparedSchema, ownPosition, positionOf } from './compared-schema.js'
import { type Confirmed, decideExactly } from './exact/exact.js'
import { toProtoJson } from './exact/proto-json.js'
import type { ExactBreak } from './exact/relation.js'
import type { Category } from './rules/rule.js'
import { unlinkedReason } from './undecided.js'

/** Every difference from `older` to `newer`, compatible or not, under Confluent's names and paths. */
export function diff(older: ProtobufSchema, newer: ProtobufSchema): Change[] {
  const [was, is] = [compared(older), compared(newer)]
  return compareSchemas(was, is).map((found) => {
    const at = places('older', positionOf(was, found.older), 'newer', positionOf(is, found.newer))
    return { rule: found.type, path: found.path, message: describe(found), ...(at && { at }) }
  })
}

/** Whether the reader understands what the writer writes, by the rules of the policy. */
export function canRead(reader: ProtobufSchema, writer: ProtobufSchema, options: CanReadOptions): Verdict {
  const question: Question = {
    ...{ reader: compared(reader), writer: compared(writer), options, changes: diff(writer, reader) },
    ...{ unlinked: unlinkedReason({ reader, writer }), steps: (options.budget ?? defaultBudget).steps },
  }
  switch (options.policy) {
    case 'STRICT':
    case 'LENIENT':
      return byConfluent(question)
    case 'WIRE':
    case 'WIRE_JSON':
    case 'PACKAGE':
    case 'FILE':
      return byCategory(question, options.policy)
    case 'EXACT':
    case 'TOLERANT': // says nothing about Protobuf: what generated code can write is what the wire can hold
      return byExactRules(question)
  }
}

interface Question {
  reader: ComparedSchema
  writer: ComparedSchema
  options: CanReadOptions
  changes: Change[]
  steps: number
  /** Why one of the schemas leaves questions open. */
  unlinked: string | undefined
}

function byConfluent(question: Question): Verdict {
  const { reader, writer, changes, unlinked } = question
  const breaks = compareSchemas(writer, reader)
    .filter(({ type }) => !differenceTypes[type].compatible)
    .map((found) => confluentBreak(found, writer, reader))
  if (breaks.length > 0) return incompatible(question, breaks)
  if (unlinked && meetsUnresolvedType(writer, reader)) return { outcome: 'undecided', changes, reason: unlinked }
  return { outcome: 'compatible', changes }
}

function byCategory(question: Question, category: Category): Verdict {
  const { reader, writer, changes, unlinked } = question
  if (unlinked) return { outcome: 'undecided', changes, reason: unlinked }
  const breaks = check(writer.set, reader.set, category).map((finding) => categoryBreak(finding, writer, reader))
  return breaks.length > 0 ? incompatible(question, breaks) : { outcome: 'compatible', changes }
}

function byExactRules({ reader, writer, changes, unlinked, steps, options }: Question): Verdict {
  if (unlinked) return { outcome: 'undecided', changes, reason: unlinked }
  const verdict = decideExactly(writer, reader, steps)
  if (verdict.outcome !== 'incompatible') return { ...verdict, changes }
  const breaks = verdict.breaks.map((found) => exactBreak(found, writer, reader))
  const witness = options.witness === false ? undefined : verdict.witness
  return { outcome: 'incompatible', changes, breaks, ...(witness && { witness: witnessOf(witness, writer) }) }
}

/** Rules refuse by what is written; where a message really suffers from it, that message goes along. */
function incompatible({ reader, writer, changes, unlinked, steps, options }: Question, breaks: Break[]): Verdict {
  const exact = unlinked || options.witness === false ? undefined : decideExactly(writer, reader, steps)
  const witness = exact?.outcome === 'incompatible' ? exact.witness : undefined
  return { outcome: 'incompatible', changes, breaks, ...(witness && { witness: witnessOf(witness, writer) }) }
}

function witnessOf({ found, bytes, value, failure, confirmedBy }: Confirmed, writer: ComparedSchema): Witness {
  const message = found.witness?.pair.writer
  return { value: message ? toProtoJson(writer, message, value, bytes) : {}, bytes, failure, confirmedBy }
}

function exactBreak(
  { rule, path, reason, writer: older, reader: newer }: ExactBreak,
  was: ComparedSchema,
  is: ComparedSchema,
): Break {
  const at = places('writer', positionOf(was, older), 'reader', positionOf(is, newer))
  return { rule, path, message: `${path}: ${reason}`, ...(at && { at }) }
}

function confluentBreak(found: Found, was: ComparedSchema, is: ComparedSchema): Break {
  const at = places('writer', positionOf(was, found.older), 'reader', positionOf(is, found.newer))
  return { rule: found.type, path: found.path, message: describe(found), ...(at && { at }) }
}

function categoryBreak(finding: Finding, was: ComparedSchema, is: ComparedSchema): Break {
  const { rule, path, message } = finding
  const at = places('writer', ownPosition(was, finding.older), 'reader', ownPosition(is, finding.newer))
  return { rule, path, message, ...(at && { at }) }
}

function places<A extends string, B extends string>(
  a: A,
  was: Position | undefined,
  b: B,
  is: Position | undefined,
): Partial<Record<A | B, Position>> | undefined {
  if (!was && !is) return undefined
  return { ...(was && { [a]: was }), ...(is && { [b]: is }) } as Partial<Record<A | B, Position>>
}
