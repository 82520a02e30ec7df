import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { MemoryStorage } from '../../src/storage/memory/memory-storage.js'
import { StorageBusy, StorageFailed } from '../../src/storage/storage-errors.js'
import type { Storage } from '../../src/storage/storage.port.js'
import { startRegistry, type TestRegistry } from '../support/registry.js'
import { record } from '../support/schemas.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await startRegistry({ settings: { bodyLimit: 2_048 } })
  await registry.post('/subjects/a/versions', { schema: record(['x']) })
})
afterAll(() => registry.close())

describe('the server', () => {
  it('shows signs of life', async () => {
    expect((await registry.get('/')).json).toEqual({})
    expect((await registry.post('/')).json).toEqual({})
    expect((await registry.get('/health/live')).json).toEqual({ status: 'live' })
    expect((await registry.get('/health/ready')).json).toEqual({ status: 'ready' })
  })

  it('names itself', async () => {
    expect((await registry.get('/v1/metadata/id')).json).toHaveProperty('scope.clusters')
    expect((await registry.get('/v1/metadata/version')).json).toHaveProperty('version')
    expect((await registry.get('/v1/metadata/deployment')).json).toHaveProperty('attributes')
  })

  it('counts requests by route, not by path', async () => {
    const metrics = (await registry.get('/metrics')).text
    expect(metrics).toMatch(
      /concordat_http_request_duration_seconds_count\{method="POST",route="\/subjects\/:subject\/versions",status="200"\} 1/,
    )
    expect(metrics).toContain('concordat_storage_queued_writes 0')
  })

  it('is not ready while it ends or cannot read its database', async () => {
    let ending = false
    const other = await startRegistry({ ending: () => ending })
    ending = true
    expect(await other.get('/health/ready')).toMatchObject({ status: 503, json: { reason: 'the server is ending' } })
    await other.storage.close()
    ending = false
    expect(await other.get('/health/ready')).toMatchObject({
      status: 503,
      json: { reason: 'the database cannot be read' },
    })
    expect((await other.get('/health/live')).status).toBe(200)
    await other.close()
  })
})

describe('every answer', () => {
  it('carries the id of its request: a new one, or the one that the client sent', async () => {
    expect((await registry.get('/')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect((await registry.get('/', { 'x-request-id': 'mine' })).headers['x-request-id']).toBe('mine')
  })

  it('has the type that the client accepts', async () => {
    const type = async (accept: string) => (await registry.get('/subjects', { accept })).headers['content-type']
    expect(await type('application/json')).toBe('application/json')
    expect(await type('*/*')).toBe('application/vnd.schemaregistry.v1+json')
    expect(await type('text/html, image/gif, */*; q=0.2')).toBe('application/vnd.schemaregistry.v1+json')
    expect(await registry.get('/subjects', { accept: 'text/html' })).toMatchObject({
      status: 406,
      json: { error_code: 406 },
    })
  })

  it('is compressed if the client asks for it', async () => {
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      const asked = request(
        `${registry.url}/subjects/a/versions/1`,
        { headers: { 'accept-encoding': 'gzip' } },
        (answer) => {
          expect(answer.headers['content-encoding']).toBe('gzip')
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)))
        },
      )
      asked.on('error', reject).end()
    })
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ subject: 'a' })
  })

  it('to HEAD is that to GET without a body, to OPTIONS the methods', async () => {
    const head = await registry.send({ method: 'HEAD', path: '/subjects/a/versions/1' })
    expect(head).toMatchObject({ status: 200, text: '' })
    const options = await registry.send({ method: 'OPTIONS', path: '/subjects/a' })
    expect(options.headers.allow?.toString().split(/, ?/).sort()).toEqual(['DELETE', 'OPTIONS', 'POST'])
  })
})

describe('a request that cannot be served', () => {
  it('because nothing is there is 404, because of its method 405', async () => {
    expect(await registry.get('/nothing')).toMatchObject({ status: 404, json: { error_code: 404 } })
    const wrong = await registry.send({ method: 'PATCH', path: '/subjects/a' })
    expect(wrong).toMatchObject({ status: 405, json: { error_code: 405 } })
    expect(wrong.headers.allow).toContain('DELETE')
  })

  it('because of its type is 415', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
      const sent = { method: 'POST', path: '/subjects/a/versions', raw: '{}', headers: { 'content-type': type } }
      expect(await registry.send(sent)).toMatchObject({ status: 415, json: { error_code: 415 } })
    }
  })

  it('because of its size is 413, and the message names the limit', async () => {
    const answer = await registry.post('/subjects/a/versions', { schema: ' '.repeat(5_000) })
    expect(answer).toMatchObject({ status: 413, json: { error_code: 413 } })
    expect(answer.text).toContain('2048')
  })

  it('because of a name of many thousand characters is 414', async () => {
    expect(await registry.get(`/subjects/${'x'.repeat(16_500)}/versions`)).toMatchObject({
      status: 414,
      json: { error_code: 414 },
    })
  })

  it('because the database has too much to do is 503, because it fails 50001, because we fail 500', async () => {
    const failing = (error: Error): Storage => ({
      write: () => Promise.reject(error),
      read: () => Promise.reject(error),
      close: () => Promise.resolve(),
    })
    for (const [error, status, code] of [
      [new StorageBusy('full'), 503, 503],
      [new StorageFailed('disk full', 'SQLITE_FULL'), 500, 50001],
      [new Error('a mistake with a secret'), 500, 500],
    ] as const) {
      const broken = await startRegistry({ storage: failing(error) })
      const answer = await broken.put('/config', { compatibility: 'NONE' })
      expect(answer).toMatchObject({ status, json: { error_code: code } })
      expect(answer.text).not.toContain('secret')
      if (code !== 503) expect(JSON.stringify(broken.log)).toContain(error.message)
      await broken.close()
    }
  })

  it('because it is no HTTP closes its connection and no other', async () => {
    const { port } = new URL(registry.url)
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'))
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('end', () => resolve(text))
        .on('error', reject)
    })
    expect(answer).toContain('400 Bad Request')
    expect((await registry.get('/')).status).toBe(200)
  })
})

it('the log names the request of each failure', async () => {
  const storage = new MemoryStorage()
  const other = await startRegistry({ storage })
  await storage.close()
  const answer = await other.get('/subjects')
  expect(answer.status).toBeGreaterThanOrEqual(500)
  expect(other.log.find(({ request }) => request === answer.headers['x-request-id'])).toMatchObject({
    path: '/subjects',
  })
  await other.close()
})
