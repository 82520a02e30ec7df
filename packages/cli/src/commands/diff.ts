import type { Break, Change, SchemaSource, Verdict } from '@concordat/core'
import { CliError } from '../cli-error.js'
import type { Command, Invocation } from '../command.js'
import { exitCodes } from '../exit-codes.js'
import { fetchSchema, parseSource, type ParsedSchema } from '../parsed-schema.js'
import { configIfAny, connect } from '../registry.js'
import { readSchemaFile } from '../schema-file.js'
import type { Terminal } from '../terminal.js'

export const diff: Command = {
  name: 'diff',
  summary: 'what changed between two schemas, and whom it breaks',
  usage: ['diff SUBJECT [OLDER] [NEWER]', 'diff OLDER_FILE NEWER_FILE'],
  details: [
    'Lists what changed, then says in both directions whether everything that is',
    'written with one can be read with the other, with a message that shows the',
    'break. Without versions it compares the two newest of the subject.',
    'Two files are compared without a registry.',
  ],
  options: {
    type: { value: 'TYPE', summary: 'avro, json or protobuf (default: by its ending)' },
    reference: { value: 'NAME=FILE', summary: 'a file that the two files refer to', multiple: true },
  },
  async run(invocation) {
    const { terminal } = invocation
    const [older, newer] = await pairOf(invocation)
    if (older.type !== newer.type) {
      throw new CliError(exitCodes.usage, `${older.shown} is ${older.type}, ${newer.shown} is ${newer.type}`)
    }
    const { format } = newer
    const answer = {
      older: older.shown,
      newer: newer.shown,
      changes: format.diff(older.schema, newer.schema),
      backward: format.canRead(newer.schema, older.schema, { policy: 'EXACT' }),
      forward: format.canRead(older.schema, newer.schema, { policy: 'EXACT' }),
    }
    if (invocation.has('json')) {
      terminal.print(JSON.stringify({ ok: true, ...answer }, bytesAsHex))
      return exitCodes.fine
    }
    terminal.print(`${older.shown} -> ${newer.shown}`)
    if (answer.changes.length === 0) terminal.print('nothing changed')
    for (const change of answer.changes) terminal.print(`  ${describeChange(change)}`)
    terminal.print()
    printVerdict(terminal, 'a consumer of the newer reads what the older wrote', answer.backward)
    printVerdict(terminal, 'a consumer of the older reads what the newer writes', answer.forward)
    return exitCodes.fine
  },
}

async function pairOf(invocation: Invocation): Promise<[ParsedSchema, ParsedSchema]> {
  const [first, second, third, ...more] = invocation.positionals
  if (first === undefined || more.length > 0) {
    throw new CliError(exitCodes.usage, 'diff takes a subject and versions, or two files', 'concordat diff --help')
  }
  if (second !== undefined && third === undefined && !/^(\d+|latest)$/.test(second)) {
    return [await fileSchema(invocation, first), await fileSchema(invocation, second)]
  }
  const registry = connect(await configIfAny(invocation))
  const newer = await fetchSchema(registry, first, versionOf(third ?? 'latest'))
  const older = second === undefined ? await previous(registry, first, newer.version) : versionOf(second)
  return [await fetchSchema(registry, first, older), newer]
}

function versionOf(text: string): number | 'latest' {
  if (text === 'latest') return text
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new CliError(exitCodes.usage, `"${text}" is not a version`, 'a number from 1 on, or latest')
}

async function previous(registry: ReturnType<typeof connect>, subject: string, version: number): Promise<number> {
  const older = (await registry.versions(subject)).filter((other) => other < version).at(-1)
  if (older === undefined) throw new CliError(exitCodes.usage, `${subject} has only one version`)
  return older
}

async function fileSchema(invocation: Invocation, path: string): Promise<ParsedSchema> {
  const type = invocation.option('type')
  const file = await readSchemaFile(invocation.cwd, path, invocation.cwd, type)
  const files = new Map<string, SchemaSource>()
  for (const text of invocation.optionList('reference')) {
    const [, name, target] = /^(.+)=([^=]+)$/.exec(text) ?? []
    if (name === undefined) throw new CliError(exitCodes.usage, `--reference wants NAME=FILE, not "${text}"`)
    const referenced = await readSchemaFile(invocation.cwd, target, invocation.cwd, type)
    files.set(name, { type: referenced.type, text: referenced.text, references: [] })
  }
  const references = [...files.keys()].map((name) => ({ name, subject: name, version: 1 }))
  for (const source of files.values()) {
    source.references = references.filter(({ name }) => files.get(name) !== source)
  }
  return parseSource({ type: file.type, text: file.text, references }, file.shown, ({ name }) => files.get(name))
}

const describeChange = ({ rule, path, message, at }: Change): string => {
  const position = at?.newer ?? at?.older
  return `${path || '(root)'}${position ? ` (line ${position.line})` : ''}: ${message || rule}`
}

function printVerdict(terminal: Terminal, question: string, verdict: Verdict): void {
  const answers = {
    compatible: ['green', 'yes'],
    incompatible: ['red', 'no'],
    undecided: ['yellow', 'undecided'],
  } as const
  const [colour, word] = answers[verdict.outcome]
  terminal.print(`${question}: ${terminal.style(colour, word)}`)
  if (verdict.outcome === 'undecided') terminal.print(`  ${verdict.reason}`)
  if (verdict.outcome !== 'incompatible') return
  for (const broken of verdict.breaks) terminal.print(`  ${describeBreak(broken)}`)
  if (verdict.witness) {
    terminal.print(`  for example ${JSON.stringify(verdict.witness.value, bytesAsHex)}`)
    terminal.print(`    ${verdict.witness.failure}`)
  }
}

const describeBreak = ({ path, message, fix }: Break) => `${path || '(root)'}: ${message}${fix ? ` Fix: ${fix}` : ''}`

const bytesAsHex = (_: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'bigint' ? value.toString() : value
}
