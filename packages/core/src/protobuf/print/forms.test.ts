import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { guidOf } from '../../identity/guid.js'
import { InvalidSchema } from '../../schema/invalid-schema.js'
import type { Reference, SchemaSource } from '../../schema/source.js'
import type { PrintForm } from '../../schema/format.js'
import { parse } from '../parse.js'
import type { ProtobufSchema } from '../schema.js'
import { print } from './index.js'

// What Confluent's server stored, answered and refused: read where it lies.
const data = join(import.meta.dirname, '../../../../../../shared/data')
const file = join(data, 'confluent/forms/protobuf.jsonl.gz')

interface Recorded {
  id: string
  what?: string
  text: string
  references?: RecordedReference[]
  sent?: Reference[]
  status?: number
  error?: { status: number }
  schema?: string
  guid?: string
  normalized?: '=schema' | { schema?: string; error?: unknown }
  formats?: { ignore_extensions: string; serialized: string }
}

interface RecordedReference {
  name: string
  text?: string
  refs?: RecordedReference[]
}

/** Where that server loses or spoils what it was given: there ours is right, and differs. */
const classes = {
  'a default of bytes loses its quotes': /bytes \w+ = \d+ \[[^\]]*default/,
  'doubles near zero become 0 when normalized': /default = 1e-/,
  'bytes in options become characters': /\(y\) = "\\xff"/,
  'a weak import is lost': /import weak/,
  'a NUL is written as it is': /\\x00|\\0"/,
  'an empty extend leaves its blank line': /extend M \{\}/,
  'two leading dots are taken': /\.\.M/,
  'descriptors are printed with every json name and full type names': /^[A-Za-z0-9+/]+=*$/,
} as const

const lostInDescriptors =
  /map<| group |extend |\([\w.]+\)[. ]|default = -?(\.|0[\dxX]|[\d.]+e|\d+\.\d*0\b)|100 to max;\n(.|\n)*= 0/

const isNamed = ({ text }: Recorded) => Object.values(classes).some((pattern) => pattern.test(text))

function sourceOf(recorded: Recorded): {
  source: SchemaSource
  resolve: (reference: Reference) => SchemaSource | undefined
} {
  const sources = new Map<string, SchemaSource>()
  const add = (list: RecordedReference[] | undefined): Reference[] =>
    (list ?? []).map(({ name, text, refs }) => {
      const content = text ?? readFileSync(join(data, 'histories/protobuf/_imports', name), 'utf8')
      sources.set(name, { type: 'PROTOBUF', text: content, references: add(refs) })
      return { name, subject: name, version: 1 }
    })
  const references = add(recorded.references)
  return { source: { type: 'PROTOBUF', text: recorded.text, references }, resolve: ({ name }) => sources.get(name) }
}

const parsed = new Map<string, ProtobufSchema | InvalidSchema>()

/** Each text is parsed once for all tests. */
function schemaOf(recorded: Recorded): ProtobufSchema | InvalidSchema {
  const key = `${recorded.id} ${recorded.text}`
  let schema = parsed.get(key)
  if (!schema) {
    const { source, resolve } = sourceOf(recorded)
    try {
      schema = parse(source, resolve, { validation: 'confluent', asNew: true })
    } catch (error) {
      if (!(error instanceof InvalidSchema)) throw error
      schema = error
    }
    parsed.set(key, schema)
  }
  return schema
}

/** Our text in a form, or why there is none. */
function ours(recorded: Recorded, form: PrintForm): string {
  const schema = schemaOf(recorded)
  return schema instanceof InvalidSchema ? `refused: ${schema.message}` : print(schema, form)
}

const rows = existsSync(file)
  ? gunzipSync(readFileSync(file))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Recorded)
  : []
if (rows.length === 0) process.stderr.write('skipped: ../shared/data/confluent is not here\n')
const stored = rows.filter(({ schema }) => schema !== undefined)

describe('the texts that Confluent stores', () => {
  test('canonical text and GUID are the same, byte for byte', () => {
    const different = stored.filter((row) => ours(row, 'canonical') !== row.schema)
    expect(different.filter((row) => !isNamed(row)).map(({ id, text }) => [id, text])).toEqual([])
    expect(different.length).toBeLessThan(rows.length / 50)
    for (const row of stored) {
      if (row.guid === undefined || different.includes(row)) continue
      expect([row.id, guidOf({ text: ours(row, 'canonical'), references: row.sent })]).toEqual([row.id, row.guid])
    }
  })

  test('normalized text is the same', () => {
    const different = stored.filter((row) => {
      if (row.normalized === undefined) return false
      const recorded = row.normalized === '=schema' ? '=schema' : row.normalized.schema
      const wanted = recorded === '=schema' ? row.schema : recorded
      return wanted !== undefined && ours(row, 'normalized') !== wanted
    })
    expect(different.filter((row) => !isNamed(row)).map(({ id, text }) => [id, text])).toEqual([])
  })

  test('what is refused there is refused, and nothing else', () => {
    const wrong = rows.filter((row) => {
      const refused = (row.error?.status ?? row.status ?? 200) !== 200
      return ours(row, 'canonical').startsWith('refused: ') !== refused
    })
    expect(wrong.filter((row) => !isNamed(row)).map((row) => [row.id, row.text, ours(row, 'canonical')])).toEqual([])
  })

  test('the text without extensions is the same', () => {
    for (const row of stored) {
      if (!row.formats || isNamed(row)) continue
      const { ignore_extensions } = row.formats
      expect([row.id, ours(row, 'ignore_extensions')]).toEqual([
        row.id,
        ignore_extensions === '=schema' ? row.schema : ignore_extensions,
      ])
    }
  })

  test('the descriptor is the same where that server loses nothing in it', () => {
    const whole = stored.filter((row) => row.formats && !isNamed(row) && !lostInDescriptors.test(row.schema ?? ''))
    for (const row of whole) {
      const again = { ...row, text: row.schema ?? '' }
      expect([row.id, ours(again, 'serialized')]).toEqual([row.id, row.formats?.serialized])
    }
    if (rows.length > 0) expect(whole.length).toBeGreaterThan(100)
  })
})
