import type { FastifyInstance } from 'fastify'
import type { Logger } from './logger.js'

/**
 * Logs requests when they have been answered: what may have changed something as `info`, failures of the server as
 * `error`, reads as `debug`. The path goes in without its query.
 */
export function logRequests(server: FastifyInstance, log: Logger): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { method } = request
    const status = reply.statusCode
    const level =
      status >= 500 ? 'error' : method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? 'debug' : 'info'
    if (log.isLevelEnabled(level)) {
      const path = request.originalUrl.split('?', 1)[0]
      const milliseconds = Math.round(reply.elapsedTime * 10) / 10
      log[level]({ request: request.id, method, path, status, milliseconds }, 'request')
    }
    done()
  })
}
