import type { Decoded, EventName, WriteType } from '../decoded.js'
import type { Topic } from '../topic.js'

/**
 * The synchronous pair that @platformatic/kafka takes as `serializers` and `deserializers` of values. A message whose
 * schema has not been met is `SchemaNotLoaded`; `topic.resolve` loads it.
 */
export function platformaticKafka<Events extends object>(topic: Topic<Events>) {
  return {
    serializers: {
      value: <Name extends EventName<Events>>(data: { type: Name; value: WriteType<Events, Name> } | undefined) =>
        data && topic.encode(data.type, data.value).value,
    },
    deserializers: {
      value: (data: Buffer | undefined, headers?: Map<Buffer | string, Buffer>): Decoded<Events> =>
        topic.decode(
          data ?? null,
          headers && Object.fromEntries([...headers].map(([key, value]) => [String(key), value])),
        ),
    },
  }
}

/** Arguments of NATS' `publish`. Its headers are text, so the schema is named in the payload's prefix. */
export function natsEncode<Events extends object, Name extends EventName<Events>>(
  topic: Topic<Events>,
  event: Name,
  value: WriteType<Events, Name>,
): Uint8Array {
  if (topic.definition.framing === 'header') {
    throw new TypeError(
      'headers of NATS are text and cannot name a schema; use the framing confluent-id or confluent-guid',
    )
  }
  return topic.encode(event, value).value
}

/** Content and options for `channel.publish` and `sendToQueue` of amqplib. */
export function amqpEncode<Events extends object, Name extends EventName<Events>>(
  topic: Topic<Events>,
  event: Name,
  value: WriteType<Events, Name>,
): { content: Buffer; options: { type: string; contentType: string; headers: Record<string, Buffer | string> } } {
  const { value: content, headers } = topic.encode(event, value)
  const contentType = contentTypes[topic.definition.events[event].format]
  return { content, options: { type: event, contentType, headers } }
}

const contentTypes = { AVRO: 'avro/binary', JSON: 'application/json', PROTOBUF: 'application/protobuf' } as const
