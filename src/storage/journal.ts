import { createHash } from 'node:crypto'

/** What kinds of change there are. The payload of each is a JSON object that suffices to repeat the change. */
export type JournalKind =
  | 'version-registered'
  | 'version-deleted'
  | 'version-removed'
  | 'config-set'
  | 'config-removed'
  | 'mode-set'
  | 'mode-removed'
  | 'context-removed'
  | 'association-set'
  | 'association-removed'

/** A change as the service states it. */
export interface JournalRecord {
  kind: JournalKind
  /** The qualified subject or scope that changed. */
  subject: string
  payload: Record<string, unknown>
  /** Milliseconds since 1970. */
  time: number
}

/** A change in its place in the history. */
export interface JournalEntry extends JournalRecord {
  /** 1, 2, 3 .. without gaps. */
  sequence: number
  /** Hash of the entry before; 64 zeros for the first. */
  previousHash: string
  /** SHA-256, hexadecimal, over the previous hash and this entry. */
  hash: string
}

/** The hash before the first entry. */
export const genesisHash = '0'.repeat(64)

/** Puts a change behind the last entry of a journal. */
export function chain(last: Pick<JournalEntry, 'sequence' | 'hash'> | undefined, record: JournalRecord): JournalEntry {
  const { kind, subject, payload, time } = record
  const sequence = (last?.sequence ?? 0) + 1
  const previousHash = last?.hash ?? genesisHash
  const hash = hashOf(previousHash, { sequence, time, kind, subject, payload })
  return { sequence, time, kind, subject, payload, previousHash, hash }
}

/** Whether the entries follow one another without gap or change; `before` is the hash in front of the first one. */
export function isUnbroken(entries: readonly JournalEntry[], before: string = genesisHash): boolean {
  let previous = before
  return entries.every((entry) => {
    const intact = entry.previousHash === previous && entry.hash === hashOf(previous, entry)
    previous = entry.hash
    return intact
  })
}

function hashOf(previousHash: string, entry: Omit<JournalEntry, 'hash' | 'previousHash'>): string {
  const { sequence, time, kind, subject, payload } = entry
  return createHash('sha256')
    .update(JSON.stringify([previousHash, sequence, time, kind, subject, payload]))
    .digest('hex')
}
