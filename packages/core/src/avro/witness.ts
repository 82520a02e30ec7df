import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Witness } from '../schema/verdict.js'
import type { CodecSchema, CodecValue, Reading } from './codec.js'
import { bytesValue, codecName, encoderOf, writeAndRead } from './codec.js'
import { CodecSchemas, enumSchema, identifier } from './codec-schema.js'
import type { Datum } from './datum.js'
import { maximumDatumSize, smallestDatum, toJson } from './datum.js'
import type { Fault, Route, Step } from './exact-compatibility.js'
import { datumOn } from './exact-compatibility.js'
import { describeLogicalType } from './logical-types.js'
import { hex, meaningOf } from './meaning.js'
import type { AvroType } from './schema.js'

/**
 * The smallest message that shows a fault, confirmed: the codec writes it, and the reader fails on it or holds
 * something else afterwards. `undefined` if it would be too large to build, or if the codec does not confirm it.
 */
export function witnessFor(route: Route, root: AvroType, sizes: ReadonlyMap<AvroType, number>): Witness | undefined {
  if (route.size > maximumDatumSize) return undefined
  const shown = route.fault.shownBy ?? smallestDatum(route.fault.pair.writer, sizes)
  const failure = confirm(route, shown)
  if (failure === undefined) return undefined
  const datum = datumOn(route, sizes)
  return { value: toJson(root, datum), bytes: encode(root, datum), failure, confirmedBy: codecName }
}

const encoders = new WeakMap<AvroType, (datum: Datum) => Uint8Array>()

/** Encodes a datum of a whole schema. One schema is the writer in many questions, so its encoder is kept with it. */
function encode(root: AvroType, datum: Datum): Uint8Array {
  let encoder = encoders.get(root)
  if (!encoder) {
    const schemas = new CodecSchemas('W')
    const write = encoderOf(schemas.of(root))
    encoder = (value) => write(schemas.value(root, value))
    encoders.set(root, encoder)
  }
  return encoder(datum)
}

/**
 * avsc looks at a whole schema when it makes a reader and refuses it for a branch or a symbol that this message does not
 * use. So it gets both schemas narrowed to what the message passes through.
 */
interface Narrowed {
  writer: CodecSchema
  reader: CodecSchema
  value: CodecValue
  /** Finds the place of the fault in what was read. */
  find: (read: CodecValue) => CodecValue
}

function confirm(route: Route, shown: Datum): string | undefined {
  let narrowed: Narrowed = { ...atFault(route.fault, shown), find: (read) => read }
  route.steps.toReversed().forEach(({ step }, index) => (narrowed = around(narrowed, step, `Way${index}`)))
  return outcome(route.fault, shown, narrowed, writeAndRead(narrowed.writer, narrowed.reader, narrowed.value))
}

function around(inner: Narrowed, step: Step, name: string): Narrowed {
  const { writer, reader, value, find } = inner
  switch (step.in) {
    case 'branch':
    case 'reader':
      return inner
    case 'items':
      return {
        writer: { type: 'array', items: writer },
        reader: { type: 'array', items: reader },
        value: [value],
        find: (read) => find((read as CodecValue[])[0]),
      }
    case 'values':
      return {
        writer: { type: 'map', values: writer },
        reader: { type: 'map', values: reader },
        value: { key: value },
        find: (read) => find((read as { key: CodecValue }).key),
      }
    case 'field':
      return {
        writer: { type: 'record', name, fields: [{ name: 'way', type: writer }] },
        reader: { type: 'record', name, fields: [{ name: 'way', type: reader }] },
        value: { way: value },
        find: (read) => find((read as { way: CodecValue }).way),
      }
  }
}

/** Both schemas at the place of the fault. What resolution takes for the same name gets the same name here. */
function atFault({ rule, pair, field }: Fault, shown: Datum): Omit<Narrowed, 'find'> {
  const { reader, writer } = pair
  const name = 'Same'
  const writers = new CodecSchemas('W')
  const readers = new CodecSchemas('R')
  const whole = { writer: writers.of(writer), value: writers.value(writer, shown) }
  switch (rule) {
    case 'MISSING_ENUM_SYMBOLS':
    case 'ENUM_SYMBOL_REPLACED': {
      const symbol = leafText(shown)
      const known = reader.kind === 'enum' ? reader : undefined
      return {
        writer: enumSchema(name, [symbol]),
        reader: enumSchema(name, known?.symbols.length ? known.symbols : [`not_${symbol}`], known?.default),
        value: identifier(symbol),
      }
    }
    case 'FIXED_SIZE_MISMATCH': {
      const size = (type: AvroType) => (type.kind === 'fixed' ? type.size : 0)
      return {
        writer: { type: 'fixed', name, size: size(writer) },
        reader: { type: 'fixed', name, size: size(reader) },
        value: shown instanceof Uint8Array ? bytesValue(shown) : shown,
      }
    }
    case 'READER_FIELD_MISSING_DEFAULT_VALUE':
    case 'READER_DEFAULT_INVALID':
    case 'AMBIGUOUS_ALIAS': {
      const fields = writer.kind === 'record' ? writer.fields : []
      const aliases = field?.aliases.map(identifier)
      const wanted = field ? [{ ...readers.field(field, rule === 'READER_DEFAULT_INVALID'), aliases }] : []
      return {
        writer: { type: 'record', name, fields: fields.map(({ name }) => ({ name: identifier(name), type: 'null' })) },
        reader: { type: 'record', name, fields: wanted },
        value: Object.fromEntries(fields.map(({ name }) => [identifier(name), null])),
      }
    }
    case 'DECIMAL_MISMATCH':
      return {
        writer: decimal(writer, name),
        reader: decimal(reader, name),
        value: shown instanceof Uint8Array ? bytesValue(shown) : shown,
      }
    case 'LOGICAL_TYPE_MISMATCH':
      return { ...whole, reader: reader.kind === 'fixed' ? whole.writer : readers.of(reader) }
    default:
      return { ...whole, reader: readers.of(reader) }
  }
}

function decimal(type: AvroType, name: string): CodecSchema {
  const { precision, scale } = type.logicalType ?? {}
  const logical = { logicalType: 'decimal', precision, scale }
  return type.kind === 'fixed' ? { type: 'fixed', name, size: type.size, ...logical } : { type: type.kind, ...logical }
}

/** What went wrong, in a sentence; `undefined` if nothing did. */
function outcome(fault: Fault, shown: Datum, narrowed: Narrowed, reading: Reading): string | undefined {
  const { reader, writer } = fault.pair
  if (fault.rule === 'DECIMAL_MISMATCH' || fault.rule === 'LOGICAL_TYPE_MISMATCH') {
    return meanings(fault, shown, narrowed, reading)
  }
  if ('failed' in reading) return `the reader fails: ${fault.message}`
  const read = narrowed.find(reading.value)
  if (sameValue(shown, read)) return undefined
  return `the writer's ${writer.kind} ${leafText(shown)} becomes the reader's ${reader.kind} ${String(read)}`
}

/** The same raw value, taken for two things. Decimals that take it for one number do not match all the same. */
function meanings(fault: Fault, shown: Datum, narrowed: Narrowed, reading: Reading): string | undefined {
  const written = fault.pair.writer.logicalType
  const read = fault.pair.reader.logicalType
  if (!written || !read || shown === null || typeof shown === 'boolean') return undefined
  if (typeof shown === 'object' && !(shown instanceof Uint8Array)) return undefined
  if ('failed' in reading && fault.rule !== 'DECIMAL_MISMATCH') return `the reader fails: ${fault.message}`
  if ('value' in reading && !sameValue(shown, narrowed.find(reading.value))) return undefined
  const [before, after] = [meaningOf(written, shown), meaningOf(read, shown)]
  if (before !== after) return `what was written as ${before} is read as ${after}`
  const [from, to] = [describeLogicalType(written), describeLogicalType(read)]
  return 'failed' in reading ? `${from} does not resolve to ${to}: precision and scale have to be equal` : undefined
}

function sameValue(written: Datum, read: CodecValue): boolean {
  if (typeof written === 'bigint' || typeof read === 'bigint') {
    return Number.isInteger(Number(read)) && BigInt(written as bigint) === BigInt(read as number)
  }
  if (!(written instanceof Uint8Array) && !(read instanceof Uint8Array)) return written === read
  const [before, after] = [written, read].map((value) =>
    value instanceof Uint8Array ? value : utf8ToBytes(String(value)),
  )
  return !!before && before.length === after?.length && before.every((byte, index) => byte === after[index])
}

/** A datum without parts, in a sentence. */
const leafText = (datum: Datum): string => {
  if (datum instanceof Uint8Array) return `0x${hex(datum)}`
  return typeof datum === 'object' ? 'value' : String(datum)
}
