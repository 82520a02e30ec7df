import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchOptions, compare, report, type Round } from './support/figures.js'
import { httpLoad } from './support/http-load.js'
import { avroSchema } from './support/schemas.js'
import { startAnchor, startRegistry } from './support/server.js'

// Durable new versions from 64 callers, each with a subject of its own and the compatibility check against its latest
// version, against the same number of durable rows of the same size, written by the bare sqlite3 driver in group commits.

const callers = 64
const { seconds, rounds, json } = benchOptions()
const folder = mkdtempSync(join(tmpdir(), 'concordat-bench-'))
const registry = await startRegistry(`sqlite:${join(folder, 'registry.db')}`)
const bytes = avroSchema('Event10', 100).length
const anchor = await startAnchor('./raw-sqlite.ts', [join(folder, 'raw.db'), String(callers), String(bytes)])

let revision = 0
const next = () => {
  const n = revision++
  const caller = n % callers
  const body = JSON.stringify({ schema: avroSchema(`Event${caller}`, n) })
  const head = `POST /subjects/bench-${caller}/versions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n`
  return Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

const register = () =>
  httpLoad({ url: registry.url, connections: callers, next, seconds, cpuSeconds: () => registry.cpuSeconds() })
const insert = async (): Promise<Round> => {
  anchor.child.send({ seconds })
  const [round] = (await once(anchor.child, 'message')) as [Round]
  return round
}

await register() // both warm
await insert()
const comparison = await compare({
  bench: 'registrations',
  subject: { name: `registry (${registry.how})`, run: register },
  anchor: { name: 'raw sqlite3 with group commit', run: insert },
  unit: 'registrations',
  rounds,
})
await Promise.all([registry.stop(), anchor.stop()])
rmSync(folder, { recursive: true })
report(comparison, json)
