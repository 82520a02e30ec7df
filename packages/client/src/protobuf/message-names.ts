import protobufjs from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor.js'
import { DecodeError } from '../decoded.js'

/** A message of a file: its full name and the messages inside it, in order. Entries of maps are not counted. */
export interface MessageNames {
  name: string
  nested: MessageNames[]
}

/**
 * The messages of a writer's file, which is all that decoding needs to know of it: the index in the frame names one.
 * @param schema .proto text, or a `FileDescriptorProto` in base64
 * @throws DecodeError `Unprojectable` if it is neither
 */
export function messageNames(schema: string): MessageNames[] {
  try {
    return /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(schema) ? fromDescriptor(Buffer.from(schema, 'base64')) : fromText(schema)
  } catch (error) {
    const reason = `the writer's schema cannot be read: ${(error as Error).message}`
    throw new DecodeError('Unprojectable', reason, { cause: error })
  }
}

export function messageAt(messages: MessageNames[], index: readonly number[]): string | undefined {
  let found: MessageNames | undefined
  let level = messages
  for (const at of index) {
    found = level[at]
    if (!found) return undefined
    level = found.nested
  }
  return found?.name
}

function fromText(text: string): MessageNames[] {
  const { root, package: scope } = protobufjs.parse(text)
  const below = (parent: protobufjs.NamespaceBase): MessageNames[] =>
    parent.nestedArray.flatMap((one) =>
      one instanceof protobufjs.Type ? [{ name: one.fullName.replace(/^\./, ''), nested: below(one) }] : [],
    )
  return below(scope ? (root.lookup(scope) as protobufjs.Namespace) : root)
}

interface Descriptor {
  name: string
  nestedType?: Descriptor[]
  options?: { mapEntry?: boolean } | null
}

function fromDescriptor(bytes: Uint8Array): MessageNames[] {
  const decoded: unknown = descriptor.FileDescriptorProto.decode(bytes)
  const { package: scope, messageType } = decoded as { package?: string; messageType?: Descriptor[] }
  const below = (messages: Descriptor[] = [], outer = ''): MessageNames[] =>
    messages.flatMap(({ name, nestedType, options }) => {
      if (options?.mapEntry) return []
      const full = outer ? `${outer}.${name}` : name
      return [{ name: full, nested: below(nestedType, full) }]
    })
  return below(messageType, scope)
}
