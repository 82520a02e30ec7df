/**
 * The differences between two Protobuf schemas that Confluent's Schema Registry knows, by its names, and which of them
 * it refuses. The protocol shows only the incompatible ones.
 */
export interface DifferenceType {
  readonly purpose: string
  readonly compatible: boolean
}

const fine = (purpose: string): DifferenceType => ({ purpose, compatible: true })
const breaks = (purpose: string): DifferenceType => ({ purpose, compatible: false })

export const differenceTypes = {
  PACKAGE_CHANGED: breaks('the file is in another package, so every full name changes'),
  MESSAGE_ADDED: fine('a message is new'),
  MESSAGE_REMOVED: breaks('a message is gone or renamed'),
  MESSAGE_MOVED: fine('a message stands at another index'),
  ENUM_ADDED: fine('an enum is new'),
  ENUM_REMOVED: fine('an enum is gone or renamed'),
  ENUM_CONST_ADDED: fine('an enum value is new'),
  ENUM_CONST_CHANGED: fine('an enum value has another name'),
  ENUM_CONST_REMOVED: fine('an enum value is gone'),
  FIELD_ADDED: fine('a field is new'),
  FIELD_REMOVED: fine('a field is gone'),
  FIELD_NAME_CHANGED: fine('a field has another name'),
  FIELD_KIND_CHANGED: breaks('a field changed between scalar or enum, map, and message'),
  FIELD_SCALAR_KIND_CHANGED: breaks('a scalar field is encoded in another way'),
  FIELD_NAMED_TYPE_CHANGED: breaks('a field refers to another message, or to a message that changed incompatibly'),
  FIELD_NUMERIC_LABEL_CHANGED: breaks('a numeric field changed between optional, required and repeated'),
  FIELD_STRING_OR_BYTES_LABEL_CHANGED: fine('a string or bytes field changed between optional, required and repeated'),
  REQUIRED_FIELD_ADDED: breaks('a required field is new: older messages lack it'),
  REQUIRED_FIELD_REMOVED: breaks('a required field is gone: readers with the older schema miss it'),
  ONEOF_ADDED: fine('a oneof is new'),
  ONEOF_REMOVED: fine('a oneof is gone or renamed'),
  ONEOF_FIELD_ADDED: fine('a oneof has one more member'),
  ONEOF_FIELD_REMOVED: breaks('a member of a oneof is gone while the others stay'),
  ONEOF_FIELD_MOVED_TO_TOP_LEVEL: fine('a member of a oneof stands on its own now'),
  MULTIPLE_FIELDS_MOVED_TO_ONEOF: breaks('several fields that could be set together exclude each other now'),
  FIELD_MOVED_TO_EXISTING_ONEOF: breaks('fields that could be set together exclude each other now'),
} as const satisfies Record<string, DifferenceType>

export type Difference = keyof typeof differenceTypes
