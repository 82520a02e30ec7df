import fc from 'fast-check'
import { startRegistry, type TestRegistry } from '../support/registry.js'
import { message, record } from '../support/schemas.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await startRegistry()
  await registry.post('/subjects/a/versions', { schema: record(['x']) })
})
afterAll(async () => {
  expect(registry.log.filter(({ level }) => level === 'error')).toEqual([])
  await registry.close()
})

const path = '/subjects/bad/versions'
const deep = (open: string, close: string, depth = 50_000) => open.repeat(depth) + close.repeat(depth)

describe('a body that is not what it should be', () => {
  it.each([
    ['is cut off', '{"schema":', 400],
    ['has text behind it', '{} x', 400],
    ['is no JSON', 'schema=1', 400],
    ['is a list', '[]', 400],
    ['is a text', '"schema"', 400],
    ['is null', 'null', 422],
    ['is missing', '', 422],
    ['has an object as schema', '{"schema":{"type":"string"}}', 400],
    ['has a list as schema', '{"schema":["string"]}', 400],
    ['has a text as references', '{"schema":"\\"string\\"","references":"a"}', 400],
    ['has a text among its references', '{"schema":"\\"string\\"","references":["a"]}', 400],
    ['has a version that is no number', '{"schema":"\\"string\\"","version":"one"}', 400],
    ['has a version beyond 32 bits', '{"schema":"\\"string\\"","version":99999999999}', 400],
    ['has metadata that is a list', '{"schema":"\\"string\\"","metadata":[]}', 400],
    ['has rules that are a text', '{"schema":"\\"string\\"","ruleSet":"none"}', 400],
    ['is nested too deep', `{"schema":"x","metadata":${deep('[', ']')}}`, 400],
  ])('because it %s is refused, and the message says why', async (_, raw, code) => {
    const answer = await registry.send({ method: 'POST', path, raw })
    expect(answer).toMatchObject({ status: Math.min(code, 999), json: { error_code: code } })
    expect((answer.json as { message: string }).message.length).toBeGreaterThan(20)
  })

  it('names the member that is wrong', async () => {
    const answer = await registry.send({
      method: 'POST',
      path,
      raw: '{"references":[{"name":"a","subject":[],"version":1}]}',
    })
    expect(answer.text).toContain('references[0].subject')
  })

  it('does not reach a prototype', async () => {
    const raw = '{"schema":"\\"string\\"","__proto__":{"schemaType":"JSON"},"constructor":{"prototype":{"polluted":1}}}'
    const answer = await registry.send({ method: 'POST', path: '/subjects/proto/versions', raw })
    expect(answer).toMatchObject({ status: 200, json: { schemaType: 'AVRO' } })
    expect({}).not.toHaveProperty('polluted')
  })

  it('is read when it comes in chunks, and refused when it is compressed', async () => {
    const body = JSON.stringify({ schema: record(['x']) })
    const chunked = { 'transfer-encoding': 'chunked', 'content-length': null }
    expect(
      await registry.send({ method: 'POST', path: '/subjects/chunked/versions', raw: body, headers: chunked }),
    ).toMatchObject({ status: 200 })
    const packed = {
      method: 'POST',
      path,
      raw: Buffer.from([0x1f, 0x8b, 8, 0, 0]),
      headers: { 'content-encoding': 'gzip' },
    }
    expect(await registry.send(packed)).toMatchObject({ status: 400 })
  })
})

describe('a schema that is not valid', () => {
  it.each([
    ['AVRO', 'that is cut off', '{', /line 1, column 2/],
    ['AVRO', 'without any text', '', /./],
    ['AVRO', 'of a record without fields', '{"type":"record","name":"R"}', /fields/],
    ['AVRO', 'with an unknown type', '{"type":"record","name":"R","fields":[{"name":"a","type":"strin"}]}', /strin/],
    [
      'AVRO',
      'with a repeated field',
      '{"type":"record","name":"R","fields":[\n  {"name":"a","type":"int"},\n  {"name":"a","type":"int"}]}',
      /line 3/,
    ],
    ['AVRO', 'with a symbol that is no name', '{"type":"enum","name":"E","symbols":["1a"]}', /1a/],
    ['AVRO', 'of endless arrays', deep('{"type":"array","items":', '}'), /./],
    ['AVRO', 'of endless unions', deep('[', ']'), /./],
    ['JSON', 'that is cut off', '{"type":', /line 1/],
    ['JSON', 'with an unknown type', '{"type":"strin"}', /type/],
    ['JSON', 'with a reference to nothing', '{"$ref":"#/definitions/none"}', /none/],
    ['JSON', 'with properties in a list', '{"properties":[]}', /properties/],
    ['JSON', 'of endless negations', deep('{"not":', '}'), /./],
    ['JSON', 'that is a number', '3', /./],
    ['PROTOBUF', 'that is cut off', 'syntax = "proto3"; message M { int32 a = }', /line 1/],
    ['PROTOBUF', 'with a repeated number', message('M', '  int32 a = 1;\n  int32 b = 1;\n'), /./],
    ['PROTOBUF', 'with an unknown type', message('M', '  Missing a = 1;\n'), /Missing/],
    [
      'PROTOBUF',
      'with a missing import',
      'syntax = "proto3"; import "missing.proto"; message M { missing.T a = 1; }',
      /missing/,
    ],
    ['PROTOBUF', 'of endless messages', 'syntax = "proto3"; ' + deep('message M { ', '}'), /./],
    ['PROTOBUF', 'that is no descriptor', 'AAAA', /./],
  ])('in %s, %s, is 42201 with a place or a name', async (schemaType, _, schema, hint) => {
    const answer = await registry.post(path, { schema, schemaType })
    expect(answer).toMatchObject({ status: 422, json: { error_code: 42201 } })
    expect((answer.json as { message: string }).message).toMatch(hint)
    expect(answer.text.length).toBeLessThan(4_000)
  })

  it.each([
    ['AVRO', (n: number) => record(Array.from({ length: n }, (_, index) => `f${index}`))],
    [
      'JSON',
      (n: number) =>
        JSON.stringify({ properties: Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, {}])) }),
    ],
    [
      'PROTOBUF',
      (n: number) => message('M', Array.from({ length: n }, (_, i) => `  int32 f${i} = ${i + 1};\n`).join('')),
    ],
  ])('%s with thousands of fields is taken', async (schemaType, make) => {
    const answer = await registry.post(`/subjects/large-${schemaType}/versions`, { schema: make(3_000), schemaType })
    expect(answer.status).toBe(200)
  })
})

describe('a path that cannot be read', () => {
  it.each([
    '//subjects',
    '/subjects//versions',
    '/subjects/%/versions',
    '/subjects/%ff/versions',
    '/subjects/%00/versions',
    '/subjects/a%5Cb/versions',
    '/subjects/%2e%2e/versions',
    '/../subjects',
  ])('%s is 400', async (bad) => {
    expect(await registry.get(bad)).toMatchObject({ status: 400, json: { error_code: 400 } })
  })
})

describe('whatever comes in', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('a', 'latest', ':.c:', ':*:', '__GLOBAL', '-1', '0'),
  )
  const segment = fc.oneof(
    fc.constantFrom(
      'subjects',
      'versions',
      'schemas',
      'ids',
      'guids',
      'config',
      'mode',
      'contexts',
      'compatibility',
      'a',
      '1',
      'latest',
      'associations',
      'resources',
      'metadata',
      'tags',
      'schema',
      'referencedby',
    ),
    text.map((value) => encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(value)))),
  )
  const parameter = fc.tuple(
    fc.constantFrom(
      'deleted',
      'permanent',
      'format',
      'limit',
      'offset',
      'subject',
      'subjectPrefix',
      'normalize',
      'verbose',
      'key',
      'value',
      'findTags',
      'lifecycle',
      'defaultToGlobal',
      'recursive',
    ),
    text.map((value) => encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(value)))),
  )
  const body = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc
      .record(
        {
          schema: fc.oneof(fc.json({ maxDepth: 3 }), fc.string()),
          schemaType: fc.oneof(fc.constantFrom('AVRO', 'JSON', 'PROTOBUF'), fc.jsonValue({ maxDepth: 1 })),
          references: fc.jsonValue({ maxDepth: 3 }),
          metadata: fc.jsonValue({ maxDepth: 3 }),
          ruleSet: fc.jsonValue({ maxDepth: 4 }),
          version: fc.oneof(fc.integer(), fc.string()),
          id: fc.oneof(fc.integer(), fc.string()),
          compatibility: fc.jsonValue({ maxDepth: 1 }),
          mode: fc.jsonValue({ maxDepth: 1 }),
          requests: fc.jsonValue({ maxDepth: 3 }),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
    fc.string(),
  )

  it('the answer is one that openapi.yaml describes, and never a failure of the server', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'),
        fc.array(segment, { maxLength: 6 }),
        fc.array(parameter, { maxLength: 2 }),
        fc.option(body, { nil: undefined }),
        async (method, segments, parameters, raw) => {
          const query = parameters.map(([name, value]) => `${name}=${value}`).join('&')
          const target = `/${segments.join('/')}${query && `?${query}`}`
          const answer = await registry.send({
            method,
            path: target,
            ...(raw !== undefined && method !== 'HEAD' && { raw }),
          })
          expect(answer.status).toBeLessThan(500)
        },
      ),
      { seed: 20261122, numRuns: 1_500 },
    )
  })

  it('as the body of each operation that takes one, the answer is a described one and never a failure', async () => {
    const targets = [
      '/subjects/f/versions',
      '/subjects/a',
      '/subjects/a/versions/1/tags',
      '/compatibility/subjects/a/versions',
      '/config/f',
      '/mode/f',
      '/associations',
      '/associations/resources/r',
      '/associations:batchGet',
      '/associations:batchMutate',
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...targets), body, async (target, raw) => {
        const method = /^\/(config|mode|associations\/)/.test(target) ? 'PUT' : 'POST'
        const answer = await registry.send({ method, path: target, raw })
        expect(answer.status).toBeLessThan(500)
      }),
      { seed: 20261122, numRuns: 1_500 },
    )
  })
})
