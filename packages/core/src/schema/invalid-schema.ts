import type { Position } from './position.js'

export interface InvalidSchemaDetails {
  /** What is wrong, in one sentence without the place. */
  reason: string
  /** Where in the text. Absent when the text has no such place (an empty text, a binary descriptor). */
  position?: Position
  /** Where in the schema, in the notation of the format (JSON pointer, Avro or Protobuf full name). */
  path?: string
  /** What to do about it. */
  hint?: string
}

/** A schema that its format's rules refuse. The message says what, where and what to do in one line. */
export class InvalidSchema extends Error implements InvalidSchemaDetails {
  override readonly name = 'InvalidSchema'
  readonly reason: string
  readonly position?: Position
  readonly path?: string
  readonly hint?: string

  constructor(details: InvalidSchemaDetails) {
    super(describe(details))
    this.reason = details.reason
    this.position = details.position
    this.path = details.path
    this.hint = details.hint
  }
}

function describe({ reason, position, path, hint }: InvalidSchemaDetails): string {
  const where = [position && `line ${position.line}, column ${position.column}`, path && `at ${path}`]
    .filter(Boolean)
    .join(', ')
  return `${where ? `${where}: ` : ''}${reason}${hint ? ` (${hint})` : ''}`
}
