/** What a request gets that asks for our own defaults, and what one gets that does not. */
import { minute, second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { type Document, HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const versions = [1, 2, 3] as const
const own = { early: 60, start_satisfies: true, armed: true, runs: "every" }

const post = async (server: HttpHost, path: string, body: unknown): Promise<Document> => {
  const answer = await server.ask("POST", path, { body })
  expect([answer.status, answer.text]).toEqual([expect.toBeOneOf([200, 201]), answer.text])
  return answer.json()
}

const errorOf = async (server: HttpHost, path: string, body: unknown): Promise<Document> => {
  const answer = await server.ask("POST", path, { body })
  expect(answer.status).toBe(400)
  return answer.json()
}

describe.each(versions)("a check that is created in version %i", (version) => {
  it("has the defaults of Healthchecks, and none of ours is shown", async () => {
    await using server = await HttpHost.open()
    const check = await post(server, `/api/v${version}/checks/`, {})
    for (const name of Object.keys(own)) expect(check).not.toHaveProperty(name)
  })

  it("has our own when the request asks for them", async () => {
    await using server = await HttpHost.open()
    const check = await post(server, `/api/v${version}/checks/?defaults=own`, { grace: 60 })
    expect(check).toMatchObject({ ...own, timeout: 86_400, grace: 60 })
    expect((await server.ask("GET", `/api/v${version}/checks/${check.uuid}`)).json()).toMatchObject(own)
  })

  it("may be one of code: with spans of less than a minute, and of fractions of a second", async () => {
    await using server = await HttpHost.open()
    const spans = { timeout: 0.2, grace: 0, early: 0.001, max_runtime: 1.5, min_runtime: 0.25 }
    expect(await post(server, `/api/v${version}/checks/?defaults=own`, spans)).toMatchObject(spans)
    const written = await server.ask("POST", `/api/v${version}/checks/?defaults=own`, {
      body: '{"timeout": 120.0}',
    })
    expect(written.json().timeout).toBe(120)
  })
})

describe("bounds", () => {
  it.each([
    ["", { timeout: 59 }, "timeout is too small"],
    ["", { timeout: 60.5 }, "timeout is not a number"],
    ["", { grace: 0 }, "grace is too small"],
    ["", { grace: true }, "grace is too small"],
    ["", { methods: "GET" }, "methods has unexpected value"],
    ["", { schedule: "@daily" }, "schedule is not a valid cron or OnCalendar expression"],
    ["?defaults=own", { timeout: 0 }, "timeout is too small"],
    ["?defaults=own", { timeout: 0.0005 }, "timeout has more than three decimals"],
    ["?defaults=own", { timeout: true }, "timeout is not a number"],
    ["?defaults=own", { timeout: 31_536_001 }, "timeout is too large"],
    ["?defaults=own", { grace: -1 }, "grace is too small"],
    [
      "?defaults=own",
      { methods: "get" },
      "methods is not a list of HTTP methods in capitals, separated by spaces",
    ],
    ["?defaults=theirs", { grace: 0 }, "grace is too small"],
  ])("with %j refuse %j: %s", async (query, body, error) => {
    await using server = await HttpHost.open()
    const refused = await errorOf(server, `/api/v3/checks/${query}`, body)
    expect(refused.error).toBe(`json validation error: ${error}`)
  })

  it.each([
    ["?remarks=1", { timeout: 59 }, "at least 60, not 59"],
    ["?defaults=own", { timeout: 0 }, "at least 0.001 seconds, not 0"],
    ["?defaults=own", { grace: 31_536_001 }, "at most 31536000 seconds, not 31536001"],
    ["?defaults=own", { name: "ü".repeat(101) }, "at most 100 characters, not 101"],
  ])("are named, with what was given, to whoever asks for more with %j: %j", async (query, body, detail) => {
    await using server = await HttpHost.open()
    expect((await errorOf(server, `/api/v3/checks/${query}`, body)).detail).toBe(detail)
  })
})

describe("an update of the schedule", () => {
  /** A job of three o'clock that came in time, moved by ten hours back to a time that is past. */
  const moved = async (query: string, body: Document) => {
    await using server = await HttpHost.open({ start: Date.UTC(2026, 5, 15, 3) + second })
    const given = { schedule: "0 3 * * *", grace: 60 }
    const check = await post(server, "/api/v3/checks/?defaults=own", given)
    await server.ask("GET", `/ping/${check.uuid}`)
    await server.advance(12 * 60 * minute)
    const changed = await post(server, `/api/v3/checks/${check.uuid}${query}`, body)
    await server.advance(second)
    return [changed.status, changed.next_ping]
  }

  it("counts on from the last signal, as in Healthchecks", async () => {
    expect(await moved("", { schedule: "0 13 * * *" })).toEqual(["down", "2026-06-15T13:00:00+00:00"])
  })

  it("counts from now when the request asks for our own defaults", async () => {
    expect(await moved("?defaults=own", { schedule: "0 13 * * *" })).toEqual([
      "up",
      "2026-06-16T13:00:00+00:00",
    ])
    expect(await moved("?defaults=own", { schedule: "0 13 * * *", tz: "Asia/Tokyo" })).toEqual([
      "up",
      "2026-06-16T04:00:00+00:00",
    ])
  })

  it("counts from now when it is to restart, also in the ways of Healthchecks", async () => {
    expect(await moved("", { schedule: "0 13 * * *", restart: true })).toEqual([
      "up",
      "2026-06-16T13:00:00+00:00",
    ])
  })
})

describe("a restart", () => {
  it("expects the next signal a period from now, even when nothing else changes", async () => {
    await using server = await HttpHost.open({ start: Date.UTC(2026, 5, 15, 12) })
    const check = await post(server, "/api/v3/checks/", { timeout: 3600 })
    await server.ask("GET", `/ping/${check.uuid}`)
    await server.advance(30 * minute)
    const path = `/api/v3/checks/${check.uuid}`
    expect((await post(server, path, { timeout: 3600 })).next_ping).toBe("2026-06-15T13:00:00+00:00")
    expect((await post(server, path, { restart: true })).next_ping).toBe("2026-06-15T13:30:00+00:00")
    expect(await errorOf(server, path, { restart: 1 })).toEqual({
      error: "json validation error: restart is not a boolean",
    })
  })
})

describe("a policy that cannot mean anything", () => {
  it.each([
    [{ min_runtime: 3600 }, "min_runtime: expected less than the 1 hour that a run may take"],
    [{ quiet: [{ every: 3600, duration: 3600 }] }, "quiet: expected windows that leave some time"],
  ])("is refused: %j", async (body, sentence) => {
    await using server = await HttpHost.open()
    for (const query of ["", "?defaults=own"]) {
      const { error } = await errorOf(server, `/api/v3/checks/${query}`, body)
      expect(error).toContain(`json validation error: ${sentence}`)
    }
  })

  it("is refused of an update, too, that changes only a part of it", async () => {
    await using server = await HttpHost.open()
    const { uuid } = await post(server, "/api/v3/checks/", { min_runtime: 600 })
    const { error } = await errorOf(server, `/api/v3/checks/${uuid}`, { max_runtime: 60 })
    expect(error).toContain("min_runtime: expected less than the 1 minute")
    expect(await post(server, `/api/v3/checks/${uuid}`, { max_runtime: 601 })).toMatchObject({
      min_runtime: 600,
    })
  })
})

describe("the detail of an error", () => {
  const wrong = [
    [{ schedule: "61 * * * *" }, /^minute: "61"/],
    [{ schedule: "daily", tz: "Nowhere/Land" }, /^zone: "Nowhere\/Land"/],
    [
      {
        quiet: [
          { schedule: "0 1 * * *", duration: 60 },
          { schedule: "0 25 * * *", duration: 60 },
        ],
      },
      /^hour: "25"/,
    ],
    [
      { quiet: [{ schedule: "@every 5m", duration: 60 }] },
      /set it as the period of the window \(`every`, 300 seconds\) instead of a schedule/,
    ],
    [{ quiet: [{ schedule: "0 1 * * *", tz: "Nowhere/Land", duration: 60 }] }, /^zone: "Nowhere\/Land"/],
  ] as const

  it.each(wrong)("says what is wrong with %j to those who ask", async (body, detail) => {
    await using server = await HttpHost.open()
    const { uuid } = await post(server, "/api/v3/checks/", {})
    for (const path of ["/api/v3/checks/", `/api/v3/checks/${uuid}`]) {
      for (const query of ["?defaults=own", "?remarks=1"]) {
        expect(await errorOf(server, path + query, body)).toEqual({
          error: expect.stringMatching(/^json validation error: /),
          detail: expect.stringMatching(detail),
        })
      }
      expect(Object.keys(await errorOf(server, path, body))).toEqual(["error"])
    }
  })
})

describe("a quiet window that is not what it seems", () => {
  const schedule = { schedule: "0 22 * * *", duration: 28_800 }
  const once = { from: "2026-01-01", to: "2026-01-02" }
  const refused: readonly (readonly [string, unknown])[] = [
    [
      "quiet[0].zone is unknown: a window with schedule has schedule, tz and duration; its time zone is called tz",
      { ...schedule, zone: "America/New_York" },
    ],
    [
      "quiet[0].from is unknown: a window with schedule has schedule, tz and duration",
      { ...schedule, ...once },
    ],
    ["quiet[0].until is unknown: a window with from has from, to and tz", { ...once, until: 5 }],
    [
      "quiet[0].tz is unknown: a window with every has every and duration",
      { every: 600, duration: 60, tz: "UTC" },
    ],
    ["an item in 'quiet' ends when it begins", { ...once, to: once.from }],
    ["an item in 'quiet' ends before it begins", { ...once, to: "2025-12-31" }],
    [
      "an item in 'quiet' is never open: the clock is put forward over it",
      { from: "2026-03-29T02:00", to: "2026-03-29T03:00", tz: "Europe/Berlin" },
    ],
  ]

  it.each(refused)("is refused, because %s", async (sentence, window) => {
    await using server = await HttpHost.open()
    const error = `json validation error: ${sentence}`
    expect(await errorOf(server, "/api/v3/checks/", { quiet: [window], unheard: 1 })).toEqual({ error })
    const channel = { name: "ops", kind: "callback", quiet: [window] }
    expect(await errorOf(server, "/api/v3/channels/", channel)).toEqual({ error })
  })
})

it("the detail of an error is told of a channel's quiet hours to everybody, because only Overdue has them", async () => {
  await using server = await HttpHost.open()
  const quiet = [{ schedule: "61 * * * *", duration: 60 }]
  const body = { name: "ops", kind: "callback", quiet }
  expect(await errorOf(server, "/api/v3/channels/", body)).toEqual({
    error: "json validation error: quiet[0].schedule is not a valid cron or OnCalendar expression",
    detail: expect.stringMatching(/^minute: "61"/),
  })
})

describe("remarks", () => {
  it("come with a check that is created, changed or read, for those who ask", async () => {
    await using server = await HttpHost.open()
    const code = "grace-exceeds-gap"
    const remarks = [{ code, text: expect.stringContaining("1 hour") }]
    const check = await post(server, "/api/v3/checks/?remarks=1", { timeout: 60 })
    expect(check.remarks).toEqual(remarks)
    const path = `/api/v3/checks/${check.uuid}`
    expect((await server.ask("GET", path)).json()).not.toHaveProperty("remarks")
    expect((await server.ask("GET", `${path}?remarks=1`)).json().remarks).toEqual(remarks)
    const list = (await server.ask("GET", "/api/v3/checks/?remarks=1", { key: keys.readOnly })).json()
    const unique = list.checks[0].unique_key
    expect((await server.ask("GET", `/api/v3/checks/${unique}?remarks=1`)).json().remarks).toEqual(remarks)
    expect((await post(server, `${path}?remarks=1`, { grace: 60 })).remarks).toEqual([])
  })
})

describe("a ping that creates its check", () => {
  const created = async (query: string) => {
    await using server = await HttpHost.open()
    const answer = await server.ask("GET", `/ping/${keys.ping}/job?create=1${query}`)
    const { checks } = (await server.ask("GET", "/api/v3/checks/")).json()
    return answer.status === 201 ? checks[0] : answer.text
  }

  it("makes one with the defaults of Healthchecks, or with our own", async () => {
    const plain = await created("")
    for (const name of Object.keys(own)) expect(plain).not.toHaveProperty(name)
    expect(await created("&defaults=own&timeout=0.5&grace=0")).toMatchObject({
      ...own,
      timeout: 0.5,
      grace: 0,
    })
    expect(await created("&defaults=own&schedule=@daily")).toMatchObject({ schedule: "0 0 * * *" })
  })

  it.each([
    ["&grace=0", "grace: expected whole seconds from 60 to 31536000"],
    ["&timeout=60.5", "timeout: expected whole seconds from 60 to 31536000"],
    ["&defaults=own&timeout=0", "timeout: expected seconds from 0.001 to 31536000"],
    ["&defaults=own&timeout=1e3", "timeout: expected seconds from 0.001 to 31536000"],
    ["&name=" + "🌙".repeat(101), "name: expected at most 100 characters"],
  ])("is refused with %s: %s", async (query, sentence) => {
    expect(await created(query)).toBe(sentence)
  })

  it("counts the characters of a name as the management API does", async () => {
    expect(await created(`&name=${"🌙".repeat(100)}`)).toMatchObject({ name: "🌙".repeat(100) })
  })
})
