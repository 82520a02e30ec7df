import { startRegistry, type TestRegistry } from '../support/registry.js'
import { message, record, required } from '../support/schemas.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await startRegistry()
})
afterAll(() => registry.close())

const register = (subject: string, schema: string, more: object = {}) =>
  registry.post(`/subjects/${subject}/versions`, { schema, ...more })

describe('registering a schema', () => {
  it('gives it an id and a version, and the same answer when it is registered again', async () => {
    const first = await register('reg-a', record(['x']))
    expect(first).toMatchObject({ status: 200, json: { version: 1, schemaType: 'AVRO', schema: record(['x']) } })
    const again = await register('reg-a', record(['x']))
    expect(again.json).toEqual(first.json)
  })

  it('gives the same content the same id under another subject', async () => {
    const one = (await register('reg-b1', record(['same']))).json as { id: number }
    const two = (await register('reg-b2', record(['same']))).json as { id: number; version: number }
    expect(two).toMatchObject({ id: one.id, version: 1 })
  })

  it('refuses a schema that cannot read what the latest version wrote, and says which field is to blame', async () => {
    await register('reg-c', record(['x']))
    const refused = await register('reg-c', required(['x', 'added']))
    expect(refused).toMatchObject({ status: 409, json: { error_code: 40901 } })
    expect(refused.text).toContain('added')
  })

  it('takes an incompatible schema with force=true', async () => {
    await register('reg-d', record(['x']))
    const forced = await registry.post('/subjects/reg-d/versions?force=true', { schema: required(['y']) })
    expect(forced).toMatchObject({ status: 200, json: { version: 2 } })
  })

  it('stores the normal form with normalize=true', async () => {
    const schema = '{"type":"record","name":"N","doc":"","fields":[]}'
    const stored = await registry.post('/subjects/reg-e/versions?normalize=true', { schema })
    expect(stored).toMatchObject({ status: 200, json: { schema: '{"type":"record","name":"N","fields":[]}' } })
  })

  it.each([
    [
      'AVRO',
      '{"type":"record","name":"B","fields":[{"name":"a","type":"reg.A"}]}',
      '{"type":"record","name":"A","namespace":"reg","fields":[]}',
      'reg.A',
    ],
    ['JSON', '{"type":"object","properties":{"a":{"$ref":"a.json"}}}', '{"type":"string"}', 'a.json'],
    ['PROTOBUF', 'syntax = "proto3";\nimport "a.proto";\n\nmessage B {\n  A a = 1;\n}\n', message('A'), 'a.proto'],
  ])('resolves references of %s schemas', async (schemaType, schema, target, name) => {
    const subject = `reg-ref-${schemaType}`
    expect((await register(`${subject}-target`, target, { schemaType })).status).toBe(200)
    const references = [{ name, subject: `${subject}-target`, version: 1 }]
    expect(await register(subject, schema, { schemaType, references })).toMatchObject({
      status: 200,
      json: { references },
    })
  })

  it('keeps metadata and rules, which make it another schema', async () => {
    const metadata = { properties: { owner: 'payments' }, tags: { 'R.x': ['PII'] } }
    const ruleSet = {
      domainRules: [{ name: 'positive', type: 'CEL', kind: 'CONDITION', mode: 'WRITE', expr: 'message.x > 0' }],
    }
    const plain = (await register('reg-f', record(['x']))).json as { id: number }
    const ruled = (await register('reg-f', record(['x']), { metadata, ruleSet })).json as { id: number }
    expect(ruled).toMatchObject({
      version: 2,
      metadata,
      ruleSet: { domainRules: [{ name: 'positive', disabled: false }] },
    })
    expect(ruled.id).not.toBe(plain.id)
    const taken = await registry.post('/subjects/reg-f/versions', {})
    expect(taken).toMatchObject({ status: 200, json: { id: ruled.id } })
  })

  it.each([
    [{ ruleSet: { domainRules: [{ name: '1st', type: 'CEL' }] } }, 42210],
    [{ ruleSet: { domainRules: [{ name: 'a', type: 'CEL', mode: 'UPGRADE' }] } }, 42210],
    [{ schemaType: 'XML' }, 42201],
    [{ references: [{ name: 'a' }] }, 42201],
    [{ references: [{ name: 'a', subject: 'nowhere', version: 1 }] }, 42201],
    [{ version: 7 }, 42201],
    [{ id: 12 }, 42205],
  ])('refuses %j', async (more, code) => {
    expect(await register('reg-g', record(['x']), more)).toMatchObject({ status: 422, json: { error_code: code } })
  })

  it('refuses names that cannot be subjects', async () => {
    for (const name of ['__GLOBAL', '__EMPTY', ':.__GLOBAL:']) {
      expect(await register(name, record(['x']))).toMatchObject({ json: { error_code: 42208 } })
    }
  })

  it('imports a schema with its id and version, and nothing else, in mode IMPORT', async () => {
    await registry.put('/mode/reg-import', { mode: 'IMPORT' })
    expect(await register('reg-import', record(['x']))).toMatchObject({ json: { error_code: 42205 } })
    const imported = await register('reg-import', record(['imported']), { id: 4711, version: 3 })
    expect(imported).toMatchObject({ status: 200, json: { id: 4711, version: 3 } })
    const clash = await register('reg-import', record(['other']), { id: 4711, version: 4 })
    expect(clash).toMatchObject({ json: { error_code: 42205 } })
  })

  it('is refused in mode READONLY, except for what is there already', async () => {
    await register('reg-ro', record(['x']))
    await registry.put('/mode/reg-ro', { mode: 'READONLY' })
    expect(await register('reg-ro', record(['x']))).toMatchObject({ status: 200 })
    expect(await register('reg-ro', record(['x', 'y']))).toMatchObject({ json: { error_code: 42205 } })
  })

  it('carries subjects with slashes, spaces and letters of any script in the path', async () => {
    for (const subject of ['a/b.proto', 'a b', 'bestillinger-æøå', '注文', '%', 'a;b', 'x'.repeat(300)]) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`
      expect(await registry.post(path, { schema: record(['x']) })).toMatchObject({ status: 200 })
      expect((await registry.get(`${path}/1`)).json).toMatchObject({ subject })
    }
  })
})

describe('looking a schema up', () => {
  it('finds the version that has it, soft-deleted ones only when asked', async () => {
    await register('look-a', record(['x']))
    await register('look-a', record(['x', 'y']))
    expect(await registry.post('/subjects/look-a', { schema: record(['x']) })).toMatchObject({
      status: 200,
      json: { version: 1 },
    })
    await registry.delete('/subjects/look-a/versions/1')
    expect(await registry.post('/subjects/look-a', { schema: record(['x']) })).toMatchObject({
      json: { error_code: 40403 },
    })
    expect(await registry.post('/subjects/look-a?deleted=true', { schema: record(['x']) })).toMatchObject({
      status: 200,
    })
  })

  it('tells a missing subject from a missing schema and from an invalid one', async () => {
    await register('look-b', record(['x']))
    expect(await registry.post('/subjects/look-none', { schema: record(['x']) })).toMatchObject({
      json: { error_code: 40401 },
    })
    expect(await registry.post('/subjects/look-b', { schema: record(['q']) })).toMatchObject({
      json: { error_code: 40403 },
    })
    expect(await registry.post('/subjects/look-b', { schema: '{' })).toMatchObject({ json: { error_code: 42201 } })
    expect(await registry.post('/subjects/look-b')).toMatchObject({ json: { error_code: 422 } })
  })

  it('finds the newest version by its metadata', async () => {
    await register('look-c', record(['x']), { metadata: { properties: { stage: 'test' } } })
    await register('look-c', record(['x', 'y']), { metadata: { properties: { stage: 'live' } } })
    const path = '/subjects/look-c/metadata?key=stage&value='
    expect(await registry.get(`${path}test`)).toMatchObject({ status: 200, json: { version: 1 } })
    expect(await registry.get(`${path}none`)).toMatchObject({ json: { error_code: 40403 } })
    expect(await registry.get('/subjects/look-none/metadata?key=stage&value=x')).toMatchObject({
      json: { error_code: 40401 },
    })
  })
})

describe('reading versions', () => {
  it('lists subjects and versions, soft-deleted ones only when asked', async () => {
    for (const fields of [['x'], ['x', 'y'], ['x', 'y', 'z']]) await register('list-a', record(fields))
    await registry.delete('/subjects/list-a/versions/2')
    expect((await registry.get('/subjects/list-a/versions')).json).toEqual([1, 3])
    expect((await registry.get('/subjects/list-a/versions?deleted=true')).json).toEqual([1, 2, 3])
    expect((await registry.get('/subjects/list-a/versions?deletedOnly=true')).json).toEqual([2])
    expect((await registry.get('/subjects/list-a/versions?deletedAsNegative=true')).json).toEqual([1, -2, 3])
    expect((await registry.get('/subjects/list-a/versions?deleted=true&offset=1&limit=1')).json).toEqual([2])
    expect((await registry.get('/subjects?subjectPrefix=list-')).json).toEqual(['list-a'])
    expect(await registry.get('/subjects/list-none/versions')).toMatchObject({ json: { error_code: 40401 } })
  })

  it('gives a version by number and the latest by name, with the text alone if wanted', async () => {
    await register('read-a', record(['x']))
    await register('read-a', record(['x', 'y']))
    expect((await registry.get('/subjects/read-a/versions/latest')).json).toMatchObject({ version: 2, deleted: false })
    expect((await registry.get('/subjects/read-a/versions/-1')).json).toMatchObject({ version: 2 })
    const text = await registry.get('/subjects/read-a/versions/1/schema')
    expect(text.text).toBe(record(['x']))
  })

  it.each(['', '/schema', '/referencedby'])('refuses what is not there or not a version, at ..%s', async (rest) => {
    await register('read-b', record(['x']))
    const code = async (path: string) => ((await registry.get(path)).json as { error_code: number }).error_code
    expect(await code(`/subjects/read-none/versions/1${rest}`)).toBe(40401)
    expect(await code(`/subjects/read-b/versions/9${rest}`)).toBe(40402)
    for (const version of ['0', '-2', 'x', '2147483648', '1.5']) {
      expect(await code(`/subjects/read-b/versions/${version}${rest}`)).toBe(42202)
    }
  })

  it('lists the ids of schemas that refer to a version', async () => {
    await register('read-c', '{"type":"record","name":"C","namespace":"read","fields":[]}')
    const references = [{ name: 'read.C', subject: 'read-c', version: 1 }]
    const referrer = await register('read-d', '{"type":"array","items":"read.C"}', { references })
    expect((await registry.get('/subjects/read-c/versions/1/referencedby')).json).toEqual([
      (referrer.json as { id: number }).id,
    ])
  })
})

describe('deleting', () => {
  const code = async (path: string) => ((await registry.delete(path)).json as { error_code: number }).error_code

  it('goes in two steps for a version', async () => {
    await register('del-a', record(['x']))
    await register('del-a', record(['x', 'y']))
    expect(await code('/subjects/del-a/versions/1?permanent=true')).toBe(40407)
    expect((await registry.delete('/subjects/del-a/versions/1')).json).toBe(1)
    expect(await code('/subjects/del-a/versions/1')).toBe(40406)
    expect((await registry.delete('/subjects/del-a/versions/1?permanent=true')).json).toBe(1)
    expect(await code('/subjects/del-a/versions/1')).toBe(40402)
    expect(await code('/subjects/del-none/versions/1')).toBe(40401)
    expect(await code('/subjects/del-a/versions/x')).toBe(42202)
  })

  it('goes in two steps for a subject', async () => {
    await register('del-b', record(['x']))
    await register('del-b', record(['x', 'y']))
    expect(await code('/subjects/del-b?permanent=true')).toBe(40405)
    expect((await registry.delete('/subjects/del-b')).json).toEqual([1, 2])
    expect(await code('/subjects/del-b')).toBe(40404)
    expect((await registry.delete('/subjects/del-b?permanent=true')).json).toEqual([1, 2])
    expect(await code('/subjects/del-b')).toBe(40401)
  })

  it('is refused for what other schemas refer to', async () => {
    await register('del-c', '{"type":"record","name":"C","namespace":"del","fields":[]}')
    await register('del-d', '{"type":"array","items":"del.C"}', {
      references: [{ name: 'del.C', subject: 'del-c', version: 1 }],
    })
    expect(await code('/subjects/del-c/versions/1')).toBe(42206)
    expect(await code('/subjects/del-c')).toBe(42206)
  })

  it('is refused in mode READONLY', async () => {
    await register('del-e', record(['x']))
    await registry.put('/mode/del-e', { mode: 'READONLY' })
    expect(await code('/subjects/del-e/versions/1')).toBe(42205)
    expect(await code('/subjects/del-e')).toBe(42205)
  })
})

describe('changing tags', () => {
  const path = '/subjects/tag-a/versions/1/tags'

  it('registers a new version whose text holds the tags', async () => {
    await register('tag-a', record(['x']))
    const tagsToAdd = [{ schemaEntity: { entityPath: 'R.x', entityType: 'sr_field' }, tags: ['PII'] }]
    const tagged = await registry.post(path, { newVersion: 2, tagsToAdd })
    expect(tagged).toMatchObject({ status: 200, json: { version: 2 } })
    expect((tagged.json as { schema: string }).schema).toContain('"confluent:tags":["PII"]')
    expect((await registry.get('/subjects/tag-a/versions/2?findTags=*')).json).toMatchObject({ schemaTags: tagsToAdd })
  })

  it.each([
    ['/subjects/tag-none/versions/1/tags', {}, 40401],
    ['/subjects/tag-b/versions/9/tags', {}, 40402],
    ['/subjects/tag-b/versions/x/tags', {}, 42202],
    ['/subjects/tag-b/versions/1/tags', undefined, 422],
    [
      '/subjects/tag-b/versions/1/tags',
      { tagsToAdd: [{ schemaEntity: { entityPath: 'R.none', entityType: 'sr_field' }, tags: ['a'] }] },
      42201,
    ],
    ['/subjects/tag-b/versions/1/tags', { rulesToMerge: { domainRules: [{ name: '1' }] } }, 42210],
    ['/subjects/tag-b/versions/1/tags', { newVersion: 2, ruleSet: {}, rulesToRemove: ['a'] }, 42210],
  ])('refuses %s %j', async (target, body, code) => {
    await register('tag-b', record(['x']))
    expect(await registry.post(target, body)).toMatchObject({ json: { error_code: code } })
  })

  it('is refused where the text would not be compatible any more', async () => {
    await register('tag-d', record(['x']))
    await registry.post('/subjects/tag-d/versions?force=true', { schema: required(['y']) })
    await register('tag-d', required(['y', 'z']))
    const tags = { tagsToAdd: [{ schemaEntity: { entityPath: 'R.x', entityType: 'sr_field' }, tags: ['PII'] }] }
    await registry.put('/config/tag-d', { compatibility: 'FULL' })
    expect(await registry.post('/subjects/tag-d/versions/1/tags', tags)).toMatchObject({ json: { error_code: 40901 } })
  })

  it('is refused where registering is', async () => {
    const tags = { tagsToAdd: [{ schemaEntity: { entityPath: 'R.x', entityType: 'sr_field' }, tags: ['PII'] }] }
    await register('tag-c', record(['x']))
    await registry.put('/mode/tag-c', { mode: 'READONLY' })
    expect(await registry.post('/subjects/tag-c/versions/1/tags', tags)).toMatchObject({ json: { error_code: 42205 } })
  })
})
