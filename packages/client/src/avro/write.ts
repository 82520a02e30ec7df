import { expected, InvalidValue } from '../encode-error.js'
import type { ResolvedTypes } from '../types.js'
import type { ByteWriter } from '../wire/byte-writer.js'
import { written } from '../wire/byte-writer.js'
import { dayOf, isDay, isDecimal, writeDecimal } from './logical.js'
import type { AvroType, Field, FixedType, LogicalType, Primitive, RecordType } from './schema.js'
import { LargeInteger } from './schema.js'

export type Write = (value: unknown, out: ByteWriter) => void

type BranchType = Exclude<AvroType, { kind: 'union' }>

/** Turns schemas into functions that write values of them. No code is generated: it is closures all the way down. */
export class WriteCompiler {
  private readonly records = new Map<RecordType, Write>()

  constructor(private readonly types: ResolvedTypes) {}

  compile(type: AvroType): Write {
    switch (type.kind) {
      case 'record':
        return this.record(type)
      case 'union':
        return this.union(type.branches as BranchType[])
      case 'array': {
        const item = this.compile(type.items)
        return (value, out) => writeArray(value, out, item)
      }
      case 'map': {
        const item = this.compile(type.values)
        return (value, out) => writeMap(value, out, item)
      }
      case 'enum':
        return writeEnum(type.name, type.symbols)
      case 'fixed':
        return this.fixed(type)
      default:
        return this.primitive(type.kind, type.logical)
    }
  }

  private record(type: RecordType): Write {
    const known = this.records.get(type)
    if (known) return known
    const write: Write = (value, out) => writeRecord(value, out, fields, type.name)
    this.records.set(type, write)
    const fields: FieldWriter[] = type.fields.map((field) => {
      const inherited = field.name in Object.prototype
      // Encoded when it is first missing: a default may contain the record itself.
      let bytes: Buffer | undefined
      const missing = field.default && (() => (bytes ??= defaultBytes(field)))
      return { name: field.name, inherited, write: this.compile(field.type), missing }
    })
    return write
  }

  private fixed({ name, size, logical }: FixedType): Write {
    if (logical?.name === 'decimal' && this.types.decimal === 'string') {
      return (value, out) => writeDecimal(out, value, logical, size)
    }
    return (value, out) => {
      if (!(value instanceof Uint8Array) || value.length !== size) throw expected(`${size} bytes (${name})`, value)
      out.bytes(value)
    }
  }

  private primitive(kind: Primitive, logical: LogicalType | undefined): Write {
    switch (logical?.name) {
      case 'decimal': {
        if (this.types.decimal === 'bytes') break
        return (value, out) => writeDecimal(out, value, logical)
      }
      case 'date':
        if (this.types.date === 'int') break
        return (value, out) => out.zigzag32(dayOf(value))
      case 'timestamp-millis':
        if (this.types['timestamp-millis'] === 'long') break
        return (value, out) => {
          const time = value instanceof Date ? value.getTime() : NaN
          if (Number.isNaN(time)) throw expected('a valid Date', value)
          out.zigzagNumber(time)
        }
      default: // has no meaning for the wire
    }
    return kind === 'long' && this.types.long === 'number' ? writeLongNumber : primitiveWriters[kind]
  }

  private union(branches: BranchType[]): Write {
    const writers = branches.map((branch) => this.compile(branch))
    const others = branches.flatMap((branch, index) => (branch.kind === 'null' ? [] : [index]))
    const nullIndex = branches.findIndex(({ kind }) => kind === 'null')
    if (others.length === 1) {
      const [index] = others
      const write = writers[index]
      return (value, out) => {
        if (value === null && nullIndex >= 0) return out.zigzag32(nullIndex)
        out.zigzag32(index)
        write(value, out)
      }
    }
    const choose = this.branchChooser(branches)
    return (value, out) => {
      const index = choose(value)
      out.zigzag32(index)
      writers[index](value, out)
    }
  }

  /**
   * Which branch a value is of. The JavaScript type decides; where several branches share one, the narrower is asked
   * first (an enum before a string, an int before a double), and records are told apart by `$type`.
   */
  private branchChooser(branches: BranchType[]): (value: unknown) => number {
    const alone = branches.filter(({ kind }) => kind === 'record' || kind === 'map').length === 1
    const options = branches.map((branch, index) => ({ index, ...this.acceptance(branch, alone) }))
    const byType = new Map<JsType, typeof options>()
    for (const option of options) {
      const same = byType.get(option.type) ?? []
      byType.set(
        option.type,
        [...same, option].sort((a, b) => a.rank - b.rank),
      )
    }
    const records = branches.filter((branch) => branch.kind === 'record').map(({ name }) => name)
    const wanted = [...byType.keys()].join(', ')
    return (value) => {
      const type = jsTypeOf(value)
      for (const option of byType.get(type) ?? []) if (option.accepts(value)) return option.index
      if (type === 'object' && records.length > 1) {
        throw new InvalidValue(
          `the object needs a $type, one of ${records.map((name) => JSON.stringify(name)).join(', ')}`,
        )
      }
      throw expected(`one of ${wanted}`, value)
    }
  }

  private acceptance(branch: BranchType, alone: boolean): Acceptance {
    const { types } = this
    const any = () => true
    const logical = 'logical' in branch ? branch.logical?.name : undefined
    const decimal = { type: 'string', rank: 4, accepts: isDecimal } as const
    switch (branch.kind) {
      case 'record': {
        const { name } = branch
        const tagged = (value: unknown) => (value as { $type?: unknown }).$type === name
        return { type: 'object', rank: 0, accepts: alone ? any : tagged }
      }
      case 'map':
        return { type: 'object', rank: 1, accepts: any }
      case 'array':
        return { type: 'array', rank: 0, accepts: any }
      case 'enum': {
        const symbols = new Set(branch.symbols)
        return { type: 'string', rank: 0, accepts: (value) => symbols.has(value as string) }
      }
      case 'fixed': {
        if (logical === 'decimal' && types.decimal === 'string') return decimal
        const { size } = branch
        return { type: 'bytes', rank: 0, accepts: (value) => (value as Uint8Array).length === size }
      }
      case 'bytes':
        return logical === 'decimal' && types.decimal === 'string' ? decimal : { type: 'bytes', rank: 1, accepts: any }
      case 'string':
        return { type: 'string', rank: 1, accepts: any }
      case 'int':
        if (logical === 'date' && types.date === 'string') return { type: 'string', rank: 3, accepts: isDay }
        return { type: 'number', rank: 0, accepts: isInt32 }
      case 'long':
        if (logical === 'timestamp-millis' && types['timestamp-millis'] === 'Date') {
          return { type: 'date', rank: 0, accepts: any }
        }
        if (types.long === 'number') return { type: 'number', rank: 1, accepts: isLongNumber }
        return { type: 'bigint', rank: 0, accepts: any }
      case 'double':
        return { type: 'number', rank: 2, accepts: any }
      case 'float':
        return { type: 'number', rank: 3, accepts: any }
      case 'boolean':
        return { type: 'boolean', rank: 0, accepts: any }
      case 'null':
        return { type: 'null', rank: 0, accepts: any }
    }
  }
}

interface Acceptance {
  type: JsType
  rank: number
  /** Asked with values of the type only. */
  accepts(value: unknown): boolean
}

type JsType = 'null' | 'boolean' | 'number' | 'bigint' | 'string' | 'bytes' | 'date' | 'array' | 'object' | 'nothing'

function jsTypeOf(value: unknown): JsType {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
      return typeof value as JsType
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return 'array'
      if (value instanceof Uint8Array) return 'bytes'
      return value instanceof Date ? 'date' : 'object'
    default:
      return 'nothing'
  }
}

interface FieldWriter {
  name: string
  /** Whether every object seems to have it, such as `constructor`. */
  inherited: boolean
  write: Write
  /** The default, as it is on the wire. */
  missing: (() => Buffer) | undefined
}

function writeRecord(value: unknown, out: ByteWriter, fields: FieldWriter[], name: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected(`an object (${name})`, value)
  const record = value as Record<string, unknown>
  for (const field of fields) {
    const item = field.inherited && !Object.hasOwn(record, field.name) ? undefined : record[field.name]
    if (item === undefined && field.missing) {
      out.bytes(field.missing())
      continue
    }
    try {
      field.write(item, out)
    } catch (error) {
      throw error instanceof InvalidValue ? error.at(field.name) : error
    }
  }
}

function writeArray(value: unknown, out: ByteWriter, item: Write): void {
  if (!Array.isArray(value)) throw expected('an array', value)
  const { length } = value
  if (length > 0) out.zigzag32(length)
  for (let at = 0; at < length; at++) {
    try {
      item(value[at], out)
    } catch (error) {
      throw error instanceof InvalidValue ? error.at(at) : error
    }
  }
  out.byte(0)
}

function writeMap(value: unknown, out: ByteWriter, item: Write): void {
  if (jsTypeOf(value) !== 'object') throw expected('an object with one property for each key', value)
  const entries = Object.entries(value as object)
  if (entries.length > 0) out.zigzag32(entries.length)
  for (const [key, entry] of entries) {
    writeString(key, out)
    try {
      item(entry, out)
    } catch (error) {
      throw error instanceof InvalidValue ? error.at(key) : error
    }
  }
  out.byte(0)
}

function writeEnum(name: string, symbols: string[]): Write {
  const indexes = new Map(symbols.map((symbol, index) => [symbol, index]))
  return (value, out) => {
    const index = indexes.get(value as string)
    if (index === undefined) throw expected(`a symbol of ${name} (${symbols.slice(0, 10).join(', ')})`, value)
    out.zigzag32(index)
  }
}

const isInt32 = (value: unknown) => value === (value as number) >> 0 && !Object.is(value, -0)
const isLongNumber = (value: unknown) => Number.isSafeInteger(value) && !Object.is(value, -0)

function writeString(value: unknown, out: ByteWriter): void {
  if (typeof value !== 'string') throw expected('a string', value)
  out.string(value)
}

const writeLongNumber: Write = (value, out) => {
  if (!Number.isSafeInteger(value)) throw expected('a safe integer', value)
  out.zigzagNumber(value as number)
}

const longLimit = 2n ** 63n

const primitiveWriters: Record<Primitive, Write> = {
  null: (value) => {
    if (value !== null) throw expected('null', value)
  },
  boolean: (value, out) => {
    if (typeof value !== 'boolean') throw expected('a boolean', value)
    out.byte(value ? 1 : 0)
  },
  int: (value, out) => {
    if (value !== (value as number) >> 0) throw expected('a 32-bit integer', value)
    out.zigzag32(value)
  },
  long: (value, out) => {
    if (typeof value !== 'bigint' || value < -longLimit || value >= longLimit) throw expected('a 64-bit bigint', value)
    out.zigzag64(value)
  },
  float: (value, out) => {
    if (typeof value !== 'number') throw expected('a number', value)
    out.float(value)
  },
  double: (value, out) => {
    if (typeof value !== 'number') throw expected('a number', value)
    out.double(value)
  },
  bytes: (value, out) => {
    if (!(value instanceof Uint8Array)) throw expected('bytes (Uint8Array)', value)
    out.zigzag32(value.length)
    out.bytes(value)
  },
  string: writeString,
}

/** The default of a field as bytes: what a reader fills in, and what a producer means by leaving the field out. */
export function defaultBytes(field: Field): Buffer {
  if (!field.default) throw new InvalidValue(`the field ${field.name} has no default`)
  const { json } = field.default
  return written((out) => writeJson(field.type, json, out))
}

/** Writes Avro's JSON form of a default; of a union the first branch that fits (before 1.12: the first branch). */
function writeJson(type: AvroType, json: unknown, out: ByteWriter): void {
  switch (type.kind) {
    case 'record': {
      if (jsTypeOf(json) !== 'object') throw expected(`an object (${type.name})`, json)
      for (const field of type.fields) {
        if (Object.hasOwn(json as object, field.name)) {
          writeJson(field.type, (json as Record<string, unknown>)[field.name], out)
        } else out.bytes(defaultBytes(field))
      }
      return
    }
    case 'array':
      return writeArray(json, out, (item) => writeJson(type.items, item, out))
    case 'map':
      return writeMap(json, out, (item) => writeJson(type.values, item, out))
    case 'union': {
      for (const [index, branch] of type.branches.entries()) {
        const start = out.position
        try {
          out.zigzag32(index)
          return writeJson(branch, json, out)
        } catch (error) {
          if (!(error instanceof InvalidValue)) throw error
          out.position = start
        }
      }
      throw expected('a value of a branch of the union', json)
    }
    case 'enum':
      return writeEnum(type.name, type.symbols)(json, out)
    case 'bytes': {
      const bytes = bytesOf(json)
      out.zigzag32(bytes.length)
      return out.bytes(bytes)
    }
    case 'fixed': {
      const bytes = bytesOf(json)
      if (bytes.length !== type.size) throw expected(`${type.size} bytes`, bytes)
      return out.bytes(bytes)
    }
    case 'long':
      return json instanceof LargeInteger ? primitiveWriters.long(json.value, out) : writeLongNumber(json, out)
    case 'float':
    case 'double':
      return primitiveWriters[type.kind](json instanceof LargeInteger ? Number(json.value) : json, out)
    default:
      return primitiveWriters[type.kind](json, out)
  }
}

/** Bytes in JSON: the code points 0 to 255 stand for them. */
function bytesOf(json: unknown): Buffer {
  if (typeof json !== 'string' || !/^[\u0000-\u00ff]*$/.test(json)) throw expected('bytes as text', json)
  return Buffer.from(json, 'latin1')
}
