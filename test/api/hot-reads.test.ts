import fc from 'fast-check'
import { startRegistry, type TestRegistry } from '../support/registry.js'
import { record } from '../support/schemas.js'

/** What a registry answers must not depend on whether answers are kept. */
describe('prepared answers to reads by id', () => {
  let keeping: TestRegistry
  let plain: TestRegistry
  beforeEach(async () => {
    keeping = await startRegistry()
    plain = await startRegistry({ settings: { cacheMegabytes: 0 } })
  })
  afterEach(() => Promise.all([keeping.close(), plain.close()]))

  const both = async (method: string, path: string, body?: unknown) => {
    const [kept, fresh] = await Promise.all([keeping.send({ method, path, body }), plain.send({ method, path, body })])
    return [withoutTime(kept), withoutTime(fresh)]
  }
  const withoutTime = ({ status, text }: { status: number; text: string }) => ({
    status,
    text: text.replace(/"ts":\d+/, '"ts":0'),
  })

  it('are the same bytes again', async () => {
    await keeping.post('/subjects/a/versions', { schema: record(['x']) })
    const first = await keeping.get('/schemas/ids/1')
    const second = await keeping.get('/schemas/ids/1')
    expect(second.text).toBe(first.text)
    expect(second.headers['content-type']).toBe('application/vnd.schemaregistry.v1+json')
    expect((await keeping.get('/schemas/ids/1', { accept: 'application/json' })).headers['content-type']).toBe(
      'application/json',
    )
  })

  it('never outlive what they say, whatever is registered, deleted and configured in between', async () => {
    const subject = fc.constantFrom('a', 'b', ':.c:a')
    const change = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(subject, fc.nat(3))
          .map(([name, n]) => ['POST', `/subjects/${name}/versions`, { schema: record([`f${n}`]) }] as const),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(subject, fc.integer({ min: 1, max: 3 }), fc.boolean())
          .map(
            ([name, version, permanent]) =>
              ['DELETE', `/subjects/${name}/versions/${version}?permanent=${permanent}`, undefined] as const,
          ),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(subject, fc.boolean())
          .map(([name, permanent]) => ['DELETE', `/subjects/${name}?permanent=${permanent}`, undefined] as const),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(subject, subject)
          .map(([name, alias]) => ['PUT', `/config/${name}`, { alias, compatibility: 'NONE' }] as const),
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 12 }), async (changes) => {
        for (const [method, path, body] of changes) {
          await both(method, path, body)
          for (const read of [
            '/schemas/ids/1',
            '/schemas/ids/1?subject=a',
            '/schemas/ids/2?subject=b',
            '/schemas/ids/1?subject=:.c:',
            '/schemas/ids/01',
            '/schemas/ids/1?fetchMaxId=true',
          ]) {
            for (let times = 0; times < 2; times++) {
              const [kept, fresh] = await both('GET', read)
              expect([path, read, kept]).toEqual([path, read, fresh])
            }
          }
        }
      }),
      { seed: 20261122, numRuns: 8 },
    )
  })
})
