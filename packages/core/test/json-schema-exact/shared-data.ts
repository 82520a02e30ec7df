import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../src/text/json-document.js'
import type { ExactDialect, SchemaDocument } from '../../src/json-schema/exact/schema-document.js'
import type { Json } from './arbitrary-schema.js'

const folder = join(__dirname, '../../../../../shared/data')
export const hasSharedData = existsSync(join(folder, 'json-containment')) && existsSync(join(folder, 'histories/json'))

/** Says why tests are skipped: the data belongs to others and is not part of the project. */
export const describeWithData: jest.Describe = hasSharedData ? describe : describe.skip
if (!hasSharedData)
  process.stderr.write('skipped: ../shared/data/json-containment and ../shared/data/histories are not there\n')

export interface LabelledPair {
  id: string
  writer: SchemaDocument
  reader: SchemaDocument
  assertFormats: boolean
  contained: boolean
}

const dialects: Record<string, ExactDialect> = {
  '4': 'draft-04',
  '6': 'draft-06',
  '7': 'draft-07',
  '2019': '2019-09',
  '2020': '2020-12',
}

export function labelledPairs(): LabelledPair[] {
  return ['subschema', 'test-suite'].flatMap((file) => {
    const text = readFileSync(join(folder, `json-containment/${file}.json`), 'utf8')
    const pairs = JSON.parse(text) as { draft: string; s1: Json; s2: Json; contained: boolean }[]
    return pairs.map(({ draft, s1, s2, contained }, index) => {
      const document = (schema: Json): SchemaDocument => ({
        dialect: dialects[draft],
        root: parseJson(JSON.stringify(draft === '4' ? constAsEnum(schema) : schema)).root,
        resources: [],
      })
      const assertFormats = JSON.stringify([s1, s2]).includes('"format":')
      return { id: `${file}#${index}`, writer: document(s1), reader: document(s2), assertFormats, contained }
    })
  })
}

/** The pairs write `const` in draft-04, too, which has no such keyword. */
function constAsEnum(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(constAsEnum)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, Json] =>
      key === 'const' ? ['enum', [value]] : [key, key === 'enum' ? value : constAsEnum(value)],
    ),
  )
}

export interface HistoryPair {
  id: string
  writer: SchemaDocument
  reader: SchemaDocument
}

/** Versions that follow each other in real histories, in both directions. */
export function historyPairs(): HistoryPair[] {
  const base = join(folder, 'histories/json')
  return readdirSync(base).flatMap((subject) => {
    const versions = readdirSync(join(base, subject)).sort()
    const documents = versions.map((version): SchemaDocument => {
      const { root } = parseJson(readFileSync(join(base, subject, version), 'utf8'))
      return { dialect: 'draft-07', root, resources: [] }
    })
    return documents.slice(1).flatMap((newer, index) => {
      const older = documents[index]
      const id = `${subject}: ${versions[index]} and ${versions[index + 1]}`
      return [
        { id: `${id}, backward`, writer: older, reader: newer },
        { id: `${id}, forward`, writer: newer, reader: older },
      ]
    })
  })
}
