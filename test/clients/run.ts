/* `npm run test:clients -- [NAME…] [--report FILE]`; see README.md beside this file. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startRegistry } from '../../scripts/support/registry-process.js'
import type { Client, Shown } from './client.js'
import { clients } from './clients.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const cache = join(here, '../../node_modules/.cache/concordat-clients')
const protoc = join(here, '../../node_modules/.bin/protoc')
const phaseTimeout = 180_000

const args = process.argv.slice(2)
const reportAt = args.indexOf('--report')
const report = reportAt === -1 ? undefined : args.splice(reportAt, 2)[1]
const unknown = args.filter((name) => !clients.some((client) => client.name === name))
if (unknown.length > 0) {
  console.error(`no client ${unknown.join(', ')}; there are: ${clients.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const chosen = clients.filter(({ name, onlyByName }) => (args.length > 0 ? args.includes(name) : !onlyByName))

const scratch = mkdtempSync(join(tmpdir(), 'concordat-clients-'))
const exchange = join(scratch, 'exchange')
mkdirSync(exchange)
mkdirSync(cache, { recursive: true })

const counts = { passed: 0, failed: 0, skipped: 0 }
const fail = (name: string, reason: string) => {
  counts.failed++
  console.log(`  not ok  ${name}\n          ${reason.replaceAll('\n', '\n          ')}`)
}

/** Compiles the Protobuf schemas as every generated class of a client would carry them. */
function compileDescriptors(): void {
  for (const version of ['v1', 'v2']) {
    const file = `order.${version}.proto`
    const out = join(scratch, `order.${version}.binpb`)
    const run = spawnSync(protoc, [`-I${join(here, 'schemas')}`, '--include_imports', '-o', out, file])
    if (run.status !== 0) throw new Error(`protoc refused ${file}: ${run.stderr.toString()}`)
  }
}

async function phase(client: Client, command: string[], name: 'write' | 'read', registry: string): Promise<void> {
  const [program, ...programArgs] = command
  const environment = {
    REGISTRY_URL: registry,
    EXCHANGE: exchange,
    SCHEMAS: join(here, 'schemas'),
    DESCRIPTORS: scratch,
  }
  const { stdout, stderr, code } = await new Promise<{ stdout: string; stderr: string; code: number | string | null }>(
    (resolve) => {
      execFile(
        program,
        [...programArgs, name],
        { env: { ...process.env, ...environment }, timeout: phaseTimeout, maxBuffer: 16 * 1024 * 1024 },
        (error, out, err) => resolve({ stdout: out, stderr: err, code: error ? (error.code ?? 'a signal') : 0 }),
      )
    },
  )
  let shown = 0
  for (const line of stdout.split('\n').filter((text) => text.startsWith('{"name"'))) {
    const result = JSON.parse(line) as Shown
    shown++
    if (result.ok) {
      counts.passed++
      console.log(`  ok      ${client.name}: ${result.name}`)
    } else fail(`${client.name}: ${result.name}`, result.reason ?? 'no reason given')
  }
  if (code !== 0) fail(`${client.name}: ${name} runs to its end`, `ended with ${code}\n${stderr.slice(-2000)}`)
  else if (shown === 0) fail(`${client.name}: ${name} shows something`, 'it printed no result')
}

compileDescriptors()
const registry = await startRegistry({ database: `sqlite:${join(scratch, 'registry.db')}` })
try {
  const ready: { client: Client; command: string[] }[] = []
  for (const client of chosen) {
    const lack = client.lacks()
    if (lack) {
      counts.skipped++
      console.log(`  skipped ${client.name}: ${lack}`)
      continue
    }
    const started = Date.now()
    try {
      ready.push({ client, command: await client.prepare(cache) })
      console.log(`  ready   ${client.name} after ${Math.round((Date.now() - started) / 1000)} s`)
    } catch (error) {
      fail(`${client.name}: can be built`, (error as Error).message)
    }
  }
  for (const { client, command } of ready) await phase(client, command, 'write', registry.url)
  const messages = readdirSync(exchange).sort()
  console.log(`  ${messages.length} messages: ${messages.join(', ')}`)
  for (const message of messages) {
    if (readFileSync(join(exchange, message)).length < 6) fail(`${message} is framed`, 'it is shorter than a frame')
  }
  for (const { client, command } of ready) await phase(client, command, 'read', registry.url)
} finally {
  await registry.stop()
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`clients: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
if (report) writeFileSync(report, JSON.stringify(counts))
process.exit(counts.failed > 0 ? 1 : 0)
