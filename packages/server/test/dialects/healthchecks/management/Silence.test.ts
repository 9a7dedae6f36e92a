import { describe, expect, it } from "vitest"
import { type Document, HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const create = async (server: HttpHost, body: unknown): Promise<Document> =>
  (await server.ask("POST", "/api/v3/checks/", { body })).json()

describe("the silence of a check", () => {
  it("lasts for some seconds or until an instant, is shown while it lasts, and can be ended", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "backup" })
    expect(check).not.toHaveProperty("silenced_until")
    const path = `/api/v3/checks/${check.uuid}/silence`
    const silenced = await server.ask("POST", path, { body: { for: 7200 } })
    expect(silenced.status).toBe(200)
    expect(Date.parse(String(silenced.json()["silenced_until"]))).toBeGreaterThan(Date.parse("2000-01-01"))
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const later = await server.ask("POST", path, { body: { until } })
    expect(later.json()["silenced_until"]).toBe(`${until.slice(0, 19)}+00:00`)
    expect((await server.ask("DELETE", path)).json()).not.toHaveProperty("silenced_until")
    await server.ask("POST", path, { body: { for: 60 } })
    expect((await server.ask("POST", path, { body: { for: 0 } })).json()).not.toHaveProperty("silenced_until")
  })

  it.each([
    [{}, "needs either for, in seconds, or until, an instant"],
    [{ for: 60, until: "2026-12-24T08:00:00Z" }, "needs either for, in seconds, or until, an instant"],
    [{ for: -1 }, "for is too small"],
    [{ for: 1e9 }, "for is too large"],
    [{ for: "2h" }, "for is not a number"],
    [{ until: "2026-12-24T08:00" }, "until is not an instant such as 2026-12-24T22:00:00Z"],
    [{ until: "9000-01-01T00:00:00Z" }, "until is too far away: a year at most"],
  ])("is refused as %j", async (body, why) => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "backup" })
    const answer = await server.ask("POST", `/api/v3/checks/${check.uuid}/silence`, { body })
    expect([answer.status, answer.json()["error"]]).toEqual([400, expect.stringContaining(why)])
  })

  it("needs a key that may write, and a check of the project", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "backup" })
    const path = `/api/v3/checks/${check.uuid}/silence`
    const ask = (key: string, path: string) => server.ask("POST", path, { key, body: { for: 60 } })
    expect((await ask(keys.readOnly, path)).status).toBe(401)
    const nobody = "/api/v3/checks/482d58f2-1f39-4806-9366-8c2bc42a1446/silence"
    expect((await ask(keys.readWrite, nobody)).status).toBe(404)
  })
})

describe("the silence of a project", () => {
  it("is of all its checks, also of those that come, or of those that have a tag", async () => {
    await using server = await HttpHost.open()
    await create(server, { name: "a", tags: "db" })
    await create(server, { name: "b" })
    const silent = async (): Promise<readonly unknown[]> => {
      const checks: readonly Document[] = (await server.ask("GET", "/api/v3/checks/")).json()["checks"]
      return checks.flatMap((check) => ("silenced_until" in check ? [check["name"]] : []))
    }
    const tagged = await server.ask("POST", "/api/v3/silence?tag=db", { body: { for: 60 } })
    expect([tagged.status, tagged.json()["checks"], await silent()]).toEqual([200, 1, ["a"]])
    expect((await server.ask("POST", "/api/v3/silence", { body: { for: 60 } })).json()["checks"]).toBe(2)
    await create(server, { name: "c" })
    expect(await silent()).toEqual(["a", "b", "c"])
    const ended = await server.ask("DELETE", "/api/v3/silence")
    expect([ended.json(), await silent()]).toEqual([{ checks: 3, silenced_until: null }, []])
  })
})

describe("a run that is cancelled", () => {
  it("has neither failed nor succeeded, and is in the log as what it was", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "backup" })
    const ping = (path: string) => server.ask("GET", `/ping/${check.uuid}${path}`)
    await ping("")
    await ping("/start")
    expect((await ping("/cancel")).status).toBe(200)
    const { status, started, n_pings } = (await server.ask("GET", `/api/v3/checks/${check.uuid}`)).json()
    expect({ status, started, n_pings }).toEqual({ status: "up", started: false, n_pings: 3 })
    const { pings } = (await server.ask("GET", `/api/v3/checks/${check.uuid}/pings/`)).json()
    expect(pings).toMatchObject([{ type: "cancel" }, { type: "start" }, { type: "success" }])
  })
})
