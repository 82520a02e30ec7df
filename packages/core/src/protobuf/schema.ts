import type {
  DescriptorProto,
  EnumDescriptorProto,
  EnumValueDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  MethodDescriptorProto,
  OneofDescriptorProto,
  ServiceDescriptorProto,
  SourceCodeInfo,
} from '@bufbuild/protobuf/wkt'
import type { InvalidSchema } from '../schema/invalid-schema.js'
import type { FileNode, Node } from './syntax/tree.js'

/** Anything in a file that features apply to. */
export type Element =
  | FileDescriptorProto
  | DescriptorProto
  | FieldDescriptorProto
  | OneofDescriptorProto
  | EnumDescriptorProto
  | EnumValueDescriptorProto
  | ServiceDescriptorProto
  | MethodDescriptorProto

/** What `features` and syntax together mean for an element, so that proto2, proto3 and editions compare as equals. */
export interface Features {
  readonly fieldPresence: 'EXPLICIT' | 'IMPLICIT' | 'LEGACY_REQUIRED'
  readonly enumType: 'OPEN' | 'CLOSED'
  readonly repeatedFieldEncoding: 'PACKED' | 'EXPANDED'
  readonly utf8Validation: 'VERIFY' | 'NONE'
  readonly messageEncoding: 'LENGTH_PREFIXED' | 'DELIMITED'
  readonly jsonFormat: 'ALLOW' | 'LEGACY_BEST_EFFORT'
  readonly enforceNamingStyle: 'STYLE_LEGACY' | 'STYLE2024' | 'STYLE2026'
  readonly defaultSymbolVisibility: 'EXPORT_ALL' | 'EXPORT_TOP_LEVEL' | 'LOCAL_ALL' | 'STRICT'
}

/**
 * A Protobuf file, compiled. `file` is what protoc would make of the text: names resolved and absolute, json names set,
 * options interpreted (custom ones are in the unknown fields of the options message), synthetic oneofs and map entries
 * in place.
 */
export interface ProtobufSchema {
  /** As it came in: .proto text, or the base64 of a descriptor. */
  readonly text: string
  /** The statements of the text in their order, from which it is printed again. */
  readonly tree: FileNode
  readonly file: FileDescriptorProto
  /** From an element of `file` to its statement; empty for a schema that came as a descriptor. */
  readonly origins: ReadonlyMap<object, Node>
  /** Everything that `file` imports, transitively; each file after those that it imports itself. */
  readonly dependencies: readonly FileDescriptorProto[]
  /** False if a name could not be resolved: then `file` is as complete as it gets, and `problem` names what is missing. */
  readonly linked: boolean
  /** Why protoc would refuse this schema; only with `confluent` validation, `strict` throws it. */
  readonly problem?: InvalidSchema
  /** Resolved features of an element of `file` or of a dependency. */
  features(element: Element): Features
  /**
   * Spans (zero-based, end exclusive, columns as protoc counts them) and comments, attached as protoc does it.
   * Empty for a descriptor without source info. Made when first asked for.
   */
  readonly sourceInfo: SourceCodeInfo
}
