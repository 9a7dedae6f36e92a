import { hour, minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"

const path = (url: string): string => new URL(url).pathname

/** A server with a check that is up, and late within grace after an hour. */
const open = async () => {
  const server = await HttpHost.open()
  const body = { name: "Äpfel <1>", tags: "prod a/b 100%", timeout: 3600, grace: 3600 }
  const check = (await server.ask("POST", "/api/v3/checks/", { body })).json()
  await server.ask("GET", `/ping/${check.uuid}`)
  const { badges } = (await server.ask("GET", "/api/v3/badges/")).json()
  return { server, check, badges }
}

describe("the list of badges", () => {
  it("has each tag, and * for all checks, in every format", async () => {
    const { server, badges } = await open()
    await using _ = server
    expect(Object.keys(badges).sort()).toEqual(["*", "100%", "a/b", "prod"])
    expect(Object.keys(badges.prod).sort()).toEqual(["json", "json3", "shields", "shields3", "svg", "svg3"])
    expect(badges.prod.svg).toMatch(/\/badge\/[0-9a-f-]{36}\/[\w-]{8}-2\/prod\.svg$/)
    expect(badges["*"].json3).toMatch(/\/badge\/[0-9a-f-]{36}\/[\w-]{8}\.json$/)
    for (const tag of Object.keys(badges)) {
      for (const url of Object.values<string>(badges[tag])) {
        expect((await server.ask("GET", path(url), { key: "" })).status).toBe(200)
      }
    }
  })

  it("may be read with a read-only key", async () => {
    const { server, badges } = await open()
    await using _ = server
    const answer = await server.ask("GET", "/api/v3/badges/", { key: "R".repeat(32) })
    expect(answer.json()).toEqual({ badges })
  })
})

describe("a badge of a tag", () => {
  it("says late within grace with three states, and up with two", async () => {
    const { server, badges } = await open()
    await using _ = server
    await server.advance(hour + minute)
    const status = async (url: string) => (await server.ask("GET", path(url))).json()
    expect(await status(badges.prod.json)).toEqual({ status: "up", total: 1, grace: 1, down: 0 })
    expect(await status(badges.prod.json3)).toEqual({ status: "late", total: 1, grace: 1, down: 0 })
    expect(await status(badges["*"].shields3)).toEqual({
      schemaVersion: 1,
      label: "Mychecks",
      message: "late",
      color: "important",
    })
  })

  it("is an image that no proxy keeps and any page may show", async () => {
    const { server, badges } = await open()
    await using _ = server
    const { headers, text } = await server.ask("GET", path(badges["100%"].svg))
    expect(headers["content-type"]).toBe("image/svg+xml")
    expect(headers["cache-control"]).toContain("no-store")
    expect(headers["access-control-allow-origin"]).toBe("*")
    expect(text).toContain(">100%</text>")
  })

  it("is not found with the signature of another tag, in another format, or in no project", async () => {
    const { server, badges } = await open()
    await using _ = server
    const good = path(badges.prod.svg)
    for (const bad of [
      good.replace("/prod.svg", "/a%2Fb.svg"),
      good.replace(".svg", ".png"),
      good.replace(/badge\/[^/]+/, "badge/nobody"),
      good.replace("/prod.svg", "/%E4.svg"),
    ]) {
      expect(await server.ask("GET", bad)).toMatchObject({ status: 404, text: "" })
    }
  })

  it("is only there to be read", async () => {
    const { server, badges } = await open()
    await using _ = server
    expect(await server.ask("POST", path(badges.prod.svg))).toMatchObject({ status: 405, text: "" })
    const preflight = await server.ask("OPTIONS", path(badges.prod.svg))
    expect(preflight).toMatchObject({
      status: 204,
      headers: { "access-control-allow-methods": "GET, OPTIONS" },
    })
  })
})

describe("a badge of a check", () => {
  it("is where the check says, and shows its name", async () => {
    const { server, check } = await open()
    await using _ = server
    const { status, text } = await server.ask("GET", path(check.badge_url), { key: "" })
    expect(status).toBe(200)
    expect(text).toContain(">Äpfel &lt;1&gt;</text>")
  })

  it("tells as many states apart as its address says", async () => {
    const { server, check } = await open()
    await using _ = server
    await server.advance(hour + minute)
    const two = path(check.badge_url).replace(".svg", ".json")
    const status = async (from: string) => (await server.ask("GET", from)).json()
    expect(await status(two)).toEqual({ status: "up", total: 1, grace: 1, down: 0 })
    expect(await status(two.replace("/b/2/", "/b/3/"))).toMatchObject({ status: "late" })
    expect((await server.ask("GET", two.replace("/b/2/", "/b/4/"))).status).toBe(404)
    expect((await server.ask("GET", `/b/2/${check.uuid}.json`)).status).toBe(404)
  })
})
