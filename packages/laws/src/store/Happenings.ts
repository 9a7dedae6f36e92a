/** What may be configured of a check, and what may happen to it, in commands that are tried on stores. */
import type * as Machine from "@overdue/core/Machine"
import { hour, minute } from "@overdue/core/Time"
import * as fc from "fast-check"
import * as StoreFixture from "./StoreFixture.ts"

/** Policies that make checks flip, keep alerts back, and remind. */
export const policy = fc.record({
  grace: fc.constantFrom(minute, hour),
  early: fc.constantFrom(0, minute),
  startSatisfies: fc.boolean(),
  armed: fc.boolean(),
  runs: fc.constantFrom("latest" as const, "every" as const),
  alert: fc.constantFrom({ failures: 1, outOf: 1, recoveries: 1 }, { failures: 2, outOf: 3, recoveries: 1 }),
  quiet: fc.constantFrom([], [{ schedule: StoreFixture.nightly, duration: 8 * hour }]),
  remindEvery: fc.constantFrom(undefined, hour),
})

/** Everything that can happen to a check but a new policy. */
export const events: fc.Arbitrary<Machine.Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom(
        "success" as const,
        "fail" as const,
        "start" as const,
        "cancel" as const,
        "log" as const,
      ),
      rid: fc.constantFrom(undefined, StoreFixture.checkId(8)),
    }),
  },
  fc.record({
    type: fc.constantFrom("pause" as const, "resume" as const, "clock" as const, "tick" as const),
  }),
  fc.record({
    type: fc.constant("silence" as const),
    until: fc.constantFrom(undefined, StoreFixture.start + hour, StoreFixture.start + 24 * hour),
  }),
)
