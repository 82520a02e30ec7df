import type { ExactDialect } from '../schema-document.js'

/** How a keyword holds other schemas: none, one, a list, a map of name to schema, or either of two shapes. */
export type Shape = 'none' | 'schema' | 'list' | 'map' | 'schema-or-list' | 'map-or-names'

const dialects: readonly ExactDialect[] = ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12']

interface Keyword {
  shape: Shape
  since: ExactDialect
  until: ExactDialect
}

function keyword(shape: Shape, since: ExactDialect = 'draft-04', until: ExactDialect = '2020-12'): Keyword {
  return { shape, since, until }
}

/** Every keyword that can change what is valid, or where schemas can stand, with the dialects that know it. */
const keywords = new Map<string, Keyword>(
  Object.entries({
    $ref: keyword('none'),
    $dynamicRef: keyword('none', '2020-12'),
    $recursiveRef: keyword('none', '2019-09', '2019-09'),
    id: keyword('none', 'draft-04', 'draft-04'),
    $id: keyword('none', 'draft-06'),
    $anchor: keyword('none', '2019-09'),
    $dynamicAnchor: keyword('none', '2020-12'),
    $recursiveAnchor: keyword('none', '2019-09', '2019-09'),
    definitions: keyword('map'),
    $defs: keyword('map', '2019-09'),
    type: keyword('none'),
    enum: keyword('none'),
    const: keyword('none', 'draft-06'),
    minimum: keyword('none'),
    maximum: keyword('none'),
    exclusiveMinimum: keyword('none'),
    exclusiveMaximum: keyword('none'),
    multipleOf: keyword('none'),
    minLength: keyword('none'),
    maxLength: keyword('none'),
    pattern: keyword('none'),
    format: keyword('none'),
    prefixItems: keyword('list', '2020-12'),
    items: keyword('schema-or-list'),
    additionalItems: keyword('schema', 'draft-04', '2019-09'),
    contains: keyword('schema', 'draft-06'),
    minContains: keyword('none', '2019-09'),
    maxContains: keyword('none', '2019-09'),
    minItems: keyword('none'),
    maxItems: keyword('none'),
    uniqueItems: keyword('none'),
    unevaluatedItems: keyword('schema', '2019-09'),
    properties: keyword('map'),
    patternProperties: keyword('map'),
    additionalProperties: keyword('schema'),
    propertyNames: keyword('schema', 'draft-06'),
    required: keyword('none'),
    minProperties: keyword('none'),
    maxProperties: keyword('none'),
    dependencies: keyword('map-or-names', 'draft-04', 'draft-07'),
    dependentRequired: keyword('none', '2019-09'),
    dependentSchemas: keyword('map', '2019-09'),
    unevaluatedProperties: keyword('schema', '2019-09'),
    allOf: keyword('list'),
    anyOf: keyword('list'),
    oneOf: keyword('list'),
    not: keyword('schema'),
    if: keyword('schema', 'draft-07'),
    then: keyword('schema', 'draft-07'),
    else: keyword('schema', 'draft-07'),
    contentSchema: keyword('schema', '2019-09'),
  }),
)

const shapes = new Map(
  dialects.map((dialect, at) => [
    dialect,
    new Map(
      [...keywords]
        .filter(([, { since, until }]) => dialects.indexOf(since) <= at && at <= dialects.indexOf(until))
        .map(([name, { shape }]) => [name, shape]),
    ),
  ]),
)

/** The shape of a keyword, or undefined where the dialect does not know it. */
export function shapeOf(name: string, dialect: ExactDialect): Shape | undefined {
  return shapes.get(dialect)?.get(name)
}

/** Up to draft-07 `$ref` swallows everything that stands beside it. */
export function refStandsAlone(dialect: ExactDialect): boolean {
  return dialects.indexOf(dialect) < dialects.indexOf('2019-09')
}

/** Up to 2019-09 `items` may be a list, with `additionalItems` for the rest. */
export function hasItemLists(dialect: ExactDialect): boolean {
  return dialect !== '2020-12'
}

const dialectUris: Record<string, ExactDialect> = {
  'http://json-schema.org/draft-04/schema': 'draft-04',
  'http://json-schema.org/draft-06/schema': 'draft-06',
  'http://json-schema.org/draft-07/schema': 'draft-07',
  'https://json-schema.org/draft/2019-09/schema': '2019-09',
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
}

/** The dialect that a `$schema` names, or undefined for a meta-schema of somebody's own. */
export function dialectNamed(schemaUri: string): ExactDialect | undefined {
  const uri = schemaUri
    .replace(/#$/, '')
    .replace(/^https:\/\/json-schema\.org\/draft-/, 'http://json-schema.org/draft-')
  return Object.hasOwn(dialectUris, uri) ? dialectUris[uri] : undefined
}

/** True of every keyword that some dialect validates with. */
export function isKeyword(name: string): boolean {
  return keywords.has(name)
}
