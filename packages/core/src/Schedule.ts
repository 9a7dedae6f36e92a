/** When a signal is expected: the registry of schedule kinds, and what every kind can do. */
import * as Result from "effect/Result"
import * as Cron from "./schedule/Cron.ts"
import * as Every from "./schedule/Every.ts"
import * as OnCalendar from "./schedule/OnCalendar.ts"
import { ScheduleError } from "./schedule/ScheduleError.ts"
import type { Warning } from "./schedule/Warning.ts"
import * as Whitespace from "./schedule/Whitespace.ts"
import type { Instant } from "./Time.ts"
import * as Zone from "./Zone.ts"

export type Schedule = Every.Every | Cron.Cron | OnCalendar.OnCalendar

/** A schedule on the wall clock of a zone: of each of its slots is known when it is, whatever happened before. */
export type Timetable = Cron.Cron | OnCalendar.OnCalendar

/** A schedule as plain JSON: `{kind: "cron", expression: "15 5 * * *", zone: "Europe/Riga"}`. */
export type Encoded = Every.Encoded | Cron.Encoded | OnCalendar.Encoded

export type Kind = Schedule["kind"]

/** What a kind's module exports. */
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

/** Every kind of schedule, in the order in which documents list them. */
export const kinds = Object.keys(languages) as readonly Kind[] // safe because it is typed by `Languages`

/** The first occurrence after an instant; `undefined` when there is none any more. */
export const next = (self: Schedule, after: Instant): Instant | undefined => language(self).next(self, after)

/** The next `count` occurrences after an instant, ascending; fewer when the schedule ends. */
export const upcoming = (self: Schedule, after: Instant, count: number): readonly Instant[] => {
  const found: Instant[] = []
  let at = next(self, after)
  while (at !== undefined && found.length < count) {
    found.push(at)
    at = next(self, at)
  }
  return found
}

/** The occurrences after an instant, one by one, each computed when asked for. */
export function* iterate(self: Schedule, after: Instant): Generator<Instant, undefined> {
  for (let at = next(self, after); at !== undefined; at = next(self, at)) yield at
  return undefined
}

/** The canonical text; for cron and OnCalendar, reading it back gives the same schedule. */
export const print = (self: Schedule): string => language(self).print(self)

/** A sentence for people: "at 05:15 on weekdays, Europe/Riga; skipped when the clock jumps over it". */
export const explain = (self: Schedule): string => language(self).explain(self)

/** What changes of the clock within a year after an instant do to its occurrences, in the order in which they come. */
export const warnings = (self: Schedule, after: Instant): readonly Warning[] =>
  language(self).warnings(self, after)

/** The zone on whose wall clock it is written; UTC for a period, which needs none. */
export const zoneOf = (self: Schedule): Zone.Zone => (self.kind === "every" ? Zone.utc : self.zone)

/** Which language a text is in, as the Healthchecks API decides it: five words on one line are cron. */
export const detect = (text: string): "cron" | "onCalendar" =>
  Whitespace.countOnOneLine(text) === 5 ? "cron" : "onCalendar"

/** Reads an expression in the language that it is in. */
export const parse = (text: string, zone: Zone.Zone): Result.Result<Timetable, ScheduleError> =>
  detect(text) === "cron" ? Cron.parse(text, zone) : OnCalendar.parse(text, zone)

/**
 * Reads an expression as `parse` does and also refuses one that never fires after the year 2000 begins in UTC, as
 * Healthchecks does: `1999-01-01` is refused, `2020-01-01` is not.
 */
export const validate = (text: string, zone: Zone.Zone): Result.Result<Timetable, ScheduleError> => {
  const schedule = parse(text, zone)
  if (Result.isFailure(schedule)) return schedule
  if (next({ ...schedule.success, zone: Zone.utc }, year2000) !== undefined) return schedule
  const expected = "a schedule that fires at least once after the year 2000 begins"
  return Result.fail(new ScheduleError({ field: "expression", part: text, expected, offset: 0 }))
}

export const encode = (self: Schedule): Encoded => language(self).encode(self)

export const decode = (encoded: Encoded): Result.Result<Schedule, ScheduleError> => {
  const { kind }: { readonly kind: unknown } = encoded
  if (typeof kind !== "string" || !Object.hasOwn(languages, kind)) {
    const part = typeof kind === "string" ? kind : typeof kind
    return Result.fail(new ScheduleError({ field: "kind", part, expected: kinds.join(", "), offset: 0 }))
  }
  return language(encoded).decode(encoded)
}

const year2000: Instant = Date.UTC(2000, 0, 1)

function language({ kind }: { readonly kind: Kind }): Language<Schedule, Encoded> {
  return languages[kind] as Language<Schedule, Encoded> // safe because the kind picks the module
}
