/** Random Avro schemas and random edits of them, as plain JSON; the same seed gives the same ones. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Node = Record<string, Json>

export class Random {
  constructor(private state: number) {}

  /** A whole number from 0 to `limit` - 1. (mulberry32) */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new RangeError('nothing to pick from')
    return value
  }
}

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']
const symbols = ['A', 'B', 'C', 'D']
const fieldNames = ['a', 'b', 'c', 'd', 'e', 'f']
const annotated: Node[] = [
  { type: 'int', logicalType: 'date' },
  { type: 'int', logicalType: 'time-millis' },
  { type: 'long', logicalType: 'time-micros' },
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'timestamp-micros' },
  { type: 'long', logicalType: 'local-timestamp-millis' },
  { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 },
  { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 3 },
  { type: 'bytes', logicalType: 'decimal', precision: 8, scale: 2 },
  { type: 'string', logicalType: 'uuid' },
]

/** A schema, usually a record. Recursion only passes through a union, an array or a map, so that every type has data. */
export function randomSchema(random: Random): Json {
  const names = { count: 0, defined: [] as string[], open: [] as string[] }
  return random.chance(85) ? record(random, 0, names) : type(random, 0, names)
}

interface Names {
  count: number
  defined: string[]
  open: string[]
}

function type(random: Random, depth: number, names: Names): Json {
  const roll = random.below(100)
  if (depth > 3 || roll < 42) return random.pick(primitives)
  if (roll < 52) return { ...random.pick(annotated) }
  if (roll < 60) return { type: 'array', items: type(random, depth + 1, names) }
  if (roll < 66) return { type: 'map', values: type(random, depth + 1, names) }
  if (roll < 78) return union(random, depth, names)
  if (roll < 85) return enumeration(random, names)
  if (roll < 89) return { type: 'fixed', name: name(names, 'F'), size: 1 + random.below(3) }
  if (roll < 92 && names.defined.length > 0) return random.pick(names.defined)
  if (roll < 94 && names.open.length > 0) return ['null', random.pick(names.open)]
  return record(random, depth, names)
}

function name(names: Names, prefix: string): string {
  const fresh = `${prefix}${names.count++}`
  names.defined.push(fresh)
  return fresh
}

function enumeration(random: Random, names: Names): Node {
  const taken = symbols.filter(() => random.chance(60))
  const list = taken.length > 0 ? taken : ['A']
  const node: Node = { type: 'enum', name: name(names, 'E'), symbols: list }
  return random.chance(30) ? { ...node, default: random.pick(list) } : node
}

function record(random: Random, depth: number, names: Names): Node {
  const own = `R${names.count++}`
  names.open.push(own)
  const count = random.below(depth === 0 ? 5 : 3)
  const fields = fieldNames
    .slice(0, count)
    .map((field) => withDefault(random, { name: field, type: type(random, depth + 1, names) }, 25))
  names.open.pop()
  names.defined.push(own)
  return { type: 'record', name: own, fields }
}

function union(random: Random, depth: number, names: Names): Json[] {
  const branches = new Map<string, Json>()
  for (let index = 1 + random.below(3); index >= 0; index--) {
    const branch = type(random, depth + 2, names)
    if (!Array.isArray(branch)) branches.set(branchName(branch), branch)
  }
  return [...branches.values()]
}

function branchName(branch: Json): string {
  if (typeof branch === 'string') return branch
  const node = branch as Node
  return [node.name, node.type].find((text) => typeof text === 'string') ?? ''
}

function withDefault(random: Random, field: Node, percent: number): Node {
  if (!random.chance(percent)) return field
  const value = plainValue(field.type ?? 'null')
  return value === undefined ? field : { ...field, default: value }
}

/** A default for a type; of a union one for the first branch, since not every program takes another. */
function plainValue(schema: Json): Json | undefined {
  if (Array.isArray(schema)) return schema[0] === undefined ? undefined : plainValue(schema[0])
  if (typeof schema === 'object' && schema !== null) {
    if (schema.type === 'enum') return (schema.symbols as string[])[0]
    if (schema.type === 'fixed') return 'x'.repeat(Number(schema.size))
    if (schema.type === 'array') return []
    if (schema.type === 'map') return {}
    if (schema.type === 'record') return undefined
    return plainValue(schema.type ?? null)
  }
  return { null: null, boolean: true, int: 7, long: 8, float: 1.5, double: -2.25, bytes: 'ab', string: 'text' }[
    String(schema)
  ]
}

/** Another schema that somebody could have made of this one: one or two small changes. */
export function edited(random: Random, schema: Json): Json {
  const copy = structuredClone({ root: schema })
  for (let count = random.chance(70) ? 1 : 2; count > 0; count--) {
    const places: Place[] = []
    collect(copy, 'root', places)
    change(random, random.pick(places))
  }
  return copy.root
}

/** A place in a schema where a type stands. */
interface Place {
  holder: Record<string, Json> | Json[]
  key: string | number
}

function collect(holder: Place['holder'], key: string | number, places: Place[]): void {
  places.push({ holder, key })
  const schema = valueAt({ holder, key })
  if (Array.isArray(schema)) return schema.forEach((_, index) => collect(schema, index, places))
  if (typeof schema !== 'object' || schema === null) return
  if (schema.type === 'array') collect(schema, 'items', places)
  if (schema.type === 'map') collect(schema, 'values', places)
  if (schema.type === 'record') for (const field of schema.fields as Node[]) collect(field, 'type', places)
}

const valueAt = ({ holder, key }: Place): Json => (holder as Record<string | number, Json>)[key] ?? null
const put = ({ holder, key }: Place, value: Json): void => void ((holder as Record<string | number, Json>)[key] = value)

function change(random: Random, place: Place): void {
  const schema = valueAt(place)
  if (random.chance(12)) return put(place, type(random, 3, { count: 100 + random.below(900), defined: [], open: [] }))
  if (random.chance(10) && !Array.isArray(schema) && !Array.isArray(place.holder)) {
    return put(place, random.chance(50) && schema !== 'null' ? ['null', schema] : [schema, random.pick(primitives)])
  }
  if (Array.isArray(schema)) return changeUnion(random, schema)
  if (typeof schema === 'string') return put(place, random.pick(near[schema] ?? [schema]))
  if (schema === null || typeof schema !== 'object') return
  switch (schema.type) {
    case 'record':
      return changeRecord(random, schema)
    case 'enum':
      return changeEnum(random, schema)
    case 'fixed':
      return random.chance(50) ? put({ holder: schema, key: 'size' }, 1 + random.below(3)) : rename(random, schema)
    default:
      if (typeof schema.logicalType !== 'string') return
      return put(place, random.chance(40) ? (schema.type ?? 'null') : { ...random.pick(annotated) })
  }
}

/** What a primitive becomes when somebody widens, narrows or annotates it. */
const near: Record<string, Json[]> = {
  int: ['long', 'float', 'double', 'string', { type: 'int', logicalType: 'date' }],
  long: ['int', 'float', 'double', { type: 'long', logicalType: 'timestamp-millis' }],
  float: ['double', 'int', 'long'],
  double: ['float', 'long'],
  bytes: ['string', { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 }],
  string: ['bytes', { type: 'string', logicalType: 'uuid' }],
  boolean: ['int'],
  null: ['string'],
}

function changeUnion(random: Random, branches: Json[]): void {
  const at = random.below(branches.length)
  const roll = random.below(3)
  if (roll === 0) branches.reverse()
  else if (roll === 1 && branches.length > 1) branches.splice(at, 1)
  else branches.splice(at, 0, random.pick(primitives))
}

function changeRecord(random: Random, node: Node): void {
  const fields = node.fields as Node[]
  const roll = random.below(8)
  const field = fields[random.below(Math.max(1, fields.length))]
  if (roll === 0 || !field) {
    const fresh = { name: random.pick(fieldNames), type: random.pick([...primitives, ...annotated]) as Json }
    fields.splice(random.below(fields.length + 1), 0, withDefault(random, fresh, 60))
  } else if (roll === 1) fields.splice(fields.indexOf(field), 1)
  else if (roll === 2) {
    if (random.chance(60)) field.aliases = [field.name ?? '']
    field.name = random.pick(['g', 'h', ...fieldNames])
  } else if (roll === 3) delete field.default
  else if (roll === 4) Object.assign(field, withDefault(random, field, 100))
  else if (roll === 5) fields.reverse()
  else if (roll === 6) field.aliases = [random.pick(fieldNames)]
  else rename(random, node)
}

function changeEnum(random: Random, node: Node): void {
  const list = node.symbols as string[]
  const roll = random.below(4)
  if (roll === 0) list.push(random.pick(symbols))
  else if (roll === 1 && list.length > 1) list.splice(random.below(list.length), 1)
  else if (roll === 2) node.default = list[0] ?? 'A'
  else rename(random, node)
}

function rename(random: Random, node: Node): void {
  if (random.chance(60)) node.aliases = [node.name ?? '']
  node.name = `N${random.below(50)}`
}
