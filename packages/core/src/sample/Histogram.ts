/**
 * Histograms: how many of some values lie where, in bins that grow by a constant factor, so that a quantile is as exact for
 * milliseconds as for minutes. Only bins that have something are kept.
 */

/** A bin that has something: its number, and how many values lie in it. */
export type Bin = readonly [number: number, count: number]

/** Bins by ascending numbers. */
export type Histogram = readonly Bin[]

/** From one bin to the next. A value is at most 3.9 % from the middle of its bin. */
export const growth = 1.08

const logGrowth = Math.log(growth)

/** The bin of all values that are not above the smallest. */
export const lowest = -60
/** The bin of all values that are larger than any milliseconds. */
export const highest = 420

/** Returns the number of the bin in which a value lies: of bin `n`, above `growth` to the power of n - 1, up to that of n. */
export const binOf = (value: number): number => {
  if (!(value > 0)) return lowest
  return Math.min(highest, Math.max(lowest, Math.ceil(Math.log(value) / logGrowth)))
}

/** Returns the value that stands for a bin: the one that is nearest to all in it, relatively. */
export const middleOf = (bin: number): number => (bin <= lowest ? 0 : (2 * growth ** bin) / (1 + growth))

/** Returns the histogram of a value. */
export const of = (value: number): Histogram => [[binOf(value), 1]]

/** Returns the histogram of all values of some. */
export const sum = (all: readonly Histogram[]): Histogram => {
  const counts = new Map<number, number>()
  for (const histogram of all)
    for (const [bin, count] of histogram) counts.set(bin, (counts.get(bin) ?? 0) + count)
  return [...counts].sort(([a], [b]) => a - b)
}

/** Returns the value below or at which a share of all lies, 0 to 1; `undefined` of no values. */
export const quantile = (self: Histogram, share: number): number | undefined => {
  const total = self.reduce((sum, [, count]) => sum + count, 0)
  let rank = Math.max(1, Math.ceil(share * total))
  for (const [bin, count] of self) {
    rank -= count
    if (rank <= 0) return middleOf(bin)
  }
  return undefined
}
