import {
  amqpEncode,
  defineTopic,
  kafkaDeadLetter,
  kafkaHandler,
  natsEncode,
  platformaticKafka,
  type KafkaContext,
} from '../index.js'

interface Events {
  Placed: { read: { id: string }; write: { id: string } }
}
const schema = '{"type":"record","name":"Placed","fields":[{"name":"id","type":"string"}]}'
const topicOf = async (framing?: 'header') => {
  const guid = '89791762-2336-186f-9674-299b90a802e2'
  const topic = defineTopic<Events>({
    topic: 'orders',
    framing,
    events: { Placed: { format: 'AVRO', subject: 'orders-value', version: 1, id: 7, guid, schema } },
  })
  await topic.readyOffline()
  return topic
}
const contextOf = (value: Buffer | null): KafkaContext => ({
  topic: 'orders',
  partition: 3,
  message: {
    key: Buffer.from('k'),
    value,
    headers: { trace: Buffer.from('t') },
    offset: '12',
    timestamp: '1700000000000',
  },
})

describe('the adapter for kafkajs-shaped clients', () => {
  const setUp = async () => {
    const topic = await topicOf()
    const seen: unknown[] = []
    const sent: unknown[] = []
    const producer = { send: (record: unknown) => Promise.resolve(sent.push(record)) }
    const handle = kafkaHandler(topic, {
      Placed: (event, { partition, writer }) => void seen.push([event.id, partition, writer]),
      onTombstone: ({ message }) => void seen.push(['gone', message.key?.toString()]),
      deadLetter: kafkaDeadLetter(producer, { topic: 'orders.dlq', service: 'billing' }),
    })
    return { topic, seen, sent, handle }
  }

  it('gives handlers readable events, and tombstones as such', async () => {
    const { topic, seen, handle } = await setUp()
    await handle(contextOf(topic.encode('Placed', { id: 'a' }).value))
    await handle(contextOf(null))
    expect(seen).toEqual([
      ['a', 3, { id: 7 }],
      ['gone', 'k'],
    ])
  })

  it('sends poison to the dead letters as it came, with what happened beside it', async () => {
    const { seen, sent, handle } = await setUp()
    await handle(contextOf(Buffer.from('personal data')))
    expect(seen).toEqual([])
    const headers = {
      trace: Buffer.from('t'),
      'concordat-dlq-topic': 'orders',
      'concordat-dlq-partition': '3',
      'concordat-dlq-offset': '12',
      'concordat-dlq-timestamp': '1700000000000',
      'concordat-dlq-code': 'NotFramed',
      'concordat-dlq-service': 'billing',
    }
    const message = { key: Buffer.from('k'), value: Buffer.from('personal data'), headers }
    expect(sent).toEqual([{ topic: 'orders.dlq', messages: [message] }])
  })

  it('throws when the schema cannot be had now, so that the message comes again', async () => {
    const { sent, handle } = await setUp()
    await expect(handle(contextOf(Buffer.from('00000000090261', 'hex')))).rejects.toThrow('orders: the schema id 9')
    expect(sent).toEqual([])
  })

  it('lets a failing handler fail', async () => {
    const topic = await topicOf()
    const handle = kafkaHandler(topic, {
      Placed: () => Promise.reject(new Error('no stock')),
      deadLetter: () => Promise.resolve(),
    })
    await expect(handle(contextOf(topic.encode('Placed', { id: 'a' }).value))).rejects.toThrow('no stock')
  })
})

describe('the adapters for other brokers', () => {
  it('are a synchronous pair for @platformatic/kafka', async () => {
    const { serializers, deserializers } = platformaticKafka(await topicOf())
    const bytes = serializers.value({ type: 'Placed', value: { id: 'a' } })
    expect(deserializers.value(bytes, new Map([['trace', Buffer.from('t')]]))).toMatchObject({
      ok: true,
      value: { id: 'a' },
    })
    expect(deserializers.value(undefined)).toMatchObject({ type: '$tombstone' })
  })

  it('name the event for AMQP, with headers that keep their bytes', async () => {
    const topic = await topicOf('header')
    const { content, options } = amqpEncode(topic, 'Placed', { id: 'a' })
    expect(options).toMatchObject({ type: 'Placed', contentType: 'avro/binary' })
    expect(topic.decode(content, options.headers)).toMatchObject({ ok: true, value: { id: 'a' } })
  })

  it('refuse headers for NATS, whose headers are text', async () => {
    expect(natsEncode(await topicOf(), 'Placed', { id: 'a' })).toEqual(Buffer.from('00000000070261', 'hex'))
    const header = await topicOf('header')
    expect(() => natsEncode(header, 'Placed', { id: 'a' })).toThrow('headers of NATS are text')
  })
})
