/** Quantiles of what was measured. */

/** Returns the quantiles of figures: at 0 the smallest, at 0.5 the median, at 1 the largest. Without figures they are NaN. */
export const of = (figures: readonly number[]): ((part: number) => number) => {
  const sorted = figures.toSorted((a, b) => a - b)
  return (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** Returns the figure in the middle; of an even number of figures, the larger of the two. */
export const median = (figures: readonly number[]): number => of(figures)(0.5)
