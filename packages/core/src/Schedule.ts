/** Schedules: when signals are expected. The registry of their kinds, and what every kind can do. */
import * as Result from "effect/Result"
import * as Limits from "./Limits.ts"
import * as Cron from "./schedule/Cron.ts"
import * as Dialect from "./schedule/Dialect.ts"
import * as Every from "./schedule/Every.ts"
import * as Interval from "./schedule/Interval.ts"
import * as Never from "./schedule/Never.ts"
import * as Nickname from "./schedule/Nickname.ts"
import * as OnCalendar from "./schedule/OnCalendar.ts"
import * as Remarks from "./schedule/Remark.ts"
import type { Remark } from "./schedule/Remark.ts"
import { ScheduleError } from "./schedule/ScheduleError.ts"
import type { Warning } from "./schedule/Warning.ts"
import * as Whitespace from "./schedule/Whitespace.ts"
import { day, type Instant, type Span } from "./Time.ts"
import * as Zone from "./Zone.ts"

/** When signals are expected: after each period, at the slots of a text in a zone, or never. */
export type Schedule = Every.Every | Timetable | Never.Never

/** A schedule on the wall clock of a zone, whose slots do not depend on when the last signal came. */
export type Timetable = Cron.Cron | OnCalendar.OnCalendar | Interval.Interval

/** A schedule as plain JSON: `{kind: "cron", expression: "15 5 * * *", zone: "Europe/Riga"}`. */
export type Encoded = Every.Encoded | Cron.Encoded | OnCalendar.Encoded | Interval.Encoded | Never.Encoded

/** The name of a kind of schedule. */
export type Kind = Schedule["kind"]

/** What the module of each kind exports. */
interface Language<S, E> {
  readonly next: (self: S, after: Instant) => Instant | undefined
  readonly perDay: (self: S) => number
  readonly print: (self: S) => string
  readonly explain: (self: S) => string
  readonly warnings: (self: S, after: Instant) => readonly Warning[]
  readonly remarks: (self: S) => readonly Remark[]
  readonly encode: (self: S) => E
  readonly decode: (encoded: E) => Result.Result<S, ScheduleError>
}

type Languages = {
  readonly [K in Kind]: Language<Extract<Schedule, { kind: K }>, Extract<Encoded, { kind: K }>>
}

const languages: Languages = {
  every: Every,
  cron: Cron,
  onCalendar: OnCalendar,
  interval: Interval,
  never: Never,
}

/** The names of all kinds, in the order in which documents list them. */
export const kinds = Object.keys(languages) as readonly Kind[] // safe because it is typed by `Languages`

/**
 * Returns the first slot after an instant (exclusive); `undefined` when there is none any more.
 *
 * @example
 * ```ts
 * import { Schedule, Zone } from "@overdue/core"
 * import * as Result from "effect/Result"
 *
 * const riga = Result.getOrThrow(Zone.make("Europe/Riga"))
 * const nightly = Result.getOrThrow(Schedule.parse("15 5 * * *", riga))
 * // On 2026-03-29 at 03:00 the clock in Riga goes forward to 04:00, from UTC+2 to UTC+3.
 * const slot = Schedule.next(nightly, Date.parse("2026-03-28T12:00:00Z"))
 * console.log(slot === undefined ? "never" : new Date(slot).toISOString()) // → 2026-03-29T02:15:00.000Z
 * ```
 */
export const next = (self: Schedule, after: Instant): Instant | undefined => language(self).next(self, after)

/** Returns the first `count` slots after an instant (exclusive), in ascending order; fewer when the schedule ends. */
export const upcoming = (self: Schedule, after: Instant, count: number): readonly Instant[] => {
  const found: Instant[] = []
  let at = after
  while (found.length < count) {
    const slot = next(self, at)
    if (slot === undefined) break
    found.push(slot)
    at = slot
  }
  return found
}

/** Yields the slots after an instant (exclusive), in ascending order. Each is computed when it is asked for. */
export const iterate = function* (self: Schedule, after: Instant): Generator<Instant, undefined> {
  for (let at = next(self, after); at !== undefined; at = next(self, at)) yield at
  return undefined
}

/**
 * Returns the period; of a schedule with slots, the time between the next two after an instant (exclusive), which may
 * differ between others. `undefined` when there are no two any more.
 */
export const periodAfter = (self: Schedule, after: Instant): Span | undefined => {
  if (self.kind === "every") return self.period
  const [first, second] = upcoming(self, after, 2)
  return first === undefined || second === undefined ? undefined : second - first
}

/** Slots that `hasGap` looks at: the weeks of a schedule of days, and the years of one of months. */
const slotsOfGaps = 100

/** Whether two of the next slots after an instant, one after the other, are so far apart. */
export const hasGap = (self: Schedule, gap: Span, after: Instant): boolean => {
  const slots = upcoming(self, after, slotsOfGaps)
  return slots.slice(1).some((slot, index) => slots[index]! + gap === slot)
}

/** Returns how many slots a day has at most, clock changes aside; less than 1 when days without any are regular. */
export const perDay = (self: Schedule): number => language(self).perDay(self)

/** Returns the canonical text. For all kinds but `every`, parsing it returns the same schedule. */
export const print = (self: Schedule): string => language(self).print(self)

/** Returns the schedule in English: "at 05:15 on weekdays, Europe/Riga; skipped when the clock jumps over it". */
export const explain = (self: Schedule): string => language(self).explain(self)

/**
 * Returns what clock changes in the year after an instant do to the schedule's slots, in the order in which they come.
 */
export const warnings = (self: Schedule, after: Instant): readonly Warning[] =>
  language(self).warnings(self, after)

/**
 * Returns what is strange about a schedule, so that it may not mean what its author meant: the most important first.
 * `ended` says that it was due until `after`, and never will be again; `never-due` that it never was either.
 */
export const remarks = (self: Schedule, after: Instant): readonly Remark[] => {
  const strange = language(self).remarks(self)
  if (self.kind === "never" || next(self, after) !== undefined) return strange
  const wasDue = next(self, beforeAll) !== undefined
  // The other kinds are due after a jump instead.
  const isJumped = self.kind === "onCalendar" && OnCalendar.isNaming(self, wasDue ? after : beforeAll)
  return [Remarks.ofEnd(wasDue, isJumped), ...strange]
}

/** Returns the time zone of a schedule; UTC for a period and for `never`, which need none. */
export const zoneOf = (self: Schedule): Zone.Zone => ("zone" in self ? self.zone : Zone.utc)

/** Returns the text of a schedule as it was typed, which `parse` reads; `undefined` for a period, which has none. */
export const expressionOf = (self: Schedule): string | undefined => {
  if (self.kind === "every") return undefined
  return self.kind === "never" ? Never.print() : self.expression
}

/**
 * Returns the language of a text by the rule of the Healthchecks API: five words on one line are cron, everything else
 * is OnCalendar.
 */
export const detect = (text: string): "cron" | "onCalendar" =>
  Whitespace.countOnOneLine(text) === 5 ? "cron" : "onCalendar"

/**
 * Parses the text of a schedule of any kind but `every`: cron, also in several lines, OnCalendar, an interval, "never".
 * Fails with the part that is wrong and what was expected.
 *
 * A schedule that is never due is no failure here. What people type is for `read`, `readExact` or `validate`.
 */
export const parse = (text: string, zone: Zone.Zone): Result.Result<Schedule, ScheduleError> => {
  if (detect(text) === "cron") {
    const cron = Cron.parse(text, zone)
    // Cron lines are by far the most, so an interval of five words is looked for only when the text is none.
    return Result.isSuccess(cron) || !Interval.isBegun(text) ? cron : Interval.parse(text, zone)
  }
  // No OnCalendar line has five words.
  if (text.length <= Limits.expressionLength && Whitespace.isLinesOf(text, 5)) return Cron.parse(text, zone)
  if (Interval.isBegun(text)) return Interval.parse(text, zone)
  return Never.isWritten(text) ? Result.succeed(Never.never) : OnCalendar.parse(text, zone)
}

/**
 * Reads a text as Healthchecks does, to the letter: one cron line or an OnCalendar expression, which is due at least
 * once after the year 2000 begins in UTC. `1999-01-01` is refused, `2020-01-01` is not. Fails with the dialect that the
 * text is in, and what to write instead.
 */
export const validate = (
  text: string,
  zone: Zone.Zone,
): Result.Result<Cron.Cron | OnCalendar.OnCalendar, ScheduleError> => explained(text, zone, asHealthchecks)

/**
 * Reads a text as people type it: everything that `readExact` reads, and the nicknames `@hourly`, `@daily`,
 * `@midnight`, `@weekly`, `@monthly`, `@yearly` and `@annually`, in any case. The schedule of a nickname has the cron
 * line that it means as its expression.
 *
 * @example
 * ```ts
 * import { Schedule, Zone } from "@overdue/core"
 * import * as Result from "effect/Result"
 *
 * const texts = ["@daily", "0 12 * * 1-5\n0 10 * * 6", "every 2 weeks from 2026-01-05 09:00", "never"]
 * for (const text of texts) {
 *   const schedule = Result.getOrThrow(Schedule.read(text, Zone.utc))
 *   console.log(Schedule.explain(schedule))
 * }
 * // → at 00:00 every day, UTC
 * // → at 12:00 on weekdays, UTC; and at 10:00 on Saturdays, UTC
 * // → every 2 weeks on Monday at 09:00, UTC, from 2026-01-05
 * // → never
 * ```
 */
export const read = (text: string, zone: Zone.Zone): Result.Result<Schedule, ScheduleError> =>
  explained(text, zone, asTyped)

/**
 * Reads a text as the management API takes it: everything that `validate` reads, and what the API of Healthchecks
 * cannot say: several cron lines, an interval, and "never". It reads the expression of every schedule that `read`
 * returns, but no nickname, because Healthchecks refuses those.
 */
export const readExact = (text: string, zone: Zone.Zone): Result.Result<Schedule, ScheduleError> =>
  explained(text, zone, exactly)

/**
 * Whether a schedule is due at least once after the year 2000 begins in UTC, which Healthchecks demands; `never` is no
 * failure to be due. `everDue` says what is expected of one that is not.
 */
export const isEverDue = (self: Schedule): boolean =>
  !("zone" in self) || next({ ...self, zone: Zone.utc }, year2000) !== undefined

/** What is expected of a schedule that never is: continues a sentence after "expected". */
export const everDue = "a schedule that fires at least once after the year 2000 begins"

/** Returns a schedule as plain JSON, for a row or a message. */
export const encode = (self: Schedule): Encoded => language(self).encode(self)

/** Returns the schedule that was encoded. Fails when the JSON is of no known kind, or holds no valid schedule. */
export const decode = (encoded: Encoded): Result.Result<Schedule, ScheduleError> => {
  const { kind }: { readonly kind: unknown } = encoded
  if (typeof kind !== "string" || !Object.hasOwn(languages, kind)) {
    const part = typeof kind === "string" ? kind : typeof kind
    return Result.fail(new ScheduleError({ field: "kind", part, expected: kinds.join(", "), offset: 0 }))
  }
  return language(encoded).decode(encoded)
}

/** Earlier than the wall time 1970-01-01 00:00 in every zone: OnCalendar has nothing before it. */
const beforeAll: Instant = -2 * day

const year2000: Instant = Date.UTC(2000, 0, 1)

type Reading<S extends Schedule> = (text: string, zone: Zone.Zone) => Result.Result<S, ScheduleError>

const asHealthchecks: Reading<Cron.Cron | OnCalendar.OnCalendar> = (text, zone) =>
  detect(text) === "cron" ? due(text, Cron.parse(text, zone)) : due(text, OnCalendar.parse(text, zone))

const exactly: Reading<Schedule> = (text, zone) => due(text, parse(text, zone))

const asTyped: Reading<Schedule> = (text, zone) => {
  const expanded = Nickname.expand(text)
  const schedule = expanded === undefined ? undefined : exactly(expanded, zone)
  return schedule !== undefined && Result.isSuccess(schedule) ? schedule : exactly(text, zone)
}

/** Reads a text, and says of one that is refused what it is and what to write instead. */
const explained = <S extends Schedule>(
  text: string,
  zone: Zone.Zone,
  reading: Reading<S>,
): Result.Result<S, ScheduleError> => {
  const schedule = reading(text, zone)
  if (Result.isSuccess(schedule)) return schedule
  const reads = (line: string): boolean => Result.isSuccess(reading(line, zone))
  return Result.fail(Dialect.explain(text, schedule.failure, reads))
}

/** Refuses a schedule that is never due after the year 2000 begins, unless it says so itself. */
const due = <S extends Schedule>(
  text: string,
  schedule: Result.Result<S, ScheduleError>,
): Result.Result<S, ScheduleError> => {
  if (Result.isFailure(schedule) || isEverDue(schedule.success)) return schedule
  return Result.fail(new ScheduleError({ field: "expression", part: text, expected: everDue, offset: 0 }))
}

const language = ({ kind }: { readonly kind: Kind }): Language<Schedule, Encoded> =>
  languages[kind] as Language<Schedule, Encoded> // safe because the kind picks the module
