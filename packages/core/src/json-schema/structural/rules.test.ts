import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { noReferences } from '../../schema/source.js'
import type { Verdict } from '../../schema/verdict.js'
import { jsonSchema } from '../index.js'
import type { JsonSchema } from '../schema.js'
import { rules, tolerates } from './rules.js'

const testdata = join(__dirname, '../testdata')

/** The protocol knows these names, but its comparison never arrives at them. */
const neverRaised = [
  'RESERVED_PROPERTY_REMOVED',
  'RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY',
  'PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL',
]

interface Expected {
  changes: { rule: string; path: string }[]
  STRICT: Brief
  LENIENT: Brief
}

interface Brief {
  outcome: Verdict['outcome']
  breaks: { rule: string; path: string; fix?: string }[]
}

const cases = readdirSync(testdata).flatMap((rule) =>
  readdirSync(join(testdata, rule)).map((name) => ({ rule, name, folder: join(testdata, rule, name) })),
)

const read = (folder: string, file: string) => readFileSync(join(folder, `${file}.json`), 'utf8')
const parse = (text: string) =>
  jsonSchema.parse({ type: 'JSON', text, references: [] }, noReferences, { validation: 'strict', asNew: true })

function brief(verdict: Verdict): Brief {
  const breaks = verdict.outcome === 'incompatible' ? verdict.breaks : []
  return {
    outcome: verdict.outcome,
    breaks: breaks.map(({ rule, path, fix }) => ({ rule, path, ...(fix !== undefined && { fix }) })),
  }
}

describe('the rules of the structural comparison', () => {
  it('are 132: 65 tolerated by both policies, 9 by LENIENT only, 58 by neither', () => {
    const counts = { both: 0, LENIENT: 0, neither: 0 }
    for (const { tolerated } of Object.values(rules)) counts[tolerated]++
    expect(counts).toEqual({ both: 65, LENIENT: 9, neither: 58 })
  })

  it('each have a case, but for those that the comparison never arrives at', () => {
    const covered = new Set(cases.map(({ rule }) => rule))
    expect(Object.keys(rules).filter((rule) => !covered.has(rule))).toEqual(neverRaised)
  })

  it('say what to change wherever STRICT finds a break', () => {
    const silent = Object.entries(rules).filter(([, rule]) => rule.tolerated !== 'both' && !('advice' in rule))
    expect(silent).toEqual([])
  })

  it.each(cases)('$rule: $name', ({ rule, folder }) => {
    const older = parse(read(folder, 'older'))
    const newer = parse(read(folder, 'newer'))
    const expected = JSON.parse(read(folder, 'expected')) as Expected
    const changes = jsonSchema.diff(older, newer)
    expect(changes.map((change) => change.rule)).toContain(rule)
    expect(changes.map(({ rule, path }) => ({ rule, path }))).toEqual(expected.changes)
    const strict = jsonSchema.canRead(newer, older, { policy: 'STRICT' })
    expect(brief(strict)).toEqual(expected.STRICT)
    expect(brief(jsonSchema.canRead(newer, older, { policy: 'LENIENT' }))).toEqual(expected.LENIENT)
    expectPlaces(strict, newer, older)
  })
})

/** Every break points into both texts, and is one that the policy does not tolerate. */
function expectPlaces(verdict: Verdict, reader: JsonSchema, writer: JsonSchema): void {
  if (verdict.outcome !== 'incompatible') return
  for (const { rule, at, message } of verdict.breaks) {
    expect(tolerates('STRICT', rule as keyof typeof rules)).toBe(false)
    expect(message).toContain('reader')
    expect(at?.reader?.line ?? 1).toBeLessThanOrEqual(reader.text.split('\n').length)
    expect(at?.writer?.line ?? 1).toBeLessThanOrEqual(writer.text.split('\n').length)
    expect(at?.reader ?? at?.writer).toBeDefined()
  }
}
