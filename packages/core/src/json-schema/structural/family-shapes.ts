import type { JsonNode } from '../../text/json-document.js'
import type { DialectId } from '../dialect.js'
import type { SchemaResource } from '../schema.js'
import { isJavaPattern } from './java-pattern.js'
import type { KeywordReader, Problem } from './keyword-reader.js'
import { NamePattern } from './name-pattern.js'
import { open, type Remainder, type Shape } from './shape.js'
import { familyOfType, forgetsModernKeywords, type Family } from './shape-keywords.js'

/** Where a schema stands: its document and the URI that its references are relative to. */
export interface Scope {
  resource: SchemaResource
  base: string
}

/** What the shapes of one family need of the loader of whole schemas. */
export interface SchemaLoader {
  /** 2019-09 and later, which another parser reads there. */
  readonly modern: boolean
  since(first: DialectId): boolean
  load(node: JsonNode, scope: Scope, what: string): Shape
  report(problem: Problem): void
}

/** Makes the shapes of strings, numbers, lists and objects. */
export class FamilyShapes {
  constructor(private readonly loader: SchemaLoader) {}

  private bareType(type: string, node: JsonNode): Shape {
    const family = familyOfType[type]
    switch (family) {
      case 'number':
        return { kind: 'number', node, integer: type === 'integer' }
      case 'array':
        return { kind: 'array', node, additional: open, unevaluated: open, uniqueItems: false }
      case 'object':
        return { ...emptyObject(node) }
      case 'string':
        return { kind: 'string', node }
      default:
        return { kind: family ?? 'empty', node }
    }
  }

  ofType(type: string, read: KeywordReader, scope: Scope): Shape {
    const family = familyOfType[type]
    if (family === undefined || family === 'boolean' || family === 'null') return this.bareType(type, read.node)
    return this.ofFamily(family, read, scope, type === 'integer')
  }

  ofFamily(family: Family, read: KeywordReader, scope: Scope, integer: boolean): Shape {
    switch (family) {
      case 'string':
        return this.stringShape(read)
      case 'number':
        return this.numberShape(read, integer)
      case 'array':
        return this.arrayShape(read, scope)
      case 'object':
        return this.objectShape(read, scope)
    }
  }

  private count(read: KeywordReader, keyword: string): number | undefined {
    return read.count(keyword, !this.loader.modern)
  }

  private stringShape(read: KeywordReader): Shape {
    const pattern = read.string('pattern')
    if (pattern !== undefined) this.pattern(pattern, read.get('pattern'))
    read.string('format')
    return {
      kind: 'string',
      node: read.node,
      minLength: this.count(read, 'minLength'),
      maxLength: this.count(read, 'maxLength'),
      pattern,
    }
  }

  private numberShape(read: KeywordReader, integer: boolean): Shape {
    const flags = !this.loader.since('draft-06')
    const exclusive = (keyword: string) => {
      if (!flags) return read.number(keyword)
      read.boolean(keyword)
      return undefined
    }
    const multipleOf = read.decimal('multipleOf')
    const node = read.get('multipleOf')
    if (!this.loader.modern && node && read.number('multipleOf') === 0) {
      this.loader.report({ node, reason: '"multipleOf" has to be greater than zero' })
    }
    return {
      kind: 'number',
      node: read.node,
      integer,
      minimum: read.number('minimum'),
      maximum: read.number('maximum'),
      exclusiveMinimum: exclusive('exclusiveMinimum'),
      exclusiveMaximum: exclusive('exclusiveMaximum'),
      multipleOf: multipleOf?.digits === 0n ? undefined : multipleOf,
    }
  }

  private arrayShape(read: KeywordReader, scope: Scope): Shape {
    const items = read.get('items')
    const prefix = this.loader.modern ? read.get('prefixItems') : undefined
    if (prefix && prefix.kind !== 'array') read.wrong(prefix, 'prefixItems', 'a list of schemas')
    if (this.loader.modern && items?.kind === 'array') read.wrong(items, 'items', 'a schema')
    const list = prefix?.kind === 'array' ? prefix : items?.kind === 'array' ? items : undefined
    const tuple = list?.items.map((item) => this.loader.load(item, scope, 'an item of the list'))
    const literal = this.loader.modern && items?.kind === 'literal'
    const rest = (this.loader.modern && list !== undefined && list === prefix) || literal ? 'items' : 'additionalItems'
    const all = items && list === undefined && rest !== 'items' ? this.loader.load(items, scope, '"items"') : undefined
    const beyond = this.loader.modern && rest === 'additionalItems' && !list ? open : this.remainder(rest, read, scope)
    const additional = all ? open : beyond
    const contains = this.loader.since('draft-06') ? read.get('contains') : undefined
    if (contains) this.loader.load(contains, scope, '"contains"')
    return {
      kind: 'array',
      node: read.node,
      items: all,
      tuple,
      additional,
      minItems: this.count(read, 'minItems'),
      maxItems: this.count(read, 'maxItems'),
      uniqueItems: read.boolean('uniqueItems') ?? false,
      ...this.modernBounds(read, scope, contains !== undefined),
    }
  }

  /** What that server knows of these four only where nothing unknown stands beside them. */
  private modernBounds(read: KeywordReader, scope: Scope, contains: boolean) {
    if (!this.loader.modern) return { unevaluated: open }
    const unevaluated = this.remainder('unevaluatedItems', read, scope)
    const minContains = this.count(read, 'minContains')
    const maxContains = this.count(read, 'maxContains')
    if (forgetsModernKeywords(read)) return { unevaluated: open }
    return {
      unevaluated,
      minContains: contains ? (minContains ?? 1) : undefined,
      maxContains: contains ? maxContains : undefined,
    }
  }

  private objectShape(read: KeywordReader, scope: Scope): Shape {
    const properties = this.schemaMap(read, 'properties', scope)
    const patterns = [...this.schemaMap(read, 'patternProperties', scope)].map(([pattern, schema]) => {
      this.pattern(pattern, read.get('patternProperties'))
      return { pattern: new NamePattern(pattern), schema }
    })
    const names = this.loader.since('draft-06') ? read.get('propertyNames') : undefined
    if (names) this.loader.load(names, scope, '"propertyNames"')
    const unevaluated = this.loader.modern ? this.remainder('unevaluatedProperties', read, scope) : open
    return {
      kind: 'object',
      node: read.node,
      properties,
      required: read.names('required') ?? new Set(),
      patterns,
      additional: this.remainder('additionalProperties', read, scope),
      unevaluated: forgetsModernKeywords(read) ? open : unevaluated,
      ...this.dependencies(read, scope),
      minProperties: this.count(read, 'minProperties'),
      maxProperties: this.count(read, 'maxProperties'),
    }
  }

  private dependencies(read: KeywordReader, scope: Scope) {
    const names = new Map<string, ReadonlySet<string>>()
    const schemas = new Map<string, Shape>()
    const keywords = this.loader.modern ? ['dependentRequired', 'dependentSchemas'] : ['dependencies']
    for (const keyword of keywords) {
      for (const [name, { value }] of read.object(keyword)?.members ?? []) {
        if (keyword === 'dependentRequired' || (keyword === 'dependencies' && value.kind === 'array')) {
          names.set(name, read.names(name, value) ?? new Set())
        } else schemas.set(name, this.loader.load(value, scope, JSON.stringify(name)))
      }
    }
    return { dependentNames: names, dependentSchemas: schemas }
  }

  private schemaMap(read: KeywordReader, keyword: string, scope: Scope): Map<string, Shape> {
    const shapes = new Map<string, Shape>()
    for (const [name, { value }] of read.object(keyword)?.members ?? []) {
      shapes.set(name, this.loader.load(value, scope, JSON.stringify(name)))
    }
    return shapes
  }

  private remainder(keyword: string, read: KeywordReader, scope: Scope): Remainder {
    const node = read.get(keyword)
    if (!node) return open
    if (node.kind === 'literal' && node.value !== null) return { permitted: node.value, stated: true }
    return { permitted: true, schema: this.loader.load(node, scope, JSON.stringify(keyword)), stated: true }
  }

  private pattern(pattern: string, node: JsonNode | undefined): void {
    if (!node || isJavaPattern(pattern)) return
    this.loader.report({ node, reason: `${JSON.stringify(pattern)} is not a regular expression of Java` })
  }
}

function emptyObject(node: JsonNode) {
  return {
    kind: 'object',
    node,
    properties: new Map<string, Shape>(),
    required: new Set<string>(),
    patterns: [],
    additional: open,
    unevaluated: open,
    dependentNames: new Map<string, ReadonlySet<string>>(),
    dependentSchemas: new Map<string, Shape>(),
  } as const
}
