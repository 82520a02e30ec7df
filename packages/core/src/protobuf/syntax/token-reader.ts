import { Lexer } from './lexer.js'
import { InvalidEscape, decodeString, joinStrings, type StringValue } from './string-literal.js'
import type { NameNode, NumberNode } from './tree.js'

/** What a grammar needs from the lexer: look, take, or say what was expected instead. */
export class TokenReader {
  protected readonly lexer: Lexer

  constructor(protected readonly source: string) {
    this.lexer = new Lexer(source)
  }

  protected at(): number {
    return this.lexer.at
  }

  /** Where the last token that was taken ended. */
  protected end(): number {
    return this.lexer.previousEnd
  }

  protected fail(reason: string, hint?: string, at = this.lexer.at): never {
    return this.lexer.fail(at, reason, hint)
  }

  protected unexpected(expected: string): never {
    const { kind, text } = this.lexer
    return this.fail(`expected ${expected}, found ${kind === 'end' ? 'the end of the text' : show(text)}`)
  }

  protected looksAt(text: string): boolean {
    return this.lexer.text === text && this.lexer.kind !== 'string'
  }

  protected tryTake(text: string): boolean {
    if (!this.looksAt(text)) return false
    this.lexer.next()
    return true
  }

  protected take(text: string, purpose?: string): void {
    if (!this.tryTake(text)) this.unexpected(purpose ? `"${text}" ${purpose}` : `"${text}"`)
  }

  protected identifier(what: string): NameNode {
    if (this.lexer.kind !== 'identifier') this.unexpected(what)
    const { at, end, text } = this.lexer
    this.lexer.next()
    return { at, end, name: text }
  }

  /** `foo.bar`, with a leading dot where the grammar allows one. */
  protected qualifiedName(what: string, leadingDot: boolean): NameNode {
    const at = this.lexer.at
    let name = leadingDot && this.tryTake('.') ? '.' : ''
    name += this.identifier(what).name
    while (this.tryTake('.')) name += `.${this.identifier('a name after the dot').name}`
    return { at, end: this.end(), name }
  }

  /** An unsigned integer of at most `limit`. */
  protected integer(what: string, limit: number): NumberNode {
    if (this.lexer.kind !== 'integer') this.unexpected(what)
    const { at, end, text } = this.lexer
    const value = parseInteger(text)
    if (value > BigInt(limit)) this.fail(`${text} is too large`, `at most ${limit} is possible here`)
    this.lexer.next()
    return { at, end, value: Number(value) }
  }

  protected signedInteger(what: string): NumberNode {
    const at = this.lexer.at
    const negative = this.tryTake('-')
    const number = this.integer(what, negative ? 2147483648 : 2147483647)
    return { at, end: number.end, value: negative ? -number.value : number.value }
  }

  protected string(what: string): StringValue & { at: number; end: number } {
    if (this.lexer.kind !== 'string') this.unexpected(what)
    const at = this.lexer.at
    const parts: StringValue[] = []
    while (this.isString()) {
      try {
        parts.push(decodeString(this.lexer.text))
      } catch (error) {
        if (!(error instanceof InvalidEscape)) throw error
        this.fail(error.message, 'a backslash itself is written as \\\\', this.lexer.at + error.offset)
      }
      this.lexer.next()
    }
    return { ...joinStrings(parts), at, end: this.end() }
  }

  protected isString(): boolean {
    return this.lexer.kind === 'string'
  }
}

/** Decimal, hexadecimal (0x) or octal (leading 0). */
export function parseInteger(lexeme: string): bigint {
  return BigInt(/^0[0-7]+$/.test(lexeme) ? `0o${lexeme.slice(1)}` : lexeme)
}

const show = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text.startsWith('"') ? text : `"${text}"`)
