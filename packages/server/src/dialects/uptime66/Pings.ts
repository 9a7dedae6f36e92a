/** The pings of 66uptime: one URL for each heartbeat, at which every request is a run that succeeded. */
import * as Uuid from "@overdue/core/Uuid"
import type * as Receive from "@overdue/engine/commands/Receive"
import type * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import type { Described } from "../../rest/Api.ts"
import type { DirectTake, Services } from "../Dialect.ts"
import { SignalDesk } from "../SignalDesk.ts"
import * as Answers from "./Answers.ts"
import * as Code from "./Code.ts"

const path = new RegExp(`^/webhook-heartbeat/(${Uuid.source}|${Code.source})/?$`, "i")

const methods: readonly string[] = ["GET", "POST", "HEAD"]

/** Returns what answers pings. */
export const open = (services: Context.Context<Services>): DirectTake => {
  const desk = new SignalDesk(services, Answers.ofPings)
  const ofOutcome = (outcome: Receive.Outcome) =>
    Exit.isFailure(outcome) ? Answers.ofPings.ofCause(outcome.cause) : Answers.taken
  return (inbound, done) => {
    const found = path.exec(inbound.path)
    if (found === null) return false
    if (!methods.includes(inbound.method)) {
      done(Answers.ofPings.notAllowed)
      return true
    }
    const target = { id: Code.read(found[1]!.toLowerCase()) }
    return desk.take({ inbound, target, action: "success" }, { done, ofOutcome }) ?? true
  }
}

/** What the documentation says of pings. */
export const described: readonly Described[] = [
  {
    id: "ping",
    path: "/webhook-heartbeat/{code}",
    summary: "The job has run",
    description: "With GET, POST or HEAD. The `code` is that of the heartbeat.",
    answer: "Empty: the run is counted, or left out while the heartbeat is switched off.",
  },
]
