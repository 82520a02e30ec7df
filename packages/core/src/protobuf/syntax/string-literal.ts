/** The value of a string token (with quotes): UTF-16 text, or exact bytes where an escape makes it something else. */
export interface StringValue {
  text: string
  bytes?: Uint8Array
}

/** What is wrong with an escape, and how many characters behind the opening quote. */
export class InvalidEscape extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

/** Decodes the escapes of the .proto language. @throws InvalidEscape */
export function decodeString(token: string): StringValue {
  const body = token.slice(1, -1)
  if (!body.includes('\\')) return { text: body }
  const bytes: number[] = []
  const encoder = new TextEncoder()
  for (let at = 0; at < body.length;) {
    if (body[at] !== '\\') {
      const end = body.indexOf('\\', at)
      const plain = body.slice(at, end < 0 ? body.length : end)
      for (const byte of encoder.encode(plain)) bytes.push(byte)
      at += plain.length
      continue
    }
    const simple = simpleEscapes.get(body[at + 1] ?? '')
    if (simple !== undefined) {
      bytes.push(simple)
      at += 2
      continue
    }
    const match = /^\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
      body.slice(at, at + 10),
    )
    if (!match) throw new InvalidEscape(`"${body.slice(at, at + 2)}" is no escape`, at + 1)
    const [all, octal, hex, short, long] = match
    if (octal !== undefined) bytes.push(parseInt(octal, 8) & 255)
    else if (hex !== undefined) bytes.push(parseInt(hex, 16))
    else at += pushCodePoint(body, at, parseInt(short ?? long ?? '', 16), bytes)
    at += all.length
  }
  const exact = Uint8Array.from(bytes)
  const text = utf8(exact)
  return text === undefined ? { text: latin1(exact), bytes: exact } : { text }
}

/** Adds a code point as UTF-8; a high surrogate takes the low one of a following \u escape with it. */
function pushCodePoint(body: string, at: number, code: number, bytes: number[]): number {
  if (code > 0x1fffff) throw new InvalidEscape('there is no Unicode character beyond \\U0010ffff', at + 1)
  const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(body.slice(at + 6, at + 12))
  const pair = code >= 0xd800 && code < 0xdc00 && low
  const point = pair ? 0x10000 + ((code - 0xd800) << 10) + (parseInt(pair[1] ?? '', 16) - 0xdc00) : code
  if (point < 0x80) bytes.push(point)
  else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63))
  else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
  else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
  return pair ? 6 : 0
}

/** Adjacent strings are one. */
export function joinStrings(parts: StringValue[]): StringValue {
  const [first] = parts
  if (parts.length === 1 && first) return first
  if (parts.every((part) => !part.bytes)) return { text: parts.map((part) => part.text).join('') }
  const bytes = Uint8Array.from(parts.flatMap((part) => [...bytesOf(part)]))
  const text = utf8(bytes)
  return text === undefined ? { text: latin1(bytes), bytes } : { text }
}

export const bytesOf = (value: StringValue): Uint8Array => value.bytes ?? new TextEncoder().encode(value.text)

/** One character per byte: how bytes that are no text are shown. */
export const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

const simpleEscapes = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 0x5c],
  ["'", 0x27],
  ['"', 0x22],
  ['?', 0x3f],
])
