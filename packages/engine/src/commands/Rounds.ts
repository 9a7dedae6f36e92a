/** The commands of probers: they claim rounds that are due, and hand in what came of them. */
import type * as Check from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import type * as Probe from "@overdue/core/Probe"
import * as Rounds from "@overdue/core/probe/Rounds"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Turn from "@overdue/core/probe/Turn"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Failure from "../Failure.ts"
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
  return turns.filter(({ check: { policy } }) => !Deadline.isQuiet(policy, now))
})

/** Hands in results of a round. They are logged once the round is complete; see `Machine`. */
export const report = Effect.fnUntraced(function* (check: string, report: Rounds.Report) {
  const receive = yield* Receive.Receive
  return yield* receive.receive({
    target: { id: check },
    signal: { via: "probe", report },
    rid: undefined,
    origin: Told.origin,
  })
})

/** A result of a claimed round from somewhere else, with what was claimed. */
export interface HandedIn {
  readonly check: string
  /** Only a check of this project; by default of any. */
  readonly project?: string | undefined
  readonly at: Instant
  readonly claimedAt: Instant
  readonly region: string
  readonly said: Probe.Said
  /** Whether this is what was asked; see `Rounds.question`. */
  readonly isAnswerTo: (question: string) => boolean
}

/**
 * What became of a result. `late`: a newer round is known, or it was claimed too long ago. `void`: nobody asks that from there,
 * or not any more. `unknown`: there is no such check.
 */
export type HandedOver = "taken" | "late" | "void" | "unknown"

/** Hands in a result from somewhere else, of which it must be found out first whether it is an answer at all. */
export const handIn = Effect.fnUntraced(function* (handed: HandedIn) {
  const { check: id, project, at, claimedAt, region, said } = handed
  const store = yield* Store.Store
  const check = yield* Failure.ifReadable(store.check(id))
  if (check === undefined || (project !== undefined && check.project !== project)) return "unknown" as const
  const { probe } = check.policy
  const isDue = Turn.labelsOf(check).includes(region)
  if (probe === undefined || !isDue || !handed.isAnswerTo(Rounds.question(probe))) return "void" as const
  if ((yield* SteadyClock.now) - claimedAt > Turn.validity) return "late" as const
  const received = yield* Effect.catchTags(report(id, { at, ...Rounds.told(said, [region]) }), {
    CheckNotFound: () => Effect.succeed(undefined),
    CheckLimitReached: Effect.die,
    RateLimited: Effect.die,
    SlugAmbiguous: Effect.die,
  })
  if (received === undefined) return "unknown" as const
  const { probing } = received.check.state
  if (probing?.unjudged?.at === at && probing.unjudged.region === region) return "taken" as const
  if (received.kind !== "ignored" || probing?.open?.at === at) return "taken" as const
  const isOver = probing?.last !== undefined && probing.last.at >= at
  return isOver || probing?.open !== undefined ? ("late" as const) : ("void" as const)
})

/**
 * Asks what the probe of a check says at this moment, from one place for all its regions, and hands it in. Nobody asks for a
 * threshold.
 */
export const once = Effect.fnUntraced(function* (
  check: Check.Check,
  ask: (probe: Probe.Probe) => Effect.Effect<Probe.Said>,
) {
  const { policy, state } = check
  if (policy.probe === undefined || Threshold.is(policy.probe)) return undefined
  const said = yield* ask(policy.probe)
  const now = yield* SteadyClock.now
  // Several may be asked for at once, each of which is a round of its own.
  const at = Math.max(now, (state.probing?.last?.at ?? -Infinity) + 1)
  return yield* report(check.id, { at, ...Rounds.told(said, Turn.labelsOf(check)), isWhole: true })
})
