import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { decide, type ExactVerdict } from '../packages/core/src/json-schema/exact/index.js'
import { otherTools, type OtherTool } from './json-schema/other-tools.js'
import { documentOf, type Pair, pairsIn } from './json-schema/pairs.js'

// Decided rate, times and witnesses of the exact engine beside other packages, on the same pairs in the same run.
//   --pairs PATH...  files of {draft, s1, s2, contained?} (gzip too) or folders of histories
//   --out FILE       a JSON line per pair: id, outcome, reason, witness, ms
//   --ours           leave the other packages out
//   --verbose        list every answer that differs from the claim in the file

const { values, positionals } = parseArgs({
  options: {
    pairs: { type: 'string', multiple: true },
    out: { type: 'string' },
    ours: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const data = join(import.meta.dirname, '../../shared/data')
const paths = [...(values.pairs ?? []), ...positionals]
const pairs = (
  paths.length > 0
    ? paths
    : [
        ...['subschema.json', 'test-suite.json'].map((f) => join(data, 'json-containment', f)),
        join(data, 'histories/json'),
      ]
).flatMap(pairsIn)

class Column {
  readonly times: number[] = []
  private readonly counts = new Map<string, number>()

  constructor(readonly name: string) {}

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  /** @param answer contained or not; undefined: no answer */
  answer(answer: boolean | undefined, claim: boolean | undefined): void {
    this.count(answer === undefined ? 'undecided' : 'decided')
    if (answer === undefined || claim === undefined) return
    this.count(
      answer === claim ? 'as claimed' : answer ? 'contained, against the claim' : 'not contained, against the claim',
    )
  }

  row(labels: readonly string[]): string[] {
    const sorted = [...this.times].sort((a, b) => a - b)
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2)
    return [this.name, ...labels.map((label) => String(this.counts.get(label) ?? 0)), at(0.5), at(0.95), at(1)]
  }
}

const labels = [
  'decided',
  'undecided',
  'error',
  'as claimed',
  'contained, against the claim',
  'not contained, against the claim',
  'witness',
  'confirmed by ajv',
]

function ask(pair: Pair): { verdict: ExactVerdict; ms: number } {
  const start = performance.now()
  let verdict: ExactVerdict
  try {
    const [reader, writer] = [pair.reader, pair.writer].map((text) => documentOf(text, pair.dialect))
    verdict = decide(reader, writer, { policy: 'EXACT', assertFormats: pair.assertFormats })
  } catch (error) {
    verdict = { outcome: 'undecided', reason: `not readable: ${(error as Error).message}` }
  }
  return { verdict, ms: performance.now() - start }
}

function line(id: string, verdict: ExactVerdict, ms: number): string {
  const reason = verdict.outcome === 'undecided' ? verdict.reason : undefined
  const head = JSON.stringify({ id, outcome: verdict.outcome, reason, ms: Number(ms.toFixed(3)) })
  // The witness as its exact text: numbers may have more digits than a double keeps.
  return verdict.outcome === 'incompatible' ? `${head.slice(0, -1)},"witness":${verdict.witness.text}}` : head
}

async function askOther(tool: OtherTool, pair: Pair, column: Column): Promise<void> {
  const [writer, reader] = [pair.writer, pair.reader].map((text): unknown => JSON.parse(text))
  const start = performance.now()
  try {
    column.answer((await tool.contains(writer, reader)) ?? undefined, pair.contained)
  } catch {
    // What another tool cannot read or decide is counted, not hidden: it is this comparison's result.
    column.count('error')
  }
  column.times.push(performance.now() - start)
}

function print(rows: string[][]): void {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)))
  for (const row of rows) console.log(row.map((cell, i) => cell.padEnd(widths[i])).join('  '))
}

const ours = new Column('concordat')
const { tools, missing } = values.ours ? { tools: [], missing: [] } : await otherTools()
const columns = tools.map((tool) => ({ tool, column: new Column(tool.name) }))
if (values.out) writeFileSync(values.out, '')
if (pairs[0]) ask(pairs[0])
for (const pair of pairs) {
  const { verdict, ms } = ask(pair)
  ours.times.push(ms)
  const answer = verdict.outcome === 'undecided' ? undefined : verdict.outcome === 'compatible'
  ours.answer(answer, pair.contained)
  if (verdict.outcome === 'incompatible') {
    ours.count('witness')
    if (verdict.witness.confirmedBy.startsWith('ajv')) ours.count('confirmed by ajv')
  }
  if (values.out) appendFileSync(values.out, `${line(pair.id, verdict, ms)}\n`)
  if (values.verbose && pair.contained !== undefined && answer !== pair.contained) {
    const why =
      verdict.outcome === 'incompatible'
        ? `${verdict.witness.text}: ${verdict.witness.confirmedBy}`
        : 'reason' in verdict
          ? verdict.reason
          : ''
    console.log(
      `${pair.id}: claimed ${pair.contained ? 'contained' : 'not contained'}, found ${verdict.outcome} ${why}`,
    )
  }
  for (const { tool, column } of columns) await askOther(tool, pair, column)
}
console.log(`${pairs.length} pairs; times in milliseconds per pair`)
print([
  ['', ...labels, 'median', '95 %', 'max'],
  ...[ours, ...columns.map(({ column }) => column)].map((column) => column.row(labels)),
])
for (const name of missing) console.log(`${name}: not installed`)
