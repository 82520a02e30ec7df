import type { SourceCodeInfo } from '@bufbuild/protobuf/wkt'
import type { Position } from '../../schema/index.js'

/** A stretch of a file. Lines and columns count from 1, the end is exclusive. */
export interface Place {
  file: string
  start: Position
  end: Position
}

/**
 * The place of the first of the source paths that the file's source info knows, or `undefined`. Paths are tried in
 * order: the narrowest first, then what encloses it.
 */
export type Locate = (...paths: readonly (readonly number[])[]) => Place | undefined

/** The source info is read when the first place is asked for. */
export function locator(file: string, sourceInfo: () => SourceCodeInfo | undefined): Locate {
  let places: Map<string, Place> | undefined
  return (...paths) => {
    places ??= placesOf(file, sourceInfo())
    for (const path of paths) {
      const place = places.get(path.join('.'))
      if (place) return place
    }
    return undefined
  }
}

function placesOf(file: string, info: SourceCodeInfo | undefined): Map<string, Place> {
  const places = new Map<string, Place>()
  for (const { path, span } of info?.location ?? []) {
    const [line = 0, column = 0, ...end] = span
    const [endLine, endColumn] = end.length === 2 ? end : [line, end[0] ?? column]
    const key = path.join('.')
    // Statements that repeat a path (`extend` blocks, options given in parts): the first one stands for all.
    if (!places.has(key)) {
      places.set(key, {
        file,
        start: { line: line + 1, column: column + 1 },
        end: { line: (endLine ?? line) + 1, column: (endColumn ?? column) + 1 },
      })
    }
  }
  return places
}
