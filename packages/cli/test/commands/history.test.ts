/** The commands that read what happened: pings, events, report. */
import { connect } from "@overdue/client/management"
import { spawnSync } from "node:child_process"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Folder from "../../../../test/kit/Folder.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"

const home = Folder.make()
let overdue: OverdueServer
let cli: Overdue.Overdue
let api: ReturnType<typeof connect>

const hostile = Buffer.from([...Buffer.from("dump failed\n\u001b[2J\u202e disk full \u0007"), 0xff, 0xfe, 0])
const readOnly = { OVERDUE_API_KEY: keys.readOnly }

beforeAll(async () => {
  overdue = await OverdueServer.start(home.path)
  api = connect({ baseUrl: overdue.url, apiKey: keys.readWrite })
  cli = await Overdue.make({
    OVERDUE_URL: overdue.url,
    OVERDUE_API_KEY: keys.readWrite,
    OVERDUE_PING_KEY: keys.ping,
  })
  const alert = { failures: 2 }
  await api.checks.create({ name: "Backup", slug: "backup", tags: "db", channels: "*" })
  await api.checks.create({ name: "=1+1", slug: "patient", alert, channels: "*" })
  await api.checks.create({ name: "Never", slug: "never", channels: "*" })
  await cli.run(["ping", "--slug", "backup"])
  const { ping_url = "" } = (await api.checks.list({ slug: "backup" }))[0]!
  await fetch(`${ping_url}/3`, { method: "POST", body: hostile })
  await cli.run(["ping", "--slug", "backup", "log"])
  await cli.run(["ping", "--slug", "patient"])
  await cli.run(["ping", "--slug", "patient", "fail"])
})
afterAll(async () => {
  await cli[Symbol.asyncDispose]()
  await overdue.stop()
  home[Symbol.dispose]()
})

describe("overdue pings", () => {
  it("lists the newest pings with what is remarkable about them, and whether they have a body", async () => {
    const { code, stdout } = await cli.run(["pings", "backup"])
    expect(code).toBe(0)
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/ {2,}/))
    expect(lines.map(([n, type, , , , body, remark]) => [n, type, body, remark?.slice(0, 33)])).toEqual([
      ["PING", "TYPE", "BODY", "REMARK"],
      ["#3", "log", "–", "–"],
      ["#2", "fail 3", "yes", "The job ended with exit status 3."],
      ["#1", "success", "–", "–"],
    ])
    expect((await cli.run(["pings", "backup", "--limit", "1"])).stdout.trim().split("\n")).toHaveLength(2)
    expect(JSON.parse((await cli.run(["pings", "backup", "--json", "-n", "2"])).stdout)).toMatchObject([
      { n: 3, type: "log" },
      { n: 2, type: "fail", exit_status: 3 },
    ])
    expect((await cli.run(["pings", "never"])).stdout).toBe("no pings\n")
  })

  it.each(["2", "last"])("prints the body of ping %s to a pipe byte by byte", (n) => {
    const args = [Overdue.main, "pings", "backup", "--body", n]
    const env = {
      ...process.env,
      OVERDUE_URL: overdue.url,
      OVERDUE_API_KEY: keys.readWrite,
      HOME: cli.folder,
    }
    const { stdout, status } = spawnSync(process.execPath, args, { env })
    expect(status).toBe(0)
    expect(stdout).toEqual(hostile)
  })

  it.each([
    [["backup", "--body", "7"], 1, "no ping with this number and a body is stored"],
    [["backup", "--body", "3"], 1, "no ping with this number and a body is stored"],
    [["never", "--body", "last"], 1, "none of the pings that the server keeps has a body"],
    [["backup", "--body", "x"], 2, "--body is a whole number from 1"],
    [["backup", "--body", "0"], 2, "--body is a whole number from 1"],
    [["backup", "--limit", "1001"], 2, "--limit is a whole number from 1 to 1000"],
    [["backup", "--raw"], 2, "--raw is about a body"],
    [["backup", "--json", "--body", "1"], 2, "a body is no JSON"],
    [["bakup"], 1, 'did you mean "backup"?'],
    [[], 2, "name the check by its id, slug or name"],
  ])("%j ends with %d: %s", async (args, expected, sentence) => {
    const { code, stdout, stderr } = await cli.run(["pings", ...args])
    expect([code, stdout, stderr]).toEqual([expected, "", expect.stringContaining(sentence)])
  })

  it("says that a read-only key does not see pings", async () => {
    const { code, stderr } = await cli.run(["pings", "backup"], readOnly)
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("this key is read-only, and does not see pings"),
    ])
  })
})

describe("overdue events", () => {
  const rows = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(/ {2,}/).slice(1))

  it("tells what happened to all checks, newest last, with the reasons", async () => {
    const { code, stdout, stderr } = await cli.run(["events"])
    expect([code, stderr]).toEqual([0, ""])
    expect(rows(stdout)).toEqual([
      ["Backup", "new → up", "success"],
      ["Backup", "up → down", "The job ended with exit status 3."],
      ["=1+1", "new → up", "success"],
      // It was tolerated, and is no change of status.
      ["=1+1", "fail", expect.any(String)],
    ])
  })

  it("tells every ping when asked for, of one check or a tag, as JSON too", async () => {
    const { stdout } = await cli.run(["events", "--check", "backup", "--all", "--json"])
    expect(JSON.parse(stdout)).toMatchObject([
      { slug: "backup", kind: "ping", what: "success" },
      { slug: "backup", kind: "flip", what: "new → up" },
      { slug: "backup", kind: "ping", what: "fail 3" },
      { slug: "backup", kind: "flip", what: "up → down", why: "The job ended with exit status 3." },
      { slug: "backup", kind: "ping", what: "log", why: null },
    ])
    expect(rows((await cli.run(["events", "--tag", "db"])).stdout)).toHaveLength(2)
    expect((await cli.run(["events", "--check", "never"])).stdout).toBe("nothing happened\n")
  })

  it("keeps to the time that is asked for", async () => {
    for (const since of ["1h", "2020-01-01", "2020-01-01T08:00:00+02:00"]) {
      expect(rows((await cli.run(["events", "--since", since])).stdout)).toHaveLength(4)
    }
    for (const args of [
      ["--until", "1h"],
      ["--since", "2999-01-01"],
    ]) {
      expect((await cli.run(["events", ...args])).stdout).toBe("nothing happened\n")
    }
    expect((await cli.run(["events", "--tz", "Asia/Kathmandu"])).stdout).toContain(" +05:45  Backup ")
    const wrong = await cli.run(["events", "--since", "soon"])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("--since is a length of time")])
  })

  it("tells a read-only key the changes of status, and that there are pings besides", async () => {
    const { code, stdout, stderr } = await cli.run(["events"], readOnly)
    expect(code).toBe(0)
    expect(rows(stdout).map(([, what]) => what)).toEqual(["new → up", "up → down", "new → up"])
    expect(stderr).toBe("note: this key is read-only: only changes of status are listed, no pings\n")
  })

  it("says when the first pings of that time are no longer kept", async () => {
    using folder = Folder.make("busy")
    await using busy = await OverdueServer.start(folder.path)
    const other = connect({ baseUrl: busy.url, apiKey: keys.readWrite })
    const { ping_url = "" } = await other.checks.create({ slug: "busy", channels: "*" })
    for (let count = 0; count < 130; count++) await fetch(`${ping_url}/log`, { method: "POST" })
    await fetch(ping_url)
    const { stderr } = await cli.run(["events", "--url", busy.url])
    expect(stderr).toBe("note: of 1 check, the first pings of that time are no longer kept\n")
  })
})

describe("overdue report", () => {
  it("prints uptime, outages and runs of each check, and of all together", async () => {
    const { code, stdout, stderr } = await cli.run(["report"])
    expect([code, stderr]).toEqual([0, ""])
    const [window, , titles, ...rows] = stdout.trim().split("\n")
    expect(window).toMatch(/^\d{4}-\d\d-\d\dT.* to now$/)
    expect(titles).toMatch(/^CHECK +UPTIME +DOWN +OUTAGES +LONGEST +RUNS +FAILED +MISSED +OVERRAN$/)
    expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual(["=1+1", "Backup", "Never", "all 3 checks"])
    expect(rows[0]).toMatch(/ 100 % +– +0 +– +2 +1 +0 +0$/)
    expect(rows[1]).toMatch(/ \d+\.\d{3} % +\S.* 1 +\S.* 2 +1 +0 +0$/)
    expect(rows[2]).toMatch(/ – +– +0 +– +0 +0 +0 +0$/)
    expect(rows[3]).toMatch(/ 1 +\S.* 4 +2 +0 +0$/)
  })

  it("is JSON or comma-separated values for programs, without a formula", async () => {
    const { checks, total, start, end } = JSON.parse(
      (await cli.run(["report", "--month", "2020-02", "--json"])).stdout,
    )
    expect([start, end]).toEqual(["2020-02-01", "2020-03-01"])
    expect(checks.map(({ slug, uptime, unknown }: never) => [slug, uptime, unknown])).toEqual([
      ["patient", null, 29 * 86_400],
      ["backup", null, 29 * 86_400],
      ["never", null, 29 * 86_400],
    ])
    expect(total).toEqual({
      up: 0,
      down: 0,
      outages: 0,
      longest: 0,
      runs: 0,
      failed: 0,
      missed: 0,
      overran: 0,
      uptime: null,
      complete: expect.any(Boolean),
    })
    const { stdout } = await cli.run(["report", "backup", "patient", "--csv"])
    const [titles, formula, ...rows] = stdout.trimEnd().split("\r\n")
    expect(titles).toBe("name,slug,id,uptime,up,down,outages,longest,runs,failed,missed,overran,complete")
    expect(formula).toMatch(/^"'=1\+1","patient","[0-9a-f-]{36}",1,/)
    expect(rows).toEqual([expect.stringMatching(/^"Backup","backup",/)])
  })

  it("cuts months on the clock of each check's own zone, or of the one that is asked for", async () => {
    const { uuid = "" } = await api.checks.create({
      slug: "away",
      schedule: "0 3 * * *",
      tz: "Asia/Kathmandu",
    })
    const of = async (...args: readonly string[]) =>
      JSON.parse((await cli.run(["report", "away", "--month", "2020-02", "--json", ...args])).stdout)
        .checks[0].start
    expect(await of()).toBe("2020-01-31T18:15:00+00:00")
    expect(await of("--tz", "America/New_York")).toBe("2020-02-01T05:00:00+00:00")
    await api.checks.delete(uuid)
  })

  it("is there for a read-only key, and for a tag", async () => {
    const { code, stdout } = await cli.run(["report", "--tag", "db"], readOnly)
    expect(code).toBe(0)
    expect(stdout.trim().split("\n").slice(3)).toEqual([expect.stringMatching(/^Backup /)])
    expect((await cli.run(["report", "--tag", "nope"])).stdout).toBe("no checks\n")
  })

  it.each([
    [["--month", "soon"], 2, "--month is this, last, or one such as 2026-10"],
    [["--csv", "--json"], 2, "give --csv or --json, not both"],
    [["bakup"], 1, 'did you mean "backup"?'],
    [["backup", ""], 2, "the name of a check is empty"],
  ])("%j ends with %d: %s", async (args, expected, sentence) => {
    const { code, stdout, stderr } = await cli.run(["report", ...args])
    expect([code, stdout, stderr]).toEqual([expected, "", expect.stringContaining(sentence)])
  })
})
