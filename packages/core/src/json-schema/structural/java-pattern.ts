/**
 * Whether a text compiles as `java.util.regex.Pattern` (its documentation is the source): Confluent's server checks
 * patterns with it. Nothing is matched here.
 */
export function isJavaPattern(pattern: string): boolean {
  try {
    new JavaPatternReader(pattern).read()
    return true
  } catch (error) {
    if (error instanceof NotAPattern) return false
    throw error
  }
}

class NotAPattern extends Error {}

interface Group {
  /** Look-behind needs an upper bound of its length. */
  lookBehind: boolean
}

const escapesOutsideClass = /[ABDGHRSVWXZabcdefhnrstvwz]/
const escapesInsideClass = /[DHSVWacdefhnrstvw]/
const properties =
  /^(?:L[CDMlotu1]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|C[cfnos]?|all|ASCII|Alnum|Alpha|Blank|Cntrl|Digit|Graph|Lower|Print|Punct|Space|Upper|XDigit|java[A-Z]\w*)$/
const binaryProperties =
  /^(?:Alphabetic|Ideographic|Letter|Lowercase|Uppercase|Titlecase|Punctuation|Control|White_?Space|Digit|Hex_?Digit|Join_?Control|Noncharacter_?Code_?Point|Assigned|Emoji\w*|Extended_Pictographic|Alnum|Alpha|Blank|Cntrl|Graph|Lower|Print|Punct|Space|Upper|XDigit|Word)$/i
const maxRepetitions = 2 ** 31 - 1

class JavaPatternReader {
  private at = 0
  private readonly names = new Set<string>()
  private readonly groups: Group[] = []

  constructor(private readonly text: string) {}

  read(): void {
    let afterAtom = false
    while (this.at < this.text.length) afterAtom = this.step(afterAtom)
    if (this.groups.length > 0) this.fail()
  }

  /** Reads one construct. @returns whether a quantifier may follow */
  private step(afterAtom: boolean): boolean {
    const char = this.text[this.at] ?? ''
    switch (char) {
      case '(':
        return this.openGroup()
      case ')':
        if (!this.groups.pop()) this.fail()
        this.at++
        return true
      case '|':
        this.at++
        return false
      case '[':
        this.at++
        this.characterClass()
        return true
      case '\\':
        return this.escapeOutsideClass()
      case '*':
      case '+':
      case '?':
        if (!afterAtom) this.fail()
        this.at++
        this.quantified(char !== '?')
        return false
      case '{':
        this.repetition()
        return false
      default:
        this.at++
        return true
    }
  }

  private repetition(): void {
    const match = this.match(/\{(\d+)(,(\d*))?\}/y)
    if (!match) this.fail()
    const least = Number(match[1])
    const most = match[2] === undefined ? least : match[3] === '' ? maxRepetitions : Number(match[3])
    if (least > maxRepetitions || most > maxRepetitions || most < least) this.fail()
    this.quantified(match[3] === '')
  }

  private quantified(unbounded: boolean): void {
    if (this.text[this.at] === '?' || this.text[this.at] === '+') this.at++
    if (unbounded && this.groups.some(({ lookBehind }) => lookBehind)) this.fail()
  }

  private openGroup(): boolean {
    if (this.match(/\((?!\?)/y) || this.match(/\(\?(?:[:=!>])/y)) {
      this.groups.push({ lookBehind: false })
    } else if (this.match(/\(\?<[=!]/y)) {
      this.groups.push({ lookBehind: true })
    } else if (this.text.startsWith('(?<', this.at)) {
      const name = this.match(/\(\?<([A-Za-z][A-Za-z0-9]*)>/y)?.[1]
      if (name === undefined || this.names.has(name)) this.fail()
      this.names.add(name)
      this.groups.push({ lookBehind: false })
    } else {
      const flags = this.match(/\(\?[idmsuxU]*(?:-[idmsuxU]*)?([:)])/y)
      if (!flags) this.fail()
      if (flags[1] === ':') this.groups.push({ lookBehind: false })
    }
    return false
  }

  private escapeOutsideClass(): boolean {
    if (this.match(/\\Q/y)) {
      const end = this.text.indexOf('\\E', this.at)
      this.at = end < 0 ? this.text.length : end + 2
      return true
    }
    const group = this.match(/\\k<([A-Za-z][A-Za-z0-9]*)>/y)
    if (group) {
      if (!this.names.has(group[1] ?? '')) this.fail()
      return true
    }
    if (this.match(/\\[1-9]\d*/y)) return true
    this.escape(escapesOutsideClass)
    return true
  }

  /** @returns the code point that the escape stands for; -1 for a whole class of them */
  private escape(letters: RegExp): number {
    const property = this.match(/\\[pP](?:\{([^}]*)\}|([A-Za-z]))/y)
    if (property) {
      if (!isProperty(property[1] ?? property[2] ?? '')) this.fail()
      return -1
    }
    const code = this.match(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\})/y)
    if (code) {
      const value = parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16)
      if (value > 0x10ffff) this.fail()
      return value
    }
    const octal = this.match(/\\0([0-3]?[0-7]{1,2})/y)
    if (octal) return parseInt(octal[1] ?? '', 8)
    if (this.match(/\\N\{[^}]+\}/y)) return -1
    const char = this.text[this.at + 1]
    if (char === undefined || (/[A-Za-z0-9]/.test(char) && !letters.test(char))) this.fail()
    this.at += 2
    if (char === 'c') {
      if (this.at >= this.text.length) this.fail()
      return this.text.charCodeAt(this.at++) ^ 64
    }
    if (/[DHSVWdhsvw]/.test(char)) return -1
    return 'aefnrt'.includes(char) ? (controls[char] ?? -1) : (char.codePointAt(0) ?? -1)
  }

  /** After the opening bracket, to the closing one; classes nest. */
  private characterClass(): void {
    let depth = 1
    this.skipNegation()
    let empty = true
    while (depth > 0) {
      const char = this.text[this.at]
      if (char === undefined) this.fail()
      if (char === ']' && !empty) {
        this.at++
        depth--
      } else if (char === '[') {
        this.at++
        this.skipNegation()
        depth++
        empty = true
        continue
      } else if (this.text.startsWith('&&', this.at)) {
        this.at += 2
      } else this.range()
      empty = false
    }
  }

  private skipNegation(): void {
    if (this.text[this.at] === '^') this.at++
  }

  private range(): void {
    const from = this.member()
    if (from < 0 || this.text[this.at] !== '-') return
    const next = this.text[this.at + 1]
    if (next === undefined || next === ']' || next === '[') return
    this.at++
    if (this.member() < from) this.fail()
  }

  private member(): number {
    if (this.text[this.at] === '\\') {
      if (this.match(/\\Q/y)) {
        const end = this.text.indexOf('\\E', this.at)
        this.at = end < 0 ? this.text.length : end + 2
        return -1
      }
      return this.escape(escapesInsideClass)
    }
    const code = this.text.codePointAt(this.at) ?? this.fail()
    this.at += code > 0xffff ? 2 : 1
    return code
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (!match) return undefined
    this.at += match[0].length
    return match
  }

  private fail(): never {
    throw new NotAPattern()
  }
}

const controls: Record<string, number> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

function isProperty(name: string): boolean {
  if (properties.test(name)) return true
  const [, key = '', value = name] = /^(\w+)=(.*)$/.exec(name) ?? []
  if (/^(?:gc|general_category)$/i.test(key)) return properties.test(value)
  if (/^(?:blk|block)$/i.test(key)) return /^[\w -]+$/.test(value)
  if (/^(?:sc|script)$/i.test(key)) return isScript(value)
  if (key !== '') return false
  if (name.startsWith('In')) return /^In[\w -]+$/.test(name)
  if (!name.startsWith('Is')) return false
  const rest = name.slice(2)
  return properties.test(rest) || binaryProperties.test(rest) || isScript(rest)
}

/** Java takes script names in any case, the regular expressions at hand only in Unicode's spelling. */
function isScript(name: string): boolean {
  if (!/^[A-Za-z_]+$/.test(name)) return false
  const spelled = name.toLowerCase().replace(/(?:^|_)[a-z]/g, (start) => start.toUpperCase())
  try {
    new RegExp(`\\p{Script=${spelled}}`, 'u')
    return true
  } catch {
    return false
  }
}
