import { Agent, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defaultSettings, type Settings } from '../../src/config/index.js'
import { Metrics } from '../../src/health/metrics.js'
import { createLogger } from '../../src/logging/logger.js'
import { createApplication } from '../../src/server.js'
import { openStorage } from '../../src/storage/open-storage.js'
import type { Storage } from '../../src/storage/storage.port.js'
import { checkAnswer } from './api-contract.js'

export interface RegistryOptions {
  /** Where the data is; memory unless something else is asked for. */
  database?: Settings['database']
  /** A storage to use instead of opening one; closed with the registry. */
  storage?: Storage
  settings?: Partial<Settings>
  ending?: () => boolean
}

export interface Sent {
  method: string
  /** Sent literally: nothing is encoded or tidied. */
  path: string
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, instead of `body`. */
  raw?: string | Buffer
  /** null takes a header away. */
  headers?: Record<string, string | null>
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** The body as JSON; throws if it is none. */
  json: never
}

/** A registry in this process behind a real socket. Every answer is checked against openapi.yaml. */
export interface TestRegistry {
  url: string
  storage: Storage
  /** What was logged, as parsed lines. */
  log: Record<string, unknown>[]
  send(sent: Sent): Promise<Answer>
  get(path: string, headers?: Sent['headers']): Promise<Answer>
  post(path: string, body?: unknown, headers?: Sent['headers']): Promise<Answer>
  put(path: string, body?: unknown): Promise<Answer>
  delete(path: string): Promise<Answer>
  close(): Promise<void>
}

export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const settings: Settings = {
    ...defaultSettings,
    database: options.database ?? { engine: 'memory' },
    ...options.settings,
  }
  const log: Record<string, unknown>[] = []
  const logger = createLogger('debug', { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) })
  const metrics = new Metrics({ process: false })
  const opened = options.storage
    ? { storage: options.storage, queuedWrites: () => 0 }
    : await openStorage(settings.database, { queueLimit: settings.writeQueueLimit, observer: metrics })
  metrics.watchQueue(opened.queuedWrites)
  const { storage } = opened
  const app = await createApplication({ settings, storage, metrics, log: logger, ending: options.ending })
  await app.listen(0, '127.0.0.1')
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address()
  const agent = new Agent({ keepAlive: true })

  const send = async (sent: Sent): Promise<Answer> => {
    const answer = await exchange(agent, port, sent)
    checkAnswer({ method: sent.method, path: sent.path, ...answer })
    return Object.defineProperty(answer, 'json', { get: () => JSON.parse(answer.text) as unknown }) as Answer
  }
  return {
    url: `http://127.0.0.1:${port}`,
    storage,
    log,
    send,
    get: (path, headers) => send({ method: 'GET', path, headers }),
    post: (path, body, headers) => send({ method: 'POST', path, body, headers }),
    put: (path, body) => send({ method: 'PUT', path, body }),
    delete: (path) => send({ method: 'DELETE', path }),
    close: async () => {
      agent.destroy()
      await app.close()
      await storage.close()
    },
  }
}

const jsonType = 'application/vnd.schemaregistry.v1+json'

function exchange(agent: Agent, port: number, { method, path, body, raw, headers = {} }: Sent) {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const sent: Record<string, string> = {}
  if (payload !== undefined) {
    sent['content-type'] = jsonType
    sent['content-length'] = String(Buffer.byteLength(payload))
  }
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) delete sent[name.toLowerCase()]
    else sent[name.toLowerCase()] = value
  }
  return new Promise<Omit<Answer, 'json'>>((resolve, reject) => {
    const request = httpRequest({ agent, host: '127.0.0.1', port, method, path, headers: sent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    request.on('error', reject)
    request.end(payload)
  })
}
