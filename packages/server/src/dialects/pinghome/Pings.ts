/** Events: what a job reports to the URL of its heartbeat. */
import type { Action } from "@overdue/core/Signal"
import * as Uuid from "@overdue/core/Uuid"
import type * as Receive from "@overdue/engine/commands/Receive"
import type * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import type { Described } from "../../rest/Api.ts"
import type { DirectTake, Services } from "../Dialect.ts"
import { SignalDesk } from "../SignalDesk.ts"
import * as Answers from "./Answers.ts"
import { methods } from "./Heartbeat.ts"
import * as Place from "./Place.ts"

const path = /^\/data-gateway\/v1\/heartbeat\/([^/]+)\/?$/

const actions: ReadonlyMap<string, Action> = new Map([
  ["tick", "success"],
  ["run", "start"],
  ["complete", "success"],
  ["fail", "fail"],
])

/** The results that an event may have. */
export const results = [...actions.keys()]

const invalid = Answers.ofEvents.invalid(`must be one of ${results.join(", ")}`)
const notAllowed = Answers.ofEvents.notAllowed(methods.join(", "))

/** The most bytes of a message that are kept. */
const messageLength = 10_000

const ofOutcome = (outcome: Receive.Outcome) =>
  Exit.isFailure(outcome)
    ? Answers.ofEvents.ofCause(outcome.cause)
    : outcome.value.kind === "ignored"
      ? Answers.ignored
      : Answers.taken

/** Returns what answers events. */
export const open = (services: Context.Context<Services>): DirectTake => {
  const desk = new SignalDesk(services, Answers.ofEvents, messageLength)
  return (inbound, done) => {
    const found = path.exec(Place.pathOf(inbound))
    if (found === null) return false
    const answer = (outbound: Parameters<typeof done>[0]): true => {
      done(outbound)
      return true
    }
    if (!methods.some((method) => method === inbound.method)) return answer(notAllowed)
    const query = new URLSearchParams(inbound.query)
    const result = query.getAll("result").at(-1) || "tick"
    const action = actions.get(result)
    if (action === undefined) return answer(invalid)
    const id = Uuid.parse(found[1]!)
    if (id === undefined) return answer(Answers.ofEvents.notFound)
    const said = query.get("message") || undefined
    const asked = { inbound, target: { id }, action, said, extension: { pinghome: { result } } }
    return desk.take(asked, { done, ofOutcome }) ?? true
  }
}

/** What the documentation says of events. */
export const described: readonly Described[] = [
  {
    id: "event",
    path: "/data-gateway/v1/heartbeat/{id}",
    summary: "The job reports",
    description:
      "With whichever methods the heartbeat takes. A long message is sent as the body of a POST: a URL has room for some thousand characters.",
    query: {
      result: { description: "What is reported.", schema: { enum: results, default: "tick" } },
      message: {
        description: "What is kept with it; or else the body is.",
        schema: { type: "string", maxLength: messageLength },
      },
    },
    answer: "The event is kept, or was left out as one that the heartbeat does not take.",
    shape: Answers.saidOf(),
    refusals: { 422: "The result is none of those." },
  },
]
