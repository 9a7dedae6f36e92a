import * as Probe from "@overdue/core/Probe"
import * as Asker from "@overdue/probes/Asker"
import { own, finder } from "@overdue/probes/rdap/Bootstrap"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Receiver from "../../../test/kit/Receiver.ts"
import * as Peer from "./Peer.ts"

const { condition } = Peer
const registered = (
  expiration: string | undefined,
  registrar: string | undefined = "Registrar Inc.",
): Receiver.Answer => ({
  status: 200,
  headers: { "Content-Type": "application/rdap+json" },
  body: JSON.stringify({
    objectClassName: "domain",
    entities: [
      { roles: ["abuse"], vcardArray: ["vcard", [["fn", {}, "text", "Nobody"]]] },
      ...(registrar === ""
        ? []
        : [
            {
              roles: ["registrar"],
              vcardArray: [
                "vcard",
                [
                  ["version", {}, "text", "4.0"],
                  ["fn", {}, "text", registrar],
                ],
              ],
            },
          ]),
    ],
    events: [
      { eventAction: "registration", eventDate: "1995-08-14T04:00:00Z" },
      ...(expiration === undefined ? [] : [{ eventAction: "expiration", eventDate: expiration }]),
    ],
  }),
})
const late = "2099-01-02T03:04:05Z"

/** Returns what asks targets whose domains are those of a registry. */
const asker = (registry: Receiver.Receiver, more: Asker.Options = {}) => {
  const bootstrap = {
    services: [
      [["test"], ["http://unused.invalid/"]],
      [["example", "uk"], [`http://127.0.0.1:${registry.port}/rdap/`]],
    ],
  }
  const ask = Asker.make({
    ...Peer.options,
    rdap: { bootstrap, isAllowed: Peer.options.isAllowed! },
    ...more,
  })
  return async (url: string, given: Partial<Probe.Probe> = {}) => {
    const answered = await ask(Probe.make({ url, ...given }))
    return answered.type === "answer" ? answered.answer : { ...answered, ok: undefined, reason: answered.why }
  }
}
const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString()

afterEach(() => {
  vi.useRealTimers()
})

describe("a domain", () => {
  it("that is registered is fine, and what the registry says is noted", async () => {
    await using registry = await Receiver.listen(registered(late))
    expect(await asker(registry)("domain://shop.example")).toMatchObject({
      ok: true,
      registration: {
        domain: "shop.example",
        registrar: "Registrar Inc.",
        expiresAt: Date.UTC(2099, 0, 2, 3, 4, 5),
      },
    })
    expect(registry.received[0]).toMatchObject({ method: "GET", url: "/rdap/domain/shop.example" })
    expect(registry.received[0]!.headers.accept).toBe("application/rdap+json")
  })

  it("is the shortest name that the registry has", async () => {
    await using registry = await Receiver.listen(({ url }) => {
      if (url.endsWith("/co.uk")) return registered(undefined, "")
      return url.endsWith("/shop.co.uk") ? registered(late) : Receiver.status(404)
    })
    expect(await asker(registry)("domain://a.www.shop.co.uk")).toMatchObject({
      ok: true,
      registration: { domain: "shop.co.uk" },
    })
    expect(registry.received.map(({ url }) => url)).toEqual(["/rdap/domain/co.uk", "/rdap/domain/shop.co.uk"])
  })

  it("is looked for four times at most", async () => {
    await using registry = await Receiver.listen(Receiver.status(404))
    expect(await asker(registry)("domain://a.b.c.d.e.f.example")).toMatchObject({
      ok: false,
      reason: "domain: not registered",
    })
    expect(registry.received).toHaveLength(4)
  })

  it("that has expired fails", async () => {
    await using registry = await Receiver.listen(registered(days(-1)))
    expect(await asker(registry)("domain://shop.example")).toMatchObject({
      ok: false,
      reason: "domain: expired",
    })
  })

  it.each([
    ["is busy", Receiver.status(429), "the registry answers status 429"],
    ["fails", Receiver.status(500), "the registry answers status 500"],
    ["says nothing of use", { status: 200, body: "<html>" }, "the registry answers what is no registration"],
    [
      "says something else",
      { status: 200, body: '{"objectClassName":"ip network"}' },
      "the registry answers what is no registration",
    ],
    ["closes", "drop", "the registry fails: connection closed"],
  ] as const)("is not judged while its registry %s", async (_what, answer, why) => {
    await using registry = await Receiver.listen(answer as Receiver.Answer)
    expect(await asker(registry)("domain://shop.example")).toMatchObject({
      type: "unknown",
      reason: `Of a domain nothing can be said: ${why}.`,
    })
  })

  it("is not judged while its registry is silent", async () => {
    await using registry = await Receiver.listen("hang")
    expect((await asker(registry, { timeout: 100 })("domain://shop.example")).reason).toMatch(/: timeout\.$/)
  })

  it("whose registry is hostile is read as far as it makes sense", async () => {
    const odd = {
      objectClassName: "domain",
      events: [null, 1, { eventAction: "expiration", eventDate: 7 }],
      entities: "no",
    }
    await using registry = await Receiver.listen({ status: 200, body: JSON.stringify(odd) })
    const answer = await asker(registry)("domain://shop.example")
    const { registration, ok } = "timings" in answer ? answer : { registration: undefined, ok: undefined }
    expect({ registration, ok }).toEqual({ ok: true, registration: { domain: "shop.example" } })
  })

  it("whose registry is not known, or that is none, fails", async () => {
    await using registry = await Receiver.listen()
    const ask = asker(registry)
    expect((await ask("domain://shop.nowhere")).reason).toBe("domain: no registry is known for .nowhere")
    for (const host of ["localhost", "192.0.2.1", "[2001:db8::1]"])
      expect((await ask(`domain://${host}`)).reason).toBe("domain: not the name of a domain")
    expect(registry.received).toEqual([])
  })

  it("whose registry is at a private address is not asked", async () => {
    await using registry = await Receiver.listen(registered(late))
    const services = [[["example"], [`http://127.0.0.1:${registry.port}/`]]]
    const ask = asker(registry, { rdap: { bootstrap: { services } } })
    expect((await ask("domain://shop.example")).reason).toMatch(/: the registry fails: private address/)
    expect(registry.received).toEqual([])
  })

  it("is asked for once a day, and after a failure once an hour", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    await using registry = await Receiver.listen([
      Receiver.status(500),
      registered(late),
      Receiver.status(500),
      registered(late),
    ])
    const ask = asker(registry)
    const asked = async () => (await ask("domain://shop.example")).ok
    const later = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000)
    expect([await asked(), await asked(), registry.received.length]).toEqual([undefined, undefined, 1])
    later(59)
    expect([await asked(), registry.received.length]).toEqual([undefined, 1])
    later(2)
    expect([await asked(), await asked(), registry.received.length]).toEqual([true, true, 2])
    later(23 * 60)
    expect([await asked(), registry.received.length]).toEqual([true, 2])
    // The registry fails, and what it said yesterday is believed for one more hour.
    later(62)
    expect([await asked(), await asked(), registry.received.length]).toEqual([true, true, 3])
    later(61)
    expect([await asked(), registry.received.length]).toEqual([true, 4])
  })

  it("is asked for once by all who ask at the same time", async () => {
    await using registry = await Receiver.listen(registered(late))
    const ask = asker(registry)
    await Promise.all(Array.from({ length: 20 }, () => ask("domain://shop.example")))
    expect(registry.received).toHaveLength(1)
  })
})

describe("a condition about the domain", () => {
  it("is judged by the days that are left, whatever the target is", async () => {
    await using registry = await Receiver.listen(registered(days(20.5)))
    await using peer = await Peer.listen(() => {})
    const ask = asker(registry)
    const url = `tcp://www.shop.example:${peer.port}`
    expect(await ask(url, { conditions: [condition("domain greater-than 14")] })).toMatchObject({
      ok: true,
      registration: { domain: "shop.example" },
    })
    expect((await ask(url, { conditions: [condition("domain greater-than 30")] })).reason).toBe(
      "condition 1 failed: domain has 20 days left",
    )
    expect(await ask(url)).not.toHaveProperty("registration")
  })

  it("fails when the registry does not say", async () => {
    await using registry = await Receiver.listen(registered(undefined))
    await using peer = await Peer.listen(() => {})
    const given = { conditions: [condition("domain greater-than 14")] }
    expect((await asker(registry)(`tcp://www.shop.example:${peer.port}`, given)).reason).toBe(
      "condition 1 failed: the end of the domain is not known",
    )
  })
})

describe("reminders of the end of a domain", () => {
  it("wait for no registry: what it says is there the next time", async () => {
    let release: () => void = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await using registry = await Receiver.listen(async () => {
      await released
      return registered(late)
    })
    await using peer = await Peer.listen(() => {})
    const ask = asker(registry)
    const url = `tcp://www.shop.example:${peer.port}`
    const given = { remind: { domain: [7] } }
    expect(await ask(url, given)).not.toHaveProperty("registration")
    await registry.count(1)
    release()
    await vi.waitFor(async () =>
      expect(await ask(url, given)).toMatchObject({ ok: true, registration: { domain: "shop.example" } }),
    )
    expect(registry.received).toHaveLength(1)
  })
})

describe("a condition about a domain whose registry is silent", () => {
  it("is not judged after ten seconds for all names, which are not the target's", async () => {
    let release: () => void = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await using registry = await Receiver.listen(async (_request, n) => {
      if (n > 0) return "hang"
      await released
      return Receiver.status(404)
    })
    await using peer = await Peer.listen(() => {})
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const given = { conditions: [condition("domain greater-than 14")] }
    const asking = asker(registry)(`tcp://www.shop.example:${peer.port}`, given)
    await registry.count(1)
    await vi.advanceTimersByTimeAsync(6_000)
    release()
    await registry.count(2)
    await vi.advanceTimersByTimeAsync(4_000)
    const answer = await asking
    expect(answer).toMatchObject({
      ok: true,
      registration: { error: "the registry does not answer in time", isUnknown: true },
    })
    expect("timings" in answer && answer.timings.whole).toBeLessThan(5_000)
  })
})

describe("the list of registries that is shipped", () => {
  it("has a registry, spoken to by TLS, for what most domains are in", () => {
    const find = finder(own)
    for (const domain of [
      "example.com",
      "a.b.net",
      "example.org",
      "example.co.uk",
      "example.dev",
      "example.nl",
    ])
      expect(find(domain)).toMatch(/^https:\/\/[\w.-]+\/.*$|^https:\/\/[\w.-]+\/$/)
    const names = own.services.flatMap(([names]) => names!)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(250)
  })

  it("is looked up by the longest name, label by label", () => {
    const find = finder({
      services: [
        [["co.uk"], ["https://two.example"]],
        [["uk"], ["http://one.example/", "https://one.example/"]],
      ],
    })
    expect(find("shop.co.uk")).toBe("https://two.example/")
    expect(find("shop.me.uk")).toBe("https://one.example/")
    expect(find("shop.xco.uk")).toBe("https://one.example/")
    expect(find("shop.example")).toBeUndefined()
  })
})
