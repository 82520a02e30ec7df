import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RegistryClient, RegistryError, RegistryUnavailable } from '../index.js'

/** A server that gives one answer and keeps what it was asked. */
async function serve(
  status: number,
  body: string,
  delayMs = 0,
): Promise<{ server: Server; url: string; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { authorization } = request.headers
      requests.push(
        [request.method, request.url, Buffer.concat(chunks).toString(), authorization].filter(Boolean).join(' '),
      )
      setTimeout(() => response.writeHead(status).end(body), delayMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

describe('the registry client', () => {
  const servers: Server[] = []
  const answering = async (status: number, body: unknown, delayMs?: number) => {
    const running = await serve(status, typeof body === 'string' ? body : JSON.stringify(body), delayMs)
    servers.push(running.server)
    return running
  }
  afterEach(() => {
    for (const server of servers.splice(0)) (server.closeAllConnections(), server.close())
  })

  it('asks as the protocol wants it, with names escaped', async () => {
    const { url, requests } = await answering(200, { id: 7, version: 1 })
    const client = new RegistryClient(url)
    await client.register('a/b value', { schema: '"int"' }, { normalize: true })
    await client.version('a/b value', 'latest')
    await client.check('s', { schema: '"int"' }, { verbose: true })
    await client.check('s', { schema: '"int"' }, { version: 3 })
    await client.setCompatibility('FULL', 's')
    expect(requests).toEqual([
      'POST /subjects/a%2Fb%20value/versions?normalize=true {"schema":"\\"int\\""}',
      'GET /subjects/a%2Fb%20value/versions/latest',
      'POST /compatibility/subjects/s/versions?verbose=true {"schema":"\\"int\\""}',
      'POST /compatibility/subjects/s/versions/3 {"schema":"\\"int\\""}',
      'PUT /config/s {"compatibility":"FULL"}',
    ])
  })

  it('keeps the path of an address and sends its credentials', async () => {
    const { url, requests } = await answering(200, [])
    await new RegistryClient(`${url.replace('//', '//me:secret@')}/registry/`).subjects()
    expect(requests).toEqual([`GET /registry/subjects Basic ${Buffer.from('me:secret').toString('base64')}`])
    expect(new RegistryClient('http://me:secret@localhost').url).toBe('http://localhost')
  })

  it('takes an absent schema type for Avro, as the protocol has it', async () => {
    const { url } = await answering(200, { schema: '"int"' })
    expect(await new RegistryClient(url).findById(1)).toEqual({ schema: '"int"', schemaType: 'AVRO', references: [] })
  })

  it("gives nothing for what is not there, and the registry's words for what it refuses", async () => {
    const absent = await answering(404, { error_code: 40403, message: 'Schema 1 not found' })
    expect(await new RegistryClient(absent.url).findById(1)).toBeUndefined()
    const refused = await answering(409, { error_code: 409, message: 'incompatible with an earlier schema' })
    const attempt = new RegistryClient(refused.url).register('s', { schema: '"int"' })
    await expect(attempt).rejects.toThrow(RegistryError)
    await expect(attempt).rejects.toMatchObject({
      status: 409,
      code: 409,
      reason: 'incompatible with an earlier schema',
    })
  })

  it.each([
    ['a server in trouble', 500, '{"error_code":50001,"message":"no disk"}', 'HTTP 500: no disk'],
    ['something that is no registry', 404, '<html>', 'is the address right?'],
    ['a page instead of an answer', 200, '<html>', 'is the address right?'],
  ])('tells %s from a refusal', async (_, status, body, message) => {
    const { url } = await answering(status, body)
    const attempt = new RegistryClient(url).subjects()
    await expect(attempt).rejects.toThrow(RegistryUnavailable)
    await expect(attempt).rejects.toThrow(message)
  })

  it('does not wait for ever, and says that nobody listens', async () => {
    const { url, server } = await answering(200, [], 5000)
    await expect(new RegistryClient({ url, timeoutMs: 50 }).subjects()).rejects.toThrow('no answer within 50 ms')
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await expect(new RegistryClient(url).subjects()).rejects.toThrow('ECONNREFUSED')
  })

  it('refuses an address that is none', () => {
    expect(() => new RegistryClient('localhost:8081')).toThrow('an example is http://127.0.0.1:8081')
  })
})
