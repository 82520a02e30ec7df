import type { Metadata, Reference, RuleSet, SchemaType } from '@concordat/core'
import type { JournalEntry, JournalRecord } from './journal.js'

/**
 * What the service needs from a database: units of work against a consistent state, made of narrow operations that
 * any engine answers with one indexed statement. Request code sees this port and nothing behind it.
 */
export interface Storage {
  /**
   * Runs a unit of work against the latest state, one unit after another, and resolves when it is durable.
   * If `work` throws, nothing of the unit remains and the error is passed on; other units are not touched.
   * A unit must not start another unit and wait for it. It may be run again from the start (an engine that groups units
   * undoes and repeats them), so what it does outside of `tx` has to bear that. Rejects with `StorageBusy` if too many
   * units wait already or the storage is closing.
   */
  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>
  /** Runs `work` against a state without half-written units. Sees every unit that was resolved before. */
  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>
  /** Waits for the accepted units, then releases everything. Later calls are rejected. */
  close(): Promise<void>
}

/** A subject: `context` is `.` (the default context) or `.name`; `name` is without the context and may be empty. */
export interface SubjectKey {
  context: string
  name: string
}

/** One version of a subject, whether it exists or not. */
export interface VersionKey extends SubjectKey {
  version: number
}

/** The content under an id of a context. Immutable: an id never changes its content while it exists. */
export interface StoredSchema {
  context: string
  id: number
  /** What makes two contents the same one: a digest of everything below, made by the registry. */
  contentKey: string
  /** UUID text, lower case. Equal contents have equal guids; the same guid may stand in several contexts. */
  guid: string
  type: SchemaType
  text: string
  references: Reference[]
  metadata?: Metadata
  ruleSet?: RuleSet
}

/** A registration: this subject's version has the content under `id` of the same context. */
export interface StoredVersion extends VersionKey {
  id: number
  /** Soft-deleted: hidden, but its number and content stay until it is removed. */
  deleted: boolean
  /** Milliseconds since 1970 of the registration or soft deletion, whichever was last. */
  time: number
}

/** Two kinds of settings share one shape of storage; what is inside is up to the settings module. */
export type SettingKind = 'config' | 'mode'

/** A setting at a scope. `scope` is an opaque key: the settings module names scopes so that prefixes make sense. */
export interface StoredSetting {
  scope: string
  value: Record<string, unknown>
}

/** A resource (a topic) bound to a subject for its keys or values. `guid` is the key. */
export interface StoredAssociation {
  guid: string
  context: string
  subject: string
  resourceName: string
  resourceNamespace: string
  resourceId: string
  resourceType: string
  associationType: string
  lifecycle: 'STRONG' | 'WEAK'
  frozen: boolean
  /** Milliseconds since 1970. */
  createTs: number
  updateTs: number
}

/** Which versions or subjects: a context or all of them, and the beginning of the subject's name. */
export interface SubjectRange {
  /** Absent: every context. */
  context?: string
  /** The name (without context) begins with this, compared by code unit; `''` = all. */
  prefix: string
}

/** Lists come in the stated order, or in the order of their keys where nothing is stated. */
export interface ReadTransaction {
  /** The content under an id. Immutable, so it may be cached until the id is removed. */
  schema(context: string, id: number): Promise<StoredSchema | undefined>
  /** Every context's id whose content has this guid. */
  schemasByGuid(guid: string): Promise<StoredSchema[]>
  /** The ids that hold this content in the context, the one with the newest registration among its versions at the end. */
  idsOfContent(context: string, contentKey: string): Promise<number[]>

  version(key: VersionKey): Promise<StoredVersion | undefined>
  /** All versions of a subject, soft-deleted ones included, ascending. */
  versions(subject: SubjectKey): Promise<StoredVersion[]>
  /** All versions with this id, soft-deleted ones included, in the order of their registration. */
  versionsOfId(context: string, id: number): Promise<StoredVersion[]>
  /** All versions of all subjects in the range, soft-deleted ones included. */
  versionsInRange(range: SubjectRange): Promise<StoredVersion[]>
  /** The subjects in the range that have any version, and whether one of them is live. */
  subjectsInRange(range: SubjectRange): Promise<(SubjectKey & { live: boolean })[]>
  /** The versions, soft-deleted ones included, whose content refers to this version (see `putSchema`). */
  referrers(target: VersionKey): Promise<StoredVersion[]>

  /** Contexts in which something was registered, `.` only if so; by name. */
  contexts(): Promise<string[]>
  /** The highest id ever given out or imported in the context; 0 if none. It survives every deletion. */
  highestId(context: string): Promise<number>

  setting(kind: SettingKind, scope: string): Promise<Record<string, unknown> | undefined>
  /** All settings of the kind whose scope begins with `prefix`. */
  settings(kind: SettingKind, prefix: string): Promise<StoredSetting[]>

  associationsOfSubject(subject: SubjectKey): Promise<StoredAssociation[]>
  associationsOfResource(resourceId: string): Promise<StoredAssociation[]>
  /** By name within a namespace; an absent part matches everything. */
  associationsNamed(
    resourceNamespace: string | undefined,
    resourceName: string | undefined,
  ): Promise<StoredAssociation[]>

  /** The entries after a sequence number, ascending, at most `limit`. */
  journal(after: number, limit: number): Promise<JournalEntry[]>
}

export interface WriteTransaction extends ReadTransaction {
  /**
   * Adds a content under a new id. `targets` are the versions that its references mean, each with its context.
   * The caller has checked that the id is free.
   */
  putSchema(schema: StoredSchema, targets: readonly VersionKey[]): Promise<void>
  /** Removes a content and what it refers to. The caller has removed its versions. */
  removeSchema(context: string, id: number): Promise<void>

  /** Adds a version, or replaces what stands under its key. Its schema is there. */
  putVersion(version: StoredVersion): Promise<void>
  /** Marks an existing version as soft-deleted at `time`. Does not count as a registration. */
  softDeleteVersion(key: VersionKey, time: number): Promise<void>
  removeVersion(key: VersionKey): Promise<void>

  /** Adds a context if it is not there. */
  putContext(context: string): Promise<void>
  removeContext(context: string): Promise<void>
  /** Raises the context's highest id to at least this one. */
  raiseHighestId(context: string, id: number): Promise<void>

  putSetting(kind: SettingKind, setting: StoredSetting): Promise<void>
  removeSetting(kind: SettingKind, scope: string): Promise<void>

  /** Adds an association, or replaces the one with the same guid. */
  putAssociation(association: StoredAssociation): Promise<void>
  removeAssociation(guid: string): Promise<void>

  /** Writes the next entry of the journal, chained to the last one (`chain` in journal.ts). */
  appendJournal(record: JournalRecord): Promise<JournalEntry>
}

/** The name under which the storage is injected. */
export const STORAGE = Symbol('storage')
