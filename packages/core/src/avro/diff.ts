import type { Change } from '../schema/verdict.js'
import { jsonText } from './json-text.js'
import { describeLogicalType, sameLogicalType } from './logical-types.js'
import type { AvroSchema, AvroType, EnumType, Field, NamedType, Place, RecordType, UnionType } from './schema.js'
import { branchName, describeType, isNamed, positionIn, primitiveKinds } from './schema.js'

/** What can change between two Avro schemas. The ids are stable. */
export type AvroChangeRule =
  | 'TYPE_CHANGED'
  | 'TYPE_RENAMED'
  | 'NAMESPACE_CHANGED'
  | 'LOGICAL_TYPE_CHANGED'
  | 'FIELD_ADDED'
  | 'FIELD_REMOVED'
  | 'FIELD_RENAMED'
  | 'FIELD_MOVED'
  | 'DEFAULT_ADDED'
  | 'DEFAULT_REMOVED'
  | 'DEFAULT_CHANGED'
  | 'SORT_ORDER_CHANGED'
  | 'SYMBOL_ADDED'
  | 'SYMBOL_REMOVED'
  | 'SYMBOLS_REORDERED'
  | 'SIZE_CHANGED'
  | 'BRANCH_ADDED'
  | 'BRANCH_REMOVED'
  | 'BRANCHES_REORDERED'
  | 'ALIASES_CHANGED'
  | 'DOC_CHANGED'
  | 'PROPERTY_CHANGED'

/** Paths get longer than this only where recursive types of both sides are unrolled against each other. */
const maximumPath = 10_000

type Sides = { older?: { at: Place }; newer?: { at: Place } }

/** What changed, in the order of the newer text; what was removed stands where its record or union stands. */
export function diffAvro(older: AvroSchema, newer: AvroSchema): Change[] {
  if (older.source.text === newer.source.text && older.source.references.length === 0) return []
  return new Diff(older, newer).changes()
}

class Diff {
  private readonly found: Change[] = []
  private readonly visited = new Map<AvroType, Set<AvroType>>()

  constructor(
    private readonly older: AvroSchema,
    private readonly newer: AvroSchema,
  ) {}

  changes(): Change[] {
    this.type(this.older.root, this.newer.root, '')
    return this.found
  }

  private note(rule: AvroChangeRule, path: string, message: string, sides: Sides): void {
    const older = sides.older && positionIn(this.older, sides.older.at)
    const newer = sides.newer && positionIn(this.newer, sides.newer.at)
    this.found.push({ rule, path: path || '/', message, at: { ...(older && { older }), ...(newer && { newer }) } })
  }

  private type(older: AvroType, newer: AvroType, path: string): void {
    if (older === newer || path.length > maximumPath || (isNamed(newer) && this.seen(older, newer))) return
    const sides = { older, newer }
    if (older.kind !== newer.kind) {
      return this.note('TYPE_CHANGED', path, `${describeType(older)} became ${describeType(newer)}`, sides)
    }
    this.annotations(older, newer, path)
    if (isNamed(older) && isNamed(newer)) this.names(older, newer, path)
    if (older.kind === 'array' && newer.kind === 'array') this.type(older.items, newer.items, `${path}/items`)
    if (older.kind === 'map' && newer.kind === 'map') this.type(older.values, newer.values, `${path}/values`)
    if (older.kind === 'union' && newer.kind === 'union') this.union(older, newer, path)
    if (older.kind === 'record' && newer.kind === 'record') this.record(older, newer, path)
    if (older.kind === 'enum' && newer.kind === 'enum') this.enum(older, newer, path)
    if (older.kind === 'fixed' && newer.kind === 'fixed' && older.size !== newer.size) {
      this.note(
        'SIZE_CHANGED',
        `${path}/size`,
        `${newer.name.full} has ${newer.size} bytes instead of ${older.size}`,
        sides,
      )
    }
  }

  /** Recursion passes through named types only. */
  private seen(older: AvroType, newer: AvroType): boolean {
    const others = this.visited.get(newer) ?? new Set()
    this.visited.set(newer, others)
    if (others.has(older)) return true
    others.add(older)
    return false
  }

  private annotations(older: AvroType, newer: AvroType, path: string): void {
    if (older.properties.size === 0 && newer.properties.size === 0) return
    const sides = { older, newer }
    if (!sameLogicalType(older.logicalType, newer.logicalType)) {
      const [from, to] = [older, newer].map(({ logicalType }) =>
        logicalType ? describeLogicalType(logicalType) : 'none',
      )
      this.note('LOGICAL_TYPE_CHANGED', path, `the logical type became ${to} instead of ${from}`, sides)
    }
    const logical = (older.logicalType ?? newer.logicalType) ? ['logicalType', 'precision', 'scale'] : []
    this.properties(older, newer, path, logical)
  }

  private properties(
    older: AvroType | Field,
    newer: AvroType | Field,
    path: string,
    except: readonly string[] = [],
  ): void {
    if (older.properties.size === 0 && newer.properties.size === 0) return
    for (const key of new Set([...newer.properties.keys(), ...older.properties.keys()])) {
      if (except.includes(key)) continue
      const before = older.properties.get(key)
      const after = newer.properties.get(key)
      if (before && after && jsonText(before) === jsonText(after)) continue
      const how = !before ? 'was added' : !after ? 'was removed' : 'changed'
      this.note('PROPERTY_CHANGED', `${path}/${key}`, `the property ${JSON.stringify(key)} ${how}`, { older, newer })
    }
  }

  private names(older: NamedType, newer: NamedType, path: string): void {
    const sides = { older, newer }
    if (older.name.simple !== newer.name.simple) {
      this.note('TYPE_RENAMED', `${path}/name`, `${older.name.full} became ${newer.name.full}`, sides)
    } else if (older.name.full !== newer.name.full) {
      this.note('NAMESPACE_CHANGED', `${path}/namespace`, `${older.name.full} became ${newer.name.full}`, sides)
    }
    this.doc(older, newer, path)
    this.aliases(
      older.aliases.map((a) => a.full),
      newer.aliases.map((a) => a.full),
      path,
      sides,
    )
  }

  private doc(older: NamedType | Field, newer: NamedType | Field, path: string): void {
    if (older.doc !== newer.doc) this.note('DOC_CHANGED', `${path}/doc`, 'the documentation changed', { older, newer })
  }

  private aliases(older: string[], newer: string[], path: string, sides: Sides): void {
    if (older.length === 0 && newer.length === 0) return
    if (older.toSorted().join() === newer.toSorted().join()) return
    const list = newer.join(', ') || 'none'
    this.note(
      'ALIASES_CHANGED',
      `${path}/aliases`,
      `the aliases became ${list} instead of ${older.join(', ') || 'none'}`,
      sides,
    )
  }

  private union(older: UnionType, newer: UnionType, path: string): void {
    const sides = { older, newer }
    const left = new Set(older.branches)
    const order: number[] = []
    newer.branches.forEach((branch, index) => {
      const match = older.branches.find((candidate) => branchName(candidate) === branchName(branch))
      if (!match) {
        return this.note('BRANCH_ADDED', `${path}/${index}`, `the union got ${describeType(branch)}`, {
          older,
          newer: branch,
        })
      }
      left.delete(match)
      order.push(older.branches.indexOf(match))
      this.type(match, branch, `${path}/${index}`)
    })
    for (const branch of left) {
      this.note('BRANCH_REMOVED', path, `the union lost ${describeType(branch)}`, { older: branch, newer })
    }
    if (!ascending(order)) this.note('BRANCHES_REORDERED', path, 'the branches stand in another order', sides)
  }

  private record(older: RecordType, newer: RecordType, path: string): void {
    const left = new Set(older.fields)
    const matches = new Map<Field, Field>()
    for (const field of newer.fields) {
      const match = older.fieldsByName.get(field.name)
      if (match) (matches.set(field, match), left.delete(match))
    }
    for (const field of newer.fields) {
      if (matches.has(field)) continue
      const match = field.aliases
        .flatMap((alias) => older.fieldsByName.get(alias) ?? [])
        .find((other) => left.has(other))
      if (match) (matches.set(field, match), left.delete(match))
    }
    const order: number[] = []
    for (const field of newer.fields) {
      const at = `${path}/fields/${field.position}`
      const match = matches.get(field)
      if (!match) {
        const text = `${newer.name.simple} got the field ${field.name}${field.default ? '' : ' without a default'}`
        this.note('FIELD_ADDED', at, text, { older, newer: field })
      } else {
        order.push(match.position)
        this.field(match, field, at)
      }
    }
    for (const field of left) {
      const text = `${newer.name.simple} lost the field ${field.name}`
      this.note('FIELD_REMOVED', path, text, { older: field, newer })
    }
    if (!ascending(order))
      this.note('FIELD_MOVED', `${path}/fields`, 'the fields stand in another order', { older, newer })
  }

  private field(older: Field, newer: Field, path: string): void {
    const sides = { older, newer }
    if (older.name !== newer.name)
      this.note('FIELD_RENAMED', path, `the field ${older.name} became ${newer.name}`, sides)
    if (!isPlainlySame(older.type, newer.type)) this.type(older.type, newer.type, `${path}/type`)
    this.doc(older, newer, path)
    const before = older.default && jsonText(older.default)
    const after = newer.default && jsonText(newer.default)
    const at = `${path}/default`
    if (before === undefined && after !== undefined) {
      this.note('DEFAULT_ADDED', at, `the field ${newer.name} got the default ${after}`, sides)
    } else if (before !== undefined && after === undefined) {
      this.note('DEFAULT_REMOVED', at, `the field ${newer.name} lost its default ${before}`, sides)
    } else if (before !== after) {
      this.note('DEFAULT_CHANGED', at, `the default of ${newer.name} became ${after} instead of ${before}`, sides)
    }
    if (older.order !== newer.order) {
      this.note(
        'SORT_ORDER_CHANGED',
        `${path}/order`,
        `the sort order became ${newer.order} instead of ${older.order}`,
        sides,
      )
    }
    this.aliases(older.aliases, newer.aliases, path, sides)
    this.properties(older, newer, path)
  }

  private enum(older: EnumType, newer: EnumType, path: string): void {
    const sides = { older, newer }
    const at = `${path}/symbols`
    const before = new Set(older.symbols)
    const after = new Set(newer.symbols)
    for (const symbol of newer.symbols) {
      if (!before.has(symbol)) this.note('SYMBOL_ADDED', at, `${newer.name.simple} got the symbol ${symbol}`, sides)
    }
    for (const symbol of older.symbols) {
      if (!after.has(symbol)) this.note('SYMBOL_REMOVED', at, `${newer.name.simple} lost the symbol ${symbol}`, sides)
    }
    const places = new Map(older.symbols.map((symbol, index) => [symbol, index]))
    if (!ascending(newer.symbols.flatMap((symbol) => places.get(symbol) ?? []))) {
      this.note('SYMBOLS_REORDERED', at, `the symbols of ${newer.name.simple} stand in another order`, sides)
    }
    if (older.default !== newer.default) {
      const rule =
        older.default === undefined
          ? 'DEFAULT_ADDED'
          : newer.default === undefined
            ? 'DEFAULT_REMOVED'
            : 'DEFAULT_CHANGED'
      const text = `the default symbol of ${newer.name.simple} is ${newer.default ?? 'none'} instead of ${older.default ?? 'none'}`
      this.note(rule, `${path}/default`, text, sides)
    }
  }
}

/** Whether it takes no comparison to see that nothing changed: primitives and unions of them, without properties. */
function isPlainlySame(older: AvroType, newer: AvroType): boolean {
  if (older.kind === 'union' && newer.kind === 'union') {
    const { branches } = newer
    return (
      older.branches.length === branches.length &&
      older.branches.every((b, i) => isPlainlySame(b, branches[i] ?? older))
    )
  }
  const plain = older.properties.size === 0 && newer.properties.size === 0
  return plain && older.kind === newer.kind && (primitiveKinds as readonly string[]).includes(newer.kind)
}

const ascending = (numbers: readonly number[]) => numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? -1))
