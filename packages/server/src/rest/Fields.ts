/** Reads the fields of a request by a schema, in which forms have texts where JSON has numbers and truth values. */
import * as Storable from "@overdue/core/Storable"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Body from "../dialects/Body.ts"
import { FieldsInvalid } from "./Endpoint.ts"

/** How fields are read. */
export interface Reading {
  /** Whether a field that is empty is given: by default it is as one that is left out, as one that is null always is. */
  readonly isEmptyGiven?: boolean
}

/** Returns what reads fields by a schema, and fails with what is wrong in all of them. */
export const reader = <A>(schema: Schema.Codec<A, unknown>, { isEmptyGiven = false }: Reading = {}) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all" })
  return (fields: Body.Fields): Effect.Effect<A, FieldsInvalid> => {
    const given = Object.entries(fields).filter(
      ([, value]) => value !== null && (isEmptyGiven || value !== ""),
    )
    const decoded = decode(Object.fromEntries(given))
    return Result.isSuccess(decoded)
      ? Effect.succeed(decoded.success)
      : Effect.fail(new FieldsInvalid({ issues: issuesOf(decoded.failure.issue) }))
  }
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => (issue._tag === "MissingKey" ? "is required" : SchemaIssue.defaultLeafHook(issue)),
})

const issuesOf = (issue: SchemaIssue.Issue): FieldsInvalid["issues"] =>
  format(issue).issues.map(({ path = [], message }) => ({
    field: path.map((key) => String(typeof key === "object" ? key.key : key)).join("."),
    // Sentences go on after the name of the field.
    message: message.replace(/^Expected (?:string\b)?/, (found) =>
      found === "Expected " ? "must be " : "must be a text",
    ),
  }))

/** Reads two parts of a request, and fails with what is wrong in both: of each field once. */
export const both = Effect.fnUntraced(function* <A, B, E, R>(
  one: Effect.Effect<A, FieldsInvalid>,
  other: Effect.Effect<B, FieldsInvalid | E, R>,
): Effect.fn.Return<readonly [A, B], FieldsInvalid | E, R> {
  const read = yield* Effect.result(one)
  if (Result.isSuccess(read)) return [read.success, yield* other]
  const more = yield* Effect.result(other)
  const also = Result.isFailure(more) && more.failure instanceof FieldsInvalid ? more.failure.issues : []
  const { issues } = read.failure
  const isNew = ({ field }: { readonly field: string }) => !issues.some((issue) => issue.field === field)
  return yield* new FieldsInvalid({ issues: [...issues, ...also.filter(isNew)] })
})

/** Returns the failure of one field. */
export const invalid = (field: string, message: string): FieldsInvalid =>
  new FieldsInvalid({ issues: [{ field, message }] })

/** A whole number, or a text that is one, within bounds (inclusive). */
export const integer = (minimum: number, maximum: number) => {
  const expected = `must be a whole number from ${minimum} to ${maximum}`
  // One check, so that it says one sentence.
  const isWithin = (value: number) => Number.isInteger(value) && value >= minimum && value <= maximum
  const number = Schema.Number.check(
    Schema.makeFilter((value) => (isWithin(value) ? undefined : expected), {
      toJsonSchema: () => ({ type: "integer", minimum, maximum }),
    }),
  )
  const text = Schema.String.pipe(
    Schema.decodeTo(number, {
      decode: SchemaGetter.transform((value: string) =>
        /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : NaN,
      ),
      encode: SchemaGetter.transform(String),
    }),
  )
  return Schema.Union([number, text]).annotate({ expected, message: expected })
}

/**
 * A list of at most so many items; `what` they are, in the plural. The message about what is no list comes before the check,
 * whose own it would replace otherwise.
 */
export const list = <A extends Schema.Constraint>(items: A, what: string, most: number) =>
  Schema.Array(items)
    .annotate({ message: `must be a list of ${what}` })
    .check(Schema.isMaxLength(most, { message: `must have at most ${most} items` }))

/** A text of at least one character, and at most so many. */
export const text = (maximum: number) => {
  const expected = `must be a text of 1 to ${maximum} characters`
  return Schema.String.check(
    Schema.makeFilter(
      (value) => {
        const { length } = Array.from(value)
        return Storable.is(value) && length >= 1 && length <= maximum ? undefined : expected
      },
      { toJsonSchema: () => ({ minLength: 1, maxLength: maximum }) },
    ),
  ).annotate({ message: expected })
}
