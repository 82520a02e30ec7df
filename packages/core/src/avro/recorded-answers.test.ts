import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { guidOf } from '../identity/index.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import type { Reference, ReferenceResolver } from '../schema/source.js'
import { noReferences } from '../schema/source.js'
import { avro } from './index.js'
import type { AvroSchema } from './schema.js'

const shared = join(__dirname, '../../../../../shared/data')
const here = existsSync(shared)
if (!here) process.stderr.write(`skipped: what Confluent's server answered is not at ${shared}\n`)
const whenRecorded = here ? describe : describe.skip

interface RecordedReference {
  name: string
  subject: string
  text: string
  refs?: RecordedReference[]
}
interface Form {
  id: string
  text: string
  references?: RecordedReference[]
  sent?: Reference[]
  status?: number
  error?: { status: number }
  schema?: string
  guid?: string
  normalized?: { schema?: string; error?: { status: number } }
  formats?: { resolved?: string }
}
interface Answer {
  compatible: boolean
  differences: { type: string; path: string }[]
  other?: number
}
interface Pair {
  id: string
  edits: string[]
  older: string
  newer: string
  references?: RecordedReference[]
  newerReferences?: RecordedReference[]
  strict?: Answer
  levels?: { FORWARD?: Answer }
  error?: { side: 'older' | 'newer' }
}

function rows<T>(file: string): T[] {
  if (!here) return []
  const packed = readFileSync(join(shared, 'confluent', file))
  const text = file.endsWith('.gz') ? gunzipSync(packed).toString() : packed.toString()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

const asReferences = (references: RecordedReference[] = []): Reference[] =>
  references.map(({ name, subject }) => ({ name, subject, version: 1 }))

function resolverFor(references: RecordedReference[] = []): ReferenceResolver {
  const bySubject = new Map<string, RecordedReference>()
  const add = (reference: RecordedReference) => {
    for (const inner of reference.refs ?? []) add(inner)
    bySubject.set(reference.subject, reference)
  }
  references.forEach(add)
  return ({ subject }) => {
    const found = bySubject.get(subject)
    return found && { type: 'AVRO', text: found.text, references: asReferences(found.refs) }
  }
}

function parse(text: string, references: RecordedReference[] = [], sent = asReferences(references)): AvroSchema {
  const source = { type: 'AVRO' as const, text, references: sent }
  return avro.parse(source, resolverFor(references), { validation: 'confluent', asNew: true })
}

/** What a function gives, or `refused` if the schema is invalid. Any other error is a failure. */
function answered<T>(work: () => T): T | 'refused' {
  try {
    return work()
  } catch (error) {
    if (error instanceof InvalidSchema) return 'refused'
    throw error
  }
}

whenRecorded("Confluent's text forms", () => {
  const forms = rows<Form>('forms/avro.jsonl')
  const wanted = (form: Form, text: string | undefined) => (text === '=schema' ? form.schema : text)

  const mismatches = (form: Form): string[] => {
    const { text, references, sent = asReferences(references) } = form
    const found: string[] = []
    const compare = (what: string, got: unknown, expected: unknown) => {
      if (got !== expected) found.push(`${form.id} ${what}: ${String(got)} instead of ${String(expected)}`)
    }
    const schema = answered(() => parse(text, references, sent))
    compare('refused', schema === 'refused', form.error !== undefined || (form.status ?? 200) !== 200)
    if (schema === 'refused') return found
    const canonical = avro.print(schema, 'canonical')
    compare('canonical', canonical, form.schema)
    if (form.guid) compare('guid', guidOf({ text: canonical, references: sent }), form.guid)
    if (form.normalized) {
      const expected = form.normalized.error ? 'refused' : wanted(form, form.normalized.schema)
      compare(
        'normalized',
        answered(() => avro.print(schema, 'normalized')),
        expected,
      )
    }
    if (form.formats?.resolved) compare('resolved', avro.print(schema, 'resolved'), wanted(form, form.formats.resolved))
    compare('printed again', avro.print(parse(canonical, references, sent), 'canonical'), canonical)
    return found
  }

  it('are ours, byte for byte, with the same GUIDs and refusals', () => {
    expect(forms.flatMap(mismatches)).toEqual([])
    expect(forms.length).toBeGreaterThan(900)
  })
})

whenRecorded("Confluent's verdicts", () => {
  const pairs = rows<Pair>('verdicts/avro.jsonl.gz')

  const summary = (reader: AvroSchema, writer: AvroSchema): string => {
    const verdict = avro.canRead(reader, writer, { policy: 'STRICT', witness: false })
    if (verdict.outcome !== 'incompatible') return verdict.outcome
    return `incompatible ${verdict.breaks
      .map(({ rule, path }) => `${rule} ${path}`)
      .sort()
      .join(', ')}`
  }
  const recorded = ({ compatible, differences }: Answer): string =>
    compatible
      ? 'compatible'
      : `incompatible ${differences
          .map(({ type, path }) => `${type} ${path}`)
          .sort()
          .join(', ')}`

  const mismatches = (pair: Pair): string[] => {
    const older = answered(() => parse(pair.older, pair.references))
    if (older === 'refused') return pair.error?.side === 'older' ? [] : [`${pair.id}: older is refused`]
    const newer = answered(() => parse(pair.newer, pair.newerReferences ?? pair.references))
    if (newer === 'refused') return pair.error?.side === 'newer' ? [] : [`${pair.id}: newer is refused`]
    if (pair.error) return [`${pair.id}: ${pair.error.side} is accepted`]
    const asked = [
      [newer, older, pair.strict],
      [older, newer, pair.levels?.FORWARD],
    ] as const
    return asked.flatMap(([reader, writer, answer]) => {
      const ours = answer && summary(reader, writer)
      // A sentence that is no difference stands for an exception inside the server's check: only the outcome is known.
      if (!answer || (answer.other ? ours?.startsWith('incompatible') : ours === recorded(answer))) return []
      return [`${pair.id}: ${ours} instead of ${recorded(answer)}`]
    })
  }

  it('are those of STRICT, with the same multiset of types and paths', () => {
    expect(pairs.flatMap(mismatches)).toEqual([])
    expect(pairs.length).toBeGreaterThan(2300)
  })

  it('are what EXACT improves on, with a message to prove each refusal', () => {
    for (const pair of pairs) {
      const schemas = answered(
        () => [parse(pair.newer, pair.newerReferences ?? pair.references), parse(pair.older, pair.references)] as const,
      )
      if (schemas === 'refused') continue
      const [reader, writer] = schemas
      const verdict = avro.canRead(reader, writer, { policy: 'EXACT' })
      expect(verdict.outcome).not.toBe('undecided')
      if (verdict.outcome === 'incompatible')
        expect([pair.id, verdict.witness?.confirmedBy]).toEqual([pair.id, 'avsc 5.7.9'])
    }
  })
})

whenRecorded('Real schema histories', () => {
  const folder = join(shared, 'histories/avro')
  const files = here
    ? readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)).map((file) => join(name, file)))
    : []
  const options = { validation: 'confluent', asNew: false } as const
  const read = (file: string) => {
    const text = readFileSync(join(folder, file), 'utf8')
    return answered(() => avro.parse({ type: 'AVRO', text, references: [] }, noReferences, options))
  }

  it('are the same after printing and parsing again', () => {
    let readable = 0
    for (const file of files) {
      const schema = read(file)
      if (schema === 'refused') continue
      readable++
      for (const form of ['canonical', 'normalized', 'resolved'] as const) {
        const text = avro.print(schema, form)
        const again = avro.parse({ type: 'AVRO', text, references: [] }, noReferences, options)
        expect(avro.print(again, form)).toBe(text)
        if (form !== 'normalized') expect(avro.diff(again, schema)).toEqual([])
      }
    }
    expect(readable).toBeGreaterThan(90)
  })

  it('are decided in both directions, with a confirmed message for each refusal', () => {
    let pairs = 0
    for (const [index, file] of files.entries()) {
      const [older, newer] = [files[index - 1], file].map((name) => (name ? read(name) : 'refused'))
      if (!older || !newer || older === 'refused' || newer === 'refused') continue
      if (files[index - 1]?.split('/')[0] !== file.split('/')[0]) continue
      for (const [reader, writer] of [
        [older, newer],
        [newer, older],
      ] as const) {
        pairs++
        const verdict = avro.canRead(reader, writer, { policy: 'EXACT' })
        expect(verdict.outcome).not.toBe('undecided')
        if (verdict.outcome === 'incompatible') expect([file, verdict.witness !== undefined]).toEqual([file, true])
      }
    }
    expect(pairs).toBeGreaterThan(100)
  })
})
