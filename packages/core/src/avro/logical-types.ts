import type { JsonNode } from '../text/json-document.js'
import type { AvroType } from './schema.js'

/** A valid logical type annotation. (Specification 1.12, "Logical Types") */
export interface LogicalType {
  name: string
  /** Only of `decimal`: digits in all, and digits behind the point. */
  precision?: number
  scale?: number
}

/** Which underlying types each logical type may annotate; for `decimal` see `decimalOf`. */
const underlying: Record<string, (type: AvroType) => boolean> = {
  decimal: (type) => type.kind === 'bytes' || type.kind === 'fixed',
  'big-decimal': (type) => type.kind === 'bytes',
  uuid: (type) => type.kind === 'string' || (type.kind === 'fixed' && type.size === 16),
  date: (type) => type.kind === 'int',
  'time-millis': (type) => type.kind === 'int',
  'time-micros': (type) => type.kind === 'long',
  'timestamp-millis': (type) => type.kind === 'long',
  'timestamp-micros': (type) => type.kind === 'long',
  'timestamp-nanos': (type) => type.kind === 'long',
  'local-timestamp-millis': (type) => type.kind === 'long',
  'local-timestamp-micros': (type) => type.kind === 'long',
  'local-timestamp-nanos': (type) => type.kind === 'long',
  duration: (type) => type.kind === 'fixed' && type.size === 12,
}

/** The logical type of a node, or `undefined` if it has none, an unknown or an invalid one: these have no meaning. */
export function logicalTypeOf(type: AvroType): LogicalType | undefined {
  const annotation = type.properties.get('logicalType')
  if (annotation?.kind !== 'string') return undefined
  const name = annotation.value
  if (!Object.hasOwn(underlying, name) || !underlying[name]?.(type)) return undefined
  return name === 'decimal' ? decimalOf(type) : { name }
}

function decimalOf(type: AvroType): LogicalType | undefined {
  const precision = integerOf(type.properties.get('precision'))
  const scaleNode = type.properties.get('scale')
  const scale = scaleNode === undefined ? 0 : integerOf(scaleNode)
  if (precision === undefined || scale === undefined) return undefined
  if (precision <= 0 || scale < 0 || scale > precision) return undefined
  if (type.kind === 'fixed' && precision > digitsIn(type.size)) return undefined
  return { name: 'decimal', precision, scale }
}

/** How many decimal digits a two's complement number of so many bytes always holds. */
export const digitsIn = (size: number): number => Math.floor(Math.log10(2) * (8 * size - 1))

/** A 32-bit integer that is written as one, `undefined` for everything else. */
function integerOf(node: JsonNode | undefined): number | undefined {
  if (node?.kind !== 'number' || !/^-?\d+$/.test(node.lexeme)) return undefined
  const value = Number(node.lexeme)
  return Math.abs(value) <= 0x7fffffff ? value : undefined
}

/** How a logical type is written in messages: `decimal(10,2)`, `date`. */
export const describeLogicalType = (type: LogicalType): string =>
  type.name === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.name

export const sameLogicalType = (a: LogicalType | undefined, b: LogicalType | undefined): boolean =>
  a?.name === b?.name && a?.precision === b?.precision && a?.scale === b?.scale
