/** A signal that arrives twice, because its sender saw no answer to the first: one signal. */
import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import * as Overdue from "../../kit/Overdue.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Receiver from "../../kit/Receiver.ts"
import { keys } from "../../kit/Keys.ts"

const created = async (server: OverdueServer, slug: string): Promise<string> =>
  String((await server.api("POST", "/api/v3/checks/", { name: slug, slug })).json["uuid"])

/** Sends a ping under a key; resolves to status and text of the answer. */
const ping = async (server: OverdueServer, path: string, key: string) => {
  const headers = { "Idempotency-Key": key }
  const response = await fetch(`${server.url}/ping/${path}`, { method: "POST", headers })
  return [response.status, await response.text()]
}

const pingsOf = async (server: OverdueServer, id: string): Promise<unknown> =>
  (await server.api("GET", `/api/v3/checks/${id}`)).json["n_pings"]

describe("a signal with a key that is logged already", () => {
  it("is answered like the first and changes nothing, also by slug, at once, and after a restart", async () => {
    using folder = Folder.make("repeats")
    const key = randomUUID()
    let id: string
    {
      await using server = await OverdueServer.start(folder.path)
      id = await created(server, "job")
      expect(await ping(server, id, key)).toEqual([200, "OK"])
      expect(await ping(server, `${keys.ping}/job`, key)).toEqual([200, "OK"])
      const burst = await Promise.all(Array.from({ length: 20 }, () => ping(server, `${id}/fail`, "burst")))
      expect(burst).toEqual(Array.from({ length: 20 }, () => [200, "OK"]))
      expect(await pingsOf(server, id)).toBe(2)
      await server.stop()
    }
    await using server = await OverdueServer.start(folder.path)
    // The success was before the fail: taken again, it would bring the check up.
    expect(await ping(server, id, key)).toEqual([200, "OK"])
    expect((await server.api("GET", `/api/v3/checks/${id}`)).json).toMatchObject({
      n_pings: 2,
      status: "down",
    })
  })

  it("creates its check once", async () => {
    using folder = Folder.make("repeats")
    await using server = await OverdueServer.start(folder.path)
    const path = `${keys.ping}/fresh?create=1`
    const answers = await Promise.all(Array.from({ length: 5 }, () => ping(server, path, "k")))
    expect(answers.filter(([status]) => status === 201)).toHaveLength(1)
    expect((await server.api("GET", "/api/v3/checks/?slug=fresh")).json["checks"]).toMatchObject([
      { n_pings: 1 },
    ])
  })

  it("is a signal of its own for another check, and with a key that is none", async () => {
    using folder = Folder.make("repeats")
    await using server = await OverdueServer.start(folder.path)
    const [one, other] = [await created(server, "one"), await created(server, "other")]
    for (const id of [one, other]) await ping(server, id, "same")
    for (const key of ["", "two words", "x".repeat(65), "ü"]) {
      for (let twice = 0; twice < 2; twice++)
        expect(await ping(server, one, encodeURI(key))).toEqual([200, "OK"])
    }
    expect(await pingsOf(server, other)).toBe(1)
    // "two%20words" and "%C3%BC" are visible ASCII; the empty one and the long one are no keys.
    expect(await pingsOf(server, one)).toBe(1 + 2 + 1 + 2 + 1)
  })
})

describe("overdue ping through a proxy that loses the first answer", () => {
  it("is one signal, although it is sent twice", async () => {
    using folder = Folder.make("repeats")
    await using server = await OverdueServer.start(folder.path)
    const id = await created(server, "job")
    // Passes the ping on, and cuts the connection the first time.
    await using proxy = await Receiver.listen(async (request, n) => {
      const headers = { "Idempotency-Key": String(request.headers["idempotency-key"]) }
      const { status } = await fetch(server.url + request.url, { method: "POST", headers })
      return n === 0 ? "drop" : { status, body: "OK" }
    })
    await using overdue = await Overdue.make({ OVERDUE_URL: proxy.url, OVERDUE_CHECK: id })
    expect(await overdue.run(["ping", "fail"])).toMatchObject({ code: 0, stderr: "" })
    expect(proxy.received).toHaveLength(2)
    expect(await pingsOf(server, id)).toBe(1)
  })

  it("is one signal when it was kept and is sent by the next", async () => {
    using folder = Folder.make("repeats")
    await using server = await OverdueServer.start(folder.path)
    const id = await created(server, "job")
    let isDeaf = true
    await using proxy = await Receiver.listen(async (request) => {
      const headers = { "Idempotency-Key": String(request.headers["idempotency-key"]) }
      const { status } = await fetch(server.url + request.url, { method: "POST", headers })
      return isDeaf ? "drop" : { status, body: "OK" }
    })
    await using overdue = await Overdue.make({ OVERDUE_URL: proxy.url, OVERDUE_CHECK: id })
    const unknown = "it is not known whether this signal (start) arrived"
    expect((await overdue.run(["ping", "start"])).stderr).toContain(unknown)
    expect((await overdue.run(["ping", "fail"])).stderr).toContain("kept on this machine")
    isDeaf = false
    expect(await overdue.run(["ping", "log"])).toMatchObject({ code: 0 })
    expect(await pingsOf(server, id)).toBe(3)
  })
})
