/** Parts of the schemas of kinds: settings that may be left out, texts with a limit, rules. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** Returns a setting that has a value of its own when it is left out. */
export const optional = <A>(schema: Schema.Codec<A, A>, otherwise: A) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(otherwise)))

/** Returns the schema of a text of at most so many UTF-16 units. */
export const text = (limit: number) =>
  Schema.String.annotate({ message: "a string" }).check(
    Schema.isMaxLength(limit, { message: `at most ${limit} characters` }),
  )

/** Returns a rule that JSON Schema cannot express. */
export const rule = <A>(filter: (value: A) => Schema.FilterOutput, message?: string) =>
  Schema.makeFilter(filter, { ...(message === undefined ? {} : { message }), toJsonSchema: () => ({}) })
