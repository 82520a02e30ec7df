/** A client program and what it needs. */
export interface Client {
  name: string
  /** Runs only when named on the command line. */
  onlyByName?: boolean
  /** Why this machine cannot run it, or `undefined`. */
  lacks(): string | undefined
  /** Installs or compiles what is needed into the cache folder; the answer is the command line to run. */
  prepare(cache: string): Promise<string[]>
}

/** What one behaviour of a client showed. */
export interface Shown {
  name: string
  ok: boolean
  reason?: string
}
