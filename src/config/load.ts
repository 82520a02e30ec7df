import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import type { Kind } from './kinds.js'
import { settingNames, settingsTable, spellings, type SettingName, type Settings } from './table.js'

/** A command line, environment or file that cannot be used. The message names the option and the way out. */
export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration'
}

export interface Sources {
  /** Command line arguments after the program's name. */
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  readFile?: (path: string) => string
}

export type Command = { kind: 'help' } | { kind: 'version' } | { kind: 'serve'; settings: Settings }

/** The option that names the file; it cannot stand in the file itself, so it is not in the table. */
export const configFile = {
  ...spellings('config'),
  placeholder: 'FILE',
  about: 'A YAML or JSON file with any of these settings, by their keys. Flags and variables win over it.',
}

/**
 * Reads the settings: a flag wins over a variable, a variable over the file, the file over the default.
 * @throws InvalidConfiguration
 */
export function loadCommand({ args, env, readFile = (path) => readFileSync(path, 'utf8') }: Sources): Command {
  const flags = readFlags(args)
  if (flags.has('--help')) return { kind: 'help' }
  if (flags.has('--version')) return { kind: 'version' }
  const file = flags.get(configFile.flag) ?? set(env[configFile.variable])
  const fromFile = file === undefined ? {} : readSettingsFile(file, readFile)

  const value = (name: SettingName): unknown => {
    const { flag, variable, key } = spellings(name)
    const given: [string, string | undefined][] = [
      [flag, flags.get(flag)],
      [variable, set(env[variable])],
      [`${key} in ${file}`, fromFile[key]],
    ]
    const { kind, fallback } = settingsTable[name] as { kind: Kind<unknown>; fallback: unknown }
    const [origin, text] = given.find(([, candidate]) => candidate !== undefined) ?? []
    if (origin === undefined || text === undefined) return fallback
    try {
      return kind.read(text)
    } catch (error) {
      throw new InvalidConfiguration(`${origin} ${(error as Error).message}${serviceLinkHint(origin, text)}`)
    }
  }
  const settings = Object.fromEntries(settingNames.map((name) => [name, value(name)])) as unknown as Settings
  return { kind: 'serve', settings }
}

/** A variable that is set to nothing counts as not set, as compose files and CI systems write it. */
const set = (variable: string | undefined) => (variable === '' ? undefined : variable)

/** Kubernetes sets CONCORDAT_PORT=tcp://… in every pod beside a service named "concordat". */
function serviceLinkHint(origin: string, text: string): string {
  return origin === spellings('port').variable && text.startsWith('tcp://')
    ? ' (Kubernetes sets this variable for a service named "concordat": set enableServiceLinks: false for the pod, or pass --port)'
    : ''
}

const aliases: Readonly<Record<string, string>> = { '-h': '--help', '-v': '--version' }

function readFlags(args: readonly string[]): Map<string, string> {
  const bare = new Set(['--help', '--version'])
  const known = new Map<string, boolean>([
    ...[...bare].map((flag): [string, boolean] => [flag, true]),
    [configFile.flag, false],
    ...settingNames.map((name): [string, boolean] => [
      spellings(name).flag,
      (settingsTable[name].kind as Kind<unknown>).bare === true,
    ]),
  ])
  const flags = new Map<string, string>()
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (arg === '--') continue
    const [head = '', inline] = splitOnce(arg, '=')
    const flag = aliases[head] ?? head
    const mayBeBare = known.get(flag)
    if (mayBeBare === undefined) throw new InvalidConfiguration(unknownName('option', head, [...known.keys()]))
    if (flags.has(flag)) throw new InvalidConfiguration(`${flag} is given twice`)
    if (bare.has(flag) || inline !== undefined) {
      flags.set(flag, inline ?? 'true')
      continue
    }
    const next = args[index + 1]
    const hasValue = next !== undefined && !next.startsWith('--')
    if (mayBeBare && !(hasValue && /^(true|false)$/i.test(next))) {
      flags.set(flag, 'true')
      continue
    }
    if (!hasValue) throw new InvalidConfiguration(`${flag} needs a value; --help shows which`)
    flags.set(flag, next)
    index++
  }
  return flags
}

function readSettingsFile(path: string, readFile: (path: string) => string): Record<string, string> {
  let content: string
  try {
    content = readFile(path)
  } catch (error) {
    throw new InvalidConfiguration(`the configuration file ${path} cannot be read: ${(error as Error).message}`)
  }
  const document = parseDocument(content)
  const problem = document.errors[0]
  if (problem)
    throw new InvalidConfiguration(`the configuration file ${path} is not YAML: ${problem.message.trimEnd()}`)
  const values: unknown = document.toJS({ maxAliasCount: 0 })
  if (values === null || values === undefined) return {}
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new InvalidConfiguration(
      `the configuration file ${path} has to hold a mapping of settings, such as "port: 8081"`,
    )
  }
  const texts: Record<string, string> = {}
  for (const [key, value] of Object.entries(values)) {
    if (!settingNames.includes(key as SettingName)) {
      throw new InvalidConfiguration(`${path}: ${unknownName('setting', key, settingNames)}`)
    }
    if (value === null || typeof value === 'object') {
      throw new InvalidConfiguration(`${key} in ${path} has to be a single value, not a list, a mapping or nothing`)
    }
    texts[key] = String(value)
  }
  return texts
}

function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = known.find((candidate) => distance(candidate, name) <= 2)
  return `there is no ${what} "${name}"${near ? `; did you mean ${near}?` : ''}${what === 'option' ? ' (--help lists all)' : ''}`
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

/** Edit distance of two short names (Levenshtein). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
