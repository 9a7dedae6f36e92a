/** What the ping API answers, made once and given again and again. */
import type { StoreError } from "@overdue/core/Store"
import type * as Receive from "@overdue/engine/commands/Receive"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { text, type Outbound } from "../../../http/Http.ts"

/** Seconds after which a client may try again when the store cannot serve. */
const retryAfter = "5"

const headers = {
  "access-control-allow-origin": "*",
  "cache-control": "max-age=0, no-cache, no-store, must-revalidate, private",
}

export const notFound = text(404, "not found", headers)
export const badUrl = text(400, "invalid url format", headers)
export const badRid = text(400, "invalid uuid format", headers)
export const ambiguous = text(409, "ambiguous slug", headers)
export const tooLarge = text(413, "the body is too large", headers)
const failed = text(500, "internal error", headers)
const unavailable = text(503, "temporarily unavailable", { ...headers, "retry-after": retryAfter })

/** A parameter of a check that is to be created is wrong. */
export const badBlueprint = (sentence: string): Outbound => text(400, sentence, headers)

const tooMany = (seconds: number): Outbound =>
  text(429, "rate limit exceeded", { ...headers, "retry-after": String(seconds) })

/** Returns what is answered to a signal by what became of it. Healthchecks says how much of a body it keeps, in bytes. */
export const ofOutcome = (pingBodyLimit: number): ((outcome: Receive.Outcome) => Outbound) => {
  const accepted = { ...headers, "ping-body-limit": String(pingBodyLimit) }
  const ok = text(200, "OK", accepted)
  const created = text(201, "Created", accepted)
  return (outcome) => {
    if (Exit.isFailure(outcome)) return ofCause(outcome.cause)
    return outcome.value.created ? created : ok
  }
}

/** Returns what is answered when a signal was refused, or could not be looked at. */
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
