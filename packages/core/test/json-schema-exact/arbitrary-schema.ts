import fc from 'fast-check'
import { parseJson } from '../../src/text/json-document.js'
import type { ExactDialect, SchemaDocument } from '../../src/json-schema/exact/schema-document.js'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A schema as a document of a dialect, without references to others. */
export function documentOf(schema: Json, dialect: ExactDialect = '2020-12'): SchemaDocument {
  return { dialect, root: parseJson(JSON.stringify(schema)).root, resources: [] }
}

const name = fc.constantFrom('a', 'b', 'ab', 'c')
const small = fc.integer({ min: 0, max: 3 })
const scalar: fc.Arbitrary<Json> = fc.constantFrom(null, true, false, 0, 1, 2, -1, 1.5, 0.5, '', 'a', 'ab', 'b')
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.dictionary(name, scalar, { maxKeys: 2 }) },
)
const pattern = fc.constantFrom('a', '^a', 'b$', '^[ab]$', '^(a|b)+$', '^.{2}$', '[^a]', '^(?!a)', 'c?')
const type = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object')

/** Small schemas that use every keyword of 2020-12, dense enough that their parts meet. */
export const arbitrarySchema: fc.Arbitrary<Json> = fc.letrec<{ schema: Json }>((tie) => {
  const schema = tie('schema')
  const list = fc.array(schema, { minLength: 1, maxLength: 3 })
  const keyword: fc.Arbitrary<[string, Json]> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constant('type'), fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 }))),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constant('enum'), fc.array(value, { minLength: 1, maxLength: 4 })) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('const'), value) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'),
        fc.constantFrom(-1, 0, 0.5, 1, 2),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constant('multipleOf'), fc.constantFrom(0.5, 1, 1.5, 2, 3)) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('minLength', 'maxLength'), small) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('pattern'), pattern) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom('minItems', 'maxItems', 'minProperties', 'maxProperties'), small),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('minContains', 'maxContains'), small) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('uniqueItems'), fc.boolean()) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('items', 'contains', 'unevaluatedItems'), schema) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('prefixItems'), list) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('properties'), fc.dictionary(name, schema, { maxKeys: 3 })) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constant('patternProperties'), fc.dictionary(pattern, schema, { maxKeys: 2 })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom('additionalProperties', 'unevaluatedProperties', 'propertyNames'), schema),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constant('required'), fc.uniqueArray(name, { maxLength: 2 })) },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constant('dependentRequired'),
        fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), { maxKeys: 2 }),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constant('dependentSchemas'), fc.dictionary(name, schema, { maxKeys: 2 })) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('allOf', 'anyOf', 'oneOf'), list) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('not', 'if', 'then', 'else'), schema) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('$ref'), fc.constantFrom('#/$defs/one', '#/$defs/two')) },
  )
  return {
    schema: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 1, arbitrary: fc.boolean() },
      {
        weight: 6,
        arbitrary: fc.array(keyword, { minLength: 1, maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
      },
    ),
  }
}).schema

/** A schema with definitions that refer to each other, guarded by a property so that no reference is empty. */
export const arbitraryDocument: fc.Arbitrary<Json> = fc
  .tuple(arbitrarySchema, arbitrarySchema, arbitrarySchema)
  .map(([root, one, two]) => ({
    ...(typeof root === 'object' && root !== null && !Array.isArray(root) ? root : { not: !root }),
    $defs: {
      one: { properties: { a: one }, items: two },
      two: { additionalProperties: two, type: ['object', 'string', 'null'] },
    },
  }))

/** A random edit somewhere in a schema: a member dropped, a value replaced by another. */
export function edited(schema: Json, choices: readonly number[]): Json {
  const [where = 0, how = 0, ...rest] = choices
  if (Array.isArray(schema)) {
    if (schema.length === 0) return schema
    const at = where % schema.length
    if (how % 4 === 0 && schema.length > 1) return schema.filter((_, i) => i !== at)
    return schema.map((item, i) => (i === at ? edited(item, rest) : item))
  }
  if (typeof schema === 'object' && schema !== null) {
    const keys = Object.keys(schema).filter((key) => key !== '$defs')
    const key = keys[where % Math.max(1, keys.length)]
    if (key === undefined) return schema
    const copy = { ...schema }
    if (how % 4 === 0) delete copy[key]
    else if (key === 'type') copy[key] = ['integer', 'number', 'string', 'object'][how % 4]!
    else if (key !== '$ref' && key !== 'uniqueItems') copy[key] = edited(schema[key], rest)
    return copy
  }
  if (typeof schema === 'number') return Math.max(1, schema + (how % 3) - 1)
  if (typeof schema === 'boolean') return !schema
  return schema
}
