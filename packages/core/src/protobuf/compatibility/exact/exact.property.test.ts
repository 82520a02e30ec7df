import { create } from '@bufbuild/protobuf'
import {
  Edition,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  FeatureSet_EnumType as EnumType,
  FeatureSet_FieldPresence as Presence,
  FeatureSet_MessageEncoding as Encoding,
  FeatureSet_RepeatedFieldEncoding as Repeated,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type DescriptorProto,
  DescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import fc from 'fast-check'
import { collectFeatures } from '../../compiler/features.js'
import type { ComparedSchema } from '../compared-schema.js'
import { type FieldModel, fileSet, type MessageModel } from '../file-set.js'
import { integersOf } from './integers.js'
import { confirm, decideExactly, sideOf } from './exact.js'
import { readBack } from './read-back.js'
import { relateSchemas } from './relation.js'
import type { FieldValue, MessageValue, Single } from './value.js'
import { show } from './value.js'

/** 50,000 pairs take some minutes: CONCORDAT_PROTOBUF_PAIRS=50000. */
const pairs = Number(process.env.CONCORDAT_PROTOBUF_PAIRS ?? 2500)
const valuesPerPair = 6

describe('EXACT agrees with what protobufjs really writes and reads', () => {
  const outcomes = { compatible: 0, incompatible: 0, values: 0 }

  it(`on ${pairs} random pairs of schemas`, () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed)
        const older = randomSpec(random)
        const newer = random.chance(0.1) ? randomSpec(random) : edited(older, random)
        const [writer, reader] = random.chance(0.5)
          ? [compile(older), compile(newer)]
          : [compile(newer), compile(older)]
        try {
          const verdict = decideExactly(writer, reader, 10_000)
          outcomes.values += verdict.outcome === 'compatible' ? expectReadBack(writer, reader, random) : 0
          if (verdict.outcome === 'incompatible') expectConfirmed(writer, reader)
          if (verdict.outcome === 'undecided') throw new Error(verdict.reason)
          outcomes[verdict.outcome]++
        } catch (error) {
          throw new Error(`${String(error)}\nwriter:\n${showSchema(writer)}\nreader:\n${showSchema(reader)}`, {
            cause: error,
          })
        }
      }),
      { seed: 20261122, numRuns: pairs, endOnFailure: true },
    )
  }, 3_600_000)

  it('with enough pairs of either kind to mean something', () => {
    process.stdout.write(`${JSON.stringify(outcomes)}\n`)
    expect(outcomes.compatible).toBeGreaterThan(pairs / 10)
    expect(outcomes.incompatible).toBeGreaterThan(pairs / 10)
    expect(outcomes.values).toBeGreaterThan(pairs / 2)
  })
})

/** Random values of every message that the reader knows come back as they were. */
function expectReadBack(writer: ComparedSchema, reader: ComparedSchema, random: Random): number {
  const sides = { writer: sideOf(writer), reader: sideOf(reader) }
  let count = 0
  const top = ({ file }: ComparedSchema) => file.messages.filter(({ parent }) => !parent)
  for (const [index, message] of top(writer).entries()) {
    const namesake = reader.set.messages.get(message.fullName) ?? top(reader)[index]
    if (!namesake) throw new Error(`compatible, but ${message.fullName} is gone`)
    for (let i = 0; i < valuesPerPair; i++) {
      const value = randomMessage(message, writer, random, 0)
      if (!value) break
      const bytes = sides.writer.codec.encode(message, value)
      const difference = readBack(
        value,
        sides.reader.codec.decode(namesake, bytes),
        { writer: message, reader: namesake },
        sides,
      )
      if (difference) throw new Error(`${show(value)}: ${difference}`)
      count++
    }
  }
  return count
}

/** Every break, not the first alone, is one that the codec confirms. */
function expectConfirmed(writer: ComparedSchema, reader: ComparedSchema): void {
  for (const found of relateSchemas(writer, reader, 10_000).breaks) {
    if (found.witness && !confirm(found, writer, reader))
      throw new Error(`not confirmed: ${found.path} ${found.rule} ${show(found.witness.value)}`)
  }
}

const showSchema = ({ file }: ComparedSchema): string =>
  [
    ...file.messages.map(({ fullName, fields }) => {
      const lines = fields.map(
        ({ cardinality, type, typeName, name, number, oneof, packed, descriptor: { defaultValue } }) =>
          `  ${cardinality} ${typeName ?? Type[type]}${type === Type.GROUP ? ' (group)' : ''} ${name} = ${number}` +
          `${oneof ? ` oneof ${oneof}` : ''}${packed ? ' packed' : ''}${defaultValue ? ` default ${defaultValue}` : ''}`,
      )
      return `${fullName}:\n${lines.join('\n')}`
    }),
    ...file.enums.map(({ fullName, closed, values }) => {
      const list = values.map(({ name, number }) => `${name} = ${number}`)
      return `${closed ? 'closed' : 'open'} ${fullName}: ${list.join(', ')}`
    }),
  ].join('\n')

/** A generator of numbers that is quick and the same everywhere (mulberry32). */
class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}

interface FieldSpec {
  name: string
  number: number
  type: Type
  ref: number
  cardinality: 'implicit' | 'explicit' | 'required' | 'repeated' | 'map'
  keyType: Type
  oneof?: string
  withDefault: boolean
  packed: boolean
  delimited: boolean
}

interface Spec {
  messages: { name: string; fields: FieldSpec[]; reservedNumbers: number[]; reservedNames: string[] }[]
  enums: { name: string; closed: boolean; values: { name: string; number: number }[]; reservedNames: string[] }[]
}

const types: readonly Type[] = [...Array(18).keys()]
  .map((index) => (index + 1) as Type)
  .filter((type) => type !== Type.GROUP)
const keyTypes: readonly Type[] = types.filter(
  (type) => ![Type.DOUBLE, Type.FLOAT, Type.BYTES, Type.MESSAGE, Type.ENUM].includes(type),
)
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

function randomField(random: Random, taken: readonly FieldSpec[]): FieldSpec {
  const free = names.filter((name) => !taken.some((field) => field.name === name))
  const numbers = [1, 2, 3, 4, 5, 6, 15, 16, 2047, 536870911].filter(
    (number) => !taken.some((field) => field.number === number),
  )
  const cardinality = random.pick([
    'implicit',
    'explicit',
    'explicit',
    'required',
    'repeated',
    'repeated',
    'map',
  ] as const)
  const field: FieldSpec = {
    name: random.pick(free),
    number: random.pick(numbers),
    type: random.pick(types),
    ref: random.below(3),
    cardinality,
    keyType: random.pick(keyTypes),
    withDefault: random.chance(0.2),
    packed: random.chance(0.5),
    delimited: random.chance(0.3),
  }
  if (random.chance(0.3)) field.oneof = random.pick(['x', 'y'])
  return field
}

function randomSpec(random: Random): Spec {
  const messages = [...Array(1 + random.below(3)).keys()].map((index) => {
    const fields: FieldSpec[] = []
    for (let i = random.below(5); i > 0; i--) fields.push(randomField(random, fields))
    return { name: `M${index}`, fields, reservedNumbers: [], reservedNames: [] }
  })
  const enums = [...Array(2).keys()].map((index) => {
    const values = [{ name: `E${index}_A`, number: random.chance(0.7) ? 0 : 1 }]
    for (let i = random.below(3); i > 0; i--)
      values.push({ name: `E${index}_${names[i]}`, number: random.pick([1, 2, 3, -1, 5]) })
    return { name: `E${index}`, closed: random.chance(0.5), values: distinct(values), reservedNames: [] }
  })
  return { messages, enums }
}

const distinct = <T extends { number: number }>(values: T[]): T[] => [
  ...new Map(values.map((value) => [value.number, value])).values(),
]

/** A copy with one to three changes of the kinds that people make. */
function edited(spec: Spec, random: Random): Spec {
  const copy = structuredClone(spec)
  for (let i = 1 + random.below(3); i > 0; i--) random.pick(edits)(copy, random)
  return copy
}

const someField = (spec: Spec, random: Random) => {
  const message = random.pick(spec.messages)
  return { message, field: message.fields.length > 0 ? random.pick(message.fields) : undefined }
}

const changeField =
  (change: (field: FieldSpec, random: Random, others: FieldSpec[]) => void) =>
  (spec: Spec, random: Random): void => {
    const { message, field } = someField(spec, random)
    if (field)
      change(
        field,
        random,
        message.fields.filter((other) => other !== field),
      )
  }

const edits: ((spec: Spec, random: Random) => void)[] = [
  changeField((field, random) => (field.type = random.pick(types))),
  changeField((field, random) => (field.type = random.pick(types))),
  changeField((field, random) => (field.ref = random.below(3))),
  changeField(
    (field, random) => (field.cardinality = random.pick(['implicit', 'explicit', 'required', 'repeated', 'map'])),
  ),
  changeField((field, random) => (field.keyType = random.pick(keyTypes))),
  changeField((field, random) => (field.oneof = random.chance(0.5) ? random.pick(['x', 'y', 'z']) : undefined)),
  changeField((field) => (field.withDefault = !field.withDefault)),
  changeField((field) => (field.packed = !field.packed)),
  changeField((field) => (field.delimited = !field.delimited)),
  changeField((field, random, others) => {
    const name = random.pick(names)
    if (!others.some((other) => other.name === name)) field.name = name
  }),
  changeField((field, random, others) => {
    const number = random.pick([1, 2, 3, 4, 5, 6, 15])
    if (!others.some((other) => other.number === number)) field.number = number
  }),
  changeField((field, random, others) => {
    const other = others.length > 0 ? random.pick(others) : undefined
    if (other) [field.number, other.number] = [other.number, field.number]
  }),
  (spec, random) => {
    const { message, field } = someField(spec, random)
    if (!field) return
    message.fields = message.fields.filter((other) => other !== field)
    if (random.chance(0.5)) message.reservedNumbers.push(field.number)
    if (random.chance(0.5)) message.reservedNames.push(field.name)
  },
  (spec, random) => {
    const { message } = someField(spec, random)
    if (message.fields.length < 6) message.fields.push(randomField(random, message.fields))
  },
  (spec, random) => {
    const type = random.pick(spec.enums)
    type.closed = !type.closed
  },
  (spec, random) => {
    const type = random.pick(spec.enums)
    type.values = distinct([...type.values, { name: `${type.name}_NEW`, number: random.pick([2, 3, 4, -1]) }])
  },
  (spec, random) => {
    const type = random.pick(spec.enums)
    const gone = type.values.length > 1 ? type.values.pop() : undefined
    if (gone && random.chance(0.5)) type.reservedNames.push(gone.name)
  },
  (spec, random) => {
    const value = random.pick(random.pick(spec.enums).values)
    if (random.chance(0.5)) value.name = `${value.name}_RENAMED`
    else value.number += 10
  },
  (spec, random) => {
    const message = random.pick(spec.messages)
    message.name = `${message.name}Renamed`
  },
  (spec) => {
    if (spec.messages.length > 1) spec.messages.pop()
  },
]

function compile(spec: Spec): ComparedSchema {
  const file = create(FileDescriptorProtoSchema, {
    name: 'default',
    syntax: 'editions',
    edition: Edition.EDITION_2023,
    messageType: spec.messages.map((message) => compileMessage(message, spec)),
    enumType: spec.enums.map(compileEnum),
  })
  const features = collectFeatures([file])
  const set = fileSet([
    {
      descriptor: file,
      features: (element) => {
        const own = features.get(element)
        if (!own) throw new Error('every element has features')
        return own
      },
    },
  ])
  const [model] = set.files
  if (!model) throw new Error('one file in, one file out')
  return { file: model, set }
}

function compileEnum(spec: Spec['enums'][number]): EnumDescriptorProto {
  return create(EnumDescriptorProtoSchema, {
    name: spec.name,
    value: spec.values,
    reservedName: spec.reservedNames,
    options: { features: { enumType: spec.closed ? EnumType.CLOSED : EnumType.OPEN } },
  })
}

function compileMessage(spec: Spec['messages'][number], whole: Spec): DescriptorProto {
  const nested: DescriptorProto[] = []
  const oneofs: string[] = []
  const field = spec.fields.map((item) => compileField(item, whole, spec.name, nested, oneofs))
  return create(DescriptorProtoSchema, {
    name: spec.name,
    field,
    nestedType: nested,
    oneofDecl: oneofs.map((name) => ({ name })),
    reservedName: spec.reservedNames,
    reservedRange: spec.reservedNumbers.map((number) => ({ start: number, end: number + 1 })),
  })
}

const plainDefaults: Partial<Record<Type, string>> = {
  [Type.STRING]: 'x',
  [Type.BYTES]: '\\001x',
  [Type.BOOL]: 'true',
  [Type.FLOAT]: '2.5',
  [Type.DOUBLE]: 'inf',
}

function compileField(
  spec: FieldSpec,
  whole: Spec,
  scope: string,
  nested: DescriptorProto[],
  oneofs: string[],
): FieldDescriptorProto {
  const enumeration = whole.enums[spec.ref % whole.enums.length]
  const message = whole.messages[spec.ref % whole.messages.length]
  const typeName =
    spec.type === Type.ENUM ? `.${enumeration?.name}` : spec.type === Type.MESSAGE ? `.${message?.name}` : ''
  // Open enums and map values start at zero, implicit presence goes with open enums: what protoc would refuse is bent.
  const startsAtZero = enumeration?.values[0]?.number === 0
  const enumOk = spec.type !== Type.ENUM || (startsAtZero && !enumeration.closed)
  const cardinality =
    (spec.cardinality === 'implicit' && (!enumOk || spec.type === Type.MESSAGE)) ||
    (spec.cardinality === 'map' && spec.type === Type.ENUM && !startsAtZero)
      ? 'explicit'
      : spec.cardinality
  const base = { name: spec.name, number: spec.number, label: Label.OPTIONAL, type: spec.type, typeName }
  if (cardinality === 'map') {
    const entry = `${spec.name.toUpperCase()}Entry`
    nested.push(
      create(DescriptorProtoSchema, {
        name: entry,
        options: { mapEntry: true },
        field: [
          { name: 'key', number: 1, label: Label.OPTIONAL, type: spec.keyType },
          { ...base, name: 'value', number: 2 },
        ],
      }),
    )
    return create(FieldDescriptorProtoSchema, {
      ...base,
      label: Label.REPEATED,
      type: Type.MESSAGE,
      typeName: `.${scope}.${entry}`,
    })
  }
  const messageEncoding = spec.type === Type.MESSAGE && spec.delimited ? Encoding.DELIMITED : Encoding.LENGTH_PREFIXED
  if (cardinality === 'repeated') {
    const repeatedFieldEncoding = spec.packed ? Repeated.PACKED : Repeated.EXPANDED
    return create(FieldDescriptorProtoSchema, {
      ...base,
      label: Label.REPEATED,
      options: { features: { messageEncoding, repeatedFieldEncoding } },
    })
  }
  const inOneof = spec.oneof !== undefined && cardinality === 'explicit'
  if (inOneof && !oneofs.includes(spec.oneof ?? '')) oneofs.push(spec.oneof ?? '')
  const fieldPresence =
    cardinality === 'required'
      ? Presence.LEGACY_REQUIRED
      : cardinality === 'implicit'
        ? Presence.IMPLICIT
        : Presence.EXPLICIT
  const withDefault = spec.withDefault && cardinality !== 'implicit' && spec.type !== Type.MESSAGE
  const defaultValue =
    spec.type === Type.ENUM ? (enumeration?.values.at(-1)?.name ?? '') : (plainDefaults[spec.type] ?? '7')
  return create(FieldDescriptorProtoSchema, {
    ...base,
    ...(inOneof && { oneofIndex: oneofs.indexOf(spec.oneof ?? '') }),
    ...(withDefault && { defaultValue }),
    options: { features: { fieldPresence, messageEncoding } },
  })
}

/** A random value, `undefined` where required fields go on for ever. */
function randomMessage(
  message: MessageModel,
  schema: ComparedSchema,
  random: Random,
  depth: number,
): MessageValue | undefined {
  if (depth > 6) return undefined
  const value = new Map<number, FieldValue>()
  const oneofs = new Set<string>()
  for (const field of message.fields) {
    const needed = field.cardinality === 'required' || message.isMapEntry
    if (!needed && (random.chance(0.4) || depth > 3)) continue
    if (field.oneof !== undefined && oneofs.has(field.oneof)) continue
    const one = (): Single | undefined => randomSingle(field, schema, random, depth)
    if (field.cardinality === 'repeated' || field.cardinality === 'map') {
      const list = [...Array(random.below(4)).keys()].map(one).filter((item) => item !== undefined)
      if (list.length > 0) value.set(field.number, field.cardinality === 'map' ? uniqueKeys(list) : list)
      continue
    }
    const own = one()
    if (own === undefined && needed) return undefined
    if (own === undefined) continue
    value.set(field.number, own)
    if (field.oneof !== undefined) oneofs.add(field.oneof)
  }
  return value
}

const uniqueKeys = (entries: Single[]): Single[] => [
  ...new Map(entries.map((entry) => [show((entry as MessageValue).get(1)), entry])).values(),
]

function randomSingle(field: FieldModel, schema: ComparedSchema, random: Random, depth: number): Single | undefined {
  switch (field.type) {
    case Type.STRING:
      return random.pick(['', 'a', 'x', 'äß', '__proto__', '\u{1F600}'])
    case Type.BYTES:
      return Uint8Array.from(random.pick([[], [0], [0xff, 0xfe], [1, 120], [8, 1]]))
    case Type.FLOAT:
      return random.pick([0, -0, 1.5, 2.5, Infinity, NaN])
    case Type.DOUBLE:
      return random.pick([0, -0, 0.1, -1e300, Infinity, NaN])
    case Type.MESSAGE:
    case Type.GROUP: {
      const message = schema.set.messages.get(field.typeName ?? '')
      return message && randomMessage(message, schema, random, depth + 1)
    }
    case Type.FIXED32:
      return random.pick([0n, 1n, 0xffffffffn])
    case Type.SFIXED32:
      return random.pick([0n, -1n, 1n << 30n])
    case Type.FIXED64:
      return random.pick([0n, 1n, (1n << 64n) - 1n])
    case Type.SFIXED64:
      return random.pick([0n, -1n, 1n << 62n])
    default: {
      const integers = integersOf(field.type, schema.set.enums.get(field.typeName ?? ''))
      if (!integers) throw new Error(`no integers for ${Type[field.type]}`)
      if (Array.isArray(integers)) return random.pick(integers as bigint[])
      const { min, max } = integers as { min: bigint; max: bigint }
      return random.pick(
        [0n, 0n, 1n, 2n, 7n, -1n, min, max, max - 1n].filter((number) => min <= number && number <= max),
      )
    }
  }
}
