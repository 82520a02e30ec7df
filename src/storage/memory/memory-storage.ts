import type { Storage, ReadTransaction, WriteTransaction } from '../storage.port.js'
import { MemoryState } from './memory-state.js'
import { MemoryTransaction } from './memory-transaction.js'

/**
 * The storage port in plain maps: for tests, and for a registry that may forget everything when it ends.
 * Units are isolated by turns: a unit waits for the reads that began before it, a read for the units queued before it.
 */
export class MemoryStorage implements Storage {
  readonly #state = new MemoryState()
  #lastUnit: Promise<unknown> = Promise.resolve()
  readonly #reads = new Set<Promise<unknown>>()
  #closed = false

  async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    this.#checkOpen()
    const unit = Promise.allSettled([this.#lastUnit, ...this.#reads]).then(() => this.#run(work))
    this.#lastUnit = unit.catch(() => undefined)
    return unit
  }

  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    this.#checkOpen()
    const read = this.#lastUnit.then(() => work(new MemoryTransaction(this.#state)))
    const settled = read.catch(() => undefined)
    this.#reads.add(settled)
    void settled.then(() => this.#reads.delete(settled))
    return read
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#lastUnit, ...this.#reads])
  }

  async #run<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    const tx = new MemoryTransaction(this.#state)
    try {
      return await work(tx)
    } catch (error) {
      tx.undo()
      throw error
    }
  }

  #checkOpen() {
    if (this.#closed) throw new Error('the storage is closed')
  }
}
