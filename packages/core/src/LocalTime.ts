/**
 * Local times: instants as people write them, in ISO 8601 with an offset from UTC, or on the wall clock of a zone.
 *
 * The zone is always given: the zone of the machine that reads the text never matters.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Civil from "./schedule/Civil.ts"
import { minute, second, type Instant, type Span } from "./Time.ts"
import * as Zone from "./Zone.ts"

/** The text is no instant. `expected` says what is allowed, and continues "expected …". */
export class LocalTimeInvalid extends Schema.TaggedError<LocalTimeInvalid>()("LocalTimeInvalid", {
  text: Schema.String,
  expected: Schema.String,
}) {
  override get message(): string {
    return `${JSON.stringify(this.text)}: expected ${this.expected}`
  }
}

/** The last instant that is read, inclusive: with a fifth digit in its year, a text would not be read back. */
export const latest: Instant = Date.UTC(10_000, 0, 1) - 1

/**
 * Returns the instant of a text: `2026-12-24T22:00:00Z`, `2026-12-24 22:00+02:00`, or without an offset as the wall
 * clock of the zone shows it, `2026-12-24T22:00`; a date alone is midnight. Parts of a millisecond are cut off.
 *
 * A wall time that the clock jumps over is the end of the gap; of one that comes twice it is the first. Fails for a
 * date or time that does not exist, and outside of the years 1970 to 9999 in UTC.
 *
 * @example
 * ```ts
 * import { LocalTime, Zone } from "@overdue/core"
 * import * as Result from "effect/Result"
 *
 * const riga = Result.getOrThrow(Zone.make("Europe/Riga"))
 * const at = Result.getOrThrow(LocalTime.read("2026-12-24 22:00", riga))
 * console.log(new Date(at).toISOString()) // → 2026-12-24T20:00:00.000Z
 * ```
 */
export const read = (text: string, zone: Zone.Zone): Result.Result<Instant, LocalTimeInvalid> => {
  const written = parse(text)
  if (typeof written === "string") return Result.fail(new LocalTimeInvalid({ text, expected: written }))
  const { wall, fraction, offset } = written
  const at = offset === undefined ? onClock(zone, wall, fraction) : wall * second + fraction - offset
  return at >= 0 && at <= latest
    ? Result.succeed(at)
    : Result.fail(new LocalTimeInvalid({ text, expected: "an instant in the years 1970 to 9999" }))
}

/** Whether a text names an instant by itself, with an offset from UTC, and without a zone in which it is read. */
export const hasOffset = (text: string): boolean => shape.exec(text)?.groups?.["offset"] !== undefined

const shape =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[Tt ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?<offset>[Zz]|[+-]\d\d(?::?\d\d)?)?)?$/u

/** A text by its parts: seconds of the wall clock, milliseconds, and how far that clock is ahead of UTC, if it says so. */
interface Written {
  readonly wall: number
  readonly fraction: Span
  readonly offset: number | undefined
}

/** Returns the parts of a text, or what was expected in its place. */
const parse = (text: string): Written | string => {
  const parts = shape.exec(text)?.groups
  if (parts === undefined)
    return "an instant such as 2026-12-24T22:00:00Z, or a local time such as 2026-12-24T22:00"
  const number = (name: string): number => Number(parts[name] ?? 0)
  const [year, month, day] = [number("year"), number("month"), number("day")]
  if (month < 1 || month > 12) return "a month from 01 to 12"
  const days = Civil.daysInMonth(year, month)
  if (day < 1 || day > days) return `a day from 01 to ${days} in month ${year}-${parts["month"]}`
  if (number("hour") > 23) return "an hour from 00 to 23; midnight is 00:00 of the day that begins"
  if (number("minute") > 59) return "a minute from 00 to 59"
  if (number("second") > 59) return "a second from 00 to 59"
  const offset = parts["offset"] === undefined ? undefined : offsetOf(parts["offset"])
  if (Number.isNaN(offset)) return "an offset from -23:59 to +23:59"
  const date = Civil.firstOfMonth(year, month) + day - 1
  return {
    wall: date * Civil.secondsInDay + number("hour") * 3600 + number("minute") * 60 + number("second"),
    fraction: Number((parts["fraction"] ?? "").slice(0, 3).padEnd(3, "0")),
    offset,
  }
}

/** Returns milliseconds; `NaN` for an offset that is a day or longer. */
const offsetOf = (text: string): number => {
  if (text.toUpperCase() === "Z") return 0
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(":", ""))]
  if (hours > 23 || minutes > 59) return Number.NaN
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * minute
}

const onClock = (zone: Zone.Zone, wall: number, fraction: Span): Instant => {
  const at = Zone.firstAt(zone, wall - Zone.widestOffset, wall)
  // The end of a gap is a whole second, whichever part of a second the text asks for in the gap.
  const isGap = at + Zone.offsetAt(zone, at) !== wall
  return at * second + (isGap ? 0 : fraction)
}
