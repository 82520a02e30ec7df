/**
 * What can be wrong with a message, and what a consumer should do about it. `poison`: never readable, to the dead
 * letters at once. `retryable`: nothing is known about the message yet, pause and try again, never dead-letter.
 * `policy`: readable by someone else, skip or dead-letter as the consumer likes.
 */
export const failureClasses = {
  NotFramed: 'poison',
  ForeignSchema: 'poison',
  Malformed: 'poison',
  Unprojectable: 'poison',
  OutOfRange: 'poison',
  SchemaNotLoaded: 'retryable',
  SchemaNotYetVisible: 'retryable',
  RegistryUnavailable: 'retryable',
  UnknownEvent: 'policy',
} as const

export type FailureCode = keyof typeof failureClasses
export type FailureClass = (typeof failureClasses)[FailureCode]

/** The schema that a message was written with, as far as its frame says. */
export interface WriterId {
  id?: number
  guid?: string
}

export interface DecodeFailure {
  ok: false
  code: FailureCode
  class: FailureClass
  /** What is wrong and what to do; holds no data of the message. */
  message: string
  writer?: WriterId
}

/** A `null` message: the key was deleted from a compacted topic. */
export interface Tombstone {
  ok: true
  type: '$tombstone'
  value: null
}

/** The types of one event: what a consumer gets and what a producer gives. */
export interface EventTypes {
  read: unknown
  write: unknown
}
export type EventName<Events> = keyof Events & string
export type ReadType<Events, Name extends keyof Events> = Events[Name] extends { read: infer Read } ? Read : never
export type WriteType<Events, Name extends keyof Events> = Events[Name] extends { write: infer Write } ? Write : never

/** A message of one of the topic's events, read as the pinned version of its schema. */
export type DecodedEvent<Events> = {
  [Name in EventName<Events>]: { ok: true; type: Name; value: ReadType<Events, Name>; writer: WriterId }
}[EventName<Events>]

/** The result of decoding: bad data is a value, not an exception. */
export type Decoded<Events> = DecodedEvent<Events> | Tombstone | DecodeFailure

/** Thrown inside of the codecs; `decode` turns it into a `DecodeFailure`. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'

  constructor(
    readonly code: FailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

export function failure(code: FailureCode, message: string, writer?: WriterId): DecodeFailure {
  return { ok: false, code, class: failureClasses[code], message, ...(writer && { writer }) }
}
