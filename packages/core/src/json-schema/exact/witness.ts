import { type ExactValue, isArray, isObject } from './values/exact-value.js'

const maxTries = 400

/**
 * Leaves out of a value what is not needed: members, items, then the same inside of what is left. Ends after a fixed
 * number of tries.
 * @param stillBreaks whether a smaller value still shows the break
 */
export function minimise(value: ExactValue, stillBreaks: (value: ExactValue) => boolean): ExactValue {
  let tries = 0
  const accept = (candidate: ExactValue) => tries++ < maxTries && stillBreaks(candidate)
  const shrink = (part: ExactValue, rebuild: (part: ExactValue) => ExactValue): ExactValue => {
    let best = part
    for (const key of isObject(part) ? part.keys() : []) {
      const smaller = new Map(best as ReadonlyMap<string, ExactValue>)
      smaller.delete(key)
      if (accept(rebuild(smaller))) best = smaller
    }
    if (isArray(part)) {
      for (let i = part.length - 1; i >= 0; i--) {
        const smaller = (best as ExactValue[]).filter((_, index) => index !== i)
        if (accept(rebuild(smaller))) best = smaller
      }
    }
    if (isArray(best)) {
      for (const i of best.keys()) {
        const inner = shrink(best[i], (item) => rebuild((best as ExactValue[]).with(i, item)))
        best = best.with(i, inner)
      }
    } else if (isObject(best)) {
      for (const key of [...best.keys()]) {
        const around: ReadonlyMap<string, ExactValue> = best
        const inner = shrink(around.get(key)!, (member) => rebuild(new Map(around).set(key, member)))
        best = new Map(around).set(key, inner)
      }
    }
    return best
  }
  return shrink(value, (whole) => whole)
}
