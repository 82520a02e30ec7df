/* `npm run demo`: the whole path on the example schemas, from registration to a typed consumer. Ends by itself. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTerminal, run } from '@concordat/cli'
import { RegistryClient } from '@concordat/client'
import { readHistories } from './replay/histories.js'
import { inDependencyOrder } from './replay/plan.js'
import { References } from './support/references.js'
import { startRegistry } from './support/registry-process.js'
import { typeCheck } from './support/type-check.js'
import { inScratchFolder } from './support/workspace.js'

const examples = fileURLToPath(new URL('../schemas/examples/', import.meta.url))
const proposals = [
  { file: 'orders-value.avsc', subject: 'orders-value', what: 'a new field without a default' },
  { file: 'payments-value.json', subject: 'payments-value', what: 'INVOICE is taken out of the methods' },
  { file: 'shipments-value.proto', subject: 'shipments-value', what: 'weight_grams becomes a string' },
]
const topics = { orders: 'orders-value', payments: 'payments-value', shipments: 'shipments-value' }

const terminal = createTerminal(process.stdout, process.stderr)
const title = (text: string) => terminal.print(`\n${terminal.style('bold', text)}`)
const expect = (holds: boolean, what: string) => {
  if (!holds) throw new Error(`the demo did not go as it should: ${what}`)
}

const scratch = mkdtempSync(join(tmpdir(), 'concordat-demo-'))
const server = await startRegistry({ database: `sqlite:${join(scratch, 'demo.db')}` })
try {
  await inScratchFolder('demo', async (service) => {
    title(`1. A registry runs at ${server.url}`)
    const registered = await registerExamples()

    title('2. Breaking changes are refused, each with a message that would break')
    writeConfig(service)
    for (const { file, subject, what } of proposals) {
      copyFileSync(join(examples, 'proposals', file), join(service, file))
      terminal.print(`\n$ concordat check ${file} --subject ${subject}    # ${what}`)
      const code = await concordat(service, 'check', file, '--subject', subject)
      expect(code === 1, `${file} was not refused (exit code ${code})`)
    }

    title('3. A service generates its own bindings')
    for (const command of ['pull', 'generate']) {
      terminal.print(`$ concordat ${command}`)
      expect((await concordat(service, command)) === 0, `concordat ${command} failed`)
    }
    const files = readdirSync(join(service, 'src/contracts')).map((file) => join(service, 'src/contracts', file))
    const shop = join(service, 'src/shop.ts')
    copyFileSync(fileURLToPath(new URL('./demo/shop.ts.template', import.meta.url)), shop)
    const problems = typeCheck([...files, shop])
    for (const problem of problems) terminal.print(problem)
    expect(problems.length === 0, 'the generated code does not type-check')
    terminal.print(`${files.length} generated files and a service that uses them pass tsc --strict`)

    title('4. A typed producer sends, a typed consumer reads')
    const ran = spawnSync(process.execPath, ['--import', 'tsx', shop], {
      stdio: 'inherit',
      env: { ...process.env, CONCORDAT_REGISTRY_URL: server.url },
    })
    expect(ran.status === 0, 'the service ended with an error')

    title('Done')
    terminal.print(`${registered} versions registered, ${proposals.length} breaking changes refused,`)
    terminal.print(`${files.length} bindings generated and type-checked, 3 events sent and read.`)
    terminal.print('Next: npm start, and docs/guides/getting-started.md')
  })
} finally {
  await server.stop()
  rmSync(scratch, { recursive: true, force: true })
}

/** Registers every version of the examples and says under which number and id. */
async function registerExamples(): Promise<number> {
  const registry = new RegistryClient(server.url)
  const histories = readHistories(examples)
  const references = new References(registry, histories.imports)
  let count = 0
  for (const history of inDependencyOrder(histories)) {
    for (const { text } of history.versions) {
      const payload = await references.payload(history.type, text)
      const { id, version = 1 } = await registry.register(history.subject, payload)
      references.registered(history, text, version)
      terminal.print(`${history.type.padEnd(8)} ${history.subject} version ${version} (id ${id})`)
      count++
    }
  }
  return count
}

function writeConfig(service: string): void {
  const consumes = Object.fromEntries(Object.entries(topics).map(([topic, subject]) => [topic, { subject }]))
  const produces = {
    orders: {
      subject: 'orders-value',
      references: [{ name: 'shop.common.Money', subject: 'shop.common.Money' }],
    },
    payments: {
      subject: 'payments-value',
      references: [{ name: 'https://shop.example/schemas/address.json', subject: 'customer-address' }],
    },
    shipments: {
      subject: 'shipments-value',
      references: [{ name: 'shop/common/v1/address.proto', subject: 'shop/common/v1/address.proto' }],
    },
  }
  mkdirSync(join(service, 'src'), { recursive: true })
  writeFileSync(
    join(service, 'concordat.yaml'),
    JSON.stringify({ registry: { url: server.url }, service: 'shop', consumes, produces }, null, 2),
  )
  writeFileSync(join(service, 'package.json'), '{ "type": "module" }\n')
}

function concordat(service: string, ...args: string[]): Promise<number> {
  return run(args, { cwd: service, environment: {}, terminal })
}
