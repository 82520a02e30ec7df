import type { Connection } from './connection.js'
import { SqliteReadTransaction } from './read-transaction.js'

/**
 * Runs reads on connections that cannot write, one read per connection at a time, each in a transaction of its own: a
 * read of several statements sees one state, and never one that is older than the last acknowledged write.
 */
export class ReaderPool {
  private readonly idle: Connection[]
  private readonly waiting: ((connection: Connection) => void)[] = []
  private readonly running = new Set<Promise<unknown>>()

  constructor(private readonly connections: readonly Connection[]) {
    this.idle = [...connections]
  }

  run<T>(work: (tx: SqliteReadTransaction) => Promise<T>): Promise<T> {
    const read = this.withConnection(work)
    const settled = read.catch(() => undefined)
    this.running.add(settled)
    void settled.then(() => this.running.delete(settled))
    return read
  }

  /** Waits for the reads that have begun, then closes the connections. */
  async close(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running)
    for (const connection of this.connections) await connection.close()
  }

  private async withConnection<T>(work: (tx: SqliteReadTransaction) => Promise<T>): Promise<T> {
    const connection = this.idle.pop() ?? (await new Promise<Connection>((resolve) => this.waiting.push(resolve)))
    try {
      await connection.run('BEGIN')
      const tx = new SqliteReadTransaction(connection)
      try {
        const value = await work(tx)
        await tx.end()
        return value
      } finally {
        await tx.end().catch(() => undefined) // after a failure: its error is the one to report
        await connection.run('COMMIT')
      }
    } finally {
      const next = this.waiting.shift()
      if (next) next(connection)
      else this.idle.push(connection)
    }
  }
}
