/** The command against a server of Healthchecks: what works there, and what it says of what does not. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { HealthchecksServer } from "../../kit/HealthchecksServer.ts"
import { keys } from "../../kit/Keys.ts"
import * as Overdue from "../../kit/Overdue.ts"

let there: HealthchecksServer
let cli: Overdue.Overdue

beforeAll(async () => {
  there = await HealthchecksServer.open()
  await there.addChannel("email", "ops")
  cli = await Overdue.make({
    OVERDUE_URL: there.url,
    OVERDUE_API_KEY: keys.readWrite,
    OVERDUE_PING_KEY: keys.ping,
  })
})
afterAll(async () => {
  await cli[Symbol.asyncDispose]()
  await there[Symbol.asyncDispose]()
})

const run = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await cli.run(args)
  return [code, stdout, stderr]
}

const containing = (text: string): string => expect.stringContaining(text)

/** Applies a file, and says what was asked of the server to change something. */
const apply = async (content: string, ...args: readonly string[]) => {
  await writeFile(join(cli.folder, "checks.yaml"), content)
  const from = there.asked.length
  const outcome = await run("apply", "checks.yaml", "--yes", ...args)
  return { outcome, changes: there.asked.slice(from).filter((asked) => !asked.startsWith("GET")) }
}

const checksOf = async (slug: string) => {
  const { checks } = await there.api("GET", `/api/v3/checks/?slug=${slug}`)
  return checks as readonly Readonly<Record<string, unknown>>[]
}

describe("a job that reports to Healthchecks", () => {
  it("is reported by run and ping, as by any client", async () => {
    await there.api("POST", "/api/v3/checks/", { slug: "job" })
    expect(await run("run", "--slug", "job", "--", "echo", "hello")).toEqual([0, "hello\n", ""])
    expect(await run("run", "--slug", "job", "--", "sh", "-c", "echo oh; exit 3")).toEqual([3, "oh\n", ""])
    expect(await run("ping", "--slug", "job", "log", "--body", "noted")).toEqual([0, "", ""])
    expect(await run("ping", "--slug", "job")).toEqual([0, "", ""])
    const [code, stdout] = await run("pings", "job")
    expect(code).toBe(0)
    const types = String(stdout).matchAll(/^#\d+ +(\w+)/gm)
    expect([...types].map(([, type]) => type)).toEqual([
      "success",
      "log",
      "fail",
      "start",
      "success",
      "start",
    ])
    expect(await run("pings", "job", "--body", "4")).toEqual([0, "oh\n", ""])
    expect(await run("pings", "job", "--body", "last")).toEqual([0, "noted", ""])
    expect(await run("events", "--since", "2026-01-01", "--check", "job")).toEqual([
      0,
      expect.stringMatching(/job +up .*\n.*job +not up .*\n/s),
      "",
    ])
  })

  it("creates its check, and is told that the description was not taken", async () => {
    const args = ["run", "--slug", "made", "--create", "--schedule", "0 4 * * *", "--tz", "Europe/Riga"]
    const sentence = "created the check as all are there, without --schedule, --tz; set that with"
    expect(await run(...args, "--", "true")).toEqual([0, "", containing(sentence)])
    expect(await run(...args, "--", "true")).toEqual([0, "", ""])
    expect(await run("ping", "--slug", "plain", "--create")).toEqual([0, "", ""])
  })

  it("loses a cancel, which Healthchecks does not have, and no signal after it", async () => {
    await there.api("POST", "/api/v3/checks/", { slug: "cancelled" })
    const lost = await run("ping", "--slug", "cancelled", "cancel")
    expect(lost).toEqual([1, "", containing("a server of Healthchecks has no cancel: end the run with")])
    expect(await run("ping", "--slug", "cancelled")).toEqual([0, "", ""])
  })
})

describe("the checks of a project of Healthchecks", () => {
  it("are created, listed, shown, changed, paused, resumed and deleted", async () => {
    const fields = ["--name", "Nightly", "--schedule", "0 3 * * *", "--tz", "Europe/Riga"]
    expect(await run("checks", "create", "--slug", "nightly", "--channels", "ops", ...fields)).toEqual([
      0,
      containing(`ping URL  ${there.url}/ping/`),
      "note: the server is one of Healthchecks, which expects nothing of a new check before its first ping\n",
    ])
    expect((await run("checks", "list", "--slug", "nightly"))[1]).toMatch(
      /\nnew +Nightly +nightly +0 3 \* \* \* Europe\/Riga +never +– +– +ops /,
    )
    expect(await run("checks", "update", "nightly", "--grace", "30m", "--tags", "a b")).toEqual([
      0,
      "Nightly: changed tags, grace\n",
      "",
    ])
    const page = await run("checks", "show", "nightly")
    expect(page).toEqual([0, expect.stringMatching(/grace +30m\n.* tells +ops\n.*no pings yet/s), ""])
    expect(await run("checks", "pause", "--tag", "a")).toEqual([
      0,
      "paused Nightly\n",
      "pausing 1 check with the tag a\n",
    ])
    expect(await run("checks", "resume", "nightly")).toEqual([0, "resumed Nightly\n", ""])
    expect(await run("checks", "delete", "nightly", "--yes")).toEqual([0, "deleted Nightly\n", ""])
    expect(await checksOf("nightly")).toEqual([])
  })

  it("are listed, shown and exported with a read-only key, which changes none", async () => {
    await there.api("POST", "/api/v3/checks/", { slug: "seen" })
    const readOnly = ["--api-key", keys.readOnly]
    expect(await run("checks", "list", "--slug", "seen", ...readOnly)).toEqual([0, containing("seen"), ""])
    const page = await run("checks", "show", "seen", ...readOnly)
    expect(page).toEqual([0, containing("a read-only key does not see pings"), ""])
    const file = await run("export", ...readOnly)
    expect(file).toEqual([0, containing("slug: seen"), containing("this key is read-only")])
    const refused = await run("checks", "pause", "seen", ...readOnly)
    expect(refused).toEqual([1, "", containing("give a read-write key")])
    expect((await run("checks", "list", "--api-key", "W".repeat(32)))[2]).toContain("wrong api key")
  })

  it("are watched", async () => {
    await there.api("POST", "/api/v3/checks/", { slug: "watched", tags: "watched" })
    const watching = cli.start(["watch", "--tag", "watched"])
    await watching.printed(/Z {2}new +watched \(tells nobody\)\n/)
    watching.child.kill("SIGTERM")
    expect((await watching.ended).code).toBe(0)
  })

  it("are listed all the same after a limit of requests was met", async () => {
    there.instead.push({ status: 429, headers: { "retry-after": "0" } })
    expect((await run("checks", "list"))[0]).toBe(0)
  })

  it("do not take fields that Healthchecks would drop without a word", async () => {
    await there.api("POST", "/api/v3/checks/", { slug: "kept" })
    const from = there.asked.length
    const [early, restart] = [["--early", "5m", "--remind-every", "1h"], ["--restart"]]
    expect(await run("checks", "create", "--slug", "x", ...early)).toEqual([
      1,
      "",
      containing("which has no early, remind_every: leave them out; nothing was changed"),
    ])
    const refused = "the server is one of Healthchecks, which has no"
    expect((await run("checks", "update", "kept", ...early))[2]).toContain(`${refused} early`)
    expect((await run("checks", "update", "kept", ...restart))[2]).toContain(`${refused} --restart`)
    expect(there.asked.slice(from).filter((asked) => asked.startsWith("POST"))).toEqual([])
    const same = await run("checks", "update", "kept", "--early", "0s", "--no-arm")
    expect(same.slice(0, 2)).toEqual([0, "kept: unchanged\n"])
  })
})

describe("a project of Healthchecks as a file", () => {
  const file = [
    "channels:\n  - {name: ops, kind: email}\nchecks:",
    "  - {slug: one, name: One, schedule: 0 3 * * *, tz: Europe/Riga, grace: 10m, channels: [ops]}",
    "  - {slug: two, timeout: 1h, tags: [a, b], methods: POST, filter_http_body: true, failure_kw: bad}",
  ].join("\n")

  it("is applied, and then there is nothing more to do; exported, and the export changes nothing", async () => {
    const { outcome, changes } = await apply(file)
    const note = containing("expects nothing of a new check before its first ping")
    expect(outcome).toEqual([0, containing("made 2 changes"), note])
    expect(changes).toHaveLength(2)
    expect((await apply(file)).outcome).toEqual([0, "Nothing to change: 3 unchanged\n", ""])
    for (const flags of [[], ["--ids"]]) {
      const [, before] = await run("export", ...flags)
      const { outcome, changes } = await apply(String(before), "--prune")
      expect([outcome[0], outcome[1], changes]).toEqual([0, containing("Nothing to change"), []])
      expect((await run("export", ...flags))[1]).toBe(before)
    }
    const updated = await apply(file.replace("10m", "20m"))
    expect(updated.outcome).toEqual([0, containing("10m → 20m"), ""])
    expect((await checksOf("one"))[0]).toMatchObject({ grace: 1200 })
  })

  const refused: readonly (readonly [string, string, string])[] = [
    [
      "a field that it does not have",
      "{slug: z, early: 5m, after: db}",
      'check "z": Healthchecks has no early, after: leave them out',
    ],
    ["a length below its bounds", "{slug: z, timeout: 10s}", 'check "z": timeout is too small'],
    [
      "a schedule that only Overdue reads",
      "{slug: z, schedule: never}",
      "Healthchecks reads one cron line or OnCalendar expression",
    ],
    [
      "methods that it does not tell apart",
      "{slug: z, methods: [GET, HEAD]}",
      "methods has unexpected value",
    ],
    [
      "an id, which it does not keep",
      "{id: 0a1b2c3d-0001-4000-8000-000000000001, slug: z}",
      "gives a new check an id and a badge of its own: leave id out",
    ],
  ]
  it.each(refused)(
    "is refused before the first change for %s, as often as it is tried",
    async (_, check, why) => {
      for (const _ of ["once", "again"]) {
        const { outcome, changes } = await apply(`checks:\n  - {slug: a}\n  - ${check}`)
        const heading = "the server, which is one of Healthchecks, would refuse:"
        expect(outcome).toEqual([1, "", containing(heading)])
        expect([outcome[2], changes]).toEqual([containing(why), []])
      }
    },
  )

  it("is refused for channels, which only the pages of Healthchecks change", async () => {
    const added = await apply("channels:\n  - {name: new, kind: webhook, value: {}}")
    expect(added.outcome).toEqual([
      1,
      "",
      containing('channel "new": the API of Healthchecks adds no channels'),
    ])
    const removed = await apply("checks:\n  - {slug: one}", "--prune")
    expect(removed.outcome[2]).toContain('channel "ops": the API of Healthchecks removes no channels')
    expect([...added.changes, ...removed.changes]).toEqual([])
  })

  it("is refused for what an existing check cannot become", async () => {
    const { outcome, changes } = await apply("checks:\n  - {slug: one, early: 5m}")
    expect([outcome[0], outcome[2], changes]).toEqual([1, containing("Healthchecks has no early"), []])
  })
})

describe("what Healthchecks does not have", () => {
  const one = "the server is one of Healthchecks, "
  it.each([
    ["snooze job 2h", `${one}which cannot keep alerts back: pause the check`],
    ["snooze job made 2h", `${one}which cannot keep alerts back: pause the check`],
    ["snooze --all 2h", `${one}which cannot keep alerts back: pause the check`],
    ["unsnooze --tag a", `${one}which cannot keep alerts back: pause the check`],
    ["report", `${one}which keeps no statistics: \`overdue events --since 30d\``],
    ["alerts list", `${one}whose API does not tell what became of alerts: its pages do`],
    ["alerts retry abcd", `${one}whose API does not tell what became of alerts: its pages do`],
    ["channels add webhook x --value {}", `${one}whose API only lists channels: add, change`],
    ["channels test ops", `${one}whose API only lists channels: add, change`],
    ["channels update ops --no-up", `${one}whose API only lists channels: add, change`],
    ["channels remove ops --yes", `${one}whose API only lists channels: add, change`],
    ["channels list --project x", `${one}whose API does not tell the project of a key`],
    [`projects list --admin-key ${"a".repeat(32)}`, "there, projects and keys are managed on its pages"],
    [`keys list --project x --admin-key ${"a".repeat(32)}`, "projects and keys are managed on its pages"],
  ])("is refused in a sentence: %s", async (words, sentence) => {
    const [code, stdout, stderr] = await run(...words.split(" "))
    expect([code, stdout, stderr]).toEqual([1, "", containing(sentence)])
    expect(stderr).not.toMatch(/\n +at /)
  })

  it("is left out of the list of its channels", async () => {
    const [code, stdout] = await run("channels", "list")
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\nops +email +– +– +– +\d+ /)])
  })
})
