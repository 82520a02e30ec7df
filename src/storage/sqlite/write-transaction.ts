import { chain, type JournalEntry, type JournalRecord } from '../journal.js'
import type {
  SettingKind,
  StoredAssociation,
  StoredSchema,
  StoredSetting,
  StoredVersion,
  VersionKey,
  WriteTransaction,
} from '../storage.port.js'
import type { SqlValue } from './connection.js'
import type { Session } from './group-commit.js'
import { SqliteReadTransaction, type Access } from './read-transaction.js'
import type { Recent } from './recent.js'
import * as rows from './rows.js'

/** What the writer knows about the batch of units that is being written. Forgotten whenever something is undone. */
export class Batch {
  /** The last entry of the journal and the highest id of each context, to spare queries; kept from batch to batch. */
  lastEntry?: JournalEntry
  readonly highestIds = new Map<string, number>()
  /** What can be remembered when the batch is committed. */
  schemas: StoredSchema[] = []
  contexts: string[] = []
  /** Whether a unit has made remembered rows wrong, so that they must not be used before the commit, nor after it. */
  outdatesRecent = false

  undo(): void {
    this.lastEntry = undefined
    this.highestIds.clear()
    this.schemas = []
    this.contexts = []
  }

  /** @param recent where to leave what was committed; absent if nothing was */
  end(recent?: Recent): void {
    if (recent && !this.outdatesRecent) {
      for (const schema of this.schemas) recent.rememberSchema(schema)
      for (const context of this.contexts) recent.rememberContext(context)
    }
    this.schemas = []
    this.contexts = []
    this.outdatesRecent = false
  }
}

/** A unit of work on the writer's connection. */
export class SqliteWriteTransaction extends SqliteReadTransaction implements WriteTransaction, Session {
  private changed = false

  constructor(
    access: Access,
    private readonly batch: Batch,
  ) {
    super(access)
  }

  protected override get remembers(): boolean {
    return !this.batch.outdatesRecent && super.remembers
  }

  /** Never: what a unit sees may be of its own batch, whose commit can still fail. */
  protected override get mayRemember(): boolean {
    return false
  }

  get wrote(): boolean {
    return this.changed
  }

  override async highestId(context: string): Promise<number> {
    const known = this.batch.highestIds.get(context)
    if (known !== undefined) return known
    const id = await super.highestId(context)
    this.batch.highestIds.set(context, id)
    return id
  }

  async putSchema(schema: StoredSchema, targets: readonly VersionKey[]): Promise<void> {
    await this.write(
      `INSERT INTO schemas (${rows.schemaColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      rows.schemaValues(schema),
    )
    this.batch.schemas.push(schema)
    for (const { context, name, version } of targets) {
      await this.write('INSERT OR IGNORE INTO schema_targets VALUES (?, ?, ?, ?, ?)', [
        schema.context,
        schema.id,
        context,
        name,
        version,
      ])
    }
  }

  async removeSchema(context: string, id: number): Promise<void> {
    this.batch.outdatesRecent = true
    await this.write('DELETE FROM schema_targets WHERE context = ? AND id = ?', [context, id])
    await this.write('DELETE FROM schemas WHERE context = ? AND id = ?', [context, id])
  }

  /** REPLACE gives a new registration number, so a replaced version counts as registered now. */
  async putVersion({ context, name, version, id, deleted, time }: StoredVersion): Promise<void> {
    await this.write(`INSERT OR REPLACE INTO versions (${rows.versionColumns}) VALUES (?, ?, ?, ?, ?, ?)`, [
      context,
      name,
      version,
      id,
      deleted ? 1 : 0,
      time,
    ])
  }

  async softDeleteVersion({ context, name, version }: VersionKey, time: number): Promise<void> {
    await this.write('UPDATE versions SET deleted = 1, time = ? WHERE context = ? AND subject = ? AND version = ?', [
      time,
      context,
      name,
      version,
    ])
  }

  async removeVersion({ context, name, version }: VersionKey): Promise<void> {
    await this.write('DELETE FROM versions WHERE context = ? AND subject = ? AND version = ?', [context, name, version])
  }

  async putContext(context: string): Promise<void> {
    if (this.remembers && this.recent.hasContext(context)) return
    await this.write('INSERT OR IGNORE INTO contexts VALUES (?)', [context])
    this.batch.contexts.push(context)
  }

  async removeContext(context: string): Promise<void> {
    this.batch.outdatesRecent = true
    await this.write('DELETE FROM contexts WHERE name = ?', [context])
  }

  async raiseHighestId(context: string, id: number): Promise<void> {
    const known = this.batch.highestIds.get(context)
    if (known !== undefined) this.batch.highestIds.set(context, Math.max(known, id))
    await this.write(
      'INSERT INTO highest_ids VALUES (?, ?) ON CONFLICT (context) DO UPDATE SET id = max(id, excluded.id)',
      [context, id],
    )
  }

  async putSetting(kind: SettingKind, { scope, value }: StoredSetting): Promise<void> {
    this.batch.outdatesRecent = true
    await this.write('INSERT OR REPLACE INTO settings VALUES (?, ?, ?)', [kind, scope, JSON.stringify(value)])
  }

  async removeSetting(kind: SettingKind, scope: string): Promise<void> {
    this.batch.outdatesRecent = true
    await this.write('DELETE FROM settings WHERE kind = ? AND scope = ?', [kind, scope])
  }

  async putAssociation(association: StoredAssociation): Promise<void> {
    await this.write(
      `INSERT OR REPLACE INTO associations (${rows.associationColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      rows.associationValues(association),
    )
  }

  async removeAssociation(guid: string): Promise<void> {
    await this.write('DELETE FROM associations WHERE guid = ?', [guid])
  }

  async appendJournal(record: JournalRecord): Promise<JournalEntry> {
    const entry = chain(this.batch.lastEntry ?? (await this.lastEntry()), record)
    // Remembered before it is written: two entries of one unit that nobody awaits still get two places.
    this.batch.lastEntry = entry
    await this.write(
      `INSERT INTO journal (${rows.journalColumns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      rows.journalValues(entry),
    )
    return entry
  }

  private async lastEntry(): Promise<JournalEntry | undefined> {
    const [row] = await this.all<rows.JournalRow>(
      `SELECT ${rows.journalColumns} FROM journal ORDER BY sequence DESC LIMIT 1`,
      [],
    )
    return row && rows.journalEntryOf(row)
  }

  private async write(sql: string, values: readonly SqlValue[]): Promise<void> {
    this.changed = true
    this.idsFound.clear()
    await this.run(sql, values)
  }
}
