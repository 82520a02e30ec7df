import type { ExitCode } from './exit-codes.js'

/** A failure that the user can do something about: printed as one line and a hint, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError'

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}
