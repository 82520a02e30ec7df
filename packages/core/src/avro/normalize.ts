import { InvalidSchema } from '../schema/invalid-schema.js'
import type { JsonNode } from '../text/json-document.js'
import { hasHugeInteger, jsonText, objectText } from './json-text.js'
import { typedDefault } from './typed-default.js'
import type { Member, Style } from './print.js'
import { asItCame, print, printCanonical } from './print.js'
import type { AvroSchema, AvroType, Field } from './schema.js'
import { positionIn } from './schema.js'

/**
 * The text under `normalize=true`: aliases, properties and members of defaults sorted, empty docs of types dropped,
 * errors made records, defaults as their types have them, everything else as in the canonical text.
 *
 * Under `confluent` validation as that server does it, which loses the null namespace of a type inside of another one.
 *
 * @throws InvalidSchema under `confluent` validation for an integer property beyond 64 bits, which that server refuses.
 */
export function printNormalized(schema: AvroSchema, reparse: (text: string) => AvroSchema): string {
  const style = normalizing(schema)
  if (schema.validation === 'strict' || !mixesNullNamespace(schema)) return print(schema, style, schema.referenced)
  const written = print(
    schema,
    { ...style, namespace: ({ namespace }) => namespace, reference: ({ full }) => full },
    schema.referenced,
  )
  return printCanonical(reparse(written))
}

const normalizing = (schema: AvroSchema): Style => ({
  ...asItCame,
  typeDoc: (doc) => (doc === '' ? undefined : doc),
  kind: ({ kind }) => kind,
  typeAliases: (aliases) => aliases.toSorted((a, b) => (a.full < b.full ? -1 : 1)),
  fieldAliases: (aliases) => aliases.toSorted(),
  properties: (owner) => sortedProperties(schema, owner),
  default: (value, field) => typedDefault(value, field, schema),
})

function mixesNullNamespace({ named }: AvroSchema): boolean {
  const names = [...named.values()].map(({ name }) => name.namespace)
  return names.includes(undefined) && names.some((namespace) => namespace !== undefined)
}

function sortedProperties(schema: AvroSchema, owner: AvroType | Field): Member[] {
  const first = 'kind' in owner && owner.logicalType ? logicalTypeOrder(owner) : []
  const rest = [...owner.properties.keys()].filter((key) => !first.includes(key)).sort()
  return [...first, ...rest].flatMap((key) => {
    const value = owner.properties.get(key)
    if (!value) return []
    if (schema.validation === 'confluent') refuseHuge(value, owner, schema)
    return [[key, sortedText(value)] as const]
  })
}

/** With one of these Java does not take an annotation for a logical type. */
const javaProperties = ['avro.java.string', 'java-class', 'java-key-class', 'java-element-class']

/** A valid logical type stands before the other properties; a scale of 0 is one of these. */
function logicalTypeOrder({ logicalType, properties }: AvroType): string[] {
  if (javaProperties.some((key) => properties.get(key)?.kind === 'string')) return []
  if (logicalType?.name !== 'decimal') return ['logicalType']
  return logicalType.scale ? ['logicalType', 'precision', 'scale'] : ['logicalType', 'precision']
}

function sortedText(node: JsonNode): string {
  switch (node.kind) {
    case 'array':
      return `[${node.items.map(sortedText).join(',')}]`
    case 'object':
      return objectText([...node.members.keys()].sort().flatMap((key) => memberText(key, node.members.get(key)?.value)))
    default:
      return jsonText(node)
  }
}

const memberText = (key: string, value: JsonNode | undefined): Member[] => (value ? [[key, sortedText(value)]] : [])

function refuseHuge(value: JsonNode, owner: AvroType | Field, schema: AvroSchema): void {
  if (!hasHugeInteger(value)) return
  throw new InvalidSchema({
    reason: 'a property holds an integer beyond 64 bits, which cannot be normalized',
    position: positionIn(schema, { text: owner.at.text, offset: value.start }),
    hint: 'write it as a string',
  })
}
