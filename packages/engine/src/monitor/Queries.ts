/** What a monitor answers about one of its checks, with windows, zones and plans as people write them in code. */
import type { Unit } from "@overdue/core/Calendar"
import type { Check } from "@overdue/core/Check"
import * as Policy from "@overdue/core/Policy"
import * as Shown from "@overdue/core/Shown"
import * as Effect from "effect/Effect"
import * as PlanInput from "../PlanInput.ts"
import * as Checks from "../queries/Checks.ts"
import * as Replay from "../queries/Replay.ts"
import * as Statistics from "../queries/Statistics.ts"
import * as WindowInput from "./WindowInput.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** Returns the status to show at this moment. */
export const status = Effect.fnUntraced(function* (check: Check) {
  return Shown.statusAt(check, yield* SteadyClock.now, yield* Checks.blind)
})

/** Returns what the policy of a check probably does not mean. */
export const remarks = Effect.fnUntraced(function* ({ policy, details }: Check) {
  return Policy.remarks(policy, yield* SteadyClock.now, details)
})

/** Returns the report of a window. Fails with `PlanInvalid` when the window is empty. */
export const statistics = Effect.fnUntraced(function* (check: Check, window: WindowInput.WindowInput) {
  const given = WindowInput.parse(window, yield* SteadyClock.now)
  return yield* Statistics.over(check, yield* Effect.fromResult(given))
})

/** Returns a report for each unit of the calendar in the window's zone, the oldest first. */
export const statisticsBy = Effect.fnUntraced(function* (
  check: Check,
  unit: Unit,
  window: WindowInput.WindowInput,
) {
  const zone = yield* Effect.fromResult(WindowInput.zone(window.zone))
  const given = WindowInput.parse(window, yield* SteadyClock.now)
  return yield* Statistics.by(check, yield* Effect.fromResult(given), { unit, zone })
})

/** Returns what a changed plan would have made of the pings that are kept. Fails with `PlanInvalid`. */
export const replay = Effect.fnUntraced(function* (check: Check, input: PlanInput.PlanInput) {
  const { policy } = yield* Effect.fromResult(PlanInput.plan(input, check))
  return yield* Replay.compare(check, policy)
})

/** Returns advice, as `Replay.advise` does. Fails with `PlanInvalid` when no time zone has the name. */
export const advise = Effect.fnUntraced(function* (
  check: Check,
  options: { readonly quantile?: number; readonly zone?: string },
) {
  const { zone, ...rest } = options
  return yield* Replay.advise(check, {
    ...rest,
    ...(zone === undefined ? {} : { zone: yield* Effect.fromResult(WindowInput.zone(zone)) }),
  })
})
