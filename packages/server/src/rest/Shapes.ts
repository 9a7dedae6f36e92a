/** Schemas of values in answers. */
import * as Schema from "effect/Schema"

/** A UUID. */
export const uuid = Schema.String.annotate({ format: "uuid" })

/** An instant in ISO 8601. */
export const instant = Schema.String.annotate({ format: "date-time" })

/** A URL. */
export const url = Schema.String.annotate({ format: "uri" })

/** A whole number from 0. */
export const count = Schema.Number.check(Schema.isInt(), Schema.isGreaterThanOrEqualTo(0))

/** A truth value as a number. */
export const bit = Schema.Literals([0, 1])
