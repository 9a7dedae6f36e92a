/** What the outbox logs: how each delivery ended, that a channel begins to fail, and that it works again. */
import { hint } from "@overdue/core/Check"
import type { Claim, DeliveryOutcome, Settled } from "@overdue/core/Delivery"
import * as Diagnosis from "@overdue/core/Diagnosis"
import * as News from "@overdue/core/News"
import type { Instant } from "@overdue/core/Time"
import * as Wording from "@overdue/core/Wording"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Failure from "../Failure.ts"
import * as LogShare from "../LogShare.ts"
import * as Quoted from "../Quoted.ts"

/** Logs how an attempt ended. Only its first failure is a line of its own, not each that follows. */
export const ended = Effect.fnUntraced(function* (
  claim: Claim,
  outcome: DeliveryOutcome,
  { isHeld, turn }: Settled,
  now: Instant,
) {
  if (!isHeld) return
  const { channel } = claim
  const name = channelOf(claim)
  const news = newsOf(claim)
  if (turn === "failed" && "error" in outcome) {
    yield* of(claim, Effect.logWarning(`${name} fails: ${outcome.error}; it is to be told that ${news}`))
  }
  if (turn === "recovered") {
    const since = channel.failingSince
    const after = since === undefined ? "" : ` after ${Wording.span(now - since)}`
    yield* of(claim, Effect.logInfo(`${name} works again${after}`))
  }
  switch (outcome.status) {
    case "delivered":
      return yield* of(claim, Effect.logInfo(`${name} was told that ${news}`))
    case "skipped":
      return yield* Effect.logDebug(`${name} need not be told that ${news}: ${outcome.error}`)
    case "pending":
      return yield* Effect.logDebug(`${name} is to be told later that ${news}: ${outcome.error}`)
    case "dead":
      return yield* of(claim, Effect.logWarning(`${name} is not told that ${news}: ${outcome.error}`))
  }
})

/** Logs that nobody knows how an attempt ended. Ids of deliveries are not logged: they contain that of the check. */
export const unsettled = (claim: Claim, cause: Cause.Cause<unknown>) =>
  Effect.logError(
    `${channelOf(claim)} is told again that ${newsOf(claim)}, because the attempt was not settled: ${Failure.detail(cause)}`,
  )

/** Logs that a channel is disabled. */
export const disabled = (claim: Claim, why: string) =>
  of(
    claim,
    Effect.logWarning(
      `${channelOf(claim)} is disabled: ${why}; test or change it when it is mended, and it is told what is still down`,
    ),
  )

const of = ({ channel }: Claim, line: Effect.Effect<void>): Effect.Effect<void> =>
  LogShare.ofProject(channel.project, line)

const channelOf = ({ channel: { id, name, kind } }: Claim): string =>
  `channel ${Quoted.of(name || id)} (${kind})`

const newsOf = ({ alert }: Claim): string =>
  News.of(Quoted.of(hint(alert.check)), alert, Diagnosis.expiring(alert.check, alert.at))
