/** Databases in which somebody has written what Overdue did not: every column of every table, with what it can hold. */
import { copyFileSync } from "node:fs"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import * as StoreModule from "@overdue/core/Store"
import type { StoreError } from "@overdue/core/Store"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import { beforeAll, describe, expect, it } from "vitest"
import * as DamagedValues from "../../../test/kit/DamagedValues.ts"
import * as Files from "./Files.ts"

type Stored = StoreModule.Store["Service"]

const { checkId, channelId, projectId, start } = StoreFixture

const now = start + 1000

/** Two checks in one project, of which the first is about to be damaged with all that belongs to it. */
const furnish = async () => {
  const filename = Files.fresh()
  await Files.using(filename, (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      const ids = [checkId(1), checkId(2)]
      yield* StoreFixture.happen(store, ids, { type: "start", rid: undefined }, start + 5)
      yield* StoreFixture.happen(store, ids, { type: "fail", rid: undefined }, now)
      yield* store.createApiKey(StoreFixture.apiKey(1))
      yield* store.awake(now, undefined)
      yield* store.awake(now + 100_000, 1000)
    }),
  )
  const sqlite = new DatabaseSync(filename)
  sqlite.exec("UPDATE pings SET idempotency_key = 'key ' || key")
  sqlite.exec(`UPDATE channels SET last_error_at = ${now}, last_error = 'refused'`)
  sqlite.exec(
    `INSERT INTO memories (channel_key, check_key, flip, value) SELECT DISTINCT channel_key, check_key, flip, '{}'
     FROM deliveries`,
  )
  sqlite.close()
  return filename
}

let furnished: Promise<string>
beforeAll(() => (furnished = furnish()))

/** Copies that database, and writes something of its own into the row about the installation. */
const withAwake = async (column: string, value: SQLInputValue): Promise<string> => {
  const filename = Files.fresh()
  copyFileSync(await furnished, filename)
  const sqlite = new DatabaseSync(filename)
  sqlite.prepare(`UPDATE awake SET ${column} = ?`).run(value)
  sqlite.close()
  return filename
}

/** Everything that is read of a store, by what reads it. */
const reads = (store: Stored): Readonly<Record<string, Effect.Effect<unknown, StoreError>>> => ({
  check: store.check(checkId(1)),
  badge: store.checkByBadgeKey(StoreFixture.check(1).badgeKey),
  checks: store.checks(projectId(1), {}),
  pings: store.pings(checkId(1), { limit: 100 }),
  ping: store.ping(checkId(1), 3),
  flips: store.flips(checkId(1), {}),
  flipCounts: store.flipCounts(projectId(1)),
  deliveries: store.deliveries({ limit: 100 }),
  waiting: store.waiting(projectId(1)),
  channels: store.channels(projectId(1)),
  channel: store.channel(channelId(1)),
  projects: store.projects,
  project: store.project(projectId(1)),
  apiKeys: store.apiKeys(projectId(1)),
  apiKey: store.apiKey(StoreFixture.apiKey(1).digest),
  blind: store.blind,
  activity: store.activity,
  due: store.due(now, 100),
  unit: store.transact({ checks: [checkId(1)], projects: [projectId(1)], keys: ["key 1"] }, () => ({
    result: undefined,
  })),
  match: store.transact({ match: { project: projectId(1), name: "no check has it" } }, () => ({
    result: undefined,
  })),
})

/** What one check is read by, and all others. */
const ofOne = new Set(["check", "badge", "ping", "channel", "project", "apiKey", "unit"])

/** What must work for the second check, whatever is wrong with the first. */
const ofOther = Effect.fnUntraced(function* (store: Stored) {
  const checks = yield* store.checks(projectId(1), {})
  expect(checks.map(({ id }) => id)).toContain(checkId(2))
  expect((yield* store.check(checkId(2)))?.id).toBe(checkId(2))
  yield* StoreFixture.happen(store, [checkId(2)], { type: "log", rid: undefined }, now)
  expect((yield* store.flips(checkId(2), {})).length).toBeGreaterThan(0)
  const claims = yield* store.claimDeliveries(now, 100, 1)
  expect(claims.map(({ delivery }) => delivery.check)).toContain(checkId(2))
  yield* store.settleDeliveries(
    claims.map(({ delivery }) => ({
      id: delivery.id,
      attempt: delivery.attempts,
      outcome: { status: "pending", cause: "stopped", dueAt: now, error: "" },
      now,
    })),
  )
})

const texts = [
  ...DamagedValues.texts,
  '"a"',
  '{"anchorIsSignal":9}',
  '{"schedule":{"kind":"wat"},"grace":1}',
  "x".repeat(20_000),
]
const integers = [...DamagedValues.integers, 99]
const values: readonly SQLInputValue[] = [null, ...texts, ...integers, DamagedValues.huge, new Uint8Array(3)]

const tables: readonly (readonly [table: string, where: string])[] = [
  ["checks", `id = '${checkId(1)}'`],
  ["projects", `id = '${projectId(1)}'`],
  ["channels", `id = '${channelId(1)}'`],
  ["api_keys", "key = 1"],
  ["pings", `check_key = 1`],
  ["flips", `check_key = 1`],
  ["deliveries", `check_key = 1`],
  ["memories", `check_key = 1`],
  ["blind_spans", "1 = 1"],
]

/** Returns a value as messages repeat it. */
const shown = (value: SQLInputValue): string =>
  JSON.stringify(typeof value === "bigint" ? Number(value) : value).slice(0, 40)

/** Returns the columns of a table, but for the key of its rows. */
const columnsOf = (database: DatabaseSync, table: string): readonly string[] =>
  database
    .prepare(`SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name))
    .filter((name) => name !== "key")

/** Which are found damaged although nobody asks for them. */
const inspected = new Set(["checks", "projects", "channels", "api_keys"])

/** How records are found, not what is stored of them. */
const links = new Set(["id", "project", "check_key", "channel_key", "digest", "badge_key", "slug"])

describe("a column that holds what Overdue did not write", () => {
  it.each(tables)("of %s is an error of that record, and of no other", async (table, where) => {
    const filename = Files.fresh()
    copyFileSync(await furnished, filename)
    const editor = new DatabaseSync(filename)
    editor.exec("PRAGMA foreign_keys = OFF")
    const columns = columnsOf(editor, table)
    let tried = 0
    const lines: string[] = []
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        for (const column of columns) {
          for (const value of values) {
            const kept = editor.prepare(`SELECT rowid AS r, * FROM ${table} WHERE ${where}`)
            kept.setReadBigInts(true)
            const rows = kept.all()
            try {
              editor.prepare(`UPDATE ${table} SET "${column}" = ? WHERE ${where}`).run(value)
            } catch {
              // A constraint of the table keeps the value out.
              continue
            }
            tried++
            const what = `${column} = ${shown(value)}`
            const inspection = yield* store.inspect
            let isUnreadable = false
            for (const [name, read] of Object.entries(reads(store))) {
              const exit = yield* Effect.exit(read)
              if (Exit.isSuccess(exit)) continue
              isUnreadable = true
              const error = Cause.squash(exit.cause)
              expect(error, `${name}: ${what}`).toBeInstanceOf(StoreModule.StoreError)
              const { reason, detail, damage } = error as StoreError // safe because of the line above
              expect([name, reason], `${what}: ${detail}`).toEqual([name, "damaged"])
              expect(ofOne.has(name), `${name}: ${what}: ${detail}`).toBe(true)
              expect(detail.length).toBeLessThan(400)
              expect(detail).not.toContain(checkId(1))
              expect(detail).toContain(`column ${damage?.column} of table ${damage?.table}`)
              if (!links.has(column)) expect(damage, detail).toMatchObject({ table, column })
            }
            if (isUnreadable && inspected.has(table)) expect(inspection, what).toBeGreaterThan(0)
            if (table !== "projects" && !links.has(column)) yield* ofOther(store)
            const restore = editor.prepare(
              `UPDATE ${table} SET ${columns.map((name) => `"${name}" = ?`).join(", ")} WHERE rowid = ?`,
            )
            for (const row of rows) restore.run(...columns.map((name) => row[name]!), row["r"]!)
          }
        }
      }).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => lines.push(String(message)))]))),
    )
    editor.close()
    expect(tried).toBeGreaterThan(columns.length)
    for (const line of lines) expect(line.length).toBeLessThan(450)
  })
})

/** Words that may have been a reason. */
const reasons: readonly SQLInputValue[] = ["zombie", "x".repeat(20_000)]

describe("a delivery whose channel or record is damaged", () => {
  it.each([
    ["channels", `id = '${channelId(1)}'`],
    ["deliveries", "channel_key = 1 AND check_key = 1"],
  ])(
    "(in a column of %s) is claimed, or the log says why it is not",
    { timeout: 60_000 },
    async (table, where) => {
      const filename = Files.fresh()
      copyFileSync(await furnished, filename)
      const editor = new DatabaseSync(filename)
      editor.exec("DELETE FROM deliveries")
      const columns = columnsOf(editor, table)
      editor.close()
      const claimed = { other: 0, own: 0 }
      for (const column of columns) {
        for (const value of values) {
          const what = `${table}.${column} = ${shown(value)}`
          const lines: string[] = []
          const copy = Files.fresh()
          copyFileSync(filename, copy)
          const spoiler = new DatabaseSync(copy)
          const spoil = () => {
            spoiler.exec("PRAGMA foreign_keys = OFF")
            try {
              return spoiler.prepare(`UPDATE ${table} SET "${column}" = ? WHERE ${where}`).run(value).changes
            } catch {
              // A constraint of the table keeps the value out.
              return undefined
            }
          }
          await Files.using(copy, (store) =>
            Effect.gen(function* () {
              const tell = StoreFixture.happen(store, [checkId(1)], { type: "success", rid: undefined }, now)
              if (table === "channels" && spoil() === undefined) return
              yield* tell
              if (table === "deliveries" && spoil() === undefined) return
              const claims = yield* store.claimDeliveries(now, 100, 1000)
              const own = claims.some(({ channel }) => channel.id === channelId(1))
              if (claims.some(({ channel }) => channel.id === channelId(2))) claimed.other++
              else expect.fail(`the other channel is not told: ${what}`)
              if (own) claimed.own++
              else if (column !== "disabled" || !reasons.includes(value)) {
                yield* store.inspect
                const place = column === "id" && table === "channels" ? "checks" : table
                const said = lines.filter(
                  (line) =>
                    line.includes(` of table ${place}`) && (line.includes(column) || place === "checks"),
                )
                expect(said.length, `${what}: ${lines.join("\n")}`).toBeGreaterThan(0)
              }
            }).pipe(
              Effect.provide(Logger.layer([Logger.make(({ message }) => lines.push(String(message)))])),
            ),
          )
          spoiler.close()
        }
      }
      expect(claimed.other).toBeGreaterThan(columns.length)
      expect(claimed.own).toBeGreaterThan(0)
    },
  )
})

describe("the number that says whether blind spans have changed", () => {
  it.each([2n ** 53n + 1n, 2n ** 62n, -1n])(
    "may be damaged (%s): they are read all the same",
    async (value) => {
      const filename = await withAwake("blind_version", value)
      const [before, after] = await Files.using(filename, (store) =>
        Effect.gen(function* () {
          const before = yield* store.blind
          yield* store.awake(now + 300_000, 1000)
          return [before, yield* store.blind] as const
        }),
      )
      expect(before.length).toBeGreaterThan(0)
      expect(after.length).toBeGreaterThan(before.length)
    },
  )
})

describe("the note of when a node was last awake", () => {
  it.each([2n ** 63n - 1n, 2n ** 60n, -1n])(
    "may be damaged (%s): it is written anew, with a line, and signals are stored",
    async (value) => {
      const filename = await withAwake("at", value)
      const lines: string[] = []
      await Files.using(filename, (store) =>
        Effect.gen(function* () {
          yield* store.awake(now + 300_000, 1000)
          yield* StoreFixture.happen(store, [checkId(1)], { type: "success", rid: undefined }, now + 300_000)
        }).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => lines.push(String(message)))]))),
      )
      expect(lines.join("\n")).toMatch(/written anew: .*column at of table awake: .*is out of range/)
      using sqlite = new DatabaseSync(filename)
      expect(sqlite.prepare("SELECT at FROM awake").get()).toEqual({ at: now + 300_000 })
    },
  )
})
