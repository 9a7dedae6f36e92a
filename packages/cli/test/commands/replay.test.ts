import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as PastDatabase from "../PastDatabase.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"

/** Every hour for ten hours; once ten minutes late, and once it failed. Each run takes two minutes. */
const backup: PastDatabase.Job = {
  slug: "backup",
  policy: { schedule: Every.make(hour), grace: 5 * minute },
  signals: Array.from({ length: 10 }, (_, index): readonly PastDatabase.Signal[] => [
    [index === 0 ? 0 : index === 4 ? 68 : 58, "start"],
    [2, index === 7 ? "fail" : "success"],
  ]).flat(),
}

/** At the full hour, or rather two minutes before it. */
const hasty: PastDatabase.Job = {
  slug: "hasty",
  policy: { schedule: Result.getOrThrow(Schedule.parse("0 * * * *", Zone.utc)) },
  signals: Array.from({ length: 6 }, (_, index): PastDatabase.Signal => [index === 0 ? 58 : 60, "success"]),
}

const open = async () => {
  const overdue = await Overdue.make()
  await PastDatabase.write(join(overdue.folder, "overdue.db"), "home", [
    backup,
    hasty,
    { slug: "silent", policy: {}, signals: [] },
    { ...hasty, slug: "scarce", signals: hasty.signals.slice(0, 4) },
  ])
  return overdue
}

// Nothing here writes to it.
let overdue: Overdue.Overdue
beforeAll(async () => {
  overdue = await open()
})
afterAll(() => overdue[Symbol.asyncDispose]())

describe("overdue replay", () => {
  it("shows what is told as it is beside what would have been, and the difference in numbers", async () => {
    const { code, stdout, stderr } = await overdue.run(["replay", "backup", "--grace", "15m"])
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout.split("\n")).toEqual([
      "the backup job, 21 events on record, with --grace 15m",
      "",
      "                    AS IT IS  CHANGED",
      "alerts              4         2",
      "outages             2         1",
      "time down           1h 5m     1h",
      "outages of its own  1         0",
      "status by now       paused    paused",
      "",
      "Alerts (times in UTC)",
      "WHEN                            AS IT IS       CHANGED",
      "Mon 2026-03-02 07:07:00 +00:00  down (missed)  –",
      "Mon 2026-03-02 07:12:00 +00:00  up             –",
      "Mon 2026-03-02 10:12:00 +00:00  down (fail)    down (fail)",
      "Mon 2026-03-02 11:12:00 +00:00  up             up",
      "",
    ])
  })

  it("says the same to programs", async () => {
    const { stdout } = await overdue.run(["replay", "backup", "--failures", "2", "--out-of", "3", "--json"])
    expect(JSON.parse(stdout)).toMatchObject({
      events: 21,
      as_it_is: { alerts: [{ at: "2026-03-02T07:07:00.000Z", status: "down" }, {}, {}, {}], downtime: 3900 },
      changed: { alerts: [], outages: [], downtime: 0 },
      only_as_it_is: [{ reason: "missed", duration: 300 }, { reason: "fail" }],
      only_changed: [],
    })
  })

  it("takes another schedule, in the zone that is said", async () => {
    const half = ["--schedule", "30 8-18 * * *", "--tz", "Asia/Kolkata", "--grace", "15m"]
    const { changed } = JSON.parse((await overdue.run(["replay", "backup", ...half, "--json"])).stdout)
    expect(changed.alerts.map(({ at }: { at: string }) => at.slice(11, 16))).toEqual(["10:12", "11:12"])
  })

  it.each([
    ["never", ["10:12", "11:12"]],
    ["every 1 day from 2026-03-02 06:00", ["10:12", "11:12"]],
    ["0 8 * * *\n0 9 * * *", ["08:05", "08:12", "09:05", "09:12", "10:12", "11:12"]],
  ])("takes every kind of schedule: %j", async (schedule, told) => {
    const { code, stdout, stderr } = await overdue.run(["replay", "backup", "--schedule", schedule, "--json"])
    expect([code, stderr]).toEqual([0, ""])
    const { changed } = JSON.parse(stdout)
    expect(changed.alerts.map(({ at }: { at: string }) => at.slice(11, 16))).toEqual(told)
  })

  it("takes what our own defaults are made of, on or off", async () => {
    const flags = ["--start-satisfies", "--no-arm", "--early", "90s"]
    const { code, stdout } = await overdue.run(["replay", "backup", ...flags])
    expect([code, stdout.split("\n")[0]]).toEqual([
      0,
      "the backup job, 21 events on record, with --early 90s --start-satisfies --no-armed",
    ])
  })

  it("says so when there is nothing to go by", async () => {
    expect(await overdue.run(["replay", "silent", "--grace", "2h"])).toMatchObject({
      code: 0,
      stdout: "the silent job has no stored pings to replay\n",
    })
  })

  it.each([
    [["backup"], 2, "name at least one change: --grace"],
    [[], 2, "name the check by its id, slug or name"],
    [["backup", "--grace", "soon"], 2, "--grace is a length of time such as 90s"],
    [["backup", "--grace", "900d"], 2, "grace: expected a span from 0 ms"],
    [["backup", "--schedule", "61 * * * *"], 1, '"61" is not valid'],
    [["backup", "--schedule", "1 * * * *", "--tz", "Riga"], 2, 'there is no time zone "Riga"'],
    [["backup", "--tz", "Europe/Riga"], 2, "--tz is the time zone of a schedule, and this check has none"],
    [
      ["backup", "--timeout", "1h", "--schedule", "1 * * * *"],
      2,
      "--timeout and --schedule both say when signals are expected",
    ],
    [["backup", "--failures", "33"], 2, "--failures is a whole number from 1 to 32"],
    [["backup", "--failures", "3", "--out-of", "2"], 2, "alert.outOf: expected"],
    [["bakup", "--grace", "1h"], 1, 'there is no check "bakup"; did you mean "backup"?'],
    [["backup", "--grace", "1h", "--project", "work"], 1, 'there is no project "work"; there is home'],
    [["backup", "--grace", "1h", "--database", "sqlite:./none.db"], 1, "there is no database in ./none.db"],
    [
      ["backup", "--grace", "1h", "--database", "sqlite::memory:"],
      2,
      "a database in memory belongs to the server",
    ],
  ])("refuses %j with %i: %s", async (args, expected, sentence) => {
    const { code, stderr } = await overdue.run(["replay", ...args])
    expect(stderr).toContain(sentence)
    expect(code).toBe(expected)
  })
})

describe("overdue advise", () => {
  it("names a grace and a maximum runtime with the evidence, and what the schedule seems to be", async () => {
    const { code, stdout, stderr } = await overdue.run(["advise", "backup"])
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout.split("\n").slice(0, 5)).toEqual([
      "the backup job, every hour, 10 signals on record",
      "",
      "             NOW  ADVISED  BECAUSE",
      "grace        5m   11m      10 signals: half within 0s, 95 % within 10m, the latest 10m late",
      "max runtime  5m   3m       10 runs: half took 2m, 95 % at most 2m, the longest 2m",
    ])
    expect(stdout).toMatch(
      /\nSchedules that the signals may follow\nSCHEDULE +CONFIDENCE +BECAUSE\n(.+\n)*every hour +\d+ %/,
    )
  })

  it("says how early signals come, and advises to take them so", async () => {
    const { stdout } = await overdue.run(["advise", "hasty"])
    const [, , , grace, early] = stdout.split("\n")
    expect(grace).toMatch(/^grace +1h +1m +none of 5 signals came late$/)
    expect(early).toMatch(
      /^early +\d+\w +2m +6 signals: half at most 2m early, 95 % at most 2m, the earliest 2m$/,
    )
    const { advised: present, policy } = JSON.parse((await overdue.run(["advise", "hasty", "--json"])).stdout)
    expect(present).toMatchObject({ grace: 60, early: 120, too_early: 0, earliness: { count: 6, most: 120 } })
    // What is advised cannot be mistaken for what is.
    expect(policy).toMatchObject({ grace: 3600, max_runtime: 3600 })
  })

  it("tolerates as many alarms as it is told to, and says the same to programs", async () => {
    const { stdout } = await overdue.run(["advise", "backup", "--quantile", "0.8", "--json"])
    const { advised: present, guesses } = JSON.parse(stdout)
    expect(present).toMatchObject({
      schedule: "every hour",
      grace: 60,
      early: null,
      max_runtime: 180,
      signals: 10,
      late: 1,
      runtime: { count: 10, most: 120 },
    })
    expect(guesses.map(({ schedule }: { schedule: string }) => schedule)).toContain("every hour")
  })

  it("says so when there is too little to go by", async () => {
    const { code, stdout } = await overdue.run(["advise", "silent"])
    expect([code, stdout.split("\n").at(-2)]).toEqual([0, "that is too few to advise anything; it takes 5"])
  })

  it("advises nothing from a few signals, to people and to programs", async () => {
    const { stdout } = await overdue.run(["advise", "scarce"])
    expect(stdout.split("\n").slice(2)).toEqual(["that is too few to advise anything; it takes 5", ""])
    const told = JSON.parse((await overdue.run(["advise", "scarce", "--json"])).stdout)
    expect(told).toMatchObject({ is_enough: false, advised: { grace: null, max_runtime: null, signals: 4 } })
  })

  it.each(["0", "1.1", "half", "", "-1"])("refuses the quantile %j", async (quantile) => {
    const { code, stderr } = await overdue.run(["advise", "backup", `--quantile=${quantile}`])
    expect([code, stderr]).toEqual([2, expect.stringContaining("--quantile is a share such as 0.95")])
  })
})
