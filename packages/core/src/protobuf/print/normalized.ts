import { InvalidSchema } from '../../schema/invalid-schema.js'
import type {
  EnumNode,
  EnumValueNode,
  ExtendNode,
  ExtensionsNode,
  FieldNode,
  FileNode,
  ImportNode,
  MessageNode,
  MessageStatement,
  NameNode,
  OneofNode,
  OptionNode,
  RangeNode,
  ReservedNameNode,
  ReservedNode,
  ServiceNode,
} from '../syntax/tree.js'
import { isMapKey, scalarTypes } from '../compiler/types.js'
import { normalizeOptions } from './normalized-options.js'
import type { KnownNames } from './known-names.js'

/**
 * The same schema written in the one way that all its spellings share: what has an order that means nothing is sorted,
 * names are full, map entries are maps. Messages, enums, services and methods keep their order: indexes depend on it.
 * @throws InvalidSchema for a type that stands for nothing
 */
export function normalize(tree: FileNode, names: KnownNames): FileNode {
  return new Normalization(names).file(tree)
}

class Normalization {
  constructor(private readonly names: KnownNames) {}

  file(tree: FileNode): FileNode {
    const scope = tree.package?.name ?? ''
    const { statements } = tree
    return {
      ...tree,
      syntax: tree.syntax?.value === 'proto2' ? undefined : tree.syntax,
      statements: [
        ...sortedImports(statements.filter((node) => node.kind === 'import')),
        ...this.options(
          statements.filter((node) => node.kind === 'option'),
          scope,
        ),
        ...statements.filter((node) => node.kind === 'message').flatMap((node) => this.message(node, scope)),
        ...statements.filter((node) => node.kind === 'enum').map((node) => this.enum(node, scope)),
        ...this.extends(
          statements.filter((node) => node.kind === 'extend'),
          scope,
        ),
        ...statements.filter((node) => node.kind === 'service').map((node) => this.service(node, scope)),
      ],
    }
  }

  /** Entries of maps go away, their fields say it all. */
  private message(node: MessageNode, scope: string): MessageNode[] {
    if (isMapEntry(node)) return []
    return [{ ...node, statements: this.body(node.statements, join(scope, node.name.name)) }]
  }

  private body(statements: MessageStatement[], scope: string): MessageStatement[] {
    const select = <K extends MessageStatement['kind']>(kind: K) =>
      statements.filter((node): node is Extract<MessageStatement, { kind: K }> => node.kind === kind)
    const fields = select('field').map((field) => this.field(field, scope))
    return [
      ...this.reserved(select('reserved')),
      ...this.options(select('option'), scope),
      ...sortedByNumber(fields),
      ...this.oneofs(select('oneof'), scope),
      ...sortedRanges(select('extensions'), (node) => this.options(node.options, scope)),
      ...this.extends(select('extend'), scope),
      ...select('message').flatMap((node) => this.message(node, scope)),
      ...select('enum').map((node) => this.enum(node, scope)),
    ]
  }

  private field(node: FieldNode, scope: string): FieldNode {
    const options = this.options(node.options, scope)
    if (node.group) return { ...node, options, group: this.body(node.group, join(scope, node.name.name)) }
    if (node.map) {
      if (!isMapKey(node.map.key.name))
        throw unknownType(node.map.key, `"${node.map.key.name}" cannot be the key of a map`)
      return { ...node, options, map: { key: node.map.key, value: this.mapValue(node.map.value, scope) } }
    }
    const type = this.type(node.type, scope)
    const entry = this.names.mapEntry(type.name)
    if (!entry) return { ...node, options, type }
    const key = { ...type, name: entry.key }
    if (!isMapKey(entry.key)) throw unknownType(node.type, `"${entry.key}" cannot be the key of a map`)
    return {
      ...node,
      label: undefined,
      options,
      map: { key, value: this.mapValue({ ...type, name: entry.value }, entry.scope) },
    }
  }

  private mapValue(node: NameNode, scope: string): NameNode {
    return { ...node, name: this.resolved(node.name, scope) ?? node.name }
  }

  private type(node: NameNode, scope: string): NameNode {
    const name = this.resolved(node.name, scope)
    if (name === undefined) throw unknownType(node, `there is no type "${node.name}"`)
    return { ...node, name }
  }

  private messageType(node: NameNode, scope: string): NameNode {
    if (scalarTypes.has(node.name)) throw unknownType(node, `"${node.name}" is no message`)
    return this.type(node, scope)
  }

  private resolved(name: string, scope: string): string | undefined {
    if (scalarTypes.has(name)) return name
    return this.names.type(name, scope)
  }

  private oneofs(nodes: OneofNode[], scope: string): OneofNode[] {
    return nodes
      .map((node) => {
        const fields = sortedByNumber(
          node.statements.filter((part) => part.kind === 'field').map((field) => this.field(field, scope)),
        )
        const options = this.options(
          node.statements.filter((part) => part.kind === 'option'),
          scope,
        )
        return { node: { ...node, statements: [...options, ...fields] }, first: fields[0]?.number.value }
      })
      .filter(({ first }) => first !== undefined)
      .sort((a, b) => (a.first ?? 0) - (b.first ?? 0))
      .map(({ node }) => node)
  }

  private reserved(nodes: ReservedNode[]): ReservedNode[] {
    const items = nodes.flatMap((node) => node.items)
    const ranges = items
      .filter((item) => item.kind === 'range')
      .map(collapsed)
      .sort(byStart)
    const names = items
      .filter((item): item is ReservedNameNode => item.kind === 'name')
      .sort((a, b) => compare(a.name, b.name))
    return [...ranges, ...names].map((item) => ({ kind: 'reserved', at: item.at, end: item.end, items: [item] }))
  }

  private extends(nodes: ExtendNode[], scope: string): ExtendNode[] {
    const byName = new Map<string, ExtendNode>()
    for (const node of nodes) {
      const extendee = this.messageType(node.extendee, scope)
      const known = byName.get(extendee.name)
      const fields = node.fields.map((field) => this.field(field, scope))
      if (known) known.fields.push(...fields)
      else byName.set(extendee.name, { ...node, extendee, fields })
    }
    const grouped = [...byName.values()]
    for (const node of grouped) node.fields = sortedByNumber(node.fields)
    return grouped
  }

  private enum(node: EnumNode, scope: string): EnumNode {
    const inside = join(scope, node.name.name)
    const values = node.statements
      .filter((part): part is EnumValueNode => part.kind === 'value')
      .sort((a, b) => a.number.value - b.number.value || compare(a.name.name, b.name.name))
      .map((value) => ({ ...value, options: this.options(value.options, inside) }))
    return {
      ...node,
      statements: [
        ...this.reserved(node.statements.filter((part) => part.kind === 'reserved')),
        ...this.options(
          node.statements.filter((part) => part.kind === 'option'),
          scope,
        ),
        ...values,
      ],
    }
  }

  private service(node: ServiceNode, scope: string): ServiceNode {
    const inside = join(scope, node.name.name)
    return {
      ...node,
      statements: [
        ...this.options(
          node.statements.filter((part) => part.kind === 'option'),
          scope,
        ),
        ...node.statements
          .filter((part) => part.kind === 'method')
          .map((method) => ({
            ...method,
            input: this.messageType(method.input, inside),
            output: this.messageType(method.output, inside),
            options: this.options(method.options, inside),
          })),
      ],
    }
  }

  private options(nodes: OptionNode[], scope: string): OptionNode[] {
    return nodes.length === 0 ? nodes : normalizeOptions(nodes, scope, this.names)
  }
}

function unknownType(node: NameNode, reason: string): InvalidSchema {
  return new InvalidSchema({ reason, path: node.name, hint: 'declare it, or import the file that declares it' })
}

export function isMapEntry(node: MessageNode): boolean {
  return node.statements.some(
    (part) =>
      part.kind === 'option' &&
      part.name.length === 1 &&
      part.name[0]?.name === 'map_entry' &&
      part.value.kind === 'identifier' &&
      part.value.text === 'true',
  )
}

function sortedImports(nodes: ImportNode[]): ImportNode[] {
  const seen = new Set<string>()
  return [...nodes]
    .sort((a, b) => compare(a.path, b.path))
    .filter(({ path, modifier }) => {
      const key = `${modifier ?? ''} ${path}`
      return !seen.has(key) && seen.add(key)
    })
}

const sortedByNumber = (fields: FieldNode[]) => [...fields].sort((a, b) => a.number.value - b.number.value)

function sortedRanges(nodes: ExtensionsNode[], options: (node: ExtensionsNode) => OptionNode[]): ExtensionsNode[] {
  return nodes
    .flatMap((node) => node.ranges.map((range) => ({ node, range: collapsed(range) })))
    .sort((a, b) => byStart(a.range, b.range))
    .map(({ node, range }) => ({ ...node, options: options(node), ranges: [range] }))
}

const collapsed = (range: RangeNode): RangeNode => (range.first === range.last ? { ...range, single: true } : range)

const byStart = (a: RangeNode, b: RangeNode) => a.first - b.first

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const join = (scope: string, name: string) => (scope ? `${scope}.${name}` : name)
