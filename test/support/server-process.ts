import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** The command `concordat-server` in a process of its own, run from the sources. */
export interface ServerProcess {
  pid: number
  stdout: () => string
  stderr: () => string
  /** The address it printed; rejects if it ends before it is ready. */
  ready: Promise<string>
  /** The exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>
  signal(signal: NodeJS.Signals): void
}

export function spawnServer(args: string[], env: Record<string, string> = {}): ServerProcess {
  const command = ['--import', 'tsx', '--conditions=@concordat/source', 'src/main.ts', ...args]
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...withoutSettings(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const address = /http:\/\/\S+/.exec(stdout)?.[0]
      if (address !== undefined && stdout.includes('\n')) resolve(address)
    })
    void ended.then((code) => reject(new Error(`the server ended with ${code} before it was ready: ${stderr}`)))
  })
  ready.catch(() => undefined) // a test that expects a failing start waits for `ended` only
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    ready,
    ended,
    signal: (signal) => void child.kill(signal),
  }
}

/** A developer's own settings must not leak into the tests. */
const withoutSettings = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(CONCORDAT_(?!API)|NODE_OPTIONS)/.test(name)))
