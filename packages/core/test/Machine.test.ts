import type { Policy } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import { minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { at, every, Timeline } from "./Timeline.ts"

const a = "aaaaaaaa-0000-4000-8000-000000000000"
const b = "bbbbbbbb-0000-4000-8000-000000000000"

/** A signal every 10 minutes, 5 minutes of grace. */
const tenFive = every(10, 5)
const latest: Partial<Policy> = { runs: "latest" }

describe("a new check", () => {
  const fresh = Timeline.of(tenFive)

  it("stays new in silence, for ever", () => {
    expect(fresh.tick(1_000_000).status).toBe("new")
    expect(fresh.deadline).toBeUndefined()
  })

  it("comes up with the first success, whatever the recoveries asked for", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 1, outOf: 1, recoveries: 3 } })).success(1)
    expect(timeline.flips).toEqual(["1 new→up success"])
    expect(timeline.state).toMatchObject({
      lastPing: at(1),
      lastSuccess: at(1),
      anchor: at(1),
      pings: 1,
      flips: 1,
    })
    expect(timeline.deadline).toBe(16)
  })

  it("goes down with the first failure", () => {
    const timeline = fresh.fail(1)
    expect(timeline.flips).toEqual(["1 new→down fail"])
    expect(timeline.state).toMatchObject({ lastPing: at(1), lastSuccess: undefined, anchor: at(1) })
    expect(timeline.deadline).toBeUndefined()
  })

  it("comes up with a first failure that the alert policy tolerates, and is watched from then on", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 2, outOf: 2, recoveries: 1 } })).fail(1)
    expect(timeline.flips).toEqual(["1 new→up fail"])
    expect(timeline.deadline).toBe(16)
    expect(timeline.tick(16).flips).toEqual(["1 new→up fail", "16 up→down missed"])
  })

  it("stays new while its first run is open, and goes down when that run overruns", () => {
    const timeline = fresh.start(1)
    expect(timeline.status).toBe("new")
    expect(timeline.flips).toEqual([])
    expect(timeline.deadline).toBe(6)
    expect(timeline.tick(6).flips).toEqual(["6 new→down overran"])
  })

  it("is watched from the overrun on when the alert policy tolerates it", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 2, outOf: 2, recoveries: 1 } }))
      .start(1)
      .tick(6)
    expect(timeline.flips).toEqual(["6 new→up overran"])
    expect(timeline.deadline).toBe(21)
  })
})

describe("a check that is up", () => {
  const up = Timeline.of(tenFive).success(0)

  it("goes down when its period and grace have passed in silence", () => {
    expect(up.tick(14.99).flips).toEqual(["0 new→up success"])
    expect(up.tick(15).flips).toEqual(["0 new→up success", "15 up→down missed"])
  })

  it("dates that at its deadline, however late somebody looks", () => {
    const timeline = up.tick(1000)
    expect(timeline.flips).toEqual(["0 new→up success", "15 up→down missed"])
    expect(timeline.state).toMatchObject({ anchor: at(10), flippedAt: at(15), deadline: undefined })
  })

  it("goes down before it comes up again when the success arrives after the deadline", () => {
    expect(up.success(20).flips).toEqual(["0 new→up success", "15 up→down missed", "20 down→up success"])
  })

  it("stays up when the success arrives a moment before the deadline", () => {
    expect(up.success(14.99).flips).toEqual(["0 new→up success"])
  })

  it("is late when the success arrives at the very deadline", () => {
    expect(up.success(15).flips).toEqual(["0 new→up success", "15 up→down missed", "15 down→up success"])
  })

  it("goes down at once when a failure arrives", () => {
    const timeline = up.fail(3)
    expect(timeline.flips).toEqual(["0 new→up success", "3 up→down fail"])
    expect(timeline.state).toMatchObject({ lastPing: at(3), lastSuccess: at(0), deadline: undefined })
  })

  it("counts what is only logged, and nothing else changes", () => {
    const timeline = up.log(3).on(4, { type: "ignored" })
    expect(timeline.state).toEqual({ ...up.state, pings: 3 })
    expect(timeline.steps.map((step) => step.logged?.kind)).toEqual(["success", "log", "ignored"])
  })

  it("numbers what it logs", () => {
    expect(up.log(3).success(4).logged).toEqual({
      n: 3,
      at: at(4),
      kind: "success",
      duration: undefined,
      gaveWay: undefined,
    })
  })

  it("counts from the last signal by its own instant, also when the clock has been set back", () => {
    const timeline = up.success(5).success(2)
    expect(timeline.state).toMatchObject({ lastPing: at(2), anchor: at(2) })
    expect(timeline.logged?.at).toBe(at(2))
    expect(timeline.deadline).toBe(17)
  })

  it("dates no flip before the last one, and is told of it all the same", () => {
    const timeline = up.fail(50).success(2).fail(3)
    expect(timeline.flips.slice(2)).toEqual(["15 down→up success", "15 up→down fail"])
    expect(timeline.told).toEqual(["15 down", "2 up", "3 down"])
  })
})

describe("a check that is down", () => {
  const down = Timeline.of(tenFive).fail(0)

  it("comes up with a success", () => {
    expect(down.success(3).flips).toEqual(["0 new→down fail", "3 down→up success"])
  })

  it("stays down with another failure, which is recorded without a flip", () => {
    const timeline = down.fail(3)
    expect(timeline.flips).toEqual(["0 new→down fail"])
    expect(timeline.state).toMatchObject({ lastPing: at(3), outcomes: { failed: 0b11, count: 2 }, flips: 1 })
  })

  it("comes up only after as many successes in a row as the alert policy asks for", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 1, outOf: 1, recoveries: 3 } }))
      .fail(0)
      .success(1)
      .success(2)
      .fail(3)
      .success(4)
      .success(5)
    expect(timeline.flips).toEqual(["0 new→down fail"])
    expect(timeline.deadline).toBeUndefined()
    expect(timeline.success(6).flips).toEqual(["0 new→down fail", "6 down→up success"])
  })

  it("marks a run that overran meanwhile, so that coming up does not send it down again", () => {
    const timeline = Timeline.of(every(10, 5, latest))
      .fail(0)
      .start(1, a)
      .success(20, b)
    expect(timeline.state.runs).toEqual([{ rid: a, startedAt: at(1), overran: true }])
    expect(timeline.flips).toEqual(["0 new→down fail", "20 down→up success"])
    expect(timeline.deadline).toBe(35)
  })
})

describe("a check that goes down after several failures", () => {
  const tolerant = Timeline.of(every(10, 5, { alert: { failures: 2, outOf: 3, recoveries: 1 } })).success(0)

  it("tolerates fewer", () => {
    const timeline = tolerant.fail(1).success(2).success(3).fail(4)
    expect(timeline.flips).toEqual(["0 new→up success"])
    expect(timeline.deadline).toBe(19)
  })

  it("goes down when that many of the last ones failed", () => {
    expect(tolerant.fail(1).success(2).fail(3).flips).toEqual(["0 new→up success", "3 up→down fail"])
  })

  it("counts each missed slot, a period apart", () => {
    const timeline = tolerant.tick(15)
    expect(timeline.status).toBe("up")
    expect(timeline.state).toMatchObject({ anchor: at(10), anchorIsSignal: false })
    expect(timeline.deadline).toBe(25)
    expect(timeline.tick(1000).flips).toEqual(["0 new→up success", "25 up→down missed"])
  })
})

describe("a check that times every run", () => {
  const two = Timeline.of(every(10, 5)).success(0).start(1, a).start(2, b)

  it("keeps each run until its own finish, and gives its time", () => {
    expect(two.logged).toEqual({ n: 3, at: at(2), kind: "start", duration: undefined, gaveWay: undefined })
    const timeline = two.success(3, a)
    expect(timeline.logged?.duration).toBe(2 * minute)
    expect(timeline.state.lastDuration).toBe(2 * minute)
    expect(timeline.state.runs).toEqual([{ rid: b, startedAt: at(2), overran: false }])
  })

  it("leaves open runs alone when a success or failure of none of them arrives", () => {
    const timeline = two.success(3).state
    expect(timeline.runs).toEqual(two.state.runs)
    expect(timeline.lastDuration).toBeUndefined()
    expect(two.fail(3, "c").state.runs).toEqual(two.state.runs)
  })

  it("takes a run without an id for a run of its own", () => {
    const timeline = Timeline.of(every(10, 5)).start(1).start(2, a).success(4)
    expect(timeline.logged?.duration).toBe(3 * minute)
    expect(timeline.state.runs.map((run) => run.rid)).toEqual([a])
  })

  it("goes down when the first of them overruns, once, and names the run", () => {
    const timeline = two.tick(30)
    expect(timeline.flips).toEqual(["0 new→up success", "6 up→down overran"])
    expect(timeline.steps.at(-1)?.flips[0]).toMatchObject({ rid: a, duration: 5 * minute })
    expect(timeline.state.runs.map((run) => run.overran)).toEqual([true, true])
  })

  it("knows how long a run took that finishes after it overran", () => {
    const timeline = two.tick(30).success(31, a)
    expect(timeline.logged?.duration).toBe(30 * minute)
    expect(timeline.flips.at(-1)).toBe("31 down→up success")
  })

  it("begins a run anew that starts again", () => {
    const timeline = two.start(4, a)
    expect(timeline.state.runs).toEqual([
      { rid: b, startedAt: at(2), overran: false },
      { rid: a, startedAt: at(4), overran: false },
    ])
  })

  it("keeps so many runs open, and says which one gave way", () => {
    let timeline = Timeline.of(every(10, 5)).success(0)
    for (let n = 0; n < Limits.openRuns; n++) timeline = timeline.start(1 + n / 100, `run ${n}`)
    expect(timeline.logged?.gaveWay).toBeUndefined()
    const more = timeline.start(3, "one more")
    expect(more.logged?.gaveWay).toEqual({ rid: "run 0", startedAt: at(1), overran: false })
    expect(more.state.runs).toHaveLength(Limits.openRuns)
    expect(timeline.start(3, "run 7").logged?.gaveWay).toBeUndefined()
  })
})

describe("a check that times only the latest run", () => {
  const one = Timeline.of(every(10, 5, latest))
    .success(0)
    .start(1, a)

  it("forgets the run before", () => {
    expect(one.start(2, b).state.runs).toEqual([{ rid: b, startedAt: at(2), overran: false }])
    expect(one.start(2, b).logged?.gaveWay).toBeUndefined()
  })

  it("leaves the run open when a success of another run arrives", () => {
    const timeline = one.success(3, b)
    expect(timeline.state.runs).toEqual(one.state.runs)
    expect(timeline.logged?.duration).toBeUndefined()
  })

  it("closes the run with any failure, and with a success of no run, without knowing its time", () => {
    for (const timeline of [one.fail(3, b), one.fail(3), one.success(3)]) {
      expect(timeline.state.runs).toEqual([])
      expect(timeline.logged?.duration).toBeUndefined()
    }
  })

  it("closes it with its own success or failure, and knows its time", () => {
    expect(one.success(3, a).logged?.duration).toBe(2 * minute)
    expect(one.fail(4, a).logged?.duration).toBe(3 * minute)
    expect(one.fail(4, a).state.runs).toEqual([])
  })

  it("drops all but the newest run when it begins to do so, and only then", () => {
    const other = Timeline.of(every(10, 5))
      .success(0)
      .start(1, a)
      .start(2, b)
      .configure(3, { grace: 7 * minute })
    expect(other.state.runs.map((run) => run.rid)).toEqual([a, b])
    const timeline = Timeline.of(every(10, 5)).success(0).start(1, a).start(2, b).configure(3, latest)
    expect(timeline.state.runs).toEqual([{ rid: b, startedAt: at(2), overran: false }])
    expect(timeline.deadline).toBe(7)
  })
})

describe("a run with bounds of its own", () => {
  it("may take as long as it is allowed to, not as long as grace", () => {
    expect(Timeline.of(every(60, 5, { maxRuntime: 30 * minute })).start(0).deadline).toBe(30)
  })

  it("may take for ever", () => {
    expect(Timeline.of(every(60, 5, { maxRuntime: "never" })).start(0).deadline).toBeUndefined()
  })

  it("fails when its success comes too soon, which is no success that anybody waits for", () => {
    const policy = every(10, 5, { minRuntime: 2 * minute })
    const timeline = Timeline.of(policy).success(0).start(1, a).success(2.5, a)
    expect(timeline.flips).toEqual(["0 new→up success", "2.5 up→down too-short"])
    expect(timeline.state).toMatchObject({
      lastPing: at(2.5),
      lastSuccess: at(0),
      lastDuration: 1.5 * minute,
    })
    expect(timeline.steps.at(-1)?.flips[0]).toMatchObject({ rid: a, duration: 1.5 * minute })
  })

  it("succeeds when it took just long enough, and when nobody knows how long it took", () => {
    const policy = every(10, 5, { minRuntime: 2 * minute })
    expect(Timeline.of(policy).start(1, a).success(3, a).status).toBe("up")
    expect(Timeline.of(policy).success(3, a).status).toBe("up")
  })
})

describe("a check whose start satisfies its schedule", () => {
  const policy = every(10, 5, { startSatisfies: true, maxRuntime: 100 * minute })

  it("expects the slot after the start while the run is open", () => {
    const timeline = Timeline.of(policy).success(0).start(9)
    expect(timeline.deadline).toBe(24)
    expect(timeline.tick(24).flips.at(-1)).toBe("24 up→down missed")
  })

  it("is watched from its first start on, though new", () => {
    const timeline = Timeline.of(policy).start(9)
    expect(timeline.status).toBe("new")
    expect(timeline.tick(24).flips).toEqual(["24 new→down missed"])
  })

  it("goes on from the slot that it missed when that is tolerated", () => {
    const timeline = Timeline.of({ ...policy, alert: { failures: 2, outOf: 2, recoveries: 1 } }).start(9)
    expect(timeline.tick(24).flips).toEqual(["24 new→up missed"])
    expect(timeline.tick(24).deadline).toBe(34)
  })

  it("counts from the newer of the newest start and the last signal", () => {
    expect(Timeline.of(policy).success(0).start(1, a).start(3, b).deadline).toBe(18)
    expect(Timeline.of(policy).success(0).start(1, a).success(4, b).deadline).toBe(19)
  })

  it("counts from the last signal once no run is open", () => {
    expect(Timeline.of(policy).success(0).start(1, a).success(4, a).deadline).toBe(19)
  })
})

describe("a pause", () => {
  const up = Timeline.of(tenFive).success(0).start(1, a)

  it("drops open runs and every deadline, and is a flip", () => {
    const timeline = up.pause(2)
    expect(timeline.flips.at(-1)).toBe("2 up→paused paused")
    expect(timeline.state).toMatchObject({ status: "paused", runs: [], deadline: undefined, lastPing: at(0) })
    expect(timeline.tick(10_000).status).toBe("paused")
  })

  it("changes nothing the second time", () => {
    expect(up.pause(2).pause(3).state).toEqual(up.pause(2).state)
  })

  it("comes after what had already happened by itself", () => {
    expect(Timeline.of(tenFive).success(0).pause(20).flips).toEqual([
      "0 new→up success",
      "15 up→down missed",
      "20 down→paused paused",
    ])
  })

  it("ends with a success or a failure", () => {
    expect(up.pause(2).success(3).flips.at(-1)).toBe("3 paused→up success")
    expect(up.pause(2).fail(3).flips.at(-1)).toBe("3 paused→down fail")
  })

  it("ends with a success whatever the recoveries asked for", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 1, outOf: 1, recoveries: 3 } }))
      .fail(0)
      .pause(2)
    expect(timeline.success(3).status).toBe("up")
  })

  it("outlasts a start, whose run is timed", () => {
    const timeline = up.pause(2).start(3)
    expect(timeline.status).toBe("paused")
    expect(timeline.deadline).toBe(8)
    expect(timeline.tick(8).flips.at(-1)).toBe("8 paused→down overran")
  })

  it("expects nothing from before it when a tolerated overrun ends it", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 2, outOf: 2, recoveries: 1 } }))
      .success(0)
      .pause(1)
      .start(500)
      .tick(505)
    expect(timeline.flips.at(-1)).toBe("505 paused→up overran")
    expect(timeline.deadline).toBe(520)
  })

  it("is outlasted by nothing but a person when the policy says so", () => {
    const timeline = Timeline.of(every(10, 5, { manualResume: true }))
      .success(0)
      .pause(1)
    for (const type of ["success", "fail", "start", "log", "ignored"] as const) {
      const ignored = timeline.on(2, { type })
      expect(ignored.logged?.kind).toBe("ignored")
      expect(ignored.state).toEqual({ ...timeline.state, pings: 2 })
    }
    expect(timeline.resume(2).success(3).status).toBe("up")
  })
})

describe("a resume", () => {
  it("makes a paused check new, whatever it remembers of before", () => {
    const timeline = Timeline.of(tenFive).success(0).fail(1).pause(2).start(3).resume(4)
    expect(timeline.flips.at(-1)).toBe("4 paused→new resumed")
    expect(timeline.state).toMatchObject({
      status: "new",
      lastPing: undefined,
      anchor: undefined,
      deadline: undefined,
      runs: [],
      outcomes: { failed: 0, count: 0 },
      lastSuccess: at(0),
      pings: 3,
    })
  })

  it("changes nothing of a check that is not paused", () => {
    const up = Timeline.of(tenFive).success(0)
    expect(up.resume(1).state).toEqual(up.state)
    expect(up.resume(1).steps.at(-1)?.flips).toEqual([])
  })
})

describe("settling", () => {
  it("gives the very same check when nothing has passed", () => {
    const fresh = Timeline.of(tenFive).check
    expect(Machine.settled(fresh, at(1000))).toBe(fresh)
    const up = Timeline.of(tenFive).success(0).check
    expect(Machine.settled(up, at(14.999))).toBe(up)
    expect(Machine.settled(up, at(15)).state.status).toBe("down")
  })
})

describe("a changed policy", () => {
  const up = Timeline.of(tenFive).success(0)

  it("moves the deadline", () => {
    expect(up.configure(1, every(20, 10), "anchor").deadline).toBe(30)
    expect(up.configure(1, every(20, 10)).deadline).toBe(31)
    expect(up.configure(1, every(10, 10)).deadline).toBe(20)
  })

  it("turns a check down now when it is overdue by the new policy, never in the past", () => {
    const timeline = up.configure(12, every(1, 1), "anchor")
    expect(timeline.flips).toEqual(["0 new→up success"])
    expect(timeline.deadline).toBe(12)
    expect(timeline.tick(40).flips).toEqual(["0 new→up success", "12 up→down missed"])
  })

  it("does not undo what had happened by then under the old one", () => {
    expect(up.configure(16, every(60, 60)).flips).toEqual(["0 new→up success", "15 up→down missed"])
  })

  it("gives a run that is open its new bound", () => {
    const timeline = Timeline.of(every(60, 5))
      .start(0)
      .configure(1, { maxRuntime: 3 * minute })
    expect(timeline.deadline).toBe(3)
    expect(timeline.configure(2, { maxRuntime: "never" }).deadline).toBeUndefined()
  })
})

describe("a clock that has stepped back", () => {
  const back = (timeline: Timeline, minutes: number) => timeline.on(minutes, { type: "clock" })

  it("lets what was recorded ahead of it count from now on", () => {
    const ahead = Timeline.of(every(10, 5)).success(100).start(101, a)
    const timeline = back(ahead, 50)
    expect(timeline.state).toEqual({
      ...ahead.state,
      anchor: at(50),
      anchorIsSignal: false,
      runs: [{ rid: a, startedAt: at(50), overran: false }],
      deadline: at(55),
      totals: { ...ahead.state.totals, missedSince: at(50) },
    })
    expect([timeline.logged, timeline.flips]).toEqual([undefined, ["100 new→up success"]])
  })

  it("lets failures and reminders that were ahead of it count from now on", () => {
    const policy = every(10, 5, {
      remindEvery: 30 * minute,
      alert: { failures: 2, outOf: 2, recoveries: 1 },
    })
    const ahead = Timeline.of(policy).success(100).tick(115).fail(116).fail(117, b)
    expect(ahead.state).toMatchObject({ toldAt: at(117), failure: { missed: at(110), at: at(117), rid: b } })
    expect(back(ahead, 50).state).toEqual({
      ...ahead.state,
      anchor: at(50),
      anchorIsSignal: false,
      toldAt: at(50),
      failure: { ...ahead.state.failure, missed: at(50), at: at(50) },
      deadline: at(80),
      totals: { ...ahead.state.totals, missedSince: at(50) },
    })
  })

  it("leaves alone what lies behind it, or is now", () => {
    const early = { ...every(10, 5, { remindEvery: 30 * minute }), maxRuntime: 20 * minute }
    const up = Timeline.of(early).success(0).start(1, a)
    const down = Timeline.of(early).fail(0).start(1, a)
    for (const timeline of [Timeline.of(early), up, down]) {
      expect(back(timeline, 1).state).toEqual(timeline.state)
      expect(back(timeline, 2).state).toEqual(timeline.state)
    }
    expect(back(Timeline.of(early).success(3), 3).state.anchorIsSignal).toBe(true)
  })

  it("keeps back what was kept back before, until the channels may be told by the clock as it is", () => {
    const quiet = [{ from: at(90), to: at(120) }]
    const kept = Timeline.of(every(10, 5, { quiet })).fail(100)
    expect([kept.told, kept.deadline]).toEqual([[], 120])
    const timeline = back(kept, 50)
    expect([timeline.state.tellAt, timeline.deadline]).toEqual([at(50), 50])
    expect(timeline.tick(51).told).toEqual(["50 down"])
  })
})

describe("a signal that comes early for its slot", () => {
  const policy: Partial<Policy> = {
    schedule: Result.getOrThrow(Schedule.parse("0 * * * *", Zone.utc)),
    grace: 5 * minute,
    early: 10 * minute,
  }
  const tolerant = { ...policy, alert: { failures: 2, outOf: 2, recoveries: 1 } }

  it("stands for it, also when it cancels a run or ends a pause as a failure that is tolerated", () => {
    expect(Timeline.of(policy).success(55).deadline).toBe(125)
    expect(Timeline.of(policy).success(0).start(51).cancel(55).deadline).toBe(125)
    expect(Timeline.of(tolerant).pause(0).fail(55).deadline).toBe(125)
  })

  it("is none when a run overruns then, or a person changes the schedule", () => {
    expect(Timeline.of(tolerant).start(50).tick(55).flips).toEqual(["55 new→up overran"])
    expect(Timeline.of(tolerant).start(50).tick(55).deadline).toBe(65)
    expect(Timeline.of(policy).success(0).configure(55, {}, "now").deadline).toBe(65)
  })
})

describe("a check that reminds", () => {
  const policy = every(10, 5, { remindEvery: 30 * minute })
  const down = Timeline.of(policy).fail(0)

  it("reminds after each span while down", () => {
    expect(down.deadline).toBe(30)
    const timeline = down.tick(29).tick(30).tick(60)
    expect(timeline.reminders).toEqual([30, 60])
    expect(timeline.flips).toEqual(["0 new→down fail"])
  })

  it("makes one reminder of several that nobody was awake for", () => {
    const timeline = down.tick(100)
    expect(timeline.reminders).toEqual([90])
    expect(timeline.deadline).toBe(120)
  })

  it("reminds while a run is open that will overrun later", () => {
    const timeline = Timeline.of({ ...policy, maxRuntime: 50 * minute })
      .fail(0)
      .start(1)
    expect(timeline.deadline).toBe(30)
    expect(timeline.tick(30).deadline).toBe(51)
  })

  it("reminds before a failure that changes nothing", () => {
    expect(down.fail(31).reminders).toEqual([30])
  })

  it("reminds of what was so at that time, also when it is over before somebody looks", () => {
    const timeline = down.success(31)
    expect(timeline.told).toEqual(["0 down", "30 still down", "31 up"])
    expect(timeline.deadline).toBe(46)
    expect(down.pause(31).reminders).toEqual([30])
  })

  it("remembers only while down when the channels were told", () => {
    expect(down.state.toldAt).toBe(at(0))
    for (const timeline of [
      down.success(1),
      down.pause(1),
      down.pause(1).resume(2),
      Timeline.of(policy).success(0),
    ]) {
      expect(timeline.state.toldAt).toBeUndefined()
    }
  })

  it("counts from the last time the channels were told", () => {
    expect(Timeline.of(policy).success(0).tick(15).deadline).toBe(45)
  })

  it("reminds at once when the policy asks for it after the span has passed", () => {
    const timeline = Timeline.of(every(10, 5))
      .fail(0)
      .configure(100, { remindEvery: 30 * minute })
    expect(timeline.deadline).toBe(100)
    expect(timeline.tick(101).reminders).toEqual([100])
    expect(timeline.tick(101).deadline).toBe(130)
  })
})

describe("a check with quiet time", () => {
  const quiet = [{ from: at(12), to: at(40) }]

  it("does not count grace inside a window", () => {
    const timeline = Timeline.of(every(10, 5, { quiet })).success(0)
    expect(timeline.deadline).toBe(43)
  })

  it("expects a slot inside a window at its end", () => {
    expect(Timeline.of(every(10, 0, { quiet })).success(5).deadline).toBe(40)
  })

  it("does not count the time of a run inside a window", () => {
    expect(Timeline.of(every(60, 5, { quiet })).start(10).deadline).toBe(43)
  })

  it("does not remind inside a window", () => {
    expect(Timeline.of(every(60, 5, { quiet, remindEvery: 5 * minute })).fail(10).deadline).toBe(43)
  })
})

describe("a check of an engine that was not awake", () => {
  const blind = [{ from: at(12), to: at(40) }]

  it("moves its deadline on, and says so on the flip", () => {
    const timeline = Timeline.of(tenFive, blind).success(0).tick(100)
    expect(timeline.flips).toEqual(["0 new→up success", "43 up→down missed (blind)"])
    expect(Timeline.of(every(60, 5), blind).start(10).tick(100).flips).toEqual([
      "43 new→down overran (blind)",
    ])
  })

  it("says nothing of it when the deadline lay elsewhere", () => {
    expect(Timeline.of(tenFive, blind).success(41).tick(100).flips.at(-1)).toBe("56 up→down missed")
    expect(Timeline.of(every(60, 5), blind).start(41).tick(100).flips.at(-1)).toBe("46 new→down overran")
  })

  it("moves on a deadline that was stored before anybody knew", () => {
    const before = Timeline.of(tenFive).success(0)
    expect(before.deadline).toBe(15)
    const after = new Timeline(before.check, blind, before.steps).tick(41)
    expect(after.status).toBe("up")
    expect(after.deadline).toBe(43)
    expect(after.tick(43).status).toBe("down")
  })
})
