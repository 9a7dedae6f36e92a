/** Lengths of time as people type and read them: 90, 45s, 15m, 2h, 1d, "1h 30m". */
import { UsageError } from "./Failure.ts"

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Returns whole seconds; `undefined` for `undefined`. A number alone is seconds. Fails with a `UsageError`. */
export const parse = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (/^\d{1,10}$/.test(text)) return Number(text)
  if (!/^(\d{1,10}[smhdw]\s*)+$/.test(text)) {
    throw new UsageError(
      `${name} is a length of time such as 90s, 15m, 2h, 1d or "1h 30m", not ${JSON.stringify(text)}`,
    )
  }
  let total = 0
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw])/g)) total += Number(count) * seconds[unit!]!
  return total
}

/** Returns milliseconds as text in the two largest units, rounded down: `3d 4h`. */
export const print = (milliseconds: number): string => {
  let rest = Math.floor(milliseconds / 1000)
  const parts: string[] = []
  for (const [unit, length] of Object.entries(seconds).toReversed()) {
    if (unit === "w") continue
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0) parts.push(`${count}${unit}`)
    if (parts.length === 2) break
  }
  return parts.join(" ") || "0s"
}

/** Returns seconds as a text that `parse` reads back as the same number: `15m`, `1h 30m`. */
export const exact = (total: number): string => {
  if (total === 0) return "0s"
  const parts: string[] = []
  let rest = total
  for (const unit of ["d", "h", "m", "s"]) {
    const count = Math.floor(rest / seconds[unit]!)
    rest -= count * seconds[unit]!
    if (count > 0) parts.push(`${count}${unit}`)
  }
  return parts.join(" ")
}
