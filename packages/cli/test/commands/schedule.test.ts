import { describe, expect, it } from "vitest"
import * as Overdue from "../../../../test/kit/Overdue.ts"

const overdue = await Overdue.make()

describe("overdue schedule next", () => {
  it("lists occurrences on the clock of the zone, across a change of it", async () => {
    const { code, stdout } = await overdue.run([
      "schedule",
      "next",
      "30 3 * * *",
      "--tz",
      "Europe/Riga",
      "--after",
      "2026-03-27T12:00:00Z",
      "-n",
      "3",
    ])
    expect(code).toBe(0)
    expect(stdout).toBe(
      "Sat 2026-03-28 03:30:00 +02:00\nSun 2026-03-29 04:00:00 +03:00\nMon 2026-03-30 03:30:00 +03:00\n",
    )
  })

  it("prints instants for programs", async () => {
    const { stdout } = await overdue.run([
      "schedule",
      "next",
      "Mon..Fri 10:00",
      "--after",
      "2026-01-02T12:00:00Z",
      "--count=2",
      "--json",
    ])
    expect(JSON.parse(stdout)).toEqual(["2026-01-05T10:00:00.000Z", "2026-01-06T10:00:00.000Z"])
  })

  it("says when there are no more, and writes zones west of Greenwich", async () => {
    const { stdout } = await overdue.run([
      "schedule",
      "next",
      "2030-01-01 00:00:00",
      "--tz",
      "America/St_Johns",
      "--after",
      "2029-01-01T00:00:00Z",
    ])
    expect(stdout).toBe("Tue 2030-01-01 00:00:00 -03:30\nno further times\n")
  })

  it("reads a time without an offset on the clock of the zone, and never on that of the machine", async () => {
    const next = (after: string) =>
      overdue.run(["schedule", "next", "0 3 * * *", "--tz", "Asia/Kolkata", "-n", "1", "--after", after])
    for (const after of ["2026-06-15 02:59:59", "2026-06-15", "2026-06-14T21:29:59Z"]) {
      expect(await next(after)).toMatchObject({ code: 0, stdout: "Mon 2026-06-15 03:00:00 +05:30\n" })
    }
    expect((await next("2026-06-15T03:00")).stdout).toBe("Tue 2026-06-16 03:00:00 +05:30\n")
  })

  it("takes an expression that the shell has split", async () => {
    const { stdout } = await overdue.run([
      "schedule",
      "next",
      "0",
      "3",
      "1",
      "1",
      "0",
      "-n",
      "1",
      "--after",
      "2026-01-01T00:00:00Z",
    ])
    expect(stdout).toMatch(/^\w{3} 2026-01-\d\d 03:00:00 \+00:00\n$/)
  })

  it.each([
    [["next"], 2, "give a schedule in quotes, such as '0 3 * * 1-5' or 'Mon..Fri 03:00'"],
    [
      ["next", "* * * * *", "--tz", "Riga"],
      2,
      'there is no time zone "Riga"; use an IANA time zone name: Europe/Riga',
    ],
    [["next", "* * * * *", "--count", "0"], 2, '--count is a whole number from 1 to 1000, not "0"'],
    [["next", "* * * * *", "--after", "soon"], 2, "--after is an instant such as 2026-03-29T00:00:00Z"],
    [["next", "* * * * *", "--after", "2026-02-30"], 2, "expected a day from 01 to 28 in month 2026-02"],
    [["next", "0 25 * * *"], 1, 'hour: "25" is not valid: expected '],
    [["lint"], 2, "give at least one schedule, each in quotes"],
  ])("%j exits with %d: %s", async (args, expected, sentence) => {
    const { code, stdout, stderr } = await overdue.run(["schedule", ...args])
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" })
    expect(stderr).toContain(sentence)
  })
})

describe("overdue schedule, given another dialect of cron,", () => {
  it.each([
    [["explain", "@daily"], "at 00:00 every day, UTC\n"],
    [["explain", "0 12 * * *\n30 17 * * *"], "at 12:00 every day, UTC; and at 17:30 every day, UTC\n"],
    [
      ["explain", "every", "2", "weeks", "from", "2026-01-05"],
      "every 2 weeks on Monday at 00:00, UTC, from 2026-01-05\n",
    ],
    [["next", "never"], "no further times\n"],
  ])("reads what it can: %j", async (args, printed) => {
    expect(await overdue.run(["schedule", ...args])).toMatchObject({ code: 0, stdout: printed })
  })

  it.each(["explain", "next"])("says what to write instead: %s", async (command) => {
    const { code, stderr } = await overdue.run(["schedule", command, "0 0 12 ? * MON-FRI"])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'this is a Quartz expression, with seconds in front: write "0 12 * * MON-FRI" instead',
    )
  })
})

describe("overdue schedule explain", () => {
  it("says it in words, and what clock changes will do", async () => {
    const { code, stdout } = await overdue.run(["schedule", "explain", "30 3 * * *", "--tz", "Europe/Riga"])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^at 03:30.*Europe\/Riga/)
    expect(stdout).toMatch(/\nThe clock in Europe\/Riga /)
  })
})

describe("overdue schedule lint", () => {
  it("marks the place of a mistake", async () => {
    const { code, stdout } = await overdue.run(["schedule", "lint", "* * * * *", "0 0 32 * *"])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^\* \* \* \* \*: valid\nday-of-month: "32" is not valid: expected .+\n {2}0 0 32 \* \*\n {6}\^\^\n$/,
    )
  })

  it("says what a schedule may not mean, after what clock changes do to it", async () => {
    const { code, stdout } = await overdue.run(["schedule", "lint", "*/45 3 * * *", "--tz", "Europe/Riga"])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^\*\/45 3 \* \* \*: valid, with warnings\n(?: {2}The clock .+\n)+ {2}Every 45 minutes .+\n$/,
    )
  })

  it("takes lines, and what to write instead of another dialect", async () => {
    const { code, stdout } = await overdue.run(["schedule", "lint", "0 12 * * *\n30 17 * * *", "@reboot"])
    expect(code).toBe(1)
    expect(stdout).toContain("0 12 * * * | 30 17 * * *: valid\n")
    expect(stdout).toContain("@reboot is an event and no time")
  })

  it("takes warnings for mistakes when strict", async () => {
    const args = ["schedule", "lint", "30 3 * * *", "--tz", "Europe/Riga"]
    expect(await overdue.run(args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("valid, with warnings\n  The clock"),
    })
    expect((await overdue.run([...args, "--strict"])).code).toBe(1)
  })
})
