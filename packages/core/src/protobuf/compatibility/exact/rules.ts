/**
 * What `EXACT` demands: every value that the writer can hold and the reader declares a place for is read back equal.
 * Numbers that the reader does not declare stay with the message as unknown fields and are not lost.
 */
export const exactRules = {
  MESSAGE_REMOVED: "The reader declares every message of the writer's file.",
  FIELD_NUMBER_REUSED: 'A number keeps its field; another field does not take it over.',
  FIELD_NUMBER_CHANGED: 'A field keeps its number.',
  WIRE_TYPE_CHANGED: 'A field keeps its wire type; with another one its values are skipped.',
  MESSAGE_ENCODING_CHANGED: 'A message stays length-prefixed or delimited.',
  INTEGER_OUT_OF_RANGE: "The reader's integer holds every number that the writer's can.",
  ZIGZAG_CHANGED: 'sint32 and sint64 are not mixed with the other integers.',
  BITS_REINTERPRETED: 'Fixed-width numbers of one width are not taken for each other.',
  TEXT_NOT_UTF8: 'Bytes are not read as text.',
  BYTES_READ_AS_MESSAGE: 'Text, bytes and messages are not parsed as another message than was written.',
  ENUM_VALUE_UNKNOWN: 'A closed enum lists every number that the writer can put there.',
  ENUM_VALUE_REUSED: 'A number of an enum keeps its meaning.',
  PRESENCE_LOST: 'What can be absent or present in the writer can be told apart in the reader.',
  DEFAULT_CHANGED: 'An absent value means the same on both sides.',
  REQUIRED_FIELD_MISSING: 'What the reader requires the writer always writes.',
  ELEMENTS_LOST: 'A repeated field or map stays one.',
  ENTRIES_LOST: 'Repeated entries are not read as a map: equal keys would collapse.',
  ONEOF_EXCLUDES: 'Fields that can be set together are not members of one oneof.',
} as const satisfies Record<string, string>

export type ExactRule = keyof typeof exactRules
