import { startRegistry, type TestRegistry } from '../support/registry.js'
import { message, record } from '../support/schemas.js'

let registry: TestRegistry
let id: number
let guid: string
beforeAll(async () => {
  registry = await startRegistry()
  const answer = await registry.post('/subjects/a/versions', { schema: record(['x']) })
  ;({ id, guid } = answer.json)
  await registry.post('/subjects/b/versions', { schema: record(['x']) })
})
afterAll(() => registry.close())

describe('a schema', () => {
  it('is found by its id, with one of its registrations', async () => {
    expect((await registry.get(`/schemas/ids/${id}`)).json).toMatchObject({
      schema: record(['x']),
      schemaType: 'AVRO',
      guid,
    })
    expect((await registry.get(`/schemas/ids/${id}?subject=b&fetchMaxId=true`)).json).toMatchObject({
      subject: 'b',
      maxId: id,
    })
    expect((await registry.get(`/schemas/ids/${id}/schema`)).text).toBe(record(['x']))
    expect((await registry.get(`/schemas/ids/${id}/subjects`)).json).toEqual(['a', 'b'])
    expect((await registry.get(`/schemas/ids/${id}/versions`)).json).toEqual([
      { subject: 'a', version: 1 },
      { subject: 'b', version: 1 },
    ])
  })

  it('is found by its GUID, written as UUID or as 32 digits', async () => {
    for (const text of [guid, guid.replaceAll('-', '')]) {
      expect((await registry.get(`/schemas/guids/${text}`)).json).toMatchObject({ schema: record(['x']), guid })
    }
    expect((await registry.get(`/schemas/guids/${guid}/ids`)).json).toEqual([{ context: '.', id }])
    expect((await registry.get('/schemas/guids/00000000-0000-0000-0000-000000000000/ids')).json).toEqual([])
  })

  it.each(['', '/schema', '/subjects', '/versions'])('with an unknown id is 40403, at ..%s', async (rest) => {
    expect(await registry.get(`/schemas/ids/9999${rest}`)).toMatchObject({ status: 404, json: { error_code: 40403 } })
  })

  it('with an unknown GUID is 40403', async () => {
    for (const text of ['00000000-0000-0000-0000-000000000000', 'x']) {
      expect(await registry.get(`/schemas/guids/${text}`)).toMatchObject({ json: { error_code: 40403 } })
    }
  })

  it('with an id that is no number is an address that does not exist', async () => {
    for (const text of ['x', '1.5', '99999999999']) {
      expect(await registry.get(`/schemas/ids/${text}`)).toMatchObject({ status: 404, json: { error_code: 404 } })
    }
  })

  it('stays readable by id after its soft deletion and is gone after its removal', async () => {
    const answer = await registry.post('/subjects/gone/versions', { schema: record(['gone']) })
    const path = `/schemas/ids/${(answer.json as { id: number }).id}`
    await registry.delete('/subjects/gone')
    expect(await registry.get(path)).toMatchObject({ status: 200 })
    expect((await registry.get(`${path}/subjects`)).json).toEqual([])
    expect((await registry.get(`${path}/subjects?deleted=true`)).json).toEqual(['gone'])
    await registry.delete('/subjects/gone?permanent=true')
    expect(await registry.get(path)).toMatchObject({ json: { error_code: 40403 } })
  })

  it('in Protobuf is shown as a descriptor with format=serialized, and that descriptor is the same schema', async () => {
    const schemaType = 'PROTOBUF'
    const stored = await registry.post('/subjects/p/versions', { schema: message('M', '  int32 a = 1;\n'), schemaType })
    const { id: protobufId } = stored.json as { id: number }
    const shown = (await registry.get(`/schemas/ids/${protobufId}?format=serialized`)).json as { schema: string }
    expect(shown.schema).toMatch(/^[A-Za-z0-9+/]+=*$/)
    const again = await registry.post('/subjects/p/versions', { schema: shown.schema, schemaType })
    expect(again.json).toMatchObject({ id: protobufId, version: 1 })
  })
})

describe('the list of schemas', () => {
  it('goes by subject and version, filtered and paged', async () => {
    await registry.post('/subjects/l1/versions', { schema: record(['l']) })
    await registry.post('/subjects/l1/versions', { schema: record(['l', 'm']) })
    const list = async (query: string) =>
      ((await registry.get(`/schemas?${query}`)).json as { subject: string; version: number }[]).map(
        ({ subject, version }) => `${subject}/${version}`,
      )
    expect(await list('subjectPrefix=l')).toEqual(['l1/1', 'l1/2'])
    expect(await list('subjectPrefix=l&latestOnly=true')).toEqual(['l1/2'])
    expect(await list('subjectPrefix=l&offset=1&limit=5')).toEqual(['l1/2'])
    expect(await list('subjectPrefix=none')).toEqual([])
  })

  it('names the languages', async () => {
    expect(((await registry.get('/schemas/types')).json as string[]).toSorted()).toEqual(['AVRO', 'JSON', 'PROTOBUF'])
  })
})
