import type { Alert } from "@overdue/core/Alert"
import type { Policy } from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import * as Monitor from "@overdue/engine/Monitor"
import { describe, expect, it } from "vitest"

describe("an embedded monitor", () => {
  it("creates, pings, pauses, resumes, updates and deletes a check", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ name: "backup", every: "1 hour", grace: "5 minutes" })
    expect(await monitor.status(id)).toBe("new")
    expect(await monitor.success(id)).toMatchObject({ n: 1, kind: "success" })
    expect(await monitor.status(id)).toBe("up")
    await monitor.start(id)
    expect(await monitor.fail(id, { body: "disk full" })).toMatchObject({ n: 3 })
    expect(await monitor.status(id)).toBe("down")
    expect((await monitor.pause(id)).state.status).toBe("paused")
    expect((await monitor.resume(id)).state.status).toBe("new")
    expect((await monitor.update(id, { grace: 60_000 })).policy.grace).toBe(60_000)
    expect((await monitor.pings(id)).map(({ kind }) => kind)).toEqual(["fail", "start", "success"])
    expect((await monitor.flips(id)).map(({ to }) => to)).toEqual(["new", "paused", "down", "up"])
    expect((await monitor.delete(id))?.id).toBe(id)
    expect(await monitor.checks()).toEqual([])
  })

  it("ensures a check by its slug: the second time it updates, and a plan that changes nothing is nothing", async () => {
    await using monitor = await Monitor.make()
    const first = await monitor.ensure({ slug: "report", every: "1 hour" })
    expect(first.details.name).toBe("report")
    const second = await monitor.ensure({ slug: "report", every: "2 hours" })
    expect(second.id).toBe(first.id)
    expect(second.policy.schedule).toMatchObject({ kind: "every", period: 7_200_000 })
    const third = await monitor.ensure({ slug: "report", every: "2 hours" })
    expect(third.policy).toEqual(second.policy)
    expect(await monitor.checks({ slug: "report" })).toHaveLength(1)
  })

  it("takes spans as the command line does, and refuses a zone that there is not, whatever the schedule", async () => {
    await using monitor = await Monitor.make()
    const quiet = [{ cron: "0 1 * * *", duration: "90 seconds" }] as const
    const { policy } = await monitor.ensure({
      slug: "a",
      every: "1h 30m",
      grace: "5m",
      maxRuntime: "2h",
      quiet,
    })
    expect(policy.schedule).toMatchObject({ period: 5_400_000 })
    expect(policy).toMatchObject({ grace: 300_000, maxRuntime: 7_200_000, quiet: [{ duration: 90_000 }] })
    for (const when of [{ every: "1h" }, { cron: "0 5 * * *" }, {}] as const) {
      const made = monitor.ensure({ slug: "b", ...when, zone: "Mars/X" })
      await expect(made).rejects.toMatchObject({ _tag: "PlanInvalid", field: "zone" })
    }
    await expect(monitor.ensure({ slug: "b", every: "90" as never })).rejects.toMatchObject({
      field: "every",
    })
  })

  it("tells its callback of alerts, and again when that throws", async () => {
    const alerts: Alert[] = []
    const told = Promise.withResolvers<void>()
    await using monitor = await Monitor.make({
      onAlert: (alert) => {
        alerts.push(alert)
        if (alerts.length === 1) throw new Error("not now")
        told.resolve()
      },
    })
    const { id } = await monitor.create({ name: "backup" })
    await monitor.fail(id)
    await told.promise
    expect(alerts.map(({ id }) => id)).toEqual([alerts[0]!.id, alerts[0]!.id])
    expect(alerts[0]).toMatchObject({ status: "down", reason: "fail" })
  })

  it("wraps a job: its result and its error come through, and its run is timed", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ name: "job" })
    expect(await monitor.wrap(id, () => 42)).toBe(42)
    await expect(monitor.wrap(id, () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk")
    const [failed, , success] = await monitor.pings(id)
    expect(failed).toMatchObject({ kind: "fail" })
    expect(success).toMatchObject({ kind: "success" })
    expect(success!.duration).toBeGreaterThanOrEqual(0)
  })

  it("takes its own signals at their word, whatever a check asks of those that come from elsewhere", async () => {
    await using monitor = await Monitor.make()
    const strict = await monitor.ensure({ slug: "strict", every: "1 hour", methods: ["POST"] })
    await monitor.wrap(strict.id, () => 1)
    await expect(monitor.wrap(strict.id, () => Promise.reject(new Error("boom")))).rejects.toThrow("boom")
    const kinds = (await monitor.pings(strict.id)).map(({ kind, scheme }) => `${scheme} ${kind}`)
    expect(kinds).toEqual(["process fail", "process start", "process success", "process start"])
    expect(await monitor.status(strict.id)).toBe("down")
    const filters = { httpBody: true, successKeywords: "OK", failureKeywords: "no" }
    const filtered = await monitor.create({ filters })
    expect(await monitor.success(filtered.id)).toMatchObject({ kind: "success" })
    expect(await monitor.fail(filtered.id, { body: "OK" })).toMatchObject({ kind: "fail" })
    expect(await monitor.start(filtered.id, { body: "no" })).toMatchObject({ kind: "start" })
  })

  it("refuses a run id that is no UUID and an exit status that no job has, and logs nothing of them", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({})
    for (const rid of ["not a uuid", "", 7 as never]) {
      await expect(monitor.start(id, { rid })).rejects.toMatchObject({ _tag: "SignalInvalid", field: "rid" })
    }
    for (const exitStatus of [-1, 256, 4711, 0.5, Number.NaN, "1" as never]) {
      await expect(monitor.success(id, { exitStatus })).rejects.toMatchObject({
        _tag: "SignalInvalid",
        field: "exitStatus",
      })
    }
    expect(await monitor.pings(id)).toEqual([])
    const rid = "0E6A0000-0000-4000-8000-00000000000A"
    expect(await monitor.success(id, { rid, exitStatus: 3 })).toMatchObject({ kind: "fail" })
    expect((await monitor.pings(id))[0]).toMatchObject({ rid: rid.toLowerCase(), exitStatus: 3 })
  })

  it("rejects with errors that a switch can tell apart", async () => {
    await using monitor = await Monitor.make()
    await expect(monitor.check("nobody")).rejects.toMatchObject({ _tag: "CheckNotFound", check: "nobody" })
    await expect(monitor.create({ cron: "0 0 31 2 *" })).rejects.toMatchObject({
      _tag: "PlanInvalid",
      field: "cron",
    })
    const { id } = await monitor.create({})
    await expect(monitor.resume(id)).rejects.toMatchObject({ _tag: "CheckNotPaused" })
    await expect(monitor.createChannel({ name: "x", kind: "pigeon", value: {} })).rejects.toMatchObject({
      _tag: "ChannelInvalid",
      field: "kind",
    })
  })

  it.each([
    [{ every: "soon" as never }, "every"],
    [{ every: "1 hour" as const, cron: "* * * * *" }, "schedule"],
    [{ cron: "* * * * *", zone: "Europe/Atlantis" }, "zone"],
    [{ slug: "Not A Slug" }, "slug"],
    [{ name: "x".repeat(101) }, "name"],
    [{ alert: { failures: 3, outOf: 2 } }, "alert.outOf"],
    [{ alert: { recoveries: 33 } }, "alert.recoveries"],
    [{ remindEvery: 10 }, "remindEvery"],
    [{ quiet: [{ cron: "0 22 * * *", duration: "1 second" as const }] }, "quiet[0].duration"],
    [{ quiet: [{ from: 2, to: 1 }] }, "quiet[0].to"],
    [{ quiet: [{ from: new Date(Number.NaN), to: 1 }] }, "quiet[0].from"],
    [{ quiet: [{ from: 0, to: "2026-02-30" }] }, "quiet[0].to"],
    [{ quiet: [{ from: 0, to: "2026-01-01" }], zone: "Europe/Atlantis" }, "zone"],
  ])("refuses the plan %j and names the field %s", async (input, field) => {
    await using monitor = await Monitor.make()
    await expect(monitor.create(input)).rejects.toMatchObject({ _tag: "PlanInvalid", field })
  })

  it("reads local times in quiet windows on the clock of the plan, or of the check that it has", async () => {
    await using monitor = await Monitor.make()
    const quiet = [{ from: "2026-12-24 18:00", to: new Date("2026-12-27T00:00:00Z") }]
    const opens = ({ policy }: { policy: Policy }) =>
      policy.quiet.map((window) => ("from" in window ? new Date(window.from).toISOString() : undefined))
    const plain = await monitor.create({ quiet })
    expect(opens(plain)).toEqual(["2026-12-24T18:00:00.000Z"])
    expect(opens(await monitor.create({ quiet, zone: "Asia/Kolkata" }))).toEqual(["2026-12-24T12:30:00.000Z"])
    const { id } = await monitor.create({ cron: "0 3 * * *", zone: "America/St_Johns" })
    expect(opens(await monitor.update(id, { quiet }))).toEqual(["2026-12-24T21:30:00.000Z"])
  })

  it("reads schedules of quiet windows on the clock of the plan, or of the check that it has", async () => {
    await using monitor = await Monitor.make()
    const night = { cron: "0 2 * * *", duration: "1 hour" } as const
    const quiet = [night]
    const zones = ({ policy }: { policy: Policy }) =>
      policy.quiet.map((window) => ("schedule" in window ? Schedule.zoneOf(window.schedule).name : undefined))
    expect(zones(await monitor.create({ quiet }))).toEqual(["UTC"])
    expect(zones(await monitor.create({ quiet, cron: "0 5 * * *" }))).toEqual(["UTC"])
    const { id } = await monitor.create({ quiet, cron: "0 5 * * *", zone: "Europe/Berlin" })
    expect(zones(await monitor.check(id))).toEqual(["Europe/Berlin"])
    // The window was read when it was set, and stays what it was read as.
    expect(zones(await monitor.update(id, { zone: "Asia/Tokyo" }))).toEqual(["Europe/Berlin"])
    expect(zones(await monitor.update(id, { quiet }))).toEqual(["Asia/Tokyo"])
    expect(zones(await monitor.update(id, { quiet, zone: "Europe/Kiev" }))).toEqual(["Europe/Kyiv"])
    const own = { ...night, zone: "America/New_York" }
    expect(zones(await monitor.update(id, { quiet: [own, night] }))).toEqual([
      "America/New_York",
      "Europe/Kyiv",
    ])
    expect(zones(await monitor.update(id, { quiet, every: "1 hour" }))).toEqual(["UTC"])
  })

  it("reads quiet windows of a check with a period on the clock that it was given", async () => {
    await using monitor = await Monitor.make()
    const quiet = [
      { cron: "0 2 * * *", duration: "1 hour" },
      { from: "2026-12-24 18:00", to: "2026-12-24 20:00" },
      { from: "2026-12-24 18:00", to: "2026-12-24 20:00", zone: "UTC" },
    ] as const
    const { id } = await monitor.create({ every: "1 hour", zone: "Asia/Kolkata" })
    for (const { policy } of [
      await monitor.create({ every: "1 hour", zone: "Asia/Kolkata", quiet }),
      await monitor.update(id, { quiet }),
    ]) {
      expect(policy.quiet).toMatchObject([
        { schedule: { zone: { name: "Asia/Kolkata" } } },
        { from: Date.parse("2026-12-24T12:30:00Z"), to: Date.parse("2026-12-24T14:30:00Z") },
        { from: Date.parse("2026-12-24T18:00:00Z"), to: Date.parse("2026-12-24T20:00:00Z") },
      ])
    }
  })

  it("reads local times in windows of statistics on the clock of their zone, or in UTC", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({})
    const window = { from: "2026-03-01", to: "2026-04-01" }
    const { from, to } = await monitor.statistics(id, window)
    expect([from, to]).toEqual([Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1)])
    const [month, ...more] = await monitor.statisticsBy(id, "month", { ...window, zone: "Europe/Riga" })
    expect([month!.to - month!.from, more]).toEqual([(31 * 24 - 1) * 3_600_000, []])
  })

  it("tells the statistics of a check over a window, and unit by unit", async () => {
    await using monitor = await Monitor.make()
    const { id, createdAt } = await monitor.create({ every: "1 hour" })
    await monitor.success(id)
    await monitor.fail(id)
    const { up, down, paused, unknown } = await monitor.statistics(id)
    expect(up + down + paused + unknown).toBe(30 * 86_400_000)
    const [from, to] = [new Date(createdAt - 60_000), createdAt + 3_600_000]
    expect(await monitor.statistics(id, { from, to })).toMatchObject({
      from: from.getTime(),
      to,
      runs: { count: 2, failed: 1 },
      isComplete: true,
    })
    const midnight = createdAt - (createdAt % 86_400_000)
    const days = await monitor.statisticsBy(id, "day", {
      from: midnight - 86_400_000,
      to: midnight + 2 * 86_400_000,
      zone: "Asia/Kolkata",
    })
    expect(days.map((day) => (day.to - day.from) / 3_600_000)).toEqual([18.5, 24, 24, 5.5])
    expect(days.reduce((sum, { runs }) => sum + runs.count, 0)).toBe(2)
  })

  it("replays the log of a check under a changed plan, and advises one", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ every: "1 hour" })
    await monitor.success(id)
    await monitor.fail(id)
    const { a, b, onlyA } = await monitor.replay(id, { alert: { failures: 2, outOf: 2 } })
    expect([a.alerts.length, b.alerts.length, onlyA.length]).toEqual([1, 0, 1])
    expect((await monitor.check(id)).policy.alert.failures).toBe(1)
    const { present, guessed } = await monitor.advise(id, { quantile: 0.99, zone: "Europe/Riga" })
    expect([present.grace, guessed.guesses]).toEqual([60_000, []])
  })

  it("names what is wrong with what it is asked about the past", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({})
    const invalid = (field: string) => ({ _tag: "PlanInvalid", field })
    await expect(monitor.statistics(id, { from: 2, to: 1 })).rejects.toMatchObject(invalid("to"))
    await expect(monitor.statistics(id, { from: new Date("soon") })).rejects.toMatchObject(invalid("from"))
    await expect(monitor.statistics(id, { to: "2026-02-30" })).rejects.toMatchObject(invalid("to"))
    await expect(monitor.statistics(id, { zone: "Riga" })).rejects.toMatchObject(invalid("zone"))
    await expect(monitor.statisticsBy(id, "day", { zone: "Riga" })).rejects.toMatchObject(invalid("zone"))
    await expect(monitor.replay(id, { cron: "61 * * * *" })).rejects.toMatchObject(invalid("cron"))
    await expect(monitor.advise("nobody")).rejects.toMatchObject({ _tag: "CheckNotFound" })
  })
})
