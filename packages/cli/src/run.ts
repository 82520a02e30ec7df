import { CliError } from './cli-error.js'
import type { Command, Invocation } from './command.js'
import { parseCommandLine } from './command-line.js'
import { commands } from './commands/index.js'
import { exitCodes, type ExitCode } from './exit-codes.js'
import { helpOf, overview } from './help.js'
import { nearest } from './nearest.js'
import { version } from './version.js'

type World = Pick<Invocation, 'cwd' | 'environment' | 'terminal'>

/** Runs one command line and answers its exit code. Never throws for anything that the user can mend. */
export async function run(args: string[], world: World): Promise<ExitCode> {
  const json = args.includes('--json')
  try {
    return await dispatch(args, world)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    report(error, json, world)
    return error.exitCode
  }
}

async function dispatch([name, ...args]: string[], world: World): Promise<ExitCode> {
  const { terminal } = world
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic = await find(args[0])
    terminal.print(topic ? helpOf(topic) : overview(await Promise.all(commands.map((load) => load.load()))))
    return name === undefined ? exitCodes.usage : exitCodes.fine
  }
  if (name === '--version' || name === 'version') {
    terminal.print(version)
    return exitCodes.fine
  }
  const command = await find(name)
  if (!command) {
    const guess = nearest(
      name,
      commands.map((known) => known.name),
    )
    throw new CliError(
      exitCodes.usage,
      `there is no command "${name}"`,
      guess ? `did you mean concordat ${guess}?` : 'concordat --help lists the commands',
    )
  }
  if (args.includes('--help') || args.includes('-h')) {
    terminal.print(helpOf(command))
    return exitCodes.fine
  }
  const { positionals, values } = parseCommandLine(command, args)
  return command.run({
    ...world,
    positionals,
    option: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
    optionList: (option) => [values[option] ?? []].flat().filter((value) => typeof value === 'string'),
    has: (option) => values[option] === true,
  })
}

const find = (name: string | undefined): Promise<Command> | undefined =>
  commands.find((known) => known.name === name)?.load()

function report(error: CliError, json: boolean, { terminal }: World): void {
  if (json) {
    terminal.print(JSON.stringify({ ok: false, error: { message: error.message, hint: error.hint } }))
    return
  }
  terminal.note(`${terminal.style('red', 'error:')} ${error.message}`)
  if (error.hint) terminal.note(`  ${error.hint}`)
}
