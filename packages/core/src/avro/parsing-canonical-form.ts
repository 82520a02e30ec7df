import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { objectText, stringText } from './json-text.js'
import type { AvroSchema, AvroType } from './schema.js'

/**
 * Parsing Canonical Form: two schemas with the same form write the same bytes. (Specification 1.12.) It leaves out
 * defaults, aliases and logical types, so it does not tell readers apart and is no identity for a registry.
 */
export function parsingCanonicalForm(schema: AvroSchema): string {
  const known = new Set<string>()
  const write = (type: AvroType): string => {
    switch (type.kind) {
      case 'union':
        return `[${type.branches.map(write).join(',')}]`
      case 'array':
        return objectText([
          ['type', '"array"'],
          ['items', write(type.items)],
        ])
      case 'map':
        return objectText([
          ['type', '"map"'],
          ['values', write(type.values)],
        ])
      case 'record':
      case 'enum':
      case 'fixed': {
        const name = stringText(type.name.full)
        if (known.has(type.name.full)) return name
        known.add(type.name.full)
        return objectText([['name', name], ['type', stringText(type.kind)], body(type)])
      }
      default:
        return stringText(type.kind)
    }
  }
  const body = (type: AvroType & { kind: 'record' | 'enum' | 'fixed' }): [string, string] => {
    if (type.kind === 'enum') return ['symbols', `[${type.symbols.map(stringText).join(',')}]`]
    if (type.kind === 'fixed') return ['size', String(type.size)]
    const fields = type.fields.map((field) =>
      objectText([
        ['name', stringText(field.name)],
        ['type', write(field.type)],
      ]),
    )
    return ['fields', `[${fields.join(',')}]`]
  }
  return write(schema.root)
}

export type FingerprintAlgorithm = 'CRC-64-AVRO' | 'MD5' | 'SHA-256'

/** The fingerprint of a schema's Parsing Canonical Form in lower-case hex, most significant digit first. */
export function fingerprint(schema: AvroSchema, algorithm: FingerprintAlgorithm): string {
  const bytes = utf8ToBytes(parsingCanonicalForm(schema))
  switch (algorithm) {
    case 'CRC-64-AVRO':
      return crc64(bytes).toString(16).padStart(16, '0')
    case 'MD5':
      return bytesToHex(md5(bytes))
    case 'SHA-256':
      return bytesToHex(sha256(bytes))
  }
}

const empty = 0xc15d213aa4d7a795n

const table = Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte)
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ empty : crc >> 1n
  return crc
})

const crc64 = (bytes: Uint8Array): bigint =>
  bytes.reduce((crc, byte) => (crc >> 8n) ^ (table[Number((crc ^ BigInt(byte)) & 0xffn)] ?? 0n), empty)
