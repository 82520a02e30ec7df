/** The comparison cannot be finished: too much of it, or a pattern that is not understood. */
export class Unanswerable extends Error {
  constructor(readonly reason: string) {
    super(reason)
  }
}
