import {
  type Break,
  type CanReadOptions,
  type Change,
  defaultBudget,
  type Position,
  type Verdict,
  type Witness,
} from '../../schema/index.js'
import type { ProtobufSchema } from '../schema.js'
import { finding, violations } from './check.js'
import { compared, type ComparedSchema, ownPosition, positionOf } from './compared-schema.js'
import { compareSchemas, meetsUnresolvedType } from './confluent/compare.js'
import { describe } from './confluent/describe.js'
import { differenceTypes } from './confluent/differences.js'
import { type Confirmed, decideExactly } from './exact/exact.js'
import { toProtoJson } from './exact/proto-json.js'
import { type ExactBreak, relateSchemas } from './exact/relation.js'
import type { Located } from './file-set.js'
import { findFixes } from './fixes.js'
import type { Category } from './rules/rule.js'
import { unlinkedReason } from './undecided.js'

/** Every difference from `older` to `newer`, compatible or not, under Confluent's names and paths. */
export function diff(older: ProtobufSchema, newer: ProtobufSchema): Change[] {
  const [was, is] = [compared(older), compared(newer)]
  return compareSchemas(was, is).found.map((found) => {
    const at = { ...placed('older', positionOf(was, found.older)), ...placed('newer', positionOf(is, found.newer)) }
    return { rule: found.type, path: found.path, message: describe(found), ...(hasKeys(at) && { at }) }
  })
}

/** Whether the reader understands what the writer writes, by the rules of the policy. */
export function canRead(reader: ProtobufSchema, writer: ProtobufSchema, options: CanReadOptions): Verdict {
  const question: Question = {
    reader: compared(reader),
    writer: compared(writer),
    options,
    steps: (options.budget ?? defaultBudget).steps,
    changes: diff(writer, reader),
    unlinked: unlinkedReason({ reader, writer }),
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
  steps: number
  changes: Change[]
  /** Why one of the schemas leaves questions open. */
  unlinked: string | undefined
}

/** A break before it is put into words for the answer: with what it is about on both sides. */
interface Judged extends Omit<Break, 'at' | 'fix'> {
  older?: Located | undefined
  newer?: Located | undefined
  at?: { writer?: Position | undefined; reader?: Position | undefined }
}

function byConfluent(question: Question): Verdict {
  const { reader, writer, changes, unlinked } = question
  const judge = (candidate: ComparedSchema): Judged[] =>
    compareSchemas(writer, candidate)
      .found.filter(({ type }) => !differenceTypes[type].compatible)
      .map((found) => ({ ...found, rule: found.type, message: describe(found) }))
  const found = judge(reader)
  if (found.length > 0) return incompatible(question, found, judge)
  if (unlinked && meetsUnresolvedType(writer, reader)) return { outcome: 'undecided', changes, reason: unlinked }
  if (!compareSchemas(writer, reader).complete)
    return { outcome: 'undecided', changes, reason: 'imports are nested too deeply' }
  return { outcome: 'compatible', changes }
}

function byCategory(question: Question, category: Category): Verdict {
  const { reader, writer, changes, unlinked } = question
  if (unlinked) return { outcome: 'undecided', changes, reason: unlinked }
  const judge = (candidate: ComparedSchema): Judged[] =>
    violations(writer.set, candidate.set, category).map((violation) => {
      const { rule, path, message, older, newer } = finding(violation)
      const at = { writer: ownPosition(writer, older), reader: ownPosition(candidate, newer) }
      return { rule, path, message, at, older: violation.older?.element, newer: violation.newer?.element }
    })
  const found = judge(reader)
  return found.length > 0 ? incompatible(question, found, judge) : { outcome: 'compatible', changes }
}

function byExactRules(question: Question): Verdict {
  const { reader, writer, changes, unlinked, steps } = question
  if (unlinked) return { outcome: 'undecided', changes, reason: unlinked }
  const verdict = decideExactly(writer, reader, steps)
  if (verdict.outcome !== 'incompatible') return { ...verdict, changes }
  const judged = ({ rule, path, reason, writer: older, reader: newer }: ExactBreak): Judged => ({
    rule,
    path,
    message: `${path}: ${reason}`,
    ...{ older, newer },
  })
  const judge = (candidate: ComparedSchema): Judged[] => relateSchemas(writer, candidate, steps).breaks.map(judged)
  return incompatible(question, verdict.breaks.map(judged), judge, verdict.witness)
}

/**
 * A refusal with what to change and, where one suffers, the message: rules refuse by what is written, and not every
 * refusal hurts a message.
 *
 * @param judge what the policy finds with another reader
 */
function incompatible(
  question: Question,
  found: Judged[],
  judge: (reader: ComparedSchema) => Judged[],
  known?: Confirmed,
): Verdict {
  const { reader, writer, changes, options, unlinked, steps } = question
  if (options.witness === false || unlinked) {
    return { outcome: 'incompatible', changes, breaks: found.map((judged) => breakOf(judged, question)) }
  }
  const keyed = found.map((judged) => ({ ...judged, key: keyOf(judged) }))
  const fixes = findFixes(keyed, writer, reader, (candidate) => judge(candidate).map(keyOf))
  const breaks = keyed.map((judged) => breakOf(judged, question, fixes.get(judged)))
  const exact = known ? undefined : decideExactly(writer, reader, steps)
  const witness = known ?? (exact?.outcome === 'incompatible' ? exact.witness : undefined)
  return { outcome: 'incompatible', changes, breaks, ...(witness && { witness: witnessOf(witness, writer) }) }
}

const keyOf = ({ rule, path }: Judged): string => `${rule} ${path}`

function breakOf({ rule, path, message, older, newer, at }: Judged, { writer, reader }: Question, fix?: string): Break {
  const places = {
    ...placed('writer', at ? at.writer : positionOf(writer, older)),
    ...placed('reader', at ? at.reader : positionOf(reader, newer)),
  }
  return { rule, path, message, ...(fix && { fix }), ...(hasKeys(places) && { at: places }) }
}

function witnessOf({ found, bytes, value, failure, confirmedBy }: Confirmed, writer: ComparedSchema): Witness {
  const message = found.witness?.pair.writer
  return { value: message ? toProtoJson(writer, message, value, bytes) : {}, bytes, failure, confirmedBy }
}

const placed = <Side extends string>(side: Side, position: Position | undefined): Partial<Record<Side, Position>> =>
  (position ? { [side]: position } : {}) as Partial<Record<Side, Position>>

const hasKeys = (object: object): boolean => Object.keys(object).length > 0
