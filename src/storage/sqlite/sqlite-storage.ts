import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { StorageObserver } from '../storage-observer.js'
import { StorageBusy } from '../storage-errors.js'
import type { ReadTransaction, Storage, WriteTransaction } from '../storage.port.js'
import { Connection } from './connection.js'
import { FileLock } from './file-lock.js'
import { GroupCommit } from './group-commit.js'
import { migrate } from './migrate.js'
import { ReaderPool } from './reader-pool.js'
import { Recent } from './recent.js'
import { Batch, SqliteWriteTransaction } from './write-transaction.js'

export interface SqliteOptions {
  /** The database file; it and its folder are made when they are missing. */
  path: string
  queueLimit?: number
  observer?: StorageObserver
}

/** FULL: an acknowledged write survives a power failure, not only the end of the process. */
const shared = ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 1000']

/** Enough that one slow listing does not hold up the other reads; the driver has four threads by default. */
const readerCount = 3

/** The storage port on one SQLite file, for one process. */
export class SqliteStorage implements Storage {
  private closing?: Promise<void>

  private constructor(
    private readonly lock: FileLock,
    private readonly connection: Connection,
    private readonly writer: GroupCommit<SqliteWriteTransaction>,
    private readonly readers: ReaderPool,
  ) {}

  static async open(options: SqliteOptions): Promise<SqliteStorage> {
    await mkdir(dirname(options.path), { recursive: true })
    const lock = await FileLock.acquire(options.path)
    try {
      return await SqliteStorage.openLocked(lock, options)
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /** Migrations first, then the writer, then the readers: opened at once on a fresh file they would lock each other out. */
  private static async openLocked(lock: FileLock, { path, queueLimit = 4096, observer }: SqliteOptions) {
    await migrate(path)
    const connection = await Connection.open(path, [...shared, 'foreign_keys = ON'])
    const readers: Connection[] = []
    for (let count = 0; count < readerCount; count++) {
      readers.push(await Connection.open(path, [...shared, 'query_only = ON']))
    }
    const recent = new Recent()
    const batch = new Batch()
    const writer = new GroupCommit({
      connection,
      openSession: () => new SqliteWriteTransaction({ connection, recent }, batch),
      onUndo: () => batch.undo(),
      beforeCommit: () => batch.outdatesRecent && recent.beginChange(),
      afterBatch: ({ committed }) => {
        if (batch.outdatesRecent) recent.endChange()
        batch.end(committed ? recent : undefined)
      },
      onCommit: (report) => observer?.onCommit(report),
      queueLimit,
    })
    return new SqliteStorage(lock, connection, writer, new ReaderPool(readers, recent))
  }

  get queuedWrites(): number {
    return this.writer.queued
  }

  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.writer.submit(work)
  }

  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    if (this.closing) return Promise.reject(new StorageBusy('the storage is closed'))
    return this.readers.run(work)
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    await this.writer.close()
    await this.readers.close()
    await this.connection.close()
    await this.lock.release()
  }
}
