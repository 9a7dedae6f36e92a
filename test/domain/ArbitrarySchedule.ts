/** Expressions from the grammars of cron and OnCalendar, every zone that this runtime knows, and instants that hurt. */
import type * as Schedule from "@overdue/core/Schedule"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Interval from "@overdue/core/schedule/Interval"
import * as OnCalendar from "@overdue/core/schedule/OnCalendar"
import * as ZoneNames from "@overdue/core/schedule/ZoneNames"
import type { Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"

/** Every zone of the list that the runtime's time zone data has. */
export const allZones: ReadonlyArray<Zone.Zone> = [...ZoneNames.all].flatMap((name) => {
  const zone = Zone.make(name)
  return Result.isSuccess(zone) ? [zone.success] : []
})

/** Half-hour and two-hour shifts, gaps at midnight, overlaps across midnight, whole days skipped, odd offsets. */
const hard = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Havana",
  "America/New_York",
  "America/Nuuk",
  "America/Santiago",
  "America/St_Johns",
  "Antarctica/Casey",
  "Antarctica/Troll",
  "Asia/Gaza",
  "Asia/Kathmandu",
  "Atlantic/Azores",
  "Australia/Lord_Howe",
  "Europe/Dublin",
  "Europe/Riga",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Easter",
  "UTC",
]

export const zone = (): fc.Arbitrary<Zone.Zone> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...allZones.filter(({ name }) => hard.includes(name))) },
    { weight: 1, arbitrary: fc.constantFrom(...allZones) },
  )

const year = 366 * 86_400

/** Seconds, 1973 to 2150; most are near a change of the zone's clock, on it or beside it. */
export const secondNear = (zone: Zone.Zone): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 3 * year, max: 180 * year }) },
    {
      weight: 5,
      arbitrary: fc
        .tuple(
          fc.integer({ min: 3 * year, max: 70 * year }),
          fc.oneof(
            fc.constantFrom(-1, 0, 1, -60, 60, 1799, 1800, 3599, 3600, 3601, -3600, 7200),
            fc.integer({ min: -4 * 3600, max: 3600 }),
            fc.integer({ min: -30 * 3600, max: 26 * 3600 }),
          ),
        )
        .map(([base, aside]) => (Zone.nextTransition(zone, base, base + year)?.second ?? base) + aside),
    },
  )

/** The same in milliseconds, not always whole seconds. */
export const instantNear = (zone: Zone.Zone): fc.Arbitrary<Instant> =>
  fc
    .tuple(secondNear(zone), fc.constantFrom(0, 0, 0, 1, 500, 999))
    .map(([second, millisecond]) => second * 1000 + millisecond)

interface Field {
  readonly first: number
  readonly last: number
  readonly names?: ReadonlyArray<string>
}

const months = ["jan", "FEB", "Mar", "apr", "may", "jun", "jul", "AUG", "sep", "oct", "nov", "dec"]
const days = ["sun", "Mon", "TUE", "wed", "thu", "Fri", "sat"]

const cronTerm = ({ first, last, names }: Field): fc.Arbitrary<string> => {
  const number = fc.integer({ min: first, max: last })
  const value = number.chain((value) => {
    const spellings = [String(value), String(value), String(value).padStart(2, "0")]
    const name = names?.[value - first]
    return fc.constantFrom(...spellings, ...(name === undefined ? [] : [name]))
  })
  const range = fc
    .tuple(number, number)
    .map((ends) => ends.toSorted((a, b) => a - b))
    .map(([low, high]) => `${low}-${high}`)
  const step = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(15, 20, 30, 60, 100))
  return fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 2, arbitrary: range },
    { weight: 1, arbitrary: fc.tuple(fc.oneof(value, range), step).map(([base, step]) => `${base}/${step}`) },
    { weight: 2, arbitrary: step.map((step) => `*/${step}`) },
  )
}

const listOf = (term: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant("*") },
    { weight: 3, arbitrary: term },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof(term, fc.constant("*")), { minLength: 2, maxLength: 4 }).map(String),
    },
  )

/** Cron lines of five or six fields, all valid; sparse dates are rare enough for walks to find something. */
export const cronExpression = (
  fields: fc.Arbitrary<5 | 6> = fc.constantFrom(5, 5, 5, 6),
): fc.Arbitrary<string> => {
  const day = fc.oneof(
    { weight: 5, arbitrary: cronTerm({ first: 1, last: 31 }) },
    { weight: 1, arbitrary: fc.constantFrom("L", "LW", "l/2") },
  )
  const weekday = fc.oneof(
    { weight: 5, arbitrary: cronTerm({ first: 0, last: 7, names: days }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 7 }).map((day) => `${day}L`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...days, "5", "0", "7"), fc.integer({ min: 1, max: 5 }))
        .map(([day, nth]) => `${day}#${nth}`),
    },
  )
  const sixty = listOf(cronTerm({ first: 0, last: 59 }))
  return fc
    .tuple(
      fields,
      sixty,
      sixty,
      listOf(cronTerm({ first: 0, last: 23 })),
      listOf(day),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant("*") },
        { weight: 1, arbitrary: listOf(cronTerm({ first: 1, last: 12, names: months })) },
      ),
      listOf(weekday),
      fc.constantFrom(" ", " ", "  ", "\t"),
    )
    .map(([count, second, ...rest]) => {
      const blank = rest.pop()!
      return [...(count === 6 ? [second] : []), ...rest].join(blank)
    })
    .filter((text) => Result.isSuccess(Cron.parse(text, Zone.utc)))
}

const calendarTerm = (first: number, last: number): fc.Arbitrary<string> => {
  const number = fc.integer({ min: first, max: last })
  const show = (value: number): string => String(value).padStart(value % 3 === 0 ? 2 : 1, "0")
  const base = fc.oneof(
    { weight: 2, arbitrary: number.map(show) },
    {
      weight: 1,
      arbitrary: fc.tuple(number, number).map((ends) =>
        ends
          .toSorted((a, b) => a - b)
          .map(show)
          .join(".."),
      ),
    },
  )
  return fc.oneof(
    { weight: 3, arbitrary: base },
    {
      weight: 1,
      arbitrary: fc.tuple(base, fc.integer({ min: 1, max: 40 })).map(([base, step]) => `${base}/${step}`),
    },
  )
}

const calendarList = (first: number, last: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant("*") },
    { weight: 3, arbitrary: calendarTerm(first, last) },
    { weight: 1, arbitrary: fc.array(calendarTerm(first, last), { minLength: 2, maxLength: 4 }).map(String) },
  )

const weekdays = ["Mon", "tuesday", "WED", "Thu", "friday", "Sat", "sun"]

const calendarWeekdays = fc
  .array(
    fc
      .tuple(fc.nat(6), fc.nat(6), fc.constantFrom("..", "-", ""))
      .map(([a, b, to]) =>
        to === "" ? weekdays[a]! : `${weekdays[Math.min(a, b)]!}${to}${weekdays[Math.max(a, b)]!}`,
      ),
    { minLength: 1, maxLength: 3 },
  )
  .map((terms) => terms.join(","))

const calendarDate = fc
  .tuple(
    fc.option(fc.constantFrom("*", "*", "2020..2040", "2021,2023", "24/2", "99..30"), { nil: undefined }),
    fc.oneof({ weight: 3, arbitrary: fc.constant("*") }, { weight: 1, arbitrary: calendarList(1, 12) }),
    fc.oneof(
      { weight: 3, arbitrary: calendarList(1, 31).map((day) => `-${day}`) },
      { weight: 1, arbitrary: calendarList(1, 28).map((day) => `~${day}`) },
      { weight: 1, arbitrary: fc.constantFrom("~25..31", "~30..30/7", "~1..4/2", "~7/1") },
    ),
  )
  .map(([year, month, day]) => `${year === undefined ? "" : `${year}-`}${month}${day}`)

const calendarTime = fc
  .tuple(
    calendarList(0, 23),
    calendarList(0, 59),
    fc.option(calendarList(0, 59), { freq: 3, nil: undefined }),
  )
  .map(([hour, minute, second]) => [hour, minute, ...(second === undefined ? [] : [second])].join(":"))

const calendarLine = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.option(calendarWeekdays, { nil: undefined, freq: 2 }),
        fc.option(calendarDate, { nil: undefined, freq: 2 }),
        calendarTime,
      )
      .map((parts) => parts.filter((part) => part !== undefined).join(" ")),
  },
  { weight: 1, arbitrary: calendarDate },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "minutely",
      "hourly",
      "Daily",
      "weekly",
      "monthly",
      "quarterly",
      "semiannually",
    ),
  },
)

/** OnCalendar expressions of one to three lines, some with zones of their own, all valid. */
export const onCalendarExpression = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc
        .tuple(
          calendarLine,
          fc.option(fc.constantFrom("UTC", "Europe/Riga", "Pacific/Chatham"), { freq: 3, nil: undefined }),
        )
        .map(([line, zone]) => (zone === undefined ? line : `${line} ${zone}`)),
      { minLength: 1, maxLength: 3 },
    )
    .map((lines) => lines.join("\n"))
    .filter((text) => Result.isSuccess(OnCalendar.parse(text, Zone.utc)))

/** Two or three cron lines of five fields, seldom of six, with blank lines between some. */
export const cronLines = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        cronExpression(fc.constantFrom(5, 5, 5, 5, 5, 5, 5, 6)),
        fc.constantFrom("\n", "\n\n", "  \n"),
      ),
      {
        minLength: 2,
        maxLength: 3,
      },
    )
    .map((lines) => lines.flat().join(""))

/** An interval in days or weeks from a date of 1970 to 2100, with or without a time of day. */
export const intervalText = (): fc.Arbitrary<string> =>
  fc
    .record({
      unit: fc.constantFrom("day", "Week"),
      count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 520 })),
      day: fc.oneof(fc.nat(47_000), fc.integer({ min: 18_000, max: 22_000 })),
      time: fc.option(
        fc.oneof(
          fc.integer({ min: 0, max: 23 }).map((hour) => hour * 3600),
          fc.nat(1439).map((minute) => minute * 60),
        ),
        { nil: undefined },
      ),
    })
    .map(({ unit, count, day, time }) => {
      const date = new Date(day * 86_400_000).toISOString().slice(0, 10)
      const clock = time === undefined ? "" : ` ${new Date(time * 1000).toISOString().slice(11, 16)}`
      return `every ${count === 1 ? unit : `${count} ${unit}s`} from ${date}${clock}`
    })

/** A schedule of any language, and the text that it was read from. */
export const written = (): fc.Arbitrary<Schedule.Timetable> =>
  zone().chain((zone) =>
    fc.oneof(
      { weight: 3, arbitrary: cronExpression().map((text) => Result.getOrThrow(Cron.parse(text, zone))) },
      { weight: 1, arbitrary: cronLines().map((text) => Result.getOrThrow(Cron.parse(text, zone))) },
      { weight: 1, arbitrary: intervalText().map((text) => Result.getOrThrow(Interval.parse(text, zone))) },
      {
        weight: 3,
        arbitrary: onCalendarExpression().map((text) => Result.getOrThrow(OnCalendar.parse(text, zone))),
      },
    ),
  )

/** A schedule and an instant that is likely to be near a change of its zone's clock. */
export const moment = (): fc.Arbitrary<{ readonly schedule: Schedule.Schedule; readonly after: Instant }> =>
  written().chain((schedule) => instantNear(schedule.zone).map((after) => ({ schedule, after })))
