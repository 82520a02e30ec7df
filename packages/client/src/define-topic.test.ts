import { createHash } from 'node:crypto'
import { defineTopic, RegistryClient, type EventDefinition, type TopicDefinition } from './index.js'

interface Stored {
  subject: string
  version: number
  id: number
  guid: string
  schema: string
  schemaType?: string
  references?: { name: string; subject: string; version: number }[]
}

/** A registry that answers as Confluent's does, from a list; counts what it was asked. */
class FakeRegistry {
  readonly asked: string[] = []
  broken = false

  constructor(readonly schemas: Stored[]) {}

  readonly client = new RegistryClient({
    url: 'http://registry.test',
    fetch: (url, init) => Promise.resolve(this.answer(url, init)),
  })

  private answer(input: unknown, init?: RequestInit): Response {
    const { pathname } = new URL(String(input))
    this.asked.push(`${init?.method} ${pathname}`)
    if (this.broken) return new Response('<html>bad gateway</html>', { status: 502 })
    const [, area, ...rest] = pathname.split('/').map(decodeURIComponent)
    const found = this.find(area, rest, init)
    return found === undefined ? error(404, area === 'subjects' ? 40401 : 40403, 'not found') : Response.json(found)
  }

  private find(area: string, rest: string[], init?: RequestInit): unknown {
    const { schemas } = this
    if (area === 'subjects' && init?.method === 'POST') {
      const { schema } = JSON.parse(init.body as string) as Stored
      return schemas.find((stored) => stored.subject === rest[0] && stored.schema === schema)
    }
    if (area === 'subjects')
      return schemas.find(({ subject, version }) => subject === rest[0] && version === Number(rest[2]))
    const [by, value, what] = rest
    const found = schemas.filter((stored) => (by === 'ids' ? stored.id === Number(value) : stored.guid === value))
    if (what === 'versions' || what === 'ids') return found.length > 0 ? found : undefined
    return found[0]
  }
}

const error = (status: number, code: number, message: string) =>
  Response.json({ error_code: code, message }, { status })

const guid = (text: string) =>
  createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
const avro = (name: string, fields: unknown[]) => JSON.stringify({ type: 'record', name, namespace: 'shop', fields })
const placedV1 = avro('OrderPlaced', [{ name: 'id', type: 'string' }])
const placedV2 = avro('OrderPlaced', [
  { name: 'id', type: 'string' },
  { name: 'channel', type: 'string', default: 'web' },
])
const cancelled = avro('OrderCancelled', [{ name: 'id', type: 'string' }])

const stored = (subject: string, version: number, id: number, schema: string): Stored => ({
  subject,
  version,
  id,
  guid: guid(schema),
  schema,
})
const registryOf = (...more: Stored[]) =>
  new FakeRegistry([stored('orders-value', 1, 1, placedV1), stored('orders-value', 2, 2, placedV2), ...more])

interface Events {
  OrderPlaced: { read: { id: string; channel: string }; write: { id: string; channel?: string } }
}
const placed: EventDefinition = {
  format: 'AVRO',
  subject: 'orders-value',
  version: 2,
  id: 2,
  guid: guid(placedV2),
  schema: placedV2,
}
const topicOf = (more: Partial<TopicDefinition> = {}) =>
  defineTopic<Events>({ topic: 'orders', events: { OrderPlaced: placed }, ...more })

describe('a topic', () => {
  it('encodes and decodes without waiting once it is ready', async () => {
    const topic = topicOf()
    await topic.ready(registryOf().client)
    const message = topic.encode('OrderPlaced', { id: 'a' }, { key: 'a', headers: { trace: '1' } })
    expect(message).toEqual({ key: 'a', value: Buffer.from('0000000002026106776562', 'hex'), headers: { trace: '1' } })
    expect(topic.decode(message.value)).toEqual({
      ok: true,
      type: 'OrderPlaced',
      value: { id: 'a', channel: 'web' },
      writer: { id: 2 },
    })
  })

  it('says so when it is used before it is ready', () => {
    expect(() => topicOf().encode('OrderPlaced', { id: 'a' })).toThrow(
      'await orders.ready(registry) has to come before',
    )
  })

  it('finds its schema by content where the ids are others than in the lock file', async () => {
    const registry = new FakeRegistry([
      stored('payments-value', 1, 2, placedV1),
      stored('orders-value', 7, 99, placedV2),
    ])
    const topic = topicOf()
    await topic.ready(registry.client)
    expect(topic.encode('OrderPlaced', { id: 'a' }).value.readInt32BE(1)).toBe(99)
  })

  it('does not start against a registry that has another schema', async () => {
    const registry = new FakeRegistry([stored('orders-value', 2, 2, placedV1)])
    await expect(topicOf().ready(registry.client)).rejects.toThrow('its version 2 is another one')
    await expect(topicOf().ready(new FakeRegistry([]).client)).rejects.toThrow('concordat push')
  })

  it('reads what older versions wrote, and asks for their schema once', async () => {
    const registry = registryOf()
    const topic = topicOf()
    await topic.ready(registry.client)
    const old = Buffer.from('00000000010261', 'hex')
    expect(topic.decode(old)).toMatchObject({
      ok: false,
      code: 'SchemaNotLoaded',
      class: 'retryable',
      writer: { id: 1 },
    })
    const before = registry.asked.length
    const results = await Promise.all([topic.resolve(old), topic.resolve(old), topic.resolve(old)])
    for (const result of results) expect(result).toMatchObject({ ok: true, value: { id: 'a', channel: 'web' } })
    expect(registry.asked.slice(before)).toEqual(['GET /schemas/ids/1', 'GET /schemas/ids/1/versions'])
    expect(topic.decode(old)).toMatchObject({ ok: true })
  })

  it('takes a tombstone for what it is', async () => {
    const topic = topicOf()
    await topic.readyOffline()
    expect(topic.decode(null)).toEqual({ ok: true, type: '$tombstone', value: null })
  })

  it('tells poison, trouble and policy apart', async () => {
    const registry = registryOf(
      stored('payments-value', 1, 5, avro('Payment', [])),
      stored('orders-value', 3, 6, cancelled),
      stored('orders-value', 4, 7, avro('OrderPlaced', [{ name: 'id', type: 'int' }])),
    )
    const topic = topicOf()
    await topic.ready(registry.client)
    const frame = (id: number, payload = '') => Buffer.from(`00${id.toString(16).padStart(8, '0')}${payload}`, 'hex')
    const outcome = async (bytes: Buffer) => {
      const result = await topic.resolve(bytes)
      return result.ok ? 'ok' : `${result.class}: ${result.code}`
    }
    expect(await outcome(Buffer.from('{"id":"a"}'))).toBe('poison: NotFramed')
    expect(await outcome(frame(5))).toBe('poison: ForeignSchema')
    expect(await outcome(frame(6, '0261'))).toBe('policy: UnknownEvent')
    expect(await outcome(frame(7, '02'))).toBe('poison: Unprojectable')
    expect(await outcome(frame(2, '0261'))).toBe('poison: Malformed')
    expect(await outcome(frame(2, '026106776562ff'))).toBe('poison: Malformed')
    expect(await outcome(frame(1234))).toBe('retryable: SchemaNotYetVisible')
    registry.broken = true
    expect(await outcome(frame(1235))).toBe('retryable: RegistryUnavailable')
    expect(await outcome(frame(2, '026106776562'))).toBe('ok')
  })

  it('asks again for a schema that was not there, but not for every message', async () => {
    const registry = registryOf()
    const topic = topicOf()
    await topic.ready(registry.client)
    const before = registry.asked.length
    for (let at = 0; at < 5; at++) await topic.resolve(Buffer.from('00000004d2', 'hex'))
    expect(registry.asked.length - before).toBe(1)
  })

  it.each(['confluent-guid', 'header'] as const)('speaks the framing %s, and reads every other', async (framing) => {
    const registry = registryOf()
    const topic = topicOf({ framing })
    await topic.ready(registry.client)
    const { value, headers } = topic.encode('OrderPlaced', { id: 'a' })
    const name = Buffer.from(`01${guid(placedV2).replaceAll('-', '')}`, 'hex')
    expect(value.subarray(0, -6)).toEqual(framing === 'header' ? Buffer.alloc(0) : name)
    expect(headers).toEqual(framing === 'header' ? { __value_schema_id: name } : {})
    expect(topic.decode(value, headers)).toMatchObject({ ok: true, value: { id: 'a' } })
    expect(topic.decode(Buffer.from('0000000002026106776562', 'hex'))).toMatchObject({ ok: true })
    const old = Buffer.from(`01${guid(placedV1).replaceAll('-', '')}0261`, 'hex')
    expect(await topic.resolve(old)).toMatchObject({ ok: true, value: { channel: 'web' } })
  })

  it('tells the events of a topic apart by the schema they were written with', async () => {
    const registry = registryOf(stored('orders-cancelled', 1, 8, cancelled))
    interface Both extends Events {
      OrderCancelled: { read: { id: string }; write: { id: string } }
    }
    const other: EventDefinition = { format: 'AVRO', subject: 'orders-cancelled', version: 1, schema: cancelled }
    const topic = defineTopic<Both>({ topic: 'orders', events: { OrderPlaced: placed, OrderCancelled: other } })
    await topic.ready(registry.client)
    expect(topic.decode(topic.encode('OrderCancelled', { id: 'x' }).value)).toMatchObject({ type: 'OrderCancelled' })
    expect(topic.decode(topic.encode('OrderPlaced', { id: 'x' }).value)).toMatchObject({ type: 'OrderPlaced' })
  })

  it('follows the references of a writer that it meets', async () => {
    const money = JSON.stringify({
      type: 'record',
      name: 'Money',
      namespace: 'shop',
      fields: [{ name: 'cents', type: 'long' }],
    })
    const schema = avro('OrderPlaced', [
      { name: 'id', type: 'string' },
      { name: 'total', type: 'shop.Money' },
    ])
    const registry = registryOf(stored('money', 1, 20, money), {
      ...stored('orders-value', 3, 21, schema),
      references: [{ name: 'shop.Money', subject: 'money', version: 1 }],
    })
    const topic = topicOf()
    await topic.ready(registry.client)
    const result = await topic.resolve(Buffer.from('0000000015026104', 'hex'))
    expect(result).toMatchObject({ ok: true, value: { id: 'a', channel: 'web' } })
  })

  it('names event and place of a value that does not fit', async () => {
    const topic = topicOf()
    await topic.readyOffline()
    expect(() => topic.encode('OrderPlaced', { id: 5 } as never)).toThrow('OrderPlaced, id: expected a string, got 5')
  })
})
