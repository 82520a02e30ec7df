import type { JsonNode, JsonObject } from '../../text/json-document.js'
import type { DialectId } from '../dialect.js'
import { ReferenceIndex } from '../reference-index.js'
import type { JsonSchema } from '../schema.js'
import { resolveUri } from '../uri.js'
import { FamilyShapes, type SchemaLoader, type Scope } from './family-shapes.js'
import { isJavaUri } from './java-uri.js'
import { describeKind, KeywordReader, valueText, type Problem } from './keyword-reader.js'
import { targetResolver, type Target, type TargetResolver } from './reference-target.js'
import type { Shape } from './shape.js'
import { classicKeywords, criteria, familyOfType, modernKeywords } from './shape-keywords.js'

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

class ShapeLoader implements SchemaLoader {
  readonly problems: Problem[] = []
  unresolved: string | undefined
  /** Finds what only the specification's way of resolving finds. */
  private byTheBook: ReferenceIndex | undefined
  readonly modern: boolean
  private readonly families = new FamilyShapes(this)
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

  since(first: DialectId): boolean {
    const order: readonly DialectId[] = ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12']
    return order.indexOf(this.schema.dialect.id) >= order.indexOf(first)
  }

  report = (problem: Problem): void => void this.problems.push(problem)

  load(node: JsonNode, scope: Scope, what: string, booleans = this.since('draft-06')): Shape {
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
    if (this.modern) read.boolean('deprecated')
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
    const typed = this.addTyped(parts, read, (type) => this.families.ofType(type, read, scope))
    for (const family of ['array', 'object', 'number', 'string'] as const) {
      if (!typed.has(family) && read.has(...this.known(classicKeywords[family]))) {
        parts.push(this.families.ofFamily(family, read, scope, false))
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
    const typed = this.addTyped(parts, read, (type) => this.families.ofType(type, read, scope))
    for (const family of ['string', 'number', 'array', 'object'] as const) {
      if (!typed.has(family) && read.has(...modernKeywords[family])) {
        parts.push(this.families.ofFamily(family, read, scope, false))
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

/** That server's model of the later dialects forgets that implied branches belong together. */
function impliedBranches(shape: Shape): readonly Shape[] {
  return shape.kind === 'combined' && shape.implied ? shape.branches : [shape]
}
