// @kafkajs/confluent-schema-registry: Avro, JSON Schema and Protobuf. It frames Protobuf without message indexes, so its
// Protobuf messages are read by itself only.
import assert from 'node:assert/strict'
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { REGISTRY_URL, exchange, order, schemaText, shows } from './shared.mjs'

const me = 'kafkajs'
const registry = new SchemaRegistry({ host: REGISTRY_URL })
const sameOrder = (actual) => {
  assert.equal(actual.orderId, order.orderId)
  assert.equal(actual.amount, order.amount)
  assert.deepEqual(actual.items, order.items)
}

async function write() {
  for (const [format, type, extension] of [
    ['avro', SchemaType.AVRO, 'avsc'],
    ['json', SchemaType.JSON, 'json'],
    ['protobuf', SchemaType.PROTOBUF, 'proto'],
  ]) {
    const subject = `${me}-${format}-value`
    const register = (file) => registry.register({ type, schema: schemaText(file) }, { subject })
    let id
    await shows(`${format}: the first registration sets the level, the next one finds it`, async () => {
      const first = await register(`order.v1.${extension}`)
      ;({ id } = await register(`order.v2.${extension}`))
      assert.notEqual(first.id, id)
      assert.equal(await registry.getLatestSchemaId(subject), id)
      assert.equal((await register(`order.v1.${extension}`)).id, first.id)
    })
    await shows(`${format}: a breaking version is refused`, async () => {
      await assert.rejects(
        () => register(`order.breaking.${extension}`),
        (error) => error.status === 409,
      )
    })
    if (format === 'protobuf') {
      await shows('protobuf: a message goes out and comes back', async () => {
        const oneMessage = 'syntax = "proto3"; package shop.clients; message One { string name = 1; }'
        const one = await registry.register({ type, schema: oneMessage }, { subject: `${me}-one-value` })
        const bytes = await registry.encode(one.id, { name: 'pen' })
        assert.equal((await registry.decode(bytes)).name, 'pen')
      })
      continue
    }
    await shows(`${format}: a message goes out and comes back`, async () => {
      const bytes = await registry.encode(id, format === 'avro' ? { ...order, note: '' } : order)
      exchange.write(me, format, bytes)
      sameOrder(await registry.decode(bytes))
    })
  }
}

async function read() {
  for (const format of ['avro', 'json']) {
    for (const [writer, bytes] of exchange.read(format)) {
      await shows(`${format}: reads what ${writer} wrote`, async () => sameOrder(await registry.decode(bytes)))
    }
  }
}

await (process.argv[2] === 'write' ? write() : read())
