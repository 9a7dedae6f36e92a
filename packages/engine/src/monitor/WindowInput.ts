/** Windows of time, and time zones, as people write them in code. */
import type { Interval } from "@overdue/core/CountedTime"
import type { Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { PlanInvalid, type InstantInput } from "../PlanInput.ts"
import { instant } from "../planInput/Timing.ts"
import * as Statistics from "../queries/Statistics.ts"

/**
 * A window of time, from `from` (inclusive) to `to` (exclusive). By default it ends now, and begins thirty days before
 * its end.
 */
export interface WindowInput {
  readonly from?: InstantInput
  readonly to?: InstantInput
  /** IANA name of the time zone of local times; by default UTC. */
  readonly zone?: string
}

/** Returns the window. Fails when it is empty, when an instant is invalid, or when no time zone has the name. */
export const parse = (input: WindowInput, now: Instant): Result.Result<Interval, PlanInvalid> =>
  Result.flatMap(zone(input.zone), (zone) => {
    const from = at("from", input.from, zone)
    if (Result.isFailure(from)) return Result.fail(from.failure)
    const to = at("to", input.to, zone)
    if (Result.isFailure(to)) return Result.fail(to.failure)
    const window = Statistics.window({ from: from.success, to: to.success }, now)
    return window.from < window.to
      ? Result.succeed(window)
      : Result.fail(new PlanInvalid({ field: "to", expected: "two instants, from before to" }))
  })

const at = (
  field: string,
  input: InstantInput | undefined,
  zone: Zone.Zone,
): Result.Result<Instant | undefined, PlanInvalid> =>
  input === undefined
    ? Result.succeed(undefined)
    : Result.mapError(instant(input, zone), (expected) => new PlanInvalid({ field, expected }))

/** Returns the time zone with a name, by default UTC. Fails when there is none. */
export const zone = (name = "UTC"): Result.Result<Zone.Zone, PlanInvalid> =>
  Result.mapError(Zone.read(name), ({ expected }) => new PlanInvalid({ field: "zone", expected }))
