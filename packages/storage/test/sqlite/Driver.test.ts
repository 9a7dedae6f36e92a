import { execFile } from "node:child_process"
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { promisify } from "node:util"
import { StoreError, type Store } from "@overdue/core/Store"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import type { Database, Durability } from "@overdue/storage/Connection"
import * as Migrator from "@overdue/storage/Migrator"
import * as SqlStore from "@overdue/storage/SqlStore"
import * as Driver from "@overdue/storage/sqlite/Driver"
import { flavour } from "@overdue/storage/sqlite/Flavour"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import { describe, expect, it, vi } from "vitest"
import * as Files from "../Files.ts"
import * as Wal from "../Wal.ts"

/** Opens a database without any tables of the store. */
const using = <A, E>(
  use: (database: Database) => Effect.Effect<A, E>,
  { filename = ":memory:", patience = 100 }: { readonly filename?: string; readonly patience?: number } = {},
): Promise<A> => Effect.runPromise(Effect.scoped(Effect.flatMap(Driver.open({ filename, patience }), use)))

/** Takes the lock for writing, as another process would. Returns what releases it. */
const hold = (filename: string): (() => void) => {
  const other = new DatabaseSync(filename)
  other.exec("BEGIN IMMEDIATE")
  return () => {
    other.exec("ROLLBACK")
    other.close()
  }
}

/** A signal for the first check. */
const signal = (store: Store["Service"]) =>
  StoreFixture.happen(store, [StoreFixture.checkId(1)], { type: "success" }, StoreFixture.start + 1)

/** Uses a store with a check while another process holds the lock, and signals once it has let go of it. */
const whileHeld = async (
  patience: number,
  use: (store: Store["Service"], filename: string) => Effect.Effect<void, unknown>,
): Promise<void> => {
  const filename = Files.fresh()
  await Files.using(
    filename,
    (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        const release = hold(filename)
        yield* use(store, filename)
        release()
        yield* signal(store)
      }),
    patience,
  )
}

/** Whatever is signalled is refused, however often, for now and with these words. */
const refusesAll = Effect.fnUntraced(function* (store: Store["Service"], words: string) {
  for (let n = 0; n < 2; n++) {
    const error = yield* Effect.flip(signal(store))
    expect([error.reason, error.detail]).toEqual(["unavailable", expect.stringContaining(words)])
  }
})

const refused = new StoreError({ reason: "failed", detail: "a unit that changed its mind" })

describe("a connection that was closed", () => {
  it("says so to whoever still asks, and asks for no report of a bug", async () => {
    const database = await using(Effect.succeed)
    const closed = { reason: "closed", detail: expect.stringContaining("was closed, because the program") }
    expect(await Effect.runPromise(Effect.flip(database.query("SELECT 1")))).toMatchObject(closed)
    const unit = database.transaction(({ query }) => query("SELECT 1"))
    expect(await Effect.runPromise(Effect.flip(unit))).toMatchObject(closed)
  })
})

describe("a connection", () => {
  it("waits for the disk with every commit, keeps a log, and checks foreign keys", () =>
    using(
      (database) =>
        Effect.gen(function* () {
          const setting = (name: string) => Effect.map(database.query(`PRAGMA ${name}`), ([row]) => row?.[0])
          expect(yield* setting("synchronous")).toBe(2)
          // What need not outlast a failure of the power is an exception, and none after it.
          const durability = (wanted?: Durability) =>
            database.transaction(
              ({ query }) => Effect.map(query("PRAGMA synchronous"), ([row]) => row?.[0]),
              wanted,
            )
          expect(yield* durability("with the next")).toBe(1)
          expect(yield* durability()).toBe(2)
          expect(yield* durability("with the next")).toBe(1)
          expect(yield* durability("at once")).toBe(2)
          const log = yield* setting("wal_autocheckpoint")
          expect(yield* durability("in portions")).toBe(1)
          // Then pings have the usual one again.
          expect(yield* setting("wal_autocheckpoint")).toBeLessThan(Number(log) / 10)
          expect(yield* durability("at once")).toBe(2)
          expect(yield* setting("wal_autocheckpoint")).toBe(log)
          expect(yield* setting("journal_mode")).toBe("wal")
          expect(yield* setting("foreign_keys")).toBe(1)
        }),
      { filename: Files.fresh() },
    ))

  it("runs a statement once for each list of parameters, and gives the rows of all in order", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* database.execute("CREATE TABLE t (n INTEGER) STRICT")
        expect(yield* database.execute("INSERT INTO t VALUES (?)", [[1], [2], [3]])).toBe(3)
        expect(yield* database.query("SELECT n FROM t WHERE n >= ? ORDER BY n", [[2], [1], [9]])).toEqual(
          [2, 3, 1, 2, 3].map((n) => [n]),
        )
        expect(yield* database.execute("UPDATE t SET n = n WHERE n > ?", [])).toBe(0)
        expect(yield* database.query("SELECT count(*) FROM t")).toEqual([[3]])
      }),
    ))

  it("runs all of a statement's lists or none", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT")
        const error = yield* Effect.flip(database.execute("INSERT INTO t VALUES (?)", [[1], [2], [1]]))
        expect(error.reason).toBe("constraint")
        expect(error.detail).toBe("This contradicts what is stored: UNIQUE constraint failed: t.n.")
        expect(yield* database.query("SELECT * FROM t")).toEqual([])
      }),
    ))

  it("prepares each statement once", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* Migrator.migrate({ database, flavour, place: "The database" })
        const store = SqlStore.make(database, flavour)
        yield* StoreFixture.furnish(store, 64)
        const ids = Array.from({ length: 64 }, (_, index) => StoreFixture.checkId(index + 1))
        const prepare = vi.spyOn(DatabaseSync.prototype, "prepare")
        yield* StoreFixture.happen(store, ids, { type: "success" }, StoreFixture.start + 1)
        const first = prepare.mock.calls.length
        yield* StoreFixture.happen(store, ids, { type: "success" }, StoreFixture.start + 2)
        expect(prepare.mock.calls.length).toBe(first)
        prepare.mockRestore()
      }),
    ))
})

describe("a transaction", () => {
  it("takes back what it did when it fails", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* database.execute("CREATE TABLE t (n INTEGER) STRICT")
        const unit = database.transaction((connection) =>
          Effect.andThen(connection.execute("INSERT INTO t VALUES (1)"), Effect.fail(refused)),
        )
        expect(yield* Effect.flip(unit)).toBe(refused)
        expect(yield* database.query("SELECT * FROM t")).toEqual([])
        yield* database.execute("INSERT INTO t VALUES (2)")
      }),
    ))

  it("that pauses lets nobody see the half of it, and is not torn by an interruption", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* database.execute("CREATE TABLE t (n INTEGER) STRICT")
        const begun = yield* Deferred.make<void>()
        const goOn = yield* Deferred.make<void>()
        const unit = yield* Effect.forkChild(
          database.transaction((connection) =>
            Effect.gen(function* () {
              yield* connection.execute("INSERT INTO t VALUES (1)")
              yield* Deferred.succeed(begun, undefined)
              yield* Deferred.await(goOn)
              yield* connection.execute("INSERT INTO t VALUES (2)")
            }),
          ),
        )
        yield* Deferred.await(begun)
        const seen = yield* Effect.forkChild(database.query("SELECT count(*) FROM t"))
        const interruption = yield* Effect.forkChild(Fiber.interrupt(unit))
        yield* Effect.yieldNow
        yield* Deferred.succeed(goOn, undefined)
        yield* Fiber.join(interruption)
        expect(yield* Fiber.join(seen)).toEqual([[2]])
      }),
    ))

  it("of 64 pings for 64 checks is one commit", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 64)
        const ids = Array.from({ length: 64 }, (_, index) => StoreFixture.checkId(index + 1))
        for (let n = 1; n <= 3; n++) {
          const before = Wal.commits(filename)
          yield* StoreFixture.happen(
            store,
            ids,
            { type: n === 2 ? "fail" : "success" },
            StoreFixture.start + n,
          )
          expect(Wal.commits(filename)).toBe(before + 1)
        }
        expect(yield* store.deliveries({ limit: 1000 })).toHaveLength(64 * 2 * 2)
      }),
    )
  })

  it("that changes nothing writes nothing", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        const before = Wal.commits(filename)
        yield* StoreFixture.read(store, { checks: [StoreFixture.checkId(1)] }, () => undefined)
        expect(yield* store.due(StoreFixture.start, 10)).toEqual([])
        expect(yield* store.claimDeliveries(StoreFixture.start, 10, 1000)).toEqual([])
        expect(Wal.commits(filename)).toBe(before)
      }),
    )
  })
})

describe("a disk that fails for a moment", () => {
  /** Lets a statement fail once as SQLite does when its disk fails; to be used before it is prepared. */
  const failing = (sql: string): Disposable => {
    const prepare: unknown = Reflect.get(DatabaseSync.prototype, "prepare")
    let isOver = false
    const spy = vi.spyOn(DatabaseSync.prototype, "prepare")
    spy.mockImplementation(function (this: DatabaseSync, text) {
      const statement = Reflect.apply(prepare as DatabaseSync["prepare"], this, [text]) // safe because it is that method
      const run = statement.run.bind(statement)
      if (text !== sql) return statement
      return Object.assign(statement, {
        run: () => {
          if (isOver) return run()
          isOver = true
          throw Object.assign(new Error("disk I/O error"), { code: "ERR_SQLITE_ERROR", errcode: 10 })
        },
      })
    })
    return { [Symbol.dispose]: () => spy.mockRestore() }
  }

  it("during a commit leaves unknown whether that happened, which is said", async () => {
    using _ = failing("COMMIT")
    await using((database) =>
      Effect.gen(function* () {
        const unit = database.transaction((connection) => connection.execute("CREATE TABLE t (n INTEGER)"))
        expect(yield* Effect.flip(unit)).toMatchObject({ reason: "unknown-outcome" })
        yield* unit
      }),
    )
  })

  it("during a rollback keeps no later transaction from beginning", async () => {
    using _ = failing("ROLLBACK")
    await using((database) =>
      Effect.gen(function* () {
        const refusing = database.transaction(() => Effect.fail(refused))
        expect(yield* Effect.flip(refusing)).toBe(refused)
        yield* database.execute("CREATE TABLE t (n INTEGER)")
      }),
    )
  })
})

describe("a database that another process is writing to", () => {
  it("is waited for", async () => {
    const filename = Files.fresh()
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        const release = hold(filename)
        const ping = yield* Effect.forkChild(signal(store))
        // The ping is tried, finds the lock and waits.
        yield* Effect.yieldNow
        release()
        yield* Fiber.join(ping)
        expect((yield* store.check(StoreFixture.checkId(1)))?.state.pings).toBe(2)
      }),
    )
  })

  it("is busy when that takes too long, and usable afterwards", () =>
    whileHeld(
      100,
      Effect.fnUntraced(function* (store, filename) {
        const error = yield* Effect.flip(signal(store))
        expect(error).toMatchObject({ reason: "busy", permanent: false })
        expect(error.detail).toBe(
          `The database ${filename} is held by another process. Try again, or stop the other process.`,
        )
        // Reading never waits for a writer.
        expect((yield* store.check(StoreFixture.checkId(1)))?.state.pings).toBe(1)
      }),
    ))
})

describe("a queue before a lock that another process holds", () => {
  it("waits for it once, and not each anew", () =>
    whileHeld(
      600,
      Effect.fnUntraced(function* (store) {
        const begin = performance.now()
        const waiting = Array.from({ length: 10 }, () => Effect.flip(signal(store)))
        const errors = yield* Effect.all(waiting, { concurrency: "unbounded" })
        expect(new Set(errors.map(({ reason }) => reason))).toEqual(new Set(["busy"]))
        // Alone it waits for 600 ms, and each attempt after that for the 50 ms of SQLite itself.
        expect(performance.now() - begin).toBeLessThan(3_000)
      }),
    ))

  it("waits for it no longer because others read meanwhile, for which they need no lock", () =>
    whileHeld(
      1_500,
      Effect.fnUntraced(function* (store) {
        yield* Effect.flip(signal(store))
        const begin = performance.now()
        for (let n = 0; n < 4; n++) {
          yield* store.check(StoreFixture.checkId(1))
          expect((yield* Effect.flip(signal(store))).reason).toBe("busy")
        }
        // Each waits for the 50 ms of SQLite itself, and not for 1.5 s.
        expect(performance.now() - begin).toBeLessThan(3_000)
      }),
    ))
})

const notice = () => vi.advanceTimersByTime(1_001)

/** Uses a database whose files are looked at after each `notice`. */
const watching = async <A, E>(
  filename: string,
  use: (store: Store["Service"]) => Effect.Effect<A, E>,
): Promise<A> => {
  vi.useFakeTimers({ toFake: ["performance"] })
  return await Files.using(filename, use).finally(() => vi.useRealTimers())
}

describe("a database whose file is taken away while it is in use", () => {
  it.each([
    ["deleted", (filename: string) => rmSync(filename)],
    [
      "replaced",
      (filename: string) => {
        copyFileSync(filename, `${filename}.copy`)
        renameSync(`${filename}.copy`, filename)
      },
    ],
  ])("takes no more that would be lost, and says so: %s", async (_, take) => {
    const filename = Files.fresh()
    await watching(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        take(filename)
        notice()
        const error = yield* Effect.flip(signal(store))
        expect([error.reason, error.detail]).toEqual([
          "unavailable",
          expect.stringContaining(`${filename} was deleted, or another file was put in its place`),
        ])
        expect((yield* Effect.flip(signal(store))).reason).toBe("unavailable")
      }),
    )
  })
})

/** What a machine that stops at once leaves on its disk. */
const leftBehind = (filename: string): string => {
  const copy = Files.fresh()
  for (const end of ["", "-wal"]) if (existsSync(filename + end)) copyFileSync(filename + end, copy + end)
  return copy
}

describe("a database whose log is taken away while it is in use", () => {
  it.each([[["-wal"]], [["-shm"]], [["-wal", "-shm"]]])(
    "keeps all that was acknowledged, before and after, and says what it has done: %s",
    async (ends) => {
      const filename = Files.fresh()
      const lines: string[] = []
      const left = await watching(filename, (store) =>
        Effect.gen(function* () {
          yield* StoreFixture.furnish(store, 1)
          for (const end of ends) rmSync(filename + end)
          yield* signal(store)
          notice()
          yield* signal(store)
          const atOnce = leftBehind(filename)
          yield* signal(store)
          expect(existsSync(`${filename}-wal`)).toBe(true)
          return [atOnce, leftBehind(filename)]
        }).pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => lines.push(String(message)))]))),
      )
      expect(lines).toEqual([
        expect.stringContaining(
          `${filename} has had its log deleted (-wal or -shm) while it was in use. Nothing is lost`,
        ),
      ])
      for (const [index, file] of left.entries()) {
        const pings = await Files.using(file, (store) => store.pings(StoreFixture.checkId(1), { limit: 9 }))
        expect(pings.length).toBe(3 + index)
      }
    },
  )

  it("takes no more while another process has it open, which does not know its new log", async () => {
    const filename = Files.fresh()
    await watching(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        const other = new DatabaseSync(filename)
        other.prepare("SELECT count(*) FROM checks").get()
        for (const end of ["-wal", "-shm"]) rmSync(filename + end)
        notice()
        for (let n = 0; n < 2; n++) {
          yield* refusesAll(store, "stop the other processes that use it")
          expect((yield* Effect.flip(store.check(StoreFixture.checkId(1)))).reason).toBe("unavailable")
        }
        other.close()
        yield* signal(store)
        expect(yield* store.pings(StoreFixture.checkId(1), { limit: 9 })).toHaveLength(2)
      }).pipe(Effect.provide(Logger.layer([]))),
    )
  })

  it("takes no more when another file has the name of its log", async () => {
    const filename = Files.fresh()
    await watching(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        copyFileSync(`${filename}-wal`, `${filename}.copy`)
        renameSync(`${filename}.copy`, `${filename}-wal`)
        notice()
        yield* refusesAll(store, "has had another file put in the place of its log")
      }),
    )
  })
})

describe("a database whose log is cut short while it is in use", () => {
  const log = (filename: string) => `${filename}-wal`

  it.each([
    ["emptied", (filename: string) => truncateSync(log(filename), 0)],
    ["cut in half", (filename: string) => truncateSync(log(filename), statSync(log(filename)).size / 2)],
    [
      "overwritten",
      (filename: string) =>
        writeFileSync(log(filename), Buffer.alloc(statSync(log(filename)).size), { flag: "r+" }),
    ],
  ])("takes no more that would be lost, and says so: %s", async (_, spoil) => {
    const filename = Files.fresh()
    await watching(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* signal(store)
        spoil(filename)
        notice()
        yield* refusesAll(store, `${filename} has had its log (-wal) cut short or overwritten`)
      }),
    )
  })

  it("goes on when another process has moved the log into the file, and emptied it", async () => {
    const filename = Files.fresh()
    await watching(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* signal(store)
        const other = new DatabaseSync(filename)
        other.exec("PRAGMA wal_checkpoint(TRUNCATE)")
        expect(statSync(log(filename)).size).toBe(0)
        for (let round = 0; round < 3; round++) {
          notice()
          yield* signal(store)
        }
        other.close()
        expect(yield* store.pings(StoreFixture.checkId(1), { limit: 9 })).toHaveLength(5)
      }),
    )
  })
})

/**
 * Makes a database of which only the first page was taken from the log into the file: so a disk that is full leaves it, and
 * a process that is killed meanwhile.
 */
const halfTaken = async (): Promise<string> => {
  const [filename, half] = [Files.fresh(), Files.fresh()]
  await Files.using(filename, (store) =>
    Effect.gen(function* () {
      for (const n of [1, 2]) {
        using other = new DatabaseSync(filename)
        other.exec("PRAGMA wal_checkpoint(TRUNCATE)")
        if (n === 2) break
        yield* StoreFixture.furnish(store, 1)
        const many = Array.from({ length: 200 }, (_, index) => StoreFixture.check(index + 2))
        yield* StoreFixture.create(store, ...many)
        for (const end of ["", "-wal"]) copyFileSync(filename + end, half + end)
      }
    }),
  )
  const page = readFileSync(filename).subarray(0, 2_048)
  writeFileSync(half, page, { flag: "r+" })
  expect(statSync(half).size).toBeLessThan(page.readUInt32BE(28) * 2_048)
  return half
}

describe("a database of which only a part was taken from the log into the file", () => {
  it("takes pings, as nothing is lost", async () => {
    await watching(await halfTaken(), (store) =>
      Effect.gen(function* () {
        for (let round = 0; round < 4; round++) {
          notice()
          yield* signal(store)
        }
        expect(yield* store.pings(StoreFixture.checkId(1), { limit: 9 })).toHaveLength(5)
        expect(yield* store.check(StoreFixture.checkId(201))).toBeDefined()
      }),
    )
  })

  it("takes no more that would be lost when it becomes shorter", async () => {
    const filename = await halfTaken()
    await watching(filename, (store) =>
      Effect.gen(function* () {
        for (let round = 0; round < 3; round++) {
          notice()
          yield* signal(store)
        }
        truncateSync(filename, statSync(filename).size / 2)
        notice()
        yield* Effect.ignore(signal(store))
        notice()
        yield* refusesAll(store, `${filename} was cut short or overwritten while it was in use`)
      }),
    )
  })
})

describe("a database whose file is overwritten while it is in use", () => {
  it.each([
    ["emptied", (filename: string) => truncateSync(filename, 0)],
    ["cut in half", (filename: string) => truncateSync(filename, statSync(filename).size / 2)],
    ["filled with something else", (filename: string) => writeFileSync(filename, "x".repeat(100_000))],
    [
      "the database of another program",
      (filename: string) => {
        const other = new DatabaseSync(`${filename}.other`)
        other.exec("CREATE TABLE t (n)")
        other.close()
        writeFileSync(filename, readFileSync(`${filename}.other`))
      },
    ],
  ])("takes no more that would be lost, and says so: %s", async (_, spoil) => {
    const filename = Files.fresh()
    await Files.using(filename, (store) => StoreFixture.furnish(store, 1))
    await watching(filename, (store) =>
      Effect.gen(function* () {
        yield* signal(store)
        spoil(filename)
        notice()
        // What is too short may be growing; so it is looked at twice.
        yield* Effect.ignore(signal(store))
        notice()
        yield* refusesAll(store, `${filename} was cut short or overwritten while it was in use`)
      }),
    )
  })

  it("takes no more that would be lost when it is an older copy of itself", async () => {
    const filename = Files.fresh()
    await watching(filename, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        const checkpoint = () => {
          const other = new DatabaseSync(filename)
          other.exec("PRAGMA wal_checkpoint(TRUNCATE)")
          other.close()
        }
        checkpoint()
        const copy = readFileSync(filename)
        yield* StoreFixture.create(
          store,
          ...Array.from({ length: 50 }, (_, index) => StoreFixture.check(index + 2)),
        )
        checkpoint()
        notice()
        yield* signal(store)
        writeFileSync(filename, copy)
        notice()
        const error = yield* Effect.flip(signal(store))
        expect(error.detail).toContain("was cut short or overwritten")
      }),
    )
  })
})

describe("a disk that is full", () => {
  it("refuses what does not fit, keeps what it has, and goes on when there is room again", async () => {
    const filename = Files.fresh()
    await using(
      (database) =>
        Effect.gen(function* () {
          yield* Migrator.migrate({ database, flavour, place: "The database" })
          const store = SqlStore.make(database, flavour)
          yield* StoreFixture.furnish(store, 1)
          const [[pages]] = (yield* database.query("PRAGMA page_count")) as [[number]]
          yield* database.query(`PRAGMA max_page_count = ${pages + 20}`)
          const body = new Uint8Array(10_000)
          const ping = (n: number) =>
            StoreFixture.happen(
              store,
              [StoreFixture.checkId(1)],
              { type: "log" },
              StoreFixture.start + n,
              body,
            )
          let acknowledged = 1
          const error = yield* Effect.flip(
            Effect.forever(
              Effect.tap(
                Effect.suspend(() => ping(acknowledged)),
                () => Effect.sync(() => acknowledged++),
              ),
            ),
          )
          expect(error).toMatchObject({ reason: "full", permanent: true })
          expect(error.detail).toBe(
            `The database ${filename} cannot grow: the disk or its quota is full. Make room; what was acknowledged is safe.`,
          )
          expect(acknowledged).toBeGreaterThan(2)
          expect(yield* store.pings(StoreFixture.checkId(1), { limit: 100 })).toHaveLength(acknowledged)
          yield* database.query("PRAGMA max_page_count = 1000000")
          yield* ping(acknowledged)
          expect((yield* store.check(StoreFixture.checkId(1)))?.state.pings).toBe(acknowledged + 1)
        }),
      { filename },
    )
  })
})

describe("a log that may not grow", () => {
  it.skipIf(process.platform === "win32")("begins anew when what it holds has room in the file", async () => {
    const program = new URL("Cramped.ts", import.meta.url).pathname
    // A hundred kilobytes or two, in the blocks of this shell.
    const script = `trap '' XFSZ; ulimit -f 200; exec "$@"`
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      script,
      "sh",
      process.execPath,
      program,
      Files.fresh(),
    ])
    const { written, again } = JSON.parse(stdout) as { written: number; again: boolean } // safe because it prints that
    expect(written).toBeGreaterThan(10)
    expect(again).toBe(true)
  })
})
