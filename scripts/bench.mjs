// `npm run bench -- NAME [options]` runs bench/NAME.ts from the sources.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [name, ...rest] = process.argv.slice(2)
const folder = fileURLToPath(new URL('../bench/', import.meta.url))
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(`${folder}${name}.ts`)) {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
  console.error(`usage: npm run bench -- NAME [options]\nbenchmarks: ${names.join(', ')}`)
  process.exit(2)
}
const run = spawnSync(
  process.execPath,
  ['--expose-gc', '--import', 'tsx', '--conditions=@concordat/source', `${folder}${name}.ts`, ...rest],
  { stdio: 'inherit' },
)
process.exit(run.status ?? 1)
