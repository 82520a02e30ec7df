import type { JournalRecord } from './journal.js'
import type { ReadTransaction, Storage, WriteTransaction } from './storage.port.js'

/** A storage that tells what changed, once it is durable and before the one who changed it hears of it. */
export class WatchedStorage implements Storage {
  constructor(
    private readonly storage: Storage,
    private readonly onChange: (record: JournalRecord) => void,
  ) {}

  async write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    let records: JournalRecord[] = []
    const result = await this.storage.write((tx) => {
      records = []
      return work(noting(tx, records))
    })
    for (const record of records) this.onChange(record)
    return result
  }

  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.storage.read(work)
  }

  close(): Promise<void> {
    return this.storage.close()
  }
}

/** The transaction with a note of each journal entry. */
function noting(tx: WriteTransaction, records: JournalRecord[]): WriteTransaction {
  return new Proxy(tx, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== 'appendJournal') return member.bind(target) as unknown
      return (record: JournalRecord) => {
        records.push(record)
        return target.appendJournal(record)
      }
    },
  })
}
