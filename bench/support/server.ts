import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A process to be measured: an HTTP server, or an anchor that is driven by messages. */
export interface Measured {
  url: string
  /** CPU time that the process has used so far, in seconds. */
  cpuSeconds(): Promise<number>
  stop(): Promise<void>
}

/** The registry as users run it: built if there is a build, else from the sources. */
export async function startRegistry(database: string): Promise<Measured & { how: string }> {
  const built = existsSync(`${root}dist/src/main.js`)
  const program = built ? ['dist/src/main.js'] : ['--import', 'tsx', '--conditions=@concordat/source', 'src/main.ts']
  const args = [...program, '--port', '0', '--database', database, '--log-level', 'warn']
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const address = /http:\/\/\S+/.exec(text)?.[0]
      if (address) resolve(address)
    })
    child.once('close', (code) => reject(new Error(`the registry ended with ${code}`)))
  })
  return {
    how: built ? 'built' : 'from sources',
    url,
    async cpuSeconds() {
      const text = await (await fetch(`${url}/metrics`)).text()
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1])
    },
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'close')
    },
  }
}

/** Runs one of the anchors in this folder in a process of its own. */
export async function startAnchor(file: string, args: string[]): Promise<Measured & { child: ChildProcess }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ['--import', 'tsx'] })
  const [ready] = (await once(child, 'message')) as [{ url?: string }]
  return {
    child,
    url: ready.url ?? '',
    async cpuSeconds() {
      child.send({ ask: 'cpu' })
      const [answer] = (await once(child, 'message')) as [{ cpu: number }]
      return answer.cpu
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}
