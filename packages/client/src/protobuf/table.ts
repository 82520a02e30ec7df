/**
 * The messages and enums of a Protobuf schema as generated code carries them: names, numbers and everything that
 * syntax, editions and options decide (presence, packing, openness) worked out. Plain data, checked when it is read.
 */
export interface ProtobufTable {
  /** By full name. */
  messages: Record<string, { fields: FieldRow[] }>
  /** By full name; an open enum may hold numbers without a name. */
  enums: Record<string, { open: boolean; values: [name: string, number: number][] }>
}

export interface FieldRow {
  /** Key in the TypeScript value. */
  key: string
  number: number
  type: FieldType
  /** Full name, for messages, groups and enums. */
  of?: string
  /** `implicit`: absent means zero. `explicit`: absent is `undefined`. */
  label: 'implicit' | 'explicit' | 'required' | 'repeated' | 'packed' | 'map'
  /** The type of a map's keys; `type` and `of` are those of its values. */
  mapKey?: Exclude<ScalarType, 'float' | 'double' | 'bytes'>
  /** Key of the oneof that the field is a case of. */
  oneof?: string
}

export type FieldType = ScalarType | 'enum' | 'message' | 'group'

export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes'
