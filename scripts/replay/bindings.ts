import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, createTerminal } from '@concordat/cli'
import type { RegistryClient } from '@concordat/client'
import { typeCheck } from '../support/type-check.js'
import { inScratchFolder } from '../support/workspace.js'

/** Generates bindings for the newest version of each subject, as a service would, and type-checks them together. */
export async function generateAndCheck(registry: RegistryClient, subjects: readonly string[]): Promise<string[]> {
  return inScratchFolder('replay', async (folder) => {
    const consumes = Object.fromEntries(subjects.map((subject) => [subject, { subject }]))
    const config = { registry: { url: registry.url }, service: 'replay', consumes }
    writeFileSync(join(folder, 'concordat.yaml'), JSON.stringify(config))
    for (const command of ['pull', 'generate']) {
      const terminal = createTerminal(process.stdout, process.stderr, { quiet: true })
      const code = await run([command], { cwd: folder, environment: {}, terminal })
      if (code !== 0) return [`concordat ${command} ended with ${code}`]
    }
    const out = join(folder, 'src/contracts')
    return typeCheck(readdirSync(out).map((file) => join(out, file)))
  })
}
