import { startRegistry, type TestRegistry } from '../support/registry.js'

describe('with holdBackNewMembers', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry({ settings: { holdBackNewMembers: true } })
  })
  afterAll(() => registry.close())

  /** Past the check against openapi.yaml, which describes whole answers. */
  const seen = async (path: string, init?: RequestInit): Promise<unknown> =>
    (await fetch(registry.url + path, init)).json()

  it('a registration answers with the id alone', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema: '"int"' }),
    }
    expect(await seen('/subjects/a/versions', init)).toEqual({ id: 1 })
  })

  it('schemas are shown without the members that old clients do not know', async () => {
    const known = { schemaType: 'AVRO', schema: '"int"', subject: 'a', version: 1 }
    expect(await seen('/subjects/a/versions/1')).toEqual({ ...known, id: 1 })
    for (let again = 0; again < 2; again++) expect(await seen('/schemas/ids/1')).toEqual(known)
    expect(await seen('/schemas')).toEqual([{ ...known, id: 1 }])
  })

  it('clients that say they accept unknown members get them all', async () => {
    const answer = await registry.get('/schemas/ids/1', { 'Confluent-Accept-Unknown-Properties': 'true' })
    expect(answer.json).toMatchObject({ guid: expect.any(String) as string, deleted: false })
  })
})
