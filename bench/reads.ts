import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchOptions, compare, report } from './support/figures.js'
import { httpLoad } from './support/http-load.js'
import { avroSchema } from './support/schemas.js'
import { startAnchor, startRegistry } from './support/server.js'

// Schemas by id, 200 of them in turns over 64 connections, against bare node:http that sends the same bodies.

const count = 200
const { seconds, rounds, json } = benchOptions()
const folder = mkdtempSync(join(tmpdir(), 'concordat-bench-'))
const registry = await startRegistry(`sqlite:${join(folder, 'registry.db')}`)

const answers: Record<string, string> = {}
for (let n = 1; n <= count; n++) {
  const answer = await fetch(`${registry.url}/subjects/bench-${n}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: avroSchema(`Event${n}`, n) }),
  })
  const path = `/schemas/ids/${((await answer.json()) as { id: number }).id}`
  answers[path] = await (await fetch(`${registry.url}${path}`)).text()
}
const file = join(folder, 'answers.json')
writeFileSync(file, JSON.stringify(answers))
const anchor = await startAnchor('./bare-http.ts', [file])

const requests = Object.keys(answers).map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`))
let turn = 0
const next = () => requests[turn++ % requests.length] ?? Buffer.alloc(0)
const run = (server: typeof anchor | typeof registry) => () =>
  httpLoad({ url: server.url, connections: 64, next, seconds, cpuSeconds: () => server.cpuSeconds() })

await run(registry)() // both warm
await run(anchor)()
const comparison = await compare({
  bench: 'reads',
  subject: { name: `registry (${registry.how})`, run: run(registry) },
  anchor: { name: 'bare node:http', run: run(anchor) },
  unit: 'requests',
  rounds,
})
await Promise.all([registry.stop(), anchor.stop()])
rmSync(folder, { recursive: true })
report(comparison, json)
