/** The pings of Cronhub: one URL for each thing that a job reports. */
import type { Action } from "@overdue/core/Signal"
import * as Deadline from "@overdue/core/Deadline"
import * as Uuid from "@overdue/core/Uuid"
import type * as Receive from "@overdue/engine/commands/Receive"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import type { Described } from "../../rest/Api.ts"
import type { DirectTake, Services } from "../Dialect.ts"
import { SignalDesk } from "../SignalDesk.ts"
import * as Answers from "./Answers.ts"
import * as Monitor from "./Monitor.ts"

const path = new RegExp(`^/(ping|start|finish|fail)/(${Uuid.source})/?$`, "i")

const actions: ReadonlyMap<string, Action> = new Map([
  ["ping", "success"],
  ["start", "start"],
  ["finish", "success"],
  ["fail", "fail"],
])

/** The most characters of a payload that are kept. */
const payloadLength = 1_000

/** Returns what answers pings. */
export const open = (services: Context.Context<Services>): DirectTake => {
  const desk = new SignalDesk(services, Answers.ofPings, payloadLength)
  const steady = Context.get(services, SteadyClock.SteadyClock)
  const ofOutcome = (outcome: Receive.Outcome) => {
    if (Exit.isFailure(outcome)) return Answers.ofPings.ofCause(outcome.cause)
    const { check } = outcome.value
    // It has just been settled, whichever blind spans there are.
    const moment = { now: steady.nowUnsafe(), blind: Deadline.neverBlind }
    return Answers.taken(Monitor.status(check, moment), Monitor.lastPing(check))
  }
  return (inbound, done) => {
    const found = path.exec(inbound.path)
    if (found === null) return false
    const action = actions.get(found[1]!.toLowerCase())!
    const payload = new URLSearchParams(inbound.query).get("payload")
    return (
      desk.take(
        {
          inbound,
          target: { id: found[2]!.toLowerCase() },
          action,
          ...(payload !== null && { said: payload.slice(0, payloadLength) }),
        },
        { done, ofOutcome },
      ) ?? true
    )
  }
}

const payload = {
  payload: {
    description: `What is kept of the ping, ${payloadLength} characters at most; or else the body is.`,
    schema: { type: "string", maxLength: payloadLength },
  },
}

const taken = {
  answer: "`monitor_status` and `monitor_last_ping` say what has become of the monitor.",
  shape: JsonSchema.object({
    success: { const: true },
    monitor_status: { enum: Monitor.statuses },
    monitor_last_ping: { type: ["string", "null"], format: "date-time" },
  }),
}

/** What the documentation says of pings. */
export const described: readonly Described[] = [
  {
    id: "ping",
    path: "/ping/{uuid}",
    summary: "The job has run",
    description: "With any method, as the following.",
    query: payload,
    ...taken,
  },
  {
    id: "start",
    path: "/start/{uuid}",
    summary: "The job has started",
    description:
      "The monitor is running, until the job finishes or its running time is over; without one, until its next run is late.",
    query: payload,
    ...taken,
  },
  {
    id: "finish",
    path: "/finish/{uuid}",
    summary: "The job has finished",
    description: "Ends the run that started last.",
    query: payload,
    ...taken,
  },
  {
    id: "fail",
    path: "/fail/{uuid}",
    summary: "The job has failed",
    description: "The channels of the monitor are told.",
    query: payload,
    ...taken,
  },
]
