import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../src/config/index.js'
import { isUnbroken } from '../../src/storage/journal.js'
import { startRegistry, type TestRegistry } from '../support/registry.js'
import { record } from '../support/schemas.js'

const folder = mkdtempSync(join(tmpdir(), 'concordat-concurrency-'))
afterAll(() => rmSync(folder, { recursive: true }))

const databases: [string, () => Settings['database']][] = [
  ['in memory', () => ({ engine: 'memory' })],
  ['on SQLite', () => ({ engine: 'sqlite', path: join(folder, `${Math.random()}.db`) })],
]

interface Registered {
  id: number
  version: number
}

describe.each(databases)('many requests at once, %s', (_, database) => {
  let registry: TestRegistry
  beforeEach(async () => {
    registry = await startRegistry({ database: database() })
    await registry.put('/config', { compatibility: 'NONE' })
  })
  afterEach(() => registry.close())

  const register = async (subject: string, field: string): Promise<Registered> => {
    const answer = await registry.post(`/subjects/${subject}/versions`, { schema: record([field]) })
    expect(answer).toMatchObject({ status: 200 })
    return answer.json
  }
  const journal = () => registry.storage.read((tx) => tx.journal(0, 10_000))

  it('under one subject get versions without a gap and ids of their own', async () => {
    const registered = await Promise.all(Array.from({ length: 120 }, (_, index) => register('one', `f${index}`)))
    expect(new Set(registered.map(({ id }) => id)).size).toBe(120)
    expect(numbers(registered.map(({ version }) => version))).toEqual(range(1, 120))
    expect((await registry.get('/subjects/one/versions')).json).toEqual(range(1, 120))
    const entries = (await journal()).filter(({ kind }) => kind === 'version-registered')
    expect(entries).toHaveLength(120)
    expect(isUnbroken(await journal())).toBe(true)
  })

  it('under many subjects get the same id for the same content, and every other content another one', async () => {
    const wanted = Array.from({ length: 160 }, (_, index) => ({ subject: `s${index % 20}`, field: `f${index % 8}` }))
    const registered = await Promise.all(wanted.map(({ subject, field }) => register(subject, field)))
    const ids = new Map<string, Set<number>>()
    registered.forEach(({ id }, index) => {
      const { field = '' } = wanted[index] ?? {}
      ids.set(field, (ids.get(field) ?? new Set()).add(id))
    })
    expect([...ids.values()].every((set) => set.size === 1)).toBe(true)
    expect(numbers([...ids.values()].flatMap((set) => [...set]))).toEqual(range(1, 8))
    for (let index = 0; index < 20; index++) {
      const versions = (await registry.get(`/subjects/s${index}/versions`)).json as number[]
      expect(versions).toEqual(range(1, versions.length))
    }
  })

  it('with the same schema under one subject make one version', async () => {
    const registered = await Promise.all(Array.from({ length: 60 }, () => register('same', 'x')))
    expect(new Set(registered.map(({ id, version }) => `${id}/${version}`)).size).toBe(1)
    expect((await registry.get('/subjects/same/versions')).json).toEqual([1])
    expect((await journal()).filter(({ kind }) => kind === 'version-registered')).toHaveLength(1)
  })

  it('cannot slip past the compatibility check: of schemas that exclude each other one is taken', async () => {
    await registry.put('/config/exclusive', { compatibility: 'FULL' })
    const types = ['int', 'string', 'boolean', 'bytes', 'long', 'double'].map((type) =>
      JSON.stringify({ type: 'array', items: type }),
    )
    const answers = await Promise.all(types.map((schema) => registry.post('/subjects/exclusive/versions', { schema })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
    expect((await registry.get('/subjects/exclusive/versions')).json).toEqual([1])
  })

  it('that register and delete by turns leave what the journal says', async () => {
    await register('busy', 'first')
    await Promise.all(
      Array.from({ length: 80 }, async (_, index) => {
        if (index % 4 === 3) await registry.delete(`/subjects/busy/versions/${index % 5}`)
        else await register('busy', `f${index}`)
      }),
    )
    const live = (await registry.get('/subjects/busy/versions')).json as number[]
    const all = (await registry.get('/subjects/busy/versions?deleted=true')).json as number[]
    const entries = (await journal()).filter(({ subject }) => subject === 'busy')
    const deleted = entries.filter(({ kind }) => kind === 'version-deleted')
    expect(all).toEqual(range(1, entries.filter(({ kind }) => kind === 'version-registered').length))
    expect(live.length).toBe(all.length - deleted.length)
    expect(isUnbroken(await journal())).toBe(true)
  })
})

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const numbers = (values: number[]) => values.toSorted((a, b) => a - b)
