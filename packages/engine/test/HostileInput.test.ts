/** What JavaScript may pass to a monitor: it is refused by the name of the field, and nothing is written. */
import * as Monitor from "@overdue/engine/Monitor"
import { describe, expect, it } from "vitest"

/** Returns an object, one of whose fields cannot be read. */
const broken = (field: string, others: object = {}): object =>
  Object.defineProperty({ ...others }, field, {
    enumerable: true,
    get: () => {
      throw new Error("boom")
    },
  })

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

const cycle: Record<string, unknown> = {}
cycle["self"] = cycle
const nest: unknown[] = []
nest.push(nest)

/** Values that no field takes, by what they are. */
const never: Readonly<Record<string, unknown>> = {
  NaN: Number.NaN,
  Infinity,
  "-Infinity": -Infinity,
  "a negative number": -1,
  "a huge number": 1e308,
  "a huge bigint": 10n ** 400n,
  null: null,
  "a function": () => 1,
  "a symbol": Symbol("x"),
  "an invalid date": new Date(Number.NaN),
  "what only claims to be a date": Object.create(Date.prototype, { x: { value: 1, enumerable: true } }),
  "a map": new Map([["failures", 3]]),
  "a text in a box": Object("x"),
  "an object in itself": cycle,
  "a list in itself": nest,
  "a list with a hole": Object.assign([], { length: 1 }),
  "a long list of holes": Object.assign([], { length: 2 ** 32 - 1 }),
  "an object with no prototype": Object.assign(Object.create(null), { x: 1 }),
  "an object that cannot be read": broken("failures", { failure: 1 }),
  "a span that cannot be read": broken("hours"),
  "a list that cannot be read": Object.defineProperty(
    [1],
    0,
    Object.getOwnPropertyDescriptor(broken("0"), "0")!,
  ),
  "a revoked object": revoked({}),
  "a revoked list": revoked([]),
}

const names =
  `name slug tags description channels every cron onCalendar schedule zone grace early maxRuntime minRuntime
  startSatisfies armed runs alert quiet remindEvery notifyOnFirstPing manualResume methods filters`.split(
    /\s+/,
  )

const fields: Readonly<Record<string, (value: unknown) => object>> = {
  ...Object.fromEntries(names.map((field) => [field, (value: unknown) => ({ [field]: value })])),
  "alert.failures": (failures) => ({ alert: { failures } }),
  "alert.recoveries": (recoveries) => ({ alert: { recoveries } }),
  "filters.body": (body) => ({ filters: { body } }),
  "filters.startKeywords": (startKeywords) => ({ filters: { startKeywords } }),
  "tags[0]": (tag) => ({ tags: [tag] }),
  "methods[0]": (method) => ({ methods: [method] }),
  "channels[0]": (channel) => ({ channels: [channel] }),
  "quiet[0]": (window) => ({ quiet: [window] }),
  "quiet[0].cron": (cron) => ({ quiet: [{ cron, duration: "1 hour" }] }),
  "quiet[0].duration": (duration) => ({ quiet: [{ cron: "0 2 * * *", duration }] }),
  "quiet[0].zone": (zone) => ({ quiet: [{ from: "2026-12-24", to: "2026-12-27", zone }] }),
  "quiet[0].from": (from) => ({ quiet: [{ from, to: 9e12 }] }),
  "quiet[0].to": (to) => ({ quiet: [{ from: 0, to }] }),
}

describe("a monitor", () => {
  it.each(Object.keys(fields))("refuses in %s what it cannot mean, and writes nothing", async (field) => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ name: "as it is", slug: "known" })
    const before = await monitor.checks()
    for (const [what, value] of Object.entries(never)) {
      const input = fields[field]!(value) as never // what the compiler refuses
      const calls = [
        () => monitor.create(input),
        () => monitor.update(id, input),
        () => monitor.ensure({ slug: "new", ...(input as object) }),
        () => monitor.ensure({ slug: "known", ...(input as object) }),
      ]
      for (const call of calls) {
        const refused = await call().then(
          () => "accepted",
          ({ _tag, field }) => [_tag, field],
        )
        expect([what, refused]).toEqual([what, ["PlanInvalid", expect.stringContaining(field)]])
      }
    }
    expect(await monitor.checks()).toEqual(before)
  })

  it("refuses what is no plan at all, ids that are no text, and options that it does not have", async () => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({ slug: "known" })
    const before = await monitor.checks()
    const values = Object.values(never)
    for (const value of [...values, 5, "text", [], new Date(0)] as never[]) {
      for (const call of [
        () => monitor.create(value),
        () => monitor.ensure(value),
        () => monitor.update(id, value),
        () => monitor.update(id, { name: "other" }, value),
      ]) {
        await expect(call()).rejects.toMatchObject({ _tag: "PlanInvalid" })
      }
      await expect(monitor.update(id, {}, { restart: value })).rejects.toMatchObject({
        field: "options.restart",
      })
      if (typeof value === "string") continue
      for (const call of [
        () => monitor.update(value, {}),
        () => monitor.pause(value),
        () => monitor.delete(value),
        () => monitor.check(value),
        () => monitor.success(value),
      ]) {
        await expect(call()).rejects.toMatchObject({ _tag: "PlanInvalid", field: "id" })
      }
    }
    expect(await monitor.checks()).toEqual(before)
  })

  it.each(["slug", "grace", "quiet"])("names %s when that cannot be read", async (field) => {
    await using monitor = await Monitor.make()
    const { id } = await monitor.create({})
    const input = broken(field, { slug: "new" }) as never
    for (const call of [
      () => monitor.create(input),
      () => monitor.ensure(input),
      () => monitor.update(id, input),
    ]) {
      await expect(call()).rejects.toMatchObject({ _tag: "PlanInvalid", field })
    }
    expect(await monitor.checks()).toHaveLength(1)
  })

  it("takes objects with no prototype, and those whose fields are inherited", async () => {
    await using monitor = await Monitor.make()
    const plain = Object.assign(Object.create(null), { cron: "@daily", grace: 1000 })
    for (const input of [plain, Object.create(plain)]) {
      const { policy } = await monitor.create(input)
      expect(policy).toMatchObject({ schedule: { expression: "0 0 * * *" }, grace: 1000 })
    }
  })

  it("reads nicknames in either field, and moves the schedule by its zone alone", async () => {
    await using monitor = await Monitor.make()
    for (const when of [{ schedule: "@daily" }, { cron: "@daily" }]) {
      const { id } = await monitor.create({ ...when, zone: "Europe/Riga" })
      const { policy } = await monitor.update(id, { zone: "Asia/Tokyo" })
      expect(policy.schedule).toMatchObject({ expression: "0 0 * * *", zone: { name: "Asia/Tokyo" } })
    }
  })

  const silences: readonly (readonly [unknown, string, string])[] = [
    [null, "length", "an object"],
    ["2 hours", "length", "an object"],
    [{}, "for", 'for, a span such as "2 hours", or until, an instant'],
    [{ fro: 1 }, "length.fro", "no field of this name"],
    [{ for: 60_000, until: 9e12 }, "for", "either for or until, not both"],
    [{ for: 0 }, "for", "to end a silence, use endSilence"],
    [{ for: -1 }, "for", "to end a silence, use endSilence"],
    [{ for: "400 days" }, "for", "a year at most"],
    [{ until: 0 }, "until", "this one is past; to end a silence, use endSilence"],
    [{ until: "2020-01-01" }, "until", "this one is past; to end a silence, use endSilence"],
    [{ until: 9e12 }, "until", "an instant within a year"],
    [{ until: "2999-01-01", zone: "Mars/X" }, "zone", "an IANA time zone name"],
    [{ until: "2999-01-01", zone: 5 }, "zone", "text"],
  ]

  it.each(silences)(
    "refuses a silence of %j, and what is silent stays so",
    async (length, field, expected) => {
      await using monitor = await Monitor.make()
      await monitor.create({ tags: "db" })
      await monitor.silence("all", { for: "1 hour" })
      const before = await monitor.checks()
      await expect(monitor.silence("all", length as never)).rejects.toMatchObject({
        _tag: "PlanInvalid",
        field,
        expected: expect.stringContaining(expected),
      })
      expect(await monitor.checks()).toEqual(before)
    },
  )

  const whichs: readonly (readonly [unknown, string])[] = [
    ["x", "which"],
    [undefined, "which"],
    [{}, "which"],
    [{ check: "x" }, "which.check"],
    [{ id: "x", tag: "db" }, "which"],
    [{ id: 5 }, "which.id"],
    [{ tag: undefined }, "which"],
    [{ tag: 5 }, "which.tag"],
    [{ tag: "" }, "which.tag"],
    [{ tag: " " }, "which.tag"],
    [{ tag: "db nightly" }, "which.tag"],
  ]

  it.each(whichs)("refuses to silence %j, and to end that", async (which, field) => {
    await using monitor = await Monitor.make()
    await monitor.create({ tags: "db nightly" })
    const refusal = { _tag: "PlanInvalid", field }
    await expect(monitor.silence(which as never, { for: "1 hour" })).rejects.toMatchObject(refusal)
    await expect(monitor.endSilence(which as never)).rejects.toMatchObject(refusal)
    expect((await monitor.checks())[0]!.state.silencedUntil).toBeUndefined()
  })

  it("refuses for silence whatever it refuses elsewhere", async () => {
    await using monitor = await Monitor.make()
    await monitor.create({})
    const whichs = { "a tag that cannot be read": broken("tag"), ...never }
    for (const [what, value] of Object.entries(whichs)) {
      for (const call of [
        () => monitor.silence(value as never, { for: "1 hour" }),
        () => monitor.endSilence(value as never),
        () => monitor.silence("all", value as never),
        () => monitor.silence("all", { for: value as never }),
        () => monitor.silence("all", { until: value as never }),
        () => monitor.silence("all", { until: "2999-01-01", zone: value as never }),
      ]) {
        const refused = await call().then(
          () => "accepted",
          ({ _tag }) => _tag,
        )
        expect([what, refused]).toEqual([what, "PlanInvalid"])
      }
    }
  })

  it("silences no check when none has the tag", async () => {
    await using monitor = await Monitor.make()
    expect(await monitor.silence({ tag: "nope" }, { for: "1 hour" })).toEqual([])
  })
})
