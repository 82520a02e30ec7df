import { InvalidSchema } from '../schema/invalid-schema.js'
import type { Position } from '../schema/position.js'

/**
 * A parsed JSON value that remembers where it stood and how its numbers were written. `JSON.parse` forgets both, and
 * error positions and exact numbers need them. Offsets are UTF-16 code units into the text.
 */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonLiteral

interface JsonSpan {
  start: number
  end: number
}
export interface JsonObject extends JsonSpan {
  kind: 'object'
  /** By key, in order of first appearance; of a repeated key the last value counts. */
  members: Map<string, JsonMember>
}
export interface JsonMember {
  key: JsonString
  value: JsonNode
}
export interface JsonArray extends JsonSpan {
  kind: 'array'
  items: JsonNode[]
}
export interface JsonString extends JsonSpan {
  kind: 'string'
  value: string
}
export interface JsonNumber extends JsonSpan {
  kind: 'number'
  /** As written, such as `1e2` or `-0.0`. */
  lexeme: string
}
export interface JsonLiteral extends JsonSpan {
  kind: 'literal'
  value: boolean | null
}

export interface JsonDocument {
  text: string
  root: JsonNode
}

export interface JsonParseOptions {
  /** Pass over `//` and `/* *\/` comments, as Avro's own parser does. */
  comments?: boolean
  /** Nesting beyond this is refused, so that no schema can exhaust the stack; default 1000. */
  maxDepth?: number
  /** Refuse an object that names a key twice; by default the last value counts. */
  refuseDuplicateKeys?: boolean
  /** Ignore what follows the first value, as Confluent's server does. */
  ignoreRest?: boolean
  /** Take `NaN`, `Infinity` and the like for strings, as Confluent's server does. */
  nonFiniteAsText?: boolean
}

/** @throws InvalidSchema with line and column if the text is not exactly one JSON value (RFC 8259). */
export function parseJson(text: string, options: JsonParseOptions = {}): JsonDocument {
  return { text, root: new JsonParser(text, options).document() }
}

/** The plain value of a node; numbers as doubles. Objects have no prototype, so `__proto__` is a key like any other. */
export function toValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object': {
      const object = Object.create(null) as Record<string, unknown>
      for (const [key, { value }] of node.members) object[key] = toValue(value)
      return object
    }
    case 'array':
      return node.items.map(toValue)
    case 'number':
      return Number(node.lexeme)
    default:
      return node.value
  }
}

/** Line and column of an offset. Linear in the text: for messages, not for loops. */
export function positionAt(text: string, offset: number): Position {
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    lineStart = at + 1
  }
  return { line, column: offset - lineStart + 1 }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const nonFinitePattern = /NaN\b|[+-]INF\b|[+-]?Infinity\b/y
const plainString = /[^"\\\u0000-\u001f]*/y
const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class JsonParser {
  private at = 0
  private readonly maxDepth: number

  constructor(
    private readonly text: string,
    private readonly options: JsonParseOptions,
  ) {
    this.maxDepth = options.maxDepth ?? 1000
  }

  document(): JsonNode {
    this.space()
    if (this.at === this.text.length) this.fail('the text is empty', 'a JSON value is expected')
    const root = this.value(0)
    this.space()
    if (this.at < this.text.length && !this.options.ignoreRest)
      this.fail(`unexpected ${this.here()} after the end of the JSON value`)
    return root
  }

  private value(depth: number): JsonNode {
    if (depth > this.maxDepth) this.fail(`nested more than ${this.maxDepth} levels deep`)
    const start = this.at
    switch (this.text[start]) {
      case '{':
        return this.object(start, depth)
      case '[':
        return this.array(start, depth)
      case '"':
        return this.string()
      case 't':
        return this.literal('true', true)
      case 'f':
        return this.literal('false', false)
      case 'n':
        return this.literal('null', null)
      default:
        return this.nonFinite() ?? this.number()
    }
  }

  private nonFinite(): JsonString | undefined {
    if (!this.options.nonFiniteAsText) return undefined
    nonFinitePattern.lastIndex = this.at
    const word = nonFinitePattern.exec(this.text)?.[0]
    if (word === undefined) return undefined
    const start = this.at
    this.at += word.length
    const value = word === 'NaN' ? word : `${word.startsWith('-') ? '-' : ''}Infinity`
    return { kind: 'string', start, end: this.at, value }
  }

  private object(start: number, depth: number): JsonObject {
    const members = new Map<string, JsonMember>()
    this.at++
    this.space()
    while (this.text[this.at] !== '}') {
      if (members.size > 0) this.separator('}')
      if (this.text[this.at] !== '"') this.fail(`expected a key in double quotes, found ${this.here()}`)
      const key = this.string()
      if (this.options.refuseDuplicateKeys && members.has(key.value)) {
        this.fail(`the key ${JSON.stringify(key.value)} occurs twice in one object`, undefined, key.start)
      }
      this.space()
      if (this.text[this.at] !== ':') this.fail(`expected ":" after the key, found ${this.here()}`)
      this.at++
      this.space()
      members.set(key.value, { key, value: this.value(depth + 1) })
      this.space()
    }
    this.at++
    return { kind: 'object', start, end: this.at, members }
  }

  private array(start: number, depth: number): JsonArray {
    const items: JsonNode[] = []
    this.at++
    this.space()
    while (this.text[this.at] !== ']') {
      if (items.length > 0) this.separator(']')
      items.push(this.value(depth + 1))
      this.space()
    }
    this.at++
    return { kind: 'array', start, end: this.at, items }
  }

  private separator(close: string): void {
    if (this.text[this.at] !== ',') this.fail(`expected "," or "${close}", found ${this.here()}`)
    this.at++
    this.space()
  }

  private string(): JsonString {
    const start = this.at++
    let value = ''
    for (;;) {
      plainString.lastIndex = this.at
      const run = plainString.exec(this.text)?.[0] ?? ''
      value += run
      this.at += run.length
      const next = this.text[this.at]
      if (next === '"') break
      if (next !== '\\') {
        this.fail(
          next === undefined ? 'a string is not closed' : 'a control character in a string has to be escaped',
          undefined,
          next === undefined ? start : this.at,
        )
      }
      value += this.escape()
    }
    this.at++
    return { kind: 'string', start, end: this.at, value }
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? ''
    const plain = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined
    if (plain !== undefined) {
      this.at += 2
      return plain
    }
    const hex = this.text.slice(this.at + 2, this.at + 6)
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) this.fail(`\\${letter} is not an escape of JSON`)
    this.at += 6
    return String.fromCharCode(parseInt(hex, 16))
  }

  private number(): JsonNumber {
    numberPattern.lastIndex = this.at
    const lexeme = numberPattern.exec(this.text)?.[0]
    if (lexeme === undefined) this.fail(`expected a JSON value, found ${this.here()}`)
    const start = this.at
    this.at += lexeme.length
    if (/[\w.]/.test(this.text[this.at] ?? '')) this.fail('this is not a number of JSON', undefined, start)
    return { kind: 'number', start, end: this.at, lexeme }
  }

  private literal(word: string, value: boolean | null): JsonLiteral {
    const start = this.at
    if (!this.text.startsWith(word, start) || /\w/.test(this.text[start + word.length] ?? '')) {
      this.fail(`expected a JSON value, found ${this.here()}`)
    }
    this.at += word.length
    return { kind: 'literal', start, end: this.at, value }
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code === 32 || code === 10 || code === 13 || code === 9) this.at++
      else if (code === 47 && this.options.comments) this.comment()
      else return
    }
  }

  private comment(): void {
    const opener = this.text.slice(this.at, this.at + 2)
    const closer = opener === '//' ? '\n' : opener === '/*' ? '*/' : undefined
    if (closer === undefined) this.fail(`unexpected ${this.here()}`)
    const end = this.text.indexOf(closer, this.at + 2)
    if (end === -1 && closer === '*/') this.fail('a comment is not closed')
    this.at = end === -1 ? this.text.length : end + closer.length
  }

  private here(): string {
    const code = this.text.codePointAt(this.at)
    return code === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(code))
  }

  private fail(reason: string, hint?: string, at = this.at): never {
    throw new InvalidSchema({ reason: `not JSON: ${reason}`, position: positionAt(this.text, at), hint })
  }
}
