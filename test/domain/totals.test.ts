import * as Check from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import * as Machine from "@overdue/core/Machine"
import * as Every from "@overdue/core/schedule/Every"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Statistics from "@overdue/core/Statistics"
import { day, hour, minute, type Instant } from "@overdue/core/Time"
import * as Totals from "@overdue/core/Totals"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { shown } from "./spec/Law.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"

const run = (check: Check.Check, moments: readonly ArbitraryHistory.Moment[], blind: Deadline.Blind) => {
  const steps: Machine.Step[] = []
  for (const { at, event } of moments)
    steps.push(Machine.step(steps.at(-1)?.check ?? check, event, at, blind))
  return steps
}

describe("what a check has counted", () => {
  shown(11, "Totals of time and successes equal what statistics find while everything is kept.", () => {
    const cases = 2_000
    fc.assert(
      fc.property(ArbitraryHistory.history(), fc.nat({ max: 40 }), ({ scale, check, moments }, later) => {
        const steps = run(check, moments, Deadline.neverBlind)
        const last = steps.at(-1)?.check ?? check
        const latest = Math.max(last.state.flippedAt, scale.origin, ...moments.map(({ at }) => at))
        const now = latest + later * scale.unit
        const settled = Machine.step(last, { type: "tick" }, now)
        const flips = [...steps.flatMap((step) => step.flips), ...settled.flips]
        const pings = steps.flatMap(({ logged }) =>
          logged === undefined ? [] : [{ ...logged, rid: undefined }],
        )
        const history = { check: settled.check, flips, pings, blind: Deadline.neverBlind, now }
        const from = Math.min(check.createdAt, ...flips.map(({ at }) => at))
        const { up, down } = Statistics.over(history, { from, to: now })
        const totals = Totals.at(settled.check, now, Deadline.neverBlind)
        expect(totals).toMatchObject({ up, down })
        const succeeded = pings.filter(({ kind }) => kind === "success").length
        // A success that came too soon after its start is a failure.
        expect(totals.successes).toBeLessThanOrEqual(succeeded)
        if (check.policy.minRuntime === undefined && !moments.some(({ event }) => event.type === "configure"))
          expect(totals.successes).toBe(succeeded)
      }),
      { numRuns: cases },
    )
    return cases
  })

  shown(11, "Totals only grow, whatever happens and in whichever direction the clock runs.", () => {
    const cases = 2_000
    fc.assert(
      fc.property(ArbitraryHistory.history(), ({ check, moments, blind }) => {
        let before = check.state.totals
        for (const { check: after } of run(check, moments, blind)) {
          const { totals } = after.state
          for (const key of ["successes", "missed", "up", "down"] as const)
            expect(totals[key]).toBeGreaterThanOrEqual(before[key])
          before = totals
        }
      }),
      { numRuns: cases },
    )
    return cases
  })
})

const made = (policy: Partial<Check.Policy>): Check.Check =>
  Check.make({
    id: "c",
    project: "p",
    badgeKey: "b",
    createdAt: 0,
    policy: { ...Check.healthchecksPolicy, schedule: Every.make(hour), grace: 30 * minute, ...policy },
  })

type Happening = readonly [at: Instant, type: "success" | "fail" | "pause" | "resume" | "tick"]

const missed = (check: Check.Check, happenings: readonly Happening[], now: Instant): number => {
  let current = check
  for (const [at, type] of happenings) current = Machine.step(current, { type }, at).check
  return Totals.at(Machine.settled(current, now), now, Deadline.neverBlind).missed
}

describe("runs that were missed", () => {
  const hourly = made({})

  it.each<readonly [string, readonly Happening[], Instant, number]>([
    ["none before the first run", [], 10 * day, 0],
    [
      "none while runs come in time",
      [
        [hour, "success"],
        [2 * hour, "success"],
      ],
      2 * hour + 89 * minute,
      0,
    ],
    ["one once period and grace are over", [[hour, "success"]], hour + 90 * minute, 1],
    ["one for each time that period and grace fit in", [[hour, "success"]], hour + 10 * 90 * minute, 10],
    [
      "no more than that when a run comes at last",
      [
        [0, "success"],
        [5 * hour, "success"],
      ],
      5 * hour,
      3,
    ],
    [
      "more when runs stop again",
      [
        [0, "success"],
        [5 * hour, "success"],
      ],
      8 * hour,
      5,
    ],
    [
      "those before a pause, and none in it",
      [
        [0, "success"],
        [4 * hour, "pause"],
      ],
      90 * day,
      2,
    ],
    [
      "from the resumption on when it is over",
      [
        [0, "success"],
        [4 * hour, "pause"],
        [50 * hour, "resume"],
        [51 * hour, "success"],
      ],
      51 * hour + 90 * minute,
      3,
    ],
    [
      "none for a failure, which is a run",
      [
        [0, "success"],
        [hour, "fail"],
        [2 * hour, "fail"],
      ],
      2 * hour,
      0,
    ],
  ])("are %s", (_, happenings, now, expected) => {
    expect(missed(hourly, happenings, now)).toBe(expected)
  })

  it("are counted by the gap between slots where there are some", () => {
    const nightly = Result.getOrThrow(Cron.parse("0 3 * * *", Zone.utc))
    const check = made({ schedule: nightly, grace: hour })
    expect(missed(check, [[3 * hour, "success"]], 3 * hour + 3 * 25 * hour)).toBe(3)
    expect(missed(check, [[3 * hour, "success"]], 27 * hour + 59 * minute)).toBe(0)
  })

  it("are counted in the time that counts", () => {
    const quiet = [{ from: 2 * hour, to: 12 * hour }]
    expect(missed(made({ quiet }), [[hour, "success"]], 13 * hour + 90 * minute)).toBe(2)
  })
})
