/** Numbers of things in plain English. It imports nothing, for `overdue run` loads it, and must start fast. */

/** Returns a number with its noun: `1 check`, `3 checks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`
