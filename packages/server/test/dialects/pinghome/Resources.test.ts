/** Uptime monitors: what they are created with, what they become, and what other dialects may make of them. */
import { describe, expect, it } from "vitest"
import { faults, form, keys, PinghomeHost } from "./PinghomeHost.ts"

const status = { type: "response-status-check", operator: "equal", values: ["200"] }

type Given = Readonly<Record<string, unknown>>

const post = async (server: PinghomeHost, given: Given = {}) => server.uptime(await server.service(), given)

const create = async (server: PinghomeHost, given: Given = {}): Promise<string> =>
  server.resource(await server.service(), given)

const put = (server: PinghomeHost, id: string, body: unknown) =>
  server.tell("PUT", `/resource-cmd/v1/resource/${id}`, { body })

const get = (server: PinghomeHost, id: string, key?: string) => server.shown(id, "resource", key)

describe("an uptime monitor", () => {
  it("is asked as its type says", async () => {
    await using server = await PinghomeHost.open()
    for (const [type, port, url] of [
      ["tcp", "5432", "tcp://example.org:5432"],
      ["udp", 53, "udp://example.org:53"],
      ["ICMP", "", "ping://example.org"],
      ["smtp", "465", "smtps://example.org:465"],
      ["pop3", "", "pop3://example.org"],
      ["imap", "993", "imaps://example.org:993"],
    ] as const) {
      const id = await create(server, { type, host: "example.org", port })
      expect((await server.own(id)).probe.url).toBe(url)
    }
  })

  it("is refused with the name of the field that is wrong", async () => {
    await using server = await PinghomeHost.open()
    const cases: readonly (readonly [string, Given])[] = [
      ["url", { url: "javascript:alert(1)" }],
      ["url", { url: "http://example.org:70000" }],
      ["url", { url: "http://ex ample.org" }],
      ["url", { url: "http://example.org\r\nX: y" }],
      ["url", { url: undefined }],
      ["type", { type: "constructor" }],
      ["type", { type: "toString", host: "example.org" }],
      ["port", { type: "tcp", host: "example.org" }],
      ["port", { port: "65536" }],
      ["regions", { regions: [] }],
      ["regions", { regions: ["a b"] }],
      ["headers", { headers: { A: "b\r\nC: d" } }],
      ["headers", { headers: { A: "x".repeat(9_000) } }],
      ["headers", { headers: { A: "日本" } }],
      ["headers", { headers: "nonsense" }],
      ["body", { method: "POST", body: "x".repeat(20_000) }],
      ["data", { type: "tcp", host: "example.org", port: 1, data: "x".repeat(20_000) }],
      ["method", { method: "BREW" }],
      ["grace_period", { grace_period: -1 }],
      ["name", { name: "" }],
      ["service_id", { service_id: "nonsense" }],
      ["conditions", { conditions: Array.from({ length: 21 }, () => status) }],
      ["conditions", { conditions: [{ ...status, values: [] }] }],
      ["conditions", { conditions: [{ ...status, values: ["x".repeat(1_001)] }] }],
      ["maintenance_cron_expression", { maintenance_cron_expression: "61 * * * *" }],
      ["maintenance_cron_expression", { maintenance_cron_expression: "* * * * *", maintenance_duration: 1 }],
    ]
    for (const [field, given] of cases) {
      const [code, answer] = await post(server, given)
      expect([given, code, faults(answer)]).toEqual([given, 422, [field]])
    }
  })

  it("is refused at a private address, however that is written", async () => {
    await using server = await PinghomeHost.open()
    const hosts = [
      "127.0.0.1",
      "127.1",
      "0x7f000001",
      "2130706433",
      "017700000001",
      "localhost",
      "a.LOCALHOST.",
    ]
    for (const host of [...hosts, "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"]) {
      for (const given of [
        { url: `http://user:pw@${host}:8080/x` },
        { type: "tcp", host, port: 1 },
        { type: "ping", host },
      ]) {
        const [code, answer] = await post(server, given)
        expect([given, code, faults(answer)]).toEqual([given, 422, [expect.stringMatching(/^(url|host)$/)]])
      }
    }
  })

  it("of a form is the same as of JSON", async () => {
    await using server = await PinghomeHost.open()
    const service_id = await server.service()
    const sent = form({
      service_id,
      name: "Website",
      type: "http",
      url: "https://example.org",
      "regions[]": "eu-central-1",
      headers: '{"A":"b"}',
      conditions: JSON.stringify([status]),
      skip_ssl_error: "1",
      grace_period: "2",
    })
    const [code, { id }] = await server.tell("POST", "/resource-cmd/v1/resource", sent)
    expect(code).toBe(201)
    expect(await get(server, id)).toMatchObject({
      regions: ["eu-central-1"],
      headers: '{"A":"b"}',
      conditions: [{ ...status, key: "" }],
      skip_ssl_error: true,
      grace_period: 2,
    })
  })

  it("that is asked in another way sends nothing that was meant for the way before", async () => {
    await using server = await PinghomeHost.open()
    const http = { method: "POST", body: "a=1", headers: { Authorization: "Bearer secret" } }
    const id = await create(server, { ...http, conditions: [status] })
    const [code, answer] = await put(server, id, { type: "tcp", port: 5432 })
    expect([code, faults(answer)]).toEqual([422, ["conditions"]])
    expect((await put(server, id, { type: "tcp", port: 5432, conditions: [] }))[0]).toBe(200)
    expect((await server.own(id)).probe).toEqual({
      url: "tcp://example.org:5432",
      every: 60,
      regions: ["eu-central-1"],
      remind: { domain: [] },
    })
    await put(server, id, { data: "PING" })
    for (const type of ["ping", "udp", "http"]) {
      const port = type === "udp" ? "53" : ""
      const to = type === "http" ? { url: "http://example.org" } : { host: "example.org", port }
      expect([type, (await put(server, id, { type, ...to }))[0]]).toEqual([type, 200])
      expect(await get(server, id)).toMatchObject({ type, data: "", body: "" })
    }
    expect((await server.own(id)).probe.remind).toEqual({ domain: [] })
  })

  it("loses the reminders that its new target cannot have", async () => {
    await using server = await PinghomeHost.open()
    const id = await create(server)
    const body = { days_before: [7] }
    expect((await server.tell("POST", `/resource-cmd/v1/resource/${id}/ssl/reminder`, { body }))[0]).toBe(201)
    expect((await put(server, id, { type: "tcp", port: 1, host: "example.org" }))[0]).toBe(200)
    const read = `/resource-query/v1/resource/${id}/ssl/reminder`
    expect((await server.tell("GET", read))[0]).toBe(404)
  })

  it("does not show what it sends to who may only read", async () => {
    await using server = await PinghomeHost.open()
    const secret = "s3cret"
    const id = await create(server, {
      url: `https://user:${secret}@example.org/a?token=${secret}#${secret}`,
      method: "POST",
      headers: { Authorization: secret },
      body: secret,
    })
    const { service_id, ...shown } = await get(server, id, keys.readOnly)
    expect(shown).toMatchObject({ url: "https://example.org/a", headers: "", body: "", method: "POST" })
    const list = await server.ask("GET", `/resource-query/v1/service/${service_id}/resources`, {
      key: keys.readOnly,
    })
    expect(list.json().total).toBe(1)
    expect(JSON.stringify(shown) + list.text).not.toContain(secret)
    expect(await get(server, id)).toMatchObject({ headers: `{"Authorization":"${secret}"}`, body: secret })
    const tcp = await create(server, { type: "tcp", host: "example.org", port: 1, data: secret })
    expect((await get(server, tcp, keys.readOnly)).data).toBe("")
  })
})

describe("another API", () => {
  it("never makes a heartbeat of an uptime monitor", async () => {
    await using server = await PinghomeHost.open()
    const id = await create(server)
    const before = await server.own(id)
    const bearer = keys.readWrite
    const cronhub = { name: "x", schedule: "0 3 * * *", timezone: "UTC", grace_period: 5 }
    const put = await server.http.ask("PUT", `/ch/api/v1/monitors/${id}`, { body: cronhub })
    expect([put.status, put.text]).toEqual([422, expect.stringContaining("schedule")])
    expect((await server.http.ask("GET", "/u66/api/heartbeats", { bearer })).json().data).toEqual([])
    for (let serial = 0; serial < 4; serial++) {
      const path = `/u66/api/heartbeats/${serial}`
      const body = { run_interval: 5, run_interval_type: "minutes", name: "x" }
      expect((await server.http.ask("POST", path, { bearer, body })).status).toBe(404)
      expect((await server.http.ask("DELETE", path, { bearer })).status).toBe(404)
    }
    const heartbeat = [
      ["GET", "/resource-query/v1/heartbeat/"],
      ["PUT", "/resource-cmd/v1/heartbeat/"],
      ["DELETE", "/resource-cmd/v1/heartbeat/"],
      ["DELETE", "/resource-cmd/v1/heartbeat?id="],
    ] as const
    for (const [method, path] of heartbeat)
      expect((await server.ask(method, path + id, { body: { interval: 60 } })).status).toBe(404)
    for (const version of [1, 2, 3]) {
      for (const body of [{ schedule: "0 3 * * *", tz: "UTC" }, { schedule: "*/5 * * * *" }]) {
        const answer = await server.http.ask("POST", `/api/v${version}/checks/${id}`, { body })
        expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("probe")])
      }
    }
    expect(await server.own(id)).toEqual(before)
  })

  it("renames it, and changes what Healthchecks knows, while it stays one", async () => {
    await using server = await PinghomeHost.open()
    const id = await create(server)
    const before = await get(server, id)
    for (const version of [1, 2, 3]) {
      const body = { name: `v${version}`, grace: 600, timeout: 120, manual_resume: true, tags: "a" }
      const answer = await server.http.ask("POST", `/api/v${version}/checks/${id}`, { body })
      expect(answer.json()).toMatchObject({ timeout: 120, grace: 600, next_ping: null })
      expect(await get(server, id)).toEqual({ ...before, name: `v${version}`, grace_period: 10 })
    }
    await server.advance(86_400)
    expect((await get(server, id)).state).toBe("pending")
  })
})

describe("the switch", () => {
  it("is not said to be up or down by whoever knows its id", async () => {
    await using server = await PinghomeHost.open()
    const id = await create(server)
    const before = await get(server, id)
    for (const path of [
      `/data-gateway/v1/heartbeat/${id}?result=fail`,
      `/data-gateway/v1/heartbeat/${id}`,
      `/data-gateway/v1/heartbeat/${id}?result=run`,
    ]) {
      const [code] = await server.tell("GET", path, { key: "" })
      expect(code).toBeLessThan(300)
    }
    for (const path of [`/ping/${id}/fail`, `/ping/${id}`, `/ping/${id}/start`, `/ping/${id}/1`])
      expect((await server.http.ask("POST", path)).status).toBe(200)
    expect(await get(server, id)).toEqual(before)
    expect(await server.own(id)).toMatchObject({ status: "new", n_pings: 7, started: false })
    const { pings } = await (await server.http.ask("GET", `/api/v3/checks/${id}/pings/?details=1`)).json()
    expect(pings).toHaveLength(7)
    expect(pings[0]).toMatchObject({ type: "ign" })
  })

  it("stops and starts the rounds, as often as it is asked to", async () => {
    await using server = await PinghomeHost.open()
    const id = await create(server)
    const path = `/resource-cmd/v1/resource/${id}/status`
    for (const enabled of [false, false, true, true]) {
      expect((await server.tell("PUT", path, { body: { enabled } }))[0]).toBe(200)
      const state = enabled ? "pending" : "paused"
      expect(await get(server, id)).toMatchObject({ enabled, state })
    }
    for (const body of [{}, { enabled: "maybe" }, { enabled: null }, { enabled: "" }, "[]"]) {
      const [code, answer] = await server.tell("PUT", path, { body })
      expect([body, code, answer.message]).toEqual([body, 422, "Validation failed"])
    }
    expect((await server.tell("PUT", path, form({ enabled: "off" })))[0]).toBe(200)
    expect((await get(server, id)).enabled).toBe(false)
    expect((await server.tell("PUT", path, form({ enabled: "on" })))[0]).toBe(200)
  })

  it("is not moved by a form in which it is empty, and neither is any other", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const id = await server.resource(service, { skip_ssl_error: true })
    const others = [
      ["heartbeat", await server.heartbeat(service)],
      ["server-resource", await server.server(service)],
    ] as const
    const status = await server.tell("PUT", `/resource-cmd/v1/resource/${id}/status`, form({ enabled: "" }))
    expect([status[0], faults(status[1])]).toEqual([422, ["enabled"]])
    for (const flag of ["is_advanced", "skip_ssl_error", "not_follow_redirect"]) {
      const answer = await server.tell("PUT", `/resource-cmd/v1/resource/${id}`, form({ [flag]: "" }))
      expect([answer[0], faults(answer[1])]).toEqual([422, [flag]])
    }
    for (const [kind, other] of others) {
      const answer = await server.tell("PUT", `/resource-cmd/v1/${kind}/${other}`, form({ enabled: "" }))
      expect([kind, answer[0], faults(answer[1])]).toEqual([kind, 422, ["enabled"]])
    }
    expect(await get(server, id)).toMatchObject({ enabled: true, skip_ssl_error: true })
  })
})
