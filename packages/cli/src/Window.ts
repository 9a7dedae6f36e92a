/** Windows of time as people name them: since two hours, a month, a week. */
import * as LocalTime from "@overdue/core/LocalTime"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { UsageError } from "./Failure.ts"
import type { Flags, Values } from "./Flags.ts"
import * as NamedZone from "./NamedZone.ts"
import * as Span from "./Span.ts"

/** A window as the statistics take it: local times without an offset are on the clock of a zone. */
export interface Window {
  readonly start: string
  /** Exclusive; until now without it. */
  readonly end?: string
}

/** `--tz`: the zone of what is read and shown. */
export const zoneFlag = {
  tz: {
    kind: "text",
    value: "ZONE",
    env: "OVERDUE_TZ",
    help: "the time zone, such as Europe/Riga",
  },
} as const satisfies Flags

/** Name the window of a report. */
export const flags = {
  month: { kind: "text", value: "MONTH", help: "a month: 2026-10, this or last" },
  week: { kind: "text", value: "WEEK", help: "a week from Monday to Sunday: 2026-W43, this or last" },
  since: {
    kind: "text",
    value: "TIME",
    help: "from a time, or so long ago: 2026-10-01, 2026-10-01T08:00 or 7d",
  },
  until: { kind: "text", value: "TIME", help: "to a time, exclusive; by default now" },
  ...zoneFlag,
} as const satisfies Flags

/** The window of a report without flags. */
export const usual = "30d"

/**
 * Returns the instant of a text, in epoch milliseconds: so long before `now`, or a time on the clock of the zone. Fails
 * with a `UsageError` that begins with the flag.
 */
export const instant = (flag: string, text: string, now: number, zone: Zone.Zone): number => {
  if (/^(\d+(ms|[smhdw])\s*)+$/.test(text)) return now - Span.parse(flag, text)! * 1000
  const at = LocalTime.read(text, zone)
  if (Result.isSuccess(at)) return at.success
  throw new UsageError(
    `${flag} is a length of time such as 2h or 7d, or a time such as 2026-10-01 or 2026-10-01T08:00, not ${JSON.stringify(text)}: expected ${at.failure.expected}`,
  )
}

/** Returns the window that the flags name. Fails with a `UsageError` when they name two, or one that is none. */
export const read = (given: Values<typeof flags>, now: number): Window => {
  const { month, week, since, until, tz } = given
  const ways = [month, week, since ?? until].filter((way) => way !== undefined).length
  if (ways > 1) throw new UsageError("give one of --month, --week, and --since with --until")
  const clock = NamedZone.read(tz ?? "UTC")
  const today = new Date(now + Zone.offsetAt(clock, Math.floor(now / 1000)) * 1000)
  if (month !== undefined) return ofMonth(month, today)
  if (week !== undefined) return ofWeek(week, today)
  const from = instant("--since", since ?? usual, now, clock)
  const to = until === undefined ? now : instant("--until", until, now, clock)
  if (from >= to) throw new UsageError("--since is not before --until")
  return {
    start: side(since ?? usual, from),
    ...(until !== undefined && { end: side(until, to) }),
  }
}

/** Returns a window for people, and on whose clock it is. */
export const print = ({ start, end = "now" }: Window, tz: string | undefined): string => {
  const text = `${start} to ${end}`.replaceAll(/\.\d+Z/g, "Z")
  if (tz !== undefined) return `${text}, ${tz}`
  const isLocal = [start, end].some((side) => side !== "now" && !side.endsWith("Z"))
  return isLocal ? `${text}, on the clock of each check's zone` : text
}

/** A time without an offset is left to the zone of each check. */
const side = (text: string, at: number): string =>
  /^\d{4}-/.test(text) && !LocalTime.hasOffset(text) ? text.replace(" ", "T") : new Date(at).toISOString()

const date = (year: number, month: number, day = 1): string =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)

const ofMonth = (text: string, today: Date): Window => {
  const back = ["this", "last"].indexOf(text)
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? []
  if (back >= 0) {
    const [year, month] = [today.getUTCFullYear(), today.getUTCMonth() - back]
    return { start: date(year, month), end: date(year, month + 1) }
  }
  if (year === undefined)
    throw new UsageError(`--month is this, last, or one such as 2026-10, not ${JSON.stringify(text)}`)
  return { start: date(Number(year), Number(month) - 1), end: date(Number(year), Number(month)) }
}

/** Weeks are counted from the one that has the first Thursday of the year (ISO 8601). */
const ofWeek = (text: string, today: Date): Window => {
  const back = ["this", "last"].indexOf(text)
  const [, year, week] = /^(\d{4})-?W(0[1-9]|[1-4]\d|5[0-3])$/.exec(text) ?? []
  const monday = (at: Date): number => at.getUTCDate() - ((at.getUTCDay() + 6) % 7)
  if (back >= 0) {
    const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), monday(today) - 7 * back]
    return { start: date(year, month, day), end: date(year, month, day + 7) }
  }
  const first = new Date(Date.UTC(Number(year), 0, 4))
  const day = monday(first) + 7 * (Number(week) - 1)
  const isOfYear = new Date(Date.UTC(Number(year), 0, day + 3)).getUTCFullYear() === Number(year)
  if (year === undefined || !isOfYear) {
    throw new UsageError(`--week is this, last, or one such as 2026-W43, not ${JSON.stringify(text)}`)
  }
  return { start: date(Number(year), 0, day), end: date(Number(year), 0, day + 7) }
}
