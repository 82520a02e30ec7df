import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { guidOf } from '../../identity/guid.js'
import { InvalidSchema } from '../../schema/invalid-schema.js'
import { noReferences } from '../../schema/source.js'
import { jsonSchema } from '../index.js'
import type { JsonSchema } from '../schema.js'

const recordings = join(__dirname, '../../../../../../shared/data/confluent')

interface Answer {
  compatible: boolean
  differences: { type: string; path?: string }[]
}
interface Pair {
  id: string
  older: unknown
  newer: unknown
  strict?: Answer
  lenient?: Answer
  error?: { in: 'older' | 'newer' | 'check' }
  fault?: boolean
  unstable?: boolean
}
interface Form {
  id: string
  text: string
  status?: number
  schema?: string
  guid?: string
  normalized?: { schema?: string; guid?: string }
  lookup?: { variant: string; plain: Found; normalized: Found }
  error?: object
}
interface Found {
  without: boolean
  with: boolean
}

const rowsOf = <T>(path: string): T[] => {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

const register = (text: string): JsonSchema | undefined => {
  try {
    return jsonSchema.parse({ type: 'JSON', text, references: [] }, noReferences, {
      validation: 'confluent',
      asNew: true,
    })
  } catch (error) {
    if (error instanceof InvalidSchema) return undefined
    throw error
  }
}

const verdictsFile = join(recordings, 'verdicts/json.jsonl.gz')
const formsFile = join(recordings, 'forms/json.jsonl')
const there = existsSync(verdictsFile) && existsSync(formsFile)
if (!there) process.stderr.write(`skipped: the recordings of a Confluent server are not at ${recordings}\n`)

;(there ? describe : describe.skip)('agreement with a recorded Confluent server', () => {
  it('gives the same verdicts, difference types and paths under STRICT and LENIENT', () => {
    const disagreements: string[] = []
    let compared = 0
    for (const pair of rowsOf<Pair>(verdictsFile)) {
      if (pair.fault || pair.unstable) continue
      const older = register(JSON.stringify(pair.older))
      const newer = register(JSON.stringify(pair.newer))
      compared++
      if (pair.error) {
        if ((pair.error.in === 'older' ? older : newer) !== undefined) disagreements.push(`${pair.id}: not refused`)
        continue
      }
      if (!older || !newer || !pair.strict) {
        disagreements.push(`${pair.id}: refused`)
        continue
      }
      for (const policy of ['STRICT', 'LENIENT'] as const) {
        const recorded = policy === 'LENIENT' ? (pair.lenient ?? pair.strict) : pair.strict
        const verdict = jsonSchema.canRead(newer, older, { policy, witness: false })
        const breaks = verdict.outcome === 'incompatible' ? verdict.breaks : []
        const ours = breaks.map(({ rule, path }) => (rule === 'SCHEMA_ADDED' ? rule : `${rule} ${path}`)).sort()
        const theirs = recorded.differences
          .map(({ type, path }) => (path === undefined ? type : `${type} ${path}`))
          .sort()
        if ((verdict.outcome === 'compatible') !== recorded.compatible || ours.join() !== theirs.join()) {
          disagreements.push(`${pair.id} ${policy}`)
        }
      }
    }
    expectAgreement(disagreements, compared)
  })

  it('stores the same texts under the same GUIDs, finds them again alike and refuses the same', () => {
    const forms = rowsOf<Form>(formsFile)
    expectAgreement(
      forms.flatMap((form) => disagreementsOf(form)),
      forms.length,
    )
  })
})

/** All of what is recorded agrees today; one in a thousand is left to what others may record. */
function expectAgreement(disagreements: readonly string[], compared: number): void {
  expect(compared).toBeGreaterThan(900)
  const rate = 1 - disagreements.length / compared
  expect({ rate, disagreements: rate < 0.999 ? disagreements : [] }).toEqual({ rate, disagreements: [] })
}

function disagreementsOf(form: Form): string[] {
  const schema = register(form.text)
  const refused = form.error !== undefined || form.status === 422
  if (!schema || refused) return (schema === undefined) === refused ? [] : [`${form.id}: refusal`]
  const found: string[] = []
  const check = (what: string, ours: unknown, theirs: unknown) => {
    if (theirs !== undefined && JSON.stringify(ours) !== JSON.stringify(theirs)) found.push(`${form.id}: ${what}`)
  }
  const canonical = jsonSchema.print(schema, 'canonical')
  const normalized = jsonSchema.print(schema, 'normalized')
  const theirs = form.normalized?.schema === '=schema' ? form.schema : form.normalized?.schema
  check('text', canonical, form.schema)
  check('guid', guidOf({ text: canonical }), form.guid)
  check('normalized text', normalized, theirs)
  check('normalized guid', guidOf({ text: normalized }), form.normalized?.guid)
  if (form.lookup) {
    const variant = register(form.lookup.variant)
    const without = variant && jsonSchema.print(variant, 'canonical')
    const withIt = variant && jsonSchema.print(variant, 'normalized')
    check('lookup', { without: without === canonical, with: withIt === canonical }, form.lookup.plain)
    check(
      'lookup of normalized',
      { without: without === normalized, with: withIt === normalized },
      form.lookup.normalized,
    )
  }
  return found
}
