import { StorageBusy, StorageFailed } from '../storage-errors.js'
import type { CommitReport } from '../storage-observer.js'
import type { Connection } from './connection.js'

/** A unit's access to the database while it runs, and not a moment longer. */
export interface Session {
  /** Whether the unit has changed anything yet. */
  readonly wrote: boolean
  /** Ends the access: waits for statements that the unit started and did not wait for, and throws if one failed. */
  end(): Promise<void>
}

interface Unit<S extends Session> {
  work: (session: S) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

type Outcome = { value: unknown } | { refusal: unknown }

export interface GroupCommitOptions<S extends Session> {
  connection: Connection
  openSession: () => S
  /** Called when something was undone, so that nothing is remembered of it. */
  onUndo: () => void
  /** Called right before a commit starts. */
  beforeCommit?: () => void
  /** Called when a batch has ended, before its units are answered. */
  afterBatch?: (outcome: { committed: boolean }) => void
  onCommit: (report: CommitReport) => void
  /** How many units may wait; one more is refused with `StorageBusy`. */
  queueLimit: number
  /** How many units share a commit at most. Beyond 64 nothing is gained: the disk flush is shared well enough. */
  batchLimit?: number
}

/**
 * The serial writer: runs units of work one after another and makes many of them durable with one commit. A unit is
 * answered after the commit that holds it, so an acknowledged unit is on the disk.
 *
 * A refused unit never undoes its neighbours. One that has not written needs nothing undone. When one has, the batch is
 * rolled back and run again with a savepoint around each unit: savepoints cost half of the throughput, and units that
 * write and then refuse are rare, because they check before they write. So a unit may run twice.
 */
export class GroupCommit<S extends Session> {
  private readonly waiting: Unit<S>[] = []
  private draining?: Promise<void>
  private closed = false

  constructor(private readonly options: GroupCommitOptions<S>) {}

  /** How many units wait for their turn. */
  get queued(): number {
    return this.waiting.length
  }

  submit<T>(work: (session: S) => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new StorageBusy('the storage is closed'))
    if (this.waiting.length >= this.options.queueLimit) {
      return Promise.reject(new StorageBusy(`${this.waiting.length} writes are waiting already; try again later`))
    }
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      this.draining ??= this.drain()
    })
  }

  /** Accepts no more units and waits until the accepted ones are durable. */
  async close(): Promise<void> {
    this.closed = true
    await this.draining
  }

  private async drain(): Promise<void> {
    // One turn of the event loop lets the requests that arrived together share the first commit.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.options.batchLimit ?? 64)
      const start = performance.now()
      try {
        const outcomes = await this.runBatch(batch)
        this.options.afterBatch?.({ committed: true })
        this.options.onCommit({ units: batch.length, seconds: (performance.now() - start) / 1000 })
        batch.forEach((unit, index) => settle(unit, outcomes[index]))
      } catch (error) {
        // Not one unit's fault: the disk is full, the file is gone, the commit failed. Nothing of the batch is stored.
        this.options.onUndo()
        await this.options.connection.run('ROLLBACK').catch(() => undefined) // SQLite may have rolled back by itself
        this.options.afterBatch?.({ committed: false })
        const reason =
          error instanceof StorageFailed && error.code === 'SQLITE_BUSY' ? new StorageBusy(lockedOut) : error
        for (const unit of batch) unit.reject(reason)
      }
    }
    this.draining = undefined
  }

  private async runBatch(batch: Unit<S>[]): Promise<Outcome[]> {
    const { connection } = this.options
    await connection.run('BEGIN IMMEDIATE')
    const outcomes: Outcome[] = []
    for (const unit of batch) {
      const { outcome, wrote } = await this.runUnit(unit)
      if ('refusal' in outcome && wrote) {
        this.options.onUndo()
        await connection.run('ROLLBACK')
        return this.runGuarded(batch)
      }
      outcomes.push(outcome)
    }
    this.options.beforeCommit?.()
    await connection.run('COMMIT')
    return outcomes
  }

  /** The same with a savepoint around each unit. */
  private async runGuarded(batch: Unit<S>[]): Promise<Outcome[]> {
    const { connection } = this.options
    await connection.run('BEGIN IMMEDIATE')
    const outcomes: Outcome[] = []
    for (const unit of batch) {
      await connection.run('SAVEPOINT unit')
      const { outcome, wrote } = await this.runUnit(unit)
      if ('refusal' in outcome && wrote) {
        this.options.onUndo()
        await connection.run('ROLLBACK TO unit')
      }
      await connection.run('RELEASE unit')
      outcomes.push(outcome)
    }
    this.options.beforeCommit?.()
    await connection.run('COMMIT')
    return outcomes
  }

  private async runUnit(unit: Unit<S>): Promise<{ outcome: Outcome; wrote: boolean }> {
    const session = this.options.openSession()
    let outcome: Outcome
    try {
      outcome = { value: await unit.work(session) }
    } catch (refusal) {
      outcome = { refusal }
    }
    try {
      await session.end()
    } catch (refusal) {
      if ('value' in outcome) outcome = { refusal }
    }
    return { outcome, wrote: session.wrote }
  }
}

const lockedOut = 'another process is writing to the database file; an SQLite database serves one registry process'

function settle<S extends Session>(unit: Unit<S>, outcome: Outcome | undefined) {
  if (outcome && 'value' in outcome) unit.resolve(outcome.value)
  else unit.reject(outcome?.refusal)
}
