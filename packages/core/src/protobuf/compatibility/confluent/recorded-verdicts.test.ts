import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Reference, ReferenceResolver, SchemaSource } from '../../../schema/index.js'
import { parse } from '../../parse.js'
import type { ProtobufSchema } from '../../schema.js'
import { canRead } from '../can-read.js'

const data = join(__dirname, '../../../../../../../shared/data')
const file = join(data, 'confluent/verdicts/protobuf.jsonl.gz')
const imports = join(data, 'histories/protobuf/_imports')
const recorded = existsSync(file)
if (!recorded) process.stdout.write('skipped: Confluent verdicts on Protobuf, because ../shared/data is absent\n')

interface Referenced {
  name: string
  text?: string
  refs?: Referenced[]
}

interface Row {
  id: string
  older: string
  newer: string
  references?: Referenced[]
  newerReferences?: Referenced[]
  strict?: { compatible: boolean; differences: { type: string; path: string }[] }
  error?: unknown
}

describe('STRICT gives the verdicts that a Confluent registry gave', () => {
  const rows = recorded ? read() : []
  const results = rows.map((row) => ({ row, ...ask(row) }))

  ;(recorded ? it : it.skip)('the same verdict', () => {
    const wrong = results.filter(
      ({ row, outcome }) => outcome !== (row.strict?.compatible ? 'compatible' : 'incompatible'),
    )
    expect(wrong.map(({ row, outcome }) => `${row.id} ${outcome}`)).toEqual([])
    expect(results.length).toBeGreaterThan(1000)
  })

  ;(recorded ? it : it.skip)('for the same differences at the same paths', () => {
    const wrong = results.filter(({ row, breaks }) => {
      const wanted = row.strict?.differences.map(({ type, path }) => `${type} ${path}`) ?? []
      return breaks.sort().join() !== wanted.sort().join()
    })
    expect(wrong.map(({ row, breaks }) => `${row.id} ${breaks.join()}`)).toEqual([])
  })
})

function read(): Row[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Row).filter(({ error }) => !error)
}

function ask({ older, newer, references, newerReferences }: Row): { outcome: string; breaks: string[] } {
  const [writer, reader] = [schemaOf(older, references), schemaOf(newer, newerReferences ?? references)]
  const verdict = canRead(reader, writer, { policy: 'STRICT', witness: false })
  const breaks = verdict.outcome === 'incompatible' ? verdict.breaks.map(({ rule, path }) => `${rule} ${path}`) : []
  return { outcome: verdict.outcome, breaks }
}

function schemaOf(text: string, references: Referenced[] = []): ProtobufSchema {
  const sources = new Map<string, SchemaSource>()
  const add = (list: Referenced[] = []): Reference[] =>
    list.map(({ name, text: own, refs }) => {
      sources.set(name, { type: 'PROTOBUF', text: own ?? textOfImport(name), references: add(refs) })
      return { name, subject: name, version: 1 }
    })
  const source: SchemaSource = { type: 'PROTOBUF', text, references: add(references) }
  const resolve: ReferenceResolver = ({ name }) => sources.get(name)
  return parse(source, resolve, { validation: 'confluent', asNew: false })
}

/** Histories give the names of their imports only; their texts are beside them. */
function textOfImport(name: string): string {
  return readFileSync(join(imports, name), 'utf8')
}
