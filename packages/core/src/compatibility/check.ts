import type { Policy } from '../schema/format.js'
import type { SchemaType } from '../schema/source.js'
import type { Verdict } from '../schema/verdict.js'
import { formats, policyFor } from './formats.js'
import { levels, type Direction, type Level } from './levels.js'

/** A schema in a comparison. `key` names its content (equal keys, equal contents), so that verdicts can be kept. */
export interface Compared {
  key: string
  type: SchemaType
  /** What the format's `parse` gave; called only when the schema is really looked at. */
  schema: () => unknown
}

export interface ComparedVersion extends Compared {
  version: number
}

export interface Question {
  level: Level
  policy: Policy
  candidate: Compared
  /** The versions that count, newest first. */
  history: readonly ComparedVersion[]
  /** Ask for the exact verdict beside the enforced one. */
  exact?: boolean
  /** How a pair is judged; a caller can put a memory in front of `judge`. */
  judge?: Judge
}

/** "Can this reader read everything that this writer writes?", under a policy. */
export type Judge = (reader: Compared, writer: Compared, policy: Policy) => Verdict

/** What one question about one version gave. */
export interface Finding {
  version: number
  direction: Direction
  verdict: Verdict
  /** The truth, where it was asked for or a refusal had no proof of its own, and the policy may differ from it. */
  exact?: Verdict
}

export interface Report {
  compatible: boolean
  /** Every question that was asked, in order; nothing is asked behind the first version that fails. */
  findings: Finding[]
  /** The version that fails, if one does. */
  failedVersion?: number
}

/** The rule id of a comparison across schema languages. */
export const differentTypes = 'SCHEMA_TYPE_CHANGED'

/**
 * Asks of a candidate what its compatibility level demands. The only place where the one question of the engines,
 * `canRead`, becomes levels, transitive histories and policies.
 */
export function checkHistory(question: Question): Report {
  const { directions, transitive } = levels[question.level]
  const { policy, candidate, judge: ask = judge } = question
  const compared = transitive ? question.history : question.history.slice(0, 1)
  const findings: Finding[] = []
  if (directions.length === 0) return { compatible: true, findings }
  for (const old of compared) {
    const ofVersion = directions.map((direction): Finding => {
      const [reader, writer] = direction === 'backward' ? [candidate, old] : [old, candidate]
      const enforced = ask(reader, writer, policy)
      const unproved = enforced.outcome === 'incompatible' && !enforced.witness && reader.type === writer.type
      const exact = policy !== 'EXACT' && (question.exact || unproved) ? ask(reader, writer, 'EXACT') : undefined
      const verdict = withProof(enforced, exact)
      return { version: old.version, direction, verdict, ...(exact && { exact }) }
    })
    findings.push(...ofVersion)
    // What could not be decided is not let through: a silent yes would be the one wrong answer.
    if (ofVersion.some(({ verdict }) => verdict.outcome !== 'compatible'))
      return { compatible: false, findings, failedVersion: old.version }
  }
  return { compatible: true, findings }
}

/** What a policy refuses without a message of its own is shown by the message that really breaks, if there is one. */
function withProof(enforced: Verdict, exact: Verdict | undefined): Verdict {
  if (enforced.outcome !== 'incompatible' || enforced.witness) return enforced
  if (exact?.outcome !== 'incompatible' || !exact.witness) return enforced
  return { ...enforced, witness: exact.witness }
}

/** The plain judge: the engine of the format, or a break if there is no common one. */
export const judge: Judge = (reader, writer, policy) => {
  if (reader.key === writer.key) return { outcome: 'compatible', changes: [] }
  if (reader.type !== writer.type) {
    const message = `a schema of type ${reader.type} cannot read what one of type ${writer.type} writes`
    return { outcome: 'incompatible', changes: [], breaks: [{ rule: differentTypes, path: '', message }] }
  }
  const options = { policy: policyFor(reader.type, policy) }
  return formats[reader.type].canRead(reader.schema(), writer.schema(), options)
}
