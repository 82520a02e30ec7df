import type { Arena } from '../logic/arena.js'
import type { Node } from '../logic/node.js'
import { typeBit } from '../values/exact-value.js'
import { leastCommonMultiple, Rational } from '../values/rational.js'
import { emptyForGood, found, type Outcome } from './outcome.js'

interface Limit {
  value: Rational
  exclusive: boolean
}

const maxEnumerated = 10_000n
const two = Rational.of(2n)
/** Tried first: people read witnesses. */
const simple = ['0', '0.5', '1', '1.5', '-1', '-0.5'].map((lexeme) => Rational.parse(lexeme))
const half = Rational.of(1n, 2n)

/** A number within the bounds, on the lattice of all `multipleOf`, off the lattices excluded, and not excluded itself. */
export function findNumber(types: number, nodes: readonly Node[], arena: Arena): Outcome {
  let lattice: Rational | undefined
  let min: Limit | undefined
  let max: Limit | undefined
  const avoided: Rational[] = []
  const excluded = new Set<string>()
  const onLattice = (step: Rational) => (lattice = lattice ? leastCommonMultiple(lattice, step) : step)
  if (types === typeBit.integer) onLattice(Rational.one)
  if (types === typeBit.fraction) avoided.push(Rational.one)
  for (const node of nodes) {
    if (node.kind === 'multiple') {
      if (node.negated) avoided.push(node.of)
      else onLattice(node.of)
    } else if (node.kind === 'bound') {
      if (node.side === 'min') min = tighter(min, node, 1)
      else max = tighter(max, node, -1)
    } else if (node.kind === 'not-in') for (const key of node.values.keys()) excluded.add(key)
  }
  const spend = () => arena.languages.meter.spend()
  const fits = (value: Rational) => {
    spend()
    return (
      !excluded.has(value.key) &&
      !avoided.some((step) => value.isMultipleOf(step)) &&
      (!min || value.compare(min.value) > (min.exclusive ? 0 : -1)) &&
      (!max || value.compare(max.value) < (max.exclusive ? 0 : 1))
    )
  }
  return lattice ? onTheLattice(lattice, min, max, avoided, excluded.size, fits) : anywhere(min, max, avoided, fits)
}

function tighter(known: Limit | undefined, next: Limit, direction: 1 | -1): Limit {
  if (!known) return next
  const difference = next.value.compare(known.value) * direction
  return difference > 0 || (difference === 0 && next.exclusive) ? next : known
}

function onTheLattice(
  step: Rational,
  min: Limit | undefined,
  max: Limit | undefined,
  avoided: readonly Rational[],
  excluded: number,
  fits: (value: Rational) => boolean,
): Outcome {
  if (avoided.some((other) => step.isMultipleOf(other))) return emptyForGood
  const inclusive = (limit: Limit, rounded: bigint, inwards: bigint) =>
    limit.exclusive && Rational.of(rounded).times(step).equals(limit.value) ? rounded + inwards : rounded
  const first = min && inclusive(min, min.value.over(step).ceil(), 1n)
  const last = max && inclusive(max, max.value.over(step).floor(), -1n)
  if (first !== undefined && last !== undefined && first > last) return emptyForGood
  const start = first !== undefined && first > 0n ? first : last !== undefined && last < 0n ? last : 0n
  // Nearest to zero first, outwards in both directions. Points that are avoided repeat, so that a free one is near.
  for (let distance = 0n; distance < maxEnumerated + BigInt(excluded); distance++) {
    let inside = false
    for (const index of distance === 0n ? [start] : [start + distance, start - distance]) {
      if ((first !== undefined && index < first) || (last !== undefined && index > last)) continue
      inside = true
      const value = Rational.of(index).times(step)
      if (fits(value)) return found(value)
    }
    if (!inside) return emptyForGood
  }
  // The point next to a common multiple of all that is avoided is a multiple of none.
  const period = avoided.reduce((period, other) => leastCommonMultiple(period, other), step)
  for (let round = 0n; round <= BigInt(excluded); round++) {
    const base = first ?? last ?? 0n
    const cycle = period.over(step).numerator
    const direction = first === undefined ? -1n : 1n
    const index = (base / cycle + direction * (2n + round)) * cycle + direction
    const value = Rational.of(index).times(step)
    if (fits(value)) return found(value)
  }
  return { kind: 'unknown', reason: `more than ${maxEnumerated} multiples to look at one by one` }
}

/** Without a lattice an interval is never exhausted: a number with more digits than all that is avoided is free. */
function anywhere(
  min: Limit | undefined,
  max: Limit | undefined,
  avoided: readonly Rational[],
  fits: (value: Rational) => boolean,
): Outcome {
  if (min && max) {
    const difference = min.value.compare(max.value)
    if (difference > 0 || (difference === 0 && (min.exclusive || max.exclusive))) return emptyForGood
    if (difference === 0) return fits(min.value) ? found(min.value) : emptyForGood
  }
  const from = min ? Rational.of(min.value.floor()) : max ? Rational.of(max.value.floor() - 20n) : Rational.zero
  const preferred = [...simple, ...(min ? [min.value] : []), ...(max ? [max.value] : [])]
  for (const value of preferred) if (fits(value)) return found(value)
  for (let i = 0n; i <= 40n; i++) {
    const value = from.plus(Rational.of(i).times(half))
    if (fits(value)) return found(value)
  }
  // Bisecting towards the upper end yields ever finer decimals, none excluded twice.
  const low = min?.value ?? (max ? max.value.minus(Rational.one) : Rational.zero)
  const high = max?.value ?? low.plus(Rational.one)
  const finest = avoided.reduce((finest, step) => finest * step.denominator, 1n)
  let middle = low.plus(high).times(half)
  for (let round = 0n; round < maxEnumerated; round++) {
    if (fits(middle)) return found(middle)
    middle = middle.plus(high).over(two)
    if (middle.denominator > finest << 4096n) break
  }
  return { kind: 'unknown', reason: 'a number with very many digits would be needed' }
}
