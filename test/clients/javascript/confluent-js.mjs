// @confluentinc/schemaregistry: its three serializers and deserializers, subject strategies and rules.
import assert from 'node:assert/strict'
import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import confluent from '@confluentinc/schemaregistry'
import { REGISTRY_URL, descriptorSet, exchange, order, schemaText, shows } from './shared.mjs'

const {
  AvroDeserializer,
  AvroSerializer,
  CelExecutor,
  JsonDeserializer,
  JsonSerializer,
  JsonataExecutor,
  ProtobufDeserializer,
  ProtobufSerializer,
  RuleMode,
  SchemaRegistryClient,
  SerdeType,
  SubjectNameStrategyType,
} = confluent

const me = 'confluent-js'
const newClient = () => new SchemaRegistryClient({ baseURLs: [REGISTRY_URL], cacheCapacity: 1000 })
const client = newClient()
const value = SerdeType.VALUE
const latest = { autoRegisterSchemas: false, useLatestVersion: true }
const register = (subject, schemaType, file) =>
  client.register(subject, { schemaType, schema: schemaText(file) }, false)

const refuses409 = async (action) => {
  await assert.rejects(action, (error) => {
    assert.equal(error.status, 409)
    assert.equal(error.errorCode, 40901)
    return true
  })
}

const orderDesc = (version) => {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSet(version))
  return createFileRegistry(set).getMessage('shop.clients.Order')
}
const sameOrder = (actual) => {
  assert.equal(actual.orderId, order.orderId)
  assert.equal(actual.amount, order.amount)
  assert.deepEqual([...actual.items], order.items)
}

const formats = [
  [
    'avro',
    'AVRO',
    'avsc',
    (conf) => new AvroSerializer(client, value, conf),
    () => new AvroDeserializer(client, value, {}),
  ],
  [
    'json',
    'JSON',
    'json',
    (conf) => new JsonSerializer(client, value, conf),
    () => new JsonDeserializer(client, value, { validate: true }),
  ],
]

async function write() {
  for (const [format, type, extension, serializer, deserializer] of formats) {
    const topic = `${me}-${format}`
    const subject = `${topic}-value`
    await shows(`${format}: a schema is registered, and again under the same id`, async () => {
      const id = await register(subject, type, `order.v1.${extension}`)
      assert.ok(id > 0)
      assert.equal(
        await newClient().register(subject, { schemaType: type, schema: schemaText(`order.v1.${extension}`) }),
        id,
      )
    })
    await shows(`${format}: a compatible version follows`, async () => {
      const id = await register(subject, type, `order.v2.${extension}`)
      const metadata = await client.getLatestSchemaMetadata(subject)
      assert.equal(metadata.version, 2)
      assert.equal(metadata.id, id)
    })
    await shows(`${format}: a breaking version is refused with 409`, () =>
      refuses409(() => register(subject, type, `order.breaking.${extension}`)),
    )
    await shows(`${format}: a message goes out and comes back`, async () => {
      const message = format === 'avro' ? { ...order, note: '' } : order
      const bytes = await serializer(latest).serialize(topic, message)
      exchange.write(me, format, bytes)
      sameOrder(await deserializer().deserialize(topic, bytes))
    })
    await shows(`${format}: a serializer registers its schema by itself`, async () => {
      const auto = serializer({ autoRegisterSchemas: true })
      const own = `${me}-auto-${format}`
      const bytes = await auto.serialize(own, { ...order })
      const metadata = await client.getLatestSchemaMetadata(`${own}-value`)
      assert.equal(bytes.readInt32BE(1), metadata.id)
    })
  }

  await shows('protobuf: the base64 descriptor is registered and evolves', async () => {
    for (const version of ['v1', 'v2']) {
      const desc = orderDesc(version)
      const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet(version)))
      const serializer = new ProtobufSerializer(client, value, { autoRegisterSchemas: true, registry })
      const message = create(desc, { orderId: order.orderId, amount: order.amount, items: order.items })
      const bytes = await serializer.serialize(`${me}-protobuf`, message)
      assert.deepEqual([...bytes.subarray(5, 7)], [2, 2], 'the second message of the file has index [1]')
      if (version === 'v2') exchange.write(me, 'protobuf', bytes)
      const back = await new ProtobufDeserializer(newClient(), value, {}).deserialize(`${me}-protobuf`, bytes)
      sameOrder(back)
      assert.ok(toBinary(desc, message).length > 0)
    }
  })
  await shows('protobuf: text and descriptor of one schema are one schema', async () => {
    const id = await client.getId(`${me}-protobuf-value`, {
      schemaType: 'PROTOBUF',
      schema: schemaText('order.v1.proto'),
    })
    const metadata = await client.getSchemaMetadata(`${me}-protobuf-value`, 1)
    assert.equal(id, metadata.id)
  })
  await shows('protobuf: a breaking version is refused with 409', () =>
    refuses409(() => register(`${me}-protobuf-value`, 'PROTOBUF', 'order.breaking.proto')),
  )

  for (const strategy of [SubjectNameStrategyType.TOPIC, SubjectNameStrategyType.ASSOCIATED, undefined]) {
    await shows(`the subject strategy ${strategy ?? 'by default'} finds the topic's subject`, async () => {
      await register(`${me}-strategies-value`, 'AVRO', 'order.v1.avsc')
      const named = strategy && { subjectNameStrategyType: strategy }
      const bytes = await new AvroSerializer(newClient(), value, { ...latest, ...named }).serialize(
        `${me}-strategies`,
        order,
      )
      sameOrder(await new AvroDeserializer(newClient(), value, {}).deserialize(`${me}-strategies`, bytes))
    })
  }
  // The record strategies take the name from the schema at hand, which only the Protobuf serializer has; it takes the
  // first message of the file.
  for (const [strategy, subject] of [
    [SubjectNameStrategyType.RECORD, 'shop.clients.Source'],
    [SubjectNameStrategyType.TOPIC_RECORD, `${me}-strategies-shop.clients.Source`],
  ]) {
    await shows(`the subject strategy ${strategy} registers ${subject}`, async () => {
      const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet('v1')))
      const conf = { autoRegisterSchemas: true, registry, subjectNameStrategyType: strategy }
      const message = create(orderDesc('v1'), order)
      const bytes = await new ProtobufSerializer(newClient(), value, conf).serialize(`${me}-strategies`, message)
      assert.equal((await client.getLatestSchemaMetadata(subject)).id, bytes.readInt32BE(1))
    })
  }
  await shows('the default strategy follows an association of the topic', async () => {
    const subject = `${me}-elsewhere`
    await register(subject, 'AVRO', 'order.v1.avsc')
    await client.createAssociation({
      resourceName: `${me}-associated`,
      resourceNamespace: 'lkc-test',
      resourceId: `${me}-associated-id`,
      resourceType: 'topic',
      associations: [{ subject, associationType: 'value', lifecycle: 'WEAK' }],
    })
    const bytes = await new AvroSerializer(newClient(), value, latest).serialize(`${me}-associated`, order)
    assert.equal(bytes.readInt32BE(1), (await client.getLatestSchemaMetadata(subject)).id)
  })

  await shows('a CEL condition of the registered rule set lets good orders through and stops bad ones', async () => {
    const rule = {
      name: 'positive',
      kind: 'CONDITION',
      mode: RuleMode.WRITE,
      type: 'CEL',
      expr: 'message.amount > 0.0',
    }
    await client.register(`${me}-cel-value`, {
      schemaType: 'AVRO',
      schema: schemaText('order.v1.avsc'),
      ruleSet: { domainRules: [rule] },
    })
    const rules = new confluent.RuleRegistry()
    rules.registerExecutor(new CelExecutor())
    const serializer = new AvroSerializer(newClient(), value, latest, rules)
    await serializer.serialize(`${me}-cel`, order)
    await assert.rejects(() => serializer.serialize(`${me}-cel`, { ...order, amount: -1 }))
  })
  await shows('a JSONata migration of the registered rule set turns old messages into new ones', async () => {
    const subject = `${me}-jsonata-value`
    await client.updateConfig(subject, { compatibilityGroup: 'major' })
    await client.register(subject, {
      schemaType: 'JSON',
      schema: schemaText('order.v1.json'),
      metadata: { properties: { major: '1' } },
    })
    const old = await new JsonSerializer(newClient(), value, latest).serialize(`${me}-jsonata`, order)
    const upgrade = {
      name: 'upgrade',
      kind: 'TRANSFORM',
      mode: RuleMode.UPGRADE,
      type: 'JSONATA',
      expr: "$merge([$, {'note': 'was ' & orderId}])",
    }
    await client.register(subject, {
      schemaType: 'JSON',
      schema: schemaText('order.breaking.json'),
      metadata: { properties: { major: '2' } },
      ruleSet: { migrationRules: [upgrade] },
    })
    const rules = new confluent.RuleRegistry()
    rules.registerExecutor(new JsonataExecutor())
    const reader = new JsonDeserializer(newClient(), value, { useLatestVersion: true }, rules)
    assert.equal((await reader.deserialize(`${me}-jsonata`, old)).note, 'was o-1')
  })
}

async function read() {
  const readers = {
    avro: new AvroDeserializer(client, value, {}),
    json: new JsonDeserializer(client, value, { validate: true }),
    protobuf: new ProtobufDeserializer(client, value, {}),
  }
  for (const [format, reader] of Object.entries(readers)) {
    for (const [writer, bytes] of exchange.read(format)) {
      await shows(`${format}: reads what ${writer} wrote`, async () =>
        sameOrder(await reader.deserialize('any', bytes)),
      )
    }
  }
}

await (process.argv[2] === 'write' ? write() : read())
