/**
 * Schemas of the values of fields. Their messages continue a sentence that begins with the field's name, in the words
 * of Healthchecks.
 */
import * as Limits from "../Limits.ts"
import * as LocalTime from "../LocalTime.ts"
import * as Schedule from "../Schedule.ts"
import { second } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/**
 * Returns a check that JSON Schema cannot express. It declares an empty JSON Schema, because without one the
 * description of the whole value would be lost.
 */
export const rule = <A>(holds: (value: A) => boolean, message: string) =>
  Schema.makeFilter(holds, { message, toJsonSchema: () => ({}) })

/** Refuses NUL and unpaired surrogates, which no database stores as text. */
const isStorable = rule((text: string) => text.isWellFormed() && !text.includes("\0"), "has unexpected value")

/** A text that a database can store. */
export const text = Schema.String.annotate({ message: "is not a string" }).check(isStorable)

/** Returns the schema of a text of at most so many characters (code points, as Python counts them). */
export const textUpTo = (longest: number) =>
  text.check(Schema.isMaxCodePoints(longest, { message: "is too long" }))

/** A boolean. */
export const flag = Schema.Boolean.annotate({ message: "is not a boolean" })

/** Returns the schema of one of some texts. */
export const oneOf = <const L extends readonly string[]>(values: L) =>
  Schema.Literals(values).annotate({ message: "has unexpected value" })

/** Returns the schema of a list. */
export const listOf = <S extends Schema.Codec<unknown, unknown>>(item: S) =>
  Schema.Array(item).annotate({ message: "is not an array" })

/**
 * Returns the schema of a whole number between two bounds (inclusive). `isInt` is checked last, because it also refuses
 * whole numbers that are merely too large.
 */
export const wholeNumber = (smallest: number, largest: number) =>
  Schema.Number.annotate({ message: "is not a number" }).check(
    rule((value: number) => Number.isInteger(value), "is not a number"),
    Schema.isGreaterThanOrEqualTo(smallest, { message: "is too small" }),
    Schema.isLessThanOrEqualTo(largest, { message: "is too large" }),
    Schema.isInt(),
  )

/** A period or grace, in seconds. */
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

/** A cron or OnCalendar expression that is due at least once. */
export const schedule = textUpTo(Limits.scheduleLength).check(
  rule(
    (text: string) => Result.isSuccess(Schedule.validate(text, Zone.utc)),
    "is not a valid cron or OnCalendar expression",
  ),
)

/** The name of a time zone, current or legacy. */
export const zone = text.check(
  rule((name: string) => Result.isSuccess(Zone.make(Zone.canonical(name))), "is not a valid timezone"),
)
