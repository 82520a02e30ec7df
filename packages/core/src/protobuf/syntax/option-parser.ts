import { TokenReader } from './token-reader.js'
import type { ListValue, MessageEntry, MessageValue, OptionNamePart, OptionNode, ScalarValue, Value } from './tree.js'

/** Message literals nest no deeper than this. */
const maxNesting = 100

/** Options in both notations, and the text format inside their message literals. */
export class OptionParser extends TokenReader {
  private literalDepth = 0

  protected optionStatement(): OptionNode {
    const at = this.at()
    this.take('option')
    const option = this.assignment(at)
    this.take(';', 'at the end of the option')
    option.end = this.end()
    return option
  }

  /** `[name = value, …]`, if there is one. */
  protected compactOptions(): OptionNode[] {
    const options: OptionNode[] = []
    if (!this.tryTake('[')) return options
    do options.push(this.assignment(this.at()))
    while (this.tryTake(','))
    this.take(']', 'after the options')
    return options
  }

  private assignment(at: number): OptionNode {
    const name = [this.namePart()]
    while (this.tryTake('.')) name.push(this.namePart())
    this.take('=', 'and a value after the name of the option')
    const value = this.optionValue()
    return { kind: 'option', at, end: this.end(), name, value }
  }

  private namePart(): OptionNamePart {
    const at = this.at()
    if (!this.tryTake('(')) {
      const { name, end } = this.identifier('the name of an option')
      return { at, end, name, extension: false }
    }
    const { name } = this.qualifiedName('the name of a custom option', true)
    this.take(')', 'after the name of a custom option')
    return { at, end: this.end(), name, extension: true }
  }

  private optionValue(): Value {
    if (this.looksAt('{')) {
      this.lexer.next()
      return this.messageLiteral(this.lexer.previousEnd - 1, '}')
    }
    return this.scalar(false)
  }

  private scalar(inLiteral: boolean): ScalarValue {
    const at = this.at()
    if (this.isString()) {
      const { text, bytes, end } = this.string('a string')
      return { kind: 'string', at, end, text, bytes }
    }
    const sign = this.tryTake('-') ? '-' : ''
    const { kind, text, end } = this.lexer
    if (kind === 'identifier') {
      if (sign && text !== 'inf' && text !== 'nan' && !(inLiteral && /^(inf|infinity|nan)$/i.test(text))) {
        this.fail('a minus sign can stand before numbers, inf and nan only', undefined, at)
      }
      this.lexer.next()
      return { kind: sign ? 'number' : 'identifier', at, end, text: sign + text }
    }
    if (kind !== 'integer' && kind !== 'float') this.unexpected('a value')
    this.lexer.next()
    return { kind: 'number', at, end, text: sign + text }
  }

  /** The fields of a message in text format up to the closing bracket, the opening one is taken. */
  private messageLiteral(at: number, close: '}' | '>'): MessageValue {
    if (++this.literalDepth > maxNesting) this.fail(`message values are nested more than ${maxNesting} deep`)
    const entries: MessageEntry[] = []
    while (!this.tryTake(close)) {
      if (this.looksAt('#')) {
        this.lexer.skipLine()
        continue
      }
      if (this.lexer.kind === 'end') this.unexpected(`"${close}" at the end of the message value`)
      entries.push(this.entry())
      if (!this.tryTake(',')) this.tryTake(';')
    }
    this.literalDepth--
    return { kind: 'message', at, end: this.end(), entries }
  }

  private entry(): MessageEntry {
    const at = this.at()
    const bracketed = this.tryTake('[')
    let name: string
    if (bracketed) {
      name = this.qualifiedName('the name of an extension or the URL of a type', false).name
      while (this.tryTake('/')) name += `/${this.qualifiedName('the name of a type', false).name}`
      this.take(']', 'after the name of the extension')
    } else {
      name = this.identifier('the name of a field').name
    }
    const colon = this.tryTake(':')
    const value = this.literalValue(colon)
    return { at, end: this.end(), name, bracketed, value }
  }

  private literalValue(afterColon: boolean): Value {
    const at = this.at()
    if (this.tryTake('{')) return this.messageLiteral(at, '}')
    if (this.tryTake('<')) return this.messageLiteral(at, '>')
    if (this.tryTake('[')) return this.list(at, afterColon)
    if (!afterColon) this.unexpected('":" or a message value after the name of the field')
    return this.scalar(true)
  }

  private list(at: number, afterColon: boolean): ListValue {
    const items: Value[] = []
    if (!this.tryTake(']')) {
      do {
        if (this.looksAt('[')) this.fail('a list cannot hold lists')
        items.push(this.literalValue(afterColon))
      } while (this.tryTake(','))
      this.take(']', 'after the last value')
    }
    return { kind: 'list', at, end: this.end(), items }
  }
}
