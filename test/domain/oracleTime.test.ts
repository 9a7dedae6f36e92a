/** The sentences of the domain about windows, silence, blind spans and edits, as stories that the oracle tells alone. */
import { describe, expect, it } from "vitest"
import { during, flips, lived, outcomes, slotsEvery, told } from "./OracleStory.ts"

describe("a quiet window", () => {
  const timetable = { schedule: slotsEvery(10), grace: 2 }

  it("waives its slots: the next one outside is expected", () => {
    const oracle = lived({ ...timetable, isQuiet: during(8, 25) }, "1 success", 32)
    expect(flips(oracle)).toEqual(["1 up success", "32 down missed"])
    expect(outcomes(oracle)).toBe("sF")
  })

  it("puts off what a period expects to its end", () => {
    const oracle = lived({ isQuiet: during(8, 25) }, "1 success", 30)
    expect(flips(oracle).at(-1)).toBe("27 down missed")
    expect(oracle.anchor).toBe(25)
  })

  it("stops the clocks of a grace and of a run that are under way", () => {
    const isQuiet = during(11, 15)
    expect(flips(lived({ ...timetable, isQuiet }, "1 success", 30)).at(-1)).toBe("16 down missed")
    expect(flips(lived({ ...timetable, isQuiet, maxRuntime: 3 }, "9 start", 30)).at(-1)).toBe(
      "16 down overran",
    )
  })

  it("keeps an alarm back until it closes, and tells it then, once", () => {
    const oracle = lived({ isQuiet: during(5, 8) }, "6 fail", 30)
    expect(oracle.changes).toMatchObject([{ at: 6, to: "down", isQuiet: true }])
    expect(told(oracle)).toEqual(["8 down flip"])
  })

  it("keeps back what has passed by its end for good", () => {
    const oracle = lived({ isQuiet: during(5, 8) }, "6 fail, 7 success", 9)
    expect(oracle.changes.map(({ isQuiet }) => isQuiet)).toEqual([true, true])
    expect(told(oracle)).toEqual([])
  })

  it("keeps no all-clear back of what was told before", () => {
    const story = "4 fail, 6 success"
    expect(told(lived({ isQuiet: during(5, 8) }, story, 9))).toEqual(["4 down flip", "6 up flip"])
  })

  it("makes reminders stand still", () => {
    const oracle = lived({ remindEvery: 3, isQuiet: during(5, 8) }, "4 fail", 12)
    expect(told(oracle)).toEqual(["4 down flip", "10 down reminder"])
  })

  it("keeps a reminder back that is due when it opens", () => {
    const oracle = lived({ remindEvery: 3, isQuiet: during(5, 8) }, "2 fail", 10)
    expect(told(oracle)).toEqual(["2 down flip", "8 down reminder"])
  })
})

describe("a silence", () => {
  it("changes nothing but what is told: what is still down at its end is told then, once", () => {
    const oracle = lived({}, "1 success, 2 silence 20", 30)
    expect(oracle.changes).toMatchObject([{ to: "up" }, { at: 13, to: "down", isQuiet: false }])
    expect(told(oracle)).toEqual(["20 down flip"])
    expect(oracle.toldAt).toBe(20)
  })

  it("that is ended is over", () => {
    const story = "2 silence 20, 3 fail, 5 silence"
    const oracle = lived({}, story, 9)
    expect(told(oracle)).toEqual(["5 down flip"])
    expect(oracle.silencedUntil).toBeUndefined()
    expect(told(lived({}, "2 silence 20, 3 fail, 5 silence 5", 9))).toEqual(["5 down flip"])
  })

  it("keeps no all-clear back of what was told before", () => {
    const story = "1 fail, 2 silence 20, 3 success"
    expect(told(lived({}, story, 14))).toEqual(["1 down flip", "3 up flip"])
  })

  it("says nothing of what came and went in it", () => {
    const story = "2 silence 20, 3 fail, 4 success"
    expect(told(lived({}, story, 15))).toEqual([])
  })

  it("puts a reminder off to its end, from where the next is counted", () => {
    const story = "1 fail, 2 silence 7"
    expect(told(lived({ remindEvery: 3 }, story, 10))).toEqual([
      "1 down flip",
      "7 down reminder",
      "10 down reminder",
    ])
  })

  it("that ends in a quiet window ends with the window, and the other way round", () => {
    const fail = "2 silence 6, 3 fail"
    expect(told(lived({ isQuiet: during(5, 8) }, fail, 30))).toEqual(["8 down flip"])
    expect(told(lived({ isQuiet: during(3, 5) }, fail, 30))).toEqual(["6 down flip"])
  })
})

describe("what is told", () => {
  it("is flips to down and up, but neither the first success nor the end of a pause", () => {
    const story = "1 success, 2 fail, 3 success, 4 pause, 5 success"
    expect(told(lived({}, story, 5))).toEqual(["2 down flip", "3 up flip"])
  })

  it("is a failure that ends a pause, or comes first", () => {
    expect(told(lived({}, "1 fail"))).toEqual(["1 down flip"])
    expect(told(lived({}, "1 pause, 2 fail"))).toEqual(["2 down flip"])
  })

  it("is the first success where that is asked for, unless it is quiet or silent", () => {
    const asked = { notifyOnFirstPing: true }
    expect(told(lived(asked, "1 success", 9))).toEqual(["1 up flip"])
    expect(told(lived({ ...asked, isQuiet: during(0, 3) }, "1 success", 9))).toEqual([])
    expect(told(lived(asked, "0 silence 3, 1 success", 9))).toEqual([])
  })

  it("is a reminder after each span, as long as the check is down", () => {
    expect(told(lived({ remindEvery: 2 }, "1 fail, 6 success", 9))).toEqual([
      "1 down flip",
      "3 down reminder",
      "5 down reminder",
      "6 up flip",
    ])
  })

  it("is nothing of a pause", () => {
    expect(told(lived({ remindEvery: 2 }, "1 fail, 2 pause, 3 resume", 9))).toEqual(["1 down flip"])
  })
})

describe("a time in which nobody was awake", () => {
  it("moves a deadline inside it on, and marks the flip", () => {
    const oracle = lived({}, "1 success", 30, { asleep: during(9, 15) })
    expect(oracle.changes[1]).toMatchObject({ at: 17, to: "down", isBlind: true })
    expect(oracle.anchor).toBe(11)
  })

  it("leaves a deadline alone that passed before it", () => {
    const oracle = lived({}, "1 success", 30, { asleep: during(14, 20) })
    expect(oracle.changes[1]).toMatchObject({ at: 13, isBlind: false })
  })

  it("makes one miss of all its slots", () => {
    const given = { schedule: slotsEvery(4), grace: 1, failures: 9, outOf: 9 }
    const oracle = lived(given, "1 success", 23, { asleep: during(3, 22) })
    expect(outcomes(oracle)).toBe("sF")
    expect(oracle.expected()).toBe(24)
  })

  it("makes one miss of all its periods, and the periods go on as they were", () => {
    const given = { schedule: { period: 4 }, grace: 1, failures: 9, outOf: 9 }
    const oracle = lived(given, "1 success", 23, { asleep: during(3, 22) })
    expect(outcomes(oracle)).toBe("sF")
    expect([oracle.anchor, oracle.expected()]).toEqual([21, 25])
  })

  it("runs into a quiet window without a gap", () => {
    const oracle = lived({ isQuiet: during(15, 18) }, "1 success", 30, { asleep: during(9, 15) })
    expect(oracle.changes[1]).toMatchObject({ at: 20, isBlind: true })
  })
})

describe("an edit", () => {
  const edit = { schedule: slotsEvery(4) }

  it("of the schedule counts from now, and raises no alarm for a slot that nobody expected", () => {
    expect(flips(lived({}, "1 success, 9 configure", 20, { edit }))).toEqual([
      "1 up success",
      "14 down missed",
    ])
    expect(flips(lived({}, "1 success, 9 configure now", 20, { edit }))).toEqual([
      "1 up success",
      "14 down missed",
    ])
  })

  it("counts from what was heard last where that is asked for, but turns nothing down in the past", () => {
    expect(flips(lived({}, "1 success, 9 configure anchor", 9, { edit }))).toEqual([
      "1 up success",
      "9 down missed",
    ])
  })

  it("of something else leaves the deadline where it was", () => {
    const oracle = lived({}, "1 success, 9 configure", 20, { edit: { minRuntime: 1 } })
    expect(flips(oracle).at(-1)).toBe("13 down missed")
  })
})

describe("a pause", () => {
  it("removes every deadline and drops open runs, and is no second pause", () => {
    const story = "1 success, 2 start, 3 pause, 4 pause"
    const oracle = lived({}, story, 50)
    expect(flips(oracle)).toEqual(["1 up success", "3 paused paused"])
    expect(oracle.runs).toEqual([])
  })

  it("ends as a new check, which expects its next slot when armed", () => {
    const story = "1 success, 3 pause, 5 resume"
    const oracle = lived({}, story, 50)
    expect([oracle.status, oracle.lastPing, oracle.anchor, outcomes(oracle)]).toEqual([
      "new",
      undefined,
      undefined,
      "",
    ])
    expect(flips(lived({ armed: true }, story, 50)).at(-1)).toBe("17 down missed")
  })

  it("is needed for a resumption", () => {
    expect(flips(lived({}, "1 success, 2 resume", 5))).toEqual(["1 up success"])
  })
})

describe("alert policies", () => {
  it("go down with enough failures of the last outcomes, and up with enough successes in a row", () => {
    const given = { failures: 2, outOf: 3, recoveries: 2 }
    const story = "1 success, 2 fail, 3 success, 4 fail, 5 success, 6 success"
    expect(flips(lived(given, story, 6))).toEqual(["1 up success", "4 down fail", "6 up success"])
  })
})
