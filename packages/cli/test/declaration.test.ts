/** What a file declares, what it cannot, and what applying it changes. */
import { Readable } from "node:stream"
import * as Call from "@overdue/cli/declaration/Call"
import * as Changeset from "@overdue/cli/declaration/Changeset"
import { expected } from "@overdue/cli/CheckView"
import * as ChangesetText from "@overdue/cli/declaration/ChangesetText"
import * as Declaration from "@overdue/cli/declaration/Declaration"
import * as File from "@overdue/cli/declaration/File"
import type { Paint } from "@overdue/cli/Style"
import { fields } from "@overdue/cli/WrittenFields"
import type { Channel, Check } from "@overdue/client/management"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import { describe, expect, it } from "vitest"

const defaults = Object.fromEntries([...fields.values()].map(({ name, absent }) => [name, absent]))

const check = (given: Partial<Check>): Check =>
  // safe because every field that is read here has its default
  ({
    ...defaults,
    schedule: undefined,
    timeout: 86_400,
    uuid: "c",
    channels: "",
    ...given,
  }) as unknown as Check

const channel = (id: string, name: string): Channel => ({ id, name, kind: "webhook" })

const channels = [
  channel("1", "ops"),
  channel("2", "ops"),
  channel("3", "a, b"),
  channel("4", ""),
  channel("5", "*"),
]
const named = channel("6", "night")

const load = (text: string): Promise<unknown> => File.load("-", Readable.from([text]))

const changes = async (text: string, inventory: Changeset.Inventory, prune = false) =>
  Changeset.make(Declaration.read(await load(text)), inventory, { prune, environment: {}, now: 0 }).changes

describe("a project that is exported and applied to itself", () => {
  const inventory: Changeset.Inventory = {
    checks: [
      check({ slug: "tags", tags: " a  b " }),
      check({ slug: "all", channels: [...channels, named].map(({ id }) => id).join(",") }),
      check({ slug: "star", channels: "5" }),
      check({ slug: "quiet", quiet: [{ every: 86_400, duration: 3600 }] }),
    ],
    channels: [...channels, named],
  }

  it("does not change, even when what it does not name is deleted", async () => {
    const text = File.print(inventory.checks, inventory.channels)
    expect(await changes(text, inventory, true)).toEqual([])
    expect(text).toContain("Left out: 5 of the channels")
  })

  it("does not change a check that already tells every channel, when it is to tell all", async () => {
    expect(await changes('checks: [{slug: all, channels: "*"}]', inventory)).toEqual([])
    const [change] = await changes('checks: [{slug: star, channels: "*"}]', inventory)
    expect(change).toMatchObject({
      is: "update check",
      differences: [{ field: "channels", from: "*", to: "*" }],
    })
  })

  it("is not changed at all when a new channel has a name by which no check could choose it", async () => {
    const text = "{channels: [{name: '*', kind: webhook, value: {}}], checks: [{slug: fresh}]}"
    await expect(changes(text, { checks: [], channels: [] })).rejects.toThrow(
      'channel "*": name: expected another name than *',
    )
    expect(await changes("channels: [{name: '*', kind: webhook}]", inventory)).toEqual([])
  })

  it("loses nothing that it does not name, unless it is told to", async () => {
    expect(await changes("checks: [{slug: star}]", inventory)).toEqual([])
  })

  it("loses a channel that it could name and does not", async () => {
    const found = await changes("checks: []", inventory, true)
    expect(found.filter(({ is }) => is === "delete channel")).toEqual([
      { is: "delete channel", channel: named },
    ])
  })
})

describe("a schedule of several cron lines", () => {
  const lines = "0 9 * * 1-5\n0 12 * * 6"

  it("is shown as several, before and after", async () => {
    const plain: Paint = (_, text) => text
    const present = check({ slug: "lines", schedule: lines, tz: "Europe/Riga" })
    const found = await changes("checks: [{slug: lines, schedule: '0 9 * * *'}]", {
      checks: [present],
      channels: [],
    })
    expect(ChangesetText.print({ changes: found, unchanged: 0 }, plain)).toContain(
      "0 9 * * 1-5 | 0 12 * * 6 → 0 9 * * *",
    )
    expect(expected(present)).toBe("0 9 * * 1-5 | 0 12 * * 6 Europe/Riga")
  })
})

describe("a quiet window with local times", () => {
  const quiet = [{ from: "2026-12-24T22:00:00+00:00", to: "2026-12-26T22:00:00+00:00" }]
  const file = (window: string, more = "") => `checks: [{slug: riga, quiet: [${window}]${more}}]`

  it.each([
    ["{from: 2026-12-25, to: 2026-12-27}", ""],
    ["{from: 2026-12-25, to: 2026-12-27}", ", schedule: daily, tz: Europe/Riga"],
    ["{from: 2026-12-24 17:00, to: 2026-12-26T17:00, tz: America/New_York}", ", tz: Europe/Riga"],
    ["{from: 2026-12-25T00:00+02:00, to: 2026-12-26T22:00Z}", ", schedule: daily, tz: Asia/Tokyo"],
  ])("is what the server has of it already: %s%s", async (window, more) => {
    const riga = check({
      slug: "riga",
      timeout: undefined as never,
      schedule: "daily",
      tz: "Europe/Riga",
      quiet,
    })
    const found = await changes(file(window, more), { checks: [riga], channels: [] })
    const isMoved = more.includes("Tokyo")
    const differences = [{ field: "tz", from: "Europe/Riga", to: "Asia/Tokyo" }]
    expect(found).toMatchObject(isMoved ? [{ is: "update check", differences }] : [])
  })

  it("is sent as instants, in UTC when the check is new and the file names no zone", async () => {
    const inventory = { checks: [], channels: [] }
    const [plain] = await changes(file("{from: 2026-12-24 22:00, to: 2026-12-26 22:00}"), inventory)
    expect(plain).toMatchObject({ is: "create check", check: { fields: { quiet } } })
    const text = file("{from: 2026-12-25, to: 2026-12-27}", ", tz: Europe/Riga")
    expect((await changes(text, inventory))[0]).toMatchObject({ check: { fields: { quiet } } })
  })

  it.each([
    ["{from: 2026-02-30, to: 2026-03-02}", "checks[0].quiet[0].from is not an instant"],
    ["{from: 2026-03-02, to: 2026-03-01}", "checks[0].an item in 'quiet' ends before it begins"],
    ["{from: 2026-03-02, to: 2026-03-03, tz: Riga}", "checks[0].quiet[0].tz is not a valid timezone"],
    [
      "{from: 2026-03-02, to: 2026-03-03, zone: UTC}",
      "checks[0].quiet[0].zone is unknown: a window with from",
    ],
    [
      "{schedule: daily, duration: 1h, to: 2026-03-03}",
      "checks[0].quiet[0].to is unknown: a window with sched",
    ],
    [
      "{every: 1d, duration: 1h, tz: UTC}",
      "checks[0].quiet[0].tz is unknown: a window with every has every and",
    ],
    ["{from: 5, to: 6}", "it is a list of {schedule, tz, duration}"],
  ])("is refused when it is wrong: %s", async (window, message) => {
    const document = await load(file(window))
    expect(() => Declaration.read(document)).toThrow(message)
  })
})

describe("a quiet window with a schedule", () => {
  const file = (more: string, tz = "") =>
    `checks: [{slug: job, quiet: [{schedule: 0 2 * * *, duration: 1h${tz}}]${more}}]`
  const inZone = (tz: string) => [{ schedule: "0 2 * * *", tz, duration: 3600 }]
  const berlin = check({
    slug: "job",
    timeout: undefined as never,
    schedule: "0 5 * * *",
    tz: "Europe/Berlin",
    quiet: inZone("Europe/Berlin"),
  })

  it.each([
    ["", "", "UTC"],
    [", tz: Europe/Kiev, schedule: daily", "", "Europe/Kyiv"],
    [", tz: Europe/Riga, timeout: 1h", "", "Europe/Riga"],
    [", tz: Europe/Riga, schedule: daily", ", tz: Asia/Calcutta", "Asia/Kolkata"],
  ])("is on the clock of a new check: %s%s", async (more, tz, zone) => {
    const [change] = await changes(file(more, tz), { checks: [], channels: [] })
    expect(change).toMatchObject({ check: { fields: { quiet: inZone(zone) } } })
  })

  it("is what the server has of it already, and moves with the zone of the file", async () => {
    const inventory = { checks: [berlin], channels: [] }
    expect(await changes(file(""), inventory)).toEqual([])
    expect(await changes(file(", schedule: 0 5 * * *, tz: Europe/Berlin"), inventory)).toEqual([])
    const moved = await changes(file(", schedule: 0 5 * * *, tz: Asia/Tokyo"), inventory)
    expect(moved).toMatchObject([
      {
        differences: [
          { field: "tz", to: "Asia/Tokyo" },
          { field: "quiet", from: inZone("Europe/Berlin"), to: inZone("Asia/Tokyo") },
        ],
      },
    ])
  })

  it("is exported with its zone, so that it stays when the zone of the check is edited", async () => {
    const text = File.print([berlin], [])
    expect(text.match(/tz: Europe\/Berlin/g)).toHaveLength(2)
    const edited = text.replace("tz: Europe/Berlin", "tz: Asia/Tokyo")
    expect(await changes(edited, { checks: [berlin], channels: [] })).toMatchObject([
      { differences: [{ field: "tz" }] },
    ])
  })

  it("of a check with a period is in the zone that the file names, which no answer shows", async () => {
    const known = check({ slug: "job", timeout: 3600, quiet: inZone("Europe/Riga") })
    const found = await changes(file(", timeout: 1h, tz: Europe/Riga"), { checks: [known], channels: [] })
    expect(found).toEqual([])
  })

  it("sends a period and a zone that take the place of a schedule, without that schedule", async () => {
    const [change] = await changes(file(", timeout: 1h, tz: Europe/Riga"), {
      checks: [berlin],
      channels: [],
    })
    let sent: unknown
    const update = async (_: string, fields: unknown) => void (sent = fields)
    await Call.perform(change!, { checks: { update } } as never) // nothing else is called
    expect(sent).toEqual({ timeout: 3600, tz: "Europe/Riga", quiet: inZone("Europe/Riga") })
  })
})

describe("a file with mistakes", () => {
  it("is refused with the place of every value that the server would refuse", async () => {
    const file = `checks:
      - {slug: a, name: ${"x".repeat(101)}, timeout: 0s}
      - {slug: B, schedule: "61 * * * *", tz: Mars/Base, alert: {failures: 3, out_of: 2}}`
    let message = ""
    try {
      Declaration.read(await load(file))
    } catch (error) {
      message = String(error)
    }
    for (const place of [
      "checks[0].name is too long",
      "checks[0].timeout is too small",
      "checks[1].slug does not match pattern",
      "checks[1].schedule ",
      "checks[1].tz ",
      "checks[1].alert has more failures than out_of",
    ])
      expect(message).toContain(place)
  })

  it("is refused in one sentence when it contains itself", async () => {
    await expect(load("checks: &c\n  - *c\n")).rejects.toThrow(/^- cannot be read: /)
  })

  it.each([
    [{ timeout: "1h", schedule: "0 3 * * *" }, "timeout and schedule both say when signals are expected"],
    [
      { probe: { url: "https://example.org", grace: "1m" }, grace: "5m" },
      "grace and probe both say for how long it may fail",
    ],
    [{ probe: "https://example.org", timeout: "5m" }, "timeout and probe both say when signals come"],
  ])("is refused when two of its fields say the same: %j", (given, sentence) => {
    expect(() => Declaration.read({ checks: [{ slug: "a", ...given }] })).toThrow(`checks[0]: ${sentence}`)
  })

  it("is none when a grace stands beside a probe that has none, whose grace it is", () => {
    const file = { checks: [{ slug: "a", probe: "https://example.org", grace: "5m" }] }
    expect(Declaration.read(file).checks[0]?.fields).toEqual({
      slug: "a",
      probe: { url: "https://example.org", every: 60, grace: 300 },
    })
  })

  it("is refused without all of a long value", () => {
    expect(() => Declaration.read({ checks: [{ slug: "a", runs: "x".repeat(10_000) }] })).toThrow(
      /^.{0,300}$/s,
    )
  })
})

it("every example of a field is what its file may say", () => {
  for (const [name, { example }] of CheckDocument.writable(CheckFields.fields)) {
    const field = fields.get(name)
    if (field !== undefined) expect([name, field.problem(example as never)]).toEqual([name, undefined])
  }
})
