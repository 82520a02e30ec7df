import { DecodeError } from '../decoded.js'
import type { ResolvedTypes } from '../types.js'
import { ByteReader, malformed } from '../wire/byte-reader.js'
import { dateOf, dayText, readDecimal } from './logical.js'
import type { AvroType, EnumType, Field, LogicalType, Primitive, RecordType } from './schema.js'
import { unqualified } from './schema.js'
import { defaultBytes } from './write.js'

export type Read = (input: ByteReader) => unknown

/** Nesting that a value may have; recursive types would otherwise exhaust the stack. */
const maxDepth = 500

/**
 * Turns a writer's schema and the reader's into a function that reads the former's bytes as the latter's values
 * (schema resolution of Avro 1.12). Made once for a pair of schemas: all decisions that do not depend on the data are
 * taken here, and what can never be read is known before the first message.
 */
export class ReadCompiler {
  private readonly records = new Map<RecordType, Map<RecordType, Read>>()
  private readonly skippers = new Map<RecordType, Read>()

  /** @param tagged full names of the reader's records that get a `$type` */
  constructor(
    private readonly types: ResolvedTypes,
    private readonly tagged: ReadonlySet<string>,
  ) {}

  /** @throws DecodeError `Unprojectable` if no value of the writer's type can be read */
  compile(writer: AvroType, reader: AvroType): Read {
    if (writer.kind === 'union') return this.writerUnion(writer.branches, reader)
    if (reader.kind === 'union') return this.readerUnion(writer, reader.branches)
    if (!matches(writer, reader))
      throw unprojectable(`${describe(writer)} was written, ${describe(reader)} is expected`)
    switch (reader.kind) {
      case 'record':
        return this.record(writer as RecordType, reader)
      case 'array': {
        const item = this.compile((writer as typeof reader).items, reader.items)
        return (input) => readArray(input, item)
      }
      case 'map': {
        const item = this.compile((writer as typeof reader).values, reader.values)
        return (input) => readMap(input, item)
      }
      case 'enum':
        return readEnum(writer as EnumType, reader)
      case 'fixed': {
        const { size, logical } = reader
        if (logical?.name === 'decimal' && this.types.decimal === 'string') {
          return (input) => readDecimal(input, size, logical)
        }
        return (input) => input.bytes(size)
      }
      default:
        return this.primitive((writer as { kind: Primitive }).kind, reader.kind, reader.logical)
    }
  }

  private writerUnion(branches: AvroType[], reader: AvroType): Read {
    let readable = 0
    let reason: DecodeError | undefined
    const reads = branches.map((branch) => {
      try {
        const read = this.compile(branch, reader)
        readable++
        return read
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error
        reason ??= error
        return () => {
          throw error
        }
      }
    })
    if (readable === 0 && reason) throw reason
    if (reads.length === 2) {
      const [first, second] = reads
      return (input) => {
        const index = input.zigzag32()
        if (index === 0) return first(input)
        if (index === 1) return second(input)
        throw malformed(`the union has no branch ${index}`)
      }
    }
    return (input) => {
      const index = input.zigzag32()
      if (index < 0 || index >= reads.length) throw malformed(`the union has no branch ${index}`)
      return reads[index](input)
    }
  }

  /** The first branch of the writer's own kind and name, or else the first that it can be promoted to. */
  private readerUnion(writer: AvroType, branches: AvroType[]): Read {
    const same = branches.filter((branch) => branch.kind === writer.kind && matches(writer, branch))
    const exact = same.filter((branch) => 'name' in branch && branch.name === (writer as RecordType).name)
    const promoted = branches.filter((branch) => branch.kind !== writer.kind && matches(writer, branch))
    let reason: DecodeError | undefined
    for (const branch of new Set([...exact, ...same, ...promoted])) {
      try {
        return this.compile(writer, branch)
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error
        reason ??= error
      }
    }
    throw reason ?? unprojectable(`${describe(writer)} is in no branch of the union that is expected`)
  }

  private record(writer: RecordType, reader: RecordType): Read {
    const known = this.records.get(writer)?.get(reader)
    if (known) return known
    const template: Record<string, unknown> = {}
    const steps: Step[] = []
    const read: Read = (input) => readRecord(input, template, steps)
    const ofWriter = this.records.get(writer) ?? new Map<RecordType, Read>()
    this.records.set(writer, ofWriter.set(reader, read))
    try {
      this.recordSteps(writer, reader, template, steps)
    } catch (error) {
      ofWriter.delete(reader)
      throw error
    }
    return read
  }

  private recordSteps(writer: RecordType, reader: RecordType, template: Record<string, unknown>, steps: Step[]): void {
    // Every object is a copy of the template, so that all have one shape; the reader's order is that of its schema.
    if (this.tagged.has(reader.name)) template.$type = reader.name
    for (const field of reader.fields) template[field.name] = undefined
    const missing = new Set(reader.fields)
    for (const written of writer.fields) {
      const field = readerField(written, reader, missing)
      if (!field) {
        steps.push({ key: undefined, read: this.skip(written.type) })
        continue
      }
      missing.delete(field)
      steps.push({ key: field.name, read: this.inField(field, () => this.compile(written.type, field.type)) })
    }
    for (const field of missing) {
      if (!field.default) {
        throw unprojectable(`${reader.name}.${field.name} was not written and has no default`)
      }
      steps.push({ key: field.name, read: this.inField(field, () => this.default(field)) })
    }
  }

  private inField(field: Field, compile: () => Read): Read {
    try {
      return compile()
    } catch (error) {
      if (error instanceof DecodeError)
        throw new DecodeError(error.code, `${field.name}: ${error.message}`, { cause: error })
      throw error
    }
  }

  /** Reads the default from its own bytes, so that every message has a value of its own. */
  private default(field: Field): Read {
    const bytes = defaultBytes(field)
    const read = this.compile(field.type, field.type)
    return (input) => {
      const source = new ByteReader(bytes)
      source.depth = input.depth
      return read(source)
    }
  }

  private primitive(from: Primitive, to: Primitive, logical: LogicalType | undefined): Read {
    const { types } = this
    switch (logical?.name) {
      case 'decimal': {
        if (types.decimal === 'bytes') break
        return (input) => readDecimal(input, readLength(input), logical)
      }
      case 'date':
        if (types.date === 'string') return (input) => dayText(input.zigzag32())
        break
      case 'timestamp-millis':
        if (types['timestamp-millis'] === 'Date') return (input) => dateOf(input.zigzagNumber())
        break
      default: // has no meaning for the wire
    }
    switch (to) {
      case 'null':
        return () => null
      case 'boolean':
        return readBoolean
      case 'int':
        return (input) => input.zigzag32()
      case 'long':
        return types.long === 'number' ? readSafeLong : (input) => input.zigzag64()
      case 'float':
      case 'double':
        if (from === 'float') return (input) => input.float()
        if (from === 'double') return (input) => input.double()
        return to === 'float' ? (input) => Math.fround(input.zigzagNumber()) : (input) => input.zigzagNumber()
      case 'bytes':
        return (input) => input.bytes(readLength(input))
      case 'string':
        return (input) => input.string(readLength(input))
    }
  }

  /** Passes over a value that the reader has no field for. */
  private skip(type: AvroType): Read {
    switch (type.kind) {
      case 'record': {
        const known = this.skippers.get(type)
        if (known) return known
        const steps: Step[] = []
        const skip: Read = (input) => readRecord(input, {}, steps)
        this.skippers.set(type, skip)
        for (const field of type.fields) steps.push({ key: undefined, read: this.skip(field.type) })
        return skip
      }
      case 'array': {
        const item = this.skip(type.items)
        return (input) => readBlocks(input, () => void item(input))
      }
      case 'map': {
        const item = this.skip(type.values)
        return (input) =>
          readBlocks(input, () => {
            input.advance(readLength(input))
            item(input)
          })
      }
      case 'union': {
        const skips = type.branches.map((branch) => this.skip(branch))
        return (input) => {
          const index = input.zigzag32()
          if (index < 0 || index >= skips.length) throw malformed(`the union has no branch ${index}`)
          return skips[index](input)
        }
      }
      case 'bytes':
      case 'string':
        return (input) => input.advance(readLength(input))
      case 'fixed':
        return (input) => input.advance(type.size)
      case 'enum':
      case 'int':
      case 'long':
        return (input) => input.zigzagNumber()
      case 'float':
        return (input) => input.advance(4)
      case 'double':
        return (input) => input.advance(8)
      case 'boolean':
        return (input) => input.advance(1)
      case 'null':
        return () => null
    }
  }
}

/** One field of what was written: read into `key`, or passed over. */
interface Step {
  key: string | undefined
  read: Read
}

function readRecord(input: ByteReader, template: Record<string, unknown>, steps: Step[]): unknown {
  if (++input.depth > maxDepth) throw malformed(`records are nested more than ${maxDepth} levels deep`)
  const record = { ...template }
  for (const { key, read } of steps) {
    if (key === undefined) read(input)
    else record[key] = read(input)
  }
  input.depth--
  return record
}

function readArray(input: ByteReader, item: Read): unknown[] {
  const items: unknown[] = []
  readBlocks(input, () => items.push(item(input)))
  return items
}

function readMap(input: ByteReader, item: Read): unknown {
  const map: Record<string, unknown> = {}
  readBlocks(input, () => {
    const key = input.string(readLength(input))
    const value = item(input)
    // Assigned, this key would change the prototype.
    if (key === '__proto__')
      Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true })
    else map[key] = value
  })
  return map
}

/** Items that take no bytes (nulls) are bounded by this, all others by the length of the message. */
const maxEmptyItems = 1_000_000

function readBlocks(input: ByteReader, item: () => void): void {
  let empty = 0
  for (;;) {
    let count = input.zigzagNumber()
    if (count === 0) return
    if (count < 0) {
      count = -count
      input.zigzagNumber() // size of the block, for readers that pass over it
    }
    if (count > input.remaining && count > maxEmptyItems) throw malformed(`${count} items are announced and not there`)
    for (; count > 0; count--) {
      const start = input.position
      item()
      if (input.position === start && ++empty > maxEmptyItems) throw malformed('too many empty items')
    }
  }
}

function readLength(input: ByteReader): number {
  const length = input.zigzagNumber()
  if (length < 0) throw malformed('a length is negative')
  return length
}

const readBoolean: Read = (input) => {
  const byte = input.byte()
  if (byte > 1) throw malformed(`${byte} is not a boolean`)
  return byte === 1
}

const readSafeLong: Read = (input) => {
  const value = input.zigzagNumber()
  if (!Number.isSafeInteger(value)) {
    throw new DecodeError('OutOfRange', 'a long is beyond 2^53 and `types.long` is `number`; use `bigint`')
  }
  return value
}

/** A symbol that the reader does not know becomes the enum's default, or else stays as it was written. */
function readEnum(writer: EnumType, reader: EnumType): Read {
  const known = new Set(reader.symbols)
  const symbols = writer.symbols.map((symbol) => (known.has(symbol) ? symbol : (reader.default ?? symbol)))
  return (input) => {
    const index = input.zigzag32()
    if (index < 0 || index >= symbols.length) throw malformed(`the enum has no symbol ${index}`)
    return symbols[index]
  }
}

/** The reader's field for a written one: by name, else by the reader's aliases. */
function readerField(written: Field, reader: RecordType, free: ReadonlySet<Field>): Field | undefined {
  const field =
    reader.fields.find(({ name }) => name === written.name) ??
    reader.fields.find(({ aliases }) => aliases.includes(written.name))
  return field && free.has(field) ? field : undefined
}

const promotions: Partial<Record<AvroType['kind'], readonly AvroType['kind'][]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
}

/** Whether values of the writer's type can be the reader's at all; what is inside of them is not looked at. */
function matches(writer: AvroType, reader: AvroType): boolean {
  if (!sameMeaning(writer, reader)) return false
  if (writer.kind !== reader.kind) return promotions[writer.kind]?.includes(reader.kind) ?? false
  if (!('name' in writer) || !('name' in reader)) return true
  if (writer.kind === 'fixed' && reader.kind === 'fixed' && writer.size !== reader.size) return false
  return unqualified(writer.name) === unqualified(reader.name) || reader.aliases.includes(writer.name)
}

/**
 * Decimals match if precision and scale do (Avro 1.12). The specification is silent on times of another unit;
 * read as one another they would be wrong by a factor of a thousand.
 */
function sameMeaning(writer: AvroType, reader: AvroType): boolean {
  const [from, to] = [writer, reader].map((type) => ('logical' in type ? type.logical : undefined))
  if (!from || !to) return true
  if (from.name === 'decimal' && to.name === 'decimal') return from.scale === to.scale
  const unit = (name: string) => /^(?:local-)?timestamp-(\w+)$/.exec(name)?.[1] ?? name
  return unit(from.name) === unit(to.name)
}

function describe(type: AvroType): string {
  const name = 'name' in type ? `${type.kind} ${type.name}` : type.kind
  return 'logical' in type && type.logical ? `${name} (${type.logical.name})` : name
}

const unprojectable = (message: string) => new DecodeError('Unprojectable', message)
