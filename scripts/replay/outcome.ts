/** What became of one version of a history. */
export interface Outcome {
  subject: string
  version: string
  file: string
  outcome: 'registered' | 'refused' | 'invalid' | 'failed'
  /** The registry's version number, where it was registered. */
  registeredAs?: number
  /** The first break, where it was refused. */
  rule?: string
  path?: string
  /** Line and column in the version's text. */
  position?: { line: number; column: number }
  /** Why it was refused or is invalid, or how the registry failed. */
  reason?: string
  /** A message that would break a reader, where one was found. */
  witness?: unknown
  milliseconds: number
}
