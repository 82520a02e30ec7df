import type { Verdict } from '../schema/verdict.js'
import { checkHistory, judge, type Compared, type ComparedVersion, type Judge } from './check.js'
import { policyFor } from './formats.js'
import type { Level } from './levels.js'

const schema = (key: string): Compared => ({ key, type: 'AVRO', schema: () => key })
const old = (version: number): ComparedVersion => ({ ...schema(`v${version}`), version })
const candidate = schema('new')
const history = [old(3), old(2), old(1)]

const compatible: Verdict = { outcome: 'compatible', changes: [] }
const broken: Verdict = { outcome: 'incompatible', changes: [], breaks: [{ rule: 'R', path: '/', message: 'm' }] }
const undecided: Verdict = { outcome: 'undecided', changes: [], reason: 'too large' }

/** Asks under a level and notes each question as `reader reads writer`. */
function ask(level: Level, verdicts: Record<string, Verdict> = {}) {
  const questions: string[] = []
  const noting: Judge = (reader, writer) => {
    const question = `${reader.key} reads ${writer.key}`
    questions.push(question)
    return verdicts[question] ?? compatible
  }
  return { ...checkHistory({ level, policy: 'STRICT', candidate, history, judge: noting }), questions }
}

describe('a compatibility level', () => {
  it.each<[Level, string[]]>([
    ['NONE', []],
    ['BACKWARD', ['new reads v3']],
    ['FORWARD', ['v3 reads new']],
    ['FULL', ['v3 reads new', 'new reads v3']],
    ['BACKWARD_TRANSITIVE', ['new reads v3', 'new reads v2', 'new reads v1']],
    ['FORWARD_TRANSITIVE', ['v3 reads new', 'v2 reads new', 'v1 reads new']],
    [
      'FULL_TRANSITIVE',
      ['v3 reads new', 'new reads v3', 'v2 reads new', 'new reads v2', 'v1 reads new', 'new reads v1'],
    ],
  ])('%s asks %j', (level, questions) => {
    expect(ask(level)).toMatchObject({ compatible: true, questions })
  })

  it('stops at the first version that fails, after all questions about it', () => {
    const report = ask('FULL_TRANSITIVE', { 'v2 reads new': broken })
    expect(report).toMatchObject({ compatible: false, failedVersion: 2 })
    // The refused question is asked once more for its proof.
    expect(report.questions).toEqual(['v3 reads new', 'new reads v3', 'v2 reads new', 'v2 reads new', 'new reads v2'])
    expect(report.findings.map(({ verdict }) => verdict.outcome)).toEqual([
      'compatible',
      'compatible',
      'incompatible',
      'compatible',
    ])
  })

  it('does not take what could not be decided for a yes', () => {
    expect(ask('BACKWARD', { 'new reads v3': undecided })).toMatchObject({ compatible: false, failedVersion: 3 })
  })

  it('shows the message that really breaks where a policy refuses without one', () => {
    const witness = { value: 1, failure: 'f', confirmedBy: 'c' }
    const noting: Judge = (_reader, _writer, policy) => (policy === 'EXACT' ? { ...broken, witness } : broken)
    const report = checkHistory({ level: 'BACKWARD', policy: 'STRICT', candidate, history, judge: noting })
    expect(report.findings[0]?.verdict).toMatchObject({ witness })
  })

  it('asks for the exact verdict beside the enforced one only where it may differ', () => {
    const policies: string[] = []
    const noting: Judge = (_reader, _writer, policy) => (policies.push(policy), compatible)
    checkHistory({ level: 'BACKWARD', policy: 'LENIENT', candidate, history, exact: true, judge: noting })
    checkHistory({ level: 'BACKWARD', policy: 'EXACT', candidate, history, exact: true, judge: noting })
    expect(policies).toEqual(['LENIENT', 'EXACT', 'EXACT'])
  })
})

describe('the judge', () => {
  const unread = (type: Compared['type'], key: string): Compared => ({
    key,
    type,
    schema: () => {
      throw new Error('the schema should not be looked at')
    },
  })

  it('lets equal contents read each other without looking at them', () => {
    expect(judge(unread('AVRO', 'k'), unread('AVRO', 'k'), 'STRICT').outcome).toBe('compatible')
  })

  it('lets no schema language read another', () => {
    expect(judge(unread('AVRO', 'a'), unread('JSON', 'b'), 'STRICT')).toMatchObject({
      outcome: 'incompatible',
      breaks: [{ rule: 'SCHEMA_TYPE_CHANGED' }],
    })
  })
})

it.each([
  ['AVRO', 'WIRE', 'STRICT'],
  ['JSON', 'FILE', 'STRICT'],
  ['PROTOBUF', 'TOLERANT', 'EXACT'],
  ['JSON', 'TOLERANT', 'TOLERANT'],
  ['PROTOBUF', 'WIRE_JSON', 'WIRE_JSON'],
] as const)('%s goes under the policy %s by %s', (type, policy, own) => {
  expect(policyFor(type, policy)).toBe(own)
})
