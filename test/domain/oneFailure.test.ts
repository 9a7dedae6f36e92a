import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import { day, hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { holds } from "./spec/Law.ts"

const nightly = Result.getOrThrow(Schedule.parse("0 3 * * *", Zone.utc))
const first = Date.parse("2026-03-01T03:00:00Z")

/** What becomes of the run of one night, in time after its slot. A hair before it is after it, too. */
interface Night {
  readonly starts: Span | undefined
  readonly ends: Span | undefined
  readonly how: "success" | "fail"
  readonly hasId: boolean
  readonly isToldTwice: boolean
}

const within = (longest: Span): fc.Arbitrary<Span> =>
  fc.oneof(
    fc.integer({ min: -10, max: 10 }).map((seconds) => seconds * second),
    fc.integer({ min: 0, max: longest / minute }).map((minutes) => minutes * minute),
  )

const night: fc.Arbitrary<Night> = fc.record({
  starts: fc.option(within(8 * hour), { nil: undefined }),
  ends: fc.option(within(8 * hour), { nil: undefined }),
  how: fc.constantFrom("success", "fail"),
  hasId: fc.boolean(),
  isToldTwice: fc.boolean(),
})

/** Tolerates everything, so that every failed outcome is on record and none is hidden by a flip. */
const tolerant = { failures: 32, outOf: 32, recoveries: 1 }

const policies: fc.Arbitrary<Check.Policy> = fc
  .record({
    grace: fc.constantFrom(minute, hour, 4 * hour),
    maxRuntime: fc.constantFrom(undefined, "never" as const, 30 * minute, 6 * hour),
    minRuntime: fc.constantFrom(undefined, 10 * second),
    startSatisfies: fc.boolean(),
    armed: fc.boolean(),
    runs: fc.constantFrom("latest" as const, "every" as const),
  })
  .map((given) => ({ ...Check.defaultPolicy, ...given, schedule: nightly, alert: tolerant }))

/** Returns the events of a night: its run starts once and ends once, or an answer was lost and its end is told again. */
const eventsOf = ({ starts, ends, how, hasId, isToldTwice }: Night, index: number) => {
  const slot = first + index * day
  const rid = hasId ? `night ${index}` : undefined
  const begun = starts === undefined ? undefined : slot + starts
  const ended = ends === undefined ? undefined : Math.max(slot + ends, begun ?? -Infinity)
  const events: { readonly at: Instant; readonly event: Machine.Event }[] = []
  if (begun !== undefined) events.push({ at: begun, event: { type: "start", rid } })
  if (ended !== undefined) events.push({ at: ended, event: { type: how, rid } })
  // Without an id nobody can know that it is the same run.
  if (ended !== undefined && hasId && isToldTwice)
    events.push({ at: ended + second, event: { type: how, rid } })
  return events
}

const failures = ({ state }: Check.Check): number => {
  let count = 0
  for (let bits = state.outcomes.failed; bits !== 0; bits &= bits - 1) count += 1
  return count
}

const lived = (policy: Check.Policy, nights: readonly Night[]): Check.Check => {
  let check = Check.make({ id: "c", project: "p", badgeKey: "b", createdAt: first - hour, policy })
  for (const { at, event } of nights.flatMap(eventsOf)) check = Machine.step(check, event, at).check
  return Machine.settled(check, first + (nights.length - 1) * day + 20 * hour)
}

const good: Night = { starts: second, ends: minute, how: "success", hasId: true, isToldTwice: false }

describe("a job that runs once for each of its slots", () => {
  holds(
    14,
    "One slot or run makes at most one failed outcome.",
    fc.property(policies, fc.array(night, { minLength: 1, maxLength: 4 }), (policy, nights) => {
      for (let index = 0; index < nights.length; index++) {
        const [before, after] = [index, index + 1].map((count) =>
          failures(lived(policy, nights.slice(0, count))),
        )
        const added = after! - before!
        expect(added).toBeLessThanOrEqual(1)
      }
    }),
    4_000,
  )

  it("makes one for each bad night and none for a good one", () => {
    const policy = { ...Check.defaultPolicy, schedule: nightly, grace: hour, alert: tolerant }
    const hung = { ...good, ends: undefined }
    const late = { ...good, starts: undefined, ends: 90 * minute, how: "fail" as const }
    const absent = { ...good, starts: undefined, ends: undefined }
    expect(failures(lived(policy, [good, good, good]))).toBe(0)
    expect(failures(lived(policy, [good, hung, late, absent, good]))).toBe(3)
  })
})
