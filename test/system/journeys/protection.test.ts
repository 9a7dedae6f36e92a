/** What an operator sets against too much and against lies, on a real server. */
import { once } from "node:events"
import { request, type IncomingMessage } from "node:http"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { SocketDialogue } from "../../kit/SocketDialogue.ts"

const createCheck = async (overdue: OverdueServer): Promise<string> =>
  String((await overdue.api("POST", "/api/v3/checks/", { name: "job", slug: "job" })).json["uuid"])

const firstPing = async (overdue: OverdueServer, id: string): Promise<unknown> => {
  const { json } = await overdue.api("GET", `/api/v3/checks/${id}/pings/`)
  return (json["pings"] as readonly unknown[])[0]
}

describe("a limit of pings", () => {
  it("holds for each check, says when to come again, and lets nothing through", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, { args: ["--ping-rate", "2"] })
    const [first, second] = [await createCheck(overdue), await createCheck(overdue)]
    const ping = async (id: string) => {
      const answer = await fetch(`${overdue.url}/ping/${id}`, { method: "POST", body: "x" })
      return [answer.status, await answer.text(), Number(answer.headers.get("retry-after"))] as const
    }
    expect((await ping(first)).slice(0, 2)).toEqual([200, "OK"])
    expect((await ping(first)).slice(0, 2)).toEqual([200, "OK"])
    const [status, text, seconds] = await ping(first)
    expect([status, text]).toEqual([429, "rate limit exceeded"])
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(30)
    expect((await ping(second))[0]).toBe(200)
    expect((await overdue.api("GET", `/api/v3/checks/${first}`)).json["n_pings"]).toBe(2)
  })

  it("is each sender's own: who has got to know the address of a check cannot keep its job from pinging", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, { args: ["--ping-rate", "2"] })
    const id = await createCheck(overdue)
    const ping = async (localAddress: string, forwarded: string) => {
      const headers = { "x-forwarded-for": forwarded }
      const asked = request(`${overdue.url}/ping/${id}`, { localAddress, headers }).end()
      const [answer] = (await once(asked, "response")) as [IncomingMessage] // safe because it is what the event has
      answer.resume()
      return answer.statusCode
    }
    // Whoever may claim to be somebody else is believed in the log, and counted as who he is.
    const stranger: unknown[] = []
    for (let index = 0; index < 6; index++) stranger.push(await ping("127.0.0.2", `192.0.2.${index}`))
    expect(stranger).toEqual([200, 200, 429, 429, 429, 429])
    expect([await ping("127.0.0.1", "192.0.2.1"), await ping("127.0.0.1", "192.0.2.1")]).toEqual([200, 200])
    expect(await ping("127.0.0.1", "192.0.2.99")).toBe(429)
  })

  it("holds by slug, too, and not without being asked for", async () => {
    using folder = Folder.make()
    const statuses = async (overdue: OverdueServer): Promise<readonly number[]> => {
      const url = `${overdue.url}/ping/${keys.ping}/nightly?create=1`
      const answers: number[] = []
      for (let count = 0; count < 10; count++) answers.push((await fetch(url)).status)
      return answers
    }
    const environment = { OVERDUE_PING_RATE: "1" }
    await using limited = await OverdueServer.start(folder.path, { environment })
    expect(await statuses(limited)).toEqual([201, ...Array.from({ length: 9 }, () => 429)])
    await limited.stop()
    await using unlimited = await OverdueServer.start(folder.path)
    expect(new Set(await statuses(unlimited))).toEqual(new Set([200]))
  })
})

describe("a limit of API requests", () => {
  it("holds for each key", async () => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, { args: ["--api-rate", "3"] })
    const list = (key: string) => fetch(`${overdue.url}/api/v3/checks/`, { headers: { "X-Api-Key": key } })
    for (let count = 0; count < 3; count++) expect((await list(keys.readWrite)).status).toBe(200)
    const refused = await list(keys.readWrite)
    expect([refused.status, await refused.json()]).toEqual([429, { error: "rate limit exceeded" }])
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await list(keys.readOnly)).status).toBe(200)
    // Nobody can use up the requests of a key that he does not have.
    for (let count = 0; count < 5; count++) expect((await list("?".repeat(32))).status).toBe(401)
  })
})

describe("clients that a full server turns away", () => {
  it("are counted in the log, whichever door they came to", async () => {
    using folder = Folder.make()
    const overdue = await OverdueServer.start(folder.path, {
      args: ["--max-connections", "2", "--smtp-port", "0"],
    })
    const [, mail] = await overdue.printed(/^pings by e-mail are taken on smtp:\/\/.*:(\d+)\n/m)
    const talks: SocketDialogue[] = []
    const come = async (port: number, count: number) => {
      const came: SocketDialogue[] = []
      for (let n = 0; n < count; n++) came.push(await SocketDialogue.open(port))
      talks.push(...came)
      return came
    }
    /** Resolves once so many have been turned away, whichever those are. */
    const turned = async (came: readonly SocketDialogue[], count: number) => {
      let ended = 0
      for (const talk of came) void talk.end().then(() => ended++)
      await expect.poll(() => ended, { timeout: 10_000 }).toBe(count)
    }
    await turned(await come(Number(new URL(overdue.url).port), 5), 3)
    await turned(await come(Number(mail), 53), 3)
    const { stderr } = await overdue.stop()
    for (const talk of talks) talk[Symbol.dispose]()
    const outsat = "3 because the server was full, and others came while they asked for nothing"
    const crowded = "3 because all connections for mail, or those that one network may have, were taken"
    expect(stderr).toContain(`clients were turned away in the last 10 s: ${outsat}, ${crowded}`)
  })
})

describe("what proxies say of where a ping came from", () => {
  const headers = { "X-Forwarded-For": "203.0.113.66, 192.0.2.1", "X-Forwarded-Proto": "https" }

  it.each([
    ["everybody, unless it is said otherwise", [], { remote_addr: "203.0.113.66", scheme: "https" }],
    ["a list", ["--trusted-proxies", "127.0.0.0/8"], { remote_addr: "192.0.2.1", scheme: "https" }],
    ["a list of others", ["--trusted-proxies", "10.0.0.1"], { remote_addr: "127.0.0.1", scheme: "http" }],
    ["nobody", ["--trusted-proxies", "none"], { remote_addr: "127.0.0.1", scheme: "http" }],
  ])("is believed of %s", async (_case, args, shown) => {
    using folder = Folder.make()
    await using overdue = await OverdueServer.start(folder.path, {
      args: [...args, "--ping-email-domain", "x.test"],
    })
    const id = await createCheck(overdue)
    await fetch(`${overdue.url}/ping/${id}`, { headers })
    expect(await firstPing(overdue, id)).toMatchObject(shown)
    const mail = { method: "POST", headers, body: "Subject: x\r\n\r\n" }
    await fetch(`${overdue.url}/inbound/email?to=${id}@x.test`, mail)
    expect(await firstPing(overdue, id)).toMatchObject({ scheme: "email", remote_addr: shown.remote_addr })
  })
})
