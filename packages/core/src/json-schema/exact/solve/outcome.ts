import type { ExactValue } from '../values/exact-value.js'

/**
 * Whether a formula has a value. `leansOn`: how far down the stack of open goals the proof of emptiness leans on goals
 * that were taken to be empty while they were still being searched; `Infinity` if it leans on none.
 */
export type Outcome =
  { kind: 'found'; value: ExactValue } | { kind: 'empty'; leansOn: number } | { kind: 'unknown'; reason: string }

export const emptyForGood: Outcome = { kind: 'empty', leansOn: Infinity }

export function found(value: ExactValue): Outcome {
  return { kind: 'found', value }
}

/** Gathers the failures of alternatives: empty if all were empty, unknown if one was unknown. */
export class Failures {
  private leansOn = Infinity
  private reason: string | undefined

  add(outcome: Outcome): void {
    if (outcome.kind === 'empty') this.leansOn = Math.min(this.leansOn, outcome.leansOn)
    else if (outcome.kind === 'unknown') this.reason ??= outcome.reason
  }

  unknown(reason: string): void {
    this.reason ??= reason
  }

  outcome(): Outcome {
    return this.reason === undefined
      ? { kind: 'empty', leansOn: this.leansOn }
      : { kind: 'unknown', reason: this.reason }
  }
}
