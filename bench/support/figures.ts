import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** One round of work by one process. */
export interface Round {
  operations: number
  seconds: number
  cpuSeconds: number
}

export interface Figures {
  perSecond: number
  cpuMicroseconds: number
}

export const figuresOf = ({ operations, seconds, cpuSeconds }: Round): Figures => ({
  perSecond: operations / seconds,
  cpuMicroseconds: (cpuSeconds / operations) * 1e6,
})

/** The middle of several rounds, each figure for itself. */
export function middle(rounds: readonly Figures[]): Figures {
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMicroseconds: median(rounds.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  }
}

export interface Comparison {
  bench: string
  subject: string
  anchor: string
  unit: string
  rounds: { subject: Figures[]; anchor: Figures[] }
  /** Subject divided by anchor, from the middle rounds. */
  ratio: { rate: number; cpu: number }
}

/** Runs the two in turns, so that what else the machine does falls on both, and shows how they compare. */
export async function compare(options: {
  bench: string
  subject: { name: string; run: () => Promise<Round> }
  anchor: { name: string; run: () => Promise<Round> }
  unit: string
  rounds: number
}): Promise<Comparison> {
  const { bench, subject, anchor, unit } = options
  const rounds = { subject: [] as Figures[], anchor: [] as Figures[] }
  console.log(`${bench}: ${subject.name} against ${anchor.name}, ${options.rounds} rounds in turns`)
  for (let round = 0; round < options.rounds; round++) {
    const one = figuresOf(await subject.run())
    const other = figuresOf(await anchor.run())
    rounds.subject.push(one)
    rounds.anchor.push(other)
    console.log(
      `  ${one.perSecond.toFixed(0)} ${unit}/s, ${one.cpuMicroseconds.toFixed(1)} us CPU each` +
        `  |  ${other.perSecond.toFixed(0)} ${unit}/s, ${other.cpuMicroseconds.toFixed(1)} us CPU each`,
    )
  }
  const [a, b] = [middle(rounds.subject), middle(rounds.anchor)]
  const ratio = { rate: a.perSecond / b.perSecond, cpu: a.cpuMicroseconds / b.cpuMicroseconds }
  console.log(`  ratio: ${ratio.rate.toFixed(2)} times the rate, ${ratio.cpu.toFixed(2)} times the CPU of the anchor`)
  return { bench, subject: subject.name, anchor: anchor.name, unit, rounds, ratio }
}

/** `--seconds N`, `--rounds N` and `--json FILE`, the same for each benchmark. */
export function benchOptions() {
  const { values } = parseArgs({
    options: { seconds: { type: 'string' }, rounds: { type: 'string' }, json: { type: 'string' } },
  })
  return { seconds: Number(values.seconds ?? 2), rounds: Number(values.rounds ?? 5), json: values.json }
}

export function report(comparison: Comparison, json: string | undefined): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(comparison, undefined, 2)}\n`)
}
