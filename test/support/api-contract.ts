import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { normalizedUrl } from '../../src/http/request-path.js'
import { recordCoverage } from './api-coverage.js'

export interface Operation {
  operationId: string
  'x-error-codes'?: number[]
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>
}

interface Document {
  'x-error-codes': number[]
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, { 'x-raw'?: boolean; content?: Record<string, unknown> }> }
}

export const openapi = parse(readFileSync(join(import.meta.dirname, '../../openapi.yaml'), 'utf8')) as Document

/** Codes that any route may answer. */
export const commonCodes = openapi['x-error-codes']

/** Every operation of the file, by `METHOD /path/{parameter}`. */
export const operations = new Map(
  Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  ),
)

/** The path of an operation as the server routes it. */
export const routedPath = (key: string): string => {
  const [method = '', path = ''] = key.split(' ')
  return normalizedUrl(path, method)
}

export const statusOf = (code: number) => (code < 1000 ? code : Math.floor(code / 100))

export interface Exchange {
  method: string
  /** As sent. */
  path: string
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body as text. */
  text: string
}

/** Fails unless the answer is one that openapi.yaml describes, and remembers that it was seen. */
export function checkAnswer(exchange: Exchange): void {
  const { method, status, headers, text } = exchange
  const where = `${method} ${exchange.path} -> ${status}`
  if (method === 'OPTIONS') return
  if (!headers['x-request-id']) throw new Error(`${where}: the answer has no X-Request-ID`)
  if (method === 'HEAD') {
    if (text !== '') throw new Error(`${where}: a HEAD request was answered with a body`)
    return
  }
  const found = operationFor(method, exchange.path)
  if (status >= 400 && !(found && explicit(found.operation, status))) return checkCommonError(exchange, where)
  if (!found) throw new Error(`${where}: openapi.yaml has no such operation`)
  const { operation } = found
  const documented = explicit(operation, status)
  if (!documented) throw new Error(`${where}: openapi.yaml has no status ${status} for ${operation.operationId}`)
  if (documented.response.content === undefined) {
    if (text !== '') throw new Error(`${where}: the answer should have no body, but has ${text.slice(0, 200)}`)
    recordCoverage(operation.operationId, status)
    return
  }
  const mediaType = String(headers['content-type']).split(';', 1)[0] ?? ''
  if (!(mediaType in documented.response.content)) throw new Error(`${where}: undocumented content type ${mediaType}`)
  const raw = documented.response['x-raw'] === true || !mediaType.includes('json')
  const body: unknown = raw ? text : JSON.parse(text)
  const validate = validator(`${documented.pointer}/content/${escapePointer(mediaType)}/schema`)
  if (!validate(body)) {
    throw new Error(`${where}: ${ajv.errorsText(validate.errors, { dataVar: 'body' })} in ${text.slice(0, 500)}`)
  }
  const code = errorCode(body)
  if (code === undefined) return recordCoverage(operation.operationId, status)
  checkCode(code, status, where)
  if ((operation['x-error-codes'] ?? []).includes(code)) recordCoverage(operation.operationId, status, code)
  else checkCommonError(exchange, where)
}

/** An error that every route may answer. */
function checkCommonError({ status, text }: Exchange, where: string): void {
  const body: unknown = JSON.parse(text)
  const validate = validator('#/components/schemas/Error')
  if (!validate(body)) throw new Error(`${where}: not an error of the table: ${text.slice(0, 500)}`)
  const code = errorCode(body) ?? 0
  checkCode(code, status, where)
  if (!commonCodes.includes(code))
    throw new Error(`${where}: openapi.yaml does not list the code ${code} here: ${text}`)
  recordCoverage('*', status, code)
}

function checkCode(code: number, status: number, where: string): void {
  if (statusOf(code) !== status) throw new Error(`${where}: the code ${code} belongs to another status`)
}

const errorCode = (body: unknown): number | undefined =>
  typeof body === 'object' && body !== null && 'error_code' in body ? Number(body.error_code) : undefined

const ajv = new Ajv2020({ allErrors: true, strict: false, validateSchema: false, allowUnionTypes: true })
ajv.addSchema(openapi, 'openapi.yaml')
const validators = new Map<string, ValidateFunction>()

function validator(pointer: string): ValidateFunction {
  const known = validators.get(pointer)
  if (known) return known
  const made = ajv.compile({ $ref: `openapi.yaml${pointer}` })
  validators.set(pointer, made)
  return made
}

interface Documented {
  response: Document['components']['responses'][string]
  pointer: string
}

function explicit(operation: Operation, status: number): Documented | undefined {
  const response = operation.responses[String(status)]
  if (!response) return undefined
  if (response.$ref !== undefined) {
    const name = response.$ref.replace('#/components/responses/', '')
    return { response: openapi.components.responses[name] ?? {}, pointer: response.$ref }
  }
  const [key = ''] = [...operations].find(([, one]) => one === operation) ?? []
  const [method = '', path = ''] = key.split(' ')
  return { response, pointer: `#/paths/${escapePointer(path)}/${method.toLowerCase()}/responses/${status}` }
}

const escapePointer = (segment: string) => encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))

/** The operation that a request means; with several templates that fit, the one with the most literal segments. */
export function operationFor(method: string, path: string): { key: string; operation: Operation } | undefined {
  let segments: string[]
  try {
    segments = (normalizedUrl(path, method).split('?', 1)[0] ?? '').split('/')
  } catch {
    return undefined // a path that cannot be read
  }
  let best: { key: string; operation: Operation; literal: number } | undefined
  for (const [key, operation] of operations) {
    if (!key.startsWith(`${method} `)) continue
    const parts = routedPath(key).split('/')
    if (parts.length !== segments.length) continue
    let literal = 0
    const fits = parts.every((part, index) => {
      const same = part === segments[index]
      if (same) literal++
      return same || (part.startsWith('{') && segments[index] !== '')
    })
    if (fits && (!best || literal > best.literal)) best = { key, operation, literal }
  }
  return best
}
