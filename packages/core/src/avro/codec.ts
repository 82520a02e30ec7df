import avsc from 'avsc'

/**
 * The only place that knows the codec which confirms witnesses. It gets schemas that are made for it and never the text
 * that somebody registered: avsc compiles schemas to functions, so all names in them have to be plain identifiers.
 */
export const codecName = 'avsc 5.7.9'

export type CodecSchema = string | { type: string; [attribute: string]: unknown } | CodecSchema[]

/** In avsc's representation: longs as bigints, bytes as buffers, the value of a union in an object with its branch's name. */
export type CodecValue = unknown

/** Makes the binary encoder of a schema. @throws Error if avsc does not take the schema, or later the value. */
export function encoderOf(schema: CodecSchema): (value: CodecValue) => Uint8Array {
  const codec = compile(schema)
  return (value) => Uint8Array.from(codec.toBuffer(value))
}

/** A copy of bytes as the codec takes it. */
export const bytesValue = (bytes: Uint8Array): CodecValue => Buffer.from(bytes)

export type Reading =
  /** The reader cannot be made for the writer, or fails on the value. */
  | { failed: string }
  /** What the reader holds afterwards. */
  | { value: CodecValue }

/**
 * Writes a value with one schema and reads it with another. What was read is stored once more with the reader's schema,
 * since avsc keeps in a double what it reads into a float.
 */
export function writeAndRead(writer: CodecSchema, reader: CodecSchema, value: CodecValue): Reading {
  const from = compile(writer)
  const bytes = from.toBuffer(value)
  try {
    const to = compile(reader)
    const read: unknown = to.fromBuffer(bytes, to.createResolver(from))
    return { value: to.fromBuffer(to.toBuffer(read)) }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) }
  }
}

const compile = (schema: CodecSchema) =>
  avsc.Type.forSchema(schema as avsc.Schema, {
    wrapUnions: true,
    omitRecordMethods: true,
    registry: { long: exactLong },
    logicalTypes: { decimal: MatchingDecimal as new (schema: avsc.Schema) => MatchingDecimal },
  })

/** Longs as bigints: avsc's own refuse what a double cannot hold. */
const exactLong = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(value)
    return buffer
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
})

/** Two decimals match if their precision and scale are equal. (Specification 1.12, "Schema Resolution") */
class MatchingDecimal extends avsc.types.LogicalType {
  private readonly digits: string

  constructor(schema: { precision?: number; scale?: number }, options?: object) {
    super(schema as avsc.Schema, options)
    this.digits = `${schema.precision},${schema.scale ?? 0}`
  }

  protected override _fromValue(value: unknown): unknown {
    return value
  }

  protected override _toValue(value: unknown): unknown {
    return value
  }

  protected override _resolve(type: avsc.Type): ((value: unknown) => unknown) | undefined {
    return type instanceof MatchingDecimal && type.digits === this.digits ? (value) => value : undefined
  }
}
