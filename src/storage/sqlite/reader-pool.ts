import type { Connection } from './connection.js'
import { SqliteReadTransaction, StateMovedOn } from './read-transaction.js'
import type { Recent } from './recent.js'

/**
 * Runs reads on connections that cannot write, one read per connection at a time, each in a transaction of its own: a
 * read of several statements sees one state, and never one that is older than the last acknowledged write. The
 * transaction begins with the first statement; a read that remembered rows can answer needs none.
 */
export class ReaderPool {
  private readonly idle: Connection[]
  private readonly waiting: ((connection: Connection) => void)[] = []
  private readonly running = new Set<Promise<unknown>>()

  constructor(
    private readonly connections: readonly Connection[],
    private readonly recent: Recent,
  ) {
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
      for (;;) {
        const outcome = await this.attempt(connection, work)
        if ('value' in outcome) return outcome.value
      }
    } finally {
      const next = this.waiting.shift()
      if (next) next(connection)
      else this.idle.push(connection)
    }
  }

  private async attempt<T>(
    connection: Connection,
    work: (tx: SqliteReadTransaction) => Promise<T>,
  ): Promise<{ value: T } | { again: true }> {
    const tx = new SqliteReadTransaction({ connection, recent: this.recent, begin: () => connection.run('BEGIN') })
    try {
      const value = await work(tx)
      await tx.end()
      return { value }
    } catch (error) {
      if (error instanceof StateMovedOn) return { again: true }
      throw error
    } finally {
      await tx.end().catch(() => undefined) // after a failure: its error is the one to report
      if (tx.hasBegun) await connection.run('COMMIT')
    }
  }
}
