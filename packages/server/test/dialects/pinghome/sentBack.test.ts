/** What clients send back as they were shown it: it changes nothing, whichever API has made the check. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as ArbitraryProbe from "../../../../../test/kit/ArbitraryProbe.ts"
import { faults, form, type Kind, PinghomeHost } from "./PinghomeHost.ts"

/** Sends what is shown of a check back, and returns what was wrong with it. */
const sendBack = async (host: PinghomeHost, kind: Kind, id: string) => {
  const shown = await host.shown(id, kind)
  const answer = await host.update(id, shown, kind)
  expect([kind, shown, answer.status, answer.text]).toEqual([kind, shown, 200, answer.text])
  return shown
}

/** What only Healthchecks' API sets, in parts that Pinghome refuses when they are new. */
const edit = fc.record(
  {
    name: fc.constantFrom("", " ", "job", "n".repeat(100)),
    desc: fc.constantFrom("", "x".repeat(3_000), "one\ntwo"),
    tags: fc.constant("a b"),
    methods: fc.constantFrom("", "POST"),
    manual_resume: fc.boolean(),
    grace: fc.integer({ min: 60, max: 31_536_000 }),
    quiet: fc.constant([{ schedule: "0 5 * * *", tz: "UTC", duration: 60 }]),
  },
  { requiredKeys: [] },
)

const timing = fc.oneof(
  fc.integer({ min: 60, max: 31_536_000 }).map((timeout) => ({ timeout })),
  fc
    .constantFrom("0 0 29 2 *", "0 9 * * 1-5", "*/5 * * * *", "Mon *-*-* 09:00:00", "2026-01-01 00:00:00")
    .map((schedule) => ({ schedule, tz: "Europe/Riga" })),
  fc.constant({}),
)

const make: Readonly<
  Record<"heartbeat" | "server-resource", (host: PinghomeHost, service: string) => Promise<string>>
> = {
  heartbeat: (host, service) => host.heartbeat(service),
  "server-resource": (host, service) => host.server(service),
}

describe("what is sent back as it was shown", () => {
  it.each(["heartbeat", "server-resource"] as const)(
    "changes nothing of a %s, whatever another API has made of it",
    async (kind) => {
      await using host = await PinghomeHost.open({ checkLimit: 10_000 })
      const service = await host.service()
      await fc.assert(
        fc.asyncProperty(edit, timing, fc.boolean(), async (edited, timed, isPaused) => {
          const id = await make[kind](host, service)
          const body = { ...edited, ...timed }
          const changed = await host.http.ask("POST", `/api/v3/checks/${id}`, { body })
          expect([body, changed.status, changed.text]).toEqual([body, 200, changed.text])
          if (isPaused) await host.http.ask("POST", `/api/v3/checks/${id}/pause`, { body: "" })
          const before = await host.own(id)
          const shown = await sendBack(host, kind, id)
          expect([await host.own(id), await host.shown(id, kind)]).toEqual([before, shown])
        }),
      )
    },
  )

  it("changes nothing of an uptime monitor, whichever API has made it", async () => {
    await using host = await PinghomeHost.open({ checkLimit: 10_000 })
    const server = await host.server(await host.service())
    const probes = fc.oneof(
      { arbitrary: ArbitraryProbe.any, weight: 4 },
      fc
        .constantFrom("cpu > 90 for 5m", "memory >= 99.5", "disk / < 1")
        .map((text) => `${text} on ${server}`),
    )
    await fc.assert(
      fc.asyncProperty(probes, edit, async (probe, edited) => {
        // A probe that has a grace is refused another one.
        const { grace = 60, ...others } = edited
        const isSaid = typeof probe === "string" ? probe.includes(" for ") : "grace" in probe
        const body = isSaid ? others : { ...others, grace }
        const made = await host.http.ask("POST", "/api/v3/checks/", { body: { ...body, probe } })
        expect([made.status, made.text]).toEqual([201, made.text])
        const id = made.json().uuid
        const document = await host.own(id)
        const shown = await sendBack(host, "resource", id)
        expect([await host.own(id), await host.shown(id, "resource")]).toEqual([document, shown])
        const again = { probe: document.probe, name: document.name }
        const back = await host.http.ask("POST", `/api/v3/checks/${id}`, { body: again })
        expect([back.status, await host.own(id)]).toEqual([200, document])
      }),
    )
  })

  it("changes nothing in a form either", async () => {
    await using host = await PinghomeHost.open()
    const made = await host.http.ask("POST", "/api/v3/checks/", { body: { schedule: "0 0 29 2 *" } })
    const id = made.json().uuid
    const before = await host.own(id)
    const { name, interval, enabled } = await host.shown(id)
    const sent = form({ name, interval: String(interval), enabled: String(enabled) })
    expect((await host.ask("PUT", `/resource-cmd/v1/heartbeat/${id}`, sent)).status).toBe(200)
    expect(await host.own(id)).toEqual(before)
  })

  it("leaves windows of another API in their order", async () => {
    await using host = await PinghomeHost.open()
    const given = { maintenance_cron_expression: "0 3 * * *", maintenance_duration: 5 }
    const id = await host.resource(await host.service(), given)
    const quiet = [...(await host.own(id)).quiet, { schedule: "0 5 * * *", tz: "UTC", duration: 60 }]
    const answer = await host.http.ask("POST", `/api/v3/checks/${id}`, { body: { quiet } })
    expect(answer.status).toBe(200)
    const before = await host.own(id)
    await sendBack(host, "resource", id)
    expect(await host.own(id)).toEqual(before)
    await host.update(id, { maintenance_duration: 0 }, "resource")
    expect((await host.own(id)).quiet).toEqual(quiet.slice(1))
  })

  it("takes no name away that is there, and no region", async () => {
    await using host = await PinghomeHost.open()
    const service = await host.service()
    const all = [
      ["heartbeat", await host.heartbeat(service), { name: "" }],
      ["server-resource", await host.server(service), { name: "" }],
      ["resource", await host.resource(service), { name: "", regions: [] }],
    ] as const
    for (const [kind, id, body] of all) {
      const answer = await host.update(id, body, kind)
      expect([kind, answer.status, faults(answer.json())]).toEqual([kind, 422, Object.keys(body)])
    }
  })
})
