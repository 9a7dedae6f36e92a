/** Numbers of things, for people. */

/** Returns a number with its noun: `1 check`, `3 checks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`
