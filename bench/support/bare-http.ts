import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'

// The anchor of `reads`: node:http answering from prepared bytes, and nothing else.

const answers = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Record<string, string>
const prepared = new Map(Object.entries(answers).map(([path, body]) => [path, Buffer.from(body)]))

const server = createServer((request, response) => {
  const body = prepared.get(request.url ?? '')
  if (!body) {
    response.writeHead(404, { 'content-length': 0 }).end()
    return
  }
  response
    .writeHead(200, {
      'content-type': 'application/vnd.schemaregistry.v1+json',
      'content-length': body.length,
    })
    .end(body)
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: (user + system) / 1e6 })
})
