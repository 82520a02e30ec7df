import { RegistryError } from '@concordat/client/registry'
import { CliError } from '../cli-error.js'
import type { Command } from '../command.js'
import { exitCodes } from '../exit-codes.js'
import { asking, configIfAny, configOf, connect } from '../registry.js'
import { payloadOf, readSchemaFile, resolveReferences, type ReferencePlacer } from '../schema-file.js'

interface Pushed {
  subject: string
  file: string
  outcome: 'registered' | 'unchanged' | 'would register' | 'refused'
  version?: number
  id?: number
  reason?: string
}

export const push: Command = {
  name: 'push',
  summary: "register this service's schemas",
  usage: ['push [--dry-run]', 'push FILE --subject SUBJECT [--type TYPE]'],
  details: [
    'Registers the schema file of every subject under "produces" in concordat.yaml,',
    'the files it refers to first. The registry refuses a change that breaks a',
    'reader; what was registered before the refusal stays registered.',
    'With FILE it registers that one file.',
  ],
  options: {
    'dry-run': { summary: 'ask whether the registry would take them, register nothing' },
    subject: { value: 'SUBJECT', summary: 'where FILE is registered' },
    type: { value: 'TYPE', summary: 'avro, json or protobuf (default: by its ending)' },
  },
  async run(invocation) {
    const { terminal, positionals } = invocation
    const dryRun = invocation.has('dry-run')
    const { loaded, events } = await eventsToPush(invocation)
    const registry = connect(loaded)
    const results: Pushed[] = []

    const place: ReferencePlacer = async (subject, payload, file) => {
      const known = await asking(registry.find(subject, payload))
      if (known) {
        results.push({ subject, file: file.shown, outcome: 'unchanged', version: known.version, id: known.id })
        return known.version
      }
      try {
        if (dryRun) {
          const { compatible, messages } = await registry.check(subject, payload, { verbose: true })
          const outcome = compatible ? 'would register' : 'refused'
          results.push({ subject, file: file.shown, outcome, reason: messages.join('; ') || undefined })
          return 1
        }
        const { id, version } = await registry.register(subject, payload)
        const at = version ?? (await registry.find(subject, payload))?.version ?? 1
        results.push({ subject, file: file.shown, outcome: 'registered', version: at, id })
        return at
      } catch (error) {
        if (!(error instanceof RegistryError)) return await asking(Promise.reject(error as Error))
        results.push({ subject, file: file.shown, outcome: 'refused', reason: error.reason })
        throw new Refused()
      }
    }

    for (const event of events) {
      terminal.progress(`pushing ${event.subject} …`)
      try {
        const world = { root: loaded.root, cwd: invocation.cwd, registry, place }
        const file = await readSchemaFile(loaded.root, event.schema, invocation.cwd, invocation.option('type'))
        await place(event.subject, payloadOf(file, await resolveReferences(event.references, world)), file)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
      }
    }
    if (positionals.length === 0 && events.length === 0) {
      throw new CliError(
        exitCodes.usage,
        'concordat.yaml produces nothing with a "schema" file',
        'or: push FILE --subject S',
      )
    }
    const refused = results.filter(({ outcome }) => outcome === 'refused')
    if (invocation.has('json')) terminal.print(JSON.stringify({ ok: refused.length === 0, results }))
    else for (const result of results) terminal.print(line(result))
    return refused.length === 0 ? exitCodes.fine : exitCodes.contractProblem
  },
}

/** The registry has said no to one schema; others may still be pushed. */
class Refused extends Error {}

async function eventsToPush(invocation: Parameters<Command['run']>[0]) {
  const [path, ...more] = invocation.positionals
  const loaded = await (path === undefined ? configOf(invocation) : configIfAnyFor(invocation))
  if (path === undefined) {
    const produced = Object.values(loaded.config.produces).flatMap(({ events }) => events)
    return { loaded, events: produced.flatMap((event) => (event.schema ? [{ ...event, schema: event.schema }] : [])) }
  }
  const subject = invocation.option('subject')
  if (more.length > 0) throw new CliError(exitCodes.usage, 'push takes one file at a time')
  if (subject === undefined) throw new CliError(exitCodes.usage, 'push FILE needs --subject SUBJECT')
  return { loaded, events: [{ subject, schema: path, references: [] }] }
}

const configIfAnyFor = async (invocation: Parameters<Command['run']>[0]) => {
  const loaded = await configIfAny(invocation)
  return { ...loaded, root: invocation.cwd }
}

function line({ subject, outcome, version, id, reason }: Pushed): string {
  const at = version === undefined ? '' : ` version ${version}${id === undefined ? '' : ` (id ${id})`}`
  return `${outcome.padEnd(12)} ${subject}${at}${reason ? `\n  ${reason}` : ''}`
}
