/** The JSON object in the body of a POST, whatever its content type says, and what an endpoint makes of it. */
import type { Defaults } from "@overdue/core/document/CheckDocument"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Inbound } from "../../../http/Http.ts"
import * as Body from "../../Body.ts"
import * as Sentence from "../../Sentence.ts"
import { BadRequest } from "./Endpoint.ts"

const sentences: Readonly<Record<Body.BodyInvalid["reason"], string>> = {
  unreadable: "could not parse request body",
  "too long": "request body is too long",
  "too long of a stranger": `request body is too long: without the header X-Api-Key, at most ${Body.ofStrangers} bytes are read`,
  other: "json validation error: value is not an object",
}

/** How the object is read. */
export interface Reading {
  readonly defaults: Defaults
  /** Whether it is known who sent it. Of a stranger, little is read. */
  readonly isKnown: boolean
}

/** Returns the object; an empty body stands for an empty one. Fails in Healthchecks' words. */
export const read = Effect.fnUntraced(
  function* (inbound: Inbound, { defaults, isKnown }: Reading) {
    const read = yield* Effect.fromResult(Body.json(yield* Body.bytes(inbound, { isKnown })))
    return defaults === "own" ? read.fields : withFractions(read.fields, read.source)
  },
  Effect.mapError(({ reason }) => new BadRequest({ text: sentences[reason] })),
)

/** Returns the refusal of a body for what is in it, in Healthchecks' words; `detail` helps to correct it. */
export const invalid = (sentence: string, detail?: string): BadRequest =>
  new BadRequest({
    text: `json validation error: ${sentence}`,
    ...(detail !== undefined && { detail }),
  })

/** Returns a body as a schema decodes it; `explain` returns what helps to correct it. */
export const decoded = <A>(
  decode: (body: unknown) => Result.Result<A, Schema.SchemaError>,
  body: Body.Fields,
  explain: (body: Body.Fields) => string | undefined = () => undefined,
): Effect.Effect<A, BadRequest> =>
  Effect.fromResult(
    Result.mapError(decode(body), ({ issue }) => invalid(Sentence.whole(issue, body), explain(body))),
  )

/**
 * Healthchecks takes 60 as a number of seconds and refuses 60.0; JavaScript alone cannot tell them apart. Only the source
 * of these fields is looked at: a reviver, which sees the source of every value, makes parsing 28 times as slow.
 */
const withFractions = (fields: Body.Fields, source: string): Body.Fields => {
  const written = [...source.matchAll(seconds)].filter(([, name = "", number = ""]) => {
    return Number.isInteger(fields[name]) && /[.eE]/.test(number)
  })
  return written.length === 0
    ? fields
    : { ...fields, ...Object.fromEntries(written.map(([, name]) => [name, Number.NaN])) }
}

/** A key of JSON with its number; inside of a string, the quotes would have a backslash before them. */
const seconds = /(?<!\\)"(timeout|grace)"\s*:\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g
