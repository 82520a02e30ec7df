import type { Decoded, EventName, WriteType } from './decoded.js'
import type { RegistryClient } from './registry/registry-client.js'
import type { TopicDefinition } from './topic-definition.js'

/** Header values as brokers give them; the codec needs their bytes, a header that went through text is damaged. */
export type Headers = Record<string, Uint8Array | string | (Uint8Array | string)[] | undefined>

/** A message ready to be sent; kafkajs-like producers take it as it is. */
export interface EncodedMessage {
  key?: string | Buffer | null
  value: Buffer
  headers: Record<string, Buffer | string>
}

export interface MessageOptions {
  key?: string | Buffer | null
  headers?: Record<string, Buffer | string>
}

/** A typed topic. Encoding and decoding are synchronous; whatever needs the registry is an explicit `await`. */
export interface Topic<Events extends object> {
  readonly topic: string
  readonly definition: TopicDefinition

  /**
   * Finds the pinned schemas in this registry, by id and else by content, and verifies them. Encoding and decoding
   * need it once, at start-up.
   * @throws ContractMismatch if the registry does not have a pinned schema, RegistryUnavailable, RegistryError
   */
  ready(registry: RegistryClient | string): Promise<void>

  /** Takes the ids of the lock file as they are, without a registry: for tests and tools. */
  readyOffline(): Promise<void>

  /** @throws InvalidValue with the path of the first value that does not fit, NotReady before `ready` */
  encode<Name extends EventName<Events>>(
    event: Name,
    value: WriteType<Events, Name>,
    options?: MessageOptions,
  ): EncodedMessage

  /**
   * Reads a message as the pinned version of its event. Never throws for bad data. A writer's schema that was not
   * met before is `SchemaNotLoaded`: `resolve` loads it.
   */
  decode(value: Uint8Array | null, headers?: Headers): Decoded<Events>

  /** `decode`, after asking the registry for the writer's schema if it is not there yet. Never throws for bad data. */
  resolve(value: Uint8Array | null, headers?: Headers): Promise<Decoded<Events>>
}
