import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

// Which documented answers the tests have seen. Test files run in processes of their own, so each appends what it saw to
// the folder that test/support/global-setup.mjs made; global-teardown.mjs compares it with openapi.yaml.

const seen = new Set<string>()

/** One answer: an operation's success, or one of its error codes. `*` stands for errors that any route may answer. */
export function recordCoverage(operationId: string, status: number, code?: number): void {
  const folder = process.env.CONCORDAT_API_COVERAGE
  const line = code === undefined ? `${operationId} ${status}` : `${operationId} ${status} ${code}`
  if (folder === undefined || seen.has(line)) return
  seen.add(line)
  appendFileSync(join(folder, `${process.pid}.txt`), `${line}\n`)
}
