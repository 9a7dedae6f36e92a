/** The answers of the ping API. Each is made once: the carrier caches the headers of an answer by its identity. */
import type * as Receive from "@overdue/engine/commands/Receive"
import * as Exit from "effect/Exit"
import { text, type HeaderFields, type Outbound } from "../../../http/Http.ts"
import * as SignalAnswers from "../../SignalAnswers.ts"
import * as Asked from "../checks/Asked.ts"

const headers: HeaderFields = { "access-control-allow-origin": "*", ...SignalAnswers.uncached }

/** No check has this id, or no project this ping key. */
export const notFound = text(404, "not found", headers)
/** The exit status is above 255, or the slug has upper-case letters. */
export const badUrl = text(400, "invalid url format", headers)
/** `rid` is not a UUID. */
export const badRid = text(400, "invalid uuid format", headers)
/** Several checks of the project have this slug. */
export const ambiguous = text(409, "ambiguous slug", headers)

/**
 * Returns the answer to a ping that may create a check, and describes it wrongly. The sentence names the parameter, and
 * may repeat what was sent: a browser must not take that for a page.
 */
export const badBlueprint = (sentence: string): Outbound =>
  text(400, sentence, {
    ...headers,
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
  })

const shared = SignalAnswers.make({
  write: (status, sentence, added) => text(status, sentence, { ...headers, ...added }),
  notFound,
  ambiguous,
})

/** Returns the answer to a ping whose body could not be read. */
export const ofBodyError = shared.ofBodyError

/** Returns the answer to a ping that was refused, or that failed. */
export const ofCause = shared.ofCause

/** Returns the answer to a ping from its outcome, and from its query when it created its check. */
export type OfOutcome = (outcome: Receive.Outcome, query: URLSearchParams) => Outbound

/**
 * Returns the function from the outcome of a ping to its answer, which tells clients how many bytes of a body are
 * stored. Those that described the check that it created learn that this was heeded, which Healthchecks does not do.
 */
export const ofOutcome = (pingBodyLimit: number): OfOutcome => {
  const accepted = { ...headers, "ping-body-limit": String(pingBodyLimit) }
  const ok = text(200, "OK", accepted)
  const created = text(201, "Created", accepted)
  const createdAsOurs = text(201, "Created", { ...accepted, "preference-applied": "defaults=own" })
  return (outcome, query) => {
    if (Exit.isFailure(outcome)) return ofCause(outcome.cause)
    if (!outcome.value.created) return ok
    return Asked.defaults(query) === "own" ? createdAsOurs : created
  }
}
