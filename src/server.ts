import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from './app.module.js'
import { settingsTable, type Settings } from './config/index.js'
import { addHealthRoutes } from './health/health-routes.js'
import { Metrics } from './health/metrics.js'
import { httpAdapter } from './http/http-server.js'
import { PreparedAnswers } from './http/prepared-answers.js'
import type { Logger } from './logging/logger.js'
import { NestLogger } from './logging/nest-logger.js'
import { logRequests } from './logging/request-log.js'
import { addOpenApiRoute } from './openapi/openapi-route.js'
import { openStorage } from './storage/open-storage.js'
import type { Storage } from './storage/storage.port.js'

/** A start that failed for a reason that the operator can do something about. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed'
}

/** A running server. */
export interface Server {
  /** Where it listens, such as `http://127.0.0.1:8081`. */
  address: string
  /** Finishes the running requests and everything that was accepted, then frees the port and the database. */
  close(): Promise<void>
}

/** @throws StartFailed if the database cannot be opened or the address cannot be listened on */
export async function startServer(settings: Settings, log: Logger): Promise<Server> {
  const metrics = new Metrics()
  const database = settingsTable.database.kind.show(settings.database)
  const { storage, queuedWrites } = await openStorage(settings.database, {
    queueLimit: settings.writeQueueLimit,
    observer: metrics,
  }).catch((error: unknown) => {
    throw new StartFailed(`the database ${database} cannot be opened: ${(error as Error).message}`, { cause: error })
  })
  metrics.watchQueue(queuedWrites)
  log.info({ database }, 'database opened')

  let ending = false
  try {
    const app = await createApplication({ settings, storage, metrics, log, ending: () => ending })
    await listen(app, settings)
    const address = addressOf(app, settings.host)
    log.info({ address }, 'listening')
    return {
      address,
      close: async () => {
        ending = true
        await closeWithin(app, settings.shutdownSeconds)
        await storage.close()
      },
    }
  } catch (error) {
    await storage.close()
    throw error
  }
}

export interface Parts {
  settings: Settings
  storage: Storage
  metrics: Metrics
  log: Logger
  /** Whether the server was asked to end. */
  ending?: () => boolean
}

/** The application with all routes, not listening yet: what tests talk to. */
export async function createApplication(parts: Parts): Promise<NestFastifyApplication> {
  const { settings, storage, metrics, log, ending = () => false } = parts
  const prepared = new PreparedAnswers(settings.cacheMegabytes * 1024 * 1024)
  // Answers that depend on the client are not sent from memory.
  const direct = settings.holdBackNewMembers ? {} : { prepared }
  const adapter = httpAdapter({ bodyLimit: settings.bodyLimit, ...direct })
  const server = adapter.getInstance()
  logRequests(server, log)
  metrics.watchRequests(server)
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of({ settings, storage, prepared }), adapter, {
    abortOnError: false,
    bodyParser: false, // the adapter has its own
    logger: new NestLogger(log),
  })
  addHealthRoutes(server, { storage, metrics, ending })
  addOpenApiRoute(server)
  await app.init()
  await server.ready()
  return app
}

async function listen(app: NestFastifyApplication, { host, port }: Settings): Promise<void> {
  try {
    await app.listen(port, host)
  } catch (error) {
    await app.close()
    const reason = reasons[(error as { code?: string }).code ?? ''] ?? (error as Error).message
    throw new StartFailed(`cannot listen on ${host}, port ${port}: ${reason}`, { cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken by another process; choose another one with --port',
  EADDRNOTAVAIL: 'this machine does not have that address; choose another one with --host',
  EACCES: 'this port is not allowed to this user; choose one above 1023 with --port',
  ENOTFOUND: 'that host name is not known; choose another one with --host',
}

function addressOf(app: NestFastifyApplication, host: string): string {
  const bound = (app.getHttpServer() as { address(): { port: number } | null }).address()
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound?.port ?? 0}`
}

/** Stops to accept requests and waits for the running ones; those that take longer than `seconds` are cut off. */
async function closeWithin(app: NestFastifyApplication, seconds: number): Promise<void> {
  const server = app.getHttpServer() as { closeAllConnections(): void }
  const timer = setTimeout(() => server.closeAllConnections(), seconds * 1000)
  await app.close()
  clearTimeout(timer)
}
