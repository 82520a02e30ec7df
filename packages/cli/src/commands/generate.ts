import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { generate as generateBindings, type BindingInput, type ReferencedSchema } from '@concordat/codegen'
import { CliError } from '../cli-error.js'
import type { Command } from '../command.js'
import type { LoadedConfig } from '../config/complete-config.js'
import { exitCodes } from '../exit-codes.js'
import { hashOf, lockFile, readLock, writeLock, type Lock, type LockedSchema } from '../lock/lock.js'
import { configOf } from '../registry.js'
import { insideOf } from '../safe-path.js'
import { writeFileAtomically } from '../write-file.js'

export const generate: Command = {
  name: 'generate',
  summary: 'write TypeScript bindings for the locked schemas',
  usage: ['generate'],
  details: [
    `Writes one file for each topic of ${lockFile} into the folder "out" of`,
    'concordat.yaml: types, encode and decode, and a typed topic object.',
    'Works offline; equal locks give equal files. Files that are no longer',
    'generated are deleted, files that were never generated are left alone.',
  ],
  options: {},
  async run(invocation) {
    const { terminal } = invocation
    const loaded = await configOf(invocation)
    const lock = lockOf(loaded)
    const files = bindingsOf(loaded, lock)
    const written: string[] = []
    for (const [file, text] of files) {
      const path = insideOf(loaded.root, file)
      if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
      writeFileAtomically(path, text)
      written.push(file)
    }
    const stale = Object.keys(lock.outputs).filter((file) => !files.has(file))
    for (const file of stale) rmSync(insideOf(loaded.root, file), { force: true })
    lock.outputs = Object.fromEntries([...files].map(([file, text]) => [file, hashOf(text)]))
    writeLock(loaded.root, lock)

    if (invocation.has('json'))
      terminal.print(JSON.stringify({ ok: true, files: [...files.keys()], written, deleted: stale }))
    else {
      for (const file of written) terminal.print(`wrote    ${file}`)
      for (const file of stale) terminal.print(`deleted  ${file}`)
      terminal.print(`${files.size} files, ${written.length} written, ${stale.length} deleted`)
    }
    return exitCodes.fine
  },
}

/** @throws CliError if nothing was pulled yet */
export function lockOf({ root }: LoadedConfig): Lock {
  const lock = readLock(root)
  if (!lock) throw new CliError(exitCodes.contractProblem, `there is no ${lockFile} here`, 'concordat pull writes it')
  return lock
}

/** The files that belong to a lock, by path relative to the configuration. Reads only vendored texts. */
export function bindingsOf(loaded: LoadedConfig, lock: Lock): Map<string, string> {
  const topics = new Map<string, BindingInput['topics'][number]>()
  for (const locked of Object.values(lock.subjects)) {
    const topic = topics.get(locked.topic) ?? { name: locked.topic, role: locked.role, events: [] }
    topic.events.push({
      type: locked.type,
      text: vendored(loaded, locked),
      references: locked.references.map((reference) => referenced(loaded, reference, reference.name)),
      subject: locked.subject,
      version: locked.version,
      guid: locked.guid || undefined,
      id: locked.ids[loaded.config.registry.url],
    })
    topics.set(locked.topic, topic)
  }
  const files = generateBindings({ topics: [...topics.values()], types: loaded.config.types })
  return new Map(files.map(({ path, text }) => [join(loaded.config.out, path).replaceAll('\\', '/'), text]))
}

const referenced = (loaded: LoadedConfig, locked: LockedSchema, name: string): ReferencedSchema => ({
  name,
  subject: locked.subject,
  version: locked.version,
  text: vendored(loaded, locked),
  references: locked.references.map((reference) => referenced(loaded, reference, reference.name)),
})

/** The vendored text. @throws CliError if it is gone or was edited */
export function vendored({ root }: LoadedConfig, locked: LockedSchema): string {
  const path = insideOf(root, locked.file)
  if (!existsSync(path)) throw new CliError(exitCodes.contractProblem, `${locked.file} is missing`, 'concordat pull')
  const text = readFileSync(path, 'utf8')
  if (hashOf(text) !== locked.contentHash) {
    throw new CliError(
      exitCodes.contractProblem,
      `${locked.file} was changed by hand: it is not what ${lockFile} says`,
      'a schema changes by push and pull --update',
    )
  }
  return text
}
