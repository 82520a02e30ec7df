import type { Command, OptionSpec } from './command.js'
import { commonOptions } from './command-line.js'

/** The list of commands, for `concordat` and `concordat --help`. */
export function overview(commands: readonly Command[]): string {
  return [
    'concordat: event schemas and data contracts, in CI and in a service repository',
    '',
    'usage: concordat COMMAND [options]',
    '',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'concordat COMMAND --help tells more about a command.',
    'Exit codes: 0 fine, 1 contract problem, 2 usage, 3 registry unreachable.',
  ].join('\n')
}

export function helpOf(command: Command): string {
  return [
    `concordat ${command.name}: ${command.summary}`,
    '',
    ...command.usage.map((form, i) => `${i === 0 ? 'usage:' : '      '} concordat ${form}`),
    '',
    ...command.details,
    '',
    'options:',
    ...columns(Object.entries({ ...command.options, ...commonOptions }).map(optionRow)),
  ].join('\n')
}

const optionRow = ([name, spec]: [string, OptionSpec]): [string, string] => [
  `--${name}${spec.value ? ` ${spec.value}` : ''}`,
  spec.summary,
]

function columns(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
