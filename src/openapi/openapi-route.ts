import type { FastifyInstance } from 'fastify'
import { existsSync, readFileSync } from 'node:fs'

/** Serves the hand-written description of the interface, byte for byte. */
export function addOpenApiRoute(server: FastifyInstance): void {
  const text = readFileSync(locate())
  server.get('/openapi.yaml', { config: { ownMediaType: true } }, (_request, reply) => {
    void reply.type('application/yaml').send(text)
  })
}

/** Two folders above the sources, three above what is built from them. */
function locate(): URL {
  const source = new URL('../../openapi.yaml', import.meta.url)
  return existsSync(source) ? source : new URL('../../../openapi.yaml', import.meta.url)
}
