/** Checks, channels and projects with a long history that are deleted: what goes beforehand, and what stays until the end. */
import { DatabaseSync } from "node:sqlite"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import * as Files from "./Files.ts"

const { channelId, checkId, projectId, start } = StoreFixture

/** Flips of each check, each of them told to both channels. */
const many = 450

/** Pings of the first check. */
const log = 120

/** Returns a database with two checks that flipped often; what was told of the flips is settled, but for `pending`. */
const furnish = async (pending: string) => {
  const filename = Files.fresh()
  await Files.using(filename, (store) => StoreFixture.furnish(store, 2))
  edit(
    filename,
    `WITH RECURSIVE many (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM many WHERE n < ${many})
      INSERT INTO flips (project, check_key, n, at, from_status, to_status, reason, is_blind)
      SELECT c.project, c.key, n, ${start} + n, iif(n % 2, 'down', 'up'), iif(n % 2, 'up', 'down'),
        iif(n % 2, 'success', 'fail'), 0 FROM many, checks c;
    UPDATE checks SET flips = ${many}, status = 'down';
    INSERT INTO deliveries (project, check_key, channel_key, id, flip, occasion, at, status, attempts, due_at, is_leased)
      SELECT f.project, f.check_key, h.key, f.check_key || ' ' || f.n || ' ' || h.key, f.n, 'flip', f.at,
        iif(f.n IN (${pending}), 'pending', 'delivered'), 0, f.at, 0
      FROM flips f, channels h ORDER BY f.n;
    INSERT INTO memories (channel_key, check_key, flip, value)
      SELECT h.key, f.check_key, f.n, '{}' FROM flips f, channels h WHERE f.to_status = 'down';
    WITH RECURSIVE many (k) AS (SELECT 3 UNION ALL SELECT k + 1 FROM many WHERE k < ${log})
      INSERT INTO pings (key, project, check_key, previous, n, at, kind, scheme, remote_address, method, user_agent)
      SELECT k, project, check_key, iif(k = 3, 1, k - 1), k, at, kind, scheme, remote_address, method, user_agent
      FROM pings, many WHERE key = 1;
    UPDATE checks SET pings = ${log}, last_logged = ${log} WHERE key = 1;`,
  )
  return filename
}

const edit = (filename: string, sql: string): void => {
  using sqlite = new DatabaseSync(filename)
  sqlite.exec(sql)
}

/** Returns how many rows there are, by table; of checks and channels by number. */
const counted = (filename: string, of: string) => {
  using sqlite = new DatabaseSync(filename)
  const rows = (table: string, where = of) =>
    Number(sqlite.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).get()?.["n"])
  return {
    deliveries: rows("deliveries"),
    pending: rows("deliveries", `${of} AND status = 'pending'`),
    memories: rows("memories"),
    ...(of.startsWith("check") && { flips: rows("flips"), pings: rows("pings") }),
  }
}

/** What a process leaves behind that ends before the row itself is deleted. */
const interrupted = async (filename: string, table: string, remove: "deleteChannel" | "deleteCheck") => {
  edit(filename, `CREATE TRIGGER kept BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'kept'); END`)
  const id = remove === "deleteChannel" ? channelId(1) : checkId(1)
  const exit = await Files.using(filename, (store) => Effect.exit(store[remove](projectId(1), id)))
  expect(Exit.isFailure(exit)).toBe(true)
}

describe("the deletion of what has a long history", () => {
  it("lets others have their turn all the time", async () => {
    const filename = await furnish("0")
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        const deletions = [
          ["channel_key = 1", store.deleteChannel(projectId(1), channelId(1))],
          ["check_key = 1", store.deleteCheck(projectId(1), checkId(1))],
          ["check_key = 2", store.deleteProject(projectId(1))],
        ] as const
        for (const [of, deletion] of deletions) {
          const seen = new Set<string>()
          const fiber = yield* Effect.forkChild(deletion)
          while (fiber.pollUnsafe() === undefined) {
            yield* store.awake(start, undefined)
            seen.add(JSON.stringify(counted(filename, of)))
          }
          expect(yield* Fiber.join(fiber)).toBe(true)
          expect(seen.size).toBeGreaterThan(4)
          expect(Object.values(counted(filename, of)).every((count) => count === 0)).toBe(true)
        }
      }),
    )
  }, 30_000)

  it("has deleted nothing of a channel that is pending when the process ends before it does", async () => {
    const filename = await furnish(`7, 8, ${many}`)
    const others = counted(filename, "channel_key = 2")
    await interrupted(filename, "channels", "deleteChannel")
    // What it remembers of a check to which something is still to be told stays.
    expect(counted(filename, "channel_key = 1")).toEqual({ deliveries: 6, pending: 6, memories: many })
    expect(counted(filename, "channel_key = 2")).toEqual(others)
  })

  it("has kept of a channel what it remembers of the newest outage of each check", async () => {
    const filename = await furnish("0")
    await interrupted(filename, "channels", "deleteChannel")
    expect(counted(filename, "channel_key = 1")).toEqual({ deliveries: 0, pending: 0, memories: 2 })
  })

  it("has kept of a check its last two flips, its newest ping and all that is pending, and counts what is gone", async () => {
    const filename = await furnish(`${many}`)
    const others = counted(filename, "check_key = 2")
    await interrupted(filename, "checks", "deleteCheck")
    const { deliveries, pending, flips = 0, pings = 0 } = counted(filename, "check_key = 1")
    expect([pending, flips < 100 + 2, flips > 1, deliveries > 3, pings > 0, pings < 100]).toEqual([
      2,
      ...Array(5).fill(true),
    ])
    expect(counted(filename, "check_key = 2")).toEqual(others)
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        const counts = yield* store.flipCounts(projectId(1))
        const sums = [1, 2].map((n) =>
          counts.filter(({ check }) => check === checkId(n)).reduce((sum, { count }) => sum + count, 0),
        )
        expect(sums).toEqual([many, many])
        const claims = yield* store.claimDeliveries(start + many, 10, 1000)
        expect(claims.map(({ delivery }) => delivery.flip)).toEqual([many, many, many, many])
      }),
    )
  })

  it("has kept of a check the flip of an old alert that is pending, and all flips after it", async () => {
    const filename = await furnish("250")
    await interrupted(filename, "checks", "deleteCheck")
    const { pending, flips } = counted(filename, "check_key = 1")
    expect(pending).toBe(2)
    expect(flips).toBe(many - 249)
  })

  it("does not begin when the project has no such channel or check", async () => {
    const filename = await furnish("0")
    const before = [counted(filename, "check_key = 1"), counted(filename, "channel_key = 1")]
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
        expect(yield* store.deleteChannel(projectId(2), channelId(1))).toBe(false)
        expect(yield* store.deleteCheck(projectId(2), checkId(1))).toBe(false)
        expect(yield* store.deleteProject(projectId(3))).toBe(false)
      }),
    )
    expect([counted(filename, "check_key = 1"), counted(filename, "channel_key = 1")]).toEqual(before)
  })

  it("comes to an end although there is always more", async () => {
    const filename = await furnish("0")
    edit(
      filename,
      `CREATE TRIGGER more AFTER DELETE ON deliveries
      WHEN EXISTS (SELECT 1 FROM channels WHERE key = OLD.channel_key) BEGIN
        INSERT INTO deliveries (project, check_key, channel_key, id, flip, occasion, at, status, attempts, due_at, is_leased)
        SELECT OLD.project, OLD.check_key, OLD.channel_key, 'again ' || max(key), OLD.flip, 'flip', 0, 'delivered', 0, 0, 0
        FROM deliveries;
      END`,
    )
    await Files.using(filename, (store) =>
      Effect.gen(function* () {
        expect(yield* store.deleteChannel(projectId(1), channelId(1))).toBe(true)
      }),
    )
    expect(counted(filename, "channel_key = 1").deliveries).toBe(0)
  })
})
