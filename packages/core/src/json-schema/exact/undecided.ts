/** Thrown where the engine cannot tell: the reason is what the user gets to read. Never swallowed into a yes or a no. */
export class Undecided extends Error {
  override readonly name = 'Undecided'
  /** `global`: nothing further may be tried (the budget is spent). `local`: another branch may still find an answer. */
  readonly scope: 'local' | 'global'

  constructor(
    readonly reason: string,
    scope: 'local' | 'global' = 'local',
  ) {
    super(reason)
    this.scope = scope
  }
}

/** Counts work, so that equal input gets the equal answer on every machine. */
export class Meter {
  private left: number

  constructor(private readonly steps: number) {
    this.left = steps
  }

  /** @throws Undecided when the budget is spent */
  spend(steps = 1): void {
    this.left -= steps
    if (this.left < 0) throw new Undecided(`budget of ${this.steps} steps spent`, 'global')
  }

  get spent(): number {
    return this.steps - this.left
  }
}
