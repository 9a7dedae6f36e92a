/** Probers elsewhere over the API: what they get, what they may hand in, and what they may not. */
import * as RateLimit from "@overdue/engine/RateLimit"
import * as Protection from "@overdue/server/access/Protection"
import * as Api from "@overdue/server/dialects/healthchecks/management/Api"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { type Document, HttpHost, site } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"
import { DescribedAnswers } from "../../DescribedAnswers.ts"

const proberKey = "P".repeat(40)
const open = (log?: string[]) =>
  HttpHost.open({ site: { ...site, proberKey }, ...(log !== undefined && { log }) })

const result = { ok: true, status_code: 200, timings: { dns: 1.5, first_byte: 20, whole: 31.25 } }
const failed = { ok: false, reason: "timeout", timings: { whole: 30_000 } }

const create = async (server: HttpHost, regions: readonly string[], more: object = {}, key?: string) => {
  const probe = { url: "https://example.org/health", every: 60, regions, ...more }
  const made = await server.ask("POST", "/api/v3/checks/", { key, body: { name: "website", probe } })
  expect(made.status).toBe(201)
  return made.json().uuid as string
}

const claim = async (server: HttpHost, region: string, key = proberKey): Promise<readonly Document[]> => {
  const answer = await server.ask("POST", "/api/v3/probes/claim", { key, body: { region } })
  expect(answer.status).toBe(200)
  return answer.json().turns
}

const report = async (
  server: HttpHost,
  region: string,
  reports: readonly unknown[],
  key = proberKey,
): Promise<readonly Document[]> => {
  const answer = await server.ask("POST", "/api/v3/probes/report", { key, body: { region, reports } })
  expect(answer.status).toBe(200)
  return answer.json().reports
}

const shown = async (server: HttpHost, id: string, key?: string): Promise<Document> =>
  (await server.ask("GET", `/api/v3/checks/${id}`, { key })).json()

const outcomes = (reports: readonly Document[]): readonly string[] => reports.map(({ outcome }) => outcome)

describe("a prober elsewhere", () => {
  it("gets the rounds of its region with all that is to be asked, once, and its results count", async () => {
    await using server = await open()
    const secret = { headers: { Authorization: "Bearer s3cret" }, conditions: [] }
    const id = await create(server, ["eu", "us"], secret)
    const [turn, ...others] = await claim(server, "eu")
    expect(turn).toMatchObject({
      check: id,
      at: expect.stringMatching(/^2026-06-15T12:\d\d:\d\d(\.\d{6})?\+00:00$/),
      probe: { url: "https://example.org/health", every: 60, headers: secret.headers },
    })
    expect(others).toEqual([])
    expect(await claim(server, "eu")).toEqual([])
    expect(outcomes(await report(server, "eu", [{ ticket: turn.ticket, result }]))).toEqual(["taken"])
    // Another region is waited for.
    expect((await shown(server, id)).status).toBe("new")
    const [there] = await claim(server, "us")
    expect(there.at).toBe(turn.at)
    expect(outcomes(await report(server, "us", [{ ticket: there.ticket, result }]))).toEqual(["taken"])
    expect((await shown(server, id)).status).toBe("up")
    // An answer that was lost on its way.
    expect(outcomes(await report(server, "us", [{ ticket: there.ticket, result: failed }]))).toEqual(["late"])
    expect((await shown(server, id)).status).toBe("up")
  })

  it("cannot hand in for another region, nor for what was not claimed", async () => {
    await using server = await open()
    const id = await create(server, ["eu", "us"])
    const [turn] = await claim(server, "eu")
    const [uuid, at, claimedAt, signature] = turn.ticket.split(".")
    const forged = [uuid, Number(at) + 60_000, claimedAt, signature].join(".")
    const younger = [uuid, at, Number(claimedAt) + 60_000, signature].join(".")
    for (const ticket of [forged, younger])
      expect(outcomes(await report(server, "eu", [{ ticket, result: failed }]))).toEqual(["void"])
    for (const region of ["us", "asia"])
      expect(outcomes(await report(server, region, [{ ticket: turn.ticket, result: failed }]))).toEqual([
        "void",
      ])
    expect((await shown(server, id)).status).toBe("new")
  })

  it("is told that it comes too late, be it that a newer round is known or that it stood still", async () => {
    await using server = await open()
    const id = await create(server, ["eu"])
    const [old] = await claim(server, "eu")
    await server.advance(90_000)
    const [newer] = await claim(server, "eu")
    expect(outcomes(await report(server, "eu", [{ ticket: newer.ticket, result }]))).toEqual(["taken"])
    expect(outcomes(await report(server, "eu", [{ ticket: old.ticket, result: failed }]))).toEqual(["late"])
    const [last] = (await server.advance(90_000), await claim(server, "eu"))
    await server.advance(120_001)
    expect(outcomes(await report(server, "eu", [{ ticket: last.ticket, result: failed }]))).toEqual(["late"])
    expect((await shown(server, id)).status).toBe("up")
  })

  it("says of what it can say nothing, which changes no status and stands at the check until there is a result", async () => {
    await using server = await open()
    const id = await create(server, ["eu"])
    const diagnosis = async () => (await server.ask("GET", `/api/v3/checks/${id}?details=1`)).json().diagnosis
    const [turn] = await claim(server, "eu")
    const said = { ticket: turn.ticket, unjudged: "This machine has no way to any network." }
    expect(outcomes(await report(server, "eu", [said]))).toEqual(["taken"])
    expect((await shown(server, id)).status).toBe("new")
    expect(await diagnosis()).toEqual([
      {
        code: "unjudged",
        text: expect.stringMatching(
          /^What was asked at .+ from eu says nothing of the target, so the check stays as it was\. This machine has no way to any network\.$/,
        ),
      },
    ])
    await server.advance(90_000)
    const [next] = await claim(server, "eu")
    expect(outcomes(await report(server, "eu", [{ ticket: next.ticket, result }]))).toEqual(["taken"])
    expect(outcomes(await report(server, "eu", [said]))).toEqual(["late"])
    expect([await diagnosis(), (await shown(server, id)).status]).toEqual([[], "up"])
  })

  it("has told a round when its results came, whatever instant of the grid names it", async () => {
    await using server = await open()
    const id = await create(server, ["eu"], { every: 86_400 })
    const [turn] = await claim(server, "eu")
    await report(server, "eu", [{ ticket: turn.ticket, result }])
    const { last_round, last_ping } = (await server.ask("GET", `/api/v3/checks/${id}?details=1`)).json()
    expect(Date.parse(last_round.at)).toBe(Date.parse(last_ping))
    expect(last_round.at).not.toBe(turn.at)
  })

  it("brings up a reminder of what expires, which is listed as such and not as a recovery", async () => {
    await using server = await open()
    await server.ask("POST", "/api/v3/channels/", { body: { name: "ops", kind: "callback" } })
    const probe = { url: "https://example.org", every: 60, regions: ["eu"], remind: { certificate: [30] } }
    const body = { name: "shop", channels: "*", probe }
    expect((await server.ask("POST", "/api/v3/checks/", { body })).status).toBe(201)
    const certificate = {
      host: "example.org",
      issuer: "CA",
      subject: "example.org",
      valid_from: Date.UTC(2026, 0, 1) / 1000,
      valid_to: Date.UTC(2026, 5, 28) / 1000,
    }
    // By the first round, it has come up.
    for (const _ of [1, 2]) {
      await server.advance(90_000)
      const [turn] = await claim(server, "eu")
      const told = [{ ticket: turn.ticket, result: { ...result, certificate } }]
      expect(outcomes(await report(server, "eu", told))).toEqual(["taken"])
    }
    expect((await server.ask("GET", "/api/v3/deliveries/")).json().deliveries).toMatchObject([
      {
        occasion: "reminder",
        check_status: "up",
        news: "shop: its certificate expires in 12 days, at 2026-06-28 00:00 UTC",
      },
    ])
  })

  it("is told when nobody asks that any more", async () => {
    await using server = await open()
    const [paused, changed, gone] = [
      await create(server, ["eu"]),
      await create(server, ["eu"]),
      await create(server, ["eu"]),
    ]
    const turns = await claim(server, "eu")
    const ticket = (id: string) => turns.find(({ check }) => check === id).ticket
    await server.ask("POST", `/api/v3/checks/${paused}/pause`)
    const other = { probe: { url: "https://example.org/other", regions: ["eu"] } }
    await server.ask("POST", `/api/v3/checks/${changed}`, { body: other })
    await server.ask("DELETE", `/api/v3/checks/${gone}`)
    const reports = [paused, changed, gone].map((id) => ({ ticket: ticket(id!), result: failed }))
    expect(outcomes(await report(server, "eu", reports))).toEqual(["void", "void", "unknown"])
    expect([(await shown(server, paused!)).status, (await shown(server, changed!)).status]).toEqual([
      "paused",
      "new",
    ])
  })

  it("loses no result by a bad one beside it, and is told what is wrong with that", async () => {
    await using server = await open()
    await create(server, ["eu"])
    const [{ ticket }] = (await claim(server, "eu")) as readonly [Document]
    const bad: readonly (readonly [unknown, string])[] = [
      [7, "report"],
      [{ ticket: "x", result }, "ticket"],
      [{ ticket }, "report.result is missing"],
      [{ ticket, result, unjudged: "No way." }, "report.unjudged is given beside a result"],
      [{ ticket, unjudged: 7 }, "report.unjudged is not a string"],
      [{ ticket, result: { ...result, ok: "yes" } }, "result.ok is not a boolean"],
      [{ ticket, result: { ...result, timings: {} } }, "result.timings.whole is missing"],
      [
        { ticket, result: { ...result, timings: { whole: 300_001 } } },
        "result.timings.whole is too large: at most 300000, not 300001",
      ],
      [
        { ticket, result: { ...result, timings: { whole: -1 } } },
        "result.timings.whole is too small: at least 0, not -1",
      ],
      [
        { ticket, result: { ...failed, reason: "x".repeat(201) } },
        "result.reason is too long: at most 200 characters, not 201",
      ],
      [
        { ticket, result: { ...result, certificate: { host: "x".repeat(501) } } },
        "result.certificate.host is too long",
      ],
    ]
    const told = await report(server, "eu", [...bad.map(([each]) => each), { ticket, result }])
    expect(outcomes(told)).toEqual([...bad.map(() => "invalid"), "taken"])
    for (const [index, [, error]] of bad.entries()) expect(told[index].error).toContain(error)
  })
})

describe("the door of probers", () => {
  const bodies = { claim: { region: "eu" }, report: { region: "eu", reports: [] } }

  it("is not for read-only keys, wrong ones, and nobody; nor is its key for other doors", async () => {
    await using server = await open()
    await create(server, ["eu"])
    for (const [path, body] of Object.entries(bodies)) {
      for (const key of [keys.readOnly, "W".repeat(32), `${proberKey}P`, proberKey.slice(1), "short", ""]) {
        const answer = await server.ask("POST", `/api/v3/probes/${path}`, { key, body })
        expect([key, answer.status, answer.text]).toEqual([key, 401, expect.not.stringContaining("turns")])
      }
      expect((await server.ask("POST", `/api/v1/probes/${path}`, { key: proberKey, body })).status).toBe(404)
      expect((await server.ask("GET", `/api/v3/probes/${path}`, { key: proberKey })).status).toBe(405)
    }
    for (const path of ["checks/", "channels/", "projects/", "metrics/", "project/"])
      expect([401, 403]).toContain((await server.ask("GET", `/api/v3/${path}`, { key: proberKey })).status)
  })

  it("is closed to the key of probers where the server has none", async () => {
    await using server = await HttpHost.open()
    for (const key of [proberKey, "undefined", ""])
      expect((await server.ask("POST", "/api/v3/probes/claim", { key, body: bodies.claim })).status).toBe(401)
  })

  it("limits wrong keys of any length, and not the right one", async () => {
    await using server = await open()
    const { trusts, requests } = Protection.defaults
    const protection = { trusts, requests, wrongKeys: RateLimit.make(2) }
    const ask = async (key: string) => {
      const inbound = server.inbound("POST", "/api/v3/probes/claim", { key, body: bodies.claim })
      const asked = Effect.provideService(Api.handler(3)(inbound), Protection.Protection, protection)
      return (await server.run(asked)).status
    }
    const statuses: number[] = []
    for (const length of [39, 41, 31, 32, 40]) statuses.push(await ask("P".repeat(length)))
    expect(statuses).toEqual([401, 401, 429, 429, 200])
  })

  it("opens to a key of a project only its own checks", async () => {
    await using server = await open()
    const [own, other] = [await create(server, ["eu"]), await create(server, ["eu"], {}, keys.other)]
    expect((await claim(server, "eu", keys.readWrite)).map(({ check }) => check)).toEqual([own])
    const [turn] = await claim(server, "eu")
    expect(turn.check).toBe(other)
    const reports = [{ ticket: turn.ticket, result: failed }]
    expect(outcomes(await report(server, "eu", reports, keys.readWrite))).toEqual(["unknown"])
    expect((await shown(server, other, keys.other)).status).toBe("new")
    expect(outcomes(await report(server, "eu", reports, keys.other))).toEqual(["taken"])
    expect((await shown(server, other, keys.other)).status).toBe("down")
  })

  it.each([
    ["claim", {}, "region is missing"],
    ["claim", { region: "" }, "region is not a label such as eu-central-1"],
    ["claim", { region: "x".repeat(51) }, "region is too long: at most 50 characters, not 51"],
    ["claim", { region: "eu", limit: 0 }, "limit is too small: at least 1, not 0"],
    ["claim", { region: "eu", limit: 1001 }, "limit is too large: at most 1000, not 1001"],
    ["report", { reports: [] }, "region is missing"],
    ["report", { region: "eu" }, "reports is missing"],
    ["report", { region: "eu", reports: {} }, "reports is not an array"],
    [
      "report",
      { region: "eu", reports: Array(201).fill(0) },
      "reports is too long: at most 200 items, not 201",
    ],
  ])("says what is wrong with a request: %s %j", async (path, body, error) => {
    await using server = await open()
    const answer = await server.ask("POST", `/api/v3/probes/${path}`, { key: proberKey, body })
    expect([answer.status, answer.json()]).toEqual([400, { error: `json validation error: ${error}` }])
  })

  it("logs nothing of what is asked with", async () => {
    const log: string[] = []
    await using server = await open(log)
    await create(server, ["eu"], {
      headers: { Authorization: "Bearer s3cret" },
      method: "POST",
      body: "b0dy",
    })
    const [turn] = await claim(server, "eu")
    await report(server, "eu", [{ ticket: turn.ticket, result: failed }, { ticket: "s3cret" }])
    expect(log.join("\n")).not.toMatch(/s3cret|b0dy/)
  })

  it("answers as the OpenAPI document says", async () => {
    await using server = await open()
    const document = (await server.ask("GET", "/api/v3/openapi.json", { key: "" })).json()
    const described = new DescribedAnswers(document)
    const ask = async (path: string, body: unknown, key = proberKey) =>
      described.compare("POST", path, await server.ask("POST", path, { key, body }))
    await create(server, ["eu"], { headers: { "X-A": "b" }, conditions: [] })
    const { turns } = await ask("/api/v3/probes/claim", bodies.claim)
    const reports = [{ ticket: turns[0].ticket, result }, { ticket: turns[0].ticket, result }, {}]
    const told = await ask("/api/v3/probes/report", { region: "eu", reports })
    expect(outcomes(told.reports)).toEqual(["taken", "late", "invalid"])
    for (const path of ["/api/v3/probes/claim", "/api/v3/probes/report"]) {
      await ask(path, {})
      await ask(path, bodies.claim, "")
      await ask(path, bodies.claim, keys.readOnly)
    }
    expect(document.paths["/api/v3/probes/claim"].post.tags).toEqual(["Probes"])
  })
})
