import * as Check from "@overdue/core/Check"
import * as Replay from "@overdue/core/Replay"
import { minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { at, every, line, Timeline } from "./Timeline.ts"

const policy = (more: Partial<Check.Policy>): Check.Policy => ({ ...Check.defaultPolicy, ...more })
const on = (minutes: number, type: "success" | "fail" | "start" | "log", rid?: string): Replay.Happening => ({
  at: at(minutes),
  event: { type, rid },
})

/** Every 10 minutes, but for a signal that is 4 minutes late and one that never came. */
const past = [0, 10, 24, 30, 50, 60].map((minutes) => on(minutes, "success"))

describe("a replay", () => {
  it("gives the flips, outages and alerts that a policy would have had", () => {
    const replayed = Replay.replay(policy(every(10, 5)), past, { until: at(100) })
    expect(replayed.flips.map(line)).toEqual([
      "0 new→up success",
      "45 up→down missed",
      "50 down→up success",
      "75 up→down missed",
    ])
    expect(replayed.outages).toEqual([
      { start: at(45), end: at(50), reason: "missed", duration: 5 * minute, blind: false },
      { start: at(75), end: undefined, reason: "missed", duration: 25 * minute, blind: false },
    ])
    expect(replayed.alerts).toEqual([
      { at: at(45), occasion: "flip", status: "down", reason: "missed" },
      { at: at(50), occasion: "flip", status: "up", reason: "success" },
      { at: at(75), occasion: "flip", status: "down", reason: "missed" },
    ])
    expect(replayed.downtime).toBe(30 * minute)
    expect(replayed.events).toBe(6)
    expect(replayed.check.state.pings).toBe(6)
  })

  it("ends with the last event unless told how long silence lasted", () => {
    expect(Replay.replay(policy(every(10, 5)), past).flips).toHaveLength(3)
    expect(Replay.replay(policy(every(10, 5)), [])).toMatchObject({ events: 0, flips: [], downtime: 0 })
  })

  it("tells reminders, with the reason of what they remind of", () => {
    const reminding = policy(every(10, 5, { remindEvery: 10 * minute }))
    const { alerts } = Replay.replay(reminding, [...past, on(90, "log"), on(98, "log")], { until: at(100) })
    expect(alerts.slice(2)).toEqual([
      { at: at(75), occasion: "flip", status: "down", reason: "missed" },
      { at: at(85), occasion: "reminder", status: "down", reason: "missed" },
      { at: at(95), occasion: "reminder", status: "down", reason: "missed" },
    ])
  })

  it("keeps to its policy when the past changed its own, and takes pauses as they were", () => {
    const timeline: readonly Replay.Happening[] = [
      on(0, "success"),
      { at: at(1), event: { type: "configure", policy: policy(every(1, 1)) } },
      { at: at(5), event: { type: "pause" } },
      { at: at(50), event: { type: "resume" } },
    ]
    expect(Replay.replay(policy(every(10, 5)), timeline, { until: at(60) }).flips.map(line)).toEqual([
      "0 new→up success",
      "5 up→paused paused",
      "50 paused→new resumed",
    ])
  })

  it("knows of blind time", () => {
    const { flips } = Replay.replay(policy(every(10, 5)), past, { blind: [{ from: at(41), to: at(48) }] })
    expect(flips.map(line)).toEqual(["0 new→up success"])
  })

  it("takes a log of pings, as a generator too", () => {
    const { steps } = Timeline.of(every(10, 5)).success(0).fail(3).start(4, "a").log(5)
    const pings = steps.map(({ logged }) => ({ at: logged!.at, kind: logged!.kind, rid: undefined }))
    const { check } = Replay.replay(policy(every(10, 5)), Replay.ofPings(pings))
    expect(check.state).toMatchObject({ status: "down", pings: 4, runs: [{ startedAt: at(4) }] })
  })
})

describe("a comparison of two policies", () => {
  it("says which outages only one of them sees", () => {
    const { a, b, onlyA, onlyB } = Replay.compare(policy(every(10, 1)), policy(every(10, 12)), past, {
      until: at(65),
    })
    expect(a.outages.map((outage) => outage.start)).toEqual([at(21), at(41)])
    expect(b.outages).toEqual([])
    expect(onlyA).toEqual(a.outages)
    expect(onlyB).toEqual([])
  })

  it("takes outages that overlap for the same", () => {
    const { a, b, onlyA, onlyB } = Replay.compare(policy(every(10, 1)), policy(every(10, 5)), past, {
      until: at(100),
    })
    expect([a.outages.length, b.outages.length]).toEqual([3, 2])
    expect(onlyA).toEqual([a.outages[0]])
    expect(onlyB).toEqual([])
  })

  it("goes through the past once", () => {
    let passes = 0
    function* once(): Generator<Replay.Happening> {
      passes += 1
      yield* past
    }
    const { a, b } = Replay.compare(policy(every(10, 1)), policy(every(10, 5)), once())
    expect([a.events, b.events, passes]).toEqual([6, 6, 1])
  })
})
