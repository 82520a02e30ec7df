import type { JsonNode, JsonObject } from '../../text/json-document.js'
import type { DialectId } from '../dialect.js'
import { ReferenceIndex } from '../reference-index.js'
import type { JsonSchema, SchemaResource } from '../schema.js'
import { resolveUri } from '../uri.js'
import { isJavaPattern } from './java-pattern.js'
import { isJavaUri } from './java-uri.js'
import { describeKind, KeywordReader, valueText, type Problem } from './keyword-reader.js'
import { targetResolver, type Target, type TargetResolver } from './reference-target.js'
import { open, type Criterion, type Remainder, type Shape } from './shape.js'

export interface LoadedShape {
  root: Shape
  /** What that server would refuse the schema for, in the order of loading. */
  problems: readonly Problem[]
  /** A reference that leads nowhere at all: what is behind it cannot be compared. */
  unresolved?: string
}

const loaded = new WeakMap<JsonSchema, LoadedShape>()

/** The shape of a schema, kept with it: shapes are compared by identity, and one schema is compared often. */
export function shapeOf(schema: JsonSchema): LoadedShape {
  let shape = loaded.get(schema)
  if (!shape) {
    const loader = new ShapeLoader(schema)
    shape = { root: loader.loadRoot(), problems: loader.problems, unresolved: loader.unresolved }
    loaded.set(schema, shape)
  }
  return shape
}

type Family = 'string' | 'number' | 'array' | 'object'

/** Keywords that make a schema one of strings, numbers, arrays or objects even without `type`. */
const classicKeywords: Record<Family, readonly string[]> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: ['items', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
  object: [
    'properties',
    'required',
    'minProperties',
    'maxProperties',
    'dependencies',
    'patternProperties',
    'additionalProperties',
    'propertyNames',
  ],
}

const modernKeywords: Record<Family, readonly string[]> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: classicKeywords.number,
  array: [
    ...classicKeywords.array.filter((keyword) => keyword !== 'additionalItems'),
    ...['prefixItems', 'unevaluatedItems'],
  ],
  object: [
    ...classicKeywords.object.filter((keyword) => keyword !== 'dependencies'),
    ...['dependentRequired', 'dependentSchemas', 'unevaluatedProperties'],
  ],
}

const familyOfType: Record<string, Family | 'boolean' | 'null'> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  array: 'array',
  object: 'object',
  boolean: 'boolean',
  null: 'null',
}

/** Where a schema stands: its document and the URI that its references are relative to. */
interface Scope {
  resource: SchemaResource
  base: string
}

const criteria: readonly Criterion[] = ['allOf', 'anyOf', 'oneOf']

class ShapeLoader {
  readonly problems: Problem[] = []
  unresolved: string | undefined
  /** Finds what only the specification's way of resolving finds. */
  private byTheBook: ReferenceIndex | undefined
  private readonly modern: boolean
  private readonly resolver: TargetResolver
  private readonly byNode = new Map<JsonNode, Shape>()
  private readonly targets = new Map<JsonNode, { shape?: Shape }>()

  constructor(private readonly schema: JsonSchema) {
    this.modern = !schema.dialect.refHidesSiblings
    this.resolver = targetResolver(schema)
  }

  loadRoot(): Shape {
    const { root } = this.schema
    const declared = root.kind === 'object' ? root.members.get('$schema')?.value : undefined
    if (declared && declared.kind !== 'string' && !(declared.kind === 'literal' && declared.value === null)) {
      this.report({ node: declared, reason: `"$schema" has to be a string, not ${describeKind(declared)}` })
    }
    const scope: Scope = { resource: this.schema, base: this.schema.uri }
    return this.load(this.schema.root, scope, 'the schema')
  }

  private since(first: DialectId): boolean {
    const order: readonly DialectId[] = ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12']
    return order.indexOf(this.schema.dialect.id) >= order.indexOf(first)
  }

  private report = (problem: Problem): void => void this.problems.push(problem)

  private load(node: JsonNode, scope: Scope, what: string, booleans = this.since('draft-06')): Shape {
    if (node.kind === 'literal' && node.value !== null && (booleans || node === this.schema.root)) {
      return { kind: node.value ? 'empty' : 'false', node }
    }
    if (node.kind === 'object') return this.loadObject(node, scope)
    this.report({ node, reason: `${what} has to be a schema, not ${describeKind(node)}` })
    return { kind: 'empty', node }
  }

  private loadObject(node: JsonObject, outer: Scope): Shape {
    const known = this.modern ? this.byNode.get(node) : undefined
    if (known) return known
    const read = new KeywordReader(node, this.report)
    const scope = this.enter(read, outer)
    if (this.modern) this.loadDefinitions(read, scope)
    const shape = this.shape(read, scope)
    this.annotate(shape, read)
    if (this.modern) this.byNode.set(node, shape)
    return shape
  }

  private enter(read: KeywordReader, scope: Scope): Scope {
    const keyword = this.schema.dialect.idKeyword
    const id = this.modern ? read.plain(keyword) : read.string(keyword)
    if (typeof id !== 'string' || id === '') return scope
    const node = read.get(keyword)
    if (node && (!this.modern || read.node === this.schema.root) && !isJavaUri(id)) {
      this.report({ node, reason: `${JSON.stringify(id)} is not a URI` })
    }
    return { ...scope, base: resolveUri(scope.base, id) }
  }

  private shape(read: KeywordReader, scope: Scope): Shape {
    if (read.has('$ref') && !this.modern) return this.reference(read, '$ref', scope)
    const parts = this.modern ? this.modernParts(read, scope) : this.classicParts(read, scope)
    const [first] = parts
    if (!first) return { kind: 'empty', node: read.node }
    if (parts.length === 1) return first
    return { kind: 'combined', node: read.node, criterion: 'allOf', branches: parts, implied: true }
  }

  private annotate(shape: Shape, read: KeywordReader): void {
    const id = read.plain(this.schema.dialect.idKeyword)
    if (typeof id === 'string') shape.id = id
    shape.title = read.string('title')
    shape.description = read.string('description')
    shape.default = read.value('default')
    if (read.plain('connect.type') === 'bytes') shape.bytes = true
    if (this.since('draft-07')) for (const keyword of ['readOnly', 'writeOnly']) read.boolean(keyword)
  }

  private loadDefinitions(read: KeywordReader, scope: Scope): void {
    for (const keyword of read.node === this.schema.root ? ['$defs', 'definitions'] : ['$defs']) {
      const definitions = read.object(keyword)
      for (const [name, { value }] of definitions?.members ?? []) this.load(value, scope, JSON.stringify(name))
    }
  }

  private classicParts(read: KeywordReader, scope: Scope): Shape[] {
    const parts: Shape[] = []
    this.addEnum(parts, read)
    this.addCombined(parts, read, scope)
    if (this.since('draft-06')) this.addConst(parts, read)
    if (this.since('draft-07')) this.addConditional(parts, read, scope)
    const typed = this.addTyped(parts, read, (type) => this.typeShape(type, read, scope))
    for (const family of ['array', 'object', 'number', 'string'] as const) {
      if (!typed.has(family) && read.has(...this.known(classicKeywords[family]))) {
        parts.push(this.familyShape(family, read, scope, false))
      }
    }
    return parts
  }

  private known(keywords: readonly string[]): string[] {
    return keywords.filter((k) => (k !== 'contains' && k !== 'propertyNames') || this.since('draft-06'))
  }

  private modernParts(read: KeywordReader, scope: Scope): Shape[] {
    const parts: Shape[] = []
    for (const keyword of ['$ref', '$dynamicRef'])
      if (read.has(keyword)) parts.push(this.reference(read, keyword, scope))
    this.addEnum(parts, read)
    this.addConst(parts, read)
    this.addCombined(parts, read, scope)
    this.addConditional(parts, read, scope)
    read.string('format')
    const typed = this.addTyped(parts, read, (type) => this.typeShape(type, read, scope))
    for (const family of ['string', 'number', 'array', 'object'] as const) {
      if (!typed.has(family) && read.has(...modernKeywords[family])) {
        parts.push(this.familyShape(family, read, scope, false))
      }
    }
    return parts
  }

  /** @returns the families that `type` accounts for */
  private addTyped(parts: Shape[], read: KeywordReader, make: (type: string) => Shape): Set<string> {
    const node = read.get('type')
    const families = new Set<string>()
    if (!node) return families
    const types = (node.kind === 'array' ? node.items : [node]).flatMap((item) => {
      if (item.kind === 'string' && Object.hasOwn(familyOfType, item.value)) return [item.value]
      this.report({
        node: item,
        reason: `${item.kind === 'string' ? JSON.stringify(item.value) : describeKind(item)} is not a type`,
        hint: `types are ${Object.keys(familyOfType).join(', ')}`,
      })
      return []
    })
    for (const type of types) families.add(familyOfType[type] ?? type)
    const [first] = types
    if (node.kind !== 'array') {
      if (first !== undefined) parts.push(make(first))
    } else parts.push({ kind: 'combined', node: read.node, criterion: 'anyOf', branches: types.map(make) })
    return families
  }

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

  private typeShape(type: string, read: KeywordReader, scope: Scope): Shape {
    const family = familyOfType[type]
    if (family === undefined || family === 'boolean' || family === 'null') return this.bareType(type, read.node)
    return this.familyShape(family, read, scope, type === 'integer')
  }

  private familyShape(family: Family, read: KeywordReader, scope: Scope, integer: boolean): Shape {
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
    return read.count(keyword, !this.modern)
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
    const flags = !this.since('draft-06')
    const exclusive = (keyword: string) => {
      if (!flags) return read.number(keyword)
      read.boolean(keyword)
      return undefined
    }
    const multipleOf = read.decimal('multipleOf')
    const node = read.get('multipleOf')
    if (!this.modern && node && read.number('multipleOf') === 0) {
      this.report({ node, reason: '"multipleOf" has to be greater than zero' })
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
    const prefix = this.modern ? read.get('prefixItems') : undefined
    if (prefix && prefix.kind !== 'array') read.wrong(prefix, 'prefixItems', 'a list of schemas')
    if (this.modern && items?.kind === 'array') read.wrong(items, 'items', 'a schema')
    const list = prefix?.kind === 'array' ? prefix : items?.kind === 'array' ? items : undefined
    const tuple = list?.items.map((item) => this.load(item, scope, 'an item of the list'))
    const literal = this.modern && items?.kind === 'literal'
    const rest = (this.modern && list !== undefined && list === prefix) || literal ? 'items' : 'additionalItems'
    const all = items && list === undefined && rest !== 'items' ? this.load(items, scope, '"items"') : undefined
    const beyond = this.modern && rest === 'additionalItems' && !list ? open : this.remainder(rest, read, scope)
    const additional = all ? open : beyond
    const contains = this.since('draft-06') ? read.get('contains') : undefined
    if (contains) this.load(contains, scope, '"contains"')
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
    if (!this.modern) return { unevaluated: open }
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
    const patterns = [...this.schemaMap(read, 'patternProperties', scope)].map(([pattern, schema]) => ({
      pattern: this.pattern(pattern, read.get('patternProperties')),
      schema,
    }))
    const names = this.since('draft-06') ? read.get('propertyNames') : undefined
    if (names) this.load(names, scope, '"propertyNames"')
    const unevaluated = this.modern ? this.remainder('unevaluatedProperties', read, scope) : open
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
    const keywords = this.modern ? ['dependentRequired', 'dependentSchemas'] : ['dependencies']
    for (const keyword of keywords) {
      for (const [name, { value }] of read.object(keyword)?.members ?? []) {
        if (keyword === 'dependentRequired' || (keyword === 'dependencies' && value.kind === 'array')) {
          names.set(name, read.names(name, value) ?? new Set())
        } else schemas.set(name, this.load(value, scope, JSON.stringify(name)))
      }
    }
    return { dependentNames: names, dependentSchemas: schemas }
  }

  private schemaMap(read: KeywordReader, keyword: string, scope: Scope): Map<string, Shape> {
    const shapes = new Map<string, Shape>()
    for (const [name, { value }] of read.object(keyword)?.members ?? []) {
      shapes.set(name, this.load(value, scope, JSON.stringify(name)))
    }
    return shapes
  }

  private remainder(keyword: string, read: KeywordReader, scope: Scope): Remainder {
    const node = read.get(keyword)
    if (!node) return open
    if (node.kind === 'literal' && node.value !== null) return { permitted: node.value, stated: true }
    return { permitted: true, schema: this.load(node, scope, JSON.stringify(keyword)), stated: true }
  }

  private pattern(pattern: string, node: JsonNode | undefined): RegExp | undefined {
    if (node && !isJavaPattern(pattern)) {
      this.report({ node, reason: `${JSON.stringify(pattern)} is not a regular expression of Java` })
    }
    for (const flags of ['u', '']) {
      try {
        return new RegExp(pattern, flags)
      } catch {
        continue // the next, more permissive reading
      }
    }
    return undefined
  }

  private addEnum(parts: Shape[], read: KeywordReader): void {
    const values = read.list('enum')
    if (values) parts.push({ kind: 'enum', node: read.node, values: new Set(values.map(valueText)) })
  }

  private addConst(parts: Shape[], read: KeywordReader): void {
    const value = read.value('const')
    if (value !== undefined) parts.push({ kind: 'const', node: read.node, value })
  }

  private addCombined(parts: Shape[], read: KeywordReader, scope: Scope): void {
    for (const criterion of criteria) {
      const list = read.list(criterion)
      if (!list) continue
      const loaded = list.map((branch) => this.load(branch, scope, `a branch of ${JSON.stringify(criterion)}`))
      const branches = this.modern ? loaded.flatMap(impliedBranches) : loaded
      parts.push({ kind: 'combined', node: read.node, criterion, branches })
    }
    const not = read.get('not')
    if (not) parts.push({ kind: 'not', node: read.node, inner: this.load(not, scope, '"not"') })
  }

  private addConditional(parts: Shape[], read: KeywordReader, scope: Scope): void {
    if (this.modern && !read.has('if')) return
    const keywords = ['if', 'then', 'else'].filter((keyword) => read.has(keyword))
    for (const keyword of keywords) {
      const node = read.get(keyword)
      if (node) this.load(node, scope, JSON.stringify(keyword))
    }
    if (keywords.length > 0) parts.push({ kind: 'conditional', node: read.node })
  }

  private reference(read: KeywordReader, keyword: string, scope: Scope): Shape {
    const reference = read.string(keyword)
    const node = read.get(keyword) ?? read.node
    if (reference === undefined) return { kind: 'empty', node: read.node }
    let target = this.resolver.resolve(reference, scope)
    if (!target) {
      this.report({
        node,
        reason: `${keyword} ${JSON.stringify(reference)} leads to no schema`,
        hint: 'nothing is fetched: register the schema and name it in "references"',
      })
      target = (this.byTheBook ??= new ReferenceIndex(this.schema)).resolve(reference, scope.base)
    }
    if (!target) {
      this.unresolved ??= reference
      return { kind: 'empty', node: read.node }
    }
    return { kind: 'reference', node: read.node, target: this.loadTarget(target) }
  }

  /** What one place leads to is one shape, however many references lead there. */
  private loadTarget({ node, resource, base }: Target): { shape?: Shape } {
    const loaded = this.byNode.get(node)
    if (loaded) return { shape: loaded }
    const known = this.targets.get(node)
    if (known) return known
    const cell: { shape?: Shape } = {}
    this.targets.set(node, cell)
    cell.shape = this.load(node, { resource, base }, 'what a reference leads to')
    return cell
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

/** That server's model of the later dialects forgets that implied branches belong together. */
function impliedBranches(shape: Shape): readonly Shape[] {
  return shape.kind === 'combined' && shape.implied ? shape.branches : [shape]
}

/** Keywords that server's parser of 2019-09 and 2020-12 knows; beside any other it loses some it does know. */
const knownToModernParser = new Set([
  ...Object.values(modernKeywords).flat(),
  ...criteria,
  ...['not', 'if', 'then', 'else', 'enum', 'const', 'type', 'format', 'title', 'description', 'default'],
  ...['$ref', '$id', '$schema', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'],
  ...['readOnly', 'writeOnly', 'deprecated', '$comment', '$vocabulary'],
  ...['unevaluatedProperties', 'unevaluatedItems', 'minContains', 'maxContains'],
])

function forgetsModernKeywords(read: KeywordReader): boolean {
  return [...read.node.members.keys()].some((keyword) => !knownToModernParser.has(keyword))
}
