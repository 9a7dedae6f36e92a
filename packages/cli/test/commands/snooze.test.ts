import { connect } from "@overdue/client/management"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import * as Folder from "../../../../test/kit/Folder.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"

const home = Folder.make()
let overdue: OverdueServer
let cli: Overdue.Overdue
let api: ReturnType<typeof connect>

beforeAll(async () => {
  overdue = await OverdueServer.start(home.path)
  api = connect({ baseUrl: overdue.url, apiKey: keys.readWrite })
  cli = await Overdue.make({ OVERDUE_URL: overdue.url, OVERDUE_API_KEY: keys.readWrite })
  await api.checks.create({ name: "Backup", slug: "backup", tags: "db" })
  await api.checks.create({ name: "Report", slug: "report" })
})
afterAll(async () => {
  await cli[Symbol.asyncDispose]()
  await overdue.stop()
  home[Symbol.dispose]()
})
beforeEach(() => api.checks.endSilenceOfAll())

const silent = async (): Promise<readonly string[]> =>
  (await api.checks.list()).flatMap(({ slug, silenced_until }) =>
    silenced_until === undefined ? [] : [slug],
  )

describe("overdue snooze", () => {
  it("silences the checks that are named, for a while, and unsnooze ends it", async () => {
    const { code, stdout } = await cli.run(["snooze", "backup", "Report", "2h"])
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^snoozed Backup until \d{4}-.*\nsnoozed Report until \d{4}-.*\n$/),
    ])
    expect(await silent()).toEqual(["backup", "report"])
    expect((await cli.run(["checks", "list"])).stdout).toContain("new (silent)")
    expect((await cli.run(["checks", "show", "backup"])).stdout).toMatch(/\n {2}silent until +\d{4}-/)
    expect((await cli.run(["unsnooze", "backup"])).stdout).toBe("ended the silence of Backup\n")
    expect(await silent()).toEqual(["report"])
  })

  it("silences a tag or everything, until a time on the clock of a zone", async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    const until = await cli.run(["snooze", "--tag", "db", `${tomorrow} 12:00`, "--tz", "Asia/Kathmandu"])
    expect(until.stdout).toBe(`snoozed 1 check until ${tomorrow}T06:15:00+00:00\n`)
    expect(await silent()).toEqual(["backup"])
    expect((await cli.run(["snooze", "--all", "90m"])).stdout).toMatch(/^snoozed 2 checks until /)
    expect((await cli.run(["unsnooze", "--all"])).stdout).toBe("ended the silence of 2 checks\n")
    expect(await silent()).toEqual([])
  })

  it.each([
    [[], "say how long, or until when"],
    [["backup"], "the last argument is a length of time such as 2h, or a time such as 2026-12-24T08:00"],
    [["2h"], "name at least one check"],
    [["backup", "--all", "2h"], "one of the three"],
    [["backup", "2026-02-30 08:00"], "a day from 01 to 28"],
    [["backup", "2026-12-24 08:00", "--tz", "Mars/X"], 'there is no time zone "Mars/X"'],
    [["--tag", "", "1h"], "--tag is empty: name a tag, or give --all for all checks"],
    [["--tag= ", "1h"], "--tag is empty"],
    [["--tag", "db nightly", "1h"], '--tag is one tag, without spaces, not "db nightly"'],
    [["", "1h"], "the name of a check is empty"],
    [["backup", "2020-01-01"], "2020-01-01 is past; to end a silence, use overdue unsnooze"],
    [["backup", "0"], "0 is no time at all; to end a silence, use overdue unsnooze"],
    [["backup", "0h"], "0h is no time at all"],
    [["backup", "2h", "30m"], 'put a length of several words in quotes: "2h 30m"'],
    [["backup", "2999-12-24", "08:00"], 'put the time in quotes: "2999-12-24 08:00"'],
  ])("refuses %j with 2, and silences nothing", async (args, sentence) => {
    const { code, stderr } = await cli.run(["snooze", ...args])
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)])
    expect(await silent()).toEqual([])
  })

  it("does not end the silence of everything, or of nothing, for a tag that is not set or nowhere", async () => {
    await cli.run(["snooze", "--all", "1h"])
    for (const tag of ["", " ", "db nightly"]) {
      expect((await cli.run(["unsnooze", "--tag", tag])).code).toBe(2)
    }
    const { code, stderr } = await cli.run(["unsnooze", "--tag", "nope"])
    expect([code, stderr]).toEqual([1, expect.stringContaining("no check has the tag nope")])
    expect(await silent()).toEqual(["backup", "report"])
  })

  it("fails when no check has the tag, for nothing was silenced", async () => {
    const { code, stdout, stderr } = await cli.run(["snooze", "--tag", "nope", "1h"])
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("no check has the tag nope")])
  })

  it("is of no check when a program passes on a tag that is not set", async () => {
    const filter = { tag: undefined } as never // what the compiler refuses
    await expect(api.checks.silenceAll({ for: 60 }, filter)).rejects.toThrow("tag is empty")
    await expect(api.checks.endSilenceOfAll(filter)).rejects.toThrow("tag is empty")
    expect(await silent()).toEqual([])
  })

  it("silences nothing when one of several checks does not exist", async () => {
    const { code, stderr } = await cli.run(["snooze", "backup", "reprot", "2h"])
    expect([code, stderr]).toEqual([1, expect.stringContaining('did you mean "report"?')])
    expect(await silent()).toEqual([])
  })
})
