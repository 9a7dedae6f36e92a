import * as Base from "@overdue/server/http/Base"
import { describe, expect, it } from "vitest"
import { HttpHost, site } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"

describe("a site whose root has a path", () => {
  const open = () => HttpHost.open({ site: { ...site, root: "https://example.org/sub/overdue" } })

  it("is reached below it, and where a proxy takes the path away, and redirects below it", async () => {
    await using server = await open()
    const { json } = await server.ask("POST", "/sub/overdue/api/v3/checks/", { body: { tags: "a" } })
    const made = json()
    expect(made.ping_url).toBe(`https://example.org/sub/overdue/ping/${made.uuid}`)
    const badges = (await server.ask("GET", "/api/v3/badges/")).json().badges
    for (const url of [
      made.ping_url,
      made.badge_url,
      badges.a.svg,
      badges["*"].json,
      "https://example.org/sub/overdue/healthz",
    ]) {
      const { pathname } = new URL(url)
      expect((await server.ask("GET", pathname, { key: "" })).status).toBe(200)
      expect((await server.ask("GET", pathname.slice("/sub/overdue".length), { key: "" })).status).toBe(200)
    }
    for (const [path, location] of [
      ["/sub/overdue", "/sub/overdue/api/v3/docs"],
      ["/sub/overdue/", "/sub/overdue/api/v3/docs"],
      ["/", "/sub/overdue/api/v3/docs"],
      ["/sub/overdue/api/v3/checks", "/sub/overdue/api/v3/checks/"],
      ["/sub/overdue/hc/api/v3/checks", "/sub/overdue/hc/api/v3/checks/"],
    ] as const) {
      const { status, headers } = await server.ask("GET", path)
      expect([path, Math.floor(status / 100), headers["location"]]).toEqual([path, 3, location])
    }
    expect((await server.ask("GET", "/sub/overduex/healthz")).status).toBe(404)
  })

  it.each(["https://a.example", "https://a.example/", "http://127.0.0.1:8000", ""])("is not %j", (root) => {
    expect(Base.of(root)).toBe("")
  })
})

describe("a path with characters that need no percent-encoding", () => {
  it("is the same as without it, in every part of the server", async () => {
    await using server = await HttpHost.open()
    const { uuid, badge_url } = (
      await server.ask("POST", "/api/v3/checks/", { body: { slug: "a-b", tags: "x.y" } })
    ).json()
    const encoded = (path: string) =>
      path.replace(/[-\w.~]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    const badges = (await server.ask("GET", "/api/v3/badges/")).json().badges
    for (const path of [
      `/ping/${uuid}`,
      `/ping/${uuid}/start`,
      `/ping/${keys.ping}/a-b`,
      "/healthz",
      "/api/v3/checks/",
      `/api/v3/checks/${uuid}`,
      new URL(badge_url).pathname,
      new URL(badges["x.y"].svg).pathname,
      `/projects/${server.project.id}/metrics/${keys.readOnly}`,
    ]) {
      expect([path, (await server.ask("GET", encoded(path))).status]).toEqual([path, 200])
      expect((await server.ask("GET", encoded(path).toLowerCase())).status).toBe(200)
    }
  })

  it("is another one with what must be encoded", async () => {
    await using server = await HttpHost.open()
    for (const path of ["/ping%2Fx", "/healthz%00", "/%2e%2e%2fhealthz", "/healthz%", "/healthz%zz", "/%"])
      expect([path, (await server.ask("GET", path)).status]).toEqual([path, 404])
  })
})

describe("the metrics of a project", () => {
  it("are found with and without the slash", async () => {
    await using server = await HttpHost.open()
    const headers = { authorization: `Bearer ${keys.readOnly}` }
    for (const end of ["", "/"]) {
      const path = `/projects/${server.project.id}/metrics${end}`
      expect((await server.ask("GET", path, { key: "", headers })).status).toBe(200)
      expect((await server.ask("GET", path, { key: "" })).status).toBe(401)
    }
  })
})

describe("JSON that begins with a byte order mark", () => {
  const json = '{"name": "Ä"}'
  it.each([
    ["UTF-8", Buffer.from(`\ufeff${json}`)],
    ["UTF-16, little end first", Buffer.from(`\ufeff${json}`, "utf16le")],
    ["UTF-16, big end first", Buffer.from(`\ufeff${json}`, "utf16le").swap16()],
  ])("of %s is read", async (_, bytes) => {
    await using server = await HttpHost.open()
    const made = await server.ask("POST", "/api/v3/checks/", { body: new Uint8Array(bytes) })
    expect([made.status, made.json().name]).toEqual([201, "Ä"])
  })

  it.each([
    ["two of them", Buffer.from(`\ufeff\ufeff${json}`)],
    ["half of one", Buffer.from([0xef, 0xbb])],
    ["UTF-16 that is cut", Buffer.from(`\ufeff${json}`, "utf16le").subarray(0, -1)],
    ["UTF-16 without one", Buffer.from(json, "utf16le")],
  ])("is not read with %s", async (_, bytes) => {
    await using server = await HttpHost.open()
    const made = await server.ask("POST", "/api/v3/checks/", { body: new Uint8Array(bytes) })
    expect([made.status, made.json()]).toEqual([400, { error: "could not parse request body" }])
  })
})
