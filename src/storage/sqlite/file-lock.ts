import { StorageFailed } from '../storage-errors.js'
import { Connection } from './connection.js'

/**
 * Keeps a second registry process away from a database file. The lock is SQLite's own, on an empty file beside the
 * database, held for as long as the process lives; the operating system lets it go however the process ends.
 */
export class FileLock {
  private constructor(private readonly connection: Connection) {}

  /** @throws Error if another process holds the lock */
  static async acquire(path: string): Promise<FileLock> {
    const connection = await Connection.open(`${path}.lock`, ['busy_timeout = 0'])
    try {
      await connection.execute('BEGIN EXCLUSIVE')
    } catch (error) {
      await connection.close()
      if (!(error instanceof StorageFailed) || error.code !== 'SQLITE_BUSY') throw error
      throw new Error(
        'another process uses this database; an SQLite database serves one registry (end the other process or choose another file)',
        { cause: error },
      )
    }
    return new FileLock(connection)
  }

  release(): Promise<void> {
    return this.connection.close()
  }
}
