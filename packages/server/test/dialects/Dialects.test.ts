/** Where a dialect is reached: below its mount, at the root, and by virtual host. */
import * as Dialects from "@overdue/server/dialects/index"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { HttpHost, root } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import * as EchoDialect from "./EchoDialect.ts"

const host = "echo.example.org"

const registry = [...Dialects.dialects, { ...EchoDialect.dialect, hosts: [host] }]

const at = (host: string) => ({ key: "", headers: { host } })

describe("a dialect that is added to the registry", () => {
  it.each([
    ["below its mount", registry, "/echo", {}, `${root}/echo`],
    ["by its host", registry, "", at(host), `https://${host}`],
    ["by its host with a port, in any case", registry, "", at("Echo.Example.ORG:8000"), `https://${host}`],
    ["by its host with a dot at the end", registry, "", at(`${host}.`), `https://${host}`],
    ["by its host though it is the first", registry.toReversed(), "", at(host), root],
    ["at the root when it is the first", registry.toReversed(), "", {}, root],
    ["below its mount though it is the first", registry.toReversed(), "/echo", {}, root],
  ])("is reached %s, and names its own root", async (_case, dialects, mount, asked, own) => {
    await using server = await HttpHost.open({ dialects })
    const answer = await server.ask("GET", `${mount}/home/x?a=b`, asked)
    expect(answer.json()).toMatchObject({ path: "/home/x", query: "a=b", root: own })
    expect((await server.ask("GET", `${mount}/direct`, asked)).text).toBe("without a fiber")
    const front = await server.ask("GET", `${mount}/`, asked)
    expect([front.status, front.headers["location"]]).toEqual([302, `${mount}/home?x=1`])
    const away = await server.ask("GET", `${mount}/away`, asked)
    expect(away.headers["location"]).toBe("//x.test/")
  })

  it("is reached at its mount without a slash, too, and nowhere near", async () => {
    await using server = await HttpHost.open({ dialects: registry })
    expect((await server.ask("GET", "/echo")).headers["location"]).toBe("/echo/home?x=1")
    for (const path of ["/echoes/home", "/home", "/Echo/home"]) {
      expect([path, (await server.ask("GET", path)).status]).toEqual([path, 404])
    }
  })

  it("has its host to itself", async () => {
    await using server = await HttpHost.open({ dialects: registry })
    for (const path of ["/api/v3/status/", "/hc/api/v3/status/", "/echo/home"]) {
      expect([path, (await server.ask("GET", path, at(host))).status]).toEqual([path, 404])
      expect([path, (await server.ask("GET", path, at("other.example.org"))).status]).toEqual([path, 200])
    }
  })

  it("and fails, is answered for with a 500, whatever kind of door it is", async () => {
    await using server = await HttpHost.open({ dialects: registry })
    expect((await server.ask("GET", "/echo/broken/x")).status).toBe(500)
    expect((await server.ask("GET", "/echo/broken-at-once")).status).toBe(500)
    // Also when it has to wait for its turn.
    const several = Array.from({ length: 3 }, () => server.ask("GET", "/echo/thrown"))
    expect((await Promise.all(several)).map(({ status }) => status)).toEqual([500, 500, 500])
  })
})

describe("Healthchecks", () => {
  const dialects = Dialects.dialects
    .filter(({ name }) => name === "healthchecks")
    .map((dialect) => ({ ...dialect, hosts: ["hc.example.org"] }))

  it.each([
    ["at the root", "", {}],
    ["below its mount", "/hc", {}],
    ["by its host", "", { headers: { host: "hc.example.org" } }],
  ])("is whole %s, and names the addresses at the root", async (_case, mount, asked) => {
    await using server = await HttpHost.open({ dialects })
    const created = (
      await server.ask("POST", `${mount}/api/v3/checks/`, { ...asked, body: { name: "x" } })
    ).json()
    expect(created.ping_url).toBe(`${root}/ping/${created.uuid}`)
    expect((await server.ask("GET", `${mount}/ping/${created.uuid}`, asked)).text).toBe("OK")
    const badge = new URL(created.badge_url).pathname
    expect((await server.ask("GET", `${mount}${badge}`, asked)).status).toBe(200)
    const metrics = `${mount}/projects/${server.project.id}/metrics/${keys.readOnly}`
    expect((await server.ask("GET", metrics, asked)).text).toContain("hc_checks_total 1")
    const page = await server.ask("GET", `${mount}/`, asked)
    expect(page.headers["location"]).toBe(`${mount}/api/v3/docs`)
    const slashless = await server.ask("GET", `${mount}/api/v3/checks?tag=a`, asked)
    expect(slashless.headers["location"]).toBe(`${mount}/api/v3/checks/?tag=a`)
  })

  it("names the addresses below its mount when another dialect has the root", async () => {
    await using server = await HttpHost.open({ dialects: registry.toReversed() })
    const created = (await server.ask("POST", "/hc/api/v3/checks/")).json()
    expect(created.ping_url).toBe(`${root}/hc/ping/${created.uuid}`)
    expect((await server.ask("GET", new URL(created.ping_url).pathname)).text).toBe("OK")
    const { badges } = (await server.ask("GET", "/hc/api/v3/badges/")).json()
    expect((await server.ask("GET", new URL(badges["*"].svg).pathname)).status).toBe(200)
  })
})

describe("the operator's hosts", () => {
  const at = (...hosts: readonly (readonly [dialect: string, ...hosts: string[]])[]) =>
    Dialects.atHosts(new Map(hosts.map(([dialect, ...names]) => [dialect, names])), registry)

  it("are those of the dialect that they are given to", () => {
    const found = Result.getOrThrow(at(["healthchecks", "hc.example.org"]))
    expect(found.find(({ name }) => name === "healthchecks")?.hosts).toEqual(["hc.example.org"])
    expect(found.find(({ name }) => name === "echo")?.hosts).toEqual([host])
  })

  it.each(["nagios", "__proto__", "constructor", "toString"])(
    "cannot be given to a dialect that there is not: %s",
    (name) => {
      const refused = `no dialect is named "${name}"; there are: ${registry.map(({ name }) => name).join(", ")}`
      expect(at([name, "n.example.org"])).toEqual(Result.fail(refused))
    },
  )

  it.each([
    "",
    ".",
    "..",
    "a..b",
    " a.org",
    "a b.org",
    "a.org:80",
    "a.org:",
    "http://a.org",
    "a.org/x",
    "-a.org",
    "ä.org",
  ])("must be names of hosts: %j is refused", (name) => {
    expect(at(["echo", name])).toEqual(Result.fail(expect.stringContaining(JSON.stringify(name))))
  })

  it("are refused when two dialects are given the same one, however it is written", async () => {
    const refusal = /"x\.org" is given to two dialects, healthchecks and echo/
    expect(at(["healthchecks", "x.org"], ["echo", "X.org."])).toEqual(
      Result.fail(expect.stringMatching(refusal)),
    )
    const dialects = [
      { ...EchoDialect.dialect, name: "healthchecks", hosts: ["x.org"] },
      { ...EchoDialect.dialect, hosts: ["X.org."] },
    ]
    await expect(HttpHost.open({ dialects })).rejects.toThrow(refusal)
  })

  it.each(["S.example.org.", "s.example.org"])("are found however they are written: %s", async (name) => {
    await using server = await HttpHost.open({ dialects: Result.getOrThrow(at(["echo", name])) })
    for (const asked of ["s.example.org", "s.example.org.", "S.EXAMPLE.ORG.:8000"]) {
      expect([asked, (await server.ask("GET", "/direct", { headers: { host: asked } })).status]).toEqual([
        asked,
        200,
      ])
    }
  })
})
