/** The API's description of itself: valid, complete, and true of what the API answers. */
import { Validator } from "@seriousme/openapi-schema-validator"
import { describe, expect, it } from "vitest"
import { type Document, HttpHost, root } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"
import { DescribedAnswers } from "../../DescribedAnswers.ts"

const read = async (server: HttpHost): Promise<Document> =>
  (await server.ask("GET", "/api/v3/openapi.json", { key: "" })).json()

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1, and needs no key", async () => {
    await using server = await HttpHost.open()
    const validator = new Validator()
    const { valid, errors } = await validator.validate(await read(server))
    expect(errors ?? []).toEqual([])
    expect([valid, validator.version]).toEqual([true, "3.1"])
  })

  it("names the site, and every operation once", async () => {
    await using server = await HttpHost.open()
    const document = await read(server)
    expect(document.servers).toEqual([{ url: root }])
    const ids = Object.values<Document>(document.paths).flatMap((methods) =>
      Object.values<Document>(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(["pingSuccess", "createCheck", "listFlips", "createChannel"]))
  })

  it("says of what is written what is refused", async () => {
    await using server = await HttpHost.open()
    const { CheckInput, Check } = (await read(server)).components.schemas
    expect(CheckInput.properties.timeout).toMatchObject({ minimum: 60, maximum: 31_536_000, default: 86_400 })
    expect(CheckInput.properties.slug).toMatchObject({ maxLength: 100, pattern: "^[a-z0-9_-]*$" })
    expect(CheckInput.properties).not.toHaveProperty("n_pings")
    expect(Check.properties).not.toHaveProperty("unique")
    for (const { description } of Object.values<Document>(CheckInput.properties)) {
      expect(description).toMatch(/\S/)
    }
  })

  it("names every parameter of a ping that creates its check, and what a limited client is told", async () => {
    await using server = await HttpHost.open()
    const { paths } = await read(server)
    for (const suffix of ["", "/start", "/fail", "/log", "/{exit_status}"]) {
      const { parameters } = paths[`/ping/{ping_key}/{slug}${suffix}`].post
      const query = parameters.filter((parameter: Document) => parameter.in === "query")
      expect(query.map((parameter: Document) => parameter.name)).toEqual([
        "rid",
        "create",
        "defaults",
        "name",
        "tags",
        "grace",
        "channels",
        "timeout",
        "schedule",
        "tz",
      ])
    }
    for (const [path, methods] of Object.entries<Document>(paths)) {
      for (const { security, responses } of Object.values<Document>(methods)) {
        const isLimited = path.startsWith("/ping/") || path.endsWith("/metrics/") || security.length > 0
        expect([path, "429" in responses]).toEqual([path, isLimited])
      }
    }
  })

  it("describes what the API answers", async () => {
    await using server = await HttpHost.open()
    const document = await read(server)
    const described = new DescribedAnswers(document)
    /** Asks, and compares the answer with what the document says of it. */
    const ask = async (
      method: string,
      template: string,
      names: Record<string, string>,
      body?: unknown,
      key?: string,
    ) => {
      const query = /\/(flips|pings|channels)\/$/.test(template) ? "?details=1" : ""
      const path = query === "" ? template : template + query
      const target = path.replace(/\{(\w+)\}/g, (_, name: string) => names[name]!)
      const answer = await server.ask(method, target, { body, key })
      return described.compare(method, template, answer)
    }
    const extension = {
      alert: { failures: 2 },
      quiet: [{ schedule: "daily", duration: 60 }],
      max_runtime: "never",
    }
    const channel = await ask("POST", "/api/v3/channels/", {}, { kind: "callback", name: "C" })
    const check = await ask(
      "POST",
      "/api/v3/checks/",
      {},
      { name: "J", slug: "j", tags: "a b", channels: "C", ...extension },
    )
    const named = { uuid: check.uuid, n: "1" }
    await ask("POST", "/ping/{uuid}/start", named, "begin")
    await ask("POST", "/ping/{uuid}", named)
    await ask("POST", "/ping/{uuid}/fail", named)
    const addressed = { ping_key: keys.ping, slug: "j", exit_status: "3" }
    await ask("POST", "/ping/{ping_key}/{slug}", addressed)
    await ask("POST", "/ping/{ping_key}/{slug}/{exit_status}", addressed)
    for (const key of [keys.readWrite, keys.readOnly, keys.other, ""]) {
      await ask("GET", "/api/v3/checks/", {}, undefined, key)
      await ask("GET", "/api/v3/checks/{uuid}", named, undefined, key)
      await ask("GET", "/api/v3/checks/{uuid}/pings/", named, undefined, key)
      await ask("GET", "/api/v3/checks/{uuid}/pings/{n}/body", named, undefined, key)
      await ask("GET", "/api/v3/checks/{uuid}/flips/", named, undefined, key)
      await ask("GET", "/api/v3/checks/{uuid}/statistics", named, undefined, key)
      await ask("GET", "/api/v3/channels/", {}, undefined, key)
      await ask("GET", "/api/v3/badges/", {}, undefined, key)
    }
    await ask("POST", "/api/v3/checks/{uuid}", named, { timeout: 1 })
    await ask("POST", "/api/v3/checks/{uuid}", named, { schedule: "* * * * *", tz: "Europe/Riga" })
    await ask("POST", "/api/v3/checks/", {}, { name: "J", unique: ["name"] })
    await ask("POST", "/api/v3/checks/{uuid}/resume", named)
    await ask("POST", "/api/v3/checks/{uuid}/pause", named)
    await ask("POST", "/api/v3/checks/{uuid}/resume", named)
    await ask("POST", "/api/v3/channels/{uuid}/test", { uuid: channel.id })
    server.fail = "no"
    await ask("POST", "/api/v3/channels/{uuid}/test", { uuid: channel.id })
    const quiet = [{ every: 86_400, duration: 60 }]
    await ask("POST", "/api/v3/channels/{uuid}", { uuid: channel.id }, { up: false, quiet })
    await ask("POST", "/api/v3/channels/{uuid}", { uuid: channel.id }, { up: "no" })
    await ask("DELETE", "/api/v3/channels/{uuid}", { uuid: channel.id })
    await ask("DELETE", "/api/v3/channels/{uuid}", { uuid: channel.id })
    await ask("DELETE", "/api/v3/checks/{uuid}", named)
    await ask("GET", "/api/v3/status/", {})
    await ask("GET", "/api/v3/metrics/", {})
  })
})

describe("the page for people", () => {
  it("shows every operation and every field, and asks for nothing from elsewhere", async () => {
    await using server = await HttpHost.open()
    const document = await read(server)
    const { status, headers, text } = await server.ask("GET", "/api/v3/docs", { key: "" })
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"])
    expect(headers["content-security-policy"]).toBe("default-src 'none'; style-src 'unsafe-inline'")
    for (const [path, methods] of Object.entries<Document>(document.paths)) {
      expect(text).toContain(`<code>${path}</code>`)
      for (const { operationId } of Object.values<Document>(methods))
        expect(text).toContain(`id="${operationId}"`)
    }
    for (const field of Object.keys(document.components.schemas.CheckInput.properties)) {
      expect(text).toContain(`<code>${field}</code>`)
    }
    expect(text).not.toMatch(/<(script|img|link|iframe)|src=|url\(|@import/)
  })

  it("leads nowhere that is not there", async () => {
    await using server = await HttpHost.open()
    const { text } = await server.ask("GET", "/api/v3/docs", { key: "" })
    const anchors = new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id))
    const links = Array.from(text.matchAll(/href="([^"]+)"/g), ([, link]) => link!)
    expect(links.length).toBeGreaterThan(40)
    for (const link of links) {
      // Other APIs have pages of their own.
      const isThere = link.startsWith(root)
        ? (await server.ask("GET", link.slice(root.length), { key: "" })).status === 200
        : link === "openapi.json" || anchors.has(link.slice(1))
      expect(isThere, link).toBe(true)
    }
  })

  it("is of version 3 only", async () => {
    await using server = await HttpHost.open()
    expect((await server.ask("GET", "/api/v1/docs", { key: "" })).status).toBe(404)
  })
})

describe("the numbers of the document", () => {
  it("are those that JSON has, which generated clients need not tell from words", async () => {
    await using server = await HttpHost.open()
    const { text, json } = await server.ask("GET", "/api/v3/openapi.json")
    expect(text).not.toMatch(/Infinity|NaN/)
    const { up, uptime } = json().components.schemas.Statistics.properties
    expect(up).toEqual({ type: "number" })
    expect(uptime.anyOf).toEqual([{ type: "number" }, { type: "null" }])
  })
})
