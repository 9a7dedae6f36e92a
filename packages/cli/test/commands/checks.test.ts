import { connect } from "@overdue/client/management"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import * as Folder from "../../../../test/kit/Folder.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"
import { listen } from "../../../../test/kit/Receiver.ts"

const home = Folder.make()
let overdue: OverdueServer
let cli: Overdue.Overdue
let api: ReturnType<typeof connect>

beforeAll(async () => {
  // It asks nothing by itself: a test claims what is due.
  overdue = await OverdueServer.start(home.path, { args: ["--probes", "0"] })
  api = connect({ baseUrl: overdue.url, apiKey: keys.readWrite })
  cli = await Overdue.make({
    OVERDUE_URL: overdue.url,
    OVERDUE_API_KEY: keys.readWrite,
    OVERDUE_PING_KEY: keys.ping,
  })
})
afterAll(async () => {
  await cli[Symbol.asyncDispose]()
  await overdue.stop()
  home[Symbol.dispose]()
})
beforeEach(async () => {
  for (const { uuid = "" } of await api.checks.list()) await api.checks.delete(uuid)
  for (const { id } of await api.channels.list()) await api.channels.delete(id)
  const value = { method_down: "POST", url_down: "http://127.0.0.1:9" }
  await api.channels.create({ name: "ops", kind: "webhook", value })
})

const readOnly = { OVERDUE_API_KEY: keys.readOnly }

describe("a check whose run has started", () => {
  it("is shown as running, and for how long, in a list and on its page; never as late", async () => {
    const { ping_url = "" } = await api.checks.create({ slug: "job", timeout: 3600, channels: "*" })
    await cli.run(["ping", "--check", ping_url])
    await cli.run(["ping", "--check", ping_url, "start"])
    const list = (await cli.run(["checks", "list"])).stdout
    expect(list).toMatch(/\nup ▸ +job +job +every 1h +\d+s ago +running \d+s +/)
    const page = (await cli.run(["checks", "show", "job"])).stdout
    expect(page).toMatch(/\n {2}run +running \d+s, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n/)
    expect(list + page).not.toContain("late")
  })
})

describe("the target of a check with a probe", () => {
  it("is changed as a URL, which leaves the other parts of the probe as they are, or with them as an object", async () => {
    const given = { every: 10, grace: 60, headers: { "X-A": "1" }, regions: ["eu"] }
    const { uuid = "" } = await api.checks.create({
      slug: "job",
      probe: { url: "https://example.org", ...given },
    })
    await cli.run(["checks", "update", "job", "--probe", "https://example.org/new", "--grace", "2m"])
    expect((await api.checks.get(uuid)).probe).toEqual({
      ...given,
      url: "https://example.org/new",
      grace: 120,
    })
    await cli.run(["checks", "update", "job", "--probe", '{"url": "https://example.org/other"}'])
    expect((await api.checks.get(uuid)).probe).toEqual({ url: "https://example.org/other", every: 60 })
  })
})

describe("a check of whose target nothing can be said", () => {
  it("says so on its page, and why", async () => {
    await api.checks.create({ slug: "job", probe: { url: "https://example.org", regions: ["eu"] } })
    const ask = async (endpoint: string, body: object) => {
      const headers = { "X-Api-Key": keys.readWrite }
      const url = `${overdue.url}/api/v3/probes/${endpoint}`
      return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).json()
    }
    const { turns } = await ask("claim", { region: "eu" })
    const said = { ticket: turns[0].ticket, unjudged: "This machine has no way to any network." }
    expect(await ask("report", { region: "eu", reports: [said] })).toEqual({
      reports: [{ outcome: "taken" }],
    })
    const page = (await cli.run(["checks", "show", "job"])).stdout
    expect(page).toMatch(/\n {2}status +new\n/)
    expect(page).toMatch(
      /\n {2}remark +What was asked at .+ says nothing of the target.+ no way to any network\.\n/,
    )
  })
})

describe("a threshold whose server was deleted", () => {
  it("says so on its page, and has a note on a limit that is never passed when it is made", async () => {
    const ask = async (method: string, path: string, body?: object) => {
      const headers = { Authorization: `Bearer ${keys.readWrite}` }
      const given = body === undefined ? {} : { body: JSON.stringify(body) }
      return (await fetch(`${overdue.url}/ph/resource-cmd/v1/${path}`, { method, headers, ...given })).json()
    }
    const { id: service_id } = await ask("POST", "service", { name: "web" })
    const { id } = await ask("POST", "server-resource", { service_id, name: "web-1" })
    const made = await cli.run(["checks", "create", "--slug", "busy", "--probe", `cpu > 190 on ${id}`])
    expect([made.code, made.stderr]).toEqual([
      0,
      expect.stringMatching(/^note: .+ from 0 to 100, so the limit is never passed\. Choose another one\.\n/),
    ])
    await ask("DELETE", `server-resource/${id}`)
    const page = (await cli.run(["checks", "show", "busy"])).stdout
    expect(page).toMatch(
      /\n {2}remark +The server that it watches was deleted, so nothing will be heard of it/,
    )
    const changed = await cli.run(["checks", "update", "busy", "--probe", `cpu > 90 on ${id}`])
    expect([changed.code, changed.stderr]).toEqual([
      1,
      expect.stringContaining("expected the id of a server"),
    ])
  })
})

describe("a check whose record in the database is damaged", () => {
  it("is missing from what is read and written, and each command says so where it disturbs no program", async () => {
    const note = "note: 1 damaged record left out; the log of the server says which\n"
    for (const slug of ["whole", "damaged"]) await api.checks.create({ slug })
    using editor = new DatabaseSync(join(home.path, "overdue.db"))
    editor.exec("UPDATE checks SET policy = '{' WHERE slug = 'damaged'")
    writeFileSync(join(home.path, "whole.yaml"), "checks:\n  - slug: whole\n    grace: 5m\n")
    for (const command of [["checks", "list"], ["export"], ["report"], ["events"], ["channels", "list"]]) {
      const ran = await cli.run(command)
      expect([command, ran.code, ran.stderr]).toEqual([command, 0, note])
      expect(ran.stdout).not.toMatch(/damaged/)
    }
    const applied = await cli.run(["apply", "--prune", "--yes", join(home.path, "whole.yaml")])
    expect(applied.stderr).toContain(note)
    editor.exec("DELETE FROM checks WHERE slug = 'damaged'")
  })
})

describe("a check that is down", () => {
  it("says since when and why, and not what was odd about the time of its signals", async () => {
    const { ping_url = "" } = await api.checks.create({ slug: "job", schedule: "0 3 * * *", channels: "*" })
    await cli.run(["ping", "--check", ping_url])
    await cli.run(["ping", "--check", ping_url, "fail"])
    const page = (await cli.run(["checks", "show", "job"])).stdout
    expect(page).toMatch(/\n {2}down since +\d{4}-.*Z, for \d+s\n {2}why +The job reported a failure\.\n/)
    expect(page).not.toMatch(/slot|zone that is|remark/)
    expect((await cli.run(["checks", "list"])).stdout).toMatch(
      /\ndown +job .* for \d+s +The job reported a failure\. /,
    )
  })
})

describe("a check that tells nobody", () => {
  const advice = (set: string) =>
    `tells nobody when it goes down: \`overdue checks update ${set} --channels '*'\``

  it("is marked as such where it is made, changed, listed and shown, with what to do", async () => {
    const made = await cli.run(["checks", "create", "--slug", "job"])
    expect([made.code, made.stderr]).toEqual([0, `note: job ${advice("job")}\n`])
    const changed = await cli.run(["checks", "update", "job", "--grace", "5m"])
    expect(changed.stderr).toBe(`note: job ${advice("job")}\n`)
    expect((await cli.run(["checks", "list"])).stdout).toMatch(/TELLS .*\n.* nobody +[0-9a-f-]{36}\n/)
    const page = (await cli.run(["checks", "show", "job"])).stdout
    expect(page).toMatch(/\n {2}tells +nobody\n/)
    expect(page).toContain(`\n  note: job ${advice("job")}\n`)
    expect((await cli.run(["checks", "update", "job", "--channels", "*"])).stderr).toBe("")
    expect((await cli.run(["checks", "show", "job"])).stdout).toMatch(/\n {2}tells +ops\n/)
  })

  it("is told to add a channel where there is none", async () => {
    for (const { id } of await api.channels.list()) await api.channels.delete(id)
    expect((await cli.run(["checks", "create", "--slug", "job"])).stderr).toBe(
      "note: job tells nobody when it goes down: add a channel with `overdue channels add`, then `overdue checks update job --channels '*'`\n",
    )
  })
})

describe("a check that is made without a slug", () => {
  it.each([
    [["--name", "Nightly backup, of all"], "nightly-backup-of-all"],
    [["--name", "夜間"], "SLUG"],
    [[], "SLUG"],
  ])("of %j is said to be pinged by its URL only, and how to give it the slug %s", async (args, slug) => {
    const { code, stderr } = await cli.run(["checks", "create", ...args, "--channels", "*"])
    const [{ uuid } = {}] = await api.checks.list()
    expect([code, stderr]).toEqual([
      0,
      `note: without a slug, the check is pinged by its URL only, not by \`overdue ping --slug\`: \`overdue checks update ${uuid} --slug ${slug}\`\n`,
    ])
  })
})

describe("a check that is made with a slug that another has", () => {
  it("is said not to be pinged by it", async () => {
    const create = ["checks", "create", "--slug", "twin", "--channels", "*"]
    expect(await cli.run(create)).toMatchObject({ code: 0, stderr: "" })
    expect(await cli.run([...create, "--unique", "slug"])).toMatchObject({ code: 0, stderr: "" })
    expect(await cli.run(create)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("another check has the slug twin as well: neither can be pinged by it"),
    })
  })
})

describe("a read-only key", () => {
  beforeEach(async () => {
    const { ping_url = "" } = await api.checks.create({ name: "Backup", slug: "backup", channels: "ops" })
    await cli.run(["ping", "--check", ping_url, "3"])
  })

  it("shows a check, without what it may not see", async () => {
    const { code, stdout, stderr } = await cli.run(["checks", "show", "backup"], readOnly)
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).toMatch(
      /^Backup\n {2}status +down\n {2}down since .*\n {2}why +The job ended with exit status 3/,
    )
    expect(stdout).toContain("\na read-only key does not see pings\n")
    expect(stdout).toMatch(/\nFLIP .*\ndown /)
    expect(stdout).not.toMatch(/ping URL|nobody/)
    const [{ unique_key = "" } = {}] = await connect({
      baseUrl: overdue.url,
      apiKey: keys.readOnly,
    }).checks.list()
    const again = await cli.run(["checks", "show", unique_key.slice(0, 8)], readOnly)
    expect(again.stdout).toMatch(/^Backup\n {2}status +down\n/)
  })

  it("lists checks, and says of none that it tells nobody", async () => {
    const { code, stdout } = await cli.run(["checks", "list"], readOnly)
    expect(code).toBe(0)
    expect(stdout).toMatch(/\ndown +Backup /)
    expect(stdout).not.toMatch(/TELLS|nobody/)
  })

  it("exports the checks, and says what is missing", async () => {
    const { code, stdout, stderr } = await cli.run(["export"], readOnly)
    expect(code).toBe(0)
    expect(stdout).toBe("checks:\n  - name: Backup\n    slug: backup\n")
    expect(stderr).toMatch(/^overdue export: this key is read-only, so the file has no channels, /)
  })

  it.each([["pause"], ["resume"], ["update", "--grace", "5m"], ["delete", "--yes"]])(
    "cannot %s a check, and says that it is read-only",
    async (verb, ...flags) => {
      const { code, stderr } = await cli.run(["checks", verb!, "backup", ...flags], readOnly)
      expect([code, stderr]).toEqual([
        1,
        `overdue checks ${verb}: this key is read-only: to change checks, give a read-write key with --api-key\n`,
      ])
    },
  )
})

describe("changes of several checks", () => {
  beforeEach(async () => {
    for (const slug of ["a", "b", "c"]) {
      await api.checks.create({ slug, tags: slug === "c" ? "web" : "db", channels: "*" })
    }
  })
  const statuses = async () =>
    Object.fromEntries((await api.checks.list()).map(({ slug, status }) => [slug, status]))

  it("are made to all with a tag, which are counted first", async () => {
    const paused = await cli.run(["checks", "pause", "--tag", "db"])
    expect(paused).toMatchObject({
      code: 0,
      stdout: "paused a\npaused b\n",
      stderr: "pausing 2 checks with the tag db\n",
    })
    expect(await statuses()).toEqual({ a: "paused", b: "paused", c: "new" })
    await cli.run(["checks", "resume", "b"])
    // The one that is not paused is no reason to fail.
    const resumed = await cli.run(["checks", "resume", "-t", "db"])
    expect(resumed).toMatchObject({ code: 0, stdout: "resumed a\n" })
    const none = await cli.run(["checks", "resume", "--tag", "db"])
    expect(none).toMatchObject({ code: 1, stdout: "" })
    expect(none.stderr).toContain("2 checks with the tag db, and none that is paused")
    const updated = await cli.run(["checks", "update", "--tag", "db", "--grace", "5m"])
    expect(updated.stdout).toBe("a: changed grace\nb: changed grace\n")
    expect((await api.checks.list()).map(({ grace }) => grace)).toEqual([300, 300, 3600])
  })

  it("are made to all that are named, each once", async () => {
    const { stdout } = await cli.run(["checks", "update", "a", "c", "a", "--grace", "5m"])
    expect(stdout).toBe("a: changed grace\nc: changed grace\n")
  })

  it("say of each check which fields are not as they were", async () => {
    await cli.run(["checks", "update", "a", "--grace", "5m"])
    const again = ["checks", "update", "a", "b", "--grace", "5m", "--desc", ""]
    expect((await cli.run(again)).stdout).toBe("a: unchanged\nb: changed grace\n")
    const json = JSON.parse((await cli.run([...again, "--json"])).stdout)
    expect(json.map(({ slug, grace }: { slug: string; grace: number }) => [slug, grace])).toEqual([
      ["a", 300],
      ["b", 300],
    ])
    await cli.run(["checks", "update", "a", "--schedule", "0 3 * * *", "--tz", "Europe/Riga"])
    const zoned = await cli.run(["checks", "update", "a", "--tz", "Asia/Tokyo"])
    expect(zoned.stdout).toBe("a: changed tz\n")
    expect((await api.checks.list()).map(({ tz }) => tz)).toContain("Asia/Tokyo")
  })

  it("delete only what was agreed to", async () => {
    const asked = await cli.run(["checks", "delete", "--tag", "db"])
    expect(asked).toMatchObject({ code: 2, stdout: "" })
    expect(Object.keys(await statuses())).toEqual(["a", "b", "c"])
    expect(await cli.run(["checks", "delete", "--tag", "db", "--yes"])).toMatchObject({
      code: 0,
      stdout: "deleted a, b\n",
    })
    expect(Object.keys(await statuses())).toEqual(["c"])
  })

  it.each([
    [["pause", "--tag", ""], 2, "--tag is empty: name a tag"],
    [["pause", "--tag", "  "], 2, "--tag is empty"],
    [["delete", "--tag=", "--yes"], 2, "--tag is empty"],
    [["delete", "--tag", "db web", "--yes"], 2, "--tag is one tag, without spaces"],
    [["delete", "a", "--tag", "db", "--yes"], 2, "name checks, or give --tag TAG: one of the two"],
    [["delete", "--yes"], 2, "name at least one check"],
    [["delete", "", "--yes"], 2, "the name of a check is empty"],
    [["delete", "--tag", "nope", "--yes"], 1, "no check has the tag nope"],
    [["delete", "a", "bb", "--yes"], 1, 'there is no check "bb"'],
    [["update", "--tag", "db", "--slug", "x"], 2, "--slug tells one check from the others"],
    [["update", "a", "b", "--name", "x"], 2, "--name tells one check from the others"],
    [["update", "--tag", "db"], 2, "name at least one field to change"],
  ])("%j is refused with %d, and changes nothing", async (args, expected, sentence) => {
    const before = await api.checks.list()
    const { code, stdout, stderr } = await cli.run(["checks", ...args])
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" })
    expect(stderr).toContain(sentence)
    expect(await api.checks.list()).toEqual(before)
  })

  it("say what was done before one of them was refused", async () => {
    const { code, stderr } = await cli.run([
      "checks",
      "update",
      "a",
      "b",
      "c",
      "--min-runtime",
      "30m",
      "--max-runtime",
      "1h",
    ])
    expect([code, stderr]).toEqual([0, ""])
    await api.checks.update((await api.checks.list())[1]!.uuid!, { min_runtime: null, max_runtime: 60 })
    const half = await cli.run(["checks", "update", "a", "b", "c", "--min-runtime", "10m"])
    expect([half.code, half.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^overdue checks update: b: the server answered 400: .* \(1 of 3 checks done: a; the others are as they were\)\n$/,
      ),
    ])
  })
})

describe("a list with --exit-code", () => {
  it("ends with 1 when it has a check, and with 0 when it has none", async () => {
    const { ping_url = "" } = await api.checks.create({ slug: "job", channels: "*" })
    const ask = () => cli.run(["checks", "list", "--status", "down", "--exit-code"])
    expect(await ask()).toMatchObject({ code: 0, stdout: "no checks\n" })
    await cli.run(["ping", "--check", ping_url, "fail"])
    expect((await ask()).code).toBe(1)
    expect((await cli.run(["checks", "list", "--status", "down"])).code).toBe(0)
  })
})

describe("a server that takes no more checks", () => {
  it("is not taken for one that refuses the key by apply, either", async () => {
    await using server = await listen(({ method, url }) =>
      method === "POST"
        ? { status: 403, body: "" }
        : { status: 200, body: url.includes("channels") ? '{"channels": []}' : '{"checks": []}' },
    )
    const path = `${cli.folder}/many.yaml`
    writeFileSync(path, "checks: [{ slug: a }]")
    const { code, stderr } = await cli.run(["apply", path, "--yes", "--url", server.url])
    expect(code).toBe(1)
    expect(stderr).toContain("most likely the project has as many checks as its limit allows")
    expect(stderr).not.toContain("key")
  })

  it.each([
    [
      '{"error": "check limit of 500 reached; raise it"}',
      "the server answered 403: check limit of 500 reached; raise it\n",
    ],
    ["", "most likely the project has as many checks as its limit allows: delete some"],
  ])("that answers %j is not taken for one that refuses the key", async (body, sentence) => {
    await using server = await listen([{ status: 403, body }])
    const { code, stderr } = await cli.run(["checks", "create", "--slug", "x", "--url", server.url])
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain("key")
  })
})
