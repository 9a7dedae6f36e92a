/** Checks that the server asks by itself, by the management API: what their log and their statistics say. */
import type { Result } from "@overdue/core/Probe"
import { minute } from "@overdue/core/Time"
import * as Rounds from "@overdue/engine/commands/Rounds"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const url = "https://example.org/health"

const open = async (probe: unknown = url) => {
  const server = await HttpHost.open()
  const answer = await server.ask("POST", "/api/v3/checks/", { body: { name: "web", probe } })
  const { uuid } = answer.json()
  return {
    server,
    uuid,
    created: answer.json(),
    shown: async (query = "") => (await server.ask("GET", `/api/v3/checks/${uuid}${query}`)).json(),
    /** Lets a round say that it took so long, or failed. */
    round: (took: number, reason?: string) => {
      const said: Omit<Result, "region"> = {
        ok: reason === undefined,
        statusCode: reason === undefined ? 200 : 503,
        ...(reason !== undefined && { reason }),
        timings: { dns: 1, connect: 2, firstByte: 3, whole: took },
      }
      const ask = Effect.flatMap(Checks.get(server.project.id, uuid), (check) =>
        Rounds.once(check, () => Effect.succeed(said)),
      )
      return server.run(ask)
    },
  }
}

describe("a check with a probe", () => {
  it("has neither schedule nor deadline, and shows how often it is asked as its timeout", async () => {
    const { server, created, shown, round } = await open({ url, every: 300, grace: 60 })
    await using _ = server
    expect(created).toMatchObject({
      status: "new",
      timeout: 300,
      next_ping: null,
      probe: { url, every: 300, grace: 60 },
    })
    expect(created).not.toHaveProperty("schedule")
    await round(12.5)
    await server.advance(30 * 24 * 60 * minute)
    expect(await shown()).toMatchObject({ status: "up", next_ping: null })
  })

  it("shows the grace of its probe as its own, and takes another for that", async () => {
    const { server, uuid, created, shown } = await open({ url, grace: 300 })
    await using _ = server
    expect(created).toMatchObject({ grace: 300 })
    const change = (body: unknown) => server.ask("POST", `/api/v3/checks/${uuid}`, { body })
    expect((await change({ grace: 600 })).json()).toMatchObject({ grace: 600, probe: { url, grace: 600 } })
    expect((await change({ name: "other", grace: 600 })).json()).toMatchObject({ grace: 600 })
    const both = await server.ask("POST", "/api/v3/checks/", { body: { unique: ["grace"], grace: 600 } })
    expect([both.status, both.json().uuid]).toEqual([200, uuid])
    // Its own is what it has when nothing is asked any more.
    await change({ probe: null })
    expect(await shown()).toMatchObject({ grace: 3600 })
  })

  it("says among its details what came of the last round, to keys that may see the probe", async () => {
    const { server, shown, uuid, round } = await open()
    await using _ = server
    expect(await shown("?details=1")).toMatchObject({ last_round: null })
    await round(40, "status 503")
    const results = [{ ok: false, status_code: 503, reason: "status 503", response_time: 40, tls: null }]
    expect(await shown("?details=1")).toMatchObject({ last_round: { at: expect.any(String), results } })
    expect(await shown()).not.toHaveProperty("last_round")
    const narrow = await server.ask("GET", "/api/v3/checks/?details=1", { key: keys.readOnly })
    expect(narrow.text).toContain("since")
    expect(narrow.text).not.toContain("last_round")
    await server.ask("POST", `/api/v3/checks/${uuid}`, { body: { probe: null } })
    expect(await shown("?details=1")).not.toHaveProperty("last_round")
  })

  it.each([1, 2, 3])(
    "is left as it is by whoever sends back what API v%d has shown of it",
    async (version) => {
      const { server, uuid, shown } = await open({ url, every: 10, grace: 0, recovery: 30 })
      await using _ = server
      const before = (await shown()).probe
      const address = `/api/v${version}/checks/${uuid}`
      const document = (await server.ask("GET", address)).json()
      expect(document).toMatchObject({ timeout: 10, grace: 0 })
      const body = { ...document, name: "renamed" }
      const { status, text } = await server.ask("POST", address, { body })
      expect([status, text]).toEqual([200, expect.stringContaining("renamed")])
      expect((await shown()).probe).toEqual(before)
      expect((await server.ask("POST", address, { body: { timeout: 11 } })).status).toBe(400)
    },
  )

  it("is shown to keys that may write it alone: there may be passwords in its header fields", async () => {
    const { server, uuid } = await open({ url, headers: { Authorization: "Bearer sesame" } })
    await using _ = server
    const { text } = await server.ask("GET", "/api/v3/checks/", { key: keys.readOnly })
    expect(text).not.toMatch(/sesame|\/health/)
    expect((await server.ask("GET", `/api/v3/checks/${uuid}`)).text).toContain("sesame")
  })

  it("logs what each round said, and says in a remark why it failed", async () => {
    const { server, uuid, round } = await open({ url, regions: ["eu-central-1"] })
    await using _ = server
    await round(12.5)
    await round(40, "status 503")
    const { pings } = (await server.ask("GET", `/api/v3/checks/${uuid}/pings/?details=1`)).json()
    expect(pings).toMatchObject([
      {
        type: "fail",
        scheme: "process",
        probe: [
          { region: "eu-central-1", ok: false, status_code: 503, reason: "status 503", response_time: 40 },
        ],
        diagnosis: [{ code: "probe", text: "The probe says: eu-central-1: status 503 (after 40 ms)." }],
      },
      { type: "success", probe: [{ ok: true, dns: 1, connect: 2, tls: null, first_byte: 3 }], diagnosis: [] },
    ])
    const body = await server.ask("GET", `/api/v3/checks/${uuid}/pings/2/body`)
    expect(body.text).toBe("eu-central-1: status 503 (after 40 ms)")
  })

  it("says in its statistics how long answers took, as a whole and for each unit", async () => {
    const { server, uuid, round } = await open()
    await using _ = server
    for (let n = 1; n <= 100; n++) {
      await round(n, n > 95 ? "status 503" : undefined)
      await server.advance(minute)
    }
    const ask = async (query: string) =>
      (await server.ask("GET", `/api/v3/checks/${uuid}/statistics?${query}`)).json()
    const near = (value: number) => expect.closeTo(value / 1000, 2)
    const whole = { count: 100, failed: 5, average: 0.0505, p50: near(50), p95: near(95), longest: 0.1 }
    const { response_times, units } = await ask("start=2026-06-15T12:00&end=2026-06-15T15:00&by=hour")
    expect(response_times).toEqual(whole)
    expect(units.map((unit: { readonly response_times: unknown }) => unit.response_times)).toMatchObject([
      { count: 30, failed: 0, longest: 0.03 },
      { count: 60, failed: 0, longest: 0.09 },
      { count: 10, failed: 5 },
    ])
    expect((await ask("start=2025-06-15T12:00&end=2026-07-01T12:00")).response_times).toMatchObject({
      count: 100,
    })
    expect((await ask("start=2026-06-15T10:00&end=2026-06-15T11:00")).response_times).toBeNull()
  })

  it("is a check like any other once its probe is taken away, and expects signals as a new one does until somebody says when", async () => {
    const { server, uuid, shown } = await open()
    await using _ = server
    const change = (body: unknown) => server.ask("POST", `/api/v3/checks/${uuid}`, { body })
    await change({ probe: null })
    expect(await shown()).toMatchObject({ timeout: 86_400 })
    expect(await shown()).not.toHaveProperty("schedule")
    expect(await shown()).not.toHaveProperty("probe")
    await change({ timeout: 3600 })
    expect(await shown()).toMatchObject({ timeout: 3600 })
    expect((await server.ask("GET", `/api/v3/checks/${uuid}/statistics`)).json()).not.toHaveProperty(
      "response_times",
    )
  })

  it("takes its timeout and grace for those of a probe that says neither", async () => {
    await using server = await HttpHost.open()
    const body = { probe: url, timeout: 300, grace: 120 }
    const { status, json } = await server.ask("POST", "/api/v3/checks/", { body })
    expect([status, json()]).toEqual([
      201,
      expect.objectContaining({ probe: { url, every: 300, grace: 120 }, timeout: 300, grace: 120 }),
    ])
  })

  it.each([
    [{ probe: "example.org" }, "probe.url is not as expected: a URL such as https://example.org"],
    [{ probe: { url: "tcp://example.org" } }, "a port, as in tcp://example.org:1234"],
    [{ probe: { url, evry: 5 } }, "probe.evry is unknown: a probe has url, every, grace"],
    [{ probe: { url, method: "get" } }, "probe.method is not one of GET, HEAD, POST"],
    [
      { probe: { url, conditions: [{ of: "statu", operator: "equal", values: ["1"] }] } },
      "probe.conditions[0].of is not one of json, status,",
    ],
    [
      { probe: { url, conditions: [{ of: "json", key: "a[", operator: "equal", values: ["1"] }] } },
      "keys of JSON such as groups.user[0].name or",
    ],
    [
      { probe: { url, conditions: [{ of: "status", operator: "equal", values: ["200", "300-200"] }] } },
      "values of status such as 200, 2xx or 200-299, not 300-200",
    ],
    [
      { probe: { url, conditions: [{ of: "time", operator: "less-than", values: ["1s"] }] } },
      "numbers to compare time with, such as 90, not 1s",
    ],
    [
      { probe: { url, conditions: [{ of: "body", operator: "contains", values: ["fine", ""] }] } },
      "texts to look for that are not empty",
    ],
    [{ probe: { url, every: 1 } }, "probe.every is too small: at least 10 seconds, not 1"],
    [
      { probe: JSON.stringify({ url }) },
      "probe is not as expected: a URL, or an object as such, not as a text",
    ],
    [{ probe: "example.org/a b" }, "probe.url is not as expected: a URL without spaces"],
    [{ probe: "http://[fe80::1%25lo]:1" }, "an address of IPv6 without a zone such as %eth0"],
    [
      { probe: url, schedule: "0 3 * * *" },
      "schedule is not as expected: none, because the check has a probe",
    ],
    [
      { probe: { url, every: 60 }, timeout: 3600 },
      "timeout is not as expected: none, because the probe is asked every 60 seconds",
    ],
    [
      { probe: { url, grace: 60 }, grace: 300 },
      "grace is not as expected: none, because the probe has a grace of 60 seconds: set that",
    ],
    [
      { probe: `cpu > 90 for 5m on ${"1".repeat(8)}-1111-4111-8111-${"1".repeat(12)}`, grace: 60 },
      "grace is not as expected: none, because the probe has a grace of 300 seconds: set that",
    ],
  ])("refuses %j, and says what was expected", async (body, sentence) => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", "/api/v3/checks/?defaults=own", { body })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(sentence)])
  })
})
