import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startRegistry, type TestRegistry } from '../support/registry.js'
import { createRepository, type Repository } from './command-line.js'

const money = {
  type: 'record',
  name: 'Money',
  namespace: 'shop',
  fields: [{ name: 'amount', type: 'double' }],
}
const order = (...more: object[]) => ({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [{ name: 'id', type: 'string' }, { name: 'total', type: 'shop.Money' }, ...more],
})
const config = (url: string) => ({
  registry: { url },
  service: 'billing',
  consumes: { orders: {} },
  produces: {
    orders: {
      schema: 'schemas/order.avsc',
      references: [{ name: 'shop.Money', subject: 'shop.Money', schema: 'schemas/money.avsc' }],
    },
  },
})

describe('a service repository with concordat.yaml', () => {
  let registry: TestRegistry
  let repository: Repository
  beforeAll(async () => {
    registry = await startRegistry()
  })
  afterAll(() => registry.close())
  beforeEach(async () => {
    for (const subject of ['orders-value', 'shop.Money']) {
      await registry.delete(`/subjects/${subject}`)
      await registry.delete(`/subjects/${subject}?permanent=true`)
    }
    repository = createRepository()
    repository.write('concordat.yaml', config(registry.url))
    repository.write('schemas/money.avsc', money)
    repository.write('schemas/order.avsc', order())
  })
  afterEach(() => repository.remove())

  const pushed = async () => expect((await repository.concordat('push')).code).toBe(0)

  describe('push', () => {
    it('registers what a schema refers to first, then the schema', async () => {
      const { code, out } = await repository.concordat('push')
      expect(code).toBe(0)
      expect(out.split('\n')).toEqual([
        expect.stringMatching(/^registered +shop\.Money version 1 \(id \d+\)$/),
        expect.stringMatching(/^registered +orders-value version 1 \(id \d+\)$/),
      ])
    })

    it('changes nothing when everything is registered already', async () => {
      await pushed()
      const { code, out } = await repository.concordat('push', '--json')
      expect(code).toBe(0)
      expect(JSON.parse(out)).toMatchObject({
        results: [{ outcome: 'unchanged' }, { outcome: 'unchanged', version: 1 }],
      })
    })

    it('registers nothing with --dry-run', async () => {
      await pushed()
      repository.write('schemas/order.avsc', order({ name: 'note', type: 'string', default: '' }))
      const { code, out } = await repository.concordat('push', '--dry-run')
      expect(code).toBe(0)
      expect(out).toContain('would register orders-value')
      expect((await registry.get('/subjects/orders-value/versions')).json).toEqual([1])
    })

    it('answers exit code 1 and the reason when the registry refuses', async () => {
      await pushed()
      repository.write('schemas/order.avsc', order({ name: 'tier', type: 'string' }))
      const { code, out } = await repository.concordat('push')
      expect(code).toBe(1)
      expect(out).toContain('refused      orders-value')
      expect(out).toContain('tier')
    })
  })

  describe('check', () => {
    it('says that the registry would take a compatible schema, and registers nothing', async () => {
      await pushed()
      repository.write('schemas/order.avsc', order({ name: 'note', type: 'string', default: '' }))
      const { code, out } = await repository.concordat('check')
      expect(code).toBe(0)
      expect(out).toContain('orders-value: the registry would take schemas/order.avsc')
      expect((await registry.get('/subjects/orders-value/versions')).json).toEqual([1])
    })

    it('shows place, rule, a message that breaks and the way out', async () => {
      await pushed()
      repository.write('schemas/order.avsc', order({ name: 'tier', type: 'string' }))
      const { code, out } = await repository.concordat('check', '--json')
      expect(code).toBe(1)
      const { findings } = JSON.parse(out) as { findings: Record<string, unknown>[] }
      expect(findings).toHaveLength(1)
      expect(findings[0]).toMatchObject({
        severity: 'error',
        rule: 'READER_FIELD_MISSING_DEFAULT_VALUE',
        subject: 'orders-value',
        file: 'schemas/order.avsc',
        fix: expect.stringContaining('default') as string,
        witness: { value: { id: '', total: { amount: 0 } } },
      })
      const line =
        repository
          .read('schemas/order.avsc')
          .split('\n')
          .findIndex((text) => text.includes('tier')) + 1
      expect(Math.abs((findings[0]?.line as number) - line)).toBeLessThanOrEqual(1)
    })

    it('points at the mistake in a schema that is not valid', async () => {
      repository.write(
        'schemas/bad.avsc',
        '{\n  "type": "record",\n  "name": "Bad",\n  "fields": [{ "name": "a", "type": "strng" }]\n}',
      )
      const { code, out } = await repository.concordat('check', 'schemas/bad.avsc', '--subject', 'bad-value', '--json')
      expect(code).toBe(1)
      const { findings } = JSON.parse(out) as { findings: Record<string, unknown>[] }
      expect(findings[0]).toMatchObject({ rule: 'INVALID_SCHEMA', line: 4, file: 'schemas/bad.avsc' })
      expect(findings[0]?.message).toContain('strng')
    })

    it('writes findings for GitHub, JUnit and SARIF', async () => {
      await pushed()
      repository.write('schemas/order.avsc', order({ name: 'tier', type: 'string' }))
      const github = await repository.concordat('check', '--format', 'github')
      expect(github.out).toMatch(
        /^::error file=schemas\/order\.avsc,line=\d+,col=\d+,title=READER_FIELD_MISSING_DEFAULT_VALUE::/,
      )
      const junit = await repository.concordat('check', '--format', 'junit')
      expect(junit.out).toContain('failures="1"')
      const sarif = await repository.concordat('check', '--format', 'sarif')
      expect(JSON.parse(sarif.out)).toMatchObject({ version: '2.1.0', runs: [{ results: [{ level: 'error' }] }] })
      expect([github.code, junit.code, sarif.code]).toEqual([1, 1, 1])
    })
  })

  describe('pull and generate', () => {
    beforeEach(pushed)

    it('vendor what is used and lock it, then write bindings without a registry', async () => {
      expect((await repository.concordat('pull')).code).toBe(0)
      const lock = JSON.parse(repository.read('concordat.lock.json')) as {
        subjects: Record<string, { version: number }>
      }
      expect(lock.subjects['orders/orders-value']).toMatchObject({ version: 1, references: [{ name: 'shop.Money' }] })
      const offline = { ...config('http://127.0.0.1:1') }
      repository.write('concordat.yaml', offline)
      const { code, out } = await repository.concordat('generate')
      expect(code).toBe(0)
      expect(out).toContain('wrote    src/contracts/orders.ts')
      expect(repository.read('src/contracts/orders.ts')).toContain('interface Order')
    })

    it('write the same files again, byte for byte, and say that nothing was written', async () => {
      await repository.concordat('pull')
      await repository.concordat('generate')
      const before = [repository.read('concordat.lock.json'), repository.read('src/contracts/orders.ts')]
      await repository.concordat('pull')
      const { out } = await repository.concordat('generate')
      expect(out).toContain('0 written')
      expect([repository.read('concordat.lock.json'), repository.read('src/contracts/orders.ts')]).toEqual(before)
    })

    it('stay at the locked version until --update', async () => {
      await repository.concordat('pull')
      repository.write('schemas/order.avsc', order({ name: 'note', type: 'string', default: '' }))
      await pushed()
      const versionAfter = async (...args: string[]) => {
        await repository.concordat('pull', ...args)
        const lock = JSON.parse(repository.read('concordat.lock.json')) as {
          subjects: Record<string, { version: number }>
        }
        return lock.subjects['orders/orders-value']?.version
      }
      expect(await versionAfter()).toBe(1)
      expect(await versionAfter('--update')).toBe(2)
    })

    it('delete what is no longer generated, and nothing else', async () => {
      await repository.concordat('pull')
      await repository.concordat('generate')
      repository.write('src/contracts/mine.ts', 'export {}\n')
      repository.write('concordat.yaml', { ...config(registry.url), consumes: {}, produces: {} })
      await repository.concordat('pull')
      const { out } = await repository.concordat('generate')
      expect(out).toContain('deleted  src/contracts/orders.ts')
      expect(existsSync(join(repository.folder, 'src/contracts/mine.ts'))).toBe(true)
    })

    it('let check --offline find edited schemas and outdated code', async () => {
      await repository.concordat('pull')
      await repository.concordat('generate')
      expect((await repository.concordat('check', '--offline')).code).toBe(0)
      repository.write('src/contracts/orders.ts', 'export {}\n')
      const outdated = await repository.concordat('check', '--offline')
      expect(outdated.code).toBe(1)
      expect(outdated.out).toContain('was changed by hand')
      await repository.concordat('generate')
      const lock = JSON.parse(repository.read('concordat.lock.json')) as { subjects: Record<string, { file: string }> }
      repository.write(lock.subjects['orders/orders-value']?.file ?? '', '{"type":"string"}')
      const edited = await repository.concordat('check', '--offline')
      expect(edited.code).toBe(1)
      expect(edited.out).toContain('was changed by hand')
    })
  })

  describe('diff', () => {
    it('tells what changed between two versions and whom it breaks', async () => {
      await pushed()
      repository.write('schemas/order.avsc', order({ name: 'note', type: 'string', default: '' }))
      await pushed()
      const { code, out } = await repository.concordat('diff', 'orders-value')
      expect(code).toBe(0)
      expect(out).toContain('orders-value version 1 -> orders-value version 2')
      expect(out).toContain('note')
      expect(out).toContain('a consumer of the newer reads what the older wrote: yes')
    })

    it('compares two files without a registry', async () => {
      repository.write('concordat.yaml', config('http://127.0.0.1:1'))
      repository.write('old.json', { type: 'object', properties: { a: { type: 'integer' } } })
      repository.write('new.json', { type: 'object', properties: { a: { type: 'string' } } })
      const { code, out } = await repository.concordat('diff', 'old.json', 'new.json')
      expect(code).toBe(0)
      expect(out).toContain('a consumer of the newer reads what the older wrote: no')
      expect(out).toContain('for example {"a":')
    })
  })
})
