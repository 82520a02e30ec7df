import type { FastifyRequest } from 'fastify'

/** New clients say with this header that they take members of answers that they do not know. */
const header = 'confluent-accept-unknown-properties'

/** Members of schemas that clients of older servers do not know. */
const newMembers = new Set(['guid', 'ts', 'deleted'])

/** Whether a request comes from a client that takes whatever members an answer has. */
export const acceptsNewMembers = (request: FastifyRequest): boolean =>
  String(request.headers[header]).toLowerCase() === 'true'

/** An answer without what old strict clients stumble over: a registration gave them its id and nothing else. */
export function heldBack(answer: unknown, request: FastifyRequest): unknown {
  const isRegistration = request.method === 'POST' && request.routeOptions.url === '/subjects/:subject/versions'
  if (isRegistration && isObject(answer)) return { id: answer.id }
  return Array.isArray(answer) ? answer.map(withoutNewMembers) : withoutNewMembers(answer)
}

function withoutNewMembers(value: unknown): unknown {
  if (!isObject(value) || !('schemaType' in value)) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !newMembers.has(name)))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
