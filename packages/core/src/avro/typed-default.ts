import { InvalidSchema } from '../schema/invalid-schema.js'
import type { JsonNode } from '../text/json-document.js'
import { checkDefault } from './defaults.js'
import { javaDouble, javaFloat } from './java-number.js'
import { isIntegerLexeme, jsonText, objectText, stringText } from './json-text.js'
import type { AvroSchema, AvroType, Field } from './schema.js'
import { positionIn } from './schema.js'

/**
 * A default as its type has it: a number of a double has a point, bytes have one byte a character, members are sorted.
 *
 * Under `confluent` validation as that server does it: of a union the first branch counts, whether or not the default
 * fits it, and a default that the type cannot hold is dropped. Under `strict` it is kept as it was written.
 *
 * @returns `undefined` to drop it.
 * @throws InvalidSchema under `confluent` validation if a part of a default is what its type cannot hold.
 */
export function typedDefault(node: JsonNode, field: Field, schema: AvroSchema): string | undefined {
  const confluent = schema.validation === 'confluent'
  const write = (value: JsonNode, type: AvroType | undefined): string | undefined => {
    const target = type?.kind === 'union' ? branchOf(type.branches, value, confluent) : type
    switch (value.kind) {
      case 'literal':
        return String(value.value)
      case 'number':
        return typedNumber(value.lexeme, target)
      case 'string':
        return typedString(value.value, target)
      case 'array': {
        const items = target?.kind === 'array' ? target.items : undefined
        return `[${value.items.map((item) => (target && !items ? misfit(item) : part(item, items))).join(',')}]`
      }
      case 'object': {
        const members = [...value.members].sort(([a], [b]) => (a < b ? -1 : 1))
        return objectText(members.map(([key, { value: inner }]) => [key, part(inner, memberType(target, key))]))
      }
    }
  }
  const part = (value: JsonNode, type: AvroType | undefined): string => write(value, type) ?? misfit(value)
  const misfit = (value: JsonNode): string => {
    if (!confluent) return jsonText(value)
    throw new InvalidSchema({
      reason: `the default of ${field.name} holds a value that its type cannot hold, which cannot be normalized`,
      position: positionIn(schema, { text: field.at.text, offset: value.start }),
      hint: 'write a default for the first branch of each union',
    })
  }
  return write(node, field.type) ?? (confluent ? undefined : jsonText(node))
}

function branchOf(branches: readonly AvroType[], value: JsonNode, first: boolean): AvroType | undefined {
  if (first) return branches[0]
  return branches.find((branch) => !checkDefault(branch, value, { validation: 'strict', open: new Set() }))
}

function memberType(type: AvroType | undefined, key: string): AvroType | undefined {
  if (type?.kind === 'map') return type.values
  return type?.kind === 'record' ? type.fieldsByName.get(key)?.type : undefined
}

function typedNumber(lexeme: string, type: AvroType | undefined): string | undefined {
  const isInteger = isIntegerLexeme(lexeme)
  if (isInteger && BigInt.asIntN(64, BigInt(lexeme)) !== BigInt(lexeme)) return undefined
  // An integer has no negative zero.
  const value = lexeme === '-0' ? 0 : Number(lexeme)
  if (type?.kind === 'double' || (type === undefined && !isInteger)) return javaDouble(value)
  if (type?.kind === 'float') return javaFloat(value)
  const fits = type === undefined || type.kind === 'int' || type.kind === 'long'
  return fits && isInteger ? String(BigInt(lexeme)) : undefined
}

function typedString(text: string, type: AvroType | undefined): string | undefined {
  switch (type?.kind) {
    case undefined:
    case 'string':
    case 'enum':
      return stringText(text)
    case 'bytes':
    case 'fixed':
      return stringText(text.replace(/[^\u0000-\u00ff]/gu, '?'))
    default:
      return undefined
  }
}
