/** The parameters in the query of a request. */
import * as Limits from "@overdue/core/Limits"
import * as LocalTime from "@overdue/core/LocalTime"
import type { Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import type { JsonSchema } from "../../docs/JsonSchema.ts"
import type { FieldsInvalid } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"

/** A plus sign that a client did not encode arrives as a space. */
const lostPlus = /(?<=T.*) (?=\d\d(?::?\d\d)?$)/i

const read = (text: string) => LocalTime.read(text.replace(lostPlus, "+"), Zone.utc)

/** An instant in ISO 8601; without an offset it is in UTC. */
export const instant = Schema.String.check(
  Schema.makeFilter((text) =>
    Result.match(read(text), {
      onSuccess: () => undefined,
      onFailure: ({ expected }) => `must be ${expected}`,
    }),
  ),
).pipe(
  Schema.decodeTo(Schema.Finite, {
    decode: SchemaGetter.transform((text: string): Instant => Result.getOrThrow(read(text))),
    encode: SchemaGetter.transform((at: Instant) => new Date(at).toISOString()),
  }),
)

/** Refuses a time that ends before it begins. */
export const inOrder = Schema.makeFilter(
  ({
    start_date: from = -Infinity,
    end_date: to = Infinity,
  }: {
    readonly start_date?: Instant
    readonly end_date?: Instant
  }) => (from <= to ? undefined : { path: ["start_date"], issue: "must not be after end_date" }),
)

/** How much of a range is answered by default: the newest. */
export const usualLimit = 100

/** A range of time, and how much of what is in it. */
export const range = {
  limit: Schema.optionalKey(Fields.integer(1, Limits.mostListed)),
  start_date: Schema.optionalKey(instant),
  end_date: Schema.optionalKey(instant),
}

/** Describes `limit` of `range`. */
export const limitDoc = (description: string) => ({
  description,
  schema: { type: "integer", minimum: 1, maximum: Limits.mostListed, default: usualLimit } as const,
})

/** What is said of a query that makes no sense. */
export const refused = { 422: "A parameter makes no sense; it says which." } as const

/** Returns what reads the parameters in a query by a schema. Of one that is given several times, the last counts. */
export const reader = <A>(schema: Schema.Codec<A, unknown>) => {
  const read = Fields.reader(schema)
  return (query: URLSearchParams): Effect.Effect<A, FieldsInvalid> => read(Object.fromEntries(query))
}

const defaultLimit = 50
const longestPage = 100

/** Pages are counted as far as no project has checks. */
const lastPage = 1_000_000

const readPaging = reader(
  Schema.Struct({
    page: Schema.optionalKey(Fields.integer(1, lastPage)),
    limit: Schema.optionalKey(Fields.integer(1, longestPage)),
  }),
)

/** Reads which page of a list is asked for. */
export const paging = (query: URLSearchParams) =>
  Effect.map(readPaging(query), ({ page = 1, limit = defaultLimit }) => ({ page, limit }))

/** Describes the parameters of `paging`. */
export const pagingDoc: Readonly<
  Record<string, { readonly description: string; readonly schema: JsonSchema }>
> = {
  page: { description: "Which page, from 1.", schema: { type: "integer", minimum: 1, default: 1 } },
  limit: {
    description: "How many items a page has.",
    schema: { type: "integer", minimum: 1, maximum: longestPage, default: defaultLimit },
  },
}
