import { parseArgs } from 'node:util'
import { CliError } from './cli-error.js'
import type { Command, OptionSpec } from './command.js'
import { exitCodes } from './exit-codes.js'
import { nearest } from './nearest.js'

/** Options that every command has. */
export const commonOptions: Record<string, OptionSpec> = {
  config: { value: 'FILE', summary: 'configuration (default: concordat.yaml)' },
  registry: { value: 'URL', summary: 'registry to ask, instead of the configured one' },
  json: { summary: 'the answer as one JSON object on standard output' },
  help: { summary: 'this text' },
}

export interface ParsedCommandLine {
  positionals: string[]
  values: Record<string, string | boolean | (string | boolean)[] | undefined>
}

/** Splits a command's arguments by its option table. @throws CliError that names the nearest known option */
export function parseCommandLine(command: Command, args: string[]): ParsedCommandLine {
  const table = { ...command.options, ...commonOptions }
  const options = Object.fromEntries(
    Object.entries(table).map(([name, spec]) => [
      name,
      { type: spec.value ? ('string' as const) : ('boolean' as const), multiple: spec.multiple ?? false },
    ]),
  )
  for (const argument of args) {
    if (argument === '--') break
    const name = /^--([^=]+)/.exec(argument)?.[1]
    if (name !== undefined && !Object.hasOwn(table, name)) {
      const guess = nearest(name, Object.keys(table))
      throw new CliError(
        exitCodes.usage,
        `concordat ${command.name} has no option --${name}`,
        guess ? `did you mean --${guess}?` : `concordat ${command.name} --help lists the options`,
      )
    }
  }
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true })
    return { values, positionals }
  } catch (error) {
    throw new CliError(exitCodes.usage, (error as Error).message, `concordat ${command.name} --help lists the options`)
  }
}
