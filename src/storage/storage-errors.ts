/** The storage accepts no write at the moment: its queue is full, or it is closing. Nothing of the unit was done. */
export class StorageBusy extends Error {
  override readonly name = 'StorageBusy'
}
