/** First and last number, both in the range. */
export type Range = readonly [first: number, last: number]

export const covers = (ranges: readonly Range[], number: number): boolean =>
  ranges.some(([first, last]) => first <= number && number <= last)

/** The ranges of `older` that `newer` does not cover in full, touching ranges of `newer` taken as one. */
export function uncovered(older: readonly Range[], newer: readonly Range[]): Range[] {
  const merged: [number, number][] = []
  for (const [first, last] of newer.toSorted((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1)
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else merged.push([first, last])
  }
  return older.filter(([first, last]) => !merged.some((range) => range[0] <= first && last <= range[1]))
}

/** As a `reserved` or `extensions` statement writes it. */
export const showRanges = (ranges: readonly Range[]): string =>
  ranges
    .map(([first, last]) => (first === last ? `${first}` : `${first} to ${last >= 536_870_911 ? 'max' : last}`))
    .join(', ')
