/** Spans and instants in plain English. */
import { counted } from "./Counted.ts"
import * as Civil from "./schedule/Civil.ts"
import { day, hour, minute, second, type Instant, type Span } from "./Time.ts"
import * as Zone from "./Zone.ts"

const units: readonly (readonly [name: string, length: Span])[] = [
  ["day", day],
  ["hour", hour],
  ["minute", minute],
  ["second", second],
  ["millisecond", 1],
]

/** Returns a span in its two largest units, rounded down: `2 hours 5 minutes`. */
export const span = (length: Span): string => {
  const first = units.findIndex(([, unit]) => length >= unit)
  if (first === -1) return "0 seconds"
  const [name, unit] = units[first]!
  const larger = counted(Math.floor(length / unit), name)
  const next = units[first + 1]
  const rest = next === undefined || next[1] < second ? 0 : Math.floor((length % unit) / next[1])
  return rest === 0 ? larger : `${larger} ${counted(rest, next![0])}`
}

/** Returns an offset from UTC as ISO 8601 has it, `+02:00`; what is less than a minute is left out. */
export const offset = (ahead: Span): string =>
  `${ahead < 0 ? "-" : "+"}${Civil.formatTime(Math.floor(Math.abs(ahead) / minute) * 60)}`

/** Returns an instant on the wall clock of a zone, rounded down to the second: `2026-03-02 02:00 Europe/Riga`. */
export const instant = (at: Instant, zone: Zone.Zone): string => {
  const seconds = Math.floor(at / second)
  return `${Civil.format(seconds + Zone.offsetAt(zone, seconds))} ${zone.name}`
}
