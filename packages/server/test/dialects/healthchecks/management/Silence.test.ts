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
  })

  it.each([
    [{}, "give either for, in seconds, or until, an instant"],
    [{ for: 60, until: "2999-12-24T08:00:00Z" }, "give either for or until, not both"],
    [{ for: 0 }, "for is too small: at least 1 second (to end a silence, use DELETE), not 0"],
    [{ for: -1 }, "for is too small: at least 1 second (to end a silence, use DELETE), not -1"],
    [{ for: 0.5 }, "for is not a whole number"],
    [{ for: 1e9 }, "for is too large: at most 31536000 seconds, a year, not 1000000000"],
    [{ for: "2h" }, "for is not a number"],
    [{ for: null }, "for is not a number"],
    [{ until: null }, "until is not a string"],
    [{ until: 4_000_000_000_000 }, "until is not a string"],
    [
      { until: "soon" },
      "until is not an instant such as 2026-12-24T22:00:00Z, nor a local time such as 2026-12-24T22:00",
    ],
    [{ until: "2020-01-01T00:00:00Z" }, "until is past; to end a silence, use DELETE"],
    [{ until: "9000-01-01T00:00:00Z" }, "until is too far away: a year at most"],
  ])("is refused as %j, and what was silent stays so", async (body, why) => {
    await using server = await HttpHost.open()
    const check = await create(server, { name: "backup" })
    const path = `/api/v3/checks/${check.uuid}/silence`
    await server.ask("POST", path, { body: { for: 60 } })
    for (const each of [path, "/api/v3/silence"]) {
      const answer = await server.ask("POST", each, { body })
      expect([answer.status, answer.json()["error"]]).toEqual([400, `json validation error: ${why}`])
    }
    const after = await server.ask("GET", `/api/v3/checks/${check.uuid}`)
    expect(after.json()).toHaveProperty("silenced_until")
  })

  it("lasts until a time on the wall clock of the check, which many checks do not share", async () => {
    await using server = await HttpHost.open()
    const check = await create(server, { schedule: "0 5 * * *", tz: "Asia/Kathmandu" })
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    const body = { until: `${tomorrow}T12:00` }
    const one = await server.ask("POST", `/api/v3/checks/${check.uuid}/silence`, { body })
    expect(one.json()["silenced_until"]).toBe(`${tomorrow}T06:15:00+00:00`)
    const all = await server.ask("POST", "/api/v3/silence", { body })
    expect([all.status, all.json()["error"]]).toEqual([
      400,
      expect.stringContaining("until needs its offset from UTC for several checks"),
    ])
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

describe("the silence of a tag", () => {
  it.each([
    ["tag=", "tag is empty: name a tag, or leave the parameter out for all checks"],
    ["tag", "tag is empty: name a tag, or leave the parameter out for all checks"],
    ["tag=%20%09", "tag is empty: name a tag, or leave the parameter out for all checks"],
    ["tag=db+nightly", "tag has spaces, which separate tags: name one"],
    ["tags=db", '"tags" is unknown: the parameter is tag'],
    ["tag=db&tag=web", "tag is given more than once: name one"],
  ])("is refused for ?%s, whether it begins or ends", async (query, error) => {
    await using server = await HttpHost.open()
    await create(server, { name: "a", tags: "db" })
    await create(server, { name: "b" })
    const silent = async (): Promise<number> => {
      const checks: readonly Document[] = (await server.ask("GET", "/api/v3/checks/")).json()["checks"]
      return checks.filter((check) => "silenced_until" in check).length
    }
    const path = `/api/v3/silence?${query}`
    const begun = await server.ask("POST", path, { body: { for: 60 } })
    expect([begun.status, begun.json()["error"], await silent()]).toEqual([400, error, 0])
    await server.ask("POST", "/api/v3/silence", { body: { for: 60 } })
    const ended = await server.ask("DELETE", path)
    expect([ended.status, ended.json()["error"], await silent()]).toEqual([400, error, 2])
  })

  it("is of no check when none has the tag", async () => {
    await using server = await HttpHost.open()
    await create(server, { name: "a" })
    const answer = await server.ask("POST", "/api/v3/silence?tag=nope", { body: { for: 60 } })
    expect([answer.status, answer.json()["checks"]]).toEqual([200, 0])
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
