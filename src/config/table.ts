import { databaseLocation } from './database-location.js'
import { choice, integer, text, toggle, type Kind } from './kinds.js'

/** One option of the server. Its three spellings follow from its name: see `spellings`. */
export interface Setting<T> {
  readonly kind: Kind<T>
  readonly fallback: T
  /** One or two sentences for `--help` and `docs/reference/configuration.md`. */
  readonly about: string
}

const setting = <T>(kind: Kind<T>, fallback: T, about: string): Setting<T> => ({ kind, fallback, about })

const compatibilityLevels = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const

/**
 * Every option of `concordat-server`, the only place where one is declared: parsing, validation, help and
 * documentation walk this table. Adding an option means adding a line here and running
 * `npx jest src/config`, which says when the documentation is behind.
 */
export const settingsTable = {
  host: setting(
    text('HOST', 'a host name or address'),
    '127.0.0.1',
    'The address to listen on. `0.0.0.0` or `::` opens the registry to the network.',
  ),
  port: setting(integer('PORT', 0, 65_535), 8081, 'The port to listen on; 0 takes any free one.'),
  database: setting(
    databaseLocation,
    { engine: 'sqlite', path: './data/concordat.db' },
    'Where schemas, settings and the journal are kept. A relative path starts at the working directory.',
  ),
  logLevel: setting(
    choice('LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'silent']),
    'info',
    'The least important kind of event that is logged. Events are JSON lines on standard error.',
  ),
  bodyLimit: setting(
    integer('BYTES', 1_024, 268_435_456),
    4_194_304,
    'The largest request body in bytes; a larger one is answered with 413.',
  ),
  compatibilityLevel: setting(
    choice('LEVEL', compatibilityLevels),
    'BACKWARD',
    'The compatibility level of subjects for which none is configured.',
  ),
  schemaValidation: setting(
    choice('RULES', ['strict', 'confluent']),
    'strict',
    'Whose rules decide what a valid schema is where none is configured: `strict` goes by the specification of the format, `confluent` accepts what that server accepts (for migrations).',
  ),
  holdBackNewMembers: setting(
    toggle,
    false,
    'Whether answers leave out the members that old strict clients stumble over (`guid`, `ts`, `deleted`, and on registration all but `id`), unless a request says `Confluent-Accept-Unknown-Properties: true`.',
  ),
  modeMutability: setting(
    toggle,
    true,
    'Whether modes may be changed through the API; if not, such requests get 42205.',
  ),
  cacheMegabytes: setting(
    integer('MEGABYTES', 0, 65_536),
    64,
    'Memory for prepared answers to reads of schemas by id, the least recently used are dropped first.',
  ),
  writeQueueLimit: setting(
    integer('COUNT', 1, 1_000_000),
    4_096,
    'How many writes may wait for the database; beyond that, writes are answered with 503 until it has caught up.',
  ),
  shutdownSeconds: setting(
    integer('SECONDS', 0, 3_600),
    10,
    'How long running requests may take to finish after SIGTERM or SIGINT before they are cut off.',
  ),
}

type Table = typeof settingsTable
export type SettingName = keyof Table

/** The settings of one server, typed and validated. */
export type Settings = { readonly [Name in SettingName]: Table[Name]['fallback'] }

export const settingNames = Object.keys(settingsTable) as SettingName[]

export const defaultSettings = Object.fromEntries(
  settingNames.map((name) => [name, settingsTable[name].fallback]),
) as unknown as Settings

export interface Spellings {
  /** `bodyLimit`: the key in the configuration file. */
  key: string
  /** `--body-limit` on the command line. */
  flag: string
  /** `CONCORDAT_BODY_LIMIT` in the environment. */
  variable: string
}

export function spellings(name: string): Spellings {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return { key: name, flag: `--${words}`, variable: `CONCORDAT_${words.toUpperCase().replaceAll('-', '_')}` }
}
