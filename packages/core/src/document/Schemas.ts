/**
 * Schemas of the values of fields. Their messages continue a sentence that begins with the field's name, in the words
 * of Healthchecks.
 */
import * as Limits from "../Limits.ts"
import * as LocalTime from "../LocalTime.ts"
import * as Schedule from "../Schedule.ts"
import * as Storable from "../Storable.ts"
import { second, type Span } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/**
 * Returns a check that JSON Schema cannot express. It declares an empty JSON Schema, because without one the
 * description of the whole value would be lost.
 */
export const rule = <A>(holds: (value: A) => boolean, message: string) =>
  Schema.makeFilter(holds, { message, toJsonSchema: () => ({}) })

const isStorable = rule(Storable.is, "has unexpected value")

/** A text that every database stores. */
export const text = Schema.String.annotate({ message: "is not a string" }).check(isStorable)

/** Where a check of a bound says what the bound is: `message` is in the words of Healthchecks, which never name it. */
const bound = "overdue/bound"

/** Returns the annotations of a check of a bound, of which `ofBound` returns the second part. */
export const bounded = (message: string, allowed: string) => ({ message, [bound]: allowed })

/** Returns the bound that a check is of: `at least 10 seconds`; `undefined` when it is of none. */
export const ofBound = (annotations: Readonly<Record<string, unknown>> | undefined): string | undefined => {
  const allowed = annotations?.[bound]
  return typeof allowed === "string" ? allowed : undefined
}

/** Returns the schema of a text of at most so many characters (code points, as Python counts them). */
export const textUpTo = (longest: number) =>
  text.check(Schema.isMaxCodePoints(longest, bounded("is too long", `at most ${longest} characters`)))

/** A boolean. */
export const flag = Schema.Boolean.annotate({ message: "is not a boolean" })

/** Returns the schema of one of some texts. */
export const oneOf = <const L extends readonly string[]>(values: L) =>
  Schema.Literals(values).annotate({ message: "has unexpected value" })

/** Returns the schema of one of some texts, for fields that Healthchecks lacks: its message names them. */
export const choiceOf = <const L extends readonly string[]>(values: L) =>
  Schema.Literals(values).annotate({ message: `is not one of ${values.join(", ")}` })

/** Returns the schema of a list. */
export const listOf = <S extends Schema.Codec<unknown, unknown>>(item: S) =>
  Schema.Array(item).annotate({ message: "is not an array" })

/** Returns a check that a list has at most so many items. */
export const isListUpTo = (most: number) =>
  Schema.isMaxLength(most, bounded("is too long", `at most ${most} items`))

/**
 * Returns the schema of a whole number between two bounds (inclusive). `isInt` is checked last, because it also refuses
 * whole numbers that are merely too large.
 */
export const wholeNumber = (smallest: number, largest: number) =>
  Schema.Number.annotate({ message: "is not a number" }).check(
    rule((value: number) => Number.isInteger(value), "is not a number"),
    Schema.isGreaterThanOrEqualTo(smallest, bounded("is too small", `at least ${smallest}`)),
    Schema.isLessThanOrEqualTo(largest, bounded("is too large", `at most ${largest}`)),
    Schema.isInt(),
  )

/**
 * Returns the schema of a span in seconds, to the millisecond, between two spans (inclusive). Healthchecks has whole
 * seconds only, so it is for fields that Healthchecks lacks, and for our own doors.
 */
export const spanBetween = (shortest: Span, longest: Span) =>
  Schema.Number.annotate({ message: "is not a number" }).check(
    Schema.isFinite({ message: "is not a number" }),
    // In floating point, a year in milliseconds is off by less than that.
    rule(
      (seconds: number) => Math.abs(toSpan(seconds) - seconds * second) < 1e-4,
      "has more than three decimals",
    ),
    Schema.isGreaterThanOrEqualTo(
      shortest / second,
      bounded("is too small", `at least ${shortest / second} seconds`),
    ),
    Schema.isLessThanOrEqualTo(
      longest / second,
      bounded("is too large", `at most ${longest / second} seconds`),
    ),
  )

/** Returns the span of a number of seconds, to the millisecond. */
export const toSpan = (seconds: number): Span => Math.round(seconds * second)

/** A period or grace as Healthchecks takes it, in whole seconds. */
export const period = wholeNumber(Limits.shortestPeriod / second, Limits.longestPeriod / second)

/** An instant as ISO 8601 text with an offset from UTC: `2026-12-24T22:00:00Z`. */
export const instant = Schema.String.annotate({ message: "is not a string", format: "date-time" }).check(
  rule(
    (text: string) => LocalTime.hasOffset(text) && Result.isSuccess(LocalTime.read(text, Zone.utc)),
    "is not an instant such as 2026-12-24T22:00:00Z",
  ),
)

/** An instant as ISO 8601 text; without an offset, it is on a wall clock that the document names elsewhere. */
export const localTime = Schema.String.annotate({
  message: "is not a string",
  examples: ["2026-12-24T22:00:00Z", "2026-12-24T22:00", "2026-12-24"],
}).check(
  rule(
    (text: string) => Result.isSuccess(LocalTime.read(text, Zone.utc)),
    "is not an instant such as 2026-12-24T22:00:00Z, nor a local time such as 2026-12-24T22:00",
  ),
)

/** A URL. Only described as one, not checked. */
export const url = Schema.String.annotate({ format: "uri" })

const isSchedule = (read: typeof Schedule.read) =>
  rule(
    (text: string) => Result.isSuccess(read(text, Zone.utc)),
    "is not a valid cron or OnCalendar expression",
  )

/** A cron or OnCalendar expression that is due at least once. */
export const schedule = textUpTo(Limits.scheduleLength).check(isSchedule(Schedule.readExact))

/** A schedule as people write it at our own doors. */
export const ownSchedule = textUpTo(Limits.expressionLength).check(isSchedule(Schedule.read))

/** Returns which dialect of schedules a text is that is refused, and what to write. */
export const explainSchedule = (value: unknown): string | undefined => {
  const read = typeof value === "string" ? Schedule.readExact(value, Zone.utc) : undefined
  return read !== undefined && Result.isFailure(read) ? read.failure.message : undefined
}

/** The name of a time zone, current or legacy. */
export const zone = text.check(
  rule((name: string) => Result.isSuccess(Zone.read(name)), "is not a valid timezone"),
)

/** Returns what to write in place of a name that no time zone has. */
export const explainZone = (value: unknown): string | undefined => {
  const read = typeof value === "string" ? Zone.read(value) : undefined
  return read !== undefined && Result.isFailure(read) ? read.failure.message : undefined
}

/** Names of HTTP methods, separated by spaces. */
export const methods = textUpTo(Limits.methodsLength).check(
  Schema.isPattern(/^(?:[A-Z]+(?: [A-Z]+)*)?$/u, {
    message: "is not a list of HTTP methods in capitals, separated by spaces",
  }),
)
