import { DecodeError, type WriterId } from './decoded.js'
import type { Framing } from './topic-definition.js'
import type { Headers } from './topic.js'
import { ByteReader } from './wire/byte-reader.js'
import type { ByteWriter } from './wire/byte-writer.js'

/** First byte of a frame: what names the schema. */
const magic = { id: 0, guid: 1 } as const

/** Headers in which Confluent's serializers put a schema's GUID, for the two parts of a message. */
export const schemaHeaders = { key: '__key_schema_id', value: '__value_schema_id' } as const
export type MessagePart = keyof typeof schemaHeaders

const guidSize = 16

/** What a frame says, and where the payload begins. */
export interface Frame extends WriterId {
  payload: ByteReader
  /** Where message indexes of Protobuf are: in the header, or before the payload. */
  index: ByteReader
}

/** Writes what comes before the payload: nothing with `header`. */
export function writePrefix(out: ByteWriter, framing: Framing, writer: WriterId, index?: readonly number[]): void {
  switch (framing) {
    case 'confluent-id':
      out.byte(magic.id)
      out.int32BigEndian(writer.id ?? -1)
      break
    case 'confluent-guid':
      writeGuid(out, writer.guid)
      break
    case 'header':
      return
  }
  if (index) writeIndex(out, index)
}

/** The value of the schema header. */
export function writeHeader(out: ByteWriter, guid: string | undefined, index?: readonly number[]): void {
  writeGuid(out, guid)
  if (index) writeIndex(out, index)
}

function writeGuid(out: ByteWriter, guid = ''): void {
  out.byte(magic.guid)
  out.bytes(Buffer.from(guid.replaceAll('-', ''), 'hex'))
}

/** The path of a message in its file: zigzag varints, count first; the first message is a single zero. */
export function writeIndex(out: ByteWriter, index: readonly number[]): void {
  if (index.length === 1 && index[0] === 0) return out.byte(0)
  out.zigzag32(index.length)
  for (const at of index) out.zigzag32(at)
}

/** Messages are not nested deeper in any real file. */
const maxIndexLength = 32

const indexHint = 'did the producer omit the Protobuf message index?'

/** @throws DecodeError `Malformed` */
export function readIndex(input: ByteReader): number[] {
  try {
    const count = input.zigzag32()
    if (count === 0) return [0]
    if (count < 0 || count > maxIndexLength) {
      throw new DecodeError('Malformed', `a path of ${count} message indexes; ${indexHint}`)
    }
    const index: number[] = []
    while (index.length < count) {
      const at = input.zigzag32()
      if (at < 0) throw new DecodeError('Malformed', `the message index ${at} is negative; ${indexHint}`)
      index.push(at)
    }
    return index
  } catch (error) {
    if (error instanceof DecodeError && !error.message.includes(indexHint)) {
      throw new DecodeError('Malformed', `the message indexes are cut short; ${indexHint}`, { cause: error })
    }
    throw error
  }
}

/**
 * Finds the writer's schema in a header or else in the prefix. With a header the payload is not touched, even if it
 * begins like a frame.
 * @throws DecodeError `NotFramed`
 */
export function readFrame(value: Uint8Array, headers: Headers | undefined, part: MessagePart = 'value'): Frame {
  const header = headerBytes(headers?.[schemaHeaders[part]])
  const input = new ByteReader(header ?? value)
  const writer = readWriterId(input, header ? 'header' : 'message')
  return header
    ? { ...writer, payload: new ByteReader(value), index: input }
    : { ...writer, payload: input, index: input }
}

function readWriterId(input: ByteReader, where: string): WriterId {
  const first = input.remaining > 0 ? input.byte() : undefined
  if (first === magic.id && input.remaining >= 4) {
    const id = input.intBigEndian(4)
    if (id >= 0) return { id }
  } else if (first === magic.guid && input.remaining >= guidSize) {
    const hex = Buffer.from(input.bytes(guidSize)).toString('hex')
    return { guid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
  }
  throw new DecodeError('NotFramed', `the ${where} does not begin with a schema id or GUID`)
}

/** Of a repeated header the last counts. A broker client that gives text has damaged the bytes, unless they are latin-1. */
function headerBytes(header: Headers[string]): Uint8Array | undefined {
  const last = Array.isArray(header) ? header[header.length - 1] : header
  return typeof last === 'string' ? Buffer.from(last, 'latin1') : last
}
