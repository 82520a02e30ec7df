import type { DecodeFailure, EventName, ReadType, WriterId } from '../decoded.js'
import type { Headers, Topic } from '../topic.js'

/** A message as kafkajs and @confluentinc/kafka-javascript hand it to `eachMessage`. */
export interface KafkaMessage {
  key: Buffer | null
  value: Buffer | null
  headers?: Headers
  offset: string
  timestamp: string
}

export interface KafkaContext {
  topic: string
  partition: number
  message: KafkaMessage
}

export interface EventContext extends KafkaContext {
  writer: WriterId
}

/** Where messages go that cannot be read. A rejected promise keeps the message from being committed. */
export type DeadLetter = (failure: DecodeFailure, context: KafkaContext) => Promise<void>

/** A handler for each event of the topic, and what to do with everything else. Leaving out an event is a type error. */
export type KafkaHandlers<Events> = {
  [Name in EventName<Events>]: (event: ReadType<Events, Name>, context: EventContext) => Promise<void> | void
} & {
  deadLetter: DeadLetter
  /** Events of the topic's subjects that are not bound here; default `dead-letter`. */
  onUnknownEvent?: 'skip' | 'dead-letter'
  /** A message without a value: the key was deleted. Skipped by default. */
  onTombstone?: (context: KafkaContext) => Promise<void> | void
}

/**
 * An `eachMessage` of kafkajs-shaped clients. Handlers get readable events only: poison goes to the dead letters at once;
 * trouble with the registry is thrown, so that the client pauses and tries again, and no good message is dead-lettered.
 */
export function kafkaHandler<Events extends object>(
  topic: Topic<Events>,
  handlers: KafkaHandlers<Events>,
): (context: KafkaContext) => Promise<void> {
  return async (context) => {
    const { value, headers } = context.message
    const result = await topic.resolve(value, headers)
    if (result.ok) {
      if (result.type === '$tombstone') return await handlers.onTombstone?.(context)
      const handle = handlers[result.type] as (event: unknown, context: EventContext) => Promise<void> | void
      const { writer } = result as { writer: WriterId }
      return await handle(result.value, { ...context, writer })
    }
    if (result.class === 'retryable') throw new Error(`${topic.topic}: ${result.message}`)
    if (result.code === 'UnknownEvent' && handlers.onUnknownEvent === 'skip') return
    await handlers.deadLetter(result, context)
  }
}

interface KafkaProducer {
  send(record: {
    topic: string
    messages: { key: Buffer | null; value: Buffer | null; headers: Headers }[]
  }): Promise<unknown>
}

/**
 * Sends what cannot be read to another topic: key, value and headers as they came, since the frame may need them, and
 * beside them what happened. Nothing of the payload gets into a header.
 */
export function kafkaDeadLetter(producer: KafkaProducer, options: { topic: string; service?: string }): DeadLetter {
  return async ({ code, writer }, { topic, partition, message }) => {
    const about = {
      topic,
      partition,
      offset: message.offset,
      timestamp: message.timestamp,
      code,
      'schema-id': writer?.id ?? writer?.guid,
      service: options.service,
    }
    const headers = Object.entries(about).flatMap(([name, value]) =>
      value === undefined ? [] : [[`concordat-dlq-${name}`, String(value)]],
    )
    const { key, value } = message
    const all = { ...message.headers, ...(Object.fromEntries(headers) as Headers) }
    await producer.send({ topic: options.topic, messages: [{ key, value, headers: all }] })
  }
}
