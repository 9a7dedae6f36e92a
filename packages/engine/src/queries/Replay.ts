/** Queries for what another policy would have made of a check's log, and for a policy that would suit it. */
import type { Check, Policy } from "@overdue/core/Check"
import * as Replay from "@overdue/core/Replay"
import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import * as Effect from "effect/Effect"
import * as History from "./History.ts"

/**
 * Returns the check's policy (`a`) compared with another one (`b`), from the oldest kept ping until now. Both begin
 * with a new check, because what happened before that ping is not known.
 */
export const compare = Effect.fnUntraced(function* (check: Check, policy: Policy) {
  const history = yield* History.ofCheck(check)
  return Replay.compare(check.policy, policy, happenings(history), {
    until: history.now,
    blind: history.blind,
  })
})

/** Advice for the check's own schedule, and for the one that its signals suggest. */
export interface Advised {
  readonly present: Replay.Advice
  readonly guessed: Replay.Advice
}

/**
 * Returns advice. `quantile` is the share of signals that may come without an alarm, 0 to 1, by default 1; `zone` is
 * the time zone for guessed cron lines, by default the check's.
 */
export const advise = Effect.fnUntraced(function* (
  check: Check,
  options: { readonly quantile?: number; readonly zone?: Zone.Zone } = {},
) {
  const events = [...happenings(yield* History.ofCheck(check))]
  const { schedule } = check.policy
  const { quantile = 1, zone = Schedule.zoneOf(schedule) } = options
  const zones = zone === Zone.utc ? [zone] : [zone, Zone.utc]
  return {
    present: Replay.advise(events, { schedule, quantile }),
    guessed: Replay.advise(events, { zones, quantile }),
  } satisfies Advised
})

/** Yields pings, and from the flips what people did to the check. Of the same instant, pings come first. */
const happenings = function* ({ pings, flips }: History.History): Generator<Replay.Happening, undefined> {
  const begins = pings[0]?.at ?? Infinity
  const byHand = flips.filter(
    ({ reason, at }) => (reason === "paused" || reason === "resumed") && at >= begins,
  )
  let index = 0
  for (const happening of Replay.ofPings(pings)) {
    for (; index < byHand.length && byHand[index]!.at < happening.at; index++) yield ofHand(byHand[index]!)
    yield happening
  }
  for (; index < byHand.length; index++) yield ofHand(byHand[index]!)
  return undefined
}

const ofHand = ({ at, reason }: History.History["flips"][number]): Replay.Happening => ({
  at,
  event: { type: reason === "paused" ? "pause" : "resume" },
})
