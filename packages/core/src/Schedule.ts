/** Schedules: when signals are expected. The registry of their kinds, and what every kind can do. */
import * as Result from "effect/Result"
import * as Cron from "./schedule/Cron.ts"
import * as Every from "./schedule/Every.ts"
import * as OnCalendar from "./schedule/OnCalendar.ts"
import { ScheduleError } from "./schedule/ScheduleError.ts"
import type { Warning } from "./schedule/Warning.ts"
import * as Whitespace from "./schedule/Whitespace.ts"
import type { Instant } from "./Time.ts"
import * as Zone from "./Zone.ts"

/** When signals are expected: after each period, or at the slots of a cron or OnCalendar expression. */
export type Schedule = Every.Every | Cron.Cron | OnCalendar.OnCalendar

/** A schedule on the wall clock of a zone, whose slots do not depend on when the last signal came. */
export type Timetable = Cron.Cron | OnCalendar.OnCalendar

/** A schedule as plain JSON: `{kind: "cron", expression: "15 5 * * *", zone: "Europe/Riga"}`. */
export type Encoded = Every.Encoded | Cron.Encoded | OnCalendar.Encoded

/** The name of a kind of schedule. */
export type Kind = Schedule["kind"]

/** What the module of each kind exports. */
interface Language<S, E> {
  readonly next: (self: S, after: Instant) => Instant | undefined
  readonly print: (self: S) => string
  readonly explain: (self: S) => string
  readonly warnings: (self: S, after: Instant) => readonly Warning[]
  readonly encode: (self: S) => E
  readonly decode: (encoded: E) => Result.Result<S, ScheduleError>
}

type Languages = {
  readonly [K in Kind]: Language<Extract<Schedule, { kind: K }>, Extract<Encoded, { kind: K }>>
}

const languages: Languages = { every: Every, cron: Cron, onCalendar: OnCalendar }

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
  let at = next(self, after)
  while (at !== undefined && found.length < count) {
    found.push(at)
    at = next(self, at)
  }
  return found
}

/** Yields the slots after an instant (exclusive), in ascending order. Each is computed when it is asked for. */
export const iterate = function* (self: Schedule, after: Instant): Generator<Instant, undefined> {
  for (let at = next(self, after); at !== undefined; at = next(self, at)) yield at
  return undefined
}

/** Returns the canonical text. For cron and OnCalendar, parsing it returns the same schedule. */
export const print = (self: Schedule): string => language(self).print(self)

/** Returns the schedule in English: "at 05:15 on weekdays, Europe/Riga; skipped when the clock jumps over it". */
export const explain = (self: Schedule): string => language(self).explain(self)

/**
 * Returns what clock changes in the year after an instant do to the schedule's slots, in the order in which they come.
 */
export const warnings = (self: Schedule, after: Instant): readonly Warning[] =>
  language(self).warnings(self, after)

/** Returns the time zone of a schedule; UTC for a period, which needs none. */
export const zoneOf = (self: Schedule): Zone.Zone => (self.kind === "every" ? Zone.utc : self.zone)

/**
 * Returns the language of a text by the rule of the Healthchecks API: five words on one line are cron, everything else
 * is OnCalendar.
 */
export const detect = (text: string): "cron" | "onCalendar" =>
  Whitespace.countOnOneLine(text) === 5 ? "cron" : "onCalendar"

/**
 * Parses an expression in the language that `detect` finds. Fails with the part that is wrong and what was expected.
 */
export const parse = (text: string, zone: Zone.Zone): Result.Result<Timetable, ScheduleError> =>
  detect(text) === "cron" ? Cron.parse(text, zone) : OnCalendar.parse(text, zone)

/**
 * Parses an expression as `parse` does, and also fails for one that is never due after the year 2000 begins in UTC, as
 * Healthchecks does: `1999-01-01` is refused, `2020-01-01` is not.
 */
export const validate = (text: string, zone: Zone.Zone): Result.Result<Timetable, ScheduleError> => {
  const schedule = parse(text, zone)
  if (Result.isFailure(schedule)) return schedule
  if (next({ ...schedule.success, zone: Zone.utc }, year2000) !== undefined) return schedule
  const expected = "a schedule that fires at least once after the year 2000 begins"
  return Result.fail(new ScheduleError({ field: "expression", part: text, expected, offset: 0 }))
}

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

const year2000: Instant = Date.UTC(2000, 0, 1)

const language = ({ kind }: { readonly kind: Kind }): Language<Schedule, Encoded> =>
  languages[kind] as Language<Schedule, Encoded> // safe because the kind picks the module
