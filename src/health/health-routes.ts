import type { FastifyInstance } from 'fastify'
import type { Storage } from '../storage/storage.port.js'
import type { Metrics } from './metrics.js'

export interface Health {
  storage: Storage
  metrics: Metrics
  /** True from the moment at which the server was asked to end. */
  ending: () => boolean
}

/** A database that takes longer than this for the smallest read is not ready, in milliseconds. */
const patience = 2_000

/**
 * Probes and metrics, straight on the Fastify server: they work without the rest of the application and need no
 * credentials, as orchestrators expect.
 */
export function addHealthRoutes(server: FastifyInstance, { storage, metrics, ending }: Health): void {
  const config = { ownMediaType: true }

  server.get('/health/live', { config }, (_request, reply) => {
    void reply.type('application/json').send({ status: 'live' })
  })

  server.get('/health/ready', { config }, async (_request, reply) => {
    const reason = ending() ? 'the server is ending' : await unreadable(storage)
    return reply
      .status(reason === undefined ? 200 : 503)
      .type('application/json')
      .send(reason === undefined ? { status: 'ready' } : { status: 'not ready', reason })
  })

  server.get('/metrics', { config }, async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.text())
  })
}

/** Why the database cannot be read; undefined if it can. */
async function unreadable(storage: Storage): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`the database did not answer within ${patience} ms`), patience)
  })
  const read = storage
    .read((tx) => tx.highestId('.'))
    .then(
      () => undefined,
      () => 'the database cannot be read',
    )
  return Promise.race([read, late]).finally(() => clearTimeout(timer))
}
