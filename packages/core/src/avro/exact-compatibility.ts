import type { Datum } from './datum.js'
import { smallestDatum, smallestSizes } from './datum.js'
import { checkDefault } from './defaults.js'
import type { ExactRule } from './exact-rules.js'
import { describeLogicalType } from './logical-types.js'
import { Queue } from './queue.js'
import { branchFor, isPlainlyRead, meansTheSame, namesMatch, promotion, writerFields } from './resolution.js'
import type { AvroType, EnumType, Field, RecordType } from './schema.js'
import { describeType, isNamed } from './schema.js'

/** How a datum of the outer writer type holds one of the inner: the way from a pair of types to the next one. */
export type Step =
  | { in: 'field'; index: number }
  | { in: 'branch'; index: number }
  | { in: 'items' }
  | { in: 'values' }
  /** The reader's union was entered: the writer's type stays. */
  | { in: 'reader'; index: number }

interface Edge {
  step: Step
  path: readonly string[]
  reader: AvroType
  writer: AvroType
}

/** Something that goes wrong at a pair of types, with the writer's datum that shows it. */
export interface Fault {
  rule: ExactRule
  path: readonly string[]
  message: string
  pair: Pair
  /** The datum of the writer's type at the pair; `undefined` stands for any, so for the smallest. */
  shownBy?: Datum
  /** The reader's field that is to blame, if it is one. */
  field?: Field
}

export interface Pair {
  reader: AvroType
  writer: AvroType
  path: readonly string[]
  edges: Edge[]
  faults: Fault[]
}

/** Where a fault is and how to get there: the steps from the roots, outermost first. */
export interface Route {
  fault: Fault
  /** How many values the smallest datum that shows the fault has. */
  size: number
  steps: { pair: Pair; step: Step }[]
}

export interface ExactAnswer {
  /** In the order of the reader's text. Empty: whatever the writer writes is read with its meaning. */
  faults: Fault[]
  /** To the fault that the smallest datum shows. */
  smallest?: Route
  sizes?: ReadonlyMap<AvroType, number>
}

/**
 * Decides whether every datum of the writer is decoded by the reader, without loss and with its meaning: all pairs of
 * types that resolution can bring together are looked at once (a greatest fixed point, so recursion is sound), and a
 * fault counts if some datum reaches it.
 *
 * @returns `undefined` if there are more pairs than `budget`.
 */
export function exactAnswer(reader: AvroType, writer: AvroType, budget: number): ExactAnswer | undefined {
  const pairs = allPairs(reader, writer, budget)
  if (!pairs) return undefined
  const suspects = pairs.all.flatMap((pair) => pair.faults)
  if (suspects.length === 0) return { faults: [] }
  const sizes = smallestSizes(writer)
  const reached = cheapestWays(pairs, sizes)
  const faults = suspects.filter(({ pair }) => reached.has(pair))
  let smallest: { fault: Fault; size: number } | undefined
  for (const fault of faults) {
    const size = (reached.get(fault.pair)?.size ?? Infinity) + (sizes.get(fault.pair.writer) ?? Infinity)
    if (!smallest || size < smallest.size) smallest = { fault, size }
  }
  if (!smallest) return { faults }
  return { faults, sizes, smallest: { ...smallest, steps: stepsTo(smallest.fault.pair, reached) } }
}

interface Pairs {
  root: Pair
  all: Pair[]
  get(reader: AvroType, writer: AvroType): Pair | undefined
}

function allPairs(reader: AvroType, writer: AvroType, budget: number): Pairs | undefined {
  const known = new Map<AvroType, Map<AvroType, Pair>>()
  const all: Pair[] = []
  const stack: Omit<Edge, 'step'>[] = [{ reader, writer, path: [] }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    let ofReader = known.get(next.reader)
    if (!ofReader) known.set(next.reader, (ofReader = new Map<AvroType, Pair>()))
    if (ofReader.has(next.writer)) continue
    if (all.length >= budget) return undefined
    const pair: Pair = { ...next, edges: [], faults: [] }
    compare(pair)
    ofReader.set(next.writer, pair)
    all.push(pair)
    for (let index = pair.edges.length - 1; index >= 0; index--) {
      const edge = pair.edges[index]
      if (edge) stack.push(edge)
    }
  }
  const [root] = all
  return root && { root, all, get: (r, w) => known.get(r)?.get(w) }
}

/** Finds what goes wrong at a pair itself, and the pairs of inner types that it leads to. */
function compare(pair: Pair): void {
  const { reader, writer, path } = pair
  if (writer.kind === 'union') {
    writer.branches.forEach((branch, index) => {
      lead(pair, { in: 'branch', index }, reader, branch)
    })
    return
  }
  if (reader.kind === 'union') return enterUnion(pair, reader.branches)
  if (isNamed(reader) && isNamed(writer) && reader.kind === writer.kind && !namesMatch(reader, writer)) {
    const message = `the reader's ${describeType(reader)} is another type than the writer's ${describeType(writer)}`
    return blame(pair, 'NAME_MISMATCH', message, { path: [...path, 'name'] })
  }
  if (reader.kind === 'array' && writer.kind === 'array') {
    lead(pair, { in: 'items' }, reader.items, writer.items, 'items')
  } else if (reader.kind === 'map' && writer.kind === 'map') {
    lead(pair, { in: 'values' }, reader.values, writer.values, 'values')
  } else if (reader.kind === 'record' && writer.kind === 'record') {
    for (const field of reader.fields) compareField(pair, field, writer)
  } else if (reader.kind === 'enum' && writer.kind === 'enum') {
    compareSymbols(pair, reader, writer)
  } else if (reader.kind === 'fixed' && writer.kind === 'fixed' && reader.size !== writer.size) {
    const message = `the reader's fixed ${reader.name.full} has ${reader.size} bytes, the writer's ${writer.size}`
    return blame(pair, 'FIXED_SIZE_MISMATCH', message, { path: [...path, 'size'] })
  } else if (reader.kind !== writer.kind) {
    comparePrimitives(pair)
  }
  if (pair.faults.length === 0) compareMeaning(pair)
}

/** Notes the way to a pair of inner types, unless it is plain that nothing goes wrong there. */
function lead(pair: Pair, step: Step, reader: AvroType, writer: AvroType, ...path: string[]): void {
  if (!isPlainlyRead(reader, writer)) pair.edges.push({ step, path: [...pair.path, ...path], reader, writer })
}

function blame(pair: Pair, rule: ExactRule, message: string, more: Partial<Fault> = {}): void {
  pair.faults.push({ rule, message, path: pair.path, pair, ...more })
}

function enterUnion(pair: Pair, branches: readonly AvroType[]): void {
  const { writer } = pair
  const index = branchFor(branches, writer)
  const branch = index === undefined ? undefined : branches[index]
  if (index === undefined || !branch) {
    const message = `no branch of the reader's union takes the writer's ${describeType(writer)}`
    return blame(pair, 'MISSING_UNION_BRANCH', message)
  }
  lead(pair, { in: 'reader', index }, branch, writer, String(index))
}

function compareField(pair: Pair, field: Field, writer: RecordType): void {
  const [match, second] = writerFields(field, writer)
  const position = String(field.position)
  if (match && !second) {
    return lead(pair, { in: 'field', index: match.position }, field.type, match.type, 'fields', position, 'type')
  }
  const path = [...pair.path, 'fields', position]
  if (match && second) {
    const message = `the reader's field ${field.name} may be the writer's ${match.name} or ${second.name}`
    return blame(pair, 'AMBIGUOUS_ALIAS', message, { path, field })
  }
  if (field.default === undefined) {
    const message = `the writer has no field ${field.name} and the reader no default for it`
    return blame(pair, 'READER_FIELD_MISSING_DEFAULT_VALUE', message, { path, field })
  }
  const problem = checkDefault(field.type, field.default, { validation: 'strict', open: new Set() })
  if (problem) {
    const message = `the reader needs the default of its field ${field.name}, but ${problem.reason}`
    blame(pair, 'READER_DEFAULT_INVALID', message, { path: [...path, 'default'], field })
  }
}

function compareSymbols(pair: Pair, reader: EnumType, writer: EnumType): void {
  const known = new Set(reader.symbols)
  const missing = writer.symbols.filter((symbol) => !known.has(symbol))
  if (missing.length === 0) return
  const names = missing.join(', ')
  const more = { path: [...pair.path, 'symbols'], shownBy: missing[0] }
  if (reader.default === undefined) {
    const message = `the reader's enum ${reader.name.full} lacks ${names}`
    return blame(pair, 'MISSING_ENUM_SYMBOLS', message, more)
  }
  const message = `the reader's enum ${reader.name.full} lacks ${names} and reads ${reader.default} instead`
  blame(pair, 'ENUM_SYMBOL_REPLACED', message, more)
}

function comparePrimitives(pair: Pair): void {
  const { reader, writer } = pair
  const by = promotion(writer, reader)
  if (by === 'rounds') {
    const message = `a ${reader.kind} cannot hold every ${writer.kind}: large ones are rounded`
    const shownBy = reader.kind === 'float' ? (writer.kind === 'int' ? 16777217 : 16777217n) : 9007199254740993n
    blame(pair, 'NUMBER_ROUNDED', message, { shownBy })
  } else if (by === 'damages text') {
    const message = 'bytes that are not UTF-8 are no string: readers replace them or fail'
    blame(pair, 'TEXT_DAMAGED', message, { shownBy: Uint8Array.of(0xff) })
  } else if (by === undefined) {
    blame(
      pair,
      'TYPE_MISMATCH',
      `the reader's ${describeType(reader)} cannot be read from the writer's ${describeType(writer)}`,
    )
  }
}

function compareMeaning(pair: Pair): void {
  const read = pair.reader.logicalType
  const written = pair.writer.logicalType
  if (!read || !written || meansTheSame(pair.reader, pair.writer)) return
  const message = `what the writer means as ${describeLogicalType(written)} the reader takes for ${describeLogicalType(read)}`
  const both = read.name === 'decimal' && written.name === 'decimal'
  blame(pair, both ? 'DECIMAL_MISMATCH' : 'LOGICAL_TYPE_MISMATCH', message, { shownBy: one(pair.writer) })
}

/** A value that means different things in different units. */
function one(type: AvroType): Datum | undefined {
  switch (type.kind) {
    case 'int':
      return 1
    case 'long':
      return 1n
    case 'bytes':
      return Uint8Array.of(1)
    case 'fixed':
      return new Uint8Array(type.size).fill(1, Math.max(0, type.size - 1))
    case 'string':
      return '00000000-0000-0000-0000-000000000001'
    default:
      return undefined
  }
}

interface Way {
  /** How many values the smallest datum has around the one at the pair. */
  size: number
  from?: { pair: Pair; step: Step }
}

/** The way with the smallest datum around it to every pair that some datum reaches. (Dijkstra) */
function cheapestWays(pairs: Pairs, sizes: ReadonlyMap<AvroType, number>): ReadonlyMap<Pair, Way> {
  const sizeOf = (type: AvroType) => sizes.get(type) ?? Infinity
  const done = new Map<Pair, Way>()
  const queue = new Queue<{ pair: Pair; way: Way }>()
  if (sizeOf(pairs.root.writer) < Infinity) queue.add(0, { pair: pairs.root, way: { size: 0 } })
  for (let next = queue.take(); next; next = queue.take()) {
    const { pair, way } = next
    if (done.has(pair)) continue
    done.set(pair, way)
    for (const { step, reader, writer } of pair.edges) {
      const inner = pairs.get(reader, writer)
      if (!inner || done.has(inner) || sizeOf(writer) === Infinity) continue
      const around =
        step.in === 'field' ? sizeOf(pair.writer) - sizeOf(writer) : step.in === 'items' || step.in === 'values' ? 1 : 0
      const size = way.size + around
      queue.add(size, { pair: inner, way: { size, from: { pair, step } } })
    }
  }
  return done
}

function stepsTo(pair: Pair, ways: ReadonlyMap<Pair, Way>): Route['steps'] {
  const steps: Route['steps'] = []
  for (let from = ways.get(pair)?.from; from; from = ways.get(from.pair)?.from) steps.unshift(from)
  return steps
}

/** The writer's datum that goes all the way to a fault: everything beside the way as small as can be. */
export function datumOn(route: Route, sizes: ReadonlyMap<AvroType, number>): Datum {
  const { fault, steps } = route
  let datum: Datum = fault.shownBy ?? smallestDatum(fault.pair.writer, sizes)
  for (const { pair, step } of steps.toReversed()) datum = around(datum, pair.writer, step, sizes)
  return datum
}

function around(inner: Datum, writer: AvroType, step: Step, sizes: ReadonlyMap<AvroType, number>): Datum {
  switch (step.in) {
    case 'items':
      return { items: [inner] }
    case 'values':
      return { entries: [['key', inner]] }
    case 'branch':
      return { branch: step.index, value: inner }
    case 'reader':
      return inner
    case 'field': {
      const fields = writer.kind === 'record' ? writer.fields : []
      return { fields: fields.map(({ type }, index) => (index === step.index ? inner : smallestDatum(type, sizes))) }
    }
  }
}
