/** What an engine tells about one commit. */
export interface CommitReport {
  /** How many units of work shared it. */
  units: number
  /** From the begin of the transaction until it was durable. */
  seconds: number
}

/** What the metrics want to know of an engine. */
export interface StorageObserver {
  onCommit(report: CommitReport): void
}
