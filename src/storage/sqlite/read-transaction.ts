import type { JournalEntry } from '../journal.js'
import type {
  ReadTransaction,
  SettingKind,
  StoredAssociation,
  StoredSchema,
  StoredSetting,
  StoredVersion,
  SubjectKey,
  SubjectRange,
  VersionKey,
} from '../storage.port.js'
import type { Connection, SqlValue } from './connection.js'
import { absent, type Recent } from './recent.js'
import * as rows from './rows.js'

/** How a transaction gets at its connection and at what is remembered. */
export interface Access {
  connection: Connection
  recent: Recent
  /** Called before the first statement. */
  begin?: () => Promise<unknown>
}

/** Thrown when a read has used remembered rows and then found a newer state: it has to be run again. */
export class StateMovedOn extends Error {}

/**
 * The reading half of a unit of work. Lists are sorted here and not by SQLite, which compares UTF-8 bytes: names beyond
 * the basic plane would come in another order than JavaScript and the other engines have them.
 */
export class SqliteReadTransaction implements ReadTransaction {
  protected readonly recent: Recent
  private readonly connection: Connection
  private readonly begin: Access['begin']
  private readonly epoch: number | undefined
  private readonly running = new Set<Promise<unknown>>()
  private begun?: Promise<unknown>
  /** Answers to `idsOfContent`, which a registration asks for twice; forgotten when this transaction writes. */
  protected readonly idsFound = new Map<string, number[]>()
  private usedRecent = false
  private stateFixed = false
  private ended = false

  constructor({ connection, recent, begin }: Access) {
    this.connection = connection
    this.recent = recent
    this.begin = begin
    this.epoch = recent.epoch
  }

  /** Whether any statement was run, so that there is a transaction to end. */
  get hasBegun(): boolean {
    return this.begun !== undefined
  }

  async schema(context: string, id: number): Promise<StoredSchema | undefined> {
    const known = this.remembers ? this.recent.schema(context, id) : undefined
    if (known) return this.recalled(known)
    const [row] = await this.all<rows.SchemaRow>(
      `SELECT ${rows.schemaColumns} FROM schemas WHERE context = ? AND id = ?`,
      [context, id],
    )
    const schema = row && rows.schemaOf(row)
    if (schema && this.mayRemember) this.recent.rememberSchema(schema)
    return schema
  }

  async schemasByGuid(guid: string): Promise<StoredSchema[]> {
    const found = await this.all<rows.SchemaRow>(`SELECT ${rows.schemaColumns} FROM schemas WHERE guid = ?`, [guid])
    return found.map(rows.schemaOf).sort((a, b) => compare(a.context, b.context) || a.id - b.id)
  }

  async idsOfContent(context: string, contentKey: string): Promise<number[]> {
    const key = JSON.stringify([context, contentKey])
    const known = this.idsFound.get(key)
    if (known) return known
    const found = await this.all<{ id: number }>(
      `SELECT id FROM schemas WHERE context = ?1 AND content_key = ?2
       ORDER BY (SELECT max(registration) FROM versions WHERE context = ?1 AND versions.id = schemas.id), id`,
      [context, contentKey],
    )
    const ids = found.map(({ id }) => id)
    this.idsFound.set(key, ids)
    return ids
  }

  async version({ context, name, version }: VersionKey): Promise<StoredVersion | undefined> {
    const [found] = await this.versionsWhere('context = ? AND subject = ? AND version = ?', [context, name, version])
    return found
  }

  versions({ context, name }: SubjectKey): Promise<StoredVersion[]> {
    return this.versionsWhere('context = ? AND subject = ? ORDER BY version', [context, name])
  }

  versionsOfId(context: string, id: number): Promise<StoredVersion[]> {
    return this.versionsWhere('context = ? AND id = ? ORDER BY registration', [context, id])
  }

  async versionsInRange(range: SubjectRange): Promise<StoredVersion[]> {
    const found = await this.versionsWhere(...inRange(range))
    return found.sort((a, b) => bySubject(a, b) || a.version - b.version)
  }

  async subjectsInRange(range: SubjectRange): Promise<(SubjectKey & { live: boolean })[]> {
    const [condition, values] = inRange(range)
    const found = await this.all<{ context: string; subject: string; live: number }>(
      `SELECT context, subject, min(deleted) = 0 AS live FROM versions WHERE ${condition} GROUP BY context, subject`,
      values,
    )
    return found.map(({ context, subject, live }) => ({ context, name: subject, live: live !== 0 })).sort(bySubject)
  }

  async referrers({ context, name, version }: VersionKey): Promise<StoredVersion[]> {
    const found = await this.all<rows.VersionRow>(
      `SELECT ${rows.versionColumns} FROM versions JOIN schema_targets USING (context, id)
       WHERE target_context = ? AND target_subject = ? AND target_version = ? ORDER BY id, registration`,
      [context, name, version],
    )
    return found.map(rows.versionOf).sort((a, b) => compare(a.context, b.context)) // stable: the rest of the order stays
  }

  async contexts(): Promise<string[]> {
    const found = await this.all<{ name: string }>('SELECT name FROM contexts', [])
    return found.map(({ name }) => name).sort()
  }

  async highestId(context: string): Promise<number> {
    const [row] = await this.all<{ id: number }>('SELECT id FROM highest_ids WHERE context = ?', [context])
    return row?.id ?? 0
  }

  async setting(kind: SettingKind, scope: string): Promise<Record<string, unknown> | undefined> {
    const known = this.remembers ? this.recent.setting(kind, scope) : undefined
    if (known !== undefined) return this.recalled(known === absent ? undefined : known)
    const [row] = await this.all<{ value: string }>('SELECT value FROM settings WHERE kind = ? AND scope = ?', [
      kind,
      scope,
    ])
    const value = row && (rows.parse(row.value) as Record<string, unknown>)
    if (this.mayRemember) this.recent.rememberSetting(kind, scope, value)
    return value
  }

  async settings(kind: SettingKind, prefix: string): Promise<StoredSetting[]> {
    const found = await this.all<{ scope: string; value: string }>(
      'SELECT scope, value FROM settings WHERE kind = ? AND substr(scope, 1, length(?2)) = ?2',
      [kind, prefix],
    )
    return found
      .map(({ scope, value }) => ({ scope, value: rows.parse(value) as Record<string, unknown> }))
      .sort((a, b) => compare(a.scope, b.scope))
  }

  associationsOfSubject({ context, name }: SubjectKey): Promise<StoredAssociation[]> {
    return this.associationsWhere('context = ? AND subject = ?', [context, name])
  }

  associationsOfResource(resourceId: string): Promise<StoredAssociation[]> {
    return this.associationsWhere('resource_id = ?', [resourceId])
  }

  associationsNamed(
    resourceNamespace: string | undefined,
    resourceName: string | undefined,
  ): Promise<StoredAssociation[]> {
    const wanted = [
      ['resource_namespace = ?', resourceNamespace],
      ['resource_name = ?', resourceName],
    ].filter((pair): pair is [string, string] => pair[1] !== undefined)
    return this.associationsWhere(
      wanted.map(([condition]) => condition).join(' AND ') || 'true',
      wanted.map(([, value]) => value),
    )
  }

  async journal(after: number, limit: number): Promise<JournalEntry[]> {
    const found = await this.all<rows.JournalRow>(
      `SELECT ${rows.journalColumns} FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?`,
      [after, limit],
    )
    return found.map(rows.journalEntryOf)
  }

  /** Ends the access, waiting for statements that the unit started and did not wait for. Throws if one of them failed. */
  async end(): Promise<void> {
    this.ended = true
    await Promise.all(this.running)
  }

  protected all<R extends object>(sql: string, values: readonly SqlValue[]): Promise<R[]> {
    return this.tracked(() => this.connection.all<R>(sql, values))
  }

  protected run(sql: string, values: readonly SqlValue[]): Promise<number> {
    return this.tracked(() => this.connection.run(sql, values))
  }

  /** Whether remembered rows are those of this transaction's state. */
  protected get remembers(): boolean {
    return this.epoch !== undefined && this.epoch === this.recent.epoch
  }

  /** Whether what is read here may be remembered. */
  protected get mayRemember(): boolean {
    return this.remembers
  }

  private recalled<T>(value: T): T {
    this.checkOpen()
    this.usedRecent = true
    return value
  }

  private async tracked<T>(start: () => Promise<T>): Promise<T> {
    this.checkOpen()
    const statement = this.begin ? (this.begun ??= this.begin()).then(start) : start()
    this.running.add(statement)
    try {
      const result = await statement
      // The first statement fixes the state. If that is newer than what was recalled before, the two do not fit.
      if (this.begin && this.usedRecent && !this.stateFixed && !this.remembers) throw new StateMovedOn()
      this.stateFixed = true
      return result
    } finally {
      this.running.delete(statement)
    }
  }

  private checkOpen(): void {
    if (this.ended) throw new Error('this unit of work has ended: its transaction cannot be used any more')
  }

  private async versionsWhere(condition: string, values: readonly SqlValue[]): Promise<StoredVersion[]> {
    const found = await this.all<rows.VersionRow>(
      `SELECT ${rows.versionColumns} FROM versions WHERE ${condition}`,
      values,
    )
    return found.map(rows.versionOf)
  }

  private async associationsWhere(condition: string, values: readonly SqlValue[]): Promise<StoredAssociation[]> {
    const found = await this.all<rows.AssociationRow>(
      `SELECT ${rows.associationColumns} FROM associations WHERE ${condition}`,
      values,
    )
    return found.map(rows.associationOf).sort((a, b) => a.createTs - b.createTs || compare(a.guid, b.guid))
  }
}

/** The condition for a range. `substr` compares by character, so a prefix never matches in the middle of one. */
function inRange({ context, prefix }: SubjectRange): [string, SqlValue[]] {
  const name = 'substr(subject, 1, length(?1)) = ?1'
  return context === undefined ? [name, [prefix]] : [`context = ?2 AND ${name}`, [prefix, context]]
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const bySubject = (a: SubjectKey, b: SubjectKey) => compare(a.context, b.context) || compare(a.name, b.name)
