/** The answers of the ping API. Each is made once: the carrier caches the headers of an answer by its identity. */
import type { StoreError } from "@overdue/core/Store"
import type * as Receive from "@overdue/engine/commands/Receive"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { BodyTooLarge, text, type Outbound } from "../../../http/Http.ts"

/** Seconds after which a client may try again when the store fails. */
const retryAfter = "5"

const headers = {
  "access-control-allow-origin": "*",
  "cache-control": "max-age=0, no-cache, no-store, must-revalidate, private",
}

/** No check has this id, or no project this ping key. */
export const notFound = text(404, "not found", headers)
/** The exit status is above 255, or the slug has upper-case letters. */
export const badUrl = text(400, "invalid url format", headers)
/** `rid` is not a UUID. */
export const badRid = text(400, "invalid uuid format", headers)
/** Several checks of the project have this slug. */
export const ambiguous = text(409, "ambiguous slug", headers)
const tooLarge = text(413, new BodyTooLarge().message, headers)
const unreadable = text(400, "the body could not be read to its end; send the ping again", headers)
const failed = text(500, "internal error; the log of the server says more", headers)
const unavailable = text(503, `the database cannot be used now; try again in ${retryAfter} seconds`, {
  ...headers,
  "retry-after": retryAfter,
})

/** Returns the answer to a ping that may create a check, and describes it wrongly. The sentence names the parameter. */
export const badBlueprint = (sentence: string): Outbound => text(400, sentence, headers)

/** Returns the answer to a ping whose body could not be read, from the error of `Inbound.body`. */
export const ofBodyError = (error: unknown): Outbound =>
  error instanceof BodyTooLarge ? tooLarge : unreadable

const tooMany = (seconds: number): Outbound =>
  text(429, "rate limit exceeded", { ...headers, "retry-after": String(seconds) })

/**
 * Returns the function from the outcome of a ping to its answer, which tells clients how many bytes of a body are
 * stored.
 */
export const ofOutcome = (pingBodyLimit: number): ((outcome: Receive.Outcome) => Outbound) => {
  const accepted = { ...headers, "ping-body-limit": String(pingBodyLimit) }
  const ok = text(200, "OK", accepted)
  const created = text(201, "Created", accepted)
  return (outcome) => {
    if (Exit.isFailure(outcome)) return ofCause(outcome.cause)
    return outcome.value.created ? created : ok
  }
}

/** Returns the answer to a ping that was refused, or that failed. */
export const ofCause = (cause: Cause.Cause<Receive.Refusal | StoreError>): Outbound => {
  const error = Cause.findError(cause)
  if (Result.isFailure(error)) return failed
  switch (error.success._tag) {
    case "StoreError":
      return unavailable
    case "CheckNotFound":
    case "CheckLimitReached":
      return notFound
    case "SlugAmbiguous":
      return ambiguous
    case "RateLimited":
      return tooMany(error.success.seconds)
  }
}
