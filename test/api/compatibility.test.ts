import { startRegistry, type TestRegistry } from '../support/registry.js'
import { message, record, required } from '../support/schemas.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await startRegistry()
  for (const fields of [['x'], ['x', 'y']]) await registry.post('/subjects/a/versions', { schema: record(fields) })
})
afterAll(() => registry.close())

const check = (path: string, body: unknown) => registry.post(`/compatibility/subjects/${path}`, body)

describe('a compatibility check', () => {
  it('says whether a schema could be registered, without registering it', async () => {
    expect((await check('a/versions/latest', { schema: record(['x', 'z']) })).json).toEqual({ is_compatible: true })
    expect((await check('a/versions/latest', { schema: required(['x', 'z']) })).json).toEqual({ is_compatible: false })
    expect((await check('a/versions', { schema: required(['z']) })).json).toEqual({ is_compatible: false })
    expect((await registry.get('/subjects/a/versions')).json).toEqual([1, 2])
  })

  it.each([
    ['AVRO', record(['x']), required(['x', 'z'])],
    [
      'JSON',
      '{"type":"object","properties":{"a":{"type":"string"}}}',
      '{"type":"object","properties":{"a":{"type":"integer"}}}',
    ],
    ['PROTOBUF', message('M', '  int32 a = 1;\n'), message('M', '  string a = 1;\n')],
  ])('gives the reasons with verbose=true, in %s', async (schemaType, older, newer) => {
    await registry.post(`/subjects/verbose-${schemaType}/versions`, { schema: older, schemaType })
    const answer = await check(`verbose-${schemaType}/versions/1?verbose=true`, { schema: newer, schemaType })
    const { is_compatible, messages } = answer.json as { is_compatible: boolean; messages: string[] }
    expect(is_compatible).toBe(false)
    expect(messages.join('\n')).toMatch(/errorType/)
  })

  it('of an invalid schema is refused, and answered with verbose=true', async () => {
    for (const path of ['a/versions', 'a/versions/1']) {
      expect(await check(path, { schema: '{' })).toMatchObject({ json: { error_code: 42201 } })
      const answer = await check(`${path}?verbose=true`, { schema: '{' })
      expect(answer).toMatchObject({ status: 200, json: { is_compatible: false } })
      expect((answer.json as { messages: string[] }).messages.join()).toContain('line 1')
    }
  })

  it('against what is not there is refused, against all versions of nothing is fine', async () => {
    expect(await check('none/versions/1', { schema: record(['x']) })).toMatchObject({ json: { error_code: 40402 } })
    expect(await check('a/versions/x', { schema: record(['x']) })).toMatchObject({ json: { error_code: 42202 } })
    expect((await check('none/versions', { schema: record(['x']) })).json).toEqual({ is_compatible: true })
  })

  it('needs a body', async () => {
    for (const path of [
      '/compatibility/subjects/a/versions',
      '/compatibility/subjects/a/versions/1',
      '/api/v1/check',
    ]) {
      expect(await registry.post(path)).toMatchObject({ json: { error_code: 422 } })
    }
  })

  it.each([
    ['NONE', [true, true]],
    ['BACKWARD', [false, true]],
    ['FORWARD', [true, false]],
    ['FULL', [false, false]],
  ])('goes by the level %s', async (compatibility, [readsOld, readByOld]) => {
    const subject = `level-${compatibility}`
    await registry.post(`/subjects/${subject}/versions`, { schema: required(['x']) })
    await registry.put(`/config/${subject}`, { compatibility })
    expect((await check(`${subject}/versions/latest`, { schema: required(['x', 'y']) })).json).toEqual({
      is_compatible: readsOld,
    })
    expect((await check(`${subject}/versions/latest`, { schema: required([]) })).json).toEqual({
      is_compatible: readByOld,
    })
  })
})
