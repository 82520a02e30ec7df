import { startRegistry, type TestRegistry } from '../support/registry.js'

const order = (fields: string) => `{"type":"record","name":"Order","namespace":"shop","fields":[${fields}]}`
const id = '{"name":"id","type":"string"}'
const amount = '{"name":"amount","type":"long"}'

interface Report {
  compatible: boolean
  level: string
  findings: { version: number; direction: string; verdict: Verdict; exact?: Verdict }[]
  invalid?: { message: string; line?: number; column?: number }
}
interface Verdict {
  outcome: string
  breaks?: { rule: string; path: string }[]
  witness?: { value: unknown; bytes?: string; confirmedBy: string }
}

describe('POST /api/v1/check', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry()
    await registry.post('/subjects/orders/versions', { schema: order(id) })
  })
  afterAll(() => registry.close())

  const check = async (...checks: object[]): Promise<Report[]> => {
    const answer = await registry.post('/api/v1/check', { checks })
    return (answer.json as { results: Report[] }).results
  }

  it('answers many questions at once, in order, and registers nothing', async () => {
    const [fine, breaking] = await check(
      { subject: 'orders', schema: order(`${id},{"name":"note","type":"string","default":""}`) },
      { subject: 'orders', schema: order(`${id},${amount}`) },
    )
    expect(fine?.compatible).toBe(true)
    expect(breaking?.compatible).toBe(false)
    expect((await registry.get('/subjects/orders/versions')).json).toEqual([1])
  })

  it('proves a break with a message that the old schema writes and the new one cannot read', async () => {
    const [report] = await check({ subject: 'orders', schema: order(`${id},${amount}`) })
    const [finding] = report?.findings ?? []
    expect(report?.level).toBe('BACKWARD')
    expect(finding).toMatchObject({ version: 1, direction: 'backward', verdict: { outcome: 'incompatible' } })
    expect(finding?.verdict.breaks?.[0]?.rule).toBe('READER_FIELD_MISSING_DEFAULT_VALUE')
    const witness = finding?.verdict.witness ?? finding?.exact?.witness
    expect(witness?.value).toHaveProperty('id')
    expect(witness?.bytes).toMatch(/^[A-Za-z0-9+/]+=*$/)
  })

  it('says where a schema that is none goes wrong', async () => {
    const [report] = await check({ subject: 'orders', schema: '{"type":"record",\n "name":}' })
    expect(report).toMatchObject({ compatible: false, findings: [], invalid: { line: 2 } })
  })

  it('takes what has no predecessor', async () => {
    const [report] = await check({ subject: 'new', schema: '"int"' })
    expect(report).toMatchObject({ compatible: true, findings: [] })
  })

  it('refuses a check without a subject', async () => {
    expect((await registry.post('/api/v1/check', { checks: [{ schema: '"int"' }] })).status).toBe(400)
  })
})

describe('GET /api/v1/subjects/{subject}/versions/{from}/diff/{to}', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry()
    await registry.put('/config/orders', { compatibility: 'NONE' })
    await registry.post('/subjects/orders/versions', { schema: order(id) })
    await registry.post('/subjects/orders/versions', { schema: order(`${id},${amount}`) })
  })
  afterAll(() => registry.close())

  it('lists the changes and says who can read whom', async () => {
    const answer = await registry.get('/api/v1/subjects/orders/versions/1/diff/latest')
    expect(answer.json).toMatchObject({
      from: { version: 1, id: 1 },
      to: { version: 2, id: 2 },
      backward: { outcome: 'incompatible' },
      forward: { outcome: 'compatible' },
    })
    expect((answer.json as { changes: unknown[] }).changes.length).toBeGreaterThan(0)
  })

  it('answers 404 for a version that is not there and 422 for what is no version', async () => {
    expect((await registry.get('/api/v1/subjects/orders/versions/1/diff/9')).json).toMatchObject({ error_code: 40402 })
    expect((await registry.get('/api/v1/subjects/nope/versions/1/diff/2')).json).toMatchObject({ error_code: 40401 })
    expect((await registry.get('/api/v1/subjects/orders/versions/x/diff/2')).json).toMatchObject({ error_code: 42202 })
  })
})
