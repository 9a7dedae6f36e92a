/** Lengths of time as people type and read them: 90, 45s, 15m, 2h, 1d, "1h 30m", 200ms. */
import { UsageError } from "./Failure.ts"

/** Milliseconds by unit. */
const lengths: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Returns seconds, to the millisecond; `undefined` for `undefined`. A number alone is seconds. Fails with a `UsageError`. */
export const parse = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (/^\d{1,10}(\.\d{1,3})?$/.test(text)) return Number(text)
  if (!/^(\d{1,10}(ms|[smhdw])\s*)+$/.test(text)) {
    throw new UsageError(
      `${name} is a length of time such as 90s, 15m, 2h, 1d or "1h 30m", not ${JSON.stringify(text)}`,
    )
  }
  let total = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) total += Number(count) * lengths[unit!]!
  return total / 1000
}

/** Returns milliseconds as text in the two largest units, rounded down: `3d 4h`. */
export const print = (milliseconds: number): string => {
  let rest = milliseconds
  const parts: string[] = []
  for (const [unit, length] of Object.entries(lengths).toReversed()) {
    if (unit === "w" || unit === "ms") continue
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0) parts.push(`${count}${unit}`)
    if (parts.length === 2) break
  }
  return parts.join(" ") || "0s"
}

/** Returns seconds, to the millisecond, as a text that `parse` reads back as the same number: `1h 30m`, `200ms`. */
export const exact = (total: number): string => {
  if (total === 0) return "0s"
  const parts: string[] = []
  let rest = Math.round(total * 1000)
  for (const unit of ["d", "h", "m", "s", "ms"]) {
    const count = Math.floor(rest / lengths[unit]!)
    rest -= count * lengths[unit]!
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.join(" ")
}
