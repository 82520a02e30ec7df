import { startRegistry, type TestRegistry } from '../support/registry.js'

const record = (...names: string[]) =>
  JSON.stringify({ type: 'record', name: 'R', fields: names.map((name) => ({ name, type: 'int', default: 0 })) })
const object = (...names: string[]) =>
  JSON.stringify({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])) })
const message = (...names: string[]) =>
  `syntax = "proto3"; message M { ${names.map((name, at) => `int32 ${name} = ${at + 1};`).join(' ')} }`
const reserving = (names: string) => ({ properties: { 'confluent:reserved': names } })

describe('with validateFields', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry()
    await registry.put('/config', { compatibility: 'NONE', validateFields: true })
  })
  afterAll(() => registry.close())

  it.each([
    ['AVRO', record('a'), record('a', 'old')],
    ['JSON', object('a'), object('a', 'old')],
    ['PROTOBUF', message('a'), message('a', 'old')],
  ])('a field of %s cannot have a reserved name, whatever the level is', async (schemaType, fine, refused) => {
    const path = `/subjects/${schemaType}/versions`
    expect((await registry.post(path, { schemaType, schema: fine, metadata: reserving('x, old') })).status).toBe(200)
    const answer = await registry.post(path, { schemaType, schema: refused, metadata: reserving('x, old') })
    expect(answer.json).toMatchObject({ error_code: 40901 })
    expect(answer.text).toContain("'old'")
  })

  it('a reserved name stays reserved', async () => {
    await registry.post('/subjects/kept/versions', { schema: record('a'), metadata: reserving('b,c') })
    const answer = await registry.post('/subjects/kept/versions', {
      schema: record('a', 'd'),
      metadata: reserving('b'),
    })
    expect(answer.json).toMatchObject({ error_code: 40901 })
    expect(answer.text).toContain("'c'")
  })
})
