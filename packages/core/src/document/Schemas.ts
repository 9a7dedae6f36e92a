/**
 * What values of fields are made of. The messages continue a sentence that begins with the name of the field, in the
 * words of Healthchecks.
 */
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import { second } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** A rule that JSON Schema cannot express. Without an empty schema for it, what is said of the value would be lost. */
export const rule = <A>(holds: (value: A) => boolean, message: string) =>
  Schema.makeFilter(holds, { message, toJsonSchema: () => ({}) })

/** Neither NUL nor half a surrogate pair: no database keeps them as text. */
const isStorable = rule((text: string) => text.isWellFormed() && !text.includes("\0"), "has unexpected value")

export const text = Schema.String.annotate({ message: "is not a string" }).check(isStorable)

/** At most so many characters, as Python counts them. */
export const textUpTo = (longest: number) =>
  text.check(Schema.isMaxCodePoints(longest, { message: "is too long" }))

export const flag = Schema.Boolean.annotate({ message: "is not a boolean" })

export const oneOf = <const L extends readonly string[]>(values: L) =>
  Schema.Literals(values).annotate({ message: "has unexpected value" })

export const listOf = <S extends Schema.Codec<unknown, unknown>>(item: S) =>
  Schema.Array(item).annotate({ message: "is not an array" })

/** `isInt` comes last because it also refuses whole numbers that are merely too large. */
export const wholeNumber = (smallest: number, largest: number) =>
  Schema.Number.annotate({ message: "is not a number" }).check(
    rule((value: number) => Number.isInteger(value), "is not a number"),
    Schema.isGreaterThanOrEqualTo(smallest, { message: "is too small" }),
    Schema.isLessThanOrEqualTo(largest, { message: "is too large" }),
    Schema.isInt(),
  )

/** Seconds of a period or a grace. */
export const period = wholeNumber(Limits.shortestPeriod / second, Limits.longestPeriod / second)

export const instant = Schema.String.annotate({ message: "is not a string", format: "date-time" }).check(
  rule(
    (text: string) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
    "is not an instant such as 2026-12-24T22:00:00Z",
  ),
)

export const url = Schema.String.annotate({ format: "uri" })

/** A cron or OnCalendar expression that fires at least once. */
export const schedule = textUpTo(Limits.scheduleLength).check(
  rule(
    (text: string) => Result.isSuccess(Schedule.validate(text, Zone.utc)),
    "is not a valid cron or OnCalendar expression",
  ),
)

/** Name of a time zone, or an older name of one. */
export const zone = text.check(
  rule((name: string) => Result.isSuccess(Zone.make(Zone.canonical(name))), "is not a valid timezone"),
)
