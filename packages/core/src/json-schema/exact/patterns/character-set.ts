/** A set of code points: inclusive ranges `lo, hi, lo, hi, …`, ascending, neither touching nor overlapping. */
export type CharacterSet = readonly number[]

export const lastCodePoint = 0x10ffff
export const anyCharacter: CharacterSet = [0, lastCodePoint]
export const noCharacter: CharacterSet = []
export const digits: CharacterSet = [48, 57]
export const wordCharacters: CharacterSet = [48, 57, 65, 90, 95, 95, 97, 122]
/** ECMA-262 WhiteSpace and LineTerminator. */
export const spaces: CharacterSet = [
  9, 13, 32, 32, 160, 160, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000,
  0x3000, 0xfeff, 0xfeff,
]
/** What `.` leaves out. */
export const lineTerminators: CharacterSet = [10, 10, 13, 13, 0x2028, 0x2029]

/** @param ranges pairs in any order, overlaps allowed */
export function characterSet(ranges: readonly (readonly [number, number])[]): CharacterSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const set: number[] = []
  for (const [lo, hi] of sorted) {
    const last = set.length - 1
    if (last > 0 && lo <= set[last] + 1) set[last] = Math.max(set[last], hi)
    else set.push(lo, hi)
  }
  return set
}

export function union(a: CharacterSet, b: CharacterSet): CharacterSet {
  return characterSet([...pairs(a), ...pairs(b)])
}

export function complement(set: CharacterSet): CharacterSet {
  const rest: number[] = []
  let next = 0
  for (const [lo, hi] of pairs(set)) {
    if (lo > next) rest.push(next, lo - 1)
    next = hi + 1
  }
  if (next <= lastCodePoint) rest.push(next, lastCodePoint)
  return rest
}

export function intersection(a: CharacterSet, b: CharacterSet): CharacterSet {
  const common: number[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const lo = Math.max(a[i], b[j])
    const hi = Math.min(a[i + 1], b[j + 1])
    if (lo <= hi) common.push(lo, hi)
    if (a[i + 1] < b[j + 1]) i += 2
    else j += 2
  }
  return common
}

export function* pairs(set: CharacterSet): Generator<[number, number]> {
  for (let i = 0; i < set.length; i += 2) yield [set[i], set[i + 1]]
}

const properties = new Map<string, CharacterSet>()

/**
 * The code points of a Unicode property, as this JavaScript engine knows it.
 * @param escape such as `\p{L}`; has to be valid
 */
export function unicodeProperty(escape: string): CharacterSet {
  let set = properties.get(escape)
  if (!set) {
    const runs = new RegExp(`${escape}+`, 'gu')
    const ranges: [number, number][] = []
    const chunk = 0x1000
    for (let from = 0; from <= lastCodePoint; from += chunk) {
      let text = ''
      // Surrogates are looked at one by one: side by side they would pair up.
      if (from >= 0xd800 && from < 0xe000) {
        for (let c = from; c < from + chunk && c < 0xe000; c++) {
          runs.lastIndex = 0
          if (runs.test(String.fromCodePoint(c))) ranges.push([c, c])
        }
        continue
      }
      for (let c = from; c < from + chunk; c++) text += String.fromCodePoint(c)
      for (const { index, 0: run } of text.matchAll(runs)) {
        const lo = text.codePointAt(index)!
        const length = lo > 0xffff ? run.length / 2 : run.length
        ranges.push([lo, lo + length - 1])
      }
    }
    set = characterSet(ranges)
    properties.set(escape, set)
  }
  return set
}

/** Readable characters first, so that witnesses can be read. */
const preferred: readonly (readonly [number, number])[] = [
  [97, 122],
  [48, 57],
  [65, 90],
  [45, 45],
  [95, 95],
  [32, 126],
  [160, 0xd7ff],
  [0xe000, lastCodePoint],
  [0, 31],
  [127, 159],
  [0xd800, 0xdfff],
]

/** Up to `count` distinct members, the readable ones first. */
export function pick(set: CharacterSet, count: number): number[] {
  const picked: number[] = []
  for (const range of preferred) {
    for (const [lo, hi] of pairs(intersection(set, range))) {
      for (let c = lo; c <= hi; c++) {
        if (picked.length >= count) return picked
        if (!(range[0] === 32 && isPreferredEarlier(c))) picked.push(c)
      }
    }
  }
  return picked
}

function isPreferredEarlier(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 45 ||
    code === 95
  )
}
