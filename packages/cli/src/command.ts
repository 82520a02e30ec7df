import type { ExitCode } from './exit-codes.js'
import type { Terminal } from './terminal.js'

/** One option of a command. `value` names its argument in the help; without it the option is a switch. */
export interface OptionSpec {
  value?: string
  summary: string
  /** May be given more than once. */
  multiple?: boolean
}

export interface Invocation {
  positionals: string[]
  /** The value of an option with an argument. */
  option(name: string): string | undefined
  /** All values of an option that may be repeated. */
  optionList(name: string): string[]
  /** Whether a switch was given. */
  has(name: string): boolean
  /** The folder that relative paths are meant from. */
  cwd: string
  environment: Readonly<Record<string, string | undefined>>
  terminal: Terminal
}

/** A command of `concordat`: one file in `commands/` each. */
export interface Command {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** Forms of the command line, without the program's name. */
  usage: string[]
  /** What a newcomer has to know, in lines of at most 78 characters. */
  details: string[]
  options: Record<string, OptionSpec>
  run(invocation: Invocation): Promise<ExitCode>
}
