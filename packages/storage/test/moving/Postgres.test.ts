import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Catalogue from "@overdue/storage/moving/Catalogue"
import * as Dump from "@overdue/storage/moving/Dump"
import * as PostgresSide from "@overdue/storage/postgres/Side"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"
import * as Sides from "./Sides.ts"

await onPostgres("an installation that is moved to PostgreSQL", (databases) => {
  const postgres = () => PostgresSide.of(Databases.address(databases.fresh()))

  it("comes back as it was, whatever it lived through", async () => {
    const between = postgres()
    await fc.assert(
      fc.asyncProperty(Sides.histories, async (history) => {
        const [from, to] = [Sides.sqlite(), Sides.sqlite()]
        await Sides.live(from, history)
        const text = await Sides.dump(from)
        // What the schema held before, of another history, has to go.
        await Sides.load(between, text, { isReplacing: true })
        expect(await Sides.dump(between)).toBe(text)
        await Sides.load(to, await Sides.dump(between))
        expect(await Sides.dump(to)).toBe(text)
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it("goes on with keys that nothing has", async () => {
    const [from, to] = [Sides.sqlite(), postgres()]
    await Sides.live(from, [])
    await Sides.load(to, await Sides.dump(from))
    const later = StoreFixture.start + 60_000
    await Sides.using(to, (store) =>
      Effect.andThen(
        store.createProject({ project: StoreFixture.project(2), keys: [StoreFixture.apiKey(9)] }),
        StoreFixture.happen(store, [StoreFixture.checkId(1)], { type: "fail" }, later),
      ),
    )
    expect(await Sides.rows(to, "SELECT key FROM projects ORDER BY key")).toEqual([[1], [2]])
    expect(await Sides.rows(to, "SELECT key FROM pings ORDER BY key")).toEqual([[1], [2], [3]])
    expect(await Sides.rows(to, "SELECT count(*) FROM deliveries")).toEqual([[2]])
  })

  it("is read as of one instant, while others write", async () => {
    const [from, to] = [postgres(), Sides.sqlite()]
    await Sides.live(from, [])
    const before = await Sides.dump(from)
    let isWritten = false
    const parts: string[] = []
    await Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(from.snapshot, (snapshot) =>
          snapshot((connection) =>
            Dump.take({
              connection,
              takenAt: Sides.now,
              told: () => undefined,
              write: (lines) => {
                parts.push(lines)
                if (isWritten) return Effect.void
                isWritten = true
                return Effect.promise(() =>
                  Sides.using(from, (store) =>
                    StoreFixture.happen(
                      store,
                      [StoreFixture.checkId(1)],
                      { type: "fail" },
                      StoreFixture.start + 1,
                    ),
                  ),
                )
              },
            }),
          ),
        ),
      ),
    )
    expect(parts.join("")).toBe(before)
    expect(await Sides.load(to, parts.join(""))).toMatchObject({ isWhole: true })
    expect(await Sides.rows(from, "SELECT count(*) FROM pings")).toEqual([[3]])
  })

  it("is read by a transaction that may wait for a slow reader, and writes nothing", async () => {
    const side = postgres()
    await Sides.live(side, [])
    const found = Effect.flatMap(side.snapshot, (snapshot) =>
      snapshot(({ query }) =>
        query(
          `SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout'),
            current_setting('transaction_read_only'), current_setting('transaction_isolation')`,
        ),
      ),
    )
    expect(await Effect.runPromise(Effect.scoped(found))).toEqual([["0", "0", "on", "repeatable read"]])
  })

  it("has U+FFFD for a character that PostgreSQL cannot hold", async () => {
    const [from, to] = [Sides.sqlite(), postgres()]
    await Sides.live(from, [])
    await Sides.edit(from, "UPDATE checks SET description = char(97, 0, 98) WHERE key = 1")
    expect(await Sides.load(to, await Sides.dump(from))).toMatchObject({ isWhole: true })
    expect(await Sides.rows(to, "SELECT description FROM checks WHERE key = 1")).toEqual([["a\ufffdb"]])
  })

  it("has the same tables there as in SQLite", async () => {
    const side = postgres()
    await Sides.using(side, () => Effect.void)
    const found = await Sides.rows(
      side,
      `SELECT table_name, column_name, data_type, is_nullable, is_identity FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name <> 'migrations' ORDER BY table_name, ordinal_position`,
    )
    const types = {
      integer: "bigint",
      number: "double precision",
      text: "text",
      bytes: "bytea",
    }
    const expected = Catalogue.tables()
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap(({ name, columns, isCounted }) =>
        columns.map((column) => [
          name,
          column.name,
          types[column.kind],
          column.isNullable ? "YES" : "NO",
          isCounted && column.name === "key" ? "YES" : "NO",
        ]),
      )
    expect(found).toEqual(expected)
  })
})
