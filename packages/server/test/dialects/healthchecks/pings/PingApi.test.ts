import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const rid = "11111111-1111-4111-8111-111111111111"
const nobody = "00000000-0000-4000-8000-000000000000"

/** A ping as a client sends it: without a key. */
const ping = (
  server: HttpHost,
  target: string,
  options: { method?: string; body?: string | Uint8Array; headers?: Record<string, string> } = {},
) => server.ask(options.method ?? "GET", target, { key: "", ...options })

const create = async (server: HttpHost, fields: object = {}): Promise<string> =>
  (await server.ask("POST", "/api/v3/checks/", { body: fields })).json().uuid

const last = async (server: HttpHost, id: string) =>
  (await server.ask("GET", `/api/v3/checks/${id}/pings/`)).json().pings[0]

describe("a ping by id", () => {
  it.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "is taken by %s and logged",
    async (method) => {
      await using server = await HttpHost.open()
      const id = await create(server)
      const answer = await ping(server, `/ping/${id}`, { method })
      expect(answer).toMatchObject({
        status: 200,
        text: "OK",
        headers: { "ping-body-limit": "10000", "access-control-allow-origin": "*" },
      })
      expect(answer.headers["cache-control"]).toContain("no-cache")
      expect(await last(server, id)).toMatchObject({ type: "success", method, n: 1 })
    },
  )

  it.each([
    ["", "success"],
    ["/", "success"],
    ["/start", "start"],
    ["/fail", "fail"],
    ["/log", "log"],
    ["/0", "success"],
    ["/1", "fail"],
    ["/255", "fail"],
  ])("with the suffix %j is a %s", async (suffix, type) => {
    await using server = await HttpHost.open()
    const id = await create(server)
    expect((await ping(server, `/${id}${suffix}`)).text).toBe("OK")
    expect(await last(server, id)).toMatchObject({ type })
  })

  it("is refused with the documented words, and then not logged", async () => {
    await using server = await HttpHost.open()
    const id = await create(server)
    expect(await ping(server, `/ping/${nobody}`)).toMatchObject({ status: 404, text: "not found" })
    expect(await ping(server, `/ping/${id}/256`)).toMatchObject({ status: 400, text: "invalid url format" })
    expect(await ping(server, `/ping/${id}?rid=x`)).toMatchObject({
      status: 400,
      text: "invalid uuid format",
    })
    expect(await ping(server, `/ping/${nobody}/256`)).toMatchObject({ status: 404 })
    expect(await last(server, id)).toBeUndefined()
  })

  it("keeps the first bytes of its body up to the limit, its run id and its origin", async () => {
    await using server = await HttpHost.open()
    const id = await create(server)
    const body = "x".repeat(9_999) + "yz"
    await ping(server, `/ping/${id}/7?rid=${rid.toUpperCase()}`, {
      method: "POST",
      body,
      headers: {
        "user-agent": "u".repeat(300),
        "x-forwarded-for": "203.0.113.9:1234, 10.0.0.1",
        "x-forwarded-proto": "https",
      },
    })
    const logged = await last(server, id)
    expect(logged).toMatchObject({
      type: "fail",
      rid,
      scheme: "https",
      remote_addr: "203.0.113.9",
      ua: "u".repeat(200),
    })
    const kept = await server.ask("GET", new URL(logged.body_url).pathname)
    expect(kept.text).toBe(body.slice(0, 10_000))
  })

  it("is taken with its body when the bodies of strangers leave them no room, if there is its check", async () => {
    await using server = await HttpHost.open()
    const id = await create(server, { slug: "job" })
    const asked = { body: "x", isCrowded: true }
    expect(await server.ask("POST", `/ping/${id}`, asked)).toMatchObject({ status: 200, text: "OK" })
    expect(await server.ask("POST", `/ping/${keys.ping}/job`, asked)).toMatchObject({ status: 200 })
    expect(await server.ask("POST", `/ping/${nobody}`, asked)).toMatchObject({
      status: 404,
      text: "not found",
    })
    const { pings } = (await server.ask("GET", `/api/v3/checks/${id}/pings/`)).json()
    expect(pings).toHaveLength(2)
  })

  it("is filtered by its body, which may be anything but UTF-8", async () => {
    await using server = await HttpHost.open()
    const id = await create(server, { filter_http_body: true, failure_kw: "FAILED", success_kw: "DONE" })
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x80]), Buffer.from("FAILED")])
    expect((await ping(server, `/ping/${id}`, { method: "POST", body: bytes })).text).toBe("OK")
    expect(await last(server, id)).toMatchObject({ type: "fail" })
    await ping(server, `/ping/${id}/fail`, { method: "POST", body: "DONE" })
    expect(await last(server, id)).toMatchObject({ type: "success" })
    await ping(server, `/ping/${id}`, { method: "POST", body: "neither" })
    expect(await last(server, id)).toMatchObject({ type: "ign" })
  })
})

describe("a ping by slug", () => {
  it("finds the check of the project with that ping key", async () => {
    await using server = await HttpHost.open()
    const id = await create(server, { slug: "backup" })
    expect(await ping(server, `/ping/${keys.ping}/backup/start`)).toMatchObject({ status: 200, text: "OK" })
    expect(await last(server, id)).toMatchObject({ type: "start" })
  })

  it("is refused with the documented words", async () => {
    await using server = await HttpHost.open()
    await create(server, { slug: "twin" })
    await create(server, { slug: "twin" })
    expect(await ping(server, `/ping/${keys.ping}/twin`)).toMatchObject({
      status: 409,
      text: "ambiguous slug",
    })
    expect(await ping(server, `/ping/${keys.ping}/nothing`)).toMatchObject({ status: 404, text: "not found" })
    expect(await ping(server, `/ping/wrongkey/twin`)).toMatchObject({ status: 404, text: "not found" })
    expect(await ping(server, `/ping/wrongkey/TWIN`)).toMatchObject({
      status: 400,
      text: "invalid url format",
    })
  })

  it("creates the check that its parameters describe", async () => {
    await using server = await HttpHost.open()
    const answer = await ping(
      server,
      `/ping/${keys.ping}/nightly?create=1&name=Nightly%20job&tags=prod&schedule=15+5+*+*+*&tz=Europe/Kiev&grace=600`,
    )
    expect(answer).toMatchObject({ status: 201, text: "Created" })
    const { checks } = (await server.ask("GET", "/api/v3/checks/?slug=nightly")).json()
    expect(checks).toMatchObject([
      {
        name: "Nightly job",
        tags: "prod",
        schedule: "15 5 * * *",
        tz: "Europe/Kyiv",
        grace: 600,
        n_pings: 1,
        status: "up",
      },
    ])
  })

  it("assigns the channels that it names, instead of all", async () => {
    await using server = await HttpHost.open()
    for (const name of ["ops", "night"]) {
      await server.ask("POST", "/api/v3/channels/", { body: { name, kind: "callback", value: {} } })
    }
    const { channels } = (await server.ask("GET", "/api/v3/channels/")).json()
    const assigned = async (slug: string, parameters: string) => {
      const answer = await ping(server, `/ping/${keys.ping}/${slug}?create=1${parameters}`)
      if (answer.status !== 201) return answer.text
      return (await server.ask("GET", `/api/v3/checks/?slug=${slug}`)).json().checks[0].channels
    }
    expect(await assigned("one", "&channels=night")).toBe(channels[1].id)
    expect(await assigned("none", "&channels=")).toBe("")
    expect((await assigned("all", "")).split(",")).toHaveLength(2)
    expect(await assigned("wrong", "&channels=day")).toBe("channels: invalid channel identifier: day")
  })

  it("creates with Healthchecks' defaults when it describes nothing", async () => {
    await using server = await HttpHost.open()
    expect((await ping(server, `/ping/${keys.ping}/job?create=1`)).status).toBe(201)
    expect((await ping(server, `/ping/${keys.ping}/job?create=1`)).status).toBe(200)
    const { checks } = (await server.ask("GET", "/api/v3/checks/")).json()
    expect(checks).toMatchObject([{ name: "job", slug: "job", timeout: 86_400, grace: 3_600, n_pings: 2 }])
  })

  it("says that its description was taken, to whoever asks for our defaults", async () => {
    await using server = await HttpHost.open()
    const applied = async (query: string) => {
      const { status, headers } = await ping(server, `/ping/${keys.ping}/${query}`)
      return [status, headers["preference-applied"]]
    }
    expect(await applied("a?create=1&defaults=own&grace=60")).toEqual([201, "defaults=own"])
    expect(await applied("a?create=1&defaults=own&grace=60")).toEqual([200, undefined])
    expect(await applied("b?create=1&grace=60")).toEqual([201, undefined])
  })

  it.each([
    ["timeout=59", /^timeout: expected whole seconds from 60 to 31536000/],
    ["grace=soon", /^grace: expected whole seconds/],
    ["schedule=0+0+31+2+*", /^schedule: .*day-of-month/],
    ["schedule=*+*+*+*+*&tz=Mars/Base", /^tz: expected/],
    [`name=${"x".repeat(101)}`, /^name: expected at most 100 characters/],
    [`tags=${"x".repeat(501)}`, /^tags: expected at most 500 characters/],
  ])("is told what is wrong with %j, and creates nothing", async (parameters, sentence) => {
    await using server = await HttpHost.open()
    const answer = await ping(server, `/ping/${keys.ping}/job?create=1&${parameters}`)
    expect(answer.status).toBe(400)
    expect(answer.text).toMatch(sentence)
    expect((await server.ask("GET", "/api/v3/checks/")).json().checks).toEqual([])
  })

  it("is never answered with a page of its own making", async () => {
    await using server = await HttpHost.open()
    const answer = await ping(server, `/ping/${keys.ping}/job?create=1&channels=<img src=x onerror=alert(1)>`)
    expect(answer).toMatchObject({
      status: 400,
      text: expect.stringContaining("<img"),
      headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    })
  })
})
