import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import avsc from 'avsc'
import type { AvroSchema } from '@concordat/core/avro'
import { avro } from '@concordat/core/avro'
import type { Verdict } from '@concordat/core'
import { noReferences, parseStored } from '@concordat/core'

// Parse, verdict and witness of each pair beside avsc's parse and createResolver, in milliseconds of CPU. A pair is
// {reader, writer} (schemas as JSON or as text) in a JSON or JSON-lines file, gzip or not, or two versions that follow
// each other in a folder of histories, asked in both directions.

interface Pair {
  id: string
  reader: string
  writer: string
}

interface Measured {
  id: string
  outcome: Verdict['outcome'] | 'invalid'
  reason?: string
  witness?: unknown
  /** CPU milliseconds, medians. `ms` is the whole answer after parsing, witness included. */
  ms?: number
  parse?: number
  verdict?: number
  avscParse?: number
  avscResolver?: number
}

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', multiple: true },
    out: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
  allowPositionals: true,
})
const rounds = Number(values.rounds)
const extra = process.argv.slice(2).filter((argument, index, all) => isFurtherPath(argument, index, all))
const paths = values.pairs
  ? [...values.pairs, ...extra]
  : [join(import.meta.dirname, '../../shared/data/histories/avro')]

/** `--pairs A B` names two paths: what follows without an option belongs to it. */
function isFurtherPath(argument: string, index: number, all: readonly string[]): boolean {
  return index > 0 && !argument.startsWith('--') && !(all[index - 1] ?? '').startsWith('--')
}

function pairsIn(path: string): Pair[] {
  if (!existsSync(path))
    throw new Error(`${path} does not exist: give --pairs a file of pairs or a folder of histories`)
  return statSync(path).isDirectory() ? historiesIn(path) : fileOfPairs(path)
}

function fileOfPairs(path: string): Pair[] {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  const list = text.trimStart().startsWith('[')
    ? (JSON.parse(text) as unknown[])
    : text
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
  return list.map((entry, index) => {
    const { reader, writer } = entry as { reader: unknown; writer: unknown }
    return { id: `${basename(path)}#${index}`, reader: asText(reader), writer: asText(writer) }
  })
}

/** Schema text; a string that is no JSON is the name of a primitive type. */
function asText(schema: unknown): string {
  if (typeof schema !== 'string') return JSON.stringify(schema)
  return /^\s*["[{]/.test(schema) ? schema : JSON.stringify(schema)
}

/** A folder of versions, or a folder of such folders. */
function historiesIn(folder: string): Pair[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'))
  const own = files.slice(1).flatMap((name, index) => {
    const [older, newer] = [files[index], name].map((file) => (file ?? '').replace(/\..*$/, ''))
    const [before, after] = [texts[index] ?? '', texts[index + 1] ?? '']
    return [
      { id: `${basename(folder)}:${older}->${newer}`, reader: after, writer: before },
      { id: `${basename(folder)}:${newer}->${older}`, reader: before, writer: after },
    ]
  })
  return [...own, ...inner.flatMap(historiesIn)]
}

const parse = (text: string): AvroSchema =>
  avro.parse({ type: 'AVRO', text, references: [] }, noReferences, parseStored)

function measure(pair: Pair): Measured {
  let schemas: [AvroSchema, AvroSchema]
  try {
    schemas = [parse(pair.reader), parse(pair.writer)]
  } catch (error) {
    return { id: pair.id, outcome: 'invalid', reason: (error as Error).message }
  }
  const verdict = avro.canRead(...schemas, { policy: 'EXACT' })
  const fresh = (): [AvroSchema, AvroSchema] => [parse(pair.reader), parse(pair.writer)]
  return {
    id: pair.id,
    outcome: verdict.outcome,
    ...(verdict.outcome === 'undecided' && { reason: verdict.reason }),
    ...(verdict.outcome === 'incompatible' && { witness: verdict.witness?.value ?? null }),
    parse: median(
      () => fresh,
      (work) => work(),
    ),
    verdict: median(fresh, (both) => avro.canRead(...both, { policy: 'EXACT', witness: false })),
    ms: median(fresh, (both) => avro.canRead(...both, { policy: 'EXACT' })),
    avscParse: median(
      () => undefined,
      () => avscTypes(pair),
    ),
    avscResolver: median(
      () => avscTypes(pair),
      (types) => avscResolver(types),
    ),
  }
}

function avscTypes({ reader, writer }: Pair): [avsc.Type, avsc.Type] | undefined {
  try {
    const [to, from] = [reader, writer].map((text) => avsc.Type.forSchema(JSON.parse(text) as avsc.Schema))
    return to && from && [to, from]
  } catch {
    return undefined
  }
}

function avscResolver(types: [avsc.Type, avsc.Type] | undefined): unknown {
  try {
    return types?.[0].createResolver(types[1])
  } catch {
    return undefined
  }
}

/** Median CPU milliseconds of some work; what prepares it is not measured. */
function median<T>(prepare: () => T, work: (prepared: T) => unknown, times = rounds): number {
  const measured = Array.from({ length: times }, () => {
    const prepared = prepare()
    const before = process.cpuUsage()
    work(prepared)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return quantile(measured, 0.5)
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

const pairs = paths.flatMap(pairsIn)
if (pairs[0]) measure(pairs[0])
const results = pairs.map(measure)
if (values.out) writeFileSync(values.out, results.map((result) => `${JSON.stringify(result)}\n`).join(''))

const decided = results.filter(({ outcome }) => outcome === 'compatible' || outcome === 'incompatible')
const refused = results.filter(({ outcome }) => outcome === 'incompatible')
const count = (outcome: Measured['outcome']) => results.filter((result) => result.outcome === outcome).length
console.log(
  `${results.length} pairs: ${count('compatible')} compatible, ${count('incompatible')} incompatible ` +
    `(${refused.filter(({ witness }) => witness !== null).length} with a confirmed message), ` +
    `${count('undecided')} undecided, ${count('invalid')} with a schema that cannot be parsed`,
)
if (decided.length > 0) {
  console.log('CPU ms per pair                     median     95 %      max')
  row('parse (both)', decided, ({ parse: ms }) => ms)
  row('  avsc parse (both)', decided, ({ avscParse }) => avscParse)
  row('verdict', decided, ({ verdict }) => verdict)
  row('  avsc createResolver', decided, ({ avscResolver: ms }) => ms)
  if (refused.length > 0) row('verdict, message and advice', refused, ({ ms }) => ms)
}

const fields = Array.from({ length: 1000 }, (_, i) => ({ name: `f${i}`, type: ['null', 'string'], default: null }))
const wide = JSON.stringify({ type: 'record', name: 'Wide', fields })
/** Enough that both are compiled by the engine for most of the rounds. */
const wideRounds = Math.max(rounds, 25)
const itself = median(
  () => [parse(wide), parse(`${wide} `)] as const,
  ([reader, writer]) => avro.canRead(reader, writer, { policy: 'EXACT' }),
  wideRounds,
)
const wideTypes = median(
  () => avscTypes({ id: '', reader: wide, writer: wide }),
  (types) => avscResolver(types),
  wideRounds,
)
console.log(
  `record of 1,000 fields against itself: ${itself.toFixed(2)} ms (avsc createResolver ${wideTypes.toFixed(2)} ms)`,
)

function row(name: string, list: readonly Measured[], of: (result: Measured) => number | undefined): void {
  const numbers = list.map((result) => of(result) ?? NaN)
  const cells = [0.5, 0.95, 1].map((share) => quantile(numbers, share).toFixed(3).padStart(9))
  console.log(`${name.padEnd(32)}${cells.join('')}`)
}
