import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SchemaType } from '@concordat/core'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { writeFileAtomically } from '../write-file.js'

export const lockFile = 'concordat.lock.json'

/**
 * What `pull` found and `generate` builds from: committed, so that builds need no network and a changed schema is a
 * visible diff. It is also this service's consumer contract: who reads which fields of which version.
 */
export interface Lock {
  lockVersion: 1
  configHash: string
  /** By topic and subject, as `topic/subject`. */
  subjects: Record<string, LockedSubject>
  /** Generated files, by path relative to the configuration, with the hash of their text. */
  outputs: Record<string, string>
}

export interface LockedSchema {
  type: SchemaType
  subject: string
  version: number
  guid: string
  /** SHA-256 of the vendored text. */
  contentHash: string
  /** The vendored text, relative to the configuration. */
  file: string
  /** Ids differ from registry to registry: by registry URL. */
  ids: Record<string, number>
  references: LockedReference[]
}

export interface LockedReference extends LockedSchema {
  name: string
}

export interface LockedSubject extends LockedSchema {
  role: 'consumes' | 'produces'
  topic: string
  reads?: string[]
}

export const emptyLock = (configHash: string): Lock => ({ lockVersion: 1, configHash, subjects: {}, outputs: {} })

export const hashOf = (text: string): string => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`

/** @throws CliError if the file is there and is not a lock of this version */
export function readLock(root: string): Lock | undefined {
  const path = join(root, lockFile)
  if (!existsSync(path)) return undefined
  let lock: Partial<Lock>
  try {
    lock = JSON.parse(readFileSync(path, 'utf8')) as Partial<Lock>
  } catch (error) {
    throw new CliError(
      exitCodes.usage,
      `${lockFile} is not JSON: ${(error as Error).message}`,
      'concordat pull --update',
    )
  }
  if (lock.lockVersion !== 1 || !lock.subjects || !lock.outputs) {
    throw new CliError(exitCodes.usage, `${lockFile} is not a lock that this version reads`, 'concordat pull --update')
  }
  return lock as Lock
}

/** Sorted keys and one newline at the end, so that equal content is an equal file. */
export function writeLock(root: string, lock: Lock): void {
  writeFileAtomically(join(root, lockFile), `${JSON.stringify(sortKeys(lock), null, 2)}\n`)
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sortKeys(inner)]))
}
