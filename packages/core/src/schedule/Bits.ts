/** Sets of small numbers as bits: bit n is set when n is a member. Sets up to 59 take two integers: 0–29 and 30–59. */

/** Returns the smallest member ≥ `from` (0–31) of a 32-bit set, or −1. */
export const next = (bits: number, from: number): number => {
  const rest = (bits >>> from) << from
  return rest === 0 ? -1 : 31 - Math.clz32(rest & -rest)
}

/** Returns the smallest member ≥ `from` (0–60) of a set in two integers, or −1. */
export const nextOfSixty = (low: number, high: number, from: number): number => {
  if (from < 30) {
    const found = next(low, from)
    if (found >= 0) return found
  }
  const found = next(high, from < 30 ? 0 : from - 30)
  return found < 0 ? -1 : found + 30
}

/** Whether `value` (0–31) is a member. */
export const has = (bits: number, value: number): boolean => ((bits >>> value) & 1) === 1

/** Returns how many members a 32-bit set has. */
export const count = (bits: number): number => {
  let members = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) members++
  return members
}

/** Returns the set of `first` to `last`, both inclusive, 0–29. */
export const range = (first: number, last: number): number => (2 << last) - (1 << first)

/** Returns the members of a 32-bit set, ascending, each plus `shift`. */
export const list = (bits: number, shift = 0): readonly number[] => {
  const members: number[] = []
  for (let value = next(bits, 0); value >= 0; value = value === 31 ? -1 : next(bits, value + 1)) {
    members.push(value + shift)
  }
  return members
}

/** Returns the members of a set in two integers, ascending. */
export const listOfSixty = (low: number, high: number): readonly number[] => [...list(low), ...list(high, 30)]

/** Returns the first `length` bits in reverse order: bit n becomes bit `length` − 1 − n. */
export const reverse = (bits: number, length: number): number => {
  let x = bits
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1)
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2)
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4)
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8)
  x = (x >>> 16) | (x << 16)
  return x >>> (32 - length)
}
