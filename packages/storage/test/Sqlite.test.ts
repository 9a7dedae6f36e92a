import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { minute } from "@overdue/core/Time"
import { storeLaws } from "@overdue/laws/storeLaws"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Migrations from "@overdue/storage/migrations/index"
import * as Migrator from "@overdue/storage/Migrator"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Driver from "@overdue/storage/sqlite/Driver"
import { flavour } from "@overdue/storage/sqlite/Flavour"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { describe, expect, it } from "vitest"
import * as Files from "./Files.ts"

storeLaws("SQLite in memory", () => Sqlite.layer({ filename: ":memory:" }))
storeLaws("SQLite in a file", {
  place: () => {
    const filename = Files.fresh()
    return () => Sqlite.layer({ filename })
  },
})

const everything = (store: StoreFixture.Stored) =>
  Effect.all([
    store.projects,
    store.checks(StoreFixture.projectId(1), {}),
    store.pings(StoreFixture.checkId(1), { limit: 100 }),
    store.flips(StoreFixture.checkId(1), {}),
    store.deliveries({ limit: 100 }),
    store.channels(StoreFixture.projectId(1)),
    store.blind,
    Effect.map(store.listing(StoreFixture.projectId(1), StoreFixture.all), ({ checks }) =>
      checks.map(({ serial, check }) => [serial, check.id]),
    ),
    store.channelSerials(StoreFixture.projectId(1)),
  ])

describe("a database that is opened again", () => {
  it("has everything that was in it when an earlier version has written it", async () => {
    const [today, old] = [Files.fresh(), Files.fresh()]
    const fill = (store: StoreFixture.Stored) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 3)
        const moments = [
          ["success", 1],
          ["tick", 180],
          ["success", 240],
          ["fail", 250],
          ["success", 251],
        ] as const
        for (const [type, minutes] of moments) {
          const at = StoreFixture.start + minutes * minute
          yield* StoreFixture.happen(store, [StoreFixture.checkId(1)], { type }, at)
        }
        return yield* everything(store)
      })
    const before = await Files.using(today, fill)
    await Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(Driver.open({ filename: old, patience: 1000 }), (database) =>
          Migrator.migrate({ database, flavour, place: "the past" }, Migrations.all.slice(0, 1)),
        ),
      ),
    )
    const sqlite = new DatabaseSync(old)
    sqlite.exec(`PRAGMA foreign_keys = OFF; ATTACH '${today}' AS today`)
    const tables = sqlite.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations'",
    )
    for (const { name } of tables.all()) {
      const columns = sqlite.prepare(`SELECT name FROM pragma_table_info('${String(name)}')`).all()
      const list = columns.map((column) => `"${String(column["name"])}"`).join(", ")
      sqlite.exec(`INSERT INTO ${String(name)} (${list}) SELECT ${list} FROM today.${String(name)}`)
    }
    sqlite.close()
    const after = await Files.using(old, everything)
    const [projects, checks, ...others] = before
    expect(checks[0]?.state.totals).toMatchObject({
      successes: 4,
      missed: 3,
      up: 72 * minute,
      down: 179 * minute,
    })
    // Earlier versions did not count what was missed.
    const past = checks.map((check) => ({
      ...check,
      state: { ...check.state, totals: { ...check.state.totals, missed: 0 } },
    }))
    const raised = projects.map((project) => ({ ...project, zone: "UTC", checkLimit: 10_000 }))
    expect(after).toEqual([raised, past, ...others])
    expect([after[3], after[4]]).toEqual([expect.arrayContaining([expect.anything()]), expect.anything()])
  })

  it("says whether it can be written to, even when the clock has been set back", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* store.awake(StoreFixture.start, 30_000)
        const sqlite = new DatabaseSync(filename)
        sqlite.exec("CREATE TRIGGER full BEFORE UPDATE ON awake BEGIN SELECT RAISE(FAIL, 'no room'); END")
        sqlite.close()
        expect(yield* Effect.flip(store.awake(StoreFixture.start - 60_000, 30_000))).toMatchObject({
          _tag: "StoreError",
        })
      }),
    )
  })
})

describe("a store that shares its database with another", () => {
  it("knows at once of blind spans that the other one stores, cuts or forgets", async () => {
    const filename = Files.fresh()
    const { start } = StoreFixture
    const span = (from: number, to: number) => ({ from: start + from * minute, to: start + to * minute })
    const known = (store: StoreFixture.Stored) => StoreFixture.read(store, {}, ({ blind }) => blind)
    await Files.using(filename, (one) =>
      Effect.promise(() =>
        Files.using(filename, (other) =>
          Effect.gen(function* () {
            const expectKnown = Effect.fnUntraced(function* (...spans: readonly unknown[]) {
              expect([yield* known(one), yield* one.blind]).toEqual([spans, spans])
            })
            yield* one.awake(start, minute)
            yield* expectKnown()
            yield* other.awake(start + 10 * minute, minute)
            yield* other.awake(start + 90 * minute, minute)
            yield* expectKnown(span(0, 10), span(10, 90))
            yield* other.turnBack(start + 30 * minute, minute)
            yield* expectKnown(span(0, 10), span(10, 30))
            yield* other.prune({
              deliveries: start,
              flips: start,
              blind: start + 20 * minute,
              samples: { raw: 0, minute: 0, hour: 0 },
            })
            yield* expectKnown(span(10, 30))
          }),
        ),
      ),
    )
  })
})

describe("the file of a database", () => {
  const countPings = (filename: string): number => {
    using sqlite = new DatabaseSync(filename)
    return Number(sqlite.prepare("SELECT count(*) AS n FROM pings").get()?.["n"])
  }

  it.skipIf(process.platform === "win32")("is never readable for anybody but its owner", async () => {
    const filename = Files.fresh()
    const lines: unknown[] = []
    const logger = Logger.make(({ message }) => lines.push(message))
    const open = Effect.scoped(Layer.build(Sqlite.layer({ filename })))
    await Effect.runPromise(Effect.provide(open, Logger.layer([logger])))
    expect(statSync(filename).mode & 0o777).toBe(0o600)
    // Or it would say that others could read it until then.
    expect(lines).toEqual([])
  })

  it("has no ping in it that its project does not keep, once some were pruned", async () => {
    const filename = Files.fresh()
    const limit = 100
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        // The check comes with one.
        for (let n = 1; n < 2 * limit; n++) {
          yield* StoreFixture.happen(
            store,
            [StoreFixture.checkId(1)],
            { type: "success" },
            StoreFixture.start + n,
          )
        }
      }),
    )
    expect(countPings(filename)).toBe(limit)
  })

  it("has no ping in it of a project that is gone", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* StoreFixture.happen(
          store,
          [StoreFixture.checkId(1)],
          { type: "success" },
          StoreFixture.start + 1,
        )
        yield* store.deleteProject(StoreFixture.projectId(1))
      }),
    )
    expect(countPings(filename)).toBe(0)
  })
})

describe("a file that cannot be opened", () => {
  it("is refused when it is no database", async () => {
    const filename = Files.fresh()
    writeFileSync(filename, "This is a text. ".repeat(1000))
    const error = await Files.refusal(filename)
    expect(error).toMatchObject({ reason: "corrupt", permanent: true })
    expect(error.detail).toBe(
      `The database ${filename} is not a database, or is damaged. Name another file, or restore the latest backup.`,
    )
  })

  it("is refused when its pages are damaged", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) => StoreFixture.furnish(store, 3))
    const bytes = readFileSync(filename)
    bytes.fill(0xa5, 200)
    writeFileSync(filename, bytes)
    const error = await Files.refusal(filename)
    expect(error.reason).toBe("corrupt")
    expect(error.detail).toMatch(/is damaged \(.+\)\. Restore the latest backup\.$/)
  })

  it("is refused when a newer version of Overdue has used it, and left as it was", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) => StoreFixture.furnish(store, 1))
    const known = Migrations.all.length
    const sqlite = new DatabaseSync(filename)
    sqlite.exec(`INSERT INTO migrations (version, name) VALUES (${known + 2}, 'from the future')`)
    sqlite.close()
    const error = await Files.refusal(filename)
    expect(error).toMatchObject({ reason: "newer", permanent: true })
    expect(error.detail).toContain(`${filename} has schema version ${known + 2}`)
    expect(error.detail).toContain(`knows versions up to ${known}`)
    expect(error.detail).toContain("Start the version of Overdue that last used it")
    const after = new DatabaseSync(filename)
    expect(after.prepare("SELECT max(version) AS version FROM migrations").get()).toEqual({
      version: known + 2,
    })
    after.close()
  })

  it("is refused when it belongs to another program, and left as it was", async () => {
    const filename = Files.fresh()
    const sqlite = new DatabaseSync(filename)
    sqlite.exec("CREATE TABLE songs (name TEXT)")
    sqlite.close()
    const before = readFileSync(filename)
    const error = await Files.refusal(filename)
    expect(error).toMatchObject({ reason: "failed", permanent: true })
    expect(error.detail).toBe(`The database ${filename} belongs to another program. Name another file.`)
    expect(readFileSync(filename).equals(before)).toBe(true)
  })

  it("is refused when its directory does not exist", async () => {
    const directory = join(Files.directory(), "missing")
    const error = await Files.refusal(join(directory, "overdue.db"))
    expect(error).toMatchObject({ reason: "failed", permanent: true })
    expect(error.detail).toMatch(
      new RegExp(`the directory ${directory} does not exist. Create it, or name another file.$`),
    )
  })

  it("is refused when its path leads through a file", async () => {
    const file = join(Files.directory(), "file")
    writeFileSync(file, "")
    const error = await Files.refusal(join(file, "overdue.db"))
    expect(error.reason).toBe("failed")
    expect(error.detail).toContain(`${file} is not a directory. Name another file.`)
  })

  it("is refused when it is a directory", async () => {
    const directory = join(Files.directory(), "overdue.db")
    mkdirSync(directory)
    const error = await Files.refusal(directory)
    expect(error.reason).toBe("failed")
    expect(error.detail).toContain("it is a directory. Name a file.")
  })

  // To root every file and directory is writable.
  it.skipIf(process.getuid?.() === 0)(
    "is refused when it, or its directory, may not be written",
    async () => {
      const filename = Files.fresh()
      await Files.using(filename, (store) => StoreFixture.furnish(store, 1))
      chmodSync(filename, 0o400)
      const error = await Files.refusal(filename)
      expect(error.reason).toBe("failed")
      expect(error.detail).toContain(`${filename} may not be written by this user. Change its permissions`)
      const directory = Files.directory()
      chmodSync(directory, 0o500)
      const other = await Files.refusal(join(directory, "overdue.db"))
      expect(other.detail).toContain(`${directory} may not be written by this user. Change its permissions`)
    },
  )
})

describe("a row that Overdue did not write", () => {
  it("is an error that says what is wrong with it, and spoils no other row", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) => StoreFixture.furnish(store, 3))
    const sqlite = new DatabaseSync(filename)
    sqlite.exec(`UPDATE checks SET policy = '{"grace": 1}' WHERE id = '${StoreFixture.checkId(1)}'`)
    sqlite.exec(`UPDATE checks SET status = 'sleepy' WHERE id = '${StoreFixture.checkId(2)}'`)
    sqlite.close()
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        const policy = yield* Effect.flip(store.check(StoreFixture.checkId(1)))
        expect(policy).toMatchObject({
          reason: "damaged",
          damage: { table: "checks", record: "check c0000000…", column: "policy", field: "schedule" },
        })
        expect(policy.detail).toMatch(
          /^the record of check c0000000… is damaged: column policy of table checks, field schedule: /,
        )
        const status = yield* Effect.flip(store.check(StoreFixture.checkId(2)))
        expect(status.detail).toContain('"sleepy" is none of new, up, down, paused')
        expect((yield* store.check(StoreFixture.checkId(3)))?.state.status).toBe("up")
      }),
    )
  })

  it("holds up no other check's deliveries, and loses none of its own", async () => {
    const filename = Files.fresh()
    const now = StoreFixture.start + 10
    const edit = (sql: string) => {
      const sqlite = new DatabaseSync(filename)
      sqlite.exec(sql)
      sqlite.close()
    }
    const policy = `(SELECT policy FROM checks WHERE id = '${StoreFixture.checkId(2)}')`
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 2)
        yield* StoreFixture.happen(
          store,
          [StoreFixture.checkId(1), StoreFixture.checkId(2)],
          { type: "fail" },
          now,
        )
      }),
    )
    edit(`UPDATE checks SET policy = 'spoiled' WHERE id = '${StoreFixture.checkId(1)}'`)
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        const claims = yield* store.claimDeliveries(now, 9, 1000)
        expect(claims.map(({ alert }) => alert.check.id)).toEqual([
          StoreFixture.checkId(2),
          StoreFixture.checkId(2),
        ])
        const [waiting] = yield* store.deliveries({ check: StoreFixture.checkId(1), limit: 1 })
        expect(waiting).toMatchObject({ status: "pending", attempts: 0, dueAt: now + 1000 })
        expect(waiting?.error).toContain("column policy of table checks: ")
        expect(yield* store.claimDeliveries(now + 999, 9, 1000)).toEqual([])
      }),
    )
    edit(`UPDATE checks SET policy = ${policy} WHERE id = '${StoreFixture.checkId(1)}'`)
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        expect(yield* store.claimDeliveries(now + 1000, 9, 1000)).toHaveLength(4)
      }),
    )
  })
})
