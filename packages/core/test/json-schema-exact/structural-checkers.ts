import type { ExactDialect } from '../../src/json-schema/exact/schema-document.js'
import type { Json } from './arbitrary-schema.js'

/** A change that checkers which compare schemas part by part are known to judge wrongly. */
export interface StructuralError {
  name: string
  dialect?: ExactDialect
  writer: Json
  reader: Json
}

const object = { type: 'object' }

/** They say compatible, yet a message of the writer breaks the reader. */
export const misses: readonly StructuralError[] = [
  {
    name: 'a required property that is not declared',
    writer: { ...object, properties: { id: { type: 'string' } }, required: ['id'] },
    reader: { ...object, properties: { id: { type: 'string' } }, required: ['tenant'] },
  },
  {
    name: 'another schema for the same key pattern',
    writer: { ...object, patternProperties: { '^x': { type: 'string' } } },
    reader: { ...object, patternProperties: { '^x': { type: 'integer' } } },
  },
  {
    name: 'a key pattern added',
    writer: object,
    reader: { ...object, patternProperties: { '^x': { type: 'integer' } } },
  },
  {
    name: 'a property added beside a key pattern that does not match it',
    writer: { ...object, patternProperties: { '^x-': {} } },
    reader: { ...object, patternProperties: { '^x-': {} }, properties: { foo: { type: 'integer' } } },
  },
  { name: 'property names limited', writer: object, reader: { ...object, propertyNames: { maxLength: 3 } } },
  {
    name: 'contains with another schema',
    writer: { type: 'array', contains: { type: 'string' } },
    reader: { type: 'array', contains: { type: 'integer' } },
  },
  {
    name: 'then with another schema',
    writer: { ...object, if: { required: ['a'] }, then: { required: ['b'] } },
    reader: { ...object, if: { required: ['a'] }, then: { required: ['c'] } },
  },
  {
    name: 'a oneOf branch added that overlaps another',
    writer: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
    reader: { oneOf: [{ type: 'string' }, { type: 'integer' }, { type: 'number' }] },
  },
  {
    name: 'a type wrapped into overlapping branches',
    writer: { type: 'integer' },
    reader: { oneOf: [{ type: 'integer' }, { type: 'number' }] },
  },
  {
    name: 'an exclusive bound tightened beside an inclusive one',
    writer: { type: 'number', exclusiveMaximum: 10, maximum: 100 },
    reader: { type: 'number', exclusiveMaximum: 5, maximum: 100 },
  },
  {
    name: 'an exclusive bound tightened',
    writer: { type: 'number', exclusiveMaximum: 10 },
    reader: { type: 'number', exclusiveMaximum: 5 },
  },
  {
    name: 'a property with a default made required',
    writer: { ...object, properties: { a: { type: 'string', default: 'x' } } },
    reader: { ...object, properties: { a: { type: 'string', default: 'x' } }, required: ['a'] },
  },
  {
    name: 'the boolean exclusiveMaximum of draft-04',
    dialect: 'draft-04',
    writer: { type: 'number', maximum: 10 },
    reader: { type: 'number', maximum: 10, exclusiveMaximum: true },
  },
  {
    name: 'a pattern of keys that overlaps a declared property',
    writer: { ...object, properties: { ab: { type: 'string' } }, patternProperties: { '^a': { minLength: 1 } } },
    reader: { ...object, properties: { ab: { type: 'string', minLength: 2 } } },
  },
]

/** They say incompatible, yet every message of the writer is valid under the reader. */
export const falseAlarms: readonly StructuralError[] = [
  {
    name: 'a pattern that matches more',
    writer: { type: 'string', pattern: '^a$' },
    reader: { type: 'string', pattern: '^(a|b)$' },
  },
  {
    name: 'a pattern written otherwise',
    writer: { type: 'string', pattern: '^[0-9]+$' },
    reader: { type: 'string', pattern: '^\\d+$' },
  },
  {
    name: 'an inclusive bound written as an exclusive one',
    writer: { type: 'integer', minimum: 1 },
    reader: { type: 'integer', exclusiveMinimum: 0 },
  },
  { name: 'a constant widened to an enum', writer: { const: 'a' }, reader: { enum: ['a', 'b'] } },
  { name: 'an enum widened to its type', writer: { enum: ['a', 'b'] }, reader: { type: 'string' } },
  {
    name: 'branches collapsed into the wider one',
    writer: { anyOf: [{ type: 'integer' }, { type: 'number' }] },
    reader: { type: 'number' },
  },
  {
    name: 'a redundant branch removed',
    writer: { anyOf: [{ type: 'integer' }, { type: 'number' }, { type: 'string' }] },
    reader: { anyOf: [{ type: 'number' }, { type: 'string' }] },
  },
  {
    name: 'two branches that fit into one',
    writer: {
      anyOf: [
        { type: 'integer', minimum: 0, maximum: 5 },
        { type: 'integer', minimum: 6, maximum: 9 },
      ],
    },
    reader: { anyOf: [{ type: 'integer', minimum: 0, maximum: 9 }, { type: 'string' }] },
  },
  {
    name: 'a closed tuple widened to a list',
    writer: { type: 'array', items: [{ type: 'string' }], additionalItems: false },
    reader: { type: 'array', items: { type: 'string' } },
  },
  {
    name: 'a size that is implied by the declared properties',
    writer: { ...object, properties: { a: {} }, additionalProperties: false },
    reader: { ...object, properties: { a: {} }, additionalProperties: false, maxProperties: 1 },
  },
  {
    name: 'uniqueness of at most one item',
    writer: { type: 'array', maxItems: 1 },
    reader: { type: 'array', maxItems: 1, uniqueItems: true },
  },
  {
    name: 'additionalItems without a list of items',
    writer: { type: 'array', additionalItems: true },
    reader: { type: 'array', additionalItems: false },
  },
  {
    name: 'two dependencies that no object satisfies',
    writer: { ...object, dependencies: { card: { type: 'string' } } },
    reader: { ...object, dependencies: { card: { type: 'number' } } },
  },
]
