import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const { REGISTRY_URL, EXCHANGE, SCHEMAS, DESCRIPTORS } = process.env

/** The order that every client writes and reads. */
export const order = { orderId: 'o-1', amount: 12.5, items: ['pen', 'ink'] }

export const schemaText = (file) => readFileSync(join(SCHEMAS, file), 'utf8')
export const descriptorSet = (version) => readFileSync(join(DESCRIPTORS, `order.${version}.binpb`))

export const exchange = {
  write: (client, format, bytes) => writeFileSync(join(EXCHANGE, `${client}.${format}.bin`), bytes),
  /** All messages of a format: `[client, bytes]`. */
  read: (format) =>
    readdirSync(EXCHANGE)
      .filter((file) => file.endsWith(`.${format}.bin`))
      .sort()
      .map((file) => [file.split('.')[0], readFileSync(join(EXCHANGE, file))]),
}

/** Runs one behaviour and prints how it went. */
export async function shows(name, behaviour) {
  try {
    await behaviour()
    console.log(JSON.stringify({ name, ok: true }))
  } catch (error) {
    console.log(JSON.stringify({ name, ok: false, reason: error?.stack ?? String(error) }))
  }
}
