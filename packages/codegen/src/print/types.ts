import type { Declaration, Field, ObjectShape, Shape } from '../ir.js'
import type { Code } from './code.js'
import { code, comment, identifier, indent, join, literal, numberLiteral, propertyKey, stringLiteral } from './code.js'

/** Reading and writing have different types where defaults, open enums, decimals or tags are. */
export type Direction = 'read' | 'write'

/** Names that the printed types need from `@concordat/client`. */
export type Import = 'Decimal' | 'Uuid' | 'UnknownSymbol'

/** Prints the types of one file. */
export class TypePrinter {
  readonly imports = new Set<Import>()
  private readonly different: ReadonlySet<string>
  private readonly unbounded: ReadonlySet<string>

  /** @param names of the declarations, by key */
  constructor(
    private readonly declarations: ReadonlyMap<string, Declaration>,
    private readonly names: ReadonlyMap<string, string>,
  ) {
    this.different = findDifferent(declarations)
    this.unbounded = findUnbounded(declarations)
  }

  /** The name of a declared type. */
  name(key: string, direction: Direction): Code {
    const name = this.names.get(key)
    if (name === undefined) throw new TypeError(`there is no type ${key}`)
    return identifier(direction === 'write' && this.different.has(key) ? `${name}Input` : name)
  }

  declare(key: string): Code {
    const declaration = this.declarations.get(key)
    if (!declaration) throw new TypeError(`there is no type ${key}`)
    const read = this.declaration(key, declaration, 'read')
    return this.different.has(key) ? join([read, this.declaration(key, declaration, 'write')], '\n\n') : read
  }

  private declaration(key: string, { doc, shape, tag }: Declaration, direction: Direction): Code {
    const name = this.name(key, direction)
    const docs = comment(doc)
    if (this.unbounded.has(key)) return code`${docs}export type ${name} = unknown`
    if (shape.kind !== 'object') return code`${docs}export type ${name} = ${this.type(shape, direction)}`
    return code`${docs}export interface ${name} ${this.object(shape, direction, tag)}`
  }

  private object({ fields, rest }: ObjectShape, direction: Direction, tag?: string): Code {
    const lines = fields.map((field) => this.field(field, direction))
    if (tag !== undefined) {
      const mark = direction === 'write' ? code`?` : code``
      lines.unshift(code`readonly $type${mark}: ${stringLiteral(tag)}`)
    }
    if (rest) lines.push(code`[key: string]: ${this.type(rest, direction)}`)
    return lines.length === 0 ? code`{}` : code`{\n${indent(join(lines, '\n'))}\n}`
  }

  private field({ name, doc, shape, optional }: Field, direction: Direction): Code {
    const mark = optional[direction] ? code`?` : code``
    return code`${comment(doc)}${propertyKey(name)}${mark}: ${this.type(shape, direction)}`
  }

  type(shape: Shape, direction: Direction): Code {
    switch (shape.kind) {
      case 'builtin':
        if (shape.name === 'Uuid') this.imports.add('Uuid')
        return builtins[shape.name]
      case 'decimal':
        if (direction === 'write') return code`string`
        this.imports.add('Decimal')
        return code`Decimal<${numberLiteral(shape.precision)}, ${numberLiteral(shape.scale)}>`
      case 'literal':
        return literal(shape.value)
      case 'enum': {
        const values = shape.values.map(literal)
        if (shape.open === 'number') values.push(code`number`)
        if (shape.open === 'symbol' && direction === 'read') {
          this.imports.add('UnknownSymbol')
          values.push(code`UnknownSymbol`)
        }
        return alternatives(values)
      }
      case 'array':
        return code`${this.grouped(shape.items, direction)}[]`
      case 'tuple': {
        const items = shape.items.map((item, at) => {
          const type = this.type(item, direction)
          return at < shape.least ? type : code`(${type})?`
        })
        if (shape.rest) items.push(code`...${this.grouped(shape.rest, direction)}[]`)
        return code`[${join(items, ', ')}]`
      }
      case 'map':
        return code`{ [key: string]: ${this.type(shape.values, direction)} }`
      case 'object':
        return this.object(shape, direction)
      case 'union':
        return alternatives(shape.members.map((member) => this.grouped(member, direction, 'union')))
      case 'intersection':
        return join(
          shape.members.map((member) => this.grouped(member, direction)),
          ' & ',
        )
      case 'oneof':
        return alternatives(
          shape.cases.map(
            ({ name, doc, shape }) =>
              code`${comment(doc)}{ case: ${stringLiteral(name)}; value: ${this.type(shape, direction)} }`,
          ),
        )
      case 'ref':
        return this.reference(shape, direction)
    }
  }

  private reference({ to, tagged }: Extract<Shape, { kind: 'ref' }>, direction: Direction): Code {
    const name = this.name(to, direction)
    const tag = this.declarations.get(to)?.tag
    return tagged && direction === 'write' && tag !== undefined
      ? code`(${name} & { readonly $type: ${stringLiteral(tag)} })`
      : name
  }

  /** In parentheses where an operator around it would take it apart. */
  private grouped(shape: Shape, direction: Direction, around?: 'union'): Code {
    const type = this.type(shape, direction)
    const isUnion = shape.kind === 'union' || shape.kind === 'enum' || shape.kind === 'oneof'
    const splits = around === 'union' ? false : isUnion || shape.kind === 'intersection'
    return splits ? code`(${type})` : type
  }
}

const builtins = {
  string: code`string`,
  number: code`number`,
  boolean: code`boolean`,
  bigint: code`bigint`,
  null: code`null`,
  unknown: code`unknown`,
  never: code`never`,
  bytes: code`Uint8Array`,
  Date: code`Date`,
  Uuid: code`Uuid`,
}

/** A union with each type once. */
function alternatives(types: Code[]): Code {
  const distinct = [...new Map(types.map((type) => [type.toString(), type])).values()]
  return distinct.length === 0 ? code`never` : join(distinct, ' | ')
}

/** The declarations that need a type of their own for writing: what differs itself, and what refers to such. */
function findDifferent(declarations: ReadonlyMap<string, Declaration>): ReadonlySet<string> {
  const different = new Set<string>()
  const users = new Map<string, string[]>()
  for (const [key, { shape, tag }] of declarations) {
    let differs = tag !== undefined
    visit(shape, (inner) => {
      if (inner.kind === 'ref') users.set(inner.to, [...(users.get(inner.to) ?? []), key])
      differs ||= inner.kind === 'decimal' || (inner.kind === 'enum' && inner.open === 'symbol')
      differs ||= inner.kind === 'object' && inner.fields.some(({ optional }) => optional.read !== optional.write)
    })
    if (differs) different.add(key)
  }
  const pending = [...different]
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    for (const user of users.get(key) ?? []) {
      if (different.has(user)) continue
      different.add(user)
      pending.push(user)
    }
  }
  return different
}

/** Declarations that mean themselves without an object or a list between, such as `{"$ref": "#"}`: no type says that. */
function findUnbounded(declarations: ReadonlyMap<string, Declaration>): ReadonlySet<string> {
  const direct = new Map<string, string[]>()
  const collect = (shape: Shape, into: string[]): void => {
    if (shape.kind === 'ref') into.push(shape.to)
    if (shape.kind === 'union' || shape.kind === 'intersection')
      for (const member of shape.members) collect(member, into)
  }
  for (const [key, { shape }] of declarations) {
    const targets: string[] = []
    collect(shape, targets)
    direct.set(key, targets)
  }
  const unbounded = new Set<string>()
  for (const key of declarations.keys()) {
    const seen = new Set<string>()
    const pending = [...(direct.get(key) ?? [])]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next === key) unbounded.add(key)
      if (seen.has(next)) continue
      seen.add(next)
      pending.push(...(direct.get(next) ?? []))
    }
  }
  return unbounded
}

export function visit(shape: Shape, see: (shape: Shape) => void): void {
  see(shape)
  switch (shape.kind) {
    case 'array':
      return visit(shape.items, see)
    case 'map':
      return visit(shape.values, see)
    case 'tuple':
      for (const item of shape.items) visit(item, see)
      return shape.rest && visit(shape.rest, see)
    case 'object':
      for (const field of shape.fields) visit(field.shape, see)
      return shape.rest && visit(shape.rest, see)
    case 'union':
    case 'intersection':
      for (const member of shape.members) visit(member, see)
      return
    case 'oneof':
      for (const one of shape.cases) visit(one.shape, see)
      return
    default: // has nothing inside
  }
}
