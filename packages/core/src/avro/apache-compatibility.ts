import { writerFields } from './resolution.js'
import type { AvroType, EnumType, Field, FixedType, NamedType, RecordType } from './schema.js'
import { describeType } from './schema.js'

/** The difference types of Apache Avro's compatibility check, which are also the names that Confluent's server reports. */
export type ApacheRule =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH'

export interface ApacheDifference {
  rule: ApacheRule | 'AMBIGUOUS_ALIAS'
  /** Tokens of a JSON pointer into the reader, as Apache composes it. */
  path: readonly string[]
  message: string
  reader: AvroType
  writer: AvroType
  /** The reader's field that is to blame, if it is one. */
  field?: Field
}

/**
 * The verdict of Apache Avro's `SchemaCompatibility`, rule for rule, its errors included: an empty answer is its
 * "compatible". It compares shapes only; logical types, default values and namespaces play no part, any branch of a
 * reader union will do, and a pair of types that is being compared already counts as compatible.
 *
 * @returns `undefined` if the types nest too deep to compare.
 */
export function apacheDifferences(reader: AvroType, writer: AvroType): ApacheDifference[] | undefined {
  try {
    return new ApacheCheck().compare([], reader, writer)
  } catch (error) {
    if (error instanceof AmbiguousAlias) return [error.difference]
    if (error instanceof TooDeep) return undefined
    throw error
  }
}

/** A reader field that matches several writer fields: Apache's check gives up on the whole pair. */
class AmbiguousAlias extends Error {
  constructor(readonly difference: ApacheDifference) {
    super(difference.message)
  }
}

class TooDeep extends Error {}

/** Recursive types of both sides can make chains of pairs far longer than the schemas are deep. */
const maximumDepth = 1500

const promotions: Record<string, readonly string[]> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
}

class ApacheCheck {
  /** Answers by (reader, writer) node; `inProgress` breaks recursion. An answer keeps the paths of its first place. */
  private readonly answers = new Map<AvroType, Map<AvroType, ApacheDifference[]>>()
  private readonly inProgress: ApacheDifference[] = []
  private depth = 0

  compare(path: readonly string[], reader: AvroType, writer: AvroType): ApacheDifference[] {
    const answers = this.answers.get(reader) ?? new Map<AvroType, ApacheDifference[]>()
    this.answers.set(reader, answers)
    const known = answers.get(writer)
    if (known) return known
    answers.set(writer, this.inProgress)
    if (++this.depth > maximumDepth) throw new TooDeep()
    const answer = this.calculate(path, reader, writer)
    this.depth--
    answers.set(writer, answer)
    return answer
  }

  private calculate(path: readonly string[], reader: AvroType, writer: AvroType): ApacheDifference[] {
    if (reader.kind === 'union') {
      return writer.kind === 'union' ? this.unions(path, reader, writer) : this.intoUnion(path, reader, writer)
    }
    if (writer.kind === 'union') {
      return writer.branches.flatMap((branch, index) => this.compare([...path, String(index)], reader, branch))
    }
    if (reader.kind === 'array' && writer.kind === 'array')
      return this.compare([...path, 'items'], reader.items, writer.items)
    if (reader.kind === 'map' && writer.kind === 'map')
      return this.compare([...path, 'values'], reader.values, writer.values)
    if (reader.kind === 'fixed' && writer.kind === 'fixed') return this.fixed(path, reader, writer)
    if (reader.kind === 'enum' && writer.kind === 'enum') return this.enums(path, reader, writer)
    if (reader.kind === 'record' && writer.kind === 'record') return this.records(path, reader, writer)
    if (reader.kind === writer.kind || promotions[reader.kind]?.includes(writer.kind)) return []
    const message = `the reader's ${describeType(reader)} cannot be read from the writer's ${describeType(writer)}`
    return [{ rule: 'TYPE_MISMATCH', path, message, reader, writer }]
  }

  private unions(path: readonly string[], reader: AvroType, writer: AvroType & { kind: 'union' }): ApacheDifference[] {
    return writer.branches.flatMap((branch, index) =>
      this.compare([], reader, branch).length > 0 ? [lacking([...path, String(index)], reader, branch)] : [],
    )
  }

  private intoUnion(
    path: readonly string[],
    reader: AvroType & { kind: 'union' },
    writer: AvroType,
  ): ApacheDifference[] {
    const fits = reader.branches.some((branch) => this.compare([], branch, writer).length === 0)
    return fits ? [] : [lacking(path, reader, writer)]
  }

  private names(path: readonly string[], reader: NamedType, writer: NamedType): ApacheDifference[] {
    if (reader.name.simple === writer.name.simple) return []
    if (reader.aliases.some((alias) => alias.full === writer.name.full)) return []
    const message = `the reader's ${describeType(reader)} is another type than the writer's ${describeType(writer)}`
    return [{ rule: 'NAME_MISMATCH', path: [...path, 'name'], message, reader, writer }]
  }

  private fixed(path: readonly string[], reader: FixedType, writer: FixedType): ApacheDifference[] {
    const differences = this.names(path, reader, writer)
    if (reader.size === writer.size) return differences
    const message = `the reader's fixed ${reader.name.full} has ${reader.size} bytes, the writer's ${writer.size}`
    return [...differences, { rule: 'FIXED_SIZE_MISMATCH', path: [...path, 'size'], message, reader, writer }]
  }

  private enums(path: readonly string[], reader: EnumType, writer: EnumType): ApacheDifference[] {
    const differences = this.names(path, reader, writer)
    const known = new Set(reader.symbols)
    const missing = writer.symbols.filter((symbol) => !known.has(symbol)).sort()
    if (missing.length === 0 || reader.default !== undefined) return differences
    const message = `the reader's enum ${reader.name.full} lacks ${missing.join(', ')}`
    return [...differences, { rule: 'MISSING_ENUM_SYMBOLS', path: [...path, 'symbols'], message, reader, writer }]
  }

  private records(path: readonly string[], reader: RecordType, writer: RecordType): ApacheDifference[] {
    const differences = this.names(path, reader, writer)
    for (const field of reader.fields) {
      const at = [...path, 'fields', String(field.position)]
      const match = writerField(field, reader, writer, at)
      if (match) differences.push(...this.compare([...at, 'type'], field.type, match.type))
      else if (field.default === undefined) differences.push(...this.absent(at, field, reader, writer))
    }
    return differences
  }

  /** A reader field that the writer lacks. Where its enum has a default, Apache compares the enum with the record. */
  private absent(path: readonly string[], field: Field, reader: RecordType, writer: RecordType): ApacheDifference[] {
    if (field.type.kind === 'enum' && field.type.default !== undefined) {
      return this.compare([...path, 'type'], field.type, writer)
    }
    const message = `the writer has no field ${field.name} and the reader no default for it`
    return [{ rule: 'READER_FIELD_MISSING_DEFAULT_VALUE', path, message, reader, writer, field }]
  }
}

function writerField(field: Field, reader: RecordType, writer: RecordType, path: readonly string[]): Field | undefined {
  const [match, second] = writerFields(field, writer)
  if (!match || !second) return match
  const message = `the reader's field ${field.name} may be the writer's ${match.name} or ${second.name}`
  throw new AmbiguousAlias({ rule: 'AMBIGUOUS_ALIAS', path, message, reader, writer, field })
}

const lacking = (path: readonly string[], reader: AvroType, writer: AvroType): ApacheDifference => ({
  rule: 'MISSING_UNION_BRANCH',
  path,
  message: `no branch of the reader's union takes the writer's ${describeType(writer)}`,
  reader,
  writer,
})
