/** What a check in code may be: every value that has no meaning is refused with a sentence, whatever its type. */
import * as Check from "@overdue/core/Check"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import { hour, minute } from "@overdue/core/Time"
import * as Monitor from "@overdue/engine/Monitor"
import * as PlanInput from "@overdue/engine/PlanInput"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const wrong = (input: unknown): PlanInput.PlanInvalid | undefined => {
  const plan = PlanInput.plan(input as PlanInput.PlanInput, undefined, []) // what JavaScript may pass
  return Result.isFailure(plan) ? plan.failure : undefined
}

describe("a plan in code", () => {
  it.each<readonly [unknown, string]>([
    [undefined, ""],
    [[], ""],
    [{ graze: "1 hour" }, "graze"],
    [{ name: 7 }, "name"],
    [{ name: "a\0b" }, "name"],
    [{ name: "🌙".repeat(101) }, "name"],
    [{ slug: 7 }, "slug"],
    [{ slug: null }, "slug"],
    [{ description: "\ud800" }, "description"],
    [{ tags: [7] }, "tags[0]"],
    [{ tags: ["x".repeat(250), "y".repeat(250)] }, "tags"],
    [{ channels: "ops" }, "channels"],
    [{ channels: ["nowhere"] }, "channels[0]"],
    [{ every: Number.NaN }, "every"],
    [{ every: -1 }, "every"],
    [{ every: {} }, "every"],
    [{ every: { fortnights: 1 } }, "every"],
    [{ grace: null }, "grace"],
    [{ grace: "-5 minutes" }, "grace"],
    [{ grace: Infinity }, "grace"],
    [{ cron: 5 }, "cron"],
    [{ cron: "daily" }, "cron"],
    [{ cron: "0 0 12 * * *" }, "cron"],
    [{ onCalendar: "0 3 * * *" }, "onCalendar"],
    [{ schedule: "nonsense" }, "schedule"],
    [{ cron: "0 3 * * *", schedule: "daily" }, "schedule"],
    [{ onCalendar: "*-02-30" }, "onCalendar"],
    [{ zone: 5 }, "zone"],
    [{ cron: "0 3 * * *", zone: "Riga" }, "zone"],
    [{ startSatisfies: 1 }, "startSatisfies"],
    [{ armed: "yes" }, "armed"],
    [{ runs: "some" }, "runs"],
    [{ alert: 3 }, "alert"],
    [{ alert: { failures: "3" } }, "alert.failures"],
    [{ alert: { out_of: 3 } }, "alert.out_of"],
    [{ methods: "POST" }, "methods"],
    [{ methods: ["PO ST"] }, "methods[0]"],
    [{ filters: { subjects: true } }, "filters.subjects"],
    [{ filters: { subject: 1 } }, "filters.subject"],
    [{ filters: { startKeywords: "x".repeat(201) } }, "filters.startKeywords"],
    [{ quiet: {} }, "quiet"],
    [{ quiet: [null] }, "quiet[0]"],
    [{ quiet: [{ from: 1, until: 2 }] }, "quiet[0].until"],
    [{ quiet: [{ from: -1, to: 2 }] }, "quiet[0].from"],
    [{ quiet: [{ from: 0, to: 253_402_300_800_000 }] }, "quiet[0].to"],
    [{ quiet: [{ from: null, to: 2 }] }, "quiet[0].from"],
    [{ quiet: [{ duration: "1 hour" }] }, "quiet[0].schedule"],
    [{ quiet: [{ cron: "0 25 * * *", duration: "1 hour" }] }, "quiet[0].cron"],
    [{ quiet: [{ cron: "0 1 * * *" }] }, "quiet[0].duration"],
    [{ quiet: [{ cron: "* * * * *", duration: "1 minute" }] }, "quiet"],
    [{ minRuntime: "1 hour" }, "minRuntime"],
  ])("such as %j is refused for its field %j", (input, field) => {
    expect(wrong(input)?.field).toBe(field)
  })

  it("is read or refused, and never fails otherwise, whatever its fields are", () => {
    const names = [
      "name",
      "slug",
      "tags",
      "description",
      "channels",
      "every",
      "cron",
      "onCalendar",
      "schedule",
    ]
    const more = [
      "zone",
      "grace",
      "early",
      "maxRuntime",
      "minRuntime",
      "startSatisfies",
      "armed",
      "runs",
      "alert",
    ]
    const last = ["quiet", "remindEvery", "notifyOnFirstPing", "manualResume", "methods", "filters"]
    const field = fc.constantFrom(...names, ...more, ...last)
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(fc.dictionary(field, value, { maxKeys: 3 }), (input) => {
        const refused = wrong(input)
        expect(refused === undefined || refused.message.length > 0).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it("is refused in the words of the management API when it cannot mean anything", () => {
    const plan = CheckDocument.planner(CheckFields.fields)
    const pairs = [
      [{ minRuntime: "2 hours" }, { min_runtime: 7200 }],
      [{ quiet: [{ every: "1 minute", duration: "1 minute" }] }, { quiet: [{ every: 60, duration: 60 }] }],
    ] as const
    for (const [input, document] of pairs) {
      const { expected } = wrong(input)!
      expect(Result.flip(plan(document, { channels: [] })).toString()).toContain(
        JSON.stringify(expected).slice(1, -1),
      )
    }
  })

  it.each(["never", "every 2 weeks from 2026-01-05 09:00"])(
    "says which field %j is for, when it stands in another",
    (text) => {
      for (const field of ["cron", "onCalendar"] as const) {
        const said = wrong({ [field]: text })!
        expect([said.field, said.expected]).toEqual([
          field,
          expect.stringMatching(/is for the field schedule$/),
        ])
      }
    },
  )

  it("takes what people write: nicknames, old names of zones, both languages", () => {
    const read = (input: PlanInput.PlanInput) => Result.getOrThrow(PlanInput.plan(input)).policy.schedule
    expect(read({ cron: "@daily", zone: "Europe/Kiev" })).toMatchObject({
      expression: "0 0 * * *",
      zone: { name: "Europe/Kyiv" },
    })
    expect(read({ schedule: "Mon 09:00" })).toMatchObject({ kind: "onCalendar" })
    expect(read({ schedule: "0 9 * * 1" })).toMatchObject({ kind: "cron" })
    expect(read({ every: 200 })).toEqual({ kind: "every", period: 200 })
  })

  it("changes the zone of the schedule when it has a zone alone", () => {
    const base = Result.getOrThrow(PlanInput.plan({ cron: "0 9 * * *" }))
    const moved = Result.getOrThrow(PlanInput.plan({ zone: "Asia/Tokyo" }, base))
    expect(moved.policy.schedule).toMatchObject({ expression: "0 9 * * *", zone: { name: "Asia/Tokyo" } })
    expect(Result.getOrThrow(PlanInput.plan({ zone: "Asia/Tokyo" })).policy).toBe(Check.defaultPolicy)
  })

  it("counts characters as the management API does", () => {
    expect(Result.getOrThrow(PlanInput.plan({ name: "🌙".repeat(100) })).details.name).toHaveLength(200)
  })
})

describe("a monitor", () => {
  it("ensures no check without a slug", async () => {
    await using monitor = await Monitor.make()
    await monitor.create({})
    for (const slug of [undefined, "", 5, "A"]) {
      await expect(monitor.ensure({ slug: slug as string })).rejects.toMatchObject({
        _tag: "PlanInvalid",
        field: "slug",
      })
    }
    expect(await monitor.checks()).toHaveLength(1)
  })

  it("refuses channels that its project does not have", async () => {
    await using monitor = await Monitor.make({ onAlert: () => undefined })
    const { id, details } = await monitor.create({})
    await expect(monitor.update(id, { channels: ["nowhere"] })).rejects.toMatchObject({
      field: "channels[0]",
    })
    const channels = [...details.channels, ...details.channels]
    expect((await monitor.update(id, { channels })).details.channels).toEqual(details.channels)
  })

  it("expects a check from now on when its schedule changes, or when it is told to", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ every: "1 hour" })
    await monitor.success(id)
    const { state } = await monitor.check(id)
    const same = await monitor.update(id, { grace: minute })
    expect([same.state.anchor, same.state.anchorIsSignal]).toEqual([state.anchor, true])
    expect((await monitor.update(id, {}, { restart: true })).state.anchorIsSignal).toBe(false)
    await monitor.success(id)
    expect((await monitor.update(id, { every: 2 * hour })).state.anchorIsSignal).toBe(false)
  })

  it("remarks on a check that probably does not mean what it says", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ every: "5 minutes" })
    expect((await monitor.remarks(id)).map(({ code }) => code)).toEqual(["grace-exceeds-gap"])
    await monitor.update(id, { grace: "1 minute" })
    expect(await monitor.remarks(id)).toEqual([])
  })
})

describe("the grace of a check that is asked", () => {
  const url = "https://example.org"
  const asked = Result.getOrThrow(PlanInput.plan({ probe: { url, grace: "5m" } }))

  it("is that of its probe", () => {
    const { policy } = Result.getOrThrow(PlanInput.plan({ grace: "10m" }, asked))
    expect([policy.probe?.grace, policy.grace]).toEqual([600_000, asked.policy.grace])
    const left = Result.getOrThrow(
      PlanInput.plan({ probe: undefined, cron: "0 9 * * *", grace: "10m" }, asked),
    )
    expect(left.policy).toMatchObject({ probe: undefined, grace: 600_000 })
  })

  it("is not given twice, unless it is the same", () => {
    const alone = Result.getOrThrow(PlanInput.plan({ probe: url, grace: "10m" }))
    expect(alone.policy.probe?.grace).toBe(600_000)
    expect(Result.flip(PlanInput.plan({ probe: { url, grace: "1m" }, grace: "10m" })).toString()).toContain(
      "none, because the check has a probe: that has a grace of its own",
    )
    const { policy } = Result.getOrThrow(PlanInput.plan({ probe: { url, grace: 60_000 }, grace: "1m" }))
    expect(policy.probe?.grace).toBe(60_000)
  })
})
