import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt'
import { type MethodModel, tag, withoutDot } from '../file-set.js'
import { everywhere, generatedCode, type Rule, spot, spotOf } from './rule.js'

/** What a caller and a callee of a method have to agree on. `at`: source path below the method, if it has a place. */
const traits: readonly {
  id: string
  purpose: string
  noun: string
  at?: readonly number[]
  value: (method: MethodModel) => string
}[] = [
  {
    id: 'RPC_SAME_CLIENT_STREAMING',
    purpose: 'A method keeps streaming its request, or not.',
    noun: 'client streaming',
    value: ({ descriptor }) => String(descriptor.clientStreaming),
  },
  {
    id: 'RPC_SAME_SERVER_STREAMING',
    purpose: 'A method keeps streaming its response, or not.',
    noun: 'server streaming',
    value: ({ descriptor }) => String(descriptor.serverStreaming),
  },
  {
    id: 'RPC_SAME_REQUEST_TYPE',
    purpose: 'A method keeps the type of its request.',
    noun: 'the request type',
    at: [tag.method.input],
    value: ({ descriptor }) => withoutDot(descriptor.inputType),
  },
  {
    id: 'RPC_SAME_RESPONSE_TYPE',
    purpose: 'A method keeps the type of its response.',
    noun: 'the response type',
    at: [tag.method.output],
    value: ({ descriptor }) => withoutDot(descriptor.outputType),
  },
  {
    id: 'RPC_SAME_IDEMPOTENCY_LEVEL',
    purpose: 'A method keeps its idempotency level: callers retry by it.',
    noun: 'the idempotency level',
    at: [tag.method.options, 34], // an option that is gone has no place at all, so the start of the file stands for it
    value: ({ descriptor }) => Idempotency[descriptor.options?.idempotencyLevel ?? 0],
  },
]

export const serviceRules: Rule[] = [
  {
    id: 'RPC_NO_DELETE',
    categories: generatedCode,
    purpose: 'A method stays in its service: callers call it by name.',
    compares: 'service',
    find: (older, newer) => {
      const present = new Set(newer.methods.map(({ name }) => name))
      return older.methods
        .filter(({ name }) => !present.has(name))
        .map((method) => ({
          path: `${newer.fullName}.${method.name}`,
          message: `method ${method.name} is gone from service ${newer.fullName}`,
          older: spot(older.file, method.path),
          newer: spotOf(newer),
        }))
    },
  },
  ...traits.map(({ id, purpose, noun, at, value }): Rule => ({
    id,
    categories: everywhere,
    purpose,
    compares: 'method',
    find: (older, newer) => {
      const [was, is] = [value(older.method), value(newer.method)]
      if (was === is) return []
      return [
        {
          path: `${newer.service.fullName}.${newer.method.name}`,
          message: `${noun} of method ${newer.service.fullName}.${newer.method.name} changed from ${was} to ${is}`,
          older: spot(older.service.file, at ? [...older.method.path, ...at] : older.method.path),
          newer: spot(newer.service.file, at ? [...newer.method.path, ...at] : newer.method.path),
        },
      ]
    },
  })),
]
