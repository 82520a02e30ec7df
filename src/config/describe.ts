import type { Kind } from './kinds.js'
import { configFile } from './load.js'
import { settingNames, settingsTable, spellings, type SettingName } from './table.js'

const row = (name: SettingName) => {
  const { kind, fallback, about } = settingsTable[name] as { kind: Kind<unknown>; fallback: unknown; about: string }
  return { ...spellings(name), kind, about, fallback: kind.show(fallback) }
}

/** The text of `concordat-server --help`. */
export function help(): string {
  const options = [
    ...settingNames.map(row).map(({ flag, kind, about, fallback }) => ({
      head: `${flag} ${kind.placeholder}`,
      about: `${plain(about)} Default: ${fallback}.`,
    })),
    { head: `${configFile.flag} ${configFile.placeholder}`, about: plain(configFile.about) },
    { head: '--help, -h', about: 'Show this text.' },
    { head: '--version, -v', about: 'Show the version.' },
  ]
  return `concordat-server: the schema registry

Usage: concordat-server [options]

${options.map(({ head, about }) => `  ${head}\n${wrap(about, 92, '      ')}`).join('\n')}

Each option is also a variable (${spellings('bodyLimit').flag} is ${spellings('bodyLimit').variable}) and a key of the
configuration file (${spellings('bodyLimit').key}). A flag wins over a variable, a variable over the file.

Exit codes: 0 ended on request, 1 the start failed, 2 wrong options.
`
}

/** The table of `docs/reference/configuration.md`, between its two markers. */
export function markdownTable(): string {
  const head = ['file key', 'flag', 'variable', 'value', 'default', 'meaning']
  const rows = settingNames
    .map(row)
    .map(({ key, flag, variable, kind, fallback, about }) => [
      `\`${key}\``,
      `\`${flag}\``,
      `\`${variable}\``,
      kind.legal,
      `\`${fallback}\``,
      about,
    ])
  const file = ['', `\`${configFile.flag}\``, `\`${configFile.variable}\``, 'a path', 'none', configFile.about]
  const lines = [head, ...rows, file]
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...[...rows, file].map((cells) => line(cells)),
  ].join('\n')
}

const plain = (markdown: string) => markdown.replaceAll('`', '')

function wrap(text: string, width: number, indent: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = line ? `${line} ${word}` : word
  }
  return lines.map((line) => indent + line).join('\n')
}
