import { defaultBudget, type CanReadOptions } from '../schema/format.js'
import type { Break, Change, Verdict, Witness } from '../schema/verdict.js'
import { parseJson } from '../text/json-document.js'
import { LineIndex } from '../text/line-index.js'
import { decide, suggestFix, type ExactVerdict, type ExactWitness, type SchemaDocument } from './exact/index.js'
import type { JsonSchema } from './schema.js'

const documents = new WeakMap<JsonSchema, SchemaDocument>()

/** The schema as the exact engine takes it; kept, since that engine caches what it compiles by identity. */
function documentOf(schema: JsonSchema): SchemaDocument {
  let document = documents.get(schema)
  if (!document) {
    const resources = [...schema.resources].map(([uri, { dialect, root }]) => ({
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

/**
 * What is true about a change that a structural rule forbids: a message that breaks, or that none does (`harmless`).
 * Neither if that is not found quickly.
 */
export function truthBehind(reader: JsonSchema, writer: JsonSchema): { witness?: Witness; harmless?: boolean } {
  const verdict = decide(documentOf(reader), documentOf(writer), { policy: 'EXACT', budget: witnessBudget })
  switch (verdict.outcome) {
    case 'incompatible':
      return { witness: witnessOf(verdict.witness) }
    case 'compatible':
      return { harmless: true }
    case 'undecided':
      return {}
  }
}

/** The truth about all messages (`EXACT`) or about those without undeclared properties (`TOLERANT`). */
export function canReadExactly(
  reader: JsonSchema,
  writer: JsonSchema,
  policy: 'EXACT' | 'TOLERANT',
  { budget = defaultBudget, witness = true }: CanReadOptions,
  changes: Change[],
): Verdict {
  const verdict = decide(documentOf(reader), documentOf(writer), { policy, budget, witness })
  switch (verdict.outcome) {
    case 'compatible':
      return { outcome: 'compatible', changes }
    case 'undecided':
      return { outcome: 'undecided', changes, reason: verdict.reason }
    case 'incompatible': {
      const fix = witness ? provedFix(reader, writer, policy, verdict) : undefined
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

/** What to change in the reader so that it is proved to read everything. */
function provedFix(
  reader: JsonSchema,
  writer: JsonSchema,
  policy: 'EXACT' | 'TOLERANT',
  verdict: ExactVerdict,
): string | undefined {
  const text = reader.text.slice(0, reader.root.end)
  if (!isPlainJson(text)) return undefined
  const options = { policy, budget: witnessBudget }
  return suggestFix(documentOf(reader), text, documentOf(writer), verdict, options)?.advice.join('; ')
}

/** False for a text that only the `confluent` validation reads, such as one with `NaN`: it cannot be edited and read again. */
function isPlainJson(text: string): boolean {
  try {
    parseJson(text)
    return true
  } catch {
    return false
  }
}
