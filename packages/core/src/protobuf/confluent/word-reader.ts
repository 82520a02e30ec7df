import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt } from '../syntax/position.js'
import { InvalidEscape, decodeString, joinStrings, type StringValue } from '../syntax/string-literal.js'
import type { NumberNode } from '../syntax/tree.js'

/**
 * Reads text the way Confluent's server does: in words of letters, digits, `_`, `-` and `.`, which is laxer than the
 * language (`a-b` is a name) and in places stricter (a byte order mark or a form feed is refused).
 */
export class WordReader {
  protected pos = 0

  constructor(protected readonly source: string) {}

  protected fail(reason: string, hint?: string, at = this.pos): never {
    throw new InvalidSchema({ reason, hint, position: positionAt(this.source, at) })
  }

  protected atEnd(): boolean {
    this.skip()
    return this.pos === this.source.length
  }

  /** The next character that is neither blank nor comment. */
  protected peek(): string {
    this.skip()
    const next = this.source[this.pos]
    return next ?? this.fail('the text ends in the middle of a statement')
  }

  protected tryTake(character: string): boolean {
    if (this.peek() !== character) return false
    this.pos++
    return true
  }

  protected take(character: string): void {
    if (!this.tryTake(character)) this.fail(`expected "${character}", found "${this.peek()}"`)
  }

  protected word(digitFirst = true): string {
    this.skip()
    wordPattern.lastIndex = this.pos
    const text = wordPattern.exec(this.source)?.[0]
    if (text === undefined) return this.fail('expected a name or a number')
    if (!digitFirst && /^[0-9]/.test(text)) this.fail('the name starts with a digit')
    this.pos += text.length
    return text
  }

  protected integer(): NumberNode {
    this.skip()
    const at = this.pos
    const text = this.word()
    const hex = /^0[xX]/.test(text)
    const digits = hex ? text.slice(2) : text
    // Other than in the language, a leading zero does not make a number octal.
    const isNumber = hex ? /^-?[0-9a-fA-F]+$/.test(digits) : /^-?[0-9]+$/.test(digits)
    const value = isNumber ? parseInt(digits, hex ? 16 : 10) : NaN
    if (!(value >= -2147483648 && value <= 2147483647)) this.fail(`expected an integer, found "${text}"`, undefined, at)
    return { at, end: this.pos, value }
  }

  protected string(): StringValue {
    const parts: StringValue[] = []
    do parts.push(this.stringPart())
    while (this.isQuote())
    return joinStrings(parts)
  }

  protected isQuote(): boolean {
    const next = this.peek()
    return next === '"' || next === "'"
  }

  private stringPart(): StringValue {
    const quote = this.peek()
    const at = this.pos
    if (quote !== '"' && quote !== "'") this.fail('expected a string in quotes')
    let end = at + 1
    while (end < this.source.length && this.source[end] !== quote) end += this.source[end] === '\\' ? 2 : 1
    if (end >= this.source.length) this.fail('the string is not closed', undefined, at)
    this.pos = end + 1
    try {
      return decodeString(this.source.slice(at, end + 1))
    } catch (error) {
      if (!(error instanceof InvalidEscape)) throw error
      return this.fail(error.message, 'a backslash itself is written as \\\\', at + error.offset)
    }
  }

  protected skip(): void {
    for (;;) {
      const character = this.source[this.pos]
      if (character === ' ' || character === '\t' || character === '\r' || character === '\n') {
        this.pos++
      } else if (character === '/') {
        this.comment()
      } else {
        return
      }
    }
  }

  private comment(): void {
    const start = this.pos
    const second = this.source[start + 1]
    if (second === '/') {
      const end = this.source.indexOf('\n', start)
      this.pos = end < 0 ? this.source.length : end + 1
    } else if (second === '*') {
      const end = this.source.indexOf('*/', start + 2)
      if (end < 0) this.fail('the comment is not closed', 'add */')
      this.pos = end + 2
    } else {
      this.fail('"/" cannot stand here')
    }
  }

  /** Behind some statements nothing may follow a block comment on its line. */
  protected trailingComment(): void {
    const match = /^[ \t]*\/(.?)/.exec(this.source.slice(this.pos, this.pos + 200))
    if (!match) return
    if (match[1] !== '*') return
    const end = this.source.indexOf('*/', this.pos)
    if (end < 0) this.fail('the comment is not closed', 'add */')
    const lineEnd = this.source.indexOf('\n', end)
    const rest = this.source.slice(end + 2, lineEnd < 0 ? undefined : lineEnd)
    if (/[^ \t\r]/.test(rest)) this.fail('nothing can follow the comment on its line', 'start a new line', end + 2)
    this.pos = lineEnd < 0 ? this.source.length : lineEnd + 1
  }
}

const wordPattern = /[a-zA-Z0-9_\-.]+/y
