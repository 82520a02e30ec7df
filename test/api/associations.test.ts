import { startRegistry, type TestRegistry } from '../support/registry.js'
import { record, required } from '../support/schemas.js'

let registry: TestRegistry
beforeEach(async () => {
  registry = await startRegistry()
})
afterEach(() => registry.close())

const topic = { resourceName: 'orders', resourceNamespace: 'lkc-1', resourceId: 'id-1', resourceType: 'topic' }
const own = ':.lkc-1:orders-value'
const strong = { associationType: 'value', schema: { schema: record(['x']) } }
const weak = (subject: string, more: object = {}) => ({ associationType: 'value', subject, lifecycle: 'WEAK', ...more })

const create = (...associations: object[]) => registry.post('/associations', { ...topic, associations })
const upsert = (...associations: object[]) => registry.put('/associations/resources/id-1', { ...topic, associations })
const code = async (answer: ReturnType<TestRegistry['get']>) =>
  ((await answer).json as { error_code?: number }).error_code
const register = (subject: string, schema: string, more: object = {}) =>
  registry.post(`/subjects/${encodeURIComponent(subject)}/versions`, { schema, ...more })

describe('an association', () => {
  it('made with a schema is STRONG and registers it under the subject that belongs to the topic', async () => {
    const made = await create(strong)
    expect(made).toMatchObject({
      status: 200,
      json: { ...topic, associations: [{ subject: own, lifecycle: 'STRONG', schema: { subject: own, version: 1 } }] },
    })
    const listed = { subject: own, resourceName: 'orders', associationType: 'value', lifecycle: 'STRONG' }
    for (const path of [
      `subjects/${encodeURIComponent(own)}`,
      'resources/id-1',
      'resources/lkc-1/orders',
      'resources/-/orders',
    ]) {
      expect((await registry.get(`/associations/${path}`)).json).toMatchObject([listed])
    }
    expect((await registry.get('/associations/resources/-/orders?associationType=key')).json).toEqual([])
    expect((await registry.get('/associations/resources/none')).json).toEqual([])
  })

  it('without a schema is WEAK and points to a subject with a live version', async () => {
    expect(await code(create(weak('a')))).toBe(40907)
    expect(await code(upsert(weak('a')))).toBe(40907)
    await register('a', record(['x']))
    expect(await create(weak('a'))).toMatchObject({
      status: 200,
      json: { associations: [{ subject: 'a', lifecycle: 'WEAK' }] },
    })
    expect(await create(weak('a'))).toMatchObject({ status: 200 })
    expect((await registry.get('/subjects/a/versions')).json).toEqual([1])
  })

  it('of a type exists once, and creating another one is a clash', async () => {
    await register('a', record(['x']))
    await register('b', record(['x']))
    await create(weak('a'))
    expect(await code(create(weak('b')))).toBe(40903)
    expect(await code(upsert(weak('b')))).toBe(42212)
    expect((await upsert(weak('a'))).status).toBe(200)
  })

  it('that is STRONG excludes any other one of its subject', async () => {
    await create(strong)
    const other = { resourceName: 'other', resourceNamespace: 'lkc-1', resourceId: 'id-2' }
    const associations = [weak(own)]
    expect(await code(registry.post('/associations', { ...other, associations }))).toBe(40905)
    expect(await code(registry.put('/associations/resources/id-2', { ...other, associations }))).toBe(40905)
    await register('a', record(['x']))
    await registry.post('/associations', { ...other, resourceName: 'weak', associations: [weak('a')] })
  })

  it('that is STRONG is not made for a subject that has another one', async () => {
    await register(own, record(['x']))
    const other = { resourceName: 'other', resourceNamespace: 'lkc-1', resourceId: 'id-2' }
    expect((await registry.post('/associations', { ...other, associations: [weak(own)] })).status).toBe(200)
    expect(await code(create(strong))).toBe(40904)
  })

  it('protects its subject: no other schema may refer to it, and its last version stays', async () => {
    await create({ ...strong, schema: { schema: '{"type":"record","name":"O","fields":[]}' } })
    const references = [{ name: 'O', subject: own, version: 1 }]
    expect(await code(register('r', '{"type":"array","items":"O"}', { references }))).toBe(42205)
    const path = `/subjects/${encodeURIComponent(own)}`
    expect(await code(registry.delete(path))).toBe(40904)
    expect(await code(registry.delete(`${path}/versions/1`))).toBe(40907)
  })

  it('takes a new version of its schema, under the compatibility of the subject', async () => {
    await create(strong)
    const update = (schema: string) => upsert({ associationType: 'value', schema: { schema } })
    expect(await update(record(['x', 'y']))).toMatchObject({
      status: 200,
      json: { associations: [{ schema: { version: 2 } }] },
    })
    expect(await code(update(required(['z'])))).toBe(40901)
    expect(await code(update('{'))).toBe(42201)
    expect(await code(upsert(weak(own)))).toBe(42212)
  })

  it('is refused with a schema that is invalid or breaks what the subject holds', async () => {
    expect(await code(create({ ...strong, schema: { schema: '{' } }))).toBe(42201)
    await register(own, record(['x']))
    expect(await code(create({ ...strong, schema: { schema: required(['y']) } }))).toBe(40901)
  })

  it('is neither made nor removed in mode READONLY', async () => {
    await create(strong)
    await registry.put('/mode/:.lkc-1:', { mode: 'READONLY' })
    expect(await code(create(strong))).toBe(42205)
    expect(await code(upsert(strong))).toBe(42205)
    expect(await code(registry.delete('/associations/resources/id-1?cascadeLifecycle=true'))).toBe(42205)
  })

  it('with dryRun=true is only tried', async () => {
    const tried = await registry.post('/associations?dryRun=true', { ...topic, associations: [strong] })
    expect(tried.json).toEqual(topic)
    expect((await registry.get('/associations/resources/id-1')).json).toEqual([])
    expect((await registry.get('/subjects')).json).toEqual([])
  })

  it('that is frozen stays frozen', async () => {
    await create(strong)
    expect(await code(upsert({ associationType: 'value', lifecycle: 'WEAK', subject: 'any' }))).toBe(42212)
    expect(await code(registry.delete('/associations/resources/id-1'))).toBe(40908)
  })

  it('of another resource is refused where the path and the body disagree', async () => {
    expect(await code(registry.put('/associations/resources/id-2', { ...topic, associations: [strong] }))).toBe(42212)
  })

  it('is removed alone when it is WEAK and with its subject when it is STRONG', async () => {
    expect(await code(registry.delete('/associations/resources/id-1'))).toBe(40410)
    await register('a', record(['x']))
    await create(weak('a'))
    expect((await registry.delete('/associations/resources/id-1')).status).toBe(204)
    expect((await registry.get('/subjects')).json).toEqual(['a'])
    await create(strong)
    expect((await registry.delete('/associations/resources/id-1?cascadeLifecycle=true')).status).toBe(204)
    expect((await registry.get('/subjects?deleted=true')).json).toEqual(['a'])
  })

  it('is not removed with its subject while other schemas refer to that', async () => {
    const schema = '{"type":"record","name":"O","fields":[]}'
    await register(own, schema)
    await register(':.lkc-1:r', '{"type":"array","items":"O"}', {
      references: [{ name: 'O', subject: own, version: 1 }],
    })
    expect((await create({ associationType: 'value', schema: { schema } })).status).toBe(200)
    expect(await code(registry.delete('/associations/resources/id-1?cascadeLifecycle=true'))).toBe(42206)
  })
})

describe('batches of associations', () => {
  it('answer each request for itself', async () => {
    await register('a', record(['x']))
    const changed = await registry.post('/associations:batchMutate', {
      requests: [
        { ...topic, associations: [{ opType: 'CREATE', ...weak('a') }] },
        { ...topic, resourceId: 'id-2', associations: [{ opType: 'CREATE', ...weak('none') }] },
      ],
    })
    expect(changed).toMatchObject({
      status: 207,
      json: { results: [{ result: { resourceId: 'id-1' } }, { error: { error_code: 40907 } }] },
    })
    const found = await registry.post('/associations:batchGet', {
      requests: [{ resourceId: 'id-1' }, { resourceId: 'none' }],
    })
    expect(found).toMatchObject({
      status: 207,
      json: { results: [{ result: { associations: [{ subject: 'a' }] } }, { result: {} }] },
    })
  })

  it.each(['/associations:batchGet', '/associations:batchMutate'])('at %s need requests', async (path) => {
    expect(await code(registry.post(path))).toBe(422)
    expect(await code(registry.post(path, { requests: [] }))).toBe(42212)
  })

  it.each([
    [{ associations: [strong] }, 42212],
    [{ ...topic, associations: [] }, 42212],
    [{ ...topic, resourceType: 'queue', associations: [strong] }, 42212],
    [{ ...topic, associations: [strong, strong] }, 42212],
    [undefined, 422],
  ])('like single ones refuse %j', async (body, expected) => {
    expect(await code(registry.post('/associations', body))).toBe(expected)
    expect(await code(registry.put('/associations/resources/id-1', body))).toBe(expected)
  })
})
