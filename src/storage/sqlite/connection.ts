import sqlite3 from 'sqlite3'
import { StorageFailed } from '../storage-errors.js'

export type SqlValue = string | number | bigint | null | Uint8Array
export type Row = Record<string, unknown>

/** SQLite's error as the port's, with a stack that shows who asked; `code` is its symbolic name, `SQLITE_CONSTRAINT`. */
function failed(error: Error, sql?: string): StorageFailed {
  const code = 'code' in error ? String(error.code) : 'SQLITE_ERROR'
  return new StorageFailed(sql === undefined ? error.message : `${error.message} in: ${sql}`, code, { cause: error })
}

/**
 * One SQLite handle with prepared statements, kept by their text. Callers await each statement before the next one:
 * the driver runs prepared statements on a thread pool and does not keep the order of calls that nobody awaits, not
 * even in its serialized mode.
 */
export class Connection {
  private readonly prepared = new Map<string, sqlite3.Statement>()

  private constructor(private readonly handle: sqlite3.Database) {}

  static async open(path: string, pragmas: readonly string[]): Promise<Connection> {
    const handle = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(path, (error) =>
        error ? reject(failed(error)) : resolve(opened),
      )
    })
    const connection = new Connection(handle)
    for (const pragma of pragmas) await connection.execute(`PRAGMA ${pragma}`)
    return connection
  }

  /** Runs a statement that returns nothing. Resolves to the number of rows it changed. */
  async run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    const statement = await this.statement(sql)
    return new Promise((resolve, reject) => {
      statement.run(values, function (this: sqlite3.RunResult, error: Error | null) {
        if (error) reject(failed(error, sql))
        else resolve(this.changes)
      })
    })
  }

  /**
   * All rows of a query. Also used for single rows: the driver's `get` leaves the statement, and with it the
   * connection's view of the data, open until the next call, so later reads would not see newer commits.
   */
  async all<R extends object = Row>(sql: string, values: readonly SqlValue[] = []): Promise<R[]> {
    const statement = await this.statement(sql)
    return new Promise((resolve, reject) => {
      statement.all(values, (error: Error | null, rows: R[]) => (error ? reject(failed(error, sql)) : resolve(rows)))
    })
  }

  async first<R extends object = Row>(sql: string, values: readonly SqlValue[] = []): Promise<R | undefined> {
    return (await this.all<R>(sql, values))[0]
  }

  /** Runs SQL that is not worth preparing, such as a pragma. */
  execute(sql: string): Promise<void> {
    return new Promise((resolve, reject) =>
      this.handle.exec(sql, (error) => (error ? reject(failed(error)) : resolve())),
    )
  }

  async close(): Promise<void> {
    for (const statement of this.prepared.values()) await new Promise<void>((done) => statement.finalize(() => done()))
    this.prepared.clear()
    await new Promise<void>((resolve, reject) =>
      this.handle.close((error) => (error ? reject(failed(error)) : resolve())),
    )
  }

  private async statement(sql: string): Promise<sqlite3.Statement> {
    const known = this.prepared.get(sql)
    if (known) return known
    const fresh = await new Promise<sqlite3.Statement>((resolve, reject) => {
      const made: sqlite3.Statement = this.handle.prepare(sql, (error: Error | null) =>
        error ? reject(failed(error)) : resolve(made),
      )
    })
    // Two callers may have prepared the same text at once: one of the two statements is kept.
    const raced = this.prepared.get(sql)
    if (raced) {
      fresh.finalize()
      return raced
    }
    this.prepared.set(sql, fresh)
    return fresh
  }
}
