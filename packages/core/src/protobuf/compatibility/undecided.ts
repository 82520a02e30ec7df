import type { ProtobufSchema } from '../schema.js'

/** Why nothing can be said about a schema whose names do not all lead somewhere; `undefined` if they do. */
export function unlinkedReason(schemas: Record<'reader' | 'writer', ProtobufSchema>): string | undefined {
  for (const side of ['reader', 'writer'] as const) {
    const schema = schemas[side]
    if (schema.linked) continue
    const problem = schema.problem ? `: ${schema.problem.message}` : ''
    return `the ${side}'s schema cannot be linked${problem}`
  }
  return undefined
}
