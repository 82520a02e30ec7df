import { Ajv } from 'ajv'
import ajvFormats from 'ajv-formats'
import avsc from 'avsc'
import { defineTopic, RegistryClient, type EventDefinition } from '@concordat/client'
import { generate } from '@concordat/codegen'
import protobufjs from 'protobufjs'
import { writeFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { benchOptions } from './support/figures.js'
import { avroSchemaV1, avroSchemaV2, jsonSchema, order, protoText } from './support/order-event.js'

// Encoding and decoding by generated topics, framing included, against the bare codecs in the same run. All take turns
// in every round; a rate is operations per second of the process's own CPU time.

const { seconds, rounds, json } = benchOptions()
const milliseconds = Math.min(seconds * 1000, 150)

/** A topic as generated code defines it, without a registry. */
async function topicOf(format: EventDefinition['format'], text: string, id = 1) {
  const event = { type: format, text, references: [], subject: 'orders-value', version: 1, id }
  const [file] = generate({ topics: [{ name: 'orders', role: 'consumes', events: [event] }] }).filter(
    ({ path }) => path === 'orders.ts',
  )
  // The definition is data: the argument of the only call in the file.
  const literal = /defineTopic<OrdersEvents>\((\{[\s\S]*\})\)/.exec(file.text)?.[1] ?? ''
  const definition = runInNewContext(`(${literal})`) as Parameters<typeof defineTopic>[0]
  const topic = defineTopic<Record<string, { read: unknown; write: unknown }>>(definition)
  await topic.readyOffline()
  return topic
}

const event = 'OrderPlaced'
const avro = await topicOf('AVRO', avroSchemaV1)
const protobuf = await topicOf('PROTOBUF', protoText)
const jsonTopic = await topicOf('JSON', jsonSchema)

// A topic that is pinned to v2 and has met v1 in its registry.
const evolved = await topicOf('AVRO', avroSchemaV2, 2)
const answer = (path: string) =>
  path.endsWith('/versions')
    ? [{ subject: 'orders-value', version: 1 }]
    : { schema: path.endsWith('/ids/1') ? avroSchemaV1 : avroSchemaV2, subject: 'orders-value', version: 1, id: 2 }
const registry = new RegistryClient({
  url: 'http://registry.test',
  fetch: (url) => Promise.resolve(Response.json(answer(new URL(url as string).pathname))),
})
await evolved.ready(registry)

const bareAvro = avsc.Type.forSchema(JSON.parse(avroSchemaV1) as avsc.Schema, { wrapUnions: 'auto' })
const bareAvroV2 = avsc.Type.forSchema(JSON.parse(avroSchemaV2) as avsc.Schema, { wrapUnions: 'auto' })
const bareProto = protobufjs.parse(protoText).root.lookupType('shop.orders.v1.OrderPlaced')
const ajv = new Ajv({ strict: false })
ajvFormats.default(ajv)
const validate = ajv.compile(JSON.parse(jsonSchema) as object)

const values = order()
const avroFrame = avro.encode(event, values.avro).value
const avroBytes = avroFrame.subarray(5)
if (!bareAvro.toBuffer(values.avsc).equals(avroBytes)) throw new Error('the Avro bytes differ from those of avsc')
await evolved.resolve(avroFrame)
const protoFrame = protobuf.encode(event, values.protobuf).value
const protoMessage = bareProto.decode(protoFrame.subarray(6))
const protoObject = bareProto.toObject(protoMessage)
if (bareProto.verify(protoObject) !== null) throw new Error('protobufjs refuses its own object')
const jsonFrame = jsonTopic.encode(event, values.json).value
const resolver = bareAvroV2.createResolver(bareAvro)

const subjects: Record<string, () => unknown> = {
  'JSON.stringify': () => Buffer.from(JSON.stringify(values.json)),
  'JSON.parse': () => JSON.parse(jsonFrame.toString('utf8', 5)) as unknown,
  'ajv + JSON.stringify': () => validate(values.json) && Buffer.from(JSON.stringify(values.json)),
  'JSON.parse + ajv': () => validate(JSON.parse(jsonFrame.toString('utf8', 5))),
  'avsc encode': () => bareAvro.toBuffer(values.avsc),
  'avsc decode': () => bareAvro.fromBuffer(avroBytes) as unknown,
  'avsc decode v2 <- v1, cached resolver': () => bareAvroV2.fromBuffer(avroBytes, resolver) as unknown,
  'protobufjs encode': () => bareProto.encode(protoMessage).finish(),
  'protobufjs decode': () => bareProto.decode(protoFrame.subarray(6)),
  'protobufjs verify + fromObject + encode': () =>
    bareProto.verify(protoObject) ?? bareProto.encode(bareProto.fromObject(protoObject)).finish(),
  'protobufjs decode + toObject': () =>
    bareProto.toObject(bareProto.decode(protoFrame.subarray(6)), { defaults: true }),
  'topic JSON encode': () => jsonTopic.encode(event, values.json),
  'topic JSON decode': () => jsonTopic.decode(jsonFrame),
  'topic Avro encode': () => avro.encode(event, values.avro),
  'topic Avro decode': () => avro.decode(avroFrame),
  'topic Avro decode v2 <- v1': () => evolved.decode(avroFrame),
  'topic Protobuf encode': () => protobuf.encode(event, values.protobuf),
  'topic Protobuf decode': () => protobuf.decode(protoFrame),
}

/** What each is measured against, and the least that it should reach. */
const comparisons: [subject: string, anchor: string, atLeast: number][] = [
  ['topic Avro encode', 'avsc encode', 0.85],
  ['topic Avro decode', 'avsc decode', 0.85],
  ['topic Avro decode v2 <- v1', 'topic Avro decode', 0.9],
  ['topic Avro decode v2 <- v1', 'avsc decode v2 <- v1, cached resolver', 0.85],
  ['topic JSON encode', 'ajv + JSON.stringify', 0.85],
  ['topic JSON decode', 'JSON.parse + ajv', 0.85],
  ['topic Protobuf encode', 'protobufjs encode', 0.85],
  ['topic Protobuf encode', 'protobufjs verify + fromObject + encode', 0.85],
  ['topic Protobuf decode', 'protobufjs decode', 0.85],
  ['topic Protobuf decode', 'protobufjs decode + toObject', 0.85],
]

function round(run: () => unknown): number {
  const end = performance.now() + milliseconds
  const before = process.cpuUsage()
  let operations = 0
  while (performance.now() < end) {
    for (let at = 0; at < 100; at++) run()
    operations += 100
  }
  const { user, system } = process.cpuUsage(before)
  return (operations / (user + system)) * 1e6
}

const rates = new Map<string, number[]>()
for (let turn = -1; turn < rounds; turn++) {
  for (const [name, run] of Object.entries(subjects)) {
    const rate = round(run)
    if (turn >= 0) rates.set(name, [...(rates.get(name) ?? []), rate])
  }
}
const median = (name: string) => (rates.get(name) ?? []).sort((a, b) => a - b)[Math.floor(rounds / 2)]

console.log(
  `bindings: ${rounds} rounds of ${milliseconds} ms each; Avro ${avroBytes.length}, Protobuf ${protoFrame.length - 6}, JSON ${jsonFrame.length - 5} bytes`,
)
for (const name of Object.keys(subjects))
  console.log(`  ${name.padEnd(42)} ${median(name).toFixed(0).padStart(9)} per CPU-second`)
const results = comparisons.map(([subject, anchor, atLeast]) => ({
  subject,
  anchor,
  atLeast,
  ratio: median(subject) / median(anchor),
}))
for (const { subject, anchor, atLeast, ratio } of results) {
  console.log(`  ${ratio.toFixed(2)} (wanted ${atLeast})  ${subject} / ${anchor}`)
}
if (json !== undefined)
  writeFileSync(json, `${JSON.stringify({ rates: Object.fromEntries(rates), results }, undefined, 2)}\n`)
