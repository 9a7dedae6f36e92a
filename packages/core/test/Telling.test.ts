import { describe, expect, it } from "vitest"
import { at, every, Timeline } from "./Timeline.ts"

const policy = every(10, 5)
const reminding = every(10, 5, { remindEvery: 300_000 })

describe("the channels", () => {
  it("are told that a check went down, from wherever", () => {
    expect(Timeline.of(policy).fail(1).told).toEqual(["1 down"])
    expect(Timeline.of(policy).success(0).fail(1).told).toEqual(["1 down"])
    expect(Timeline.of(policy).pause(0).fail(1).told).toEqual(["1 down"])
  })

  it("are told that it came up again", () => {
    expect(Timeline.of(policy).fail(1).success(2).told).toEqual(["1 down", "2 up"])
  })

  it("are told of the first success only if the policy asks for it", () => {
    expect(Timeline.of(policy).success(0).told).toEqual([])
    expect(Timeline.of({ ...policy, notifyOnFirstPing: true }).success(0).told).toEqual(["0 up"])
  })

  it("are not told that a missed slot or a run that overran, which is tolerated, began to be watched", () => {
    const tolerant = { ...policy, notifyOnFirstPing: true, alert: { failures: 2, outOf: 2, recoveries: 1 } }
    for (const timeline of [Timeline.of({ ...tolerant, armed: true }), Timeline.of(tolerant).start(0)]) {
      expect([timeline.tick(15).flips.length, timeline.tick(15).told]).toEqual([1, []])
    }
    expect(Timeline.of(tolerant).fail(0).told).toEqual(["0 up"])
  })

  it("are not told of the way into a pause or out of it", () => {
    const paused = Timeline.of({ ...policy, notifyOnFirstPing: true }).pause(0)
    expect(paused.resume(1).told).toEqual([])
    expect(paused.success(1).told).toEqual([])
    expect(Timeline.of(policy).fail(0).pause(1).told).toEqual(["0 down"])
  })
})

describe("a check that is down when a quiet window closes", () => {
  const quiet = [{ from: at(20), to: at(60) }]
  const timeline = Timeline.of({ ...policy, quiet }).success(19)

  it("is told of then, once, whatever happens to it until then", () => {
    const down = timeline.fail(30)
    expect(down.flips).toEqual(["19 new→up success", "30 up→down fail (quiet)"])
    expect([down.told, down.deadline]).toEqual([[], 60])
    expect(down.fail(40).tick(59).tick(60).tick(200).told).toEqual(["60 down"])
  })

  it("is told of nothing that came up inside", () => {
    expect(timeline.fail(30).success(59).tick(61).told).toEqual([])
    expect(timeline.fail(30).success(59).flips.at(-1)).toBe("59 down→up success (quiet)")
  })

  it("is told of the all-clear at once when the outage had been told", () => {
    expect(
      Timeline.of({ ...policy, quiet })
        .fail(10)
        .success(30).told,
    ).toEqual(["10 down", "30 up"])
  })

  it("is told of both in their order when it comes up after the window and nobody had looked", () => {
    expect(timeline.fail(30).success(61).told).toEqual(["60 down", "61 up"])
  })

  it("is told of now when a person takes the window away, and later when one makes it longer", () => {
    const down = timeline.fail(30)
    expect(down.configure(40, { quiet: [] }).tick(41).told).toEqual(["40 down"])
    expect(down.configure(40, { quiet: [{ from: at(20), to: at(70) }] }).tick(71).told).toEqual(["70 down"])
  })

  it("is reminded of from the telling on, and not inside another window", () => {
    const again = { ...reminding, quiet: [...quiet, { from: at(66), to: at(80) }] }
    expect(Timeline.of(again).success(19).fail(30).tick(64).tick(65).tick(83).tick(84).told).toEqual([
      "60 down",
      "65 still down",
      "84 still down",
    ])
  })

  it("waits until the last of several windows closes", () => {
    const several = [...quiet, { from: at(55), to: at(70) }, { from: at(70), to: at(75) }]
    expect(
      Timeline.of({ ...policy, quiet: several })
        .success(19)
        .fail(30)
        .tick(200).told,
    ).toEqual(["75 down"])
  })
})

describe("a check under silence", () => {
  const silent = Timeline.of(policy).success(0).silence(5, 60)

  it("is told of when the silence ends, if it is still down", () => {
    expect(silent.tick(200).told).toEqual(["60 down"])
    expect(silent.tick(200).flips.at(-1)).toBe("15 up→down missed")
    expect(silent.tick(20).success(30).tick(45).success(46).tick(100).told).toEqual(["61 down"])
  })

  it("is told of the all-clear of what was told before", () => {
    expect(Timeline.of(policy).fail(0).silence(1, 60).success(30).told).toEqual(["0 down", "30 up"])
  })

  it("is told of at once when the silence is ended before", () => {
    expect(silent.tick(20).silence(30, undefined).tick(30).told).toEqual(["30 down"])
    expect(silent.tick(20).silence(30, 29).tick(30).told).toEqual(["30 down"])
  })

  it("is not reminded of before the silence ends", () => {
    expect(Timeline.of(reminding).fail(0).silence(1, 60).tick(59).tick(62).tick(65).told).toEqual([
      "0 down",
      "60 still down",
      "65 still down",
    ])
  })

  it("is not told of while a quiet window follows the silence", () => {
    const quiet = [{ from: at(50), to: at(90) }]
    expect(
      Timeline.of({ ...policy, quiet })
        .success(0)
        .silence(5, 60)
        .tick(200).told,
    ).toEqual(["90 down"])
  })

  it("goes on without it when it is silenced until an instant that has passed", () => {
    expect(Timeline.of(policy).success(0).silence(5, 4).state.silencedUntil).toBeUndefined()
    expect(Timeline.of(policy).success(0).silence(5, 5).state.silencedUntil).toBeUndefined()
  })
})
