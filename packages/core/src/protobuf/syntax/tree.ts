/**
 * The syntax tree of a .proto file: what was written, in the order in which it was written. Names are not resolved,
 * numbers keep their lexemes. `at` and `end` (exclusive) are a node's place in the text in UTF-16 code units; both are
 * -1 where there is no text.
 */
export interface Node {
  at: number
  end: number
}

export interface FileNode extends Node {
  syntax?: SyntaxNode
  package?: NameNode
  statements: FileStatement[]
}

export type FileStatement = ImportNode | OptionNode | MessageNode | EnumNode | ExtendNode | ServiceNode

export interface SyntaxNode extends Node {
  /** `syntax = "proto3"` or `edition = "2023"`. */
  keyword: 'syntax' | 'edition'
  value: string
}

export interface NameNode extends Node {
  name: string
}

export interface ImportNode extends Node {
  kind: 'import'
  path: string
  modifier?: 'public' | 'weak' | 'option'
}

/** `option name = value;`, or one `name = value` inside of brackets. */
export interface OptionNode extends Node {
  kind: 'option'
  /** `(foo.bar).baz` is an extension `foo.bar` and a field `baz`. */
  name: OptionNamePart[]
  value: Value
}

export interface OptionNamePart extends Node {
  name: string
  extension: boolean
}

export type Value = ScalarValue | ListValue | MessageValue

export interface ScalarValue extends Node {
  /** `identifier` covers booleans and enum values; `number` keeps the lexeme with its sign. */
  kind: 'string' | 'number' | 'identifier'
  /** For strings, the decoded text with one character per code unit. */
  text: string
  /** Strings with escapes that are no UTF-8 text: the exact bytes. */
  bytes?: Uint8Array
}

export interface ListValue extends Node {
  kind: 'list'
  items: Value[]
}

export interface MessageValue extends Node {
  kind: 'message'
  entries: MessageEntry[]
}

export interface MessageEntry extends Node {
  /** A field's name; in `[brackets]` an extension's name or the URL of an `Any`. */
  name: string
  bracketed: boolean
  value: Value
}

export type Visibility = 'export' | 'local'

export interface MessageNode extends Node {
  kind: 'message'
  name: NameNode
  visibility?: Visibility
  statements: MessageStatement[]
}

export type MessageStatement =
  OptionNode | FieldNode | OneofNode | MessageNode | EnumNode | ExtendNode | ReservedNode | ExtensionsNode

export type Label = 'optional' | 'required' | 'repeated'

export interface FieldNode extends Node {
  kind: 'field'
  label?: Label
  /** A scalar's name or a type name as written; `map` and `group` carry their parts apart. */
  type: NameNode
  map?: { key: NameNode; value: NameNode }
  /** In `extend`, the message that is extended. */
  extendee?: NameNode
  /** The statements of a group; its `type` is the group's name. */
  group?: MessageStatement[]
  name: NameNode
  /** Absent in Confluent's reading of a group without a number only. */
  number: NumberNode
  options: OptionNode[]
}

export interface NumberNode extends Node {
  value: number
}

export interface OneofNode extends Node {
  kind: 'oneof'
  name: NameNode
  statements: (OptionNode | FieldNode)[]
}

export interface ReservedNode extends Node {
  kind: 'reserved'
  items: (RangeNode | ReservedNameNode)[]
}

export interface ReservedNameNode extends Node {
  kind: 'name'
  name: string
  /** Editions write reserved names without quotes. */
  quoted: boolean
}

/** Both ends belong to the range. */
export interface RangeNode extends Node {
  kind: 'range'
  first: number
  last: number | 'max'
  /** `5 to 5` is another text than `5`. */
  single: boolean
}

export interface ExtensionsNode extends Node {
  kind: 'extensions'
  ranges: RangeNode[]
  options: OptionNode[]
}

export interface ExtendNode extends Node {
  kind: 'extend'
  extendee: NameNode
  fields: FieldNode[]
}

export interface EnumNode extends Node {
  kind: 'enum'
  name: NameNode
  visibility?: Visibility
  statements: (OptionNode | EnumValueNode | ReservedNode)[]
}

export interface EnumValueNode extends Node {
  kind: 'value'
  name: NameNode
  number: NumberNode
  options: OptionNode[]
}

export interface ServiceNode extends Node {
  kind: 'service'
  name: NameNode
  statements: (OptionNode | MethodNode)[]
}

export interface MethodNode extends Node {
  kind: 'method'
  name: NameNode
  input: NameNode
  output: NameNode
  clientStreaming: boolean
  serverStreaming: boolean
  options: OptionNode[]
}
