import type { ComparedSchema } from '../compared-schema.js'
import type { MessageModel } from '../file-set.js'
import { Codec, codecName } from './codec.js'
import { readBack, type Side } from './read-back.js'
import { type ExactBreak, relateSchemas } from './relation.js'
import type { MessageValue } from './value.js'

/** A break with the message that shows it: encoded with the writer's schema, and what reading it really gave. */
export interface Confirmed {
  found: ExactBreak
  bytes: Uint8Array
  value: MessageValue
  failure: string
  confirmedBy: string
}

export type ExactVerdict =
  | { outcome: 'compatible' }
  | { outcome: 'incompatible'; breaks: ExactBreak[]; witness?: Confirmed }
  | { outcome: 'undecided'; reason: string }

/**
 * Whether every value that the writer can hold is read back equal, as far as the reader declares a place for it. A
 * "no" is confirmed by encoding and decoding a message; one that the codec does not confirm is no verdict.
 */
export function decideExactly(writer: ComparedSchema, reader: ComparedSchema, steps: number): ExactVerdict {
  const { breaks, complete } = relateSchemas(writer, reader, steps)
  if (breaks.length === 0) {
    return complete
      ? { outcome: 'compatible' }
      : { outcome: 'undecided', reason: `more than ${steps} fields to compare` }
  }
  const attempts = breaks.map((found) => confirm(found, writer, reader))
  const witness = attempts.find((attempt) => attempt !== undefined)
  // A message that is gone needs no codec: there is nothing to read it with.
  const proved = breaks.filter((found, index) => attempts[index] ?? !found.witness)
  if (proved.length > 0) return { outcome: 'incompatible', breaks: proved, ...(witness && { witness }) }
  const [first] = breaks
  return { outcome: 'undecided', reason: `${first?.path}: ${first?.reason}; but ${codecName} does not confirm it` }
}

/** Runs the codec on the break's message; `undefined` if it has none or is read back equal. */
export function confirm(found: ExactBreak, writer: ComparedSchema, reader: ComparedSchema): Confirmed | undefined {
  if (!found.witness) return undefined
  const { pair, value } = found.witness
  const sides = { writer: sideOf(writer), reader: sideOf(reader) }
  const bytes = encoded(sides.writer, pair.writer, value)
  const failure = bytes && misreading(bytes, value, pair, sides)
  return bytes === undefined || failure === undefined
    ? undefined
    : { found, bytes, value, failure, confirmedBy: codecName }
}

/** `undefined` for a message that is nested deeper than the codec goes. */
function encoded({ codec }: Side, message: MessageModel, value: MessageValue): Uint8Array | undefined {
  try {
    return codec.encode(message, value)
  } catch {
    return undefined
  }
}

function misreading(
  bytes: Uint8Array,
  value: MessageValue,
  pair: NonNullable<ExactBreak['witness']>['pair'],
  sides: { writer: Side; reader: Side },
): string | undefined {
  let read: MessageValue
  try {
    read = sides.reader.codec.decode(pair.reader, bytes)
  } catch (error) {
    return `the reader refuses the message: ${error instanceof Error ? error.message : String(error)}`
  }
  return readBack(value, read, pair, sides)
}

const sides = new WeakMap<ComparedSchema, Side>()

/** The codec of a schema, made once. */
export function sideOf(schema: ComparedSchema): Side {
  let side = sides.get(schema)
  if (!side) {
    side = { schema, codec: new Codec(schema, schema.file.messages) }
    sides.set(schema, side)
  }
  return side
}
