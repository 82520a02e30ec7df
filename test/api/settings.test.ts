import { MemoryStorage } from '../../src/storage/memory/memory-storage.js'
import { startRegistry, type TestRegistry } from '../support/registry.js'
import { record } from '../support/schemas.js'

let registry: TestRegistry
beforeEach(async () => {
  registry = await startRegistry()
})
afterEach(() => registry.close())

const code = async (answer: ReturnType<TestRegistry['get']>) =>
  ((await answer).json as { error_code: number }).error_code
const register = (subject: string, fields: string[]) =>
  registry.post(`/subjects/${subject}/versions`, { schema: record(fields) })

describe('the configuration', () => {
  it('of the registry applies to subjects that have none of their own', async () => {
    expect((await registry.get('/config')).json).toEqual({ compatibilityLevel: 'BACKWARD' })
    expect((await registry.put('/config', { compatibility: 'full' })).json).toEqual({ compatibility: 'FULL' })
    expect((await registry.get('/config')).json).toEqual({ compatibilityLevel: 'FULL' })
    expect(await code(registry.get('/config/a'))).toBe(40408)
    expect((await registry.get('/config/a?defaultToGlobal=true')).json).toEqual({ compatibilityLevel: 'FULL' })
    expect((await registry.delete('/config')).json).toEqual({ compatibilityLevel: 'FULL' })
    expect((await registry.get('/config')).json).toEqual({ compatibilityLevel: 'BACKWARD' })
  })

  it('is changed in parts: what is absent stays, null removes', async () => {
    await registry.put('/config/a', { compatibility: 'NONE', normalize: true, compatibilityGroup: 'major' })
    expect((await registry.put('/config/a', { normalize: null })).json).toEqual({
      compatibility: 'NONE',
      compatibilityGroup: 'major',
    })
    expect((await registry.delete('/config/a')).json).toEqual({
      compatibilityLevel: 'NONE',
      compatibilityGroup: 'major',
    })
    expect(await code(registry.delete('/config/a'))).toBe(40401)
  })

  it.each(['/config', '/config/a'])('at %s refuses what it cannot take', async (path) => {
    expect(await code(registry.put(path, { compatibility: 'SIDEWAYS' }))).toBe(42203)
    expect(await code(registry.put(path, { defaultRuleSet: { domainRules: [{ name: '1' }] } }))).toBe(42210)
    expect(await code(registry.put(path))).toBe(422)
    expect(await code(registry.send({ method: 'PUT', path, raw: '{"normalize": "perhaps"}' }))).toBe(400)
  })

  it('cannot be set for names that are no subjects', async () => {
    expect(await code(registry.put('/config/__GLOBAL', { compatibility: 'NONE' }))).toBe(42208)
  })

  it('cannot be changed in mode READONLY', async () => {
    await registry.put('/config/a', { compatibility: 'NONE' })
    await registry.put('/mode', { mode: 'READONLY' })
    for (const path of ['/config', '/config/a']) {
      expect(await code(registry.put(path, { compatibility: 'FULL' }))).toBe(42205)
      expect(await code(registry.delete(path))).toBe(42205)
    }
  })
})

describe('the mode', () => {
  it('of the registry applies to subjects that have none of their own', async () => {
    expect((await registry.get('/mode')).json).toEqual({ mode: 'READWRITE' })
    expect((await registry.put('/mode', { mode: 'READONLY' })).json).toEqual({ mode: 'READONLY' })
    expect(await code(registry.get('/mode/a'))).toBe(40409)
    expect((await registry.get('/mode/a?defaultToGlobal=true')).json).toEqual({ mode: 'READONLY' })
    expect((await registry.delete('/mode')).json).toEqual({ mode: 'READONLY' })
    expect((await registry.put('/mode/a', { mode: 'READONLY' })).json).toEqual({ mode: 'READONLY' })
    expect((await registry.delete('/mode/a')).json).toEqual({ mode: 'READONLY' })
    expect(await code(registry.delete('/mode/a'))).toBe(40401)
  })

  it.each(['/mode', '/mode/a'])('at %s refuses what it cannot take', async (path) => {
    expect(await code(registry.put(path, { mode: 'SOMETIMES' }))).toBe(42204)
    expect(await code(registry.put(path, { mode: 'FORWARD' }))).toBe(42204)
    expect(await code(registry.put(path))).toBe(422)
  })

  it('cannot be set for names that are no subjects', async () => {
    expect(await code(registry.put('/mode/__EMPTY', { mode: 'READONLY' }))).toBe(42208)
  })

  it.each(['/mode', '/mode/a'])('at %s becomes IMPORT only where there is nothing, or by force', async (path) => {
    await register('a', ['x'])
    expect(await code(registry.put(path, { mode: 'IMPORT' }))).toBe(42205)
    expect((await registry.put(`${path}?force=true`, { mode: 'IMPORT' })).status).toBe(200)
  })

  it.each(['/mode', '/mode/a'])(
    'at %s does not become IMPORT while leftovers that would go are referred to',
    async (path) => {
      await registry.post('/subjects/a/versions', { schema: '{"type":"record","name":"A","fields":[]}' })
      const references = [{ name: 'A', subject: 'a', version: 1 }]
      await registry.post('/subjects/b/versions', { schema: '{"type":"array","items":"A"}', references })
      await registry.delete('/subjects/b')
      await registry.delete('/subjects/a')
      expect(await code(registry.put(path, { mode: 'IMPORT' }))).toBe(42206)
    },
  )

  it('cannot be changed if the server was told so', async () => {
    const storage = new MemoryStorage()
    const before = await startRegistry({ storage })
    await before.put('/mode/b', { mode: 'READONLY' })
    const fixed = await startRegistry({ storage, settings: { modeMutability: false } })
    for (const path of ['/mode', '/mode/a']) {
      expect(await code(fixed.put(path, { mode: 'READONLY' }))).toBe(42205)
    }
    expect(await code(fixed.delete('/mode'))).toBe(42205)
    expect(await code(fixed.delete('/mode/a'))).toBe(40401)
    expect(await code(fixed.delete('/mode/b'))).toBe(42205)
    await fixed.close()
    await before.close()
  })

  it('of everything in a context goes at once with recursive=true', async () => {
    await registry.put('/mode/:.c:', { mode: 'READONLY' })
    await registry.put('/mode/:.c:a', { mode: 'READONLY' })
    expect((await registry.delete('/mode/:.c:?recursive=true')).status).toBe(200)
    expect(await code(registry.get('/mode/:.c:a'))).toBe(40409)
  })
})

describe('contexts', () => {
  it('keep subjects and ids apart and are removed when they are empty', async () => {
    await register('a', ['x'])
    const inside = await register(':.c:a', ['y'])
    expect(inside.json).toMatchObject({ id: 1, version: 1 })
    expect((await registry.get('/contexts')).json).toEqual(['.', '.c'])
    expect((await registry.get('/contexts/c/subjects')).json).toEqual([':.c:a'])
    expect(await code(registry.delete('/contexts/.c'))).toBe(42211)
    await registry.delete('/contexts/c/subjects/a')
    await registry.delete('/contexts/c/subjects/a?permanent=true')
    expect((await registry.delete('/contexts/.c')).status).toBe(204)
    expect((await registry.get('/contexts')).json).toEqual(['.'])
  })
})
