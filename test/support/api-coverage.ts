import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Which documented answers the tests have seen. Test files run in processes of their own, so each writes what it saw
// into a folder that the whole run shares; the end of the run compares it with openapi.yaml.

const variable = 'CONCORDAT_API_COVERAGE'

export function beginCoverage(): void {
  process.env[variable] = mkdtempSync(join(tmpdir(), 'concordat-api-'))
}

const seen = new Set<string>()

/** One answer: an operation's success, or one of its error codes. `*` stands for errors that any route may answer. */
export function recordCoverage(operationId: string, status: number, code?: number): void {
  const folder = process.env[variable]
  const line = answerKey(operationId, status, code)
  if (folder === undefined || seen.has(line)) return
  seen.add(line)
  appendFileSync(join(folder, `${process.pid}.txt`), `${line}\n`)
}

export const answerKey = (operationId: string, status: number, code?: number) =>
  code === undefined ? `${operationId} ${status}` : `${operationId} ${status} ${code}`

/** Everything that was seen, and the end of the recording. */
export function endCoverage(): Set<string> {
  const folder = process.env[variable]
  if (folder === undefined) return new Set()
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
  rmSync(folder, { recursive: true })
  return new Set(lines)
}
