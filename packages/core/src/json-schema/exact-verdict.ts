import { defaultBudget, type CanReadOptions } from '../schema/format.js'
import type { Break, Change, Verdict, Witness } from '../schema/verdict.js'
import { LineIndex } from '../text/line-index.js'
import { decide } from './exact/decide.js'
import type { ExactWitness } from './exact/exact-verdict.js'
import type { SchemaDocument } from './exact/schema-document.js'
import { fixed, fixesFor, type Fix } from './fixes.js'
import type { JsonSchema } from './schema.js'
import type { Difference } from './structural/comparison.js'
import type { TextEdit } from './text-edit.js'

const documents = new WeakMap<JsonSchema, SchemaDocument>()

/** The schema as the exact engine takes it; kept, since that engine caches what it compiles by identity. */
function documentOf(schema: JsonSchema): SchemaDocument {
  let document = documents.get(schema)
  if (!document) {
    const resources = [...schema.resources.values()].map(({ uri, dialect, root }) => ({
      uri,
      dialect: dialect.id,
      root,
    }))
    document = { dialect: schema.dialect.id, root: schema.root, resources }
    documents.set(schema, document)
  }
  return document
}

/** Steps that the search for a message may take where the answer is known already. */
const witnessBudget = { steps: 20_000 }

/** A message that shows what a structural rule forbids; none if there is none or it is not found quickly. */
export function findWitness(reader: JsonSchema, writer: JsonSchema): Witness | undefined {
  const verdict = decide(documentOf(reader), documentOf(writer), { policy: 'EXACT', budget: witnessBudget })
  return verdict.outcome === 'incompatible' ? witnessOf(verdict.witness) : undefined
}

/**
 * The truth about all messages (`EXACT`) or about those without undeclared properties (`TOLERANT`).
 * @param differences structural ones, to suggest what to change
 */
export function canReadExactly(
  reader: JsonSchema,
  writer: JsonSchema,
  policy: 'EXACT' | 'TOLERANT',
  { budget = defaultBudget, witness = true }: CanReadOptions,
  changes: Change[],
  differences: readonly Difference[],
): Verdict {
  const verdict = decide(documentOf(reader), documentOf(writer), { policy, budget, witness })
  switch (verdict.outcome) {
    case 'compatible':
      return { outcome: 'compatible', changes }
    case 'undecided':
      return { outcome: 'undecided', changes, reason: verdict.reason }
    case 'incompatible': {
      const fix = witness ? verifiedFix(reader, writer, policy, differences) : undefined
      const found = breakOf(verdict.witness, reader, fix)
      return {
        outcome: 'incompatible',
        changes,
        breaks: [found],
        ...(witness && { witness: witnessOf(verdict.witness) }),
      }
    }
  }
}

function breakOf({ at, instancePath, failure }: ExactWitness, reader: JsonSchema, fix: string | undefined): Break {
  const inReader = at.resource === undefined
  return {
    rule: at.keyword,
    path: `#${at.pointer || '/'}`,
    message: `there is a message that the writer may write and the reader rejects${instancePath ? ` at ${instancePath}` : ''}: ${failure}`,
    ...(fix !== undefined && { fix }),
    ...(inReader && { at: { reader: new LineIndex(reader.text).position(at.start) } }),
  }
}

const witnessOf = ({ value, text, failure, confirmedBy }: ExactWitness): Witness => ({
  value,
  bytes: new TextEncoder().encode(text),
  failure,
  confirmedBy,
})

/** Each suggestion costs a decision. */
const mostTried = 6

/** What to change in the reader so that it is proved to read everything: one change, or the first of each difference. */
function verifiedFix(
  reader: JsonSchema,
  writer: JsonSchema,
  policy: 'EXACT' | 'TOLERANT',
  differences: readonly Difference[],
): string | undefined {
  const perDifference = differences.map((difference) => fixesFor(difference, reader)).filter(({ length }) => length > 0)
  const together = perDifference.map(([first]) => first).filter((fix) => fix !== undefined)
  const combined: Fix = {
    advice: together.map(({ advice }) => advice).join('; '),
    edits: together.flatMap(({ edits }) => edits),
  }
  const candidates = [...perDifference.flat().slice(0, mostTried), ...(overlap(combined.edits) ? [] : [combined])]
  const helps = ({ edits }: Fix) => {
    const options = { policy, budget: witnessBudget, witness: false }
    return decide(documentOf(fixed(reader, edits)), documentOf(writer), options).outcome === 'compatible'
  }
  return candidates.find(helps)?.advice
}

function overlap(edits: readonly TextEdit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start)
  return sorted.some((edit, index) => edit.start < (sorted[index - 1]?.end ?? 0))
}
