import type { Break, CanReadOptions, Change, Position, Verdict } from '../../schema/index.js'
import type { ProtobufSchema } from '../schema.js'
import { check, type Finding } from './check.js'
import { compareSchemas, type Found, meetsUnresolvedType } from './confluent/compare.js'
import { describe } from './confluent/describe.js'
import { differenceTypes } from './confluent/differences.js'
import { compared, type ComparedSchema, ownPosition, positionOf } from './compared-schema.js'
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
  const changes = diff(writer, reader)
  switch (options.policy) {
    case 'STRICT':
    case 'LENIENT':
      return byConfluent(reader, writer, changes)
    case 'WIRE':
    case 'WIRE_JSON':
    case 'PACKAGE':
    case 'FILE':
      return byCategory(reader, writer, changes, options.policy)
    case 'EXACT':
    case 'TOLERANT':
      throw new Error('not yet')
  }
}

function byConfluent(reader: ProtobufSchema, writer: ProtobufSchema, changes: Change[]): Verdict {
  const [was, is] = [compared(writer), compared(reader)]
  const breaks = compareSchemas(was, is)
    .filter(({ type }) => !differenceTypes[type].compatible)
    .map((found) => confluentBreak(found, was, is))
  if (breaks.length > 0) return { outcome: 'incompatible', changes, breaks }
  const reason = unlinkedReason({ reader, writer })
  if (reason && meetsUnresolvedType(was, is)) return { outcome: 'undecided', changes, reason }
  return { outcome: 'compatible', changes }
}

function confluentBreak(found: Found, was: ComparedSchema, is: ComparedSchema): Break {
  const at = places('writer', positionOf(was, found.older), 'reader', positionOf(is, found.newer))
  return { rule: found.type, path: found.path, message: describe(found), ...(at && { at }) }
}

function byCategory(reader: ProtobufSchema, writer: ProtobufSchema, changes: Change[], category: Category): Verdict {
  const reason = unlinkedReason({ reader, writer })
  if (reason) return { outcome: 'undecided', changes, reason }
  const [was, is] = [compared(writer), compared(reader)]
  const breaks = check(was.set, is.set, category).map((finding) => categoryBreak(finding, was, is))
  return breaks.length > 0 ? { outcome: 'incompatible', changes, breaks } : { outcome: 'compatible', changes }
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
