/** Windows of time, and time zones, as people write them in code. */
import type { Interval } from "@overdue/core/CountedTime"
import type { Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { PlanInvalid } from "../PlanInput.ts"
import * as Statistics from "../queries/Statistics.ts"

/**
 * A window of time, from `from` (inclusive) to `to` (exclusive). By default it ends now, and begins thirty days before
 * its end.
 */
export interface WindowInput {
  /** A number is milliseconds since 1970. */
  readonly from?: Date | number
  readonly to?: Date | number
}

/** Returns the window. Fails when it is empty, or when an instant is invalid. */
export const parse = ({ from, to }: WindowInput, now: Instant): Result.Result<Interval, PlanInvalid> => {
  const at = (instant: Date | number | undefined) => (instant === undefined ? undefined : Number(instant))
  const window = Statistics.window({ from: at(from), to: at(to) }, now)
  return Number.isSafeInteger(window.from) && Number.isSafeInteger(window.to) && window.from < window.to
    ? Result.succeed(window)
    : Result.fail(new PlanInvalid({ field: "to", expected: "two instants, from before to" }))
}

/** Returns the time zone with a name, by default UTC. Fails when there is none. */
export const zone = (name = "UTC"): Result.Result<Zone.Zone, PlanInvalid> =>
  Result.mapError(
    Zone.make(Zone.canonical(name)),
    ({ expected }) => new PlanInvalid({ field: "zone", expected }),
  )
