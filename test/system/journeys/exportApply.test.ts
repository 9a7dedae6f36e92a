/**
 * What is exported can be applied to an empty project, whatever door each check came in by, and gives the same policies.
 */
import { Readable } from "node:stream"
import * as Call from "@overdue/cli/declaration/Call"
import * as Changeset from "@overdue/cli/declaration/Changeset"
import * as Declaration from "@overdue/cli/declaration/Declaration"
import * as File from "@overdue/cli/declaration/File"
import { connect, type Management } from "@overdue/client/management"
import type { Fetch } from "@overdue/client"
import * as Check from "@overdue/core/Check"
import { day, hour, minute } from "@overdue/core/Time"
import * as Create from "@overdue/engine/commands/Create"
import * as PlanInput from "@overdue/engine/PlanInput"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { HttpHost, start } from "../../kit/HttpHost.ts"
import { keys } from "../../kit/Keys.ts"

const api = (host: HttpHost): Management => {
  const fetch: Fetch = async (url, { method, body }) => {
    const { pathname, search } = new URL(url)
    const answer = await host.ask(method, pathname + search, body === undefined ? {} : { body })
    return { ...answer, headers: new Headers(answer.headers), text: async () => answer.text }
  }
  return connect({ baseUrl: "http://overdue", apiKey: keys.readWrite, fetch, attempts: 1 })
}

const checksOf = (host: HttpHost): Promise<readonly Check.Check[]> => host.run(Checks.list(host.project.id))

/** Creates a check as code does, and says whether it was accepted. */
const inCode = async (host: HttpHost, input: PlanInput.PlanInput): Promise<boolean> => {
  const { id: project } = host.project
  const created = Create.run({ project, plan: () => PlanInput.plan(input) })
  return Exit.isSuccess(await host.run(Effect.exit(created)))
}

/** Creates a check as anybody does who has a key. */
const raw = async (host: HttpHost, query: string, body: unknown): Promise<boolean> =>
  (await host.ask("POST", `/api/v3/checks/${query}`, { body })).status === 201

const read = async (text: string) => Declaration.read(await File.load("-", Readable.from([text])))

const exported = async (host: HttpHost): Promise<string> =>
  File.print(await api(host).checks.list(), await api(host).channels.list())

const changes = async (host: HttpHost, text: string): Promise<readonly Changeset.Change[]> => {
  const inventory = { checks: await api(host).checks.list(), channels: await api(host).channels.list() }
  return Changeset.make(await read(text), inventory, { prune: true, environment: {}, now: start }).changes
}

const apply = async (host: HttpHost, text: string): Promise<void> => {
  for (const change of await changes(host, text)) await Call.perform(change, api(host))
}

/** Expects the checks of one project in another one, found by slug and name, with the same policies. */
const expectSame = async (from: HttpHost, to: HttpHost): Promise<void> => {
  const key = ({ details: { slug, name } }: Check.Check): string => `${slug} ${name}`
  const found = new Map((await checksOf(to)).map((check) => [key(check), check.policy]))
  const wanted = await checksOf(from)
  expect(found.size).toBe(wanted.length)
  for (const check of wanted) {
    const policy = found.get(key(check))
    if (policy === undefined || !Check.isSamePolicy(check.policy, policy)) {
      expect(policy).toEqual(check.policy) // says where they differ
    }
  }
}

const texts = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: "grapheme", maxLength: 20 }))
const zones = fc.constantFrom("UTC", "Europe/Riga", "Europe/Kiev", "America/New_York", "Asia/Kathmandu")
const crons = fc.constantFrom(
  "*/5 * * * *",
  "15 5 * * mon-fri",
  "0 0 L * *",
  " 0  3 * * 7",
  "30 2 29 2 *",
  "0 12 * * 1-5\n0 10 * * 6",
)
const calendars = fc.constantFrom("Mon..Fri *-*-* 09:30", "weekly\nmonthly", "*:*:30", "2020-01-01", "daily")
const others = fc.constantFrom(
  "never",
  "every 2 weeks from 2026-01-05 09:00",
  "every 10 days from 2026-01-05",
)
const milliseconds = (shortest: number, longest = 30 * day) =>
  fc.oneof(
    fc.integer({ min: shortest, max: longest }),
    fc
      .integer({ min: Math.ceil(shortest / minute), max: Math.floor(longest / minute) })
      .map((n) => n * minute),
  )
const seconds = (shortest: number) => milliseconds(shortest * 1000).map((span) => span / 1000)
const whole = fc.integer({ min: 60, max: 31_536_000 })
const instants = fc.integer({ min: 0, max: 4_000_000_000 })
const counts = fc.integer({ min: 1, max: 32 })
const windowsOf = <A>(recurring: fc.Arbitrary<A>) => fc.array(recurring, { maxLength: 2 })
const once = fc.tuple(instants, fc.integer({ min: 1, max: 9_000_000 }))

const inputs: fc.Arbitrary<PlanInput.PlanInput> = fc
  .record(
    {
      timing: fc.oneof(
        fc.record({ every: milliseconds(1), zone: zones }, { requiredKeys: ["every"] }),
        fc.record({ cron: fc.oneof(crons, fc.constant("@Weekly")), zone: zones }),
        fc.record({ onCalendar: calendars, zone: zones }),
        fc.record({ schedule: fc.oneof(others, fc.constant("@Daily")), zone: zones }),
      ),
      name: texts,
      tags: texts,
      description: texts,
      grace: milliseconds(0),
      early: milliseconds(0, day),
      maxRuntime: fc.oneof(fc.constantFrom("never" as const, undefined), milliseconds(1)),
      minRuntime: fc.oneof(fc.constant(undefined), milliseconds(1, minute)),
      startSatisfies: fc.boolean(),
      armed: fc.boolean(),
      runs: fc.constantFrom("latest", "every"),
      alert: fc.record({ failures: counts, outOf: counts, recoveries: counts }),
      quiet: windowsOf(
        fc.oneof(
          fc.record(
            { cron: crons, zone: zones, duration: milliseconds(minute, 3 * hour) },
            { requiredKeys: ["cron", "duration"] },
          ),
          fc.record({ every: milliseconds(hour), duration: milliseconds(minute, hour) }),
          once.map(([from, length]) => ({ from: from * 999, to: from * 999 + length })),
        ),
      ),
      remindEvery: fc.oneof(fc.constant(undefined), milliseconds(minute)),
      notifyOnFirstPing: fc.boolean(),
      manualResume: fc.boolean(),
      methods: fc.subarray(["get", "POST", "HEAD"]),
      filters: fc.record({ subject: fc.boolean(), httpBody: fc.boolean(), successKeywords: texts }),
    },
    { requiredKeys: [] },
  )
  .map(({ timing, ...input }) => ({ ...input, ...timing }) as PlanInput.PlanInput) // safe because absent keys stay so

const documents = (span: fc.Arbitrary<number>, grace: fc.Arbitrary<number>): fc.Arbitrary<object> =>
  fc.record(
    {
      name: texts,
      tags: texts,
      timeout: span,
      grace,
      schedule: fc.oneof(crons, calendars, others),
      tz: zones,
      early: fc.constantFrom(0, 0.001, 60, 86_400),
      max_runtime: fc.oneof(fc.constantFrom("never", null), seconds(0.001)),
      min_runtime: fc.oneof(fc.constant(null), seconds(0.001)),
      start_satisfies: fc.boolean(),
      armed: fc.boolean(),
      runs: fc.constantFrom("latest", "every"),
      alert: fc.record({ failures: counts, out_of: counts, recoveries: counts }, { requiredKeys: [] }),
      quiet: windowsOf(
        fc.record(
          { schedule: crons, tz: zones, duration: fc.integer({ min: 60, max: 9000 }) },
          { requiredKeys: ["schedule", "duration"] },
        ),
      ),
      remind_every: fc.oneof(fc.constant(null), seconds(60)),
      notify_on_first_ping: fc.boolean(),
      manual_resume: fc.boolean(),
      methods: fc.constantFrom("", "POST"),
      subject: texts,
      filter_default_fail: fc.boolean(),
    },
    { requiredKeys: [] },
  )

const doors = fc.oneof(
  inputs.map((input) => (host: HttpHost, slug: string) => inCode(host, { ...input, slug })),
  documents(whole, whole).map((body) => (host: HttpHost, slug: string) => raw(host, "", { ...body, slug })),
  documents(seconds(0.001), seconds(0)).map(
    (body) => (host: HttpHost, slug: string) => raw(host, "?defaults=own", { ...body, slug }),
  ),
)

describe("a project that is exported and applied to an empty one", () => {
  it("has the same policies, whatever door each check came in by", async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.array(doors, { minLength: 1, maxLength: 8 }), async (makers) => {
        await using from = await HttpHost.open()
        await using to = await HttpHost.open()
        for (const [index, make] of makers.entries()) accepted += Number(await make(from, `check-${index}`))
        const text = await exported(from)
        await apply(to, text)
        await expectSame(from, to)
        expect(await changes(to, text)).toEqual([])
        expect(await changes(from, text)).toEqual([])
        expect(await exported(to)).toBe(text)
      }),
      { numRuns: 60 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it("says what a check of Healthchecks has other than ours, and nothing of one of ours", async () => {
    await using host = await HttpHost.open()
    await raw(host, "", { slug: "theirs" })
    await inCode(host, { slug: "ours" })
    const { checks } = JSON.parse(JSON.stringify(await File.load("-", Readable.from([await exported(host)]))))
    expect(checks).toEqual([
      { slug: "ours" },
      { slug: "theirs", early: "0s", start_satisfies: false, armed: false, runs: "latest" },
    ])
  })

  it("keeps checks apart that have a name alone from those with a slug", async () => {
    await using from = await HttpHost.open()
    await using to = await HttpHost.open()
    await raw(from, "", { name: "job", slug: "job" })
    await raw(from, "", { name: "job", grace: 60 })
    await apply(to, await exported(from))
    await expectSame(from, to)
  })

  it.each([
    ["two checks with one slug", [{ slug: "a" }, { slug: "a" }], 'checks: two have the slug "a"'],
    ["two checks with one name and no slug", [{ name: "a" }, { name: "a" }], 'checks: two have the name "a"'],
    ["a check with neither", [{}], "checks[0]: it needs a slug or a name, by which apply finds it again"],
  ])("is refused for %s, because nothing tells which is meant", async (_, bodies, sentence) => {
    await using from = await HttpHost.open()
    for (const body of bodies) expect(await raw(from, "", body)).toBe(true)
    await expect(read(await exported(from))).rejects.toThrow(sentence)
  })
})

describe("a file that is applied twice at once", () => {
  const file = `
channels: [{ name: ops, kind: callback, value: {} }]
checks: [{ slug: job, name: job, channels: [ops] }, { name: job }, { slug: other, grace: 5m }]`

  it("creates every check and every channel once, and what came meanwhile is as the file says", async () => {
    await using host = await HttpHost.open()
    const names: (readonly string[])[] = []
    const ids: (string | undefined)[] = []
    const both = [await changes(host, file), await changes(host, file)]
    expect(both.map((made) => made.length)).toEqual([4, 4])
    await raw(host, "", { slug: "other", grace: 60 })
    for (const made of both) {
      for (const change of made) await Call.perform(change, api(host))
      const found = await checksOf(host)
      names.push(found.map(({ details: { slug, name } }) => `${slug} ${name}`).toSorted())
      ids.push(found.find(({ details }) => details.slug === "job")?.id)
    }
    expect(names).toEqual([
      [" job", "job job", "other "],
      [" job", "job job", "other "],
    ])
    expect(ids[1]).toBe(ids[0])
    expect(await api(host).channels.list()).toHaveLength(1)
    expect(await api(host).checks.list({ slug: "other" })).toMatchObject([{ grace: 300 }])
  })

  it("is refused when a channel of another kind came meanwhile under the same name", async () => {
    await using host = await HttpHost.open()
    const [channel] = await changes(host, file)
    const played = { ...api(host).channels, list: async () => [{ id: "1", name: "ops", kind: "webhook" }] }
    await Call.perform(channel!, api(host))
    await expect(Call.perform(channel!, { ...api(host), channels: played })).rejects.toThrow("409")
  })
})

describe("a project that is exported with ids", () => {
  const exportedWithIds = async (host: HttpHost): Promise<string> =>
    File.print(await api(host).checks.list(), await api(host).channels.list(), true)

  const identities = async (host: HttpHost) =>
    (await checksOf(host)).map(({ id, badgeKey, details: { name, slug } }) => [id, badgeKey, name, slug])

  it("keeps the ids and badge keys of its checks elsewhere, even of those without a name or with that of another", async () => {
    await using from = await HttpHost.open()
    await using to = await HttpHost.open()
    for (const body of [{}, {}, { name: "twin" }, { name: "twin" }, { slug: "a" }]) await raw(from, "", body)
    const text = await exportedWithIds(from)
    await apply(to, text)
    const [there, here] = [await identities(from), await identities(to)]
    expect(here).toHaveLength(there.length)
    expect(here).toEqual(expect.arrayContaining(there))
    expect(await changes(to, text)).toEqual([])
    expect(await changes(from, text)).toEqual([])
  })

  it("changes the check that has the id, whatever it is called by now", async () => {
    await using host = await HttpHost.open()
    await raw(host, "", { slug: "a", name: "before" })
    const text = await exportedWithIds(host)
    await apply(host, text.replace("slug: a", "slug: b").replace("name: before", "name: after"))
    expect((await identities(host)).map(([, , name, slug]) => [name, slug])).toEqual([["after", "b"]])
  })

  it("is refused before anything is changed when a check is there under another id", async () => {
    await using from = await HttpHost.open()
    await using to = await HttpHost.open()
    await raw(from, "", { slug: "a" })
    await raw(to, "", { slug: "a" })
    const text = (await exportedWithIds(from)).replace(/(?<=id: )\S/, (digit) => (digit === "7" ? "8" : "7"))
    await expect(changes(to, text)).rejects.toThrow("and ids cannot change")
  })

  it.each(["x", "7", "[]", "0A1B2C3D-0000-4000-8000-00000000000A"])("refuses the id %s", async (id) => {
    await expect(read(`checks:\n  - id: ${id}\n    slug: a`)).rejects.toThrow(
      "checks[0].id: it is a UUID in lower case",
    )
    await expect(read(`checks:\n  - badge_key: ${id}\n    slug: a`)).rejects.toThrow(
      "checks[0].badge_key: it is a UUID",
    )
  })
})
