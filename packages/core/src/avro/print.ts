import type { JsonNode } from '../text/json-document.js'
import { jsonText, objectText, stringText } from './json-text.js'
import { shortest } from './names.js'
import type { Name } from './names.js'
import type { AvroSchema, AvroType, Field, NamedType } from './schema.js'

/** What the two layouts of the text do differently. */
export interface Style {
  typeDoc(doc: string | undefined): string | undefined
  kind(type: NamedType): string
  /** The namespace to write, if any. */
  namespace(name: Name, enclosing: string | undefined): string | undefined
  /** How a type is named that was defined before. */
  reference(name: Name, enclosing: string | undefined): string
  typeAliases(aliases: readonly Name[]): readonly Name[]
  fieldAliases(aliases: readonly string[]): readonly string[]
  properties(owner: AvroType | Field): Member[]
  /** The text of a default, `undefined` to leave it out. */
  default(value: JsonNode, field: Field): string | undefined
}

export type Member = readonly [key: string, value: string]

/** Everything as it came, in the order of attributes of Avro's Java printer. */
export const asItCame: Style = {
  typeDoc: (doc) => doc,
  kind: (type) => (type.kind === 'record' && type.isError ? 'error' : type.kind),
  namespace: (name, enclosing) => (name.namespace === enclosing ? undefined : (name.namespace ?? '')),
  reference: shortest,
  typeAliases: (aliases) => aliases,
  fieldAliases: (aliases) => aliases,
  properties: ({ properties }) => [...properties].map(([key, value]) => [key, jsonText(value)]),
  default: (value) => jsonText(value),
}

/** The text with the types of references left as names. */
export const printCanonical = (schema: AvroSchema): string => print(schema, asItCame, schema.referenced)

/** The text with the types of references defined where they are used first. */
export const printResolved = (schema: AvroSchema): string => print(schema, asItCame, new Set())

/** Prints a schema; named types in `known` are not defined, only named. */
export const print = (schema: AvroSchema, style: Style, known: ReadonlySet<string>): string =>
  new Printer(style, new Set(known)).type(schema.root, undefined)

class Printer {
  constructor(
    private readonly style: Style,
    private readonly known: Set<string>,
  ) {}

  type(type: AvroType, namespace: string | undefined): string {
    const properties = this.style.properties(type)
    switch (type.kind) {
      case 'union':
        return `[${type.branches.map((branch) => this.type(branch, namespace)).join(',')}]`
      case 'array':
        return objectText([['type', '"array"'], ['items', this.type(type.items, namespace)], ...properties])
      case 'map':
        return objectText([['type', '"map"'], ['values', this.type(type.values, namespace)], ...properties])
      case 'record':
      case 'enum':
      case 'fixed':
        return this.named(type, namespace, properties)
      default:
        return properties.length > 0
          ? objectText([['type', stringText(type.kind)], ...properties])
          : stringText(type.kind)
    }
  }

  private named(type: NamedType, namespace: string | undefined, properties: Member[]): string {
    const { name } = type
    if (this.known.has(name.full)) return stringText(this.style.reference(name, namespace))
    this.known.add(name.full)
    const members: Member[] = [
      ['type', stringText(this.style.kind(type))],
      ['name', stringText(name.simple)],
    ]
    const written = this.style.namespace(name, namespace)
    if (written !== undefined) members.push(['namespace', stringText(written)])
    const doc = this.style.typeDoc(type.doc)
    if (doc !== undefined) members.push(['doc', stringText(doc)])
    members.push(...this.body(type), ...properties)
    const aliases = this.style.typeAliases(type.aliases)
    if (aliases.length > 0) {
      members.push(['aliases', `[${aliases.map((alias) => stringText(shortest(alias, name.namespace))).join(',')}]`])
    }
    return objectText(members)
  }

  private body(type: NamedType): Member[] {
    switch (type.kind) {
      case 'record':
        return [['fields', `[${type.fields.map((field) => this.field(field, type.name.namespace)).join(',')}]`]]
      case 'enum': {
        const symbols: Member = ['symbols', `[${type.symbols.map(stringText).join(',')}]`]
        return type.default === undefined ? [symbols] : [symbols, ['default', stringText(type.default)]]
      }
      case 'fixed':
        return [['size', String(type.size)]]
    }
  }

  private field(field: Field, namespace: string | undefined): string {
    const members: Member[] = [
      ['name', stringText(field.name)],
      ['type', this.type(field.type, namespace)],
    ]
    if (field.doc !== undefined) members.push(['doc', stringText(field.doc)])
    const value = field.default && this.style.default(field.default, field)
    if (value !== undefined) members.push(['default', value])
    if (field.order !== 'ascending') members.push(['order', stringText(field.order)])
    const aliases = this.style.fieldAliases(field.aliases)
    if (aliases.length > 0) members.push(['aliases', `[${aliases.map(stringText).join(',')}]`])
    return objectText([...members, ...this.style.properties(field)])
  }
}
