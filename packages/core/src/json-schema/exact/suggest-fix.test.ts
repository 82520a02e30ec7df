import { parseJson } from '../../text/json-document.js'
import { decide, type ExactOptions, suggestFix } from './index.js'
import { documentOf, type Json } from '../../../test/json-schema-exact/arbitrary-schema.js'

const options: ExactOptions = { policy: 'EXACT' }

function fix(writer: Json, reader: Json): { advice: string[]; reader: Json } | undefined {
  const [read, written] = [documentOf(reader, 'draft-07'), documentOf(writer, 'draft-07')]
  const found = suggestFix(read, JSON.stringify(reader), written, decide(read, written, options), options)
  if (!found) return undefined
  const again = decide({ ...read, root: parseJson(found.text).root }, written, options)
  expect(again.outcome).toBe('compatible')
  return { advice: found.advice, reader: JSON.parse(found.text) as Json }
}

describe('a suggested fix is proved before it is shown', () => {
  const closed = (properties: Json, more: Record<string, Json> = {}): Json => ({
    type: 'object',
    properties,
    additionalProperties: false,
    ...more,
  })

  it('takes a property out of required', () => {
    const found = fix(closed({ a: {}, b: {} }), closed({ a: {}, b: {} }, { required: ['a', 'b'] }))
    expect(found?.advice).toEqual(['take "a" out of "required"', 'take "b" out of "required"'])
  })

  it('keeps enum values', () => {
    expect(fix({ enum: ['NEW', 'PAID'] }, { enum: ['NEW'] })).toEqual({
      advice: ['keep "PAID" in the enum'],
      reader: { enum: ['NEW', 'PAID'] },
    })
  })

  it('keeps a property in a closed object', () => {
    const found = fix(closed({ a: { type: 'string' }, b: {} }), closed({ b: {} }))
    expect(found?.advice).toEqual(['keep "a" among the properties'])
    expect(found?.reader).toEqual(closed({ b: {}, a: { type: 'string' } }))
  })

  it('sets a bound or pattern back to what the writer has', () => {
    const found = fix(closed({ n: { type: 'number', maximum: 10 } }), closed({ n: { type: 'number', maximum: 5 } }))
    expect(found?.advice).toEqual(['set "maximum" back to 10 (at /properties/n)'])
  })

  it('drops a constraint that the writer does not have', () => {
    expect(fix({ type: 'string' }, { type: 'string', pattern: '^a' })?.advice).toEqual(['drop "pattern"'])
  })

  it('allows the writer’s type beside the new one', () => {
    expect(fix({ type: ['string', 'null'] }, { type: 'string' })).toEqual({
      advice: ['allow null as a type, too'],
      reader: { type: ['string', 'null'] },
    })
  })

  it('says that an added property has to stay unconstrained while the writer leaves it open', () => {
    const found = fix({ type: 'object' }, { type: 'object', properties: { coupon: { type: 'string' } } })
    expect(found?.advice).toEqual(['leave the value unconstrained ({}), as the writer does (at /properties/coupon)'])
  })

  it('is not made up where nothing helps', () => {
    expect(fix({ type: 'string' }, false)).toBeUndefined()
  })
})
