import { LruCache } from '../registry/lru-cache.js'
import type { JournalRecord } from '../storage/journal.js'

/** What is kept beside the bytes of an answer, roughly. */
const overhead = 256
/** Addresses of one id that are kept; clients use one or two, and nobody should fill the memory by asking oddly. */
const mostAddresses = 16

/**
 * Finished bodies of answers about schemas by id, by the address that they answer. Contents never change, but which
 * version has them does: the answers about an id go when the journal says that it is concerned.
 */
export class PreparedAnswers {
  /** By id as it stands in the address, whatever the context: the bodies by address. */
  readonly #answers: LruCache<Map<string, Buffer>>
  #changes = 0

  constructor(capacity: number) {
    this.#answers = new LruCache(capacity)
  }

  get(url: string): Buffer | undefined {
    const id = idIn(url)
    return id === undefined ? undefined : this.#answers.get(id)?.get(url)
  }

  /** To be taken before the state is read that an answer is made from. */
  ticket(): number {
    return this.#changes
  }

  /** Keeps an answer unless something changed since the ticket was taken. */
  put(url: string, body: Buffer, ticket: number): void {
    const id = idIn(url)
    if (ticket !== this.#changes || id === undefined) return
    const known = this.#answers.get(id)
    const bodies = new Map(known && known.size < mostAddresses ? known : undefined).set(url, body)
    let weight = 0
    for (const [address, { length }] of bodies) weight += length + 2 * address.length + overhead
    this.#answers.set(id, bodies, weight)
  }

  /** Drops what a change makes wrong. */
  forget({ kind, payload }: JournalRecord): void {
    this.#changes++
    // An alias may have changed, which concerns any address with a subject in it.
    if (kind.startsWith('config-')) this.#answers.clear()
    if (kind.startsWith('version-')) this.#answers.delete(String(payload.id))
  }
}

/** The id in `/schemas/ids/7?..`, if it is written in the one usual way. */
const idIn = (url: string) => /^\/schemas\/ids\/([1-9]\d{0,9})(?:\?|$)/.exec(url)?.[1]
