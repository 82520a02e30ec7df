import type { DecodeFailure, WriterId } from './decoded.js'
import type { Writer } from './writers.js'

/** Ids come from whoever can write to the topic: neither table grows beyond this. */
const maxEntries = 1000

/** For how long a schema that the registry does not know, or cannot give, is not asked for again. */
const retryAfterMs = 2000

type Key = number | string
type Entry = Writer | DecodeFailure

/**
 * What is known about writers' schemas, by id or GUID. Both are immutable, so nothing expires but the answers that
 * another attempt may change. One load at a time for each schema, whoever waits for it.
 */
export class WriterCache {
  private readonly pinned = new Map<Key, Entry>()
  private readonly met = new Map<Key, Entry>()
  private readonly unavailable = new Map<Key, { failure: DecodeFailure; until: number }>()
  private readonly loading = new Map<Key, Promise<Entry>>()

  pin(id: WriterId, writer: Writer): void {
    if (id.id !== undefined) this.pinned.set(id.id, writer)
    if (id.guid !== undefined) this.pinned.set(id.guid, writer)
  }

  get(id: WriterId): Entry | undefined {
    const key = keyOf(id)
    return this.pinned.get(key) ?? this.met.get(key)
  }

  async load(id: WriterId, load: () => Promise<Entry>): Promise<Entry> {
    const key = keyOf(id)
    const known = this.get(id)
    if (known) return known
    const failed = this.unavailable.get(key)
    if (failed && failed.until > performance.now()) return failed.failure
    const running = this.loading.get(key)
    if (running) return await running
    const attempt = load().then((entry) => this.keep(key, entry))
    this.loading.set(key, attempt)
    try {
      return await attempt
    } finally {
      this.loading.delete(key)
    }
  }

  private keep(key: Key, entry: Entry): Entry {
    if (typeof entry !== 'function' && entry.class === 'retryable') {
      limited(this.unavailable).set(key, { failure: entry, until: performance.now() + retryAfterMs })
    } else {
      this.unavailable.delete(key)
      limited(this.met).set(key, entry)
    }
    return entry
  }
}

const keyOf = ({ id, guid }: WriterId): Key => id ?? String(guid)

/** Makes room by dropping the oldest entry. */
function limited<V>(map: Map<Key, V>): Map<Key, V> {
  if (map.size >= maxEntries) for (const oldest of map.keys()) return (map.delete(oldest), map)
  return map
}
