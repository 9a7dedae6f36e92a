import { stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import * as PastDatabase from "../PastDatabase.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import * as Receiver from "../../../../test/kit/Receiver.ts"

/** A folder with a database that holds the projects, and nothing that serves from it. */
const open = async (...projects: readonly string[]) => {
  const overdue = await Overdue.make()
  for (const name of projects) await PastDatabase.write(join(overdue.folder, "overdue.db"), name, [])
  return overdue
}

/** A server on the same database, until the test ends. */
const serve = async (overdue: Overdue.Overdue, environment: Readonly<Record<string, string>> = {}) => {
  const running = overdue.start(["serve", "--port", "0"], environment)
  let said = ""
  running.child.stdout.on("data", (text: string) => (said += text))
  await running.printed(/listening on/)
  const url = /http:\S+/.exec(said)![0]
  return {
    status: async (key: string) =>
      (await fetch(`${url}/api/v3/checks/`, { headers: { "x-api-key": key } })).status,
    [Symbol.asyncDispose]: async () => {
      running.child.kill("SIGTERM")
      await running.ended
    },
  }
}

const parsed = async (ended: Promise<Overdue.Ended>) => JSON.parse((await ended).stdout)

describe("overdue projects", () => {
  it("makes a project whose keys open a server that runs on the same file", async () => {
    await using overdue = await open()
    await using server = await serve(overdue)
    const made = await parsed(overdue.run(["projects", "create", "staging", "--check-limit", "7", "--json"]))
    expect(made).toMatchObject({ name: "staging", checkLimit: 7, pingLogLimit: 100 })
    expect([await server.status(made.apiKey), await server.status(made.apiKeyReadOnly)]).toEqual([200, 200])
    const { stdout } = await overdue.run(["projects", "list"])
    expect(stdout.split("\n")[0]).toMatch(/^NAME +CHECKS +CHANNELS +API KEYS +PING KEY +CREATED \(UTC\) +ID$/)
    expect(stdout).toMatch(/^staging +0 of 7 +0 +2 +\S{4}… +\d{4}-\d\d-\d\d \d\d:\d\d +\S{36}$/m)
    expect(stdout).not.toContain(made.pingKey)
    const listed = await parsed(overdue.run(["projects", "list", "--show-ping-keys", "--json"]))
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(["default", "staging"])
    expect(listed[1]).toMatchObject({ pingKey: made.pingKey, createdAt: expect.stringMatching(/Z$/) })
  })

  it.each([
    [["create"], 2, "name the project by a name of its own"],
    [["create", "a", "b"], 2, 'unexpected argument "b": this command takes one project'],
    [["create", "home"], 1, 'there is a project "home" already'],
    [["create", " x"], 2, "the name of a project is one line, without blanks before and after it"],
    [["create", "a\u0007b"], 2, "the name of a project is one line"],
    [["create", "x", "--check-limit", "0"], 2, "--check-limit is a whole number"],
    [["list", "all"], 2, "this command takes flags only"],
    [["list", "--database", "mysql://root:hunter2@host/x"], 2, "--database is sqlite:FILE"],
    [["list", "--database", "sqlite://root:hunter2@host/x"], 2, "--database is sqlite:FILE"],
    [
      ["list", "--database", "postgres:root:hunt/er2@host?password=hunter2"],
      2,
      "is not of the form postgres://",
    ],
    [["list", "--database", "sqlite:FILE:x.db"], 2, "--database is sqlite:FILE"],
  ])("refuses %j with %i: %s", async (args, expected, sentence) => {
    await using overdue = await open("home")
    const { code, stderr } = await overdue.run(["projects", ...args])
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain("hunter2")
    expect(code).toBe(expected)
  })

  it("makes no database, and says what to do without one", async () => {
    await using overdue = await open()
    const { code, stderr } = await overdue.run(["projects", "list"])
    expect([code, stderr]).toEqual([1, expect.stringContaining("there is no database in ./overdue.db")])
    await expect(stat(join(overdue.folder, "overdue.db"))).rejects.toMatchObject({ code: "ENOENT" })
  })

  it("says what is wrong with a file that is no database", async () => {
    await using overdue = await open()
    await writeFile(join(overdue.folder, "notes.db"), "this is no database".repeat(100))
    const { code, stderr } = await overdue.run(["projects", "list", "--database", "sqlite:notes.db"])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^overdue projects list: .*notes\.db/)])
    expect(stderr).not.toMatch(/ {4}at /)
  })
})

describe("overdue keys", () => {
  it("makes, replaces and revokes keys, and a server on the same file follows at once", async () => {
    await using overdue = await open()
    await using server = await serve(overdue)
    const first = (await overdue.run(["keys", "create"])).stdout.trim()
    expect(first).toMatch(/^hcw_\w{28}$/)
    expect(await server.status(first)).toBe(200)
    const second = (await overdue.run(["keys", "rotate", first.slice(0, 8), "--yes"])).stdout.trim()
    expect([await server.status(first), await server.status(second)]).toEqual([401, 200])
    const revoked = await overdue.run(["keys", "revoke", second, "--yes"])
    expect(revoked.stdout).toBe(`revoked ${second.slice(0, 8)}…\n`)
    expect(await server.status(second)).toBe(401)
  })

  it("lists keys without anything that opens", async () => {
    await using overdue = await open("home")
    const made = await parsed(overdue.run(["keys", "create", "--read-only", "--json"]))
    expect(made).toMatchObject({ access: "read-only", hint: made.key.slice(0, 8) })
    const { stdout } = await overdue.run(["keys", "list"])
    expect(stdout).toMatch(/^KEY +ACCESS +CREATED \(UTC\) +ID\n(hcr_\w{4})… +read-only +\S+ \S+ +\S{12}\n$/)
    expect(stdout).not.toContain(made.key)
    const listed = (await overdue.run(["keys", "list", "--json"])).stdout
    expect(JSON.parse(listed)).toEqual([
      { id: made.id, access: "read-only", hint: made.hint, label: "", createdAt: made.createdAt },
    ])
  })

  it("uses the secret of the environment, and makes no other one when that is what the server has", async () => {
    await using overdue = await open("home")
    const secret = { OVERDUE_SECRET: "a secret that is long enough" }
    const key = (await overdue.run(["keys", "create"], secret)).stdout.trim()
    await using server = await serve(overdue, secret)
    expect(await server.status(key)).toBe(200)
    const { code, stderr } = await overdue.run(["keys", "create"])
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("set OVERDUE_SECRET to the value that the server has"),
    ])
    await expect(stat(join(overdue.folder, "overdue.db.secret"))).rejects.toMatchObject({ code: "ENOENT" })
  })

  it("revokes a key once that is named twice", async () => {
    await using overdue = await open("home")
    const key = (await overdue.run(["keys", "create", "--label", "laptop"])).stdout.trim()
    const { code, stdout } = await overdue.run(["keys", "revoke", "laptop", key, "--yes"])
    expect([code, stdout]).toEqual([0, `revoked ${key.slice(0, 8)}…\n`])
  })

  it("asks which project when there are several, and takes its name or id", async () => {
    await using overdue = await open("home", "work")
    const { code, stderr } = await overdue.run(["keys", "list"])
    expect([code, stderr]).toEqual([
      1,
      "overdue keys list: the database has several projects; choose one with --project: home, work\n",
    ])
    expect((await overdue.run(["keys", "list", "--project", "work"])).stdout).toBe("no keys\n")
    const [{ id }] = await parsed(overdue.run(["projects", "list", "--json"]))
    expect((await overdue.run(["keys", "list", "--project", id])).stdout).toBe("no keys\n")
  })

  it.each([
    [["revoke"], 2, "name at least one key"],
    [["revoke", "hcw_none", "--yes"], 1, 'there is no key "hcw_none"'],
    [["rotate", "a", "b", "--yes"], 2, "this command takes one key"],
    [["create", "admin"], 2, "this command takes flags only"],
  ])("refuses %j with %i: %s", async (args, expected, sentence) => {
    await using overdue = await open("home")
    const { code, stderr } = await overdue.run(["keys", ...args])
    expect([code, stderr]).toEqual([expected, expect.stringContaining(sentence)])
  })

  it("revokes nothing unless it is told to, and nothing at all when one of several is not there", async () => {
    await using overdue = await open("home")
    const key = (await overdue.run(["keys", "create"])).stdout.trim()
    expect((await overdue.run(["keys", "revoke", key])).stderr).toContain(
      "this needs a confirmation, and standard input is no terminal: add --yes",
    )
    expect((await overdue.run(["keys", "revoke", key, "hcw_none", "--yes"])).code).toBe(1)
    expect(await parsed(overdue.run(["keys", "list", "--json"]))).toHaveLength(1)
  })
})

describe("overdue channels", () => {
  it("adds a channel, lists it without its secret, tells it, and removes it", async () => {
    await using overdue = await open("home")
    await using receiver = await Receiver.listen(Receiver.status(200))
    const value = JSON.stringify({ url_down: `${receiver.url}/hook?token=hunter2` })
    expect((await overdue.run(["channels", "add", "webhook", "ops", "--value", value])).stdout).toMatch(
      /^added ops\n {2}id {2}\S{36}\n$/,
    )
    const listed = await overdue.run(["channels", "list"])
    expect(listed.stdout).toMatch(
      /^NAME +KIND +STATE +WAITING +LAST TOLD +CHECKS +ID\nops +webhook +works +– +never +0 /,
    )
    const json = await overdue.run(["channels", "list", "--json"])
    expect(listed.stdout + json.stdout).not.toContain("hunter2")
    expect(JSON.parse(json.stdout)[0]).toMatchObject({
      name: "ops",
      kind: "webhook",
      disabled: null,
      failing_since: null,
      waiting: 0,
      checks: 0,
    })
    const told = await overdue.run(["channels", "test", "ops", "--allow-private-targets"])
    const heard = receiver.received.map(({ method, url }) => `${method} ${url}`)
    expect([told.code, told.stdout, heard]).toEqual([
      0,
      "ops: the test alert was delivered\n",
      ["GET /hook?token=hunter2"],
    ])
    expect((await overdue.run(["channels", "remove", "ops", "--yes"])).stdout).toBe("removed ops\n")
    expect((await overdue.run(["channels", "list"])).stdout).toBe("no channels\n")
  })

  it("says whether an update has changed anything", async () => {
    await using overdue = await open("home")
    const value = JSON.stringify({ url_down: "http://127.0.0.1/" })
    await overdue.run(["channels", "add", "webhook", "ops", "--value", value])
    const update = async (...words: readonly string[]) =>
      (await overdue.run(["channels", "update", "ops", ...words])).stdout
    expect(await update("--name", "ops")).toBe("ops is as it was\n")
    expect(await update("--no-up")).toBe("changed ops\n")
    expect(await update("--no-up")).toBe("ops is as it was\n")
    expect(await update("--up")).toBe("changed ops\n")
    expect(await update("--up", "--quiet", "[]")).toBe("ops is as it was\n")
    expect(await update("--value", value)).toBe("changed ops\n")
  })

  it.each([
    ["list", "--check", "nosuch"],
    ["list", "--channel", "nosuch"],
    ["retry", "--check", "nosuch", "--yes"],
    ["drop", "--channel", "nosuch", "--yes"],
  ])("finds no alerts of what there is not: %s %s", async (...words) => {
    await using overdue = await open("home")
    const { code, stdout, stderr } = await overdue.run(["alerts", ...words])
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringMatching(/no such (check|channel): nosuch/)])
  })

  it("adds a channel that is told less, and refuses hours that are none", async () => {
    await using overdue = await open("home")
    const add = (...flags: readonly string[]) =>
      overdue.run([
        "channels",
        "add",
        "webhook",
        "ops",
        "--value",
        '{"url_down":"https://a.example"}',
        ...flags,
      ])
    const hours = '[{"schedule": "0 22 * * *", "tz": "Europe/Riga", "duration": "8h"}]'
    const added = await parsed(add("--no-up", "--quiet", hours, "--json"))
    expect(added).toMatchObject({ up: false, quiet: [{ schedule: "0 22 * * *", duration: 28_800 }] })
    expect(Object.keys(added).toSorted()).toEqual(["id", "kind", "name", "quiet", "up"])
    for (const wrong of ["night", '[{"schedule": "0 22 * * *", "duration": "1s"}]', "{}"]) {
      const { code, stderr } = await add("--quiet", wrong)
      expect([wrong, code, stderr]).toEqual([wrong, 2, expect.stringContaining("--quiet is a list of")])
    }
    const { stderr } = await add("--quiet", '[{"from": "2026-02-30", "to": "2026-03-02"}]')
    expect(stderr).toContain("quiet[0].from is not an instant such as 2026-12-24T22:00:00Z")
    const zoned = await add("--quiet", '[{"schedule": "0 22 * * *", "duration": "8h", "zone": "Asia/Tokyo"}]')
    expect([zoned.code, zoned.stderr]).toEqual([2, expect.stringContaining("its time zone is called tz")])
    const late = await add("--quiet", '[{"schedule": "0 25 * * *", "duration": "8h"}]')
    expect(late.stderr).toContain('expression: hour: "25"')
  })

  it("says why a channel cannot be told, and exits with 1", async () => {
    await using overdue = await open("home")
    await using receiver = await Receiver.listen(Receiver.status(503))
    const value = JSON.stringify({ url_down: `${receiver.url}/hook?token=hunter2` })
    await overdue.run(["channels", "add", "webhook", "ops", "--value", value])
    const refused = await overdue.run(["channels", "test", "ops"])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("private address")])
    const failed = await overdue.run(["channels", "test", "ops", "--allow-private-targets", "--json"])
    expect([failed.code, JSON.parse(failed.stdout)]).toEqual([
      1,
      { result: "failed", why: "the target answered with status 503" },
    ])
  })

  it("says of a channel that is told nothing of outages why nothing was sent", async () => {
    await using overdue = await open("home")
    await overdue.run(["channels", "add", "webhook", "ops", "--value", '{"url_up": "http://127.0.0.1/"}'])
    const tested = await overdue.run(["channels", "test", "ops"])
    const why = "the channel has no url_down, so it is told nothing of checks that are down"
    expect([tested.code, tested.stdout]).toEqual([0, `ops: nothing was sent: ${why}\n`])
  })

  it("has no alerts to send again, and says so to programs as a list", async () => {
    await using overdue = await open("home")
    await overdue.run(["channels", "add", "webhook", "ops", "--value", '{"url_down": "http://127.0.0.1/"}'])
    const retry = ["alerts", "retry", "--channel", "ops", "--yes"]
    expect((await overdue.run(retry)).stdout).toBe("no alerts to send again\n")
    expect(await parsed(overdue.run([...retry, "--json"]))).toEqual([])
  })

  it("reads a value from a file or from standard input", async () => {
    await using overdue = await open("home")
    const value = '{"url_up":"https://up.example.org"}'
    await writeFile(join(overdue.folder, "value.json"), value)
    expect((await overdue.run(["channels", "add", "webhook", "a", "--value", "@value.json"])).code).toBe(0)
    const { child, ended } = overdue.start(["channels", "add", "webhook", "b", "--value", "@-", "--json"])
    child.stdin.end(value)
    expect(await parsed(ended)).toMatchObject({ name: "b", kind: "webhook" })
    expect(await parsed(overdue.run(["channels", "list", "--json"]))).toHaveLength(2)
  })

  it.each([
    [["add", "webhook"], 2, "name the kind of the channel and the channel"],
    [["add", "webhook", "", "--value", "{}"], 2, "the name of a channel is empty"],
    [["add", "webhook", "x"], 2, "the channel needs its settings: add --value JSON"],
    [
      ["add", "webhook", "x", "--value", "{hunter2"],
      2,
      "--value is not JSON from character 2 on: expected a name in double quotes, or }",
    ],
    [["add", "webhook", "x", "--value", "@none"], 1, "none cannot be read (ENOENT)"],
    [["add", "pigeon", "x", "--value", "{}"], 1, "kind: expected"],
    [["add", "webhook", "a,b", "--value", "{}"], 1, "name: expected a name without commas"],
    [
      ["add", "webhook", "x", "--value", "{}", "--quiet", '[{"every": "1d", "duration": "1d"}]'],
      1,
      "quiet: expected windows that leave some time",
    ],
    [["add", "webhook", "x", "--value", '{"url_down":"hunter2"}'], 1, "url_down: expected"],
    [["test", "nobody"], 1, 'there is no channel "nobody"'],
    [["remove", "--yes"], 2, "name at least one channel"],
  ])("refuses %j with %i: %s", async (args, expected, sentence) => {
    await using overdue = await open("home")
    const { code, stderr } = await overdue.run(["channels", ...args])
    expect([code, stderr]).toEqual([expected, expect.stringContaining(sentence)])
    expect(stderr).not.toContain("hunter2")
  })
})

describe("the commands on a database", () => {
  it.each([
    ["projects", ["list", "create"]],
    ["keys", ["list", "create", "rotate", "revoke"]],
    ["channels", ["list", "add", "update", "test", "remove"]],
    ["alerts", ["list", "show", "retry", "drop"]],
  ])("tell a newcomer what %s takes", async (group, words) => {
    await using overdue = await open()
    const { stdout } = await overdue.run([group, "--help"])
    for (const word of words) {
      expect(stdout).toContain(`\n  ${word} `)
      const page = await overdue.run([group, word, "--help"])
      expect([page.code, page.stdout]).toEqual([0, expect.stringContaining("--database URL")])
    }
  })
})
