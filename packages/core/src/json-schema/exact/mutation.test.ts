import fc from 'fast-check'
import { decide } from './index.js'
import { arbitraryDocument, documentOf, edited, type Json } from '../../../test/json-schema-exact/arbitrary-schema.js'
import { attack } from '../../../test/json-schema-exact/attack.js'
import { knownDeviation } from './validate/deviations.js'

const runs = Number(process.env.CONCORDAT_MUTATION_RUNS ?? 400)
const samples = Number(process.env.CONCORDAT_ATTACK_SAMPLES ?? 30)
const budget = { steps: 100_000 }
const edit = fc.array(fc.nat(50), { minLength: 2, maxLength: 10 })

/** Answers that may remain open; anything else would be a hole in the engine. */
const openReasons = /^budget of|^unevaluated\* over/

describe('a random schema and a random edit of it', () => {
  it('leave no contradiction between the verdict, the sampler, the evaluator and ajv', () => {
    fc.assert(
      fc.property(arbitraryDocument, edit, fc.nat(1_000_000), (schema, choices, seed) => {
        const [before, after] = [documentOf(schema), documentOf(edited(schema, choices))]
        for (const [writer, reader] of [
          [before, after],
          [after, before],
        ]) {
          const verdict = decide(reader, writer, { policy: 'EXACT', budget })
          if (verdict.outcome === 'undecided') expect(verdict.reason).toMatch(openReasons)
          const compareAjv = knownDeviation([writer], null) === undefined
          const { hit, contradiction } = attack(reader, writer, samples, seed, compareAjv)
          expect(contradiction).toBeUndefined()
          if (verdict.outcome === 'compatible') expect(hit).toBeUndefined()
        }
      }),
      { seed: 20_261_122, numRuns: runs },
    )
  }, 3_600_000)

  it('never make a schema unable to read itself, nor less than a part of itself', () => {
    fc.assert(
      fc.property(arbitraryDocument, arbitraryDocument, (one, other) => {
        const both = documentOf({ allOf: [one, other].map(renamed) })
        const either = documentOf({ anyOf: [one, other].map(renamed) })
        for (const [reader, writer] of [
          [documentOf(one), documentOf(one)],
          [either, both],
        ]) {
          expect(decide(reader, writer, { policy: 'EXACT', budget, witness: false }).outcome).not.toBe('incompatible')
        }
      }),
      { seed: 20_261_122, numRuns: runs / 2 },
    )
  }, 600_000)
})

/** As a resource of its own, so that its references keep their meaning inside of another schema. */
function renamed(schema: Json, index: number): Json {
  return { ...(schema as Record<string, Json>), $id: `https://example.com/part-${index}` }
}
