import { existsSync, readFileSync } from 'node:fs'
import { CliError } from '../cli-error.js'
import type { Command, Invocation } from '../command.js'
import type { LoadedConfig } from '../config/complete-config.js'
import type { EventConfig } from '../config/config.js'
import { exitCodes } from '../exit-codes.js'
import type { CheckSummary, Format } from '../findings/formats.js'
import { printFinding } from '../findings/text.js'
import { askRegistry, type SchemaToCheck } from '../registry-check.js'
import { asking, configIfAny, configOf, connect } from '../registry.js'
import { payloadOf, readSchemaFile, resolveReferences } from '../schema-file.js'

const formatNames: readonly Format[] = ['text', 'json', 'github', 'junit', 'sarif']

export const check: Command = {
  name: 'check',
  summary: 'would the registry take my schemas? is my code current?',
  usage: ['check [--offline]', 'check FILE --subject SUBJECT [--type TYPE]'],
  details: [
    'Asks the registry about the schema file of every subject under "produces", and',
    'shows a message that would break a consumer where one would. Then checks that',
    'vendored schemas were not edited and that generated code is what generate',
    'would write. With FILE it asks about that one file. Registers nothing.',
  ],
  options: {
    offline: { summary: 'leave the registry alone: only vendored and generated files' },
    subject: { value: 'SUBJECT', summary: 'where FILE would be registered' },
    type: { value: 'TYPE', summary: 'avro, json or protobuf (default: by its ending)' },
    format: { value: 'FORMAT', summary: 'text, json, github, junit or sarif (default: text)' },
  },
  async run(invocation) {
    const format = formatOf(invocation)
    const summary: CheckSummary = { checked: [], findings: [] }
    const [path] = invocation.positionals
    if (path === undefined) await checkRepository(invocation, summary)
    else await checkFile(invocation, path, summary)
    await printSummary(invocation, format, summary)
    return summary.findings.some(({ severity }) => severity === 'error') ? exitCodes.contractProblem : exitCodes.fine
  },
}

function formatOf(invocation: Invocation): Format {
  const named = invocation.option('format') ?? (invocation.has('json') ? 'json' : 'text')
  const format = formatNames.find((name) => name === named)
  if (format) return format
  throw new CliError(exitCodes.usage, `there is no format "${named}"`, `there are ${formatNames.join(', ')}`)
}

async function checkFile(invocation: Invocation, path: string, summary: CheckSummary): Promise<void> {
  const subject = invocation.option('subject')
  if (subject === undefined) throw new CliError(exitCodes.usage, 'check FILE needs --subject SUBJECT')
  if (invocation.positionals.length > 1) throw new CliError(exitCodes.usage, 'check takes one file at a time')
  const loaded = await configIfAny(invocation)
  // The references of a configured subject are known; those of any other file have to be in the registry already.
  const configured = Object.values(loaded.config.produces)
    .flatMap(({ events }) => events)
    .find((event) => event.subject === subject)
  await checkSchemas(invocation, loaded, summary, [
    { subject, schema: path, folder: invocation.cwd, references: configured?.references ?? [] },
  ])
}

async function checkRepository(invocation: Invocation, summary: CheckSummary): Promise<void> {
  const loaded = await configOf(invocation)
  if (!invocation.has('offline')) {
    const events = Object.values(loaded.config.produces).flatMap(({ events }) => events)
    await checkSchemas(
      invocation,
      loaded,
      summary,
      events.flatMap(({ subject, schema, references }) =>
        schema === undefined ? [] : [{ subject, schema, folder: loaded.root, references }],
      ),
    )
  }
  await checkGenerated(loaded, summary)
}

interface FileToCheck extends Pick<EventConfig, 'subject' | 'references'> {
  schema: string
  /** The folder that `schema` is relative to. */
  folder: string
}

async function checkSchemas(
  invocation: Invocation,
  loaded: LoadedConfig,
  summary: CheckSummary,
  files: readonly FileToCheck[],
): Promise<void> {
  if (files.length === 0) return
  const registry = connect(loaded)
  const schemas: SchemaToCheck[] = []
  for (const { subject, schema, folder, references } of files) {
    invocation.terminal.progress(`checking ${subject} …`)
    const file = await readSchemaFile(folder, schema, invocation.cwd, invocation.option('type'))
    const resolved = await resolveReferences(references, {
      root: loaded.root,
      cwd: invocation.cwd,
      registry,
      // What a check refers to has to be registered: a check registers nothing.
      place: async (target, payload, { shown }) => {
        const known = await asking(registry.find(target, payload))
        if (known) return known.version
        throw new CliError(
          exitCodes.contractProblem,
          `${shown} is not registered under ${target} yet`,
          'concordat push',
        )
      },
    })
    schemas.push({ subject, file: file.shown, payload: payloadOf(file, resolved) })
  }
  const answer = await askRegistry(registry, schemas)
  summary.checked.push(...answer.checked)
  summary.findings.push(...answer.findings)
}

/** Loads the generator only where there is something generated to compare. */
async function checkGenerated(loaded: LoadedConfig, summary: CheckSummary): Promise<void> {
  const { readLock, hashOf, lockFile } = await import('../lock/lock.js')
  const lock = readLock(loaded.root)
  if (!lock) return
  const { bindingsOf } = await import('./generate.js')
  const { insideOf } = await import('../safe-path.js')
  const wanted = Object.entries({ ...loaded.config.consumes, ...loaded.config.produces }).flatMap(
    ([topic, { events }]) => events.map(({ subject }) => `${topic}/${subject}`),
  )
  for (const key of wanted.filter((name) => !Object.hasOwn(lock.subjects, name))) {
    summary.findings.push({
      severity: 'error',
      rule: 'NOT_PULLED',
      subject: key,
      file: lockFile,
      message: `${key} is configured, but not locked`,
      fix: 'concordat pull',
    })
  }
  let files: Map<string, string>
  try {
    files = bindingsOf(loaded, lock)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    summary.findings.push({ severity: 'error', rule: 'EDITED', message: error.message, fix: error.hint })
    return
  }
  for (const [file, text] of files) {
    const path = insideOf(loaded.root, file)
    const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined
    if (present === text) continue
    const edited = present !== undefined && lock.outputs[file] !== undefined && lock.outputs[file] !== hashOf(present)
    summary.findings.push({
      severity: 'error',
      rule: edited ? 'EDITED' : 'OUT_OF_DATE',
      file,
      message: edited ? `${file} was changed by hand` : `${file} is not what generate would write`,
      fix: 'concordat generate',
    })
  }
  summary.checked.push(`${files.size} generated files against ${lockFile}`)
}

async function printSummary({ terminal }: Invocation, format: Format, summary: CheckSummary): Promise<void> {
  if (format !== 'text') {
    const { formats } = await import('../findings/formats.js')
    const text = formats[format](summary)
    if (text) terminal.print(text)
    return
  }
  for (const line of summary.checked) terminal.print(`${terminal.style('green', 'ok')}  ${line}`)
  for (const finding of summary.findings) printFinding(terminal, finding)
  const errors = summary.findings.filter(({ severity }) => severity === 'error').length
  const warnings = summary.findings.length - errors
  terminal.print(`${summary.checked.length} fine, ${errors} errors, ${warnings} warnings`)
}
