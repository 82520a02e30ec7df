/**
 * Generated text. The only ways to make some are `code` with templates of this package and the functions below, one for
 * each position that schema text can have in the output; so no schema text gets there by accident.
 */
export class Code {
  // Private, so that nothing else can be one.
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }

  /** For the functions of this file alone. */
  static trusted(text: string): Code {
    return new Code(text)
  }
}

/** A template of fixed text with `Code` in its gaps; a list is joined without anything between. */
export function code(fixed: TemplateStringsArray, ...gaps: (Code | readonly Code[])[]): Code {
  let text = fixed[0]
  gaps.forEach((gap, at) => (text += (gap instanceof Code ? gap.toString() : gap.join('')) + fixed[at + 1]))
  return Code.trusted(text)
}

export function join(parts: readonly Code[], separator: ', ' | ' | ' | ' & ' | '\n' | '\n\n' | '; '): Code {
  return Code.trusted(parts.map(String).join(separator))
}

export const indent = (lines: Code): Code => Code.trusted(lines.toString().replace(/^(?=.)/gm, '  '))

/** A name that was allotted by `Names`: letters, digits and `_`, all ASCII, no reserved word. */
export function identifier(name: string): Code {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || reserved.has(name)) {
    throw new TypeError(`${JSON.stringify(name)} cannot be a name in TypeScript`)
  }
  return Code.trusted(name)
}

/** A property of a type; anything but a plain name is quoted. */
export const propertyKey = (name: string): Code =>
  /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && name !== '__proto__' ? Code.trusted(name) : stringLiteral(name)

/**
 * Characters that a string may have and source text had better not: line ends of JavaScript that JSON does not know,
 * and those that are invisible or turn the order of the text around.
 */
const unprintable = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

const unicodeEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Always double-quoted and on one line. Lone surrogates are escaped by `JSON.stringify`. */
export const stringLiteral = (value: string): Code =>
  Code.trusted(JSON.stringify(value).replace(unprintable, unicodeEscape))

export function numberLiteral(value: number): Code {
  if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be a number in TypeScript`)
  return Code.trusted(String(value === 0 ? 0 : value))
}

export const literal = (value: string | number | boolean | null): Code =>
  typeof value === 'string'
    ? stringLiteral(value)
    : typeof value === 'number'
      ? numberLiteral(value)
      : Code.trusted(String(value))

/** Strings, numbers, lists and objects of them; keys that are `undefined` are left out. */
export function data(value: Data): Code {
  if (Array.isArray(value)) return code`[${join(value.map(data), ', ')}]`
  if (typeof value !== 'object' || value === null) return literal(value)
  const members = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [code`${propertyKey(key)}: ${data(item)}`],
  )
  return members.length === 0 ? code`{}` : code`{ ${join(members, ', ')} }`
}
export type Data = string | number | boolean | null | Data[] | { [key: string]: Data | undefined }

/** More of a text than this helps nobody in an editor. */
const maxComment = 2000

/** What tools obey when they find it in a comment, with what makes it harmless. */
const directives: [pattern: RegExp, harmless: string][] = [
  [/\*\//g, '*\\/'],
  [/@(?=ts-|jsx|license|preserve|cc_on)/gi, '@ '],
  [/\b(es|ts)(?=lint)/gi, '$1-'],
  [/source(?=Mapping)/gi, 'source '],
  [/source(?=URL)/gi, 'source '],
  [/[#@]__/g, '__'],
]

/** A block comment with a line for each of the text, or nothing for an empty text. */
export function comment(text: string | undefined): Code {
  const clean = (text ?? '')
    .slice(0, maxComment)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f]/g, ' ')
    .replace(unprintable, '')
    .replace(/[\ud800-\udfff]/g, (half, at: number, all: string) => (isPaired(all, at) ? half : ''))
  // Until nothing changes: what one replacement leaves may be another directive.
  const lines = neutralised(clean)
    .split('\n')
    .map((line) => line.trimEnd())
  while (lines.length > 0 && lines[0].trim() === '') lines.shift()
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop()
  if (lines.length === 0) return code``
  const end = (text ?? '').length > maxComment ? ' …' : ''
  if (lines.length === 1) return Code.trusted(`/** ${lines[0].trim()}${end} */\n`)
  return Code.trusted(`/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}${end}\n */\n`)
}

function neutralised(text: string): string {
  let now = text
  for (;;) {
    const before = now
    for (const [pattern, harmless] of directives) now = now.replace(pattern, harmless)
    if (now === before) return now
  }
}

function isPaired(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  const other = text.charCodeAt(code < 0xdc00 ? at + 1 : at - 1)
  return code < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other < 0xdc00
}

/** Words that cannot be names, or that are names already in what is generated. */
export const reserved: ReadonlySet<string> = new Set(
  `abstract any arguments as asserts async await bigint boolean break case catch class const continue debugger declare
  default delete do else enum eval export extends false finally for from function get global globalThis if implements
  import in infer instanceof interface intrinsic is keyof let module namespace never new null number object of out
  package private protected public readonly require return satisfies set static string super switch symbol then this
  throw true try type typeof undefined unique unknown using var void while with yield constructor prototype
  Array ArrayBuffer BigInt Boolean Buffer Date Decimal Error Function Infinity JSON Map Math NaN Number Object Promise
  Proxy Record Reflect RegExp Set String Symbol Topic Uint8Array UnknownSymbol Uuid defineTopic exports process
  __proto__ __dirname __filename`.split(/\s+/),
)
