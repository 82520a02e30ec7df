import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from './client.js'

const folder = (name: string) => fileURLToPath(new URL(`./${name}/`, import.meta.url))
const has = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0

/** Runs a build step; what it printed is shown only if it fails. */
function build(program: string, args: string[], cwd: string, env: Record<string, string> = {}): void {
  const run = spawnSync(program, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: 900_000 })
  if (run.status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${run.status}\n${(run.stdout + run.stderr).slice(-3000)}`)
  }
}

/** A folder of the cache that is made anew whenever one of the files changes. */
async function cached(cache: string, name: string, files: string[], make: (into: string) => void): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(folder(name), file)))
  const into = join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`)
  if (!existsSync(join(into, '.ready'))) {
    mkdirSync(into, { recursive: true })
    for (const file of files) cpSync(join(folder(name), file), join(into, file))
    make(into)
    writeFileSync(join(into, '.ready'), '')
  }
  return Promise.resolve(into)
}

const javascript = (name: string): Client => ({
  name,
  lacks: () => undefined,
  prepare: () => Promise.resolve([process.execPath, join(folder('javascript'), `${name}.mjs`)]),
})

/** Clients that nobody changed, each speaking to the registry as it does everywhere. */
export const clients: readonly Client[] = [
  javascript('confluent-js'),
  javascript('kafkajs'),
  {
    name: 'python',
    lacks: () => (has('python3', '-c', 'import venv, ensurepip') ? undefined : 'no Python 3 with venv on this machine'),
    async prepare(cache) {
      const into = await cached(cache, 'python', ['requirements.txt'], (at) => {
        build('python3', ['-m', 'venv', 'venv'], at)
        build(
          join(at, 'venv/bin/pip'),
          ['install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
          at,
        )
      })
      return [join(into, 'venv/bin/python'), join(folder('python'), 'client.py')]
    },
  },
  ...(['franz', 'confluent'] as const).map((tag): Client => ({
    name: tag === 'franz' ? 'franz-go' : 'confluent-go',
    lacks: () => {
      if (!has('go', 'version')) return 'no Go on this machine'
      return tag === 'confluent' && !has('cc', '--version') ? 'no C compiler on this machine' : undefined
    },
    async prepare(cache) {
      const files = ['go.mod', 'go.sum', 'shared.go', `${tag}.go`]
      const into = await cached(cache, 'go', files, (at) => build('go', ['build', '-tags', tag, '-o', tag, '.'], at))
      return [join(into, tag)]
    },
  })),
  {
    name: 'java',
    lacks: () => (has('mvn', '--version') && has('javac', '-version') ? undefined : 'no Maven and JDK on this machine'),
    async prepare(cache) {
      const into = await cached(cache, 'java', ['pom.xml', 'Client.java'], (at) => {
        build('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], at)
        build('javac', ['-cp', 'lib/*', '-d', 'classes', 'Client.java'], at)
      })
      return ['java', '-cp', `${join(into, 'classes')}:${join(into, 'lib/*')}`, 'Client']
    },
  },
  {
    name: 'rust',
    onlyByName: true,
    lacks: () => (has('cargo', '--version') ? undefined : 'no Rust on this machine'),
    async prepare(cache) {
      const into = await cached(cache, 'rust', ['Cargo.toml', 'Cargo.lock', 'main.rs'], (at) =>
        build('cargo', ['build', '--release', '--quiet', '--locked'], at),
      )
      return [join(into, 'target/release/client')]
    },
  },
]
