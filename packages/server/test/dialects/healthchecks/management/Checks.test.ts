/** What requests make of checks, beyond what the recordings of Healthchecks show. */
import { hour, minute } from "@overdue/core/Time"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { type Document, HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const create = async (server: HttpHost, body: unknown, version = 3): Promise<Document> => {
  const answer = await server.ask("POST", `/api/v${version}/checks/`, { body })
  expect(answer.status).toBe(201)
  return answer.json()
}

const update = async (
  server: HttpHost,
  { uuid }: Document,
  body: unknown,
  version = 3,
): Promise<Document> => {
  const answer = await server.ask("POST", `/api/v${version}/checks/${uuid}`, { body })
  expect(answer.status).toBe(200)
  return answer.json()
}

describe("a check without a schedule", () => {
  it("keeps its time zone for the day when it gets one", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { timeout: 3600, tz: "Europe/Kiev" })
    expect(check).not.toHaveProperty("tz")
    await update(server, check, { timeout: 7200 })
    expect(await update(server, check, { schedule: "0 9 * * *" })).toMatchObject({
      schedule: "0 9 * * *",
      tz: "Europe/Kyiv",
    })
    await update(server, check, { timeout: 600 })
    expect(await update(server, check, { schedule: "daily" })).toMatchObject({ tz: "Europe/Kyiv" })
    expect(await update(server, check, { tz: "UTC" })).toMatchObject({ schedule: "daily", tz: "UTC" })
  })

  it("had a timeout before, by which it is still found", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { timeout: 600 })
    const daily = await create(server, { schedule: "daily", timeout: 60 })
    await update(server, check, { schedule: "hourly", timeout: 60 })
    const found = async (timeout: number) => {
      const body = { timeout, schedule: "* * * * *", unique: ["timeout"] }
      const { status, json } = await server.ask("POST", "/api/v3/checks/", { body })
      return status === 200 ? json().uuid : status
    }
    expect([await found(600), await found(86_400)]).toEqual([check.uuid, daily.uuid])
    expect(await found(60)).toBe(201)
  })

  it("is what it was before: a schedule wins over a timeout", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { timeout: 3600, schedule: "* * * * *" })
    expect(check).toMatchObject({ schedule: "* * * * *", tz: "UTC" })
    expect(check).not.toHaveProperty("timeout")
  })
})

describe("an update", () => {
  it("that changes nothing leaves the clock alone", async () => {
    await using server = await HttpHost.open()
    const given = { name: "J", schedule: "0 * * * *", tz: "Europe/Riga", grace: 60, filter_body: true }
    const check = await create(server, given)
    await server.ask("GET", `/ping/${check.uuid}`)
    await server.advance(40 * minute)
    const before = (await server.ask("GET", `/api/v3/checks/${check.uuid}`)).json()
    expect(before.status).toBe("down")
    await update(server, check, { grace: 3600, name: "K" })
    const answer = await server.ask("GET", `/api/v3/checks/${check.uuid}/flips/`)
    const flips = answer.json().flips
    expect(await update(server, check, { ...given, grace: 3600 })).toMatchObject({ status: before.status })
    expect((await server.ask("GET", `/api/v3/checks/${check.uuid}/flips/`)).json().flips).toEqual(flips)
  })

  it("that is refused changes nothing", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "before", channels: "*" })
    for (const body of [
      { name: "after", channels: "nowhere" },
      { name: "after", tz: "Nowhere/Land" },
    ]) {
      expect((await server.ask("POST", `/api/v3/checks/${check.uuid}`, { body })).status).toBe(400)
    }
    expect((await server.ask("GET", `/api/v3/checks/${check.uuid}`)).json().name).toBe("before")
  })

  it("derives the slug from the name in versions 1 and 2, unless it gives one", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "Äpfel & Birnen!" }, 1)
    expect(check.slug).toBe("apfel-birnen")
    expect((await update(server, check, { name: "日本" }, 2)).slug).toBe("")
    expect((await update(server, check, { name: "Foo", slug: "own" }, 2)).slug).toBe("own")
    expect((await update(server, check, { name: "Bar" }, 3)).slug).toBe("own")
    expect((await update(server, check, { name: "ﬃ".repeat(100) }, 1)).slug).toHaveLength(100)
  })
})

describe("a number", () => {
  it.each([
    ["60.0", "timeout is not a number"],
    ["6e2", "timeout is not a number"],
    ['"600"', "timeout is not a number"],
    ["null", "timeout is not a number"],
    ["true", "timeout is too small"],
    ["false", "timeout is too small"],
    ["-0", "timeout is too small"],
    ["100000000000000000000", "timeout is too large"],
    ["1e400", "timeout is not a number"],
  ])("written as %s: %s", async (written, error) => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", "/api/v3/checks/", { body: `{"timeout": ${written}}` })
    expect([answer.status, answer.json()]).toEqual([400, { error: `json validation error: ${error}` }])
  })
})

describe("a text", () => {
  it("is as long as it has characters", async () => {
    await using server = await HttpHost.open()
    expect((await create(server, { name: "🌙".repeat(100) })).name).toBe("🌙".repeat(100))
    const answer = await server.ask("POST", "/api/v3/checks/", { body: { name: "🌙".repeat(101) } })
    expect(answer.json()).toEqual({ error: "json validation error: name is too long" })
  })

  it.each(["a\u0000b", "\ud800"])("that no database keeps is refused: %j", async (desc) => {
    await using server = await HttpHost.open()
    const body = JSON.stringify({ desc })
    const answer = await server.ask("POST", "/api/v3/checks/", { body })
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: "json validation error: desc has unexpected value" },
    ])
  })

  it("of all tags together has 500 characters at most", async () => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", "/api/v3/checks/", { body: { tags: "x".repeat(501) } })
    expect(answer.json()).toEqual({ error: "json validation error: tags is too long" })
  })
})

describe("of several errors", () => {
  it("the one of the alphabetically first field is reported", async () => {
    await using server = await HttpHost.open()
    const body = { unique: 1, timeout: 1, name: 1, grace: 1, desc: 1 }
    const answer = await server.ask("POST", "/api/v3/checks/", { body })
    expect(answer.json()).toEqual({ error: "json validation error: desc is not a string" })
  })
})

describe("unique", () => {
  it("finds the first check that equals the request in all listed fields, and updates it", async () => {
    await using server = await HttpHost.open()
    const first = await create(server, { name: "J", tags: "a b", timeout: 600, grace: 60 })
    await create(server, { name: "J", tags: "a b", timeout: 600, grace: 60 })
    const body = { name: "J", tags: "a b", timeout: 600, grace: 60, desc: "found" }
    const unique = ["name", "tags", "timeout", "grace"]
    const answer = await server.ask("POST", "/api/v3/checks/", { body: { ...body, unique } })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ uuid: first.uuid, desc: "found" })
  })

  it("finds nothing by a field that the request leaves out", async () => {
    await using server = await HttpHost.open()
    await create(server, { name: "J" })
    expect(await create(server, { name: "J", unique: ["name", "slug"] })).toMatchObject({ slug: "" })
  })
})

describe("channels", () => {
  it("are chosen by id or exact name, all of them by *, none by nothing", async () => {
    await using server = await HttpHost.open()
    const add = async (name: string) =>
      (await server.ask("POST", "/api/v3/channels/", { body: { name, kind: "callback" } })).json().id
    const [a, b]: readonly string[] = [await add("A"), await add("B or C")]
    const twice = await add("twice")
    await server.run(
      Effect.gen(function* () {
        // As an earlier version took it.
        const store = yield* Store.Store
        const channel = (yield* store.channel(twice))!
        yield* store.createChannel({ ...channel, id: "00000000-0000-4000-8000-00000000000a" })
      }),
    )
    const check = await create(server, { channels: `A,${b}` })
    expect(check.channels).toBe([a!, b!].sort((x, y) => (x < y ? -1 : 1)).join(","))
    expect((await update(server, check, { channels: "A,A" })).channels).toBe(a)
    expect((await update(server, check, { channels: "*" })).channels.split(",")).toHaveLength(4)
    expect((await update(server, check, { channels: "" })).channels).toBe("")
    for (const [channels, error] of [
      ["a", "invalid channel identifier: a"],
      ["twice", "non-unique channel identifier: twice"],
      ["A,", "empty channel identifier"],
    ]) {
      const answer = await server.ask("POST", `/api/v3/checks/${check.uuid}`, { body: { channels } })
      expect([answer.status, answer.json()]).toEqual([400, { error }])
    }
  })
})

describe("a read-only key", () => {
  it("sees a unique key in place of everything that would let it ping", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "J" })
    const [redacted] = (await server.ask("GET", "/api/v3/checks/", { key: keys.readOnly })).json().checks
    const hidden = ["uuid", "ping_url", "update_url", "pause_url", "resume_url", "channels"]
    const visible = Object.entries(check).filter(([name]) => !hidden.includes(name))
    const uniqueKey = expect.stringMatching(/^[0-9a-f]{40}$/)
    expect(redacted).toEqual({ ...Object.fromEntries(visible), unique_key: uniqueKey })
    expect(JSON.stringify(redacted)).not.toContain(check.uuid)
    for (const key of [keys.readOnly, keys.readWrite]) {
      const found = await server.ask("GET", `/api/v3/checks/${redacted.unique_key}`, { key })
      expect(found.json()).toEqual(key === keys.readOnly ? redacted : check)
    }
    const flips = await server.ask("GET", `/api/v3/checks/${redacted.unique_key}/flips/`, {
      key: keys.readOnly,
    })
    expect(flips.json()).toEqual({ flips: [] })
    const elsewhere = await server.ask("GET", `/api/v3/checks/${redacted.unique_key}`, { key: keys.other })
    expect(elsewhere).toMatchObject({ status: 404, text: "" })
  })
})

describe("what Healthchecks does not know", () => {
  const extension = {
    max_runtime: 1800,
    min_runtime: 5,
    early: 0.5,
    start_satisfies: true,
    armed: true,
    runs: "every",
    alert: { failures: 2, out_of: 3, recoveries: 4 },
    quiet: [
      { schedule: "0 22 * * *", tz: "Europe/Riga", duration: 3600 },
      { from: "2026-12-24T18:00:00+00:00", to: "2026-12-26T06:00:00+00:00" },
    ],
    remind_every: 86_400,
    notify_on_first_ping: true,
  }

  it("is not shown while nobody asked for it", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, {})
    for (const name of Object.keys(extension)) expect(check).not.toHaveProperty(name)
  })

  it("is shown as it was written, and gone when it is taken back", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, extension)
    expect(check).toMatchObject(extension)
    const defaults = {
      max_runtime: null,
      min_runtime: null,
      early: 0,
      start_satisfies: false,
      armed: false,
      runs: "latest",
      alert: {},
      quiet: [],
      remind_every: null,
      notify_on_first_ping: false,
    }
    const plain = await update(server, check, defaults)
    for (const name of Object.keys(extension)) expect(plain).not.toHaveProperty(name)
    expect(await update(server, check, { max_runtime: "never" })).toMatchObject({ max_runtime: "never" })
  })

  it("takes effect", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { timeout: 3600, alert: { failures: 2, out_of: 2 } })
    const status = async (path: string) => {
      await server.ask("GET", `/ping/${check.uuid}${path}`)
      return (await server.ask("GET", `/api/v3/checks/${check.uuid}`)).json().status
    }
    expect([await status(""), await status("/fail"), await status("/fail")]).toEqual(["up", "up", "down"])
    await update(server, check, {
      alert: {},
      quiet: [{ from: "2026-06-15T00:00:00Z", to: "2026-06-17T00:00:00Z" }],
    })
    await status("")
    await server.advance(30 * hour)
    expect((await server.ask("GET", `/api/v3/checks/${check.uuid}`)).json().status).toBe("up")
  })

  it.each([
    [{ max_runtime: 0 }, "max_runtime is too small: at least 0.001 seconds, not 0"],
    [{ max_runtime: "ever" }, "max_runtime is neither a number of seconds, nor never, nor null"],
    [{ quiet: [{ schedule: "daily" }] }, "quiet[0].duration is missing"],
    [
      { quiet: [{ from: "2026-02-30" }] },
      "quiet[0].from is not an instant such as 2026-12-24T22:00:00Z, nor a local time such as 2026-12-24T22:00",
    ],
    [
      { quiet: [{ from: "2026-12-24", to: "2026-12-27", tz: "Riga" }] },
      "quiet[0].tz is not a valid timezone",
    ],
    [{ min_runtime: "5" }, "min_runtime is neither a number nor null"],
    [{ remind_every: 5 }, "remind_every is too small: at least 60 seconds, not 5"],
    [{ runs: "some" }, "runs is not one of latest, every"],
    [{ alert: 2 }, "alert is not an object"],
    [{ alert: { failures: 33 } }, "alert.failures is too large: at most 32, not 33"],
    [{ alert: { failures: 3, out_of: 2 } }, "alert has more failures than out_of"],
    [{ early: -1 }, "early is too small: at least 0 seconds, not -1"],
    [{ early: 86_401 }, "early is too large: at most 86400 seconds, not 86401"],
    [{ early: 0.0005 }, "early has more than three decimals"],
    [{ armed: 1 }, "armed is not a boolean"],
    [{ quiet: {} }, "quiet is not an array"],
    [{ quiet: [5] }, "an item in 'quiet' is not a quiet window"],
    [
      { quiet: [{ schedule: "0 22 * * *", duration: 5 }] },
      "quiet[0].duration is too small: at least 60 seconds, not 5",
    ],
    [
      { quiet: [{ schedule: "nonsense", duration: 60 }] },
      "quiet[0].schedule is not a valid cron or OnCalendar expression",
    ],
    [
      { quiet: [{ from: "2026-12-24T18:00:00Z", to: "2026-12-24T18:00:00Z" }] },
      "an item in 'quiet' ends when it begins",
    ],
    [
      { quiet: Array.from({ length: 17 }, () => ({ schedule: "daily", duration: 60 })) },
      "quiet is too long: at most 16 items, not 17",
    ],
  ])("is refused when it is wrong: %j", async (body, error) => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", "/api/v3/checks/", { body })
    expect([answer.status, answer.json()]).toEqual([400, { error: `json validation error: ${error}` }])
  })
})
