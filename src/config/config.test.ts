import { readFileSync } from 'node:fs'
import { help, InvalidConfiguration, loadCommand, settingsTable, type Settings } from './index.js'
import { markdownTable } from './describe.js'
import { settingNames, spellings } from './table.js'

const settings = (args: string[] = [], env: Record<string, string> = {}, file?: string): Settings => {
  const command = loadCommand({ args, env, readFile: () => file ?? fail('no file expected') })
  if (command.kind !== 'serve') throw new Error(`expected settings, got ${command.kind}`)
  return command.settings
}
const fail = (message: string): never => {
  throw new Error(message)
}
const refusal = (args: string[], env: Record<string, string> = {}, file?: string): string => {
  try {
    settings(args, env, file)
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.message
    throw error
  }
  throw new Error('expected a refusal')
}

describe('settings', () => {
  it('start without any configuration on the local address with an embedded database', () => {
    expect(settings()).toMatchObject({
      host: '127.0.0.1',
      port: 8081,
      database: { engine: 'sqlite', path: './data/concordat.db' },
      compatibilityLevel: 'BACKWARD',
      modeMutability: true,
    })
  })

  it('let a flag win over a variable, a variable over the file and the file over the default', () => {
    const file = 'port: 1\nhost: from-file\nbodyLimit: 2048'
    const loaded = settings(
      ['--config', 'c.yaml', '--port=3'],
      { CONCORDAT_PORT: '2', CONCORDAT_HOST: 'from-env', CONCORDAT_LOG_LEVEL: '' },
      file,
    )
    expect(loaded).toMatchObject({ port: 3, host: 'from-env', bodyLimit: 2048, logLevel: 'info' })
  })

  it.each([
    ['sqlite:./a b.db', { engine: 'sqlite', path: './a b.db' }],
    ['sqlite:/var/lib/c.db', { engine: 'sqlite', path: '/var/lib/c.db' }],
    ['sqlite:///var/lib/c.db', { engine: 'sqlite', path: '/var/lib/c.db' }],
    ['memory:', { engine: 'memory' }],
  ])('read the database location %s', (url, location) => {
    expect(settings(['--database', url]).database).toEqual(location)
  })

  it('read a toggle with and without a value', () => {
    expect(settings(['--mode-mutability']).modeMutability).toBe(true)
    expect(settings(['--mode-mutability', 'False', '--port', '1'])).toMatchObject({ modeMutability: false, port: 1 })
    expect(settings(['--mode-mutability=false']).modeMutability).toBe(false)
  })

  it('read words in any case', () => {
    expect(settings([], { CONCORDAT_COMPATIBILITY_LEVEL: 'full_transitive' }).compatibilityLevel).toBe(
      'FULL_TRANSITIVE',
    )
  })

  it.each([
    [['--port', '70000'], '--port is "70000", which is not a whole number from 0 to 65535'],
    [['--port', 'x'], '--port is "x", which is not a whole number from 0 to 65535'],
    [['--port'], '--port needs a value; --help shows which'],
    [['--port', '--host', 'h'], '--port needs a value; --help shows which'],
    [['--port', '1', '--port', '2'], '--port is given twice'],
    [['--prot', '1'], 'there is no option "--prot"; did you mean --port? (--help lists all)'],
    [['serve'], 'there is no option "serve" (--help lists all)'],
    [
      ['--database', 'sqlite:'],
      '--database is "sqlite:" without a path; write sqlite:PATH, e.g. sqlite:./data/concordat.db',
    ],
    [['--host', ''], '--host is empty; give a host name or address'],
    [['--log-level', 'loud'], '--log-level is "loud"; it has to be one of fatal, error, warn, info, debug, silent'],
  ])('refuse %j', (args, message) => {
    expect(refusal(args)).toBe(message)
  })

  it('do not repeat the password of a database location that cannot be used', () => {
    expect(refusal(['--database', 'mysql://user:secret@host/db'])).toBe(
      '--database starts with "mysql:"; it has to be sqlite:PATH or memory:',
    )
  })

  it('say where a port of the form tcp://… comes from', () => {
    expect(refusal([], { CONCORDAT_PORT: 'tcp://10.0.0.1:8081' })).toContain('enableServiceLinks')
  })

  it.each([
    ['porte: 1', 'c.yaml: there is no setting "porte"; did you mean port?'],
    ['port: [1]', 'port in c.yaml has to be a single value, not a list, a mapping or nothing'],
    ['port: 99999', 'port in c.yaml is "99999", which is not a whole number from 0 to 65535'],
    ['- port', 'the configuration file c.yaml has to hold a mapping of settings, such as "port: 8081"'],
    ['port: "1', 'the configuration file c.yaml is not YAML: '],
  ])('refuse the configuration file %j', (file, message) => {
    expect(refusal(['--config', 'c.yaml'], {}, file)).toContain(message)
  })

  it('say which configuration file cannot be read', () => {
    expect(() => loadCommand({ args: ['--config', '/no/such/file'], env: {} })).toThrow(
      /the configuration file \/no\/such\/file cannot be read: ENOENT/,
    )
  })

  it('are all in the help and in docs/reference/configuration.md, word for word', () => {
    const text = help()
    for (const name of settingNames) expect(text).toContain(`  ${spellings(name).flag} `)
    const page = readFileSync('docs/reference/configuration.md', 'utf8')
    const documented = /<!-- settings:.*-->\n([\s\S]*?)<!-- end of settings -->/.exec(page)?.[1]?.trim()
    expect(documented).toBe(markdownTable())
  })

  it('have defaults that can be written down and read back', () => {
    for (const name of settingNames) {
      const { kind, fallback } = settingsTable[name] as {
        kind: { read(t: string): unknown; show(v: unknown): string }
        fallback: unknown
      }
      expect(kind.read(kind.show(fallback))).toEqual(fallback)
    }
  })

  it('show the help and the version when asked, whatever else is there', () => {
    expect(loadCommand({ args: ['-h', '--port', '1'], env: {} })).toEqual({ kind: 'help' })
    expect(loadCommand({ args: ['--version'], env: {} })).toEqual({ kind: 'version' })
  })
})
