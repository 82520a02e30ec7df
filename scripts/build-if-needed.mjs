// `npm start` runs what is built; this builds first when there is nothing built or a source is newer.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = join(root, 'dist/src/main.js')

/** The time of the newest source below a folder, in milliseconds. */
function newest(folder) {
  let time = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) time = Math.max(time, newest(join(folder, entry.name)))
    else if (/(?<!\.test)\.ts$/.test(entry.name)) time = Math.max(time, statSync(join(folder, entry.name)).mtimeMs)
  }
  return time
}

const sources = ['src', 'migrations', 'packages/core/src', 'packages/codegen/src']
  .map((folder) => join(root, folder))
  .filter((folder) => existsSync(folder))

if (!existsSync(built) || Math.max(...sources.map(newest)) > statSync(built).mtimeMs) {
  console.error('building first; this takes a moment')
  const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (build.status !== 0) process.exit(build.status ?? 1)
}
