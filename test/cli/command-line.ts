import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run, type ExitCode } from '@concordat/cli'

export interface Ran {
  code: ExitCode
  /** Standard output. */
  out: string
  /** Standard error. */
  err: string
}

/** A service repository in a folder of its own. */
export interface Repository {
  folder: string
  write(file: string, text: string | object): void
  read(file: string): string
  /** Runs `concordat` in the repository. */
  concordat(...args: string[]): Promise<Ran>
  remove(): void
}

export function createRepository(environment: Record<string, string> = {}): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'concordat-cli-'))
  return {
    folder,
    write(file, text) {
      const path = join(folder, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text, null, 2))
    },
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    async concordat(...args) {
      const out: string[] = []
      const err: string[] = []
      const terminal = {
        print: (line = '') => void out.push(line),
        note: (line: string) => void err.push(line),
        progress: () => undefined,
        style: (_: unknown, text: string) => text,
      }
      const code = await run(args, { cwd: folder, environment, terminal })
      return { code, out: out.join('\n'), err: err.join('\n') }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
