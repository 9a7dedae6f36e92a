import { Store } from "@overdue/core/Store"
import { hour, minute } from "@overdue/core/Time"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import type { Connection, Database, Row, Statement } from "@overdue/storage/Connection"
import * as Postgres from "@overdue/storage/Postgres"
import * as SqlStore from "@overdue/storage/SqlStore"
import * as Driver from "@overdue/storage/postgres/Driver"
import { flavour } from "@overdue/storage/postgres/Flavour"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import { beforeAll, describe, expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"

/** Checks of the installation; each with some pings, flips and deliveries. */
const checks = 20_000

/** Tables that grow with what is monitored, none of which may be read from end to end. */
const large = new Set(["checks", "pings", "ping_bodies", "flips", "deliveries", "memories", "turns"])

/** Multiplies the rows that an installation with one check has. */
const growth = (url: string) =>
  Databases.run(
    url,
    `INSERT INTO checks SELECT made.*
      FROM (SELECT * FROM checks ORDER BY key LIMIT 1) c, generate_series(1, ${checks}) i,
        jsonb_populate_record(NULL::checks, to_jsonb(c) || jsonb_build_object(
          'key', nextval(pg_get_serial_sequence('checks', 'key')), 'id', md5('c' || i)::uuid, 'badge_key', md5('b' || i)::uuid,
          'slug', 's' || i, 'serial', i + 1, 'status', CASE WHEN i % 50 = 0 THEN 'down' ELSE 'up' END, 'look_at', c.created_at + i * 1000, 'deadline', c.created_at + i * 1000)) made`,
    `INSERT INTO pings (project, check_key, n, at, kind, scheme, remote_address, method, user_agent, idempotency_key)
      SELECT c.project, c.key, n, c.created_at + n, 'success', 'http', '', 'GET', '', CASE WHEN n = 3 THEN c.id END
      FROM checks c, generate_series(1, 3) n`,
    `UPDATE checks SET pings = 3, last_logged = l.key
      FROM (SELECT check_key, max(key) AS key FROM pings GROUP BY check_key) l WHERE l.check_key = checks.key`,
    `INSERT INTO ping_bodies (key, project, body) SELECT key, project, 'body' FROM pings`,
    `INSERT INTO flips (project, check_key, n, at, from_status, to_status, reason, is_blind, is_quiet)
      SELECT project, key, 2, created_at + 2, 'up', 'down', 'fail', 0, 0 FROM checks ON CONFLICT DO NOTHING`,
    `INSERT INTO deliveries (project, check_key, channel_key, id, flip, occasion, at, status, attempts, due_at, is_leased, settled_at)
      SELECT c.project, c.key, h.key, 'd' || c.key, 2, 'flip', c.created_at, CASE WHEN c.key % 50 = 0 THEN 'pending' ELSE 'delivered' END,
        0, c.created_at, 0, c.created_at
      FROM checks c, (SELECT min(key) AS key FROM channels) h ON CONFLICT DO NOTHING`,
    `INSERT INTO turns (check_key, region, every, queue, due_at, project)
      SELECT key, '', 60000, '', created_at + serial * 60000, project FROM checks ON CONFLICT DO NOTHING`,
    `INSERT INTO memories (project, channel_key, check_key, flip, value)
      SELECT project, channel_key, check_key, flip, '1' FROM deliveries ON CONFLICT DO NOTHING`,
    "VACUUM ANALYZE",
  )

/** A part of a plan, as PostgreSQL shows it. */
interface Node {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly Plans?: readonly Node[]
}

/** Returns the large tables that a plan reads from end to end. */
const scanned = (node: Node): readonly string[] => [
  ...(node["Node Type"] === "Seq Scan" && large.has(node["Relation Name"] ?? "")
    ? [node["Relation Name"]!]
    : []),
  ...(node.Plans ?? []).flatMap(scanned),
]

await onPostgres(`a PostgreSQL database with ${checks} checks`, (databases) => {
  const url = databases.fresh()
  const run = <A>(work: Effect.Effect<A, unknown, Scope>): Promise<A> =>
    Effect.runPromise(Effect.scoped(work))

  beforeAll(async () => {
    await run(
      Effect.gen(function* () {
        const context = yield* Layer.build(Postgres.layer({ address: Databases.address(url) }))
        const store = Context.get(context, Store)
        yield* StoreFixture.furnish(store, 1)
        yield* StoreFixture.happen(store, [StoreFixture.checkId(1)], { type: "fail" }, StoreFixture.start + 1)
      }),
    )
    await growth(url)
  })

  /** Runs work on the store, and returns the plans of all statements that it ran. */
  const plans = (work: (store: StoreFixture.Stored) => Effect.Effect<unknown, unknown>) =>
    run(
      Effect.gen(function* () {
        const driver = yield* Driver.open({ address: Databases.address(url) })
        const seen = new Map<string, readonly [Statement, readonly Row[]]>()
        const note = (statement: Statement, each: readonly Row[] = [[]]): void => {
          const text = typeof statement === "string" ? statement : statement.all
          if (each.length > 0 && /^\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)/.test(text))
            seen.set(text, [statement, each])
        }
        const noting = <C extends Connection>(connection: C): C => ({
          ...connection,
          ...Object.fromEntries(
            (["query", "execute", "ahead", "send"] as const)
              .filter((name) => name in connection)
              .map((name) => [
                name,
                (statement: Statement, each?: readonly Row[]) => {
                  note(statement, each)
                  // safe because the name is one of its members
                  return (connection as unknown as Record<string, Connection["query"]>)[name]!(
                    statement,
                    each,
                  )
                },
              ]),
          ),
        })
        const database: Database = {
          ...noting(driver as Connection),
          transaction: (unit, durability) => driver.transaction((inside) => unit(noting(inside)), durability),
        }
        yield* work(SqlStore.make(database, flavour))
        const scans: string[] = []
        for (const [text, [statement, each]] of seen) {
          const explained: Statement =
            typeof statement === "string"
              ? `EXPLAIN (FORMAT JSON) ${statement}`
              : { one: "", all: `EXPLAIN (FORMAT JSON) ${statement.all}` }
          const [[plan] = []] = yield* driver.query(
            explained,
            typeof statement === "string" ? [each[0]!] : each,
          )
          // safe because that is how PostgreSQL explains
          const found = (plan as unknown as readonly { readonly Plan: Node }[]).flatMap(({ Plan }) =>
            scanned(Plan),
          )
          if (found.length > 0) scans.push(`${found.join()}: ${text}`)
        }
        expect(seen.size).toBeGreaterThan(0)
        return scans
      }),
    )

  const id = StoreFixture.checkId(1)
  const now = StoreFixture.start + hour

  describe("finds by an index what is asked for", () => {
    it.each<[string, (store: StoreFixture.Stored) => Effect.Effect<unknown, unknown>]>([
      [
        "by pings, by id and by slug, with keys and bodies",
        (store) =>
          store.transact(
            {
              checks: [id],
              slugs: [{ project: StoreFixture.projectId(1), slug: "s7" }],
              keys: [id],
              pings: 2,
            },
            () => ({ result: undefined }),
          ),
      ],
      ["by a signal", (store) => StoreFixture.happen(store, [id], { type: "success" }, now)],
      ["by the sweeper", (store) => store.due(now, 100)],
      [
        "by the outbox",
        (store) =>
          Effect.flatMap(store.claimDeliveries(now, 20, minute), (claims) =>
            store.settleDeliveries(
              claims.map(({ delivery }) => ({
                id: delivery.id,
                attempt: delivery.attempts,
                outcome: { status: "delivered" },
                now,
              })),
            ),
          ),
      ],
      ["by probers", (store) => store.claimTurns({ now, limit: 20, prober: undefined })],
      [
        "by whoever looks at a check",
        (store) =>
          Effect.all([
            store.check(id),
            store.checkByBadgeKey(id),
            store.pings(id, { limit: 20 }),
            store.ping(id, 1),
            store.pingBodies(id, [1, 2]),
            store.flips(id, {}),
            store.deliveries({ check: id, limit: 20 }),
          ]),
      ],
      [
        "by what lists checks by their ids and slugs",
        (store) =>
          Effect.all([
            store.checks(StoreFixture.projectId(1), { ids: [id] }),
            store.checks(StoreFixture.projectId(1), { slug: "s7" }),
          ]),
      ],
      ["by what is deleted", (store) => store.deleteCheck(StoreFixture.projectId(1), id)],
    ])("%s", async (_, work) => {
      expect(await plans(work)).toEqual([])
    })
  })
})
