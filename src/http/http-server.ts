import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { RegistryError } from './errors.js'
import { answerTypes, isMediaType, isReadable, negotiate } from './media-types.js'
import type { PreparedAnswers } from './prepared-answers.js'
import { normalizedUrl } from './request-path.js'
import { RouteTable } from './routes.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route negotiates nothing: it says itself what it answers. */
    ownMediaType?: boolean
  }
}

/** The longest name of a subject that a path can carry, in characters. */
const longestName = 16_384
/** Smaller answers are not worth compressing. */
const leastCompressed = 32

/** Paths that could not be read, until the request is answered. */
const pathFailures = new WeakMap<IncomingMessage, RegistryError>()
const routeTables = new WeakMap<FastifyInstance, RouteTable>()

/** The routes of a server, as far as they are registered. */
export const routesOf = (instance: FastifyInstance): RouteTable => routeTables.get(instance) ?? new RouteTable()

export interface HttpOptions {
  /** The largest request body in bytes. */
  bodyLimit: number
  /** Answers that are sent without going through the application. */
  prepared?: PreparedAnswers
}

/**
 * The Fastify server behind Nest with everything about HTTP that is the same for each route: path rules, media types,
 * limits, request ids, compression. Errors of all three sources (handlers, body parser, router) end in the one table.
 */
export function httpAdapter({ bodyLimit, prepared }: HttpOptions): FastifyAdapter {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit,
    http: { maxHeaderSize: 65_536 },
    // A request that still comes in while the server ends is served: its connection is closed with the answer.
    return503OnClosing: false,
    routerOptions: { maxParamLength: longestName },
    rewriteUrl: (request) => {
      try {
        return normalizedUrl(request.url ?? '/', request.method ?? 'GET')
      } catch (error) {
        pathFailures.set(request, asRegistryError(error))
        return '/'
      }
    },
    genReqId: (request) => requestId(request.headers['x-request-id']),
    frameworkErrors: (error, _request, reply) => {
      const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      sendError(reply, new RegistryError(tooLong ? 'uriTooLong' : 'badPath', { detail: 'it cannot be decoded' }))
    },
  }
  const adapter = new FastifyAdapter(options)
  const instance = adapter.getInstance()
  const routes = new RouteTable()
  routeTables.set(instance, routes)
  instance.addHook('onRoute', ({ url, method }) => routes.add(url, method))
  instance.removeAllContentTypeParsers()
  instance.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseBody(body as string))
    } catch (error) {
      done(asRegistryError(error))
    }
  })
  instance.addHook('onRequest', prepareAnswer)
  if (prepared) instance.addHook('onRequest', sendPrepared(prepared))
  instance.addHook('onSend', compress)
  return adapter
}

/** Answers with an error of the table. */
export function sendError(reply: FastifyReply, error: RegistryError): void {
  if (!reply.hasHeader('content-type')) reply.header('content-type', answerTypes[0].type)
  void reply.status(error.status).send(Buffer.from(JSON.stringify(error.body)))
}

function prepareAnswer(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  try {
    negotiateAnswer(request, reply)
    done()
  } catch (error) {
    done(asRegistryError(error))
  }
}

function negotiateAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id).header('vary', 'Accept-Encoding')
  const failure = pathFailures.get(request.raw)
  if (failure) throw failure
  if (request.is404 || request.routeOptions.config.ownMediaType) return
  const contentType = request.headers['content-type']
  if (hasBody(request) && contentType !== undefined) {
    if (!isMediaType(contentType))
      throw new RegistryError('badRequest', { detail: `'${contentType}' is not a content type` })
    if (!isReadable(contentType)) throw new RegistryError('unsupportedMediaType', { type: contentType })
  }
  const type = negotiate(request.headers.accept)
  if (type === undefined) throw new RegistryError('notAcceptable', { accept: request.headers.accept })
  reply.header('content-type', type)
}

/** The hot path: a schema by id as bytes that are there already. Everything before (access, metrics) has been run. */
function sendPrepared(prepared: PreparedAnswers) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const body = request.method === 'GET' ? prepared.get(request.url) : undefined
    if (body) void reply.send(body)
    else done()
  }
}

const hasBody = ({ headers }: FastifyRequest) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** Of a repeated key the last counts; `__proto__` is a key like any other, since nothing copies keys blindly. */
function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new RegistryError('badRequest', { detail: `the body is not JSON (${(error as Error).message})` })
  }
}

/** The request's own id if it states exactly one, else a new one. */
function requestId(header: string | string[] | undefined): string {
  const stated = typeof header === 'string' ? header.trim() : ''
  return stated && !stated.includes(',') ? stated : randomUUID()
}

const compressed = promisify(gzip)

async function compress(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload
  if (!Buffer.isBuffer(body) || body.length < leastCompressed || reply.hasHeader('content-encoding')) return payload
  if (!acceptsGzip(request.headers['accept-encoding'])) return payload
  reply.header('content-encoding', 'gzip').removeHeader('content-length')
  return compressed(body)
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = [header ?? ''].flat().join(',').split(',')
  return codings.some((coding) => /^\s*(gzip|\*)\s*(;|$)/i.test(coding) && !/;\s*q\s*=\s*0(\.0*)?\s*$/i.test(coding))
}

const asRegistryError = (error: unknown) => (error instanceof RegistryError ? error : new RegistryError('internal'))
