import avsc from 'avsc'
import fc from 'fast-check'
import { noReferences } from '../schema/source.js'
import { smallestSizes } from './datum.js'
import { avro, relationsBetween } from './index.js'
import type { AvroSchema } from './schema.js'
import type { Json } from '../../test/random-avro-schema.js'
import { edited, Random, randomSchema } from '../../test/random-avro-schema.js'

/** Pairs come in families: a schema and edits of it in a chain, each with the one and the two before it, both ways. */
const families = 2_950
const editsPerFamily = 9

describe('EXACT on random schema pairs, against avsc really writing and reading', () => {
  it('never contradicts what avsc does', () => {
    const seen = { pairs: 0, compatible: 0, incompatible: 0, undecided: 0, data: 0 }
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed)
        const family = familyOf(random)
        for (const [index, member] of family.entries()) {
          for (const other of [family[index - 1], family[index - 2]]) {
            if (!other) continue
            judge(member, other, random, seen)
            judge(other, member, random, seen)
          }
        }
      }),
      { seed: 20261122, numRuns: families },
    )
    const seconds = Math.round(process.cpuUsage().user / 1e6)
    process.stdout.write(`EXACT against avsc: ${JSON.stringify(seen)}, ${seconds} s of CPU\n`)
    expect(seen.undecided).toBe(0)
    expect(seen.pairs).toBeGreaterThanOrEqual(100_000)
    expect(Math.min(seen.compatible, seen.incompatible)).toBeGreaterThan(10_000)
  }, 600_000)
})

interface Member {
  json: Json
  schema: AvroSchema
  codec: avsc.Type
}

function familyOf(random: Random): Member[] {
  const family: Member[] = []
  let json = randomSchema(random)
  for (let tries = 0; family.length <= editsPerFamily && tries < 60; tries++) {
    const member = memberOf(json)
    if (member) family.push(member)
    json = edited(random, family.at(-1)?.json ?? randomSchema(random))
  }
  return family
}

/**
 * An edit can make a schema that is none (a name without definition, a default that no longer fits) or that nothing can
 * be written with (a record that has to hold itself): no member then.
 */
function memberOf(json: Json): Member | undefined {
  try {
    const text = JSON.stringify(json)
    const schema = avro.parse({ type: 'AVRO', text, references: [] }, noReferences, {
      validation: 'strict',
      asNew: true,
    })
    if ([...smallestSizes(schema.root).values()].includes(Infinity)) return undefined
    const codec = avsc.Type.forSchema(bare(json) as avsc.Schema, {
      wrapUnions: true,
      omitRecordMethods: true,
      registry: { long: exactLong },
    })
    return { json, schema, codec }
  } catch {
    return undefined
  }
}

/** Without logical types: avsc makes its own long, which refuses large values, of a type that is written as an object. */
function bare(json: Json): Json {
  if (Array.isArray(json)) return json.map(bare)
  if (json === null || typeof json !== 'object') return json
  if (typeof json.logicalType === 'string') return json.type ?? null
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, key === 'default' ? value : bare(value)]))
}

const exactLong = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(value)
    return buffer
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => Number(a - b),
})

function judge(reader: Member, writer: Member, random: Random, seen: Record<string, number>): void {
  const verdict = avro.canRead(reader.schema, writer.schema, { policy: 'EXACT' })
  seen.pairs++
  seen[verdict.outcome]++
  const about = () =>
    `reader ${JSON.stringify(reader.json)}\nwriter ${JSON.stringify(writer.json)}\n${JSON.stringify(verdict)}`
  const resolver = attempt(() => reader.codec.createResolver(writer.codec))
  const decodes = relationsBetween(reader.schema, writer.schema)?.decodes
  if (decodes !== (resolver !== undefined))
    throw new Error(`avsc ${resolver ? 'reads' : 'does not read'} it:\n${about()}`)
  if (verdict.outcome === 'compatible') {
    for (let count = 0; count < 3; count++) {
      const value = randomValue(writer.json, writer.json, random, 0)
      const bytes = writer.codec.toBuffer(value)
      if (!resolver || !readsTheSame(reader, writer, bytes, resolver))
        throw new Error(`${bytes.toString('hex')} is misread:\n${about()}`)
      seen.data++
    }
  }
  if (verdict.outcome === 'incompatible') {
    const bytes = verdict.witness?.bytes
    if (!bytes) throw new Error(`there is no witness:\n${about()}`)
    if (resolver && readsTheSame(reader, writer, Buffer.from(bytes), resolver))
      throw new Error(`the witness is read well:\n${about()}`)
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Writes what was read once more, since avsc keeps in a double what it reads into a float. */
function readsTheSame(reader: Member, writer: Member, bytes: Buffer, resolver: object): boolean {
  const written: unknown = writer.codec.fromBuffer(bytes)
  if (!writer.codec.toBuffer(written).equals(bytes))
    throw new Error(`${bytes.toString('hex')} is no datum of ${JSON.stringify(writer.json)}`)
  const read = attempt((): unknown =>
    reader.codec.fromBuffer(reader.codec.toBuffer(reader.codec.fromBuffer(bytes, resolver))),
  )
  return (
    read !== undefined &&
    same(written, read, { schema: writer.json, root: writer.json }, { schema: reader.json, root: reader.json })
  )
}

interface Located {
  schema: Json
  root: Json
}
type Node = Record<string, Json>

const textOf = (json: Json | undefined): string => (typeof json === 'string' ? json : '')

/** The definition behind a name. */
function definition({ schema, root }: Located): Json {
  if (typeof schema !== 'string' || /^[a-z]/.test(schema)) return schema
  const find = (node: Json): Json | undefined => {
    if (node === null || typeof node !== 'object') return undefined
    if (!Array.isArray(node) && node.name === schema && node.type !== undefined && 'RSENF'.includes(schema[0] ?? ''))
      return node
    for (const inner of Object.values(node)) {
      const found = find(inner)
      if (found !== undefined) return found
    }
    return undefined
  }
  return find(root) ?? schema
}

const kindOf = (schema: Json): string =>
  Array.isArray(schema) ? 'union' : typeof schema === 'string' ? schema : textOf((schema as Node).type)

function branchOf(place: Located, value: unknown): { place: Located; value: unknown } {
  const schema = definition(place)
  if (!Array.isArray(schema)) return { place: { ...place, schema }, value }
  if (value === null) return { place: { ...place, schema: 'null' }, value }
  const [key, inner] = Object.entries(value as object)[0] as [string, unknown]
  const branch = schema.find(
    (candidate) => kindOf(candidate) === key || (candidate as Node).name === key || candidate === key,
  )
  return { place: { ...place, schema: definition({ ...place, schema: branch ?? key }) }, value: inner }
}

/** Whether a reader holds what was written: fields that it does not want may be gone, annotations have to agree. */
function same(written: unknown, read: unknown, from: Located, to: Located): boolean {
  const w = branchOf(from, written)
  const r = branchOf(to, read)
  const [wSchema, rSchema] = [w.place.schema, r.place.schema]
  if (meaning(wSchema) && meaning(rSchema) && meaning(wSchema) !== meaning(rSchema)) return false
  const inner = (key: string) =>
    [
      { ...w.place, schema: (wSchema as Node)[key] ?? null },
      { ...r.place, schema: (rSchema as Node)[key] ?? null },
    ] as const
  switch (kindOf(wSchema)) {
    case 'array': {
      const [a, b] = [w.value as unknown[], r.value as unknown[]]
      return a.length === b.length && a.every((item, index) => same(item, b[index], ...inner('items')))
    }
    case 'map': {
      const [a, b] = [w.value as Record<string, unknown>, r.value as Record<string, unknown>]
      return Object.keys(a).every((key) => key in b && same(a[key], b[key], ...inner('values')))
    }
    case 'record':
      return ((rSchema as Node).fields as Node[]).every((field) => {
        const names = [field.name, ...((field.aliases ?? []) as string[])]
        const match = ((wSchema as Node).fields as Node[]).find((candidate) => names.includes(candidate.name ?? ''))
        if (!match) return true
        const before = (w.value as Record<string, unknown>)[textOf(match.name)]
        const after = (r.value as Record<string, unknown>)[textOf(field.name)]
        return same(
          before,
          after,
          { ...w.place, schema: match.type ?? null },
          { ...r.place, schema: field.type ?? null },
        )
      })
    default:
      return sameLeaf(w.value, r.value)
  }
}

/** The annotation of a type; the random schemas have only valid ones. */
function meaning(schema: Json): string | undefined {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema) || !schema.logicalType) return undefined
  return JSON.stringify([schema.logicalType, schema.precision, schema.scale])
}

function sameLeaf(a: unknown, b: unknown): boolean {
  if (Buffer.isBuffer(a) || Buffer.isBuffer(b)) return Buffer.from(a as string).equals(Buffer.from(b as string))
  if (typeof a === 'bigint' || typeof b === 'bigint')
    return Number.isInteger(Number(b)) && BigInt(a as bigint) === BigInt(b as bigint)
  return Object.is(a, b)
}

const samples: Record<string, readonly unknown[]> = {
  null: [null],
  boolean: [true, false],
  int: [0, 1, -1, 16777217, 2147483647, -2147483648],
  long: [0n, -5n, 16777217n, 9007199254740993n, -9223372036854775808n],
  float: [0, 1.5, -0.25],
  double: [0, 0.1, 1e300],
  string: ['', 'é', 'a\u0000b'],
  bytes: [Buffer.alloc(0), Buffer.from([0xff]), Buffer.from('ab')],
}

function randomValue(schema: Json, root: Json, random: Random, depth: number): unknown {
  const type = definition({ schema, root })
  const inner = (next: Json) => randomValue(next, root, random, depth + 1)
  if (Array.isArray(type)) {
    const branch = depth > 6 && type.includes('null') ? 'null' : random.pick(type)
    return branch === 'null' ? null : { [branchKey(branch)]: inner(branch) }
  }
  if (typeof type === 'string') return random.pick(samples[type] ?? [])
  const node = type as Node
  switch (node.type) {
    case 'record':
      return Object.fromEntries((node.fields as Node[]).map((field) => [field.name, inner(field.type ?? null)]))
    case 'enum':
      return random.pick(node.symbols as string[])
    case 'fixed':
      return Buffer.alloc(Number(node.size), random.below(256))
    case 'array':
      return Array.from({ length: depth > 6 ? 0 : random.below(3) }, () => inner(node.items ?? null))
    case 'map':
      return Object.fromEntries(
        Array.from({ length: depth > 6 ? 0 : random.below(3) }, (_, i) => [`k${i}`, inner(node.values ?? null)]),
      )
    default:
      return inner(node.type ?? null)
  }
}

const branchKey = (branch: Json): string =>
  typeof branch === 'string' ? branch : textOf((branch as Node).name ?? (branch as Node).type)
