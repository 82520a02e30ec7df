/** The storage accepts no write at the moment: its queue is full, or it is closing. Nothing of the unit was done. */
export class StorageBusy extends Error {
  override readonly name = 'StorageBusy'
}

/** The database could not do what it was asked: the disk is full, the file is gone, or the engine has a mistake. */
export class StorageFailed extends Error {
  override readonly name = 'StorageFailed'

  /** `code`: the engine's own name of the failure, for the log. */
  constructor(
    message: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
