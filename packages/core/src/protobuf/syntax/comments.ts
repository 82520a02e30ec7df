/** The comments between two declarations, by what they belong to. */
export interface Comments {
  /** Of the declaration before. */
  trailing?: string
  /** Of neither: set off by blank lines. */
  detached: string[]
  /** Of the declaration behind. */
  leading?: string
}

/**
 * Sorts the comments between the end of one token and the next one as protoc does: what starts on the line of the token
 * before belongs to that, what touches the next one to that, blank lines separate.
 * @param from where the token before ended; `isStart` if there is none
 */
export function commentsBetween(source: string, from: number, isStart: boolean): Comments {
  return new Collector(source, from, !isStart).collect(isStart)
}

class Collector {
  private readonly result: Comments = { detached: [] }
  private buffer: string | undefined
  private isLineComment = false
  private count = 0

  constructor(
    private readonly source: string,
    private at: number,
    private canTrail: boolean,
  ) {}

  collect(isStart: boolean): Comments {
    let trailingEndsAt = -1
    const startLine = this.at
    if (!isStart) {
      this.skipBlanks()
      if (this.startsWith('//')) {
        this.lineComment()
        trailingEndsAt = this.at
        this.flush()
      } else if (this.startsWith('/*')) {
        this.blockComment()
        trailingEndsAt = this.at
        this.skipBlanks()
        // The next token follows on the same line: nobody knows whose comment this is.
        if (!this.tryNewline()) return this.result
        this.flush()
      } else if (!this.tryNewline()) {
        return this.result
      }
    }
    for (;;) {
      this.skipBlanks()
      if (this.startsWith('//')) {
        this.lineComment()
      } else if (this.startsWith('/*')) {
        this.blockComment()
        trailingEndsAt = this.at
        this.skipBlanks()
        this.tryNewline()
      } else if (this.tryNewline()) {
        this.flush()
        this.canTrail = false
      } else {
        const next = this.source[this.at]
        if (next === undefined || next === '}' || next === ']' || next === ')') this.flush()
        else if (this.onOneLine(startLine) || (trailingEndsAt >= 0 && this.onOneLine(trailingEndsAt)))
          this.detachSingle()
        if (this.buffer !== undefined) this.result.leading = this.buffer
        return this.result
      }
    }
  }

  private onOneLine(from: number): boolean {
    return !this.source.slice(from, this.at).includes('\n')
  }

  /** A single comment that shares its line with the next token belongs to nobody. */
  private detachSingle(): void {
    if (this.count + (this.buffer === undefined ? 0 : 1) !== 1) return
    if (this.result.trailing !== undefined) {
      this.result.detached.unshift(this.result.trailing)
      this.result.trailing = undefined
    }
    this.flush()
  }

  private flush(): void {
    if (this.buffer === undefined) return
    if (this.canTrail) {
      this.result.trailing = this.buffer
      this.canTrail = false
    } else {
      this.result.detached.push(this.buffer)
    }
    this.buffer = undefined
    this.count++
  }

  private lineComment(): void {
    if (this.buffer !== undefined && !this.isLineComment) this.flush()
    const lineEnd = this.source.indexOf('\n', this.at)
    const end = lineEnd < 0 ? this.source.length : lineEnd + 1
    this.buffer = (this.buffer ?? '') + this.source.slice(this.at + 2, end)
    this.isLineComment = true
    this.at = end
  }

  private blockComment(): void {
    this.flush()
    const end = this.source.indexOf('*/', this.at + 2)
    const body = this.source.slice(this.at + 2, end)
    // Blanks and one asterisk at the start of further lines are decoration.
    this.buffer = body.replace(/\n[ \t\r\v\f]*\*?/g, '\n')
    this.isLineComment = false
    this.at = end + 2
  }

  private startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at)
  }

  private skipBlanks(): void {
    while (/[ \t\r\v\f]/.test(this.source[this.at] ?? '')) this.at++
  }

  private tryNewline(): boolean {
    if (this.source[this.at] !== '\n') return false
    this.at++
    return true
  }
}
