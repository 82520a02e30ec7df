import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface RegistryProcess {
  /** Such as `http://127.0.0.1:40123`. */
  url: string
  pid: number
  /** Ends the registry as an operator would, with SIGTERM, and waits until it is gone. */
  stop(): Promise<void>
}

const mainFile = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

/** Starts the built service as a process of its own on a free port of the loopback interface. */
export async function startRegistry(options: { database: string; args?: string[] }): Promise<RegistryProcess> {
  const child = spawn(
    process.execPath,
    [mainFile, '--host', '127.0.0.1', '--port', '0', '--database', options.database, ...(options.args ?? [])],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const output: string[] = []
  const address = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (output.push(line) > 200) output.shift()
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
        if (url) resolve(url)
      })
    }
    child.on('exit', (code) =>
      reject(new Error(`the registry ended with ${code} before it was ready:\n${output.join('\n')}`)),
    )
  })
  const exited = once(child, 'exit')
  const url = await address
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
