/** The commands of probers: they claim rounds that are due, and hand in what came of them. */
import type * as Check from "@overdue/core/Check"
import type * as Probe from "@overdue/core/Probe"
import type { Report } from "@overdue/core/probe/Rounds"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Turn from "@overdue/core/probe/Turn"
import * as Stops from "@overdue/core/Stops"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as SteadyClock from "../SteadyClock.ts"
import * as Receive from "./Receive.ts"
import * as Told from "./receive/Told.ts"

/**
 * Claims rounds that are due, at most `limit`. None is of a check in a maintenance window: nobody asks while somebody works
 * there. Nobody else gets the same, also when nothing comes of them: the next round of their checks is due in time.
 */
export const claim = Effect.fn("Rounds.claim")(function* (claim: Omit<Turn.Claim, "now">) {
  const store = yield* Store.Store
  const now = yield* SteadyClock.now
  const turns = yield* store.claimTurns({ ...claim, now })
  return turns.filter(({ check: { policy } }) => !Stops.holds({ quiet: policy.quiet, blind: [] }, now))
})

/** Hands in results of a round. They are logged once the round is complete; see `Machine`. */
export const report = Effect.fnUntraced(function* (check: string, report: Report) {
  const receive = yield* Receive.Receive
  return yield* receive.receive({
    target: { id: check },
    signal: { via: "probe", report },
    rid: undefined,
    origin: Told.origin,
  })
})

/** Asks what the probe of a check says at this moment, from one place for all its regions, and hands it in. Nobody asks
 * for a threshold. */
export const once = Effect.fnUntraced(function* (
  check: Check.Check,
  ask: (probe: Probe.Probe) => Effect.Effect<Omit<Probe.Result, "region"> | undefined>,
) {
  const { policy, state } = check
  if (policy.probe === undefined || Threshold.is(policy.probe)) return undefined
  const result = yield* ask(policy.probe)
  if (result === undefined) return undefined
  const now = yield* SteadyClock.now
  // Several may be asked for at once, each of which is a round of its own.
  const at = Math.max(now, (state.probing?.last?.at ?? -Infinity) + 1)
  const results = Turn.labelsOf(check).map((region) => ({ ...result, region }))
  return yield* report(check.id, { at, results, isWhole: true })
})
