/** The sentences of the domain about signals, runs and outcomes, as stories that the oracle tells alone. */
import { describe, expect, it } from "vitest"
import { flips, lived, outcomes, slotsEvery } from "./OracleStory.ts"

describe("a signal", () => {
  it("takes the check up, which goes down when its period and grace have passed in silence", () => {
    expect(flips(lived({}, "1 success", 12))).toEqual(["1 up success"])
    const oracle = lived({}, "1 success", 13)
    expect(flips(oracle)).toEqual(["1 up success", "13 down missed"])
    expect(oracle.anchor).toBe(11)
  })

  it("that is logged changes nothing", () => {
    expect(flips(lived({}, "1 log", 50))).toEqual([])
  })

  it("changes nothing in a pause that only a person may end", () => {
    const story = "1 success, 2 pause, 3 fail, 4 start"
    expect(flips(lived({ manualResume: true }, story, 50))).toEqual(["1 up success", "2 paused paused"])
    expect(flips(lived({}, story, 5)).at(-1)).toBe("3 down fail")
  })
})

describe("a new check", () => {
  it("waits for ever unless it is armed", () => {
    expect(flips(lived({}, "", 50))).toEqual([])
    expect(flips(lived({ armed: true }, "", 50))).toEqual(["12 down missed"])
    expect(flips(lived({ armed: true, schedule: slotsEvery(4) }, "", 50))).toEqual(["6 down missed"])
  })

  it("that is armed by a new policy is armed from then on", () => {
    const oracle = lived({}, "5 configure anchor", 50, { edit: { armed: true } })
    expect(flips(oracle)).toEqual(["17 down missed"])
  })

  it("is watched from a start that satisfies", () => {
    expect(flips(lived({ maxRuntime: 30 }, "3 start", 40))).toEqual(["33 down overran"])
    expect(flips(lived({ maxRuntime: 30, startSatisfies: true }, "3 start", 40))).toEqual(["15 down missed"])
  })

  it("goes up with a failure that is tolerated", () => {
    const oracle = lived({ armed: true, failures: 2, outOf: 2 }, "", 50)
    expect(flips(oracle)).toEqual(["12 up missed", "22 down missed"])
    expect(flips(lived({ failures: 2, outOf: 2 }, "0 start", 20))).toEqual(["2 up overran", "14 down missed"])
  })
})

describe("a signal before its slot", () => {
  const early = { schedule: slotsEvery(12), early: 2 }

  it("is taken for the slot when it is near enough", () => {
    expect(lived(early, "10 success", 11).expected()).toBe(24)
    expect(lived(early, "9 success", 11).expected()).toBe(12)
  })

  it("is not taken for the slot at a quarter of the gap, nor next to the slot before", () => {
    expect(lived({ schedule: slotsEvery(8), early: 2 }, "6 success").expected()).toBe(8)
    const uneven = { schedule: { slotAfter: (tick: number) => (tick < 9 ? 9 : tick < 10 ? 10 : 40) } }
    expect(lived({ ...uneven, early: 2 }, "8 success").expected()).toBe(9)
    const near = { schedule: { slotAfter: (tick: number) => (tick < 7 ? 7 : tick < 9 ? 9 : 40) } }
    expect(lived({ ...near, early: 2 }, "8 success").expected()).toBe(9)
  })

  it("is never meant with a period, nor with a creation, resumption or edit", () => {
    expect(lived({ early: 9 }, "1 success").expected()).toBe(11)
    const resumed = lived({ ...early, armed: true }, "9 pause, 11 resume")
    expect(resumed.expected()).toBe(12)
    const edited = lived(early, "1 success, 11 configure now")
    expect(edited.expected()).toBe(12)
  })

  it("may be a start that satisfies, or a cancellation", () => {
    const open = lived({ ...early, startSatisfies: true, maxRuntime: 90 }, "1 success, 11 start")
    expect(open.expected()).toBe(24)
    const long = { ...early, maxRuntime: 90 }
    expect(lived(long, "1 success, 9 start a, 11 cancel a").expected()).toBe(24)
    expect(lived(long, "1 success, 11 cancel a").expected()).toBe(12)
  })
})

describe("a start", () => {
  it("leaves the deadline where it is, unless it satisfies", () => {
    const story = "1 success, 10 start"
    expect(flips(lived({ maxRuntime: 30 }, story, 30)).at(-1)).toBe("13 down missed")
    expect(flips(lived({ maxRuntime: 30, startSatisfies: true }, story, 30)).at(-1)).toBe("22 down missed")
  })

  it("leaves a paused check paused, and its run is timed", () => {
    const oracle = lived({}, "1 success, 2 pause, 3 start", 4)
    expect([oracle.status, oracle.runs.length]).toEqual(["paused", 1])
    oracle.live(5)
    expect(flips(oracle).at(-1)).toBe("5 down overran")
  })

  it("of an open run starts it again; without an id it opens another one", () => {
    expect(lived({ maxRuntime: 9 }, "1 start a, 2 start a").runs).toHaveLength(1)
    expect(lived({ maxRuntime: 9 }, "1 start, 2 start").runs).toHaveLength(2)
    expect(flips(lived({ maxRuntime: 9 }, "1 start, 8 start", 10))).toEqual(["10 down overran"])
    expect(lived({ onlyLatest: true }, "1 start, 2 start a").runs).toHaveLength(1)
  })
})

describe("the end of a run", () => {
  const two = "1 start, 2 start, 3 start a"

  it("without an id closes all runs without, and takes as long as the newest", () => {
    const oracle = lived({ maxRuntime: 30 }, `${two}, 7 success`)
    expect([oracle.lastDuration, oracle.runs.map(({ rid }) => rid)]).toEqual([5, ["a"]])
  })

  it("closes the run of its id and leaves the others open", () => {
    const oracle = lived({ maxRuntime: 30 }, `${two}, 7 success a`)
    expect([oracle.lastDuration, oracle.runs.length]).toEqual([4, 2])
  })

  it("closes the latest run with another id only when it is a failure, or has none", () => {
    const open = { maxRuntime: 30, onlyLatest: true }
    expect(lived(open, "1 start a, 2 success b").runs).toHaveLength(1)
    expect(lived(open, "1 start a, 2 fail b").runs).toHaveLength(0)
    const oracle = lived(open, "1 start a, 2 success")
    expect([oracle.lastDuration, oracle.runs.length]).toEqual([undefined, 0])
  })

  it("that comes too soon is a failure", () => {
    expect(flips(lived({ minRuntime: 2 }, "1 start, 2 success"))).toEqual(["2 down too-short"])
  })

  it("yields a duration when it comes too late", () => {
    const oracle = lived({}, "1 start, 6 success")
    expect(flips(oracle)).toEqual(["3 down overran", "6 up success"])
    expect(oracle.lastDuration).toBe(5)
  })
})

describe("a cancellation", () => {
  it("closes the run without an outcome, and waives its slot", () => {
    const story = "1 success, 9 start a, 10 cancel a"
    const oracle = lived({}, story, 21)
    expect([outcomes(oracle), oracle.lastPing, oracle.runs.length]).toEqual(["s", 1, 0])
    expect(flips(lived({}, story, 30)).at(-1)).toBe("22 down missed")
  })

  it("closes all runs without an id, and no other", () => {
    const story = "1 start, 1 start, 1 start a, 2 cancel"
    expect(lived({ maxRuntime: 9 }, story, 2).runs.map(({ rid }) => rid)).toEqual(["a"])
  })

  it("watches no check that was not watched before", () => {
    expect(lived({}, "1 cancel").anchor).toBeUndefined()
    expect(lived({}, "1 success, 2 pause, 3 cancel").anchor).toBe(1)
  })
})

describe("one slot or run", () => {
  const lenient = { failures: 3, outOf: 3, schedule: slotsEvery(10) }

  it.each([
    ["1 start a, 5 fail a", "a run that overran fails", "F"],
    ["1 start a, 5 fail b", "a run overran and another fails", "FF"],
    ["1 fail a, 2 fail a", "a failure is heard twice", "F"],
    ["1 fail, 2 fail", "a failure is heard twice without an id", "FF"],
    ["1 fail a, 2 start a, 3 fail a", "a failure is heard, and another of the next run", "FF"],
    ["1 fail a, 2 fail b", "two runs fail", "FF"],
    ["1 success, 13 fail", "a failure comes after the miss", "sF"],
    ["1 success, 13 fail, 14 fail", "a second failure comes after the miss", "sFF"],
    ["1 success, 21 fail", "a failure comes after the next slot", "sFF"],
    ["1 success, 13 start, 16 log", "a run overruns after the miss", "sF"],
    ["1 success, 9 start, 13 log", "a run that began before the slot overran after it", "sF"],
    ["1 success, 5 start, 13 log", "a run overran before the slot", "sFF"],
    ["1 success, 13 pause, 14 fail", "a pause lies between", "sF"],
    ["1 fail a, 2 success a, 3 fail a", "a success lies between", "FsF"],
    ["1 fail a, 2 pause, 3 resume, 4 fail a", "a resumption lies between", "F"],
  ] as const)("is one failed outcome: %s, when %s", (story, _, expected) => {
    expect(outcomes(lived(lenient, story))).toBe(expected)
  })

  it("is not the failure that comes early for the next slot", () => {
    const early = { ...lenient, early: 2 }
    expect(outcomes(lived(early, "1 success, 17 fail"))).toBe("sF")
    expect(outcomes(lived(early, "1 success, 18 fail"))).toBe("sFF")
  })

  it("closes the latest run that overran, whatever its name", () => {
    const story = "1 start a, 5 fail b"
    expect(outcomes(lived({ ...lenient, onlyLatest: true }, story, 5))).toBe("F")
  })

  it("decides the status also with the failure that adds nothing", () => {
    const oracle = lived({}, "1 success, 13 pause, 14 fail")
    expect([outcomes(oracle), oracle.status]).toEqual(["sF", "down"])
  })
})
