/** Small inputs of time and state that people of this field have met elsewhere, each with what they expect. */
import * as Check from "@overdue/core/Check"
import * as Replay from "@overdue/core/Replay"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

type Event = readonly [at: string, type: "success" | "fail" | "start", rid?: string]

const cron = (text: string, zone = "UTC"): Schedule.Schedule =>
  Result.getOrThrow(Schedule.parse(text, Result.getOrThrow(Zone.make(zone))))

/** What the channels are told under the own defaults, with the given changes. */
const told = (policy: Partial<Check.Policy>, events: readonly Event[], until: string): readonly string[] =>
  Replay.replay(
    { ...Check.defaultPolicy, ...policy },
    events.map(([at, type, rid]) => ({ at: Date.parse(at), event: { type, rid } })),
    { until: Date.parse(until) },
  ).alerts.map(
    ({ at, occasion, status, reason }) =>
      `${new Date(at).toISOString().slice(5, 16)} ${occasion === "reminder" ? "still " : ""}${status}: ${reason}`,
  )

describe("a check that tolerates one failure of three", () => {
  const alert = { failures: 2, outOf: 3, recoveries: 1 }
  const good: Event = ["2026-03-01T03:10:00Z", "success"]
  const nightly = { schedule: cron("0 3 * * *"), alert }
  const noon = "2026-03-02T12:00:00Z"

  it.each<readonly [string, Partial<Check.Policy>, readonly Event[]]>([
    ["hangs once", { grace: hour }, [["2026-03-02T03:00:05Z", "start"]]],
    [
      "overruns, and reports its failure then",
      { grace: 10 * minute, maxRuntime: hour },
      [
        ["2026-03-02T03:00:05Z", "start"],
        ["2026-03-02T04:30:00Z", "fail"],
      ],
    ],
    ["comes late, and with a failure", { grace: hour }, [["2026-03-02T04:30:00Z", "fail"]]],
    [
      "is missed, starts late, and overruns then",
      { grace: hour, startSatisfies: false, maxRuntime: 30 * minute },
      [["2026-03-02T04:10:00Z", "start"]],
    ],
    [
      "fails, and says so twice because an answer was lost",
      { grace: hour },
      [
        ["2026-03-02T03:01:00Z", "fail", "a"],
        ["2026-03-02T03:01:02Z", "fail", "a"],
      ],
    ],
  ])("tells nobody of a run that %s", (_, policy, events) => {
    expect(told({ ...nightly, ...policy }, [good, ...events], noon)).toEqual([])
  })

  it("tells of two runs that fail", () => {
    const events: readonly Event[] = [
      ["2026-03-02T03:01:00Z", "fail", "a"],
      ["2026-03-02T03:05:00Z", "fail", "b"],
    ]
    expect(told({ ...nightly, grace: hour }, [good, ...events], noon)).toEqual(["03-02T03:05 down: fail"])
  })
})

describe("a signal that comes a hair before its slot", () => {
  it("is for that slot, day after day", () => {
    const days = ["04", "05", "06"].map((day): Event => [`2023-09-${day}T00:59:59.600Z`, "success"])
    expect(told({ schedule: cron("0 1 * * *"), grace: hour }, days, "2023-09-06T12:00:00Z")).toEqual([])
  })

  it("may be the start of a run that takes all morning", () => {
    const events: readonly Event[] = [
      ["2026-03-01T06:00:00Z", "success"],
      ["2026-03-02T02:59:59.999Z", "start"],
      ["2026-03-02T06:00:00Z", "success"],
    ]
    const policy = { schedule: cron("0 3 * * *"), grace: 10 * minute, maxRuntime: 6 * hour }
    expect(told(policy, events, "2026-03-02T12:00:00Z")).toEqual([])
  })

  it("is for the slot before when it is nearer to that one", () => {
    const policy = { schedule: cron("0,1 * * * *"), grace: 20_000 }
    const events: readonly Event[] = [["2026-03-01T00:00:10Z", "success"]]
    expect(told(policy, events, "2026-03-01T00:30:00Z")).toEqual(["03-01T00:01 down: missed"])
  })

  it("is early for Healthchecks", () => {
    const events: readonly Event[] = [["2023-09-04T00:59:59.600Z", "success"]]
    const policy = { ...Check.healthchecksPolicy, schedule: cron("0 1 * * *"), grace: hour }
    expect(told(policy, events, "2023-09-04T12:00:00Z")).toEqual(["09-04T02:00 down: missed"])
  })
})

describe("a maintenance window", () => {
  it("waives the slots in it: nothing is expected of a holiday", () => {
    const christmas = { from: Date.parse("2026-12-24T23:00:00Z"), to: Date.parse("2026-12-25T23:00:00Z") }
    const policy = { schedule: cron("0 9 * * 1-5", "Europe/Berlin"), grace: hour, quiet: [christmas] }
    const events: readonly Event[] = [
      ["2026-12-24T08:00:10Z", "success"],
      ["2026-12-28T08:00:10Z", "success"],
    ]
    expect(told(policy, events, "2026-12-28T20:00:00Z")).toEqual([])
  })

  it("keeps a failure in it back, and forgets what came up again inside", () => {
    const policy = {
      schedule: Every.make(5 * minute),
      grace: 5 * minute,
      quiet: [{ schedule: cron("0 20 * * *"), duration: 2 * hour }],
    }
    const failed: readonly Event[] = [
      ["2025-10-27T19:58:00Z", "success"],
      ["2025-10-27T20:31:00Z", "fail"],
    ]
    const mended: Event = ["2025-10-27T21:59:00Z", "success"]
    expect(told(policy, [...failed, mended], "2025-10-27T22:00:00Z")).toEqual([])
    expect(told(policy, failed, "2025-10-27T22:30:00Z")).toEqual(["10-27T22:00 down: fail"])
  })

  it.each([
    ["2026-10-24T19:58:00Z", "10-25T05:05"],
    ["2026-03-28T20:58:00Z", "03-29T04:05"],
    ["2026-06-01T19:58:00Z", "06-02T04:05"],
  ])("ends at its time on the wall clock, also in the night after %s", (last, at) => {
    const policy = {
      schedule: Every.make(5 * minute),
      grace: 5 * minute,
      quiet: [{ schedule: cron("0 22 * * *", "Europe/Berlin"), duration: 8 * hour }],
    }
    const until = new Date(Date.parse(last) + day).toISOString()
    expect(told(policy, [[last, "success"]], until)[0]).toBe(`${at} down: missed`)
  })
})

describe("a check that is down for hours", () => {
  it("is told of again each hour by a replay, as it was told of by the engine", () => {
    const policy = { schedule: Every.make(5 * minute), grace: 5 * minute, remindEvery: hour }
    const events: readonly Event[] = [["2026-08-18T00:00:00Z", "success"]]
    expect(told(policy, events, "2026-08-18T06:30:00Z")).toEqual([
      "08-18T00:10 down: missed",
      ...["01", "02", "03", "04", "05", "06"].map((hour) => `08-18T${hour}:10 still down: missed`),
    ])
  })
})

describe("a job whose every run hangs", () => {
  it("is told of, though it has no run ids and another run starts every few minutes", () => {
    const policy = { schedule: Every.make(5 * minute), grace: minute, maxRuntime: 10 * minute }
    const starts = Array.from({ length: 100 }, (_, n): Event => [
      new Date(Date.parse("2025-06-13T00:00:00Z") + n * 5 * minute).toISOString(),
      "start",
    ])
    expect(told(policy, starts, "2025-06-13T08:16:00Z")).toEqual(["06-13T00:10 down: overran"])
  })
})

describe("a check that never hears anything", () => {
  it("says so after its first slot, and is waited for for ever by Healthchecks", () => {
    const policy = { schedule: cron("0 3 * * *"), grace: hour }
    const alerts = (defaults: Check.Policy) =>
      Replay.replay({ ...defaults, ...policy }, [], {
        createdAt: Date.parse("2026-03-01T12:00:00Z"),
        until: Date.parse("2026-03-09T12:00:00Z"),
      }).alerts.map(({ at }) => new Date(at).toISOString())
    expect(alerts(Check.defaultPolicy)).toEqual(["2026-03-02T04:00:00.000Z"])
    expect(alerts(Check.healthchecksPolicy)).toEqual([])
  })
})
