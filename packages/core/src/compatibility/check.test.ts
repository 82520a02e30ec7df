import type { Policy } from '../schema/format.js'
import { parseNew } from '../schema/format.js'
import type { Verdict } from '../schema/verdict.js'
import { checkHistory, differentTypes, judge, type Compared, type ComparedVersion } from './check.js'
import { formats, isSchemaType, policyFor } from './formats.js'
import { isLevel, levels, type Level } from './levels.js'

const record = (...fields: string[]) =>
  `{"type":"record","name":"R","fields":[${fields.map((name) => `{"name":"${name}","type":"string"}`).join()}]}`
const compared = (text: string): Compared => ({
  key: text,
  type: 'AVRO',
  schema: () => formats.AVRO.parse({ type: 'AVRO', text, references: [] }, () => undefined, parseNew),
})
const version = (number: number, text: string): ComparedVersion => ({ ...compared(text), version: number })

const check = (level: Level, candidate: string, newestFirst: ComparedVersion[], policy: Policy = 'STRICT') =>
  checkHistory({ level, policy, candidate: compared(candidate), history: newestFirst })

describe('compatibility levels', () => {
  const narrow = record('a')
  const wide = record('a', 'b')

  it.each([
    ['NONE', true],
    ['BACKWARD', false],
    ['FORWARD', true],
    ['FULL', false],
  ] as const)('%s of a field that is added without a default: %s', (level, compatible) => {
    expect(check(level, wide, [version(1, narrow)]).compatible).toBe(compatible)
  })

  it.each([
    ['BACKWARD', true],
    ['FORWARD', false],
    ['FULL', false],
  ] as const)('%s of a required field that is taken away: %s', (level, compatible) => {
    expect(check(level, narrow, [version(1, wide)]).compatible).toBe(compatible)
  })

  it('compare with the newest version only, unless they are transitive', () => {
    const history = [version(2, wide), version(1, narrow)]
    expect(check('BACKWARD', wide, history)).toMatchObject({ compatible: true })
    expect(check('BACKWARD_TRANSITIVE', wide, history)).toMatchObject({ compatible: false, failedVersion: 1 })
  })

  it('stop at the first version that fails', () => {
    const history = [version(3, narrow), version(2, narrow), version(1, narrow)]
    const { findings, failedVersion } = check('BACKWARD_TRANSITIVE', wide, history)
    expect(failedVersion).toBe(3)
    expect(findings.map((finding) => finding.version)).toEqual([3])
  })

  it('are known by their names alone', () => {
    expect(Object.keys(levels).every(isLevel)).toBe(true)
    expect(isLevel('toString')).toBe(false)
    expect(isSchemaType('constructor')).toBe(false)
  })
})

describe('a verdict', () => {
  it('that refuses carries the message that really breaks, also where the policy has no messages', () => {
    const [finding] = check('BACKWARD', record('a', 'b'), [version(1, record('a'))]).findings
    expect(finding.verdict).toMatchObject({ outcome: 'incompatible', witness: { value: { a: '' } } })
  })

  it('that is undecided is not let through', () => {
    const undecided = (): Verdict => ({ outcome: 'undecided', changes: [], reason: 'too large' })
    const report = checkHistory({
      level: 'BACKWARD',
      policy: 'EXACT',
      candidate: compared(record('a')),
      history: [version(1, record('b'))],
      judge: undecided,
    })
    expect(report.compatible).toBe(false)
  })

  it('across schema languages is one break', () => {
    const json: Compared = { key: '{}', type: 'JSON', schema: () => undefined }
    expect(judge(json, compared(record('a')), 'STRICT')).toMatchObject({ breaks: [{ rule: differentTypes }] })
  })

  it('of a policy that a format does not have is that of the nearest one that it has', () => {
    expect(policyFor('AVRO', 'WIRE')).toBe('STRICT')
    expect(policyFor('PROTOBUF', 'WIRE')).toBe('WIRE')
    expect(policyFor('PROTOBUF', 'TOLERANT')).toBe('EXACT')
  })
})
