import { TurnedAway } from "@overdue/engine/TurnedAway"
import type { Body, Inbound } from "@overdue/server/http/Http"
import * as Limits from "@overdue/server/mail/Limits"
import * as Server from "@overdue/server/Server"
import * as Context from "effect/Context"
import { describe, expect, it } from "vitest"
import { keys } from "../../../../test/kit/Keys.ts"
import { domain, MailFixture } from "./MailFixture.ts"

const site = { root: "https://hc.example.org", pingEmailDomain: domain, secret: "secret" }

/** The door over a fixture: posts a message, and gives status and text of the answer. */
const door = async (fixture: MailFixture) => {
  const handler = await Server.handler(fixture.monitor, site)
  return async (query: string, init: RequestInit): Promise<readonly [number, string]> => {
    const response = await handler(
      new Request(`https://hc.example.org/inbound/email${query}`, { method: "POST", ...init }),
    )
    return [response.status, (await response.text()).trimEnd()]
  }
}

const source = (...headers: readonly string[]): string =>
  [...headers, "Subject: Backup", "", "done"].join("\r\n")

describe("a raw message that is handed over", () => {
  it("pings the check that the query names", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check()
    const post = await door(fixture)
    const query = `?to=${check.id}@${domain}&from=cron@example.org`
    expect(await post(query, { body: source("To: someone@else.example") })).toEqual([200, "OK"])
    expect(await fixture.pings(check)).toMatchObject([
      { kind: "success", scheme: "email", userAgent: "Email from cron@example.org", method: "" },
    ])
  })

  it("pings several checks, each once", async () => {
    await using fixture = await MailFixture.open()
    const [first, second] = [await fixture.check(), await fixture.check({}, "second")]
    const post = await door(fixture)
    const to = [first.id, `${keys.ping}+second`, first.id].map((local) =>
      encodeURIComponent(`${local}@${domain}`),
    )
    expect(await post(`?to=${to.join("&to=")}`, { body: source() })).toEqual([200, "OK"])
    expect(await fixture.pings(first)).toHaveLength(1)
    expect(await fixture.pings(second)).toHaveLength(1)
  })

  it("is refused, with the time to wait, when the check has had its signals for this minute", async () => {
    await using fixture = await MailFixture.open({ settings: { signalsPerMinute: 1 } })
    const { id } = await fixture.check()
    const post = await door(fixture)
    expect(await post(`?to=${id}@${domain}`, { body: source() })).toEqual([200, "OK"])
    const [status, sentence] = await post(`?to=${id}@${domain}`, { body: source() })
    expect([status, sentence]).toEqual([
      429,
      expect.stringMatching(/^too many signals for one check; the next one is taken in (60|59) s$/),
    ])
  })

  it.each([
    ["Delivered-To", (address: string) => [`Delivered-To: ${address}`, "To: all@example.org"]],
    ["X-Original-To, in brackets", (address: string) => [`X-Original-To: <${address}>`]],
    ["To, by name and folded", (address: string) => [`To: "Them, all" <a@b.example>,\r\n\tUs <${address}>`]],
    ["Cc", (address: string) => ["To: a@b.example", `CC: ${address.toUpperCase()}`]],
  ])("pings the check that its header names: %s", async (_case, headers) => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check()
    const post = await door(fixture)
    const body = source("From: Cron <cron@example.org>", ...headers(`${check.id}@${domain}`))
    expect(await post("", { body })).toEqual([200, "OK"])
    expect(await fixture.pings(check)).toMatchObject([{ userAgent: "Email from cron@example.org" }])
  })

  it("is for whom its relay says, rather than for everybody in To", async () => {
    await using fixture = await MailFixture.open()
    const [first, second] = [await fixture.check(), await fixture.check()]
    const post = await door(fixture)
    const body = source(
      `Delivered-To: ${first.id}@${domain}`,
      `To: ${first.id}@${domain}, ${second.id}@${domain}`,
    )
    await post("", { body })
    expect(await fixture.pings(first)).toHaveLength(1)
    expect(await fixture.pings(second)).toEqual([])
  })

  it("is taken even for an id that no check has, so that nobody learns which exist", async () => {
    await using fixture = await MailFixture.open()
    const post = await door(fixture)
    expect(await post(`?to=${crypto.randomUUID()}@${domain}`, { body: source() })).toEqual([200, "OK"])
  })

  it.each([
    ["it is empty", "?to=ID@ping.example.org", {}, 400, /the body must be a raw message/],
    ["it names nobody", "", { body: source() }, 400, /no recipient is a ping address at ping\.example\.org/],
    ["it is for others", "?to=a@b.example", { body: source() }, 400, /no recipient is a ping address/],
    ["headers follow the text", "", { body: `\r\n\r\nTo: ID@${domain}` }, 400, /no recipient/],
    [
      "it has too many recipients",
      `?${Array.from({ length: 101 }, (_, index) => `to=key%2Bslug-${index}@ping.example.org`).join("&")}`,
      { body: source() },
      400,
      /at most 100 recipients/,
    ],
    [
      "it says that it is too large",
      "?to=ID@ping.example.org",
      { body: source(), headers: { "content-length": "30000000" } },
      413,
      /at most 26214400 bytes/,
    ],
    ["it is not posted", "?to=ID@ping.example.org", { method: "GET" }, 405, /^$/],
  ])("is refused when %s", async (_case, query, init, status, text) => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check()
    const post = await door(fixture)
    const named = JSON.parse(JSON.stringify({ query, init }).replaceAll("ID", check.id))
    const [answered, said] = await post(named.query, named.init)
    expect(answered).toBe(status)
    expect(said).toMatch(text)
    expect(await fixture.pings(check)).toEqual([])
  })

  it("finds half of the places taken by one network at most", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check()
    const turnedAway: string[] = []
    const serve = Server.serve(Context.add(fixture.services, TurnedAway, (why) => void turnedAway.push(why)))
    /** Hands a message over in the name of a network. Its body arrives when it is sent. */
    const hand = (remoteAddress: string) => {
      const body = Promise.withResolvers<Body>()
      const answered = new Promise<number>((resolve) => {
        const inbound: Inbound = {
          method: "POST",
          host: "",
          path: "/inbound/email",
          query: `to=${check.id}@${domain}`,
          header: () => undefined,
          hasBody: true,
          body: () => body.promise,
          remoteAddress,
          scheme: "http",
        }
        serve(inbound, ({ status }) => resolve(status))
      })
      return { answered, send: () => body.resolve({ bytes: Buffer.from(source()), isCut: false }) }
    }
    const half = Limits.handedOver / 2
    const strangers = Array.from({ length: half + 1 }, () => hand("192.0.2.1"))
    expect(await strangers.at(-1)!.answered).toBe(503)
    const jobs = Array.from({ length: half }, (_, index) => hand(`192.0.2.${100 + index}`))
    expect(await hand("192.0.2.99").answered).toBe(503)
    const crowded = "as many e-mails were handed over at once as may be, or as one network may"
    expect(turnedAway).toEqual([crowded, crowded])
    for (const { send } of [...strangers, ...jobs]) send()
    expect(new Set(await Promise.all(jobs.map(({ answered }) => answered)))).toEqual(new Set([200]))
    const again = hand("192.0.2.1")
    again.send()
    expect(await again.answered).toBe(200)
  })

  it("leaves other paths to others", async () => {
    await using fixture = await MailFixture.open()
    const post = await door(fixture)
    expect((await post("/more", { body: source() }))[0]).toBe(404)
  })

  it("is read as far as needed, however long it is", async () => {
    await using fixture = await MailFixture.open()
    const check = await fixture.check()
    const post = await door(fixture)
    const chunk = new Uint8Array(64 * 1024).fill(0x78)
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (sent === 0) controller.enqueue(Buffer.from(source(`To: ${check.id}@${domain}`)))
        controller.enqueue(chunk)
        sent += chunk.length
        if (sent > 8_000_000) controller.close()
      },
    })
    const init = { body, duplex: "half" } as RequestInit
    expect(await post("", init)).toEqual([200, "OK"])
    expect((await fixture.pings(check))[0]!.body).toHaveLength(10_000)
  })
})
