// Everything that CI runs, in order; `npm test` and `npm run check` are this. Each step counts its passes and
// failures, and the last line adds them up. `node scripts/check.mjs STEP...` runs only the named steps.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const scratch = mkdtempSync(join(tmpdir(), 'concordat-check-'))
const jestReport = join(scratch, 'jest.json')
const clientsReport = join(scratch, 'clients.json')

/** One command that either passes or fails as a whole. */
const whole = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 })

const readCounts = (file, pick) => (code) => {
  let counts
  try {
    counts = pick(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return whole(1)
  }
  // A runner that fails without a failed test (a crash, a suite that does not load) must not count as passed.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

const steps = [
  { name: 'types', command: 'npx tsc --noEmit -p .', count: whole },
  { name: 'lint', command: 'npx eslint . --max-warnings 0', count: whole },
  { name: 'format', command: 'npx prettier --check --log-level warn .', count: whole },
  { name: 'build', command: 'npm run --silent build', count: whole, required: true },
  {
    name: 'jest',
    command: `npx jest --json --outputFile=${jestReport}`,
    count: readCounts(jestReport, (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests + report.numTodoTests,
    })),
  },
  {
    name: 'clients',
    command: `npm run --silent test:clients -- --report ${clientsReport}`,
    count: readCounts(clientsReport, (report) => report),
  },
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`no step ${unknown.join(', ')}; there are: ${steps.map((step) => step.name).join(', ')}`)
  process.exit(2)
}

const run = (command) =>
  new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: 'inherit' })
    child.on('close', (code) => resolve(code ?? 1))
  })

const total = { passed: 0, failed: 0, skipped: 0 }
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  console.log(`\n== ${step.name}: ${step.command}`)
  const started = Date.now()
  const code = await run(step.command)
  const counts = step.count(code)
  for (const key of Object.keys(total)) total[key] += counts[key]
  console.log(`== ${step.name}: ${code === 0 ? 'ok' : 'FAILED'} after ${Math.round((Date.now() - started) / 1000)} s`)
  if (code !== 0 && step.required) break
}
rmSync(scratch, { recursive: true, force: true })
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)
process.exit(total.failed > 0 ? 1 : 0)
