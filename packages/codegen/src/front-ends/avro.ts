import { parseStored } from '@concordat/core'
import { avro, type AvroType, type Field as AvroField, type NamedType, type UnionType } from '@concordat/core/avro'
import type { EventInput, TypeMapping } from '../binding-input.js'
import type { Declaration, EventTypes, Field, Shape } from '../ir.js'
import { BindingError, builtin } from '../ir.js'
import { resolverOf, sourceOf } from './references.js'

/** The types of an Avro schema. */
export class AvroFrontEnd {
  private readonly declarations = new Map<string, Declaration>()
  private readonly root: AvroType
  private readonly tags = new Set<string>()

  /** @throws InvalidSchema, or BindingError for names that no generated code may have */
  constructor(
    private readonly event: EventInput,
    private readonly mapping: Required<TypeMapping>,
  ) {
    this.root = avro.parse(sourceOf(event), resolverOf(event), parseStored).root
    this.checkAll(this.root)
    if (this.root.kind === 'record') this.tags.add(this.root.name.full)
  }

  /**
   * Full names of the records that need a tag: the event itself, and what shares a union with other records or maps,
   * which in JavaScript are all objects.
   */
  get tagged(): ReadonlySet<string> {
    return this.tags
  }

  /** @param tagged of all events in the topic, so that a record that several have is one type */
  types(tagged: ReadonlySet<string>): EventTypes {
    const root = this.shape(this.root, tagged)
    const name = 'name' in this.root ? this.root.name.simple : this.event.subject.replace(/-(?:value|key)$/, '')
    return { name, declarations: this.declarations, root }
  }

  private shape(type: AvroType, tagged: ReadonlySet<string>): Shape {
    switch (type.kind) {
      case 'record':
      case 'enum':
        return this.declare(type, tagged)
      case 'array':
        return { kind: 'array', items: this.shape(type.items, tagged) }
      case 'map':
        return { kind: 'map', values: this.shape(type.values, tagged) }
      case 'union':
        return this.union(type, tagged)
      default:
        return this.primitive(type)
    }
  }

  private primitive(type: Exclude<AvroType, { kind: 'record' | 'enum' | 'array' | 'map' | 'union' }>): Shape {
    const { mapping } = this
    const logical = type.logicalType
    switch (type.kind) {
      case 'bytes':
      case 'fixed': {
        const { name, precision = 0, scale = 0 } = logical ?? {}
        return name === 'decimal' && mapping.decimal === 'string'
          ? { kind: 'decimal', precision, scale }
          : builtin('bytes')
      }
      case 'string':
        return builtin(logical?.name === 'uuid' && mapping.uuid === 'brand' ? 'Uuid' : 'string')
      case 'int':
        return builtin(logical?.name === 'date' && mapping.date === 'string' ? 'string' : 'number')
      case 'long':
        if (logical?.name === 'timestamp-millis' && mapping['timestamp-millis'] === 'Date') return builtin('Date')
        return builtin(mapping.long)
      case 'float':
      case 'double':
        return builtin('number')
      case 'boolean':
      case 'null':
        return builtin(type.kind)
    }
  }

  private union({ branches }: UnionType, tagged: ReadonlySet<string>): Shape {
    const told = needsTags(branches)
    const members = branches.map((branch): Shape => {
      const shape = this.shape(branch, tagged)
      return shape.kind === 'ref' && branch.kind === 'record' && told ? { ...shape, tagged: true } : shape
    })
    return { kind: 'union', members }
  }

  private declare(type: Exclude<NamedType, { kind: 'fixed' }>, tagged: ReadonlySet<string>): Shape {
    const key = type.name.full
    if (!this.declarations.has(key)) {
      const declaration: Declaration = { name: type.name.simple, doc: type.doc, shape: builtin('unknown') }
      this.declarations.set(key, declaration)
      if (type.kind === 'record') {
        if (tagged.has(key)) declaration.tag = key
        declaration.shape = { kind: 'object', fields: type.fields.map((field) => this.field(field, tagged)) }
      } else {
        const open = type.default === undefined ? ({ open: 'symbol' } as const) : {}
        declaration.shape = { kind: 'enum', values: type.symbols, ...open }
      }
    }
    return { kind: 'ref', to: key }
  }

  private field(field: AvroField, tagged: ReadonlySet<string>): Field {
    const hasDefault = field.default !== undefined
    return {
      name: field.name,
      doc: field.doc,
      shape: this.shape(field.type, tagged),
      optional: { read: false, write: hasDefault },
    }
  }

  /** Names become keys and parts of generated names; stored schemas may have been accepted with any. Collects tags too. */
  private checkAll(root: AvroType): void {
    const seen = new Set<AvroType>()
    const pending: [AvroType, path: string][] = [[root, '']]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [type, path] = next
      if (seen.has(type)) continue
      seen.add(type)
      if ('name' in type) for (const part of type.name.full.split('.')) this.checkName(part, path || type.name.full)
      switch (type.kind) {
        case 'record':
          for (const field of type.fields) {
            this.checkName(field.name, type.name.full)
            pending.push([field.type, `${type.name.full}.${field.name}`])
          }
          break
        case 'enum':
          for (const symbol of type.symbols) this.checkName(symbol, type.name.full)
          break
        case 'array':
          pending.push([type.items, path])
          break
        case 'map':
          pending.push([type.values, path])
          break
        case 'union':
          for (const branch of type.branches) {
            pending.push([branch, path])
            if (branch.kind === 'record' && needsTags(type.branches)) this.tags.add(branch.name.full)
          }
          break
        default: // a leaf
      }
    }
  }

  private checkName(name: string, path: string): void {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== '__proto__') return
    const reason = `${JSON.stringify(name.slice(0, 80))} is not a name that code can be generated for`
    throw new BindingError(this.event.subject, path.slice(0, 200), reason)
  }
}

const needsTags = (branches: readonly AvroType[]) =>
  branches.filter(({ kind }) => kind === 'record' || kind === 'map').length > 1
