import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { dialectNamed } from '../../packages/core/src/json-schema/exact/compile/keywords.js'
import type { ExactDialect, SchemaDocument } from '../../packages/core/src/json-schema/exact/index.js'
import { parseJson } from '../../packages/core/src/text/json-document.js'

/** One question: is everything that `writer` accepts accepted by `reader`? */
export interface Pair {
  /** `FILE#INDEX` or `FOLDER:vA->vB` (writer first). */
  id: string
  writer: string
  reader: string
  dialect?: ExactDialect
  assertFormats: boolean
  /** The answer that the file claims, if it claims one. */
  contained?: boolean
}

interface Entry {
  draft?: string
  s1: unknown
  s2: unknown
  contained?: boolean
}

const dialects: Record<string, ExactDialect> = {
  '4': 'draft-04',
  '6': 'draft-06',
  '7': 'draft-07',
  '2019': '2019-09',
  '2020': '2020-12',
}

export function pairsIn(path: string): Pair[] {
  if (!existsSync(path))
    throw new Error(`${path} does not exist: give --pairs a file of pairs or a folder of histories`)
  return statSync(path).isDirectory() ? historiesIn(path) : fileOfPairs(path)
}

/** An array of `{draft, s1, s2, contained}` or such objects line by line, gzip or not. */
function fileOfPairs(path: string): Pair[] {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  const entries = (
    text.trimStart().startsWith('[')
      ? JSON.parse(text)
      : text
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line))
  ) as Entry[]
  return entries.map(({ draft, s1, s2, contained }, index) => {
    const dialect = dialects[draft ?? ''] ?? 'draft-07'
    const [writer, reader] = [s1, s2].map((schema) =>
      JSON.stringify(dialect === 'draft-04' ? withoutConst(schema) : schema),
    ) as [string, string]
    return {
      id: `${basename(path)}#${index}`,
      writer,
      reader,
      dialect,
      // The answers in such files take `format` as an assertion.
      assertFormats: (writer + reader).includes('"format":'),
      contained,
    }
  })
}

/**
 * Pairs of draft-04 use `const` for "exactly this value", though that dialect does not know it: as an enum of one it
 * says the same in every dialect.
 */
function withoutConst(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutConst)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]: [string, unknown]) =>
      key === 'const' ? ['enum', [value]] : [key, key === 'enum' ? value : withoutConst(value)],
    ),
  )
}

/** A folder of versions, or a folder of such folders. Versions that follow each other, asked in both directions. */
function historiesIn(folder: string): Pair[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  const versions = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
    .map((name) => ({ name: name.replace(/\..*$/, ''), text: readFileSync(join(folder, name), 'utf8') }))
  const own = versions.slice(1).flatMap((newer, index) => {
    const older = versions[index]
    return [
      [older, newer],
      [newer, older],
    ].map(([writer, reader]) => ({
      id: `${basename(folder)}:${writer.name}->${reader.name}`,
      writer: writer.text,
      reader: reader.text,
      assertFormats: false,
    }))
  })
  return [...own, ...inner.flatMap(historiesIn)]
}

const documents = new Map<string, SchemaDocument>()

/** Parsed once per text, as a registry does. */
export function documentOf(text: string, dialect: ExactDialect | undefined): SchemaDocument {
  const key = `${dialect} ${text}`
  let document = documents.get(key)
  if (!document) {
    const { root } = parseJson(text)
    const declared = root.kind === 'object' ? root.members.get('$schema')?.value : undefined
    const own = declared?.kind === 'string' ? dialectNamed(declared.value) : undefined
    document = { dialect: own ?? dialect ?? 'draft-07', root, resources: [] }
    documents.set(key, document)
  }
  return document
}
