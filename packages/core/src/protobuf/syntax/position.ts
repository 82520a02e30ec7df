import type { Position } from '../../schema/position.js'

/** Line and column of an offset, from 1, columns in UTF-16 code units. Only LF ends a line, as in protoc. */
export function positionAt(text: string, offset: number): Position {
  let line = 1
  let lineStart = 0
  for (;;) {
    const end = text.indexOf('\n', lineStart)
    if (end < 0 || end >= offset) return { line, column: offset - lineStart + 1 }
    line++
    lineStart = end + 1
  }
}
