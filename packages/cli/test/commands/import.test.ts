import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { keys } from "../../../../test/kit/Keys.ts"
import * as Overdue from "../../../../test/kit/Overdue.ts"
import { OverdueServer } from "../../../../test/kit/OverdueServer.ts"
import { listen, type Answers } from "../../../../test/kit/Receiver.ts"
import { key, PlayedHealthchecks, recorded, uuid, type Played } from "./PlayedHealthchecks.ts"

/** A new server to move into, and the command. */
const open = async () => {
  const overdue = await Overdue.make()
  const server = await OverdueServer.start(overdue.folder)
  return {
    overdue,
    server,
    move: (from: { readonly url: string }, ...args: readonly string[]) =>
      overdue.run(["import", "healthchecks", "--url", from.url, "--key", key, ...args], {
        OVERDUE_URL: server.url,
        OVERDUE_API_KEY: keys.readWrite,
      }),
    checks: async () => {
      const { json } = await server.api("GET", "/api/v3/checks/")
      return json["checks"] as readonly Readonly<Record<string, unknown>>[]
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await overdue[Symbol.asyncDispose]()
    },
  }
}

const simple = { name: "Nightly", slug: "nightly", tags: "a b", grace: 300, timeout: 600, status: "up" }

const withIds = (n: number, document: object = simple) => ({
  ...document,
  uuid: uuid(n),
  ping_url: `https://hc.example.org/ping/${uuid(n)}`,
})

describe("moving in from a Healthchecks", () => {
  it("keeps every setting, id and badge of all kinds of checks that were recorded of one", async () => {
    await using house = await open()
    const documents = recorded()
    expect(documents.length).toBeGreaterThan(200)
    const badges = { "*": { svg: "https://hc.example.org/badge/0ldbadgekey/abcdefgh-2.svg" } }
    await using old = await PlayedHealthchecks.open({ checks: documents, channels: [], badges })
    const moved = await house.move(old, "--yes", "--ping-key", "0ldpingkey")
    expect([moved.code, moved.stderr]).toEqual([0, ""])
    expect(moved.stdout).toContain(`made ${documents.length + 2} changes`)
    const checks = await house.checks()
    const own = /url$|^n_pings$|_ping$|^status$|^started$|^last_duration$|^channels$|^armed$|^silenced/
    const settings = (document: object) =>
      Object.fromEntries(
        Object.entries(document).filter(([name, value]) => !own.test(name) && value !== undefined),
      )
    expect(checks.map(settings)).toEqual(documents.map(settings))
    expect(checks.map(({ badge_url }) => String(badge_url).replace(/.*\/b/, ""))).toEqual(
      documents.map(({ badge_url }) => String(badge_url).replace(/.*\/b/, "")),
    )
    const paused = (all: readonly Readonly<Record<string, unknown>>[]) =>
      all.filter(({ status }) => status === "paused").map(({ uuid }) => uuid)
    expect(paused(checks)).toEqual(paused(documents))
    expect(paused(checks).length).toBeGreaterThan(0)
    for (const path of [`/ping/${uuid(7)}`, `/ping/${uuid(7)}/start`])
      expect((await fetch(house.server.url + path)).status).toBe(200)
    const project = (await house.server.api("GET", "/api/v3/project/")).json
    expect(project).toMatchObject({ ping_key: "0ldpingkey", badge_key: "0ldbadgekey" })
    const again = await house.move(old, "--yes", "--ping-key", "0ldpingkey")
    expect([again.code, again.stdout]).toEqual([
      0,
      expect.stringContaining(`0 changes to make, ${documents.length} checks unchanged`),
    ])
    expect(await house.checks()).toHaveLength(documents.length)
  }, 60_000)

  it("shows what it would do with --plan, and does nothing", async () => {
    await using house = await open()
    await using old = await PlayedHealthchecks.open({ checks: [withIds(1)] })
    const { code, stdout } = await house.move(old, "--plan")
    expect(stdout).toContain(`+ check "Nightly"  ${uuid(1)}`)
    expect(stdout).toContain("1 change to make")
    expect([code, await house.checks()]).toEqual([3, []])
    const unsaid = await house.move(old)
    expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining("add --yes")])
    expect(await house.checks()).toEqual([])
  })

  it("expects a check that was heard of there, so that a job that died meanwhile is noticed", async () => {
    await using house = await open()
    const documents = [
      withIds(1),
      withIds(2, { ...simple, status: "new" }),
      withIds(3, { ...simple, status: "paused" }),
    ]
    await using old = await PlayedHealthchecks.open({ checks: documents })
    await house.move(old, "--yes")
    expect((await house.checks()).map(({ armed, status }) => [armed, status])).toEqual([
      [true, "new"],
      [undefined, "new"],
      [undefined, "paused"],
    ])
    await using other = await open()
    await other.move(old, "--yes", "--no-arm")
    expect((await other.checks()).map(({ armed }) => armed)).toEqual([undefined, undefined, undefined])
  })

  it("follows what was changed there since", async () => {
    await using house = await open()
    await using old = await PlayedHealthchecks.open({ checks: [withIds(1), withIds(2)] })
    await house.move(old, "--yes")
    await using since = await PlayedHealthchecks.open({
      checks: [withIds(1), withIds(2, { ...simple, name: "Renamed", grace: 60 })],
    })
    const { stdout } = await house.move(since, "--yes")
    expect(stdout).toContain(`~ check "Renamed"  ${uuid(2)}  grace, name`)
    expect((await house.checks()).map(({ name, grace }) => [name, grace])).toEqual([
      ["Nightly", 300],
      ["Renamed", 60],
    ])
  })

  it("follows a pause there, until the jobs ping here", async () => {
    await using house = await open()
    await using old = await PlayedHealthchecks.open({ checks: [withIds(1), withIds(2)] })
    await house.move(old, "--yes")
    await fetch(`${house.server.url}/ping/${uuid(2)}`)
    const paused = { ...simple, status: "paused" }
    await using since = await PlayedHealthchecks.open({ checks: [withIds(1, paused), withIds(2, paused)] })
    expect((await house.move(since, "--yes")).stdout).toContain(`~ check "Nightly"  ${uuid(1)}  paused`)
    expect((await house.checks()).map(({ status }) => status)).toEqual(["paused", "up"])
    expect((await house.move(since, "--yes")).stdout).toContain("0 changes to make")
  })

  it("says which channels stay behind, and assigns those that were added here", async () => {
    await using house = await open()
    const channels = [
      { id: uuid(1, "c"), name: "ops", kind: "webhook" },
      { id: uuid(2, "c"), name: "boss", kind: "sms" },
    ]
    const checks = [withIds(1, { ...simple, channels: `${uuid(1, "c")},${uuid(2, "c")}` })]
    await using old = await PlayedHealthchecks.open({ checks, channels })
    const first = await house.move(old, "--yes")
    expect(first.stdout).toMatch(/the channel "ops" \(webhook\), which 1 of the checks tell/)
    expect(first.stdout).toMatch(/the channel "boss" \(sms\)/)
    const value = { url_down: "http://127.0.0.1:9/" }
    const { json } = await house.server.api("POST", "/api/v3/channels/", {
      name: "ops",
      kind: "webhook",
      value,
    })
    expect((await house.move(old, "--yes")).stdout).not.toContain('"ops"')
    expect((await house.checks())[0]).toMatchObject({ channels: json["id"] })
    expect((await house.move(old, "--yes")).stdout).toContain("0 changes to make, 1 check unchanged")
  })

  it("goes on after a check that is refused, says which, and ends with 1", async () => {
    await using house = await open()
    const documents = [withIds(1, { ...simple, schedule: "* * * * * */30", tz: "UTC" }), withIds(2)]
    await using old = await PlayedHealthchecks.open({ checks: documents })
    const { code, stderr } = await house.move(old, "--yes")
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/create check "Nightly": the server answered 400/),
    ])
    expect((await house.checks()).map(({ uuid }) => uuid)).toEqual([uuid(2)])
  })

  it("stops at the limit of the project, and says so", async () => {
    await using house = await open()
    const checks = Array.from({ length: 5 }, (_, n) => withIds(n))
    await using old = await PlayedHealthchecks.open({ checks })
    const environment = { OVERDUE_DATABASE: `sqlite:${house.overdue.folder}/overdue.db` }
    await house.overdue.run(["projects", "set", "default", "--check-limit", "3"], environment)
    const { code, stderr } = await house.move(old, "--yes")
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("check limit reached: the project has its 3 checks"),
    ])
    expect(stderr).toContain("1 further change: not tried; import again")
    await house.overdue.run(["projects", "set", "default", "--check-limit", "9"], environment)
    expect((await house.move(old, "--yes")).code).toBe(0)
    expect(await house.checks()).toHaveLength(5)
  })
})

describe("an old server", () => {
  it.each([1, 2] as const)("of version %i of the API is read by its addresses", async (version) => {
    await using house = await open()
    const ofOld = {
      name: "Old",
      tags: "",
      grace: 3600,
      n_pings: 1,
      status: "started",
      ping_url: `https://hc.example.org/ping/${uuid(1)}`,
      update_url: `https://hc.example.org/api/v1/checks/${uuid(1)}`,
      schedule: "0 3 * * *",
      tz: "Europe/Kiev",
    }
    await using old = await PlayedHealthchecks.open({ checks: [ofOld], version })
    const { code, stdout } = await house.move(old, "--yes")
    expect(code).toBe(0)
    expect(stdout).toContain("the badges of single checks: the server does not tell their addresses")
    expect(stdout).toContain("the channels: the server does not tell them")
    expect((await house.checks())[0]).toMatchObject({
      uuid: uuid(1),
      tz: "Europe/Kyiv",
      schedule: "0 3 * * *",
    })
    expect((await house.move(old, "--yes")).stdout).toContain("0 changes to make")
  })
})

describe("checks without an id", () => {
  it("stay behind by name when others have one, and say that the key may only read when none has", async () => {
    await using house = await open()
    const nameless = { ...simple, name: "Lost", unique_key: "a".repeat(40) }
    await using old = await PlayedHealthchecks.open({ checks: [withIds(1), nameless] })
    const { code, stdout } = await house.move(old, "--yes")
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('the check "Lost": the server does not tell its id'),
    ])
    expect(await house.checks()).toHaveLength(1)
    await using blind = await PlayedHealthchecks.open({ checks: [nameless] })
    expect((await house.move(blind, "--yes")).stderr).toContain(
      "the key shows no ids of checks, so it may only read",
    )
  })
})

describe("a server that is in the way", () => {
  const busy: readonly (readonly [string, NonNullable<Played["first"]>, RegExp])[] = [
    ["fails at first", [{ status: 500 }, { status: 502 }], /answered 500: busy; trying again in 1s\n.*502/],
    [
      "asks for patience",
      [{ status: 429, headers: { "retry-after": "1" } }],
      /^overdue import healthchecks: 127.*:\d+: the server answered 429: busy; trying again in 1s\n$/,
    ],
    ["leads to another path of itself", [{ status: 301, headers: { location: "/api/v3/checks/" } }], /^$/],
  ]
  it.each(busy)("is read all the same when it %s", async (_, first, said) => {
    await using house = await open()
    await using old = await PlayedHealthchecks.open({ checks: [withIds(1)], first })
    const { code, stderr } = await house.move(old, "--yes")
    expect([code, stderr]).toEqual([0, expect.stringMatching(said)])
    expect(await house.checks()).toHaveLength(1)
  })

  it("does not get the key when another host leads to it", async () => {
    await using house = await open()
    await using thief = await PlayedHealthchecks.open({ checks: [] })
    const location = thief.url.replace("127.0.0.1", "localhost")
    await using old = await PlayedHealthchecks.open({
      checks: [],
      first: [{ status: 302, headers: { location: `${location}/api/v3/checks/` } }],
    })
    const { code, stderr } = await house.move(old, "--yes")
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`it leads to ${location}, where the key was not sent`),
    ])
    expect(thief.asked).toEqual([])
  })

  it("is named when it is no Healthchecks, when the key is wrong, and when nobody answers", async () => {
    await using house = await open()
    await using empty = await PlayedHealthchecks.open({ checks: [], version: 1 })
    const wrongKey = await house.move(empty, "--key", "W".repeat(32))
    expect([wrongKey.code, wrongKey.stderr]).toEqual([
      1,
      expect.stringContaining("--key is an API key of the project there"),
    ])
    const wrongSite = await house.move({ url: `${empty.url}/somewhere` })
    expect([wrongSite.code, wrongSite.stderr]).toEqual([
      1,
      expect.stringContaining("but not as Healthchecks does"),
    ])
    const readOnly = await PlayedHealthchecks.open({ checks: [{ ...simple, unique_key: "0".repeat(40) }] })
    const noIds = await house.move(readOnly)
    expect([noIds.code, noIds.stderr]).toEqual([1, expect.stringContaining("the key shows no ids of checks")])
    await readOnly[Symbol.asyncDispose]()
  })

  it.each([
    [["--key", "x"], "--url is the address of the server to move from"],
    [["--url", "hc.example.org", "--key", "x"], "--url is the address of the server to move from"],
    [["--url", "http://127.0.0.1:9"], "the server to move from needs a key"],
    [["--url", "http://127.0.0.1:9", "--key", "x"], "the server to move to needs a key"],
    [["--url", "http://127.0.0.1:9", "--key", "x", "y"], "unexpected argument"],
    [
      ["--url", "http://127.0.0.1:9", "--key", "x\r", "--api-key", "x"],
      "--key (or HEALTHCHECKS_API_KEY) has a",
    ],
    [
      ["--url", "http://127.0.0.1:9", "--key", "", "--api-key", "x"],
      "--key (or HEALTHCHECKS_API_KEY) is empty",
    ],
    [
      ["--url", "http://127.0.0.1:9", "--key", "x", "--api-key", "x\n"],
      "--api-key (or OVERDUE_API_KEY) has a",
    ],
    [
      ["--url", "http://127.0.0.1:9", "--key", "x", "--api-key", "x", "--to", "hc"],
      "--to (or OVERDUE_URL) is an",
    ],
  ])("is not asked when the command line is wrong: %j", async (args, sentence) => {
    await using overdue = await Overdue.make()
    const { code, stderr } = await overdue.run(["import", "healthchecks", ...args])
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)])
  })
})

/** Answers as a new project of Overdue does that takes one check, and then asks for more patience than anybody has. */
const tiring: Answers = ({ method, url, body }, n) => {
  const lists = { checks: [], channels: [], badge_key: "" }
  if (method === "GET") return url.includes(uuid(1)) ? { status: 404 } : ok(lists)
  return n < 5 ? ok(JSON.parse(body)) : { status: 429, headers: { "Retry-After": "9999" } }
}

const ok = (document: unknown) => ({ status: 200, body: JSON.stringify(document) })

describe("a server to move to", () => {
  it("that is busy for long is left for later, and what was not tried is counted", async () => {
    await using house = await open()
    await using old = await PlayedHealthchecks.open({ checks: [1, 2, 3, 4].map((n) => withIds(n)) })
    await using busy = await listen(tiring)
    const { code, stdout, stderr } = await house.move(old, "--yes", "--to", busy.url)
    expect([code, stdout]).toEqual([1, expect.stringContaining("made 1 change")])
    expect(stderr).toMatch(
      /"Nightly": the server answered 429, and it asks to wait for 2h 46m; import again then/,
    )
    expect(stderr).toContain("2 further changes: not tried; import again")
  })

  it("that is the old one is found out before anything is changed there", async () => {
    await using house = await open()
    await house.server.api("POST", "/api/v3/checks/", { slug: "a" })
    const environment = { OVERDUE_DATABASE: `sqlite:${house.overdue.folder}/overdue.db` }
    const { stdout } = await house.overdue.run(["projects", "create", "second"], environment)
    const [second = ""] = /hcw_\w+/.exec(stdout) ?? []
    const args = ["--key", keys.readWrite, "--api-key", second, "--yes"]
    const { code, stderr } = await house.move(house.server, ...args)
    expect([code, stderr]).toEqual([1, expect.stringContaining("are --url and --to the same server?")])
    const [mine, theirs] = await Promise.all(
      [keys.readWrite, second].map(async (key) => {
        const headers = { "X-Api-Key": key }
        const answer = await fetch(`${house.server.url}/api/v3/project/`, { headers })
        return ((await answer.json()) as { readonly badge_key: string }).badge_key // safe because it is a project
      }),
    )
    expect(mine).not.toBe(theirs)
    const same = await house.move(house.server, "--key", keys.readWrite, "--yes")
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining("0 changes to make, 1 check")])
  })
})

describe("checks that were called anything", () => {
  it("keep their names, which do not control the terminal", async () => {
    await using house = await open()
    const names = ["🦄".repeat(100), "\u001b[31mred\u0007", "\u202eturned", "", "a\nb"]
    const checks = names.map((name, n) => withIds(n, { ...simple, name }))
    await using old = await PlayedHealthchecks.open({ checks })
    const { code, stdout, stderr } = await house.move(old, "--yes")
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/)
    expect((await house.checks()).map(({ name }) => name)).toEqual(names)
    expect((await house.move(old, "--yes")).stdout).toContain("0 changes to make, 5 checks unchanged")
  })
})

describe("moving from one Overdue to another", () => {
  it("keeps what only Overdue has, and the bounds that only Healthchecks sets are none", async () => {
    await using house = await open()
    await using before = await open()
    const fields = { early: 300, alert: { failures: 2, out_of: 3 }, remind_every: 3600, after: "db" }
    await before.server.api("POST", "/api/v3/checks/?defaults=own", { slug: "ours", grace: 30, ...fields })
    await before.server.api("POST", "/api/v3/checks/?defaults=own", {
      slug: "a",
      methods: "GET",
      armed: false,
    })
    await before.server.api("POST", "/api/v3/checks/", { slug: "theirs" })
    const { code, stderr } = await house.move(before.server, "--key", keys.readWrite, "--yes")
    expect([code, stderr]).toEqual([0, ""])
    const own = /url$/
    const settings = (checks: readonly object[]) =>
      checks.map((check) => Object.entries(check).filter(([name]) => !own.test(name)))
    expect(settings(await house.checks())).toEqual(settings(await before.checks()))
    const again = await house.move(before.server, "--key", keys.readWrite, "--yes")
    expect(again.stdout).toContain("0 changes to make, 3 checks unchanged")
  })

  it("keeps ids, badges and the ping key", async () => {
    await using house = await open()
    await using before = await open()
    const made = await before.server.api("POST", "/api/v3/checks/", {
      name: "a",
      slug: "a",
      schedule: "0 3 * * *",
      tz: "Europe/Riga",
    })
    const { code } = await house.move(
      before.server,
      "--key",
      keys.readWrite,
      "--yes",
      "--ping-key",
      keys.ping,
    )
    expect(code).toBe(0)
    const [check] = await house.checks()
    expect(check!["uuid"]).toBe(made.json["uuid"])
    expect((await fetch(`${house.server.url}/ping/${keys.ping}/a`)).status).toBe(200)
    const badge = new URL(String(made.json["badge_url"])).pathname
    expect((await fetch(house.server.url + badge)).status).toBe(200)
  })
})

describe("a project with a server monitor, a threshold on it, and a probe", () => {
  const furnish = async (server: OverdueServer) => {
    const pinghome = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${keys.readWrite}`, "content-type": "application/json" }
      const request = { method: "POST", headers, body: JSON.stringify(body) }
      return (await fetch(`${server.url}/ph${path}`, request)).json()
    }
    const { id: service } = await pinghome("/resource-cmd/v1/service", { name: "s" })
    const monitor = { service_id: service, name: "machine", interval: 60 }
    const { id } = await pinghome("/resource-cmd/v1/server-resource", monitor)
    const own = "/api/v3/checks/?defaults=own"
    await server.api("POST", own, { slug: "hot", probe: `cpu > 90 on ${String(id)}` })
    await server.api("POST", own, { slug: "web", probe: { url: "https://example.org", regions: ["eu"] } })
  }
  const named = (checks: readonly Readonly<Record<string, unknown>>[]) =>
    checks.map(({ name, slug, family }) => `${String(slug || name)}: ${String(family)}`).toSorted()

  it("moves but for the monitor and what watches it, and says what stays", async () => {
    await using house = await open()
    await using before = await open()
    await furnish(before.server)
    expect(named(await before.checks())).toEqual(["hot: probe", "machine: server", "web: probe"])
    const { code, stdout, stderr } = await house.move(before.server, "--key", keys.readWrite, "--yes")
    expect([code, stderr]).toEqual([0, ""])
    expect(stdout).toMatch(/"machine": it is a server monitor, which only the API of Pinghome creates/)
    expect(stdout).toMatch(/"hot": probe: it watches the server monitor .+, which this project does not have/)
    expect(named(await house.checks())).toEqual(["web: probe"])
  })

  it("is exported without the monitor, and applied to itself with --prune it loses nothing", async () => {
    await using house = await open()
    await furnish(house.server)
    const before = named(await house.checks())
    const here = { OVERDUE_URL: house.server.url, OVERDUE_API_KEY: keys.readWrite }
    const { stdout, stderr } = await house.overdue.run(["export"], here)
    expect(stderr).toBe(
      "overdue export: left out: 1 check of a server monitor, which only the API of Pinghome creates; `overdue backup` moves a whole installation\n",
    )
    await writeFile(join(house.overdue.folder, "checks.yaml"), stdout)
    const applied = await house.overdue.run(["apply", "checks.yaml", "--yes", "--prune"], here)
    expect([applied.code, applied.stderr]).toEqual([0, ""])
    expect(named(await house.checks())).toEqual(before)
    const { stderr: narrow, stdout: file } = await house.overdue.run(["export"], {
      ...here,
      OVERDUE_API_KEY: keys.readOnly,
    })
    expect(narrow).toContain("left out: 2 checks with a probe, which a read-only key may not see\n")
    expect(file).toBe("checks: []\n")
  })
})

describe("a project of Healthchecks as a file", () => {
  it("is exported from there with ids, applied here, and applied again without a change", async () => {
    await using house = await open()
    const checks = recorded().slice(0, 30)
    await using old = await PlayedHealthchecks.open({ checks, channels: [] })
    const there = { OVERDUE_URL: old.url, OVERDUE_API_KEY: key }
    const { code, stdout, stderr } = await house.overdue.run(["export", "--ids"], there)
    expect([code, stderr]).toEqual([0, ""])
    await writeFile(join(house.overdue.folder, "checks.yaml"), stdout)
    const here = { OVERDUE_URL: house.server.url, OVERDUE_API_KEY: keys.readWrite }
    const applied = await house.overdue.run(["apply", "checks.yaml", "--yes"], here)
    expect([applied.code, applied.stderr]).toEqual([0, ""])
    const identities = (all: readonly Readonly<Record<string, unknown>>[]) =>
      all.map((check) => [check["uuid"], String(check["badge_url"]).replace(/.*\/b\//, "")])
    const made = identities(await house.checks())
    expect(made).toHaveLength(checks.length)
    expect(made).toEqual(expect.arrayContaining(identities(checks)))
    expect((await house.overdue.run(["apply", "checks.yaml", "--plan"], here)).code).toBe(0)
  })
})
