import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** One request and what the recorded server answered. */
export interface Step {
  method: string
  path: string
  body?: unknown
  raw?: string
  headers?: Record<string, string | null>
  status: number
  answer?: unknown
  unordered?: boolean
  loose?: string[]
  fault?: boolean
}

/** Requests that belong together, to be sent to an empty registry. */
export interface Sequence {
  id: string
  area: string
  title: string
  context?: string
  steps: Step[]
}

export interface Answer {
  status: number
  /** Parsed if it is JSON, else the text under `text`; absent if empty. */
  body?: unknown
}

const folder = resolve(import.meta.dirname, '../../../shared/data/confluent/transcripts')

/** The recorded sequences of a file, or undefined where the recordings are not at hand. */
export function readTranscripts(name: string): Sequence[] | undefined {
  const file = resolve(folder, `${name}.jsonl`)
  if (!existsSync(file)) return undefined
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Sequence)
}

/** The body of an answer as the recordings have it: raw schema routes are always text. */
export function readAnswer(path: string, status: number, body: string): Answer {
  if (body === '') return { status }
  const isRaw = status === 200 && /\/schema(\?|$)/.test(path)
  if (isRaw) return { status, body: { text: body } }
  try {
    return { status, body: JSON.parse(body) as unknown }
  } catch {
    return { status, body: { text: body } }
  }
}

/** How an answer differs from the recorded one; undefined if it agrees in everything that is part of the protocol. */
export function difference(step: Step, answer: Answer): string | undefined {
  if (answer.status !== step.status)
    return `status ${answer.status} instead of ${step.status}: ${JSON.stringify(answer.body)}`
  if (isContainerPage(step.answer)) return undefined
  const expected = comparable(step.answer, step)
  const actual = comparable(answer.body, step)
  return expected === actual ? undefined : `answered\n      ${actual}\n    instead of\n      ${expected}`
}

/** The web server in front of the recorded one answers some requests with a page of its own. */
const isContainerPage = (answer: unknown) => (answer as { text?: string } | undefined)?.text === '<html>'

/** What is compared of an answer: sorted members, wording and times replaced by whether they are there. */
function comparable(value: unknown, step: Step): string {
  return JSON.stringify(reduced(value, step, '')) ?? 'nothing'
}

const times = new Set(['ts', 'createTs', 'updateTs'])

function reduced(value: unknown, step: Step, name: string): unknown {
  if (name === 'message') return typeof value === 'string' && value !== '' ? 'a message' : value
  if (times.has(name)) return typeof value === 'number' ? 'a time' : value
  if (name === 'messages' && Array.isArray(value)) return messageKinds(value as string[])
  if (step.loose?.includes(name)) return 'some value'
  if (Array.isArray(value)) {
    const elements = value.map((one) => reduced(one, step, ''))
    return step.unordered ? elements.map((one) => JSON.stringify(one)).sort() : elements
  }
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  if (name === '' && step.path.startsWith('/v1/metadata/version')) return Object.keys(value).sort()
  const isAssociation = 'resourceName' in value && 'createTs' in value
  return Object.fromEntries(
    members
      .map(([key, member]): [string, unknown] => [
        key,
        (isAssociation && key === 'guid') || key === 'kafka-cluster' || key === 'schema-registry-cluster'
          ? 'some value'
          : reduced(member, step, key),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The kinds of the entries of a verbose check, as a set; entries of ours are left out. */
function messageKinds(messages: readonly string[]): string[] {
  return [...new Set(messages.filter((one) => !one.startsWith('{witness:')).map(messageKind))].sort()
}

function messageKind(message: string): string {
  const type = /errorType:\s*['"](\w+)['"]/.exec(message)?.[1]
  if (type) return type
  if (/^\{(oldSchemaVersion|validateFields):/.test(message)) return message.replaceAll(' ', '')
  if (message.startsWith('{oldSchema:')) return 'oldSchema'
  return 'free text'
}
