/** Query parameters that several operations have. */
import * as Flips from "../endpoints/Flips.ts"

/** A text. */
export const string = { type: "string" } as const
/** An instant in Unix seconds. */
export const instant = { type: "integer", minimum: 0, maximum: Flips.latestInstant } as const
/** An instant in Unix seconds, or ISO 8601. */
export const localTime = { anyOf: [instant, { type: "string", examples: ["2026-06-15T12:30"] }] } as const
/** How a `localTime` is written. */
export const localTimes =
  "a Unix timestamp in seconds or ISO 8601; without an offset, it is on the clock of the time zone `tz`"

/** Asks for the details. */
export const details = {
  details: {
    description: "`1` adds fields that the API of Healthchecks does not have: those marked as details.",
    schema: { type: "string", enum: ["1"] },
  },
} as const

/** Chooses checks. */
export const silenced = {
  tag: { description: "Only checks that have this tag.", schema: string },
} as const

/** Asks for remarks. */
export const remarks = {
  remarks: {
    description:
      "`1` adds `remarks`: what the check probably does not mean, and to an error its `detail`. Healthchecks does not have this.",
    schema: { type: "string", enum: ["1"] },
  },
} as const

/** Of requests that create or change a check. */
export const ofWrites = {
  defaults: {
    description:
      "`own` reads the request as all doors of Overdue but this API do: a new check has Overdue's defaults, a changed schedule counts from now, and spans may be shorter than a minute, and fractions of a second. Errors have their `detail`. Without it, all that is as in Healthchecks.",
    schema: { type: "string", enum: ["own"] },
  },
  ...remarks,
} as const
