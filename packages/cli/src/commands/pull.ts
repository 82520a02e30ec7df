import type { RegisteredSchema, RegistryClient } from '@concordat/client/registry'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../cli-error.js'
import type { Command } from '../command.js'
import type { EventConfig } from '../config/config.js'
import type { LoadedConfig } from '../config/complete-config.js'
import { exitCodes } from '../exit-codes.js'
import {
  emptyLock,
  hashOf,
  lockFile,
  readLock,
  writeLock,
  type Lock,
  type LockedReference,
  type LockedSchema,
  type LockedSubject,
} from '../lock/lock.js'
import { asking, configOf, connect } from '../registry.js'
import { insideOf, slug } from '../safe-path.js'
import { writeFileAtomically } from '../write-file.js'

const extensions = { AVRO: 'avsc', JSON: 'json', PROTOBUF: 'proto' } as const

export const pull: Command = {
  name: 'pull',
  summary: 'fetch the schemas this service uses, and lock them',
  usage: ['pull [--update]'],
  details: [
    'Finds the version of every subject in concordat.yaml, writes the schema texts',
    `below the vendor folder and their versions and hashes into ${lockFile}.`,
    'Commit both: generate and check --offline need no network then.',
    'Versions that are locked stay as they are until --update is given.',
  ],
  options: { update: { summary: 'take the newest versions that concordat.yaml allows' } },
  async run(invocation) {
    const { terminal } = invocation
    const loaded = await configOf(invocation)
    const registry = connect(loaded)
    const before = readLock(loaded.root)
    const lock = await pullAll(loaded, registry, before, {
      update: invocation.has('update'),
      progress: (subject) => terminal.progress(`pulling ${subject} …`),
    })
    const changed = changes(before, lock)
    if (invocation.has('json')) {
      terminal.print(JSON.stringify({ ok: true, subjects: lock.subjects, changed }))
    } else {
      for (const [key, { version }] of Object.entries(lock.subjects)) {
        terminal.print(`${changed.includes(key) ? 'pulled' : 'same  '}  ${key} version ${version}`)
      }
      terminal.print(`${Object.keys(lock.subjects).length} subjects locked in ${lockFile}, ${changed.length} changed`)
    }
    return exitCodes.fine
  },
}

/** Fetches what the configuration names, writes texts and lock, and answers the lock. */
export async function pullAll(
  loaded: LoadedConfig,
  registry: RegistryClient,
  before: Lock | undefined,
  { update, progress }: { update: boolean; progress: (subject: string) => void },
): Promise<Lock> {
  const lock = emptyLock(hashOf(loaded.text))
  lock.outputs = before?.outputs ?? {}
  const texts = new Map<string, string>()
  const vendor = new Vendor(loaded, registry, texts)
  for (const [role, topics] of [
    ['consumes', loaded.config.consumes],
    ['produces', loaded.config.produces],
  ] as const) {
    for (const [topic, { events }] of Object.entries(topics)) {
      for (const event of events) {
        progress(event.subject)
        const key = `${topic}/${event.subject}`
        const locked = update ? undefined : before?.subjects[key]
        const schema = await vendor.subject(event, locked)
        lock.subjects[key] = { ...schema, role, topic, reads: event.reads } satisfies LockedSubject
      }
    }
  }
  for (const [file, text] of texts) {
    const path = insideOf(loaded.root, file)
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileAtomically(path, text)
  }
  writeLock(loaded.root, lock)
  return lock
}

/** The keys of the subjects that are new or pinned to something else than before. */
function changes(before: Lock | undefined, after: Lock): string[] {
  return Object.keys(after.subjects).filter(
    (key) => before?.subjects[key]?.contentHash !== after.subjects[key].contentHash,
  )
}

/** Fetches schemas with all that they refer to, and collects the texts to be written. */
class Vendor {
  constructor(
    private readonly loaded: LoadedConfig,
    private readonly registry: RegistryClient,
    private readonly texts: Map<string, string>,
  ) {}

  async subject(event: EventConfig, locked: LockedSubject | undefined): Promise<LockedSchema> {
    const pinned = typeof event.version === 'number' ? event.version : locked?.version
    const schema = await this.schema(event.subject, pinned ?? 'latest')
    if (locked?.version === schema.version && locked.contentHash !== schema.contentHash) {
      throw new CliError(
        exitCodes.contractProblem,
        `${event.subject} version ${schema.version} is not what was locked`,
        'the registry holds another text under this version: is it the right registry? pull --update accepts it',
      )
    }
    return { ...schema, ids: { ...locked?.ids, ...schema.ids } }
  }

  private async schema(subject: string, version: number | 'latest'): Promise<LockedSchema> {
    const found = await asking(this.registry.findVersion(subject, version))
    if (!found) {
      throw new CliError(
        exitCodes.contractProblem,
        version === 'latest' ? `${subject} has no version yet` : `${subject} has no version ${version}`,
        `registry: ${this.registry.url}`,
      )
    }
    return this.locked(found)
  }

  private async locked(found: RegisteredSchema): Promise<LockedSchema> {
    const references: LockedReference[] = []
    for (const { name, subject, version } of found.references) {
      references.push({ ...(await this.schema(subject, version)), name })
    }
    const file = join(
      this.loaded.config.vendor,
      `${slug(found.subject)}.v${found.version}.${extensions[found.schemaType]}`,
    )
    this.texts.set(file, found.schema)
    return {
      type: found.schemaType,
      subject: found.subject,
      version: found.version,
      guid: found.guid ?? '',
      contentHash: hashOf(found.schema),
      file: file.replaceAll('\\', '/'),
      ids: { [this.registry.url]: found.id },
      references,
    }
  }
}
