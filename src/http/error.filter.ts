import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { StorageBusy, StorageFailed } from '../storage/storage-errors.js'
import { RegistryError } from './errors.js'
import { routesOf, sendError } from './http-server.js'

/** Turns whatever was thrown on the way to an answer into an error of the table. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #log = new Logger('http')

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const reply = http.getResponse<FastifyReply>()
    if (isUnrouted(exception, request)) {
      answerUnrouted(request, reply)
      return
    }
    const error = this.#errorOf(exception, request)
    if (error.kind === 'internal' || error.kind === 'storageFailed')
      this.#log.error(exception, `${request.method} ${request.url}`)
    sendError(reply, error)
  }

  #errorOf(exception: unknown, request: FastifyRequest): RegistryError {
    const cause = exception instanceof HttpException ? exception.cause : exception
    if (exception instanceof RegistryError) return exception
    if (cause instanceof RegistryError) return cause
    if (cause instanceof StorageBusy) return new RegistryError('unavailable')
    if (cause instanceof StorageFailed) return new RegistryError('storageFailed')
    const code = (cause as { code?: unknown } | undefined)?.code
    switch (code) {
      case 'FST_ERR_CTP_BODY_TOO_LARGE':
        return new RegistryError('bodyTooLarge', { limit: request.routeOptions.bodyLimit })
      case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
        return new RegistryError('unsupportedMediaType', { type: request.headers['content-type'] })
      case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
        return new RegistryError('badRequest', { detail: 'its body is not as long as Content-Length says' })
      default:
        return new RegistryError('internal')
    }
  }
}

const isUnrouted = (exception: unknown, request: FastifyRequest) =>
  request.is404 && exception instanceof HttpException && exception.getStatus() === 404

/** A path without a route is 404, a route without this method 405; OPTIONS asks for the methods. */
function answerUnrouted(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0] ?? ''
  const allowed = routesOf(request.server).allowed(path)
  if (allowed.length === 0) {
    sendError(reply, new RegistryError('routeNotFound', { method: request.method, path }))
    return
  }
  reply.header('allow', allowed.join(','))
  if (request.method === 'OPTIONS') void reply.status(200).type('text/plain').send(allowed.join(', '))
  else
    sendError(
      reply,
      new RegistryError('methodNotAllowed', { method: request.method, path, allowed: allowed.join(', ') }),
    )
}
