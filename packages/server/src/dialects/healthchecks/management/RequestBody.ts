/** The JSON object in the body of a POST. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Inbound } from "../../../http/Http.ts"
import { BadRequest } from "./Endpoint.ts"

/** Bytes that are read; no request of this API is nearly as long. */
const longest = 1024 * 1024

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** An empty body stands for an empty object. */
export const read = Effect.fnUntraced(function* (inbound: Inbound) {
  if (!inbound.hasBody) return {}
  const body = yield* Effect.tryPromise({
    try: () => inbound.body(longest),
    catch: () => new BadRequest({ text: "could not parse request body" }),
  })
  if (body.isCut) return yield* new BadRequest({ text: "request body is too long" })
  return yield* Effect.fromResult(parse(body.bytes))
})

type JsonObject = Readonly<Record<string, unknown>>

export const parse = (bytes: Uint8Array): Result.Result<JsonObject, BadRequest> => {
  if (bytes.length === 0) return Result.succeed({})
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(bytes), keepFractions)
  } catch {
    return Result.fail(new BadRequest({ text: "could not parse request body" }))
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Result.succeed(value as JsonObject) // safe because JSON has no other objects
    : Result.fail(new BadRequest({ text: "json validation error: value is not an object" }))
}

/** Healthchecks takes 60 as a number of seconds and refuses 60.0; JavaScript alone cannot tell them apart. */
const keepFractions = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === "number" && Number.isInteger(value) && /[.eE]/.test(context?.source ?? "")
    ? Number.NaN
    : value
