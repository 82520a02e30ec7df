import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { errorTable } from '../../src/http/errors.js'
import { routesOf } from '../../src/http/http-server.js'
import { defaultSettings } from '../../src/config/index.js'
import { Metrics } from '../../src/health/metrics.js'
import { createLogger } from '../../src/logging/logger.js'
import { createApplication } from '../../src/server.js'
import { MemoryStorage } from '../../src/storage/memory/memory-storage.js'
import { commonCodes, openapi, operations, routedPath, statusOf } from '../support/api-contract.js'
import { startRegistry } from '../support/registry.js'

const root = join(import.meta.dirname, '../..')

describe('openapi.yaml', () => {
  it('describes every route of the server, and the server has every operation of the file', async () => {
    const app = await createApplication({
      settings: defaultSettings,
      storage: new MemoryStorage(),
      metrics: new Metrics({ process: false }),
      log: createLogger('silent'),
    })
    const served = routesOf(app.getHttpAdapter().getInstance()).all()
    await app.close()
    const described = [...operations.keys()].map(
      (key) => `${key.split(' ', 1)[0]} ${routedPath(key).replace(/\{[^}]*\}/g, '{}')}`,
    )
    expect(served.filter((route) => !route.startsWith('HEAD ')).sort()).toEqual(described.sort())
  })

  it('lists for each operation the statuses that its error codes have, and no others', () => {
    for (const [key, { responses, 'x-error-codes': codes = [] }] of operations) {
      const refusals = Object.entries(responses)
        .filter(([status, { $ref }]) => status !== 'default' && $ref === '#/components/responses/Error')
        .map(([status]) => Number(status))
      expect([key, refusals.sort()]).toEqual([key, [...new Set(codes.map(statusOf))].sort()])
      expect(responses.default).toEqual({ $ref: '#/components/responses/Error' })
    }
  })

  it('lists the codes of the error table, all of them and no others', () => {
    const inFile = new Set([...commonCodes, ...[...operations.values()].flatMap((one) => one['x-error-codes'] ?? [])])
    const inCode = new Set(Object.values(errorTable).map(({ code }) => code))
    expect([...inFile].sort()).toEqual([...inCode].sort())
  })

  it('has operation ids that are unique', () => {
    const ids = [...operations.values()].map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is valid OpenAPI 3.1 by the rules in redocly.yaml', () => {
    const cli = createRequire(import.meta.url).resolve('@redocly/cli/package.json')
    const lint = spawnSync(process.execPath, [join(dirname(cli), 'bin/cli.js'), 'lint', 'openapi.yaml'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    })
    expect(`${lint.stdout}${lint.stderr}`).toContain('Your API description is valid')
    expect(lint.status).toBe(0)
  })

  it('is served as it is', async () => {
    const registry = await startRegistry()
    const answer = await registry.get('/openapi.yaml')
    await registry.close()
    expect(answer.text).toBe(readFileSync(join(root, 'openapi.yaml'), 'utf8'))
    expect(openapi).toBeDefined()
  })
})

describe('docs/reference/errors.md', () => {
  it('explains every error of the table, word for word, and no others', () => {
    const page = readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')
    const documented = page
      .split('\n')
      .filter((line) => /^\| \d/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('&#124;', '|')))
      .map(([, code, , name, message, advice]) => ({ code, name, message, advice }))
    const table = Object.entries(errorTable).map(([name, kind]) => ({
      code: String(kind.code),
      name: `\`${name}\``,
      message: kind.message,
      advice: 'advice' in kind ? kind.advice : '',
    }))
    expect(documented).toEqual(table)
  })
})
