/** Who may ask what of the management API, and how it answers what is not its own. */
import * as RateLimit from "@overdue/engine/RateLimit"
import { TurnedAway } from "@overdue/engine/TurnedAway"
import * as Protection from "@overdue/server/access/Protection"
import type { Services } from "@overdue/server/dialects/Dialect"
import * as Api from "@overdue/server/dialects/healthchecks/management/Api"
import * as MetricsApi from "@overdue/server/dialects/healthchecks/metrics/MetricsApi"
import type { Handler } from "@overdue/server/http/Http"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const missing = { error: "missing api key" }
const wrong = { error: "wrong api key" }

describe("a request", () => {
  it.each([
    ["without a key", ""],
    ["with a key of another length", "abc"],
  ])("%s has none", async (_, key) => {
    await using server = await HttpHost.open()
    const answer = await server.ask("GET", "/api/v3/checks/", { key })
    expect([answer.status, answer.json()]).toEqual([401, missing])
  })

  it("with an unknown key is refused", async () => {
    await using server = await HttpHost.open()
    const answer = await server.ask("GET", "/api/v3/checks/", { key: "W".repeat(32) })
    expect([answer.status, answer.json()]).toEqual([401, wrong])
  })

  it("may carry its key in the body of a POST, where the header wins", async () => {
    await using server = await HttpHost.open()
    const body = { api_key: keys.readWrite }
    const status = async (method: string, key: string) =>
      (await server.ask(method, "/api/v3/checks/", { key, body })).status
    expect(await status("POST", "")).toBe(201)
    expect(await status("POST", "abc")).toBe(401)
    expect(await status("GET", "")).toBe(401)
  })

  it("with a read-only key may read checks, flips and badges, and nothing else", async () => {
    await using server = await HttpHost.open()
    const { uuid } = (await server.ask("POST", "/api/v3/checks/")).json()
    const status = async (method: string, path: string) =>
      (await server.ask(method, `/api/v3${path}`, { key: keys.readOnly })).status
    for (const path of ["/checks/", `/checks/${uuid}`, `/checks/${uuid}/flips/`, "/badges/"]) {
      expect([path, await status("GET", path)]).toEqual([path, 200])
    }
    for (const path of [`/checks/${uuid}/pings/`, `/checks/${uuid}/pings/1/body`, "/channels/"]) {
      expect([path, await status("GET", path)]).toEqual([path, 401])
    }
    for (const path of ["/checks/", `/checks/${uuid}`, `/checks/${uuid}/pause`, "/channels/"]) {
      expect([path, await status("POST", path)]).toEqual([path, 401])
    }
    expect(await status("DELETE", `/checks/${uuid}`)).toBe(401)
  })

  it("for a check of another project is forbidden, whatever it asks", async () => {
    await using server = await HttpHost.open()
    const { uuid } = (await server.ask("POST", "/api/v3/checks/")).json()
    const path = `/api/v3/checks/${uuid}`
    for (const [method, target] of [
      ["GET", path],
      ["POST", path],
      ["DELETE", path],
      ["POST", `${path}/pause`],
      ["POST", `${path}/resume`],
      ["GET", `${path}/pings/`],
      ["GET", `${path}/pings/1/body`],
      ["GET", `${path}/flips/`],
    ] as const) {
      const answer = await server.ask(method, target, { key: keys.other })
      expect([target, answer.status, answer.text]).toEqual([target, 403, ""])
    }
  })
})

describe("what is checked comes in this order", () => {
  it.each([
    ["the body's form", { key: "", body: "{" }, 400, "could not parse request body"],
    ["the body's kind", { key: "", body: "[]" }, 400, "json validation error: value is not an object"],
    ["the key", { key: "", body: { timeout: 1 } }, 401, "missing api key"],
    ["the key in the header, before the body", { key: "W".repeat(32), body: "{" }, 401, "wrong api key"],
    ["a header of another length, before the body", { key: "W", body: "{" }, 401, "missing api key"],
    ["a read-only key, before the body", { key: keys.readOnly, body: "{" }, 401, "wrong api key"],
    [
      "the fields",
      { body: { timeout: 1, channels: "x" } },
      400,
      "json validation error: timeout is too small",
    ],
  ])("%s", async (_, asked, status, error) => {
    await using server = await HttpHost.open({ checkLimit: 0 })
    const answer = await server.ask("POST", "/api/v3/checks/", asked)
    expect([answer.status, answer.json()]).toEqual([status, { error }])
  })

  it("who it is, before the memory for the body is taken", async () => {
    await using server = await HttpHost.open()
    const ask = (key: string, body: unknown) =>
      server.ask("POST", "/api/v3/checks/", { key, body, isCrowded: true })
    expect((await ask(keys.readWrite, { name: "one" })).status).toBe(201)
    expect((await ask("", { name: "two", api_key: keys.readWrite })).status).toBe(400)
    expect((await ask("W".repeat(32), { name: "two" })).json()).toEqual({ error: "wrong api key" })
  })

  it("where the key is, before a long body", async () => {
    await using server = await HttpHost.open()
    const long = { desc: "x".repeat(2 ** 15) }
    expect((await server.ask("POST", "/api/v3/checks/", { body: long })).status).toBe(201)
    const answer = await server.ask("POST", "/api/v3/checks/", {
      key: "",
      body: { ...long, api_key: keys.readWrite },
    })
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: "request body is too long: without the header X-Api-Key, at most 16384 bytes are read" },
    ])
  })

  it("the limit of checks, before the channels", async () => {
    await using full = await HttpHost.open({ checkLimit: 0 })
    const sentence = "check limit reached: the project has its 0 checks; the operator can raise it"
    expect(await full.ask("POST", "/api/v3/checks/", { body: { channels: "x" } })).toMatchObject({
      status: 403,
      headers: { "overdue-error": sentence },
      text: "",
    })
    for (const query of ["defaults=own", "remarks=1"]) {
      const told = await full.ask("POST", `/api/v3/checks/?${query}`, { body: { channels: "x" } })
      expect([told.status, told.json()]).toEqual([403, { error: sentence }])
    }
    await using server = await HttpHost.open({ checkLimit: 1 })
    const answer = await server.ask("POST", "/api/v3/checks/", { body: { channels: "x" } })
    expect([answer.status, answer.json()]).toEqual([400, { error: "invalid channel identifier: x" }])
  })

  it("the check, before the fields of its update", async () => {
    await using server = await HttpHost.open()
    const path = "/api/v3/checks/07c2f548-9850-4b27-af5d-6c9dc157ec02"
    expect((await server.ask("POST", path, { body: { timeout: 1 } })).status).toBe(404)
  })
})

describe("a body", () => {
  it.each([
    ["is not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d)],
    ["is nothing but a byte order mark", "\uFEFF"],
    ["is blank", " "],
    ["is nested too deep to read", "[".repeat(60_000) + "]".repeat(60_000)],
  ])("that %s cannot be parsed, or is no object", async (_, body) => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", "/api/v3/checks/", { body })
    expect(answer.status).toBe(400)
    expect(answer.json().error).toMatch(/^could not parse request body$|value is not an object$/)
  })

  it("may not be longer than 128 KiB", async () => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", "/api/v3/checks/", { body: { desc: "x".repeat(2 ** 17) } })
    expect([answer.status, answer.json()]).toEqual([400, { error: "request body is too long" }])
  })

  it("may be empty, and does not matter to a GET", async () => {
    await using server = await HttpHost.open()
    expect((await server.ask("POST", "/api/v3/checks/", { body: new Uint8Array() })).status).toBe(201)
    expect((await server.ask("GET", "/api/v3/checks/", { body: "{" })).status).toBe(200)
  })
})

describe("a browser of another site", () => {
  it("learns from any answer that it may read it", async () => {
    await using server = await HttpHost.open()
    for (const [method, path, key] of [
      ["OPTIONS", "/api/v3/checks/", ""],
      ["GET", "/api/v3/checks/", keys.readWrite],
      ["GET", "/api/v3/checks/", ""],
      ["PUT", "/api/v3/checks/", keys.readWrite],
      ["GET", `/api/v3/checks/${"0".repeat(40)}`, keys.readWrite],
      ["GET", "/api/v3/nowhere", ""],
    ] as const) {
      const { headers } = await server.ask(method, path, { key })
      expect([method, path, headers["access-control-allow-origin"]]).toEqual([method, path, "*"])
    }
    const { status, headers, text } = await server.ask("OPTIONS", "/api/v3/checks/", { key: "" })
    expect([status, text]).toEqual([204, ""])
    expect(headers).toMatchObject({
      "access-control-allow-headers": "X-Api-Key",
      "access-control-allow-methods": "GET, POST, OPTIONS",
      "access-control-max-age": "600",
    })
  })

  it.each([
    ["content-type,x-api-key", "X-Api-Key, Content-Type"],
    ["X-Api-Key, Content-Type", "X-Api-Key, Content-Type"],
    ["x-api-key", "X-Api-Key"],
    ["x-content-typed", "X-Api-Key"],
  ])("may send a body as JSON when it asks for the header: %s", async (asked, allowed) => {
    await using server = await HttpHost.open()
    const headers = { "access-control-request-headers": asked, "access-control-request-method": "POST" }
    const preflight = await server.ask("OPTIONS", "/api/v3/checks/", { key: "", headers })
    expect([preflight.status, preflight.headers["access-control-allow-headers"]]).toEqual([204, allowed])
  })
})

describe("a path", () => {
  it.each(["HEAD", "PUT", "PATCH"])("does not take %s", async (method) => {
    await using server = await HttpHost.open()
    expect(await server.ask(method, "/api/v3/checks/")).toMatchObject({ status: 405, text: "" })
  })

  it("of a unique key is only there to be read", async () => {
    await using server = await HttpHost.open()
    for (const method of ["POST", "DELETE"]) {
      expect((await server.ask(method, `/api/v3/checks/${"0".repeat(40)}`)).status).toBe(405)
    }
  })

  it.each(["checks", "channels", "badges", "status", "checks/07c2f548-9850-4b27-af5d-6c9dc157ec02/pings"])(
    "that lacks its last slash leads to the one that has it: %s",
    async (path) => {
      await using server = await HttpHost.open()
      const { status, headers } = await server.ask("GET", `/api/v2/${path}?tag=a&tag=b`)
      expect([status, headers["location"]]).toEqual([301, `/api/v2/${path}/?tag=a&tag=b`])
    },
  )

  it.each([
    "/checks/07c2f548-9850-4b27-af5d-6c9dc157ec02/",
    "/checks/07C2F548-9850-4B27-AF5D-6C9DC157EC02",
    "/checks/07c2f548",
    "/checks/07c2f548-9850-4b27-af5d-6c9dc157ec02/pings/x/body",
    "/nowhere/",
    "/%E4",
    "/",
  ])("that is none is not found: %s", async (path) => {
    await using server = await HttpHost.open()
    expect((await server.ask("GET", `/api/v3${path}`)).status).toBe(404)
  })

  it("may be percent-encoded", async () => {
    await using server = await HttpHost.open()
    expect((await server.ask("GET", "/api/v3/%63hecks/")).status).toBe(200)
  })
})

describe("without a key", () => {
  it("everybody learns that the service is there", async () => {
    await using server = await HttpHost.open()
    for (const method of ["GET", "HEAD", "PUT"]) {
      const answer = await server.ask(method, "/api/v3/status/", { key: "" })
      expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([200, undefined])
    }
  })

  it("providers report what became of a message", async () => {
    await using server = await HttpHost.open()
    const status = "/api/v1/notifications/07c2f548-9850-4b27-af5d-6c9dc157ec02/status"
    expect(await server.ask("POST", status, { key: "", body: "x=1" })).toMatchObject({
      status: 200,
      text: "",
    })
    expect(await server.ask("POST", "/api/v3/bounces/", { key: "" })).toMatchObject({
      status: 200,
      text: "OK",
    })
    expect((await server.ask("GET", status, { key: "" })).status).toBe(405)
  })

  it("nobody learns the numbers of the installation, unless the metrics key is given", async () => {
    await using server = await HttpHost.open()
    const ask = (key: string) =>
      server.ask("GET", "/api/v3/metrics/", { key: "", headers: { "x-metrics-key": key } })
    expect(await ask("")).toMatchObject({ status: 403, text: "" })
    expect((await ask("wrong")).status).toBe(403)
    const { uuid } = (await server.ask("POST", "/api/v3/checks/")).json()
    const none = { ts: 1781526600, max_ping_id: null, max_notification_id: null, num_unprocessed_flips: 0 }
    expect((await ask(server.metricsKey)).json()).toEqual(none)
    await server.ask("GET", `/ping/${uuid}`)
    expect((await ask(server.metricsKey)).json()).toEqual({ ...none, max_ping_id: 1 })
  })

  it("wrong keys to metrics are limited as wrong API keys are, and right ones work on", async () => {
    await using server = await HttpHost.open()
    const turnedAway: string[] = []
    const { trusts, requests } = Protection.defaults
    const protection = { trusts, requests, wrongKeys: RateLimit.make(2) }
    const ask = async (
      handle: Handler<Services>,
      path: string,
      headers: Readonly<Record<string, string>>,
    ) => {
      const inbound = { ...server.inbound("GET", path, { key: "", headers }), path }
      const asked = handle(inbound).pipe(
        Effect.provideService(Protection.Protection, protection),
        Effect.provideService(TurnedAway, (why) => void turnedAway.push(why)),
      )
      const { status } = await server.run(asked)
      return status
    }
    const installation = (key: string) => ask(Api.handler(3), "/api/v3/metrics/", { "x-metrics-key": key })
    const project = (key: string) =>
      ask(MetricsApi.handle, `/projects/${crypto.randomUUID()}/metrics/${key}`, {})
    const unknown = "W".repeat(32)
    expect([await installation(""), await installation("abc"), await project(unknown)]).toEqual([
      403, 403, 403,
    ])
    expect([await installation("abd"), await project(unknown), await installation("")]).toEqual([
      429, 429, 403,
    ])
    expect([await installation(server.metricsKey), await project(keys.readOnly)]).toEqual([200, 200])
    const why = "too many wrong keys came from their network"
    expect(turnedAway).toEqual([why, why])
  })
})
