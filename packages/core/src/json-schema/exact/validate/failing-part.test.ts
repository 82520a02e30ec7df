import { failingPart } from './failing-part.js'

const order = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', minLength: 1 },
    lines: { type: 'array', items: { type: 'object', properties: { count: { minimum: 0, exclusiveMinimum: true } } } },
    pair: { items: [{ type: 'string' }, { type: 'number' }], additionalItems: false },
  },
  patternProperties: { '^x-': { type: 'string' } },
  additionalProperties: { type: 'null' },
  allOf: [{ maxProperties: 3 }],
  anyOf: [{ required: ['lines'] }, { required: ['pair'] }],
  unevaluatedProperties: { type: 'null' },
}

describe('the failing part of a schema', () => {
  it.each([
    ['a keyword at the root', '/required', { required: ['id'] }],
    ['a keyword of a property', '/properties/id/minLength', { properties: { id: { minLength: 1 } } }],
    [
      'a keyword that means something only with another, deep inside',
      '/properties/lines/items/properties/count/minimum',
      { properties: { lines: { items: { properties: { count: { minimum: 0, exclusiveMinimum: true } } } } } },
    ],
    [
      'an item of a list, with those before it in their places',
      '/properties/pair/items/1/type',
      { properties: { pair: { items: [{}, { type: 'number' }] } } },
    ],
    [
      'what is left over by others, with their names',
      '/additionalProperties/type',
      {
        properties: { id: {}, lines: {}, pair: {} },
        patternProperties: { '^x-': {} },
        additionalProperties: { type: 'null' },
      },
    ],
    ['a branch that has to hold', '/allOf/0/maxProperties', { maxProperties: 3 }],
    ['a choice as a whole', '/anyOf', { anyOf: order.anyOf }],
    ['a choice as a whole, for a keyword inside of it', '/anyOf/0/required', { anyOf: order.anyOf }],
  ])('is %s', (_, pointer, part) => {
    expect(JSON.parse(JSON.stringify(failingPart(order, pointer)))).toEqual(part)
  })

  it('is nothing where the keyword depends on all others, or where the way is not in the schema', () => {
    expect(failingPart(order, '/unevaluatedProperties/type')).toBeUndefined()
    expect(failingPart(order, '/definitions/line/type')).toBeUndefined()
  })

  it('is a schema that is false', () => {
    expect(failingPart({ properties: { 'a/b': false } }, '/properties/a~1b')).toEqual({ properties: { 'a/b': false } })
  })
})
