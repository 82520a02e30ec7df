/* `npm run replay -- DIR [--json FILE]`: a folder of schema histories through a fresh registry; see docs/guides/replay.md. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RegistryClient } from '@concordat/client'
import { generateAndCheck } from './replay/bindings.js'
import { readHistories } from './replay/histories.js'
import type { Outcome } from './replay/outcome.js'
import { inDependencyOrder } from './replay/plan.js'
import { registerVersion } from './replay/register.js'
import { describeSubject } from './replay/report.js'
import { References } from './support/references.js'
import { startRegistry } from './support/registry-process.js'

const args = process.argv.slice(2)
const jsonAt = args.indexOf('--json')
const jsonFile = jsonAt === -1 ? undefined : args.splice(jsonAt, 2)[1]
const [directory, ...more] = args
if (directory === undefined || more.length > 0 || !existsSync(directory)) {
  console.error(
    'usage: npm run replay -- DIR [--json FILE]\nDIR holds {avro,json,protobuf}/<subject>/v001…, oldest first',
  )
  process.exit(2)
}

const histories = readHistories(directory)
if (histories.subjects.length === 0) {
  console.error(`${directory} holds no histories: expected {avro,json,protobuf}/<subject>/v001… below it`)
  process.exit(2)
}
const scratch = mkdtempSync(join(tmpdir(), 'concordat-replay-'))
const registryProcess = await startRegistry({ database: `sqlite:${join(scratch, 'replay.db')}` })
const outcomes: Outcome[] = []
const typeErrors: string[] = []
try {
  const registry = new RegistryClient(registryProcess.url)
  const references = new References(registry, histories.imports)
  for (const history of inDependencyOrder(histories)) {
    const ofSubject: Outcome[] = []
    for (const version of history.versions) {
      ofSubject.push(await registerVersion(registry, references, history, version))
    }
    outcomes.push(...ofSubject)
    for (const line of describeSubject(history.subject, ofSubject)) console.log(line)
  }
  console.log('\nbindings for the newest version of each subject …')
  const newest = histories.subjects.filter(({ subject }) =>
    outcomes.some((outcome) => outcome.subject === subject && outcome.outcome === 'registered'),
  )
  typeErrors.push(
    ...(await generateAndCheck(
      registry,
      newest.map(({ subject }) => subject),
    )),
  )
  for (const problem of typeErrors) console.log(`  ${problem}`)
} finally {
  await registryProcess.stop()
  rmSync(scratch, { recursive: true, force: true })
}

const count = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length
console.log(
  `\n${outcomes.length} versions of ${histories.subjects.length} subjects: ${count('registered')} registered, ` +
    `${count('refused')} refused, ${count('invalid')} invalid, ${count('failed')} failed; ${typeErrors.length} type errors`,
)
if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify({ outcomes, typeErrors }, null, 2)}\n`)
process.exit(count('failed') > 0 || typeErrors.length > 0 ? 1 : 0)
