import { RegistryError, RegistryUnavailable } from './errors.js'
import type {
  CompatibilityAnswer,
  CompatibilityLevel,
  RegisteredSchema,
  Registration,
  SchemaPayload,
  StoredSchema,
  SubjectConfig,
  SubjectVersion,
} from './types.js'

export interface RegistryOptions {
  /** Such as `http://127.0.0.1:8081`; a path in it is kept, credentials in it become a Basic `Authorization` header. */
  url: string
  /** Sent with every request, such as `authorization`. */
  headers?: Record<string, string>
  /** For one whole answer; default 10 seconds. */
  timeoutMs?: number
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch
}

export type Version = number | 'latest'

/**
 * A Confluent schema registry over HTTP: what producers, consumers and pipelines need of the protocol.
 * Every method throws `RegistryError` when the registry says no and `RegistryUnavailable` when it does not answer;
 * those named `find…` give `undefined` for what is not there.
 */
export class RegistryClient {
  readonly url: string
  private readonly headers: Record<string, string>
  private readonly timeoutMs: number
  private readonly fetch: typeof fetch

  /** @throws TypeError if `url` is not an http(s) address */
  constructor(options: RegistryOptions | string) {
    const {
      url,
      headers = {},
      timeoutMs = 10_000,
      fetch: send,
    } = typeof options === 'string' ? { url: options } : options
    const { address, authorization } = splitCredentials(url)
    this.url = address
    this.headers = { accept: mediaType, ...authorization, ...headers }
    this.timeoutMs = timeoutMs
    this.fetch = send ?? ((...request) => fetch(...request))
  }

  async subjects(options: { prefix?: string; deleted?: boolean } = {}): Promise<string[]> {
    return await this.get<string[]>(`/subjects${query({ subjectPrefix: options.prefix, deleted: options.deleted })}`)
  }

  async versions(subject: string): Promise<number[]> {
    return await this.get<number[]>(`/subjects/${segment(subject)}/versions`)
  }

  async version(subject: string, version: Version): Promise<RegisteredSchema> {
    return registered(await this.get<RegisteredSchema>(`/subjects/${segment(subject)}/versions/${version}`))
  }

  async findVersion(subject: string, version: Version): Promise<RegisteredSchema | undefined> {
    return await absent(this.version(subject, version), codes.subjectNotFound, codes.versionNotFound)
  }

  /**
   * @param options.subject a subject that uses the id; it names the context in which the id counts
   * @param options.format `serialized` for a Protobuf schema as base64 descriptor
   */
  async findById(id: number, options: { subject?: string; format?: string } = {}): Promise<StoredSchema | undefined> {
    return await absent(
      this.get<StoredSchema>(`/schemas/ids/${id}${query(options)}`).then(stored),
      codes.schemaNotFound,
    )
  }

  async findByGuid(guid: string, options: { format?: string } = {}): Promise<StoredSchema | undefined> {
    return await absent(
      this.get<StoredSchema>(`/schemas/guids/${segment(guid)}${query(options)}`).then(stored),
      codes.schemaNotFound,
    )
  }

  /** Where a schema is registered, in all contexts; empty for an id that is not known. */
  async versionsOfId(id: number, options: { deleted?: boolean } = {}): Promise<SubjectVersion[]> {
    const path = `/schemas/ids/${id}/versions${query(options)}`
    return (await absent(this.get<SubjectVersion[]>(path), codes.schemaNotFound)) ?? []
  }

  /** Ids of a schema with this GUID, one per context; empty for one that is not known. */
  async idsOfGuid(guid: string): Promise<number[]> {
    const ids = await absent(this.get<{ id: number }[]>(`/schemas/guids/${segment(guid)}/ids`), codes.schemaNotFound)
    return (ids ?? []).map(({ id }) => id)
  }

  async register(subject: string, schema: SchemaPayload, options: { normalize?: boolean } = {}): Promise<Registration> {
    return await this.send<Registration>('POST', `/subjects/${segment(subject)}/versions${query(options)}`, schema)
  }

  /** The version of a subject that holds exactly this schema. */
  async find(
    subject: string,
    schema: SchemaPayload,
    options: { normalize?: boolean; deleted?: boolean } = {},
  ): Promise<RegisteredSchema | undefined> {
    const answer = this.send<RegisteredSchema>('POST', `/subjects/${segment(subject)}${query(options)}`, schema)
    return await absent(answer.then(registered), codes.subjectNotFound, codes.schemaNotFound)
  }

  /** Asks whether a schema may follow; without `version` against all versions that the subject's level names. */
  async check(
    subject: string,
    schema: SchemaPayload,
    options: { version?: Version; verbose?: boolean; normalize?: boolean } = {},
  ): Promise<CompatibilityAnswer> {
    const { version, ...rest } = options
    const path = `/compatibility/subjects/${segment(subject)}/versions${version === undefined ? '' : `/${version}`}`
    const answer = await this.send<{ is_compatible: boolean; messages?: string[] }>('POST', path + query(rest), schema)
    return { compatible: answer.is_compatible, messages: answer.messages ?? [] }
  }

  /** Settings of a subject, or the global ones. With `inherited` a subject without own settings has the global ones. */
  async config(subject?: string, options: { inherited?: boolean } = {}): Promise<SubjectConfig> {
    return await this.get<SubjectConfig>(configPath(subject) + query({ defaultToGlobal: options.inherited }))
  }

  async setCompatibility(level: CompatibilityLevel, subject?: string): Promise<void> {
    await this.send('PUT', configPath(subject), { compatibility: level })
  }

  /** Soft, or with `permanent` for ever (a soft deletion has to come first). Returns the versions that went. */
  async deleteSubject(subject: string, options: { permanent?: boolean } = {}): Promise<number[]> {
    return await this.send<number[]>('DELETE', `/subjects/${segment(subject)}${query(options)}`)
  }

  async deleteVersion(subject: string, version: Version, options: { permanent?: boolean } = {}): Promise<number> {
    return await this.send<number>('DELETE', `/subjects/${segment(subject)}/versions/${version}${query(options)}`)
  }

  private async get<T>(path: string): Promise<T> {
    return await this.send<T>('GET', path)
  }

  /** One request of any kind, for routes that have no method here; `path` starts with a slash and is sent as it is. */
  async send<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const request = `${method} ${path}`
    let response: Response
    let text: string
    try {
      response = await this.fetch(this.url + path, {
        method,
        headers: body === undefined ? this.headers : { ...this.headers, 'content-type': mediaType },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(this.timeoutMs),
      })
      text = await response.text()
    } catch (error) {
      throw new RegistryUnavailable(this.url, `${request}: ${this.explain(error)}`, { cause: error })
    }
    const answer = parse(text)
    if (response.ok && answer !== undefined) return answer as T
    const { error_code: code, message } = (answer ?? {}) as { error_code?: unknown; message?: unknown }
    if (typeof code === 'number' && response.status < 500) {
      throw new RegistryError(response.status, code, typeof message === 'string' ? message : 'no reason given', request)
    }
    const said = typeof message === 'string' ? message : text.slice(0, 200)
    throw new RegistryUnavailable(
      this.url,
      response.status >= 500
        ? `${request} was answered with HTTP ${response.status}: ${said}`
        : `${request} was answered with HTTP ${response.status}, but not as a schema registry does; is the address right?`,
    )
  }

  private explain(error: unknown): string {
    const { name, message, cause } = Object(error) as Partial<Error>
    if (name === 'TimeoutError') return `no answer within ${this.timeoutMs} ms`
    // What fetch says itself is "fetch failed"; a refused connection to a name with several addresses has but a code.
    const reason = Object(cause) as { message?: string; code?: string }
    return [reason.message, reason.code, message].find(Boolean) ?? String(error)
  }
}

/** The media type of the Confluent protocol. */
const mediaType = 'application/vnd.schemaregistry.v1+json'

const codes = { subjectNotFound: 40401, versionNotFound: 40402, schemaNotFound: 40403 }

async function absent<T>(answer: Promise<T>, ...meansAbsent: number[]): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof RegistryError && meansAbsent.includes(error.code)) return undefined
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function stored<T extends StoredSchema>(answer: T): T {
  return {
    ...answer,
    schemaType: answer.schemaType ?? 'AVRO',
    references: answer.references ?? [],
  }
}

const registered = (answer: RegisteredSchema): RegisteredSchema => stored(answer)

const configPath = (subject?: string) => (subject === undefined ? '/config' : `/config/${segment(subject)}`)

const segment = (name: string) => encodeURIComponent(name)

function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString()}`
}

function splitCredentials(text: string): { address: string; authorization: Record<string, string> } {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TypeError(`${JSON.stringify(text)} is not the address of a registry; an example is http://127.0.0.1:8081`)
  }
  const url = new URL(text)
  const { username, password } = url
  url.username = url.password = ''
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    address: url.href.replace(/\/+$/, ''),
    authorization: username ? { authorization: `Basic ${Buffer.from(user).toString('base64')}` } : {},
  }
}
