import { decide } from './index.js'
import { attack } from '../../../test/json-schema-exact/attack.js'
import { describeWithData, historyPairs, labelledPairs } from '../../../test/json-schema-exact/shared-data.js'
import { knownDeviation } from './validate/deviations.js'

/** Messages per proof: enough to notice a slip in every run; 10000 by this variable for the full attack (about an hour). */
const samples = Number(process.env.CONCORDAT_ATTACK_SAMPLES ?? 25)

/**
 * Labels that the engine contradicts, each with the reason why it is the label that is wrong or asks something else.
 * Everything that is not listed has to agree.
 */
const disputed: Record<string, readonly string[]> = {
  'a line break is a text of length 1 that /.+/ does not match': [
    'subschema#98',
    'subschema#99',
    'subschema#105',
    'subschema#205',
    'subschema#209',
    'subschema#212',
  ],
  'the label takes format as an annotation, others of its kind as an assertion': [
    'subschema#185',
    'subschema#187',
    'test-suite#27',
    'test-suite#29',
    'test-suite#39',
    'test-suite#204',
    'test-suite#380',
    'test-suite#382',
    'test-suite#387',
    'test-suite#388',
    'test-suite#397',
    'test-suite#881',
  ],
  'the label takes \\d and \\w for classes of Unicode, ECMA-262 for those of ASCII': [
    'test-suite#87',
    'test-suite#1035',
    'test-suite#1313',
    'test-suite#1314',
    'test-suite#1645',
  ],
  'the reference inside leads to the whole allOf branch with its "not", not to the tree that is meant': [
    'test-suite#325',
    'test-suite#818',
  ],
}
const explained = new Set(Object.values(disputed).flat())

describeWithData('pairs with a known answer', () => {
  const pairs = labelledPairs().map((pair) => {
    const { reader, writer, assertFormats } = pair
    return { ...pair, verdict: decide(reader, writer, { policy: 'EXACT', assertFormats }) }
  })

  it('get that answer, except where the reason for the difference is known', () => {
    const wrong = pairs.filter(({ id, verdict, contained }) => {
      if (verdict.outcome === 'undecided' || explained.has(id)) return false
      return (verdict.outcome === 'compatible') !== contained
    })
    expect(wrong.map(({ id }) => id)).toEqual([])
  })

  it('are decided, all but those about formats that cannot be tested', () => {
    const reasons = pairs.flatMap(({ verdict }) => (verdict.outcome === 'undecided' ? [verdict.reason] : []))
    expect(reasons.filter((reason) => !/^the format \S+ cannot be tested$/.test(reason))).toEqual([])
    expect(reasons.length / pairs.length).toBeLessThan(0.03)
  })

  it('come with counterexamples that ajv confirms, except where it is known to deviate', () => {
    const others = pairs.flatMap(({ id, verdict }) =>
      verdict.outcome === 'incompatible' && verdict.witness.confirmedBy !== 'ajv 8.20.0'
        ? [`${id}: ${verdict.witness.confirmedBy}`]
        : [],
    )
    expect(others).toEqual([
      'test-suite#68: the exact evaluator (ajv 8.20.0 deviates from the specification: numbers that doubles round, or multipleOf)',
      'test-suite#990: the exact evaluator (ajv 8.20.0 deviates from the specification: numbers that doubles round, or multipleOf)',
    ])
  })

  it('stay proved under attack, and formula, evaluator and ajv agree about every message', () => {
    const slips = pairs.flatMap(({ id, reader, writer, assertFormats, verdict }, index) => {
      const compareAjv = knownDeviation([writer], null) === undefined
      const report = attack(reader, writer, samples, index, compareAjv, assertFormats)
      const hit = verdict.outcome === 'compatible' ? report.hit : undefined
      return hit || report.contradiction ? [`${id}: ${hit ?? report.contradiction}`] : []
    })
    expect(slips).toEqual([])
  }, 3_600_000)
})

describeWithData('versions of real schemas that follow each other', () => {
  const pairs = historyPairs().map((pair) => ({
    ...pair,
    verdict: decide(pair.reader, pair.writer, { policy: 'EXACT' }),
  }))

  it('are all decided, each no with a message that ajv confirms', () => {
    expect(pairs.filter(({ verdict }) => verdict.outcome === 'undecided').map(({ id }) => id)).toEqual([])
    const confirmed = pairs.flatMap(({ verdict }) =>
      verdict.outcome === 'incompatible' ? [verdict.witness.confirmedBy] : [],
    )
    expect(new Set(confirmed)).toEqual(new Set(['ajv 8.20.0']))
  })

  it('stay proved under attack', () => {
    const slips = pairs.flatMap(({ id, reader, writer, verdict }, index) => {
      if (verdict.outcome !== 'compatible') return []
      const { hit, contradiction } = attack(reader, writer, samples, index)
      return hit || contradiction ? [`${id}: ${hit ?? contradiction}`] : []
    })
    expect(slips).toEqual([])
  }, 3_600_000)

  it('are no less compatible for producers that write declared properties only', () => {
    const lost = pairs.filter(
      ({ reader, writer, verdict }) =>
        verdict.outcome === 'compatible' &&
        decide(reader, writer, { policy: 'TOLERANT', witness: false }).outcome === 'incompatible',
    )
    expect(lost.map(({ id }) => id)).toEqual([])
  })
})
