import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt } from './position.js'

export type TokenKind = 'identifier' | 'integer' | 'float' | 'string' | 'symbol' | 'end'

/**
 * The tokens of protoc's grammar, one at a time: the fields describe the current token. Only LF ends a line, a leading
 * byte order mark is skipped, comments do not nest.
 */
export class Lexer {
  kind: TokenKind = 'end'
  /** The token as written; for strings with quotes. */
  text = ''
  at = 0
  end = 0
  /** Where the token before the current one ended. */
  previousEnd = 0

  constructor(readonly source: string) {
    if (source.charCodeAt(0) === byteOrderMark) this.end = 1
    this.next()
  }

  next(): void {
    this.previousEnd = this.end
    const start = this.skipBlanks(this.end)
    this.at = start
    if (start >= this.source.length) return this.token('end', start)
    const code = this.source.charCodeAt(start)
    const type = code < 128 ? classes[code] : 0
    if (type === letter) return this.identifier(start)
    if (type === digit) return this.number(start)
    if (code === dot && classes[this.source.charCodeAt(start + 1)] === digit) return this.number(start)
    if (code === doubleQuote || code === singleQuote) return this.string(start, code)
    if (code < 32 || code > 126) {
      this.fail(
        start,
        `the character ${describeCharacter(this.source, start)} cannot stand here`,
        'names and punctuation are plain ASCII; other characters belong into strings and comments',
      )
    }
    this.token('symbol', start + 1)
  }

  /** Goes on behind the current line: a comment of the text format, which starts with `#`. */
  skipLine(): void {
    const lineEnd = this.source.indexOf('\n', this.at)
    this.end = lineEnd < 0 ? this.source.length : lineEnd
    this.next()
  }

  fail(at: number, reason: string, hint?: string): never {
    throw new InvalidSchema({ reason, position: positionAt(this.source, at), hint })
  }

  private token(kind: TokenKind, end: number): void {
    this.kind = kind
    this.end = end
    this.text = this.source.slice(this.at, end)
  }

  private identifier(start: number): void {
    let end = start + 1
    while (isWordCode(this.source.charCodeAt(end))) end++
    this.token('identifier', end)
  }

  private number(start: number): void {
    const source = this.source
    let end = start
    let kind: TokenKind = 'integer'
    const digits = (isDigit: (code: number) => boolean) => {
      while (isDigit(source.charCodeAt(end))) end++
    }
    const first = source.charCodeAt(start)
    const second = source.charCodeAt(start + 1)
    if (first === zero && (second === 0x78 || second === 0x58)) {
      end += 2
      digits(isHexDigit)
      if (end === start + 2) this.fail(start, 'a hexadecimal number needs digits after 0x')
    } else if (first === zero && isDecimalDigit(second)) {
      digits(isDecimalDigit)
      if (/[89]/.test(source.slice(start, end))) {
        this.fail(start, 'a number that starts with 0 is octal and has no digits 8 and 9', 'drop the leading zero')
      }
    } else {
      digits(isDecimalDigit)
      if (source.charCodeAt(end) === dot) {
        kind = 'float'
        end++
        digits(isDecimalDigit)
      }
      const exponent = source.charCodeAt(end)
      if (exponent === 0x65 || exponent === 0x45) {
        kind = 'float'
        end++
        const sign = source.charCodeAt(end)
        if (sign === 0x2b || sign === 0x2d) end++
        if (!isDecimalDigit(source.charCodeAt(end))) this.fail(start, 'an exponent needs digits after the "e"')
        digits(isDecimalDigit)
      }
    }
    const after = source.charCodeAt(end)
    if (isWordCode(after)) this.fail(end, 'a blank is missing between a number and a name')
    if (after === dot)
      this.fail(end, 'a number can have only one decimal point and none after hexadecimal or octal digits')
    this.token(kind, end)
  }

  private string(start: number, quote: number): void {
    const source = this.source
    for (let end = start + 1; end < source.length; end++) {
      const code = source.charCodeAt(end)
      if (code === quote) return this.token('string', end + 1)
      if (code === lineFeed) break
      if (code === backslash) end++
      if (code === 0) this.fail(end, 'a string cannot hold the character NUL', 'write it as \\0')
    }
    this.fail(start, 'the string is not closed on its line', 'close it, or write a line break as \\n')
  }

  private skipBlanks(from: number): number {
    const source = this.source
    let at = from
    for (;;) {
      const code = source.charCodeAt(at)
      if (code === 0x20 || (code >= 9 && code <= 13)) {
        at++
      } else if (code === slash) {
        const second = source.charCodeAt(at + 1)
        if (second === slash) {
          const end = source.indexOf('\n', at)
          at = end < 0 ? source.length : end + 1
        } else if (second === asterisk) {
          const end = source.indexOf('*/', at + 2)
          if (end < 0) this.fail(at, 'the comment is not closed', 'add */')
          at = end + 2
        } else {
          return at
        }
      } else {
        return at
      }
    }
  }
}

const lineFeed = 0x0a
const doubleQuote = 0x22
const singleQuote = 0x27
const asterisk = 0x2a
const dot = 0x2e
const slash = 0x2f
const zero = 0x30
const backslash = 0x5c
const byteOrderMark = 0xfeff

const letter = 1
const digit = 2
const classes = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code)
  if (/[A-Za-z_]/.test(character)) classes[code] = letter
  else if (/[0-9]/.test(character)) classes[code] = digit
}

const isWordCode = (code: number) => code < 128 && classes[code] !== 0
const isDecimalDigit = (code: number) => code >= zero && code <= 0x39
const isHexDigit = (code: number) =>
  isDecimalDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)

function describeCharacter(source: string, at: number): string {
  const code = source.codePointAt(at) ?? 0
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return code < 32 || code === 127 ? name : `"${String.fromCodePoint(code)}" (${name})`
}
