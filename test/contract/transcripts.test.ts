import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRegistry, type TestRegistry } from '../support/registry.js'
import { difference, readAnswer, readTranscripts, type Sequence } from './transcripts.js'
import { deviations } from './transcripts.deviations.js'

const mediaType = 'application/vnd.schemaregistry.v1+json'
const settings = { schemaValidation: 'confluent' } as const

/** How the registries of a test run keep their data. Sequences that keep to a context of their own can share one. */
interface Engine {
  name: string
  start(): Promise<TestRegistry>
}

const folder = mkdtempSync(join(tmpdir(), 'concordat-transcripts-'))
let files = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const engines: Engine[] = [
  { name: 'memory', start: () => startRegistry({ settings }) },
  {
    name: 'sqlite',
    start: () => startRegistry({ settings, database: { engine: 'sqlite', path: join(folder, `${++files}.db`) } }),
  },
]

/** Plays a sequence and says where the answers differ from the recorded ones. */
async function replay(registry: TestRegistry, sequence: Sequence): Promise<string[]> {
  const problems: string[] = []
  for (const [index, step] of sequence.steps.entries()) {
    const { method, path, body, raw } = step
    const stated = Object.entries(step.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
    const headers = {
      ...((body !== undefined || raw !== undefined) && { 'content-type': mediaType }),
      ...Object.fromEntries(stated),
    }
    const { status, text } = await registry.send({ method, path, body, raw, headers })
    if (step.fault || deviations[sequence.id]?.steps.includes(index)) continue
    const found = difference(step, readAnswer(path, status, text))
    if (found) problems.push(`step ${index} ${method} ${path}: ${found}`)
  }
  return problems
}

describe.each(engines)('on $name', (engine) => {
  let shared: TestRegistry | undefined
  afterAll(() => shared?.close())

  describe.each(['scripted', 'random', 'rules'])('the %s recordings', (file) => {
    const sequences = readTranscripts(file)?.filter(({ area }) => area !== 'dek')
    if (!sequences) {
      console.log(`skipped: ../shared/data/confluent/transcripts/${file}.jsonl is not at hand`)
      it.todo('are not at hand')
      return
    }
    it.each(sequences.map((one): [string, Sequence] => [`${one.id}: ${one.title}`, one]))('%s', async (_, sequence) => {
      const registry = sequence.context ? (shared ??= await engine.start()) : await engine.start()
      const problems = await replay(registry, sequence)
      if (registry !== shared) await registry.close()
      if (problems.length > 0) throw new Error(problems.join('\n'))
    })
  })
})
