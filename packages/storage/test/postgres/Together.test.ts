import * as Many from "@overdue/storage/Many"
import * as Driver from "@overdue/storage/postgres/Driver"
import * as Spelling from "@overdue/storage/postgres/Spelling"
import * as Together from "@overdue/storage/postgres/Together"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"
import type { Transaction } from "@overdue/storage/Connection"

const naming = Many.apart(Many.insert("names", { key: "integer", name: "text" }))
const counting = Many.apart(Many.update("counts", { count: "integer" }, { key: "integer" }))

const onceOf = (statement: Many.Many, rows: readonly (readonly (number | string)[])[]): Together.Once => {
  const { text, runs } = Spelling.spell(statement, rows)
  return { text, parameters: runs[0]! }
}

describe("statements that are apart", () => {
  it("are one with the parameters of all, in their order", () => {
    const first = onceOf(naming, [[1, "one"]])
    const second = onceOf(counting, [[7, 2]])
    const { text, parameters } = Together.together([first, second])
    expect(text.replace(/\s+/g, " ").trim()).toBe(
      "WITH part_0 AS (INSERT INTO names (key, name) SELECT * FROM unnest($1::bigint[], $2::text[]) ) " +
        "UPDATE counts SET count = given.count FROM unnest($3::bigint[], $4::bigint[]) AS given (count, key) WHERE counts.key = given.key",
    )
    expect(parameters).toEqual(["{1}", '{"one"}', "{7}", "{2}"])
    expect(Together.together([onceOf(naming, [[2, "two"]]), second]).text).toBe(text)
  })

  it("are what one is alone", () => {
    const alone = onceOf(naming, [[1, "one"]])
    expect(Together.together([alone])).toEqual(alone)
  })
})

await onPostgres("what a transaction sends", (databases) => {
  /** Runs a transaction on two tables, and returns what is in them then. */
  const after = (work: (unit: Transaction) => Effect.Effect<unknown, unknown>) =>
    Effect.gen(function* () {
      const driver = yield* Driver.open({ address: Databases.address(databases.url) })
      yield* driver.execute("CREATE TEMPORARY TABLE names (key bigint PRIMARY KEY, name text)")
      yield* driver.execute("CREATE TEMPORARY TABLE counts (key bigint PRIMARY KEY, count bigint)")
      yield* driver.execute("INSERT INTO counts VALUES (1, 0), (2, 0)")
      const failure = yield* Effect.flip(
        Effect.andThen(
          driver.transaction((unit) => Effect.orDie(work(unit))),
          Effect.fail(undefined),
        ),
      )
      return {
        failure,
        names: yield* driver.query("SELECT key, name FROM names ORDER BY key"),
        counts: yield* driver.query("SELECT key, count FROM counts ORDER BY key"),
      }
    }).pipe(Effect.scoped, Effect.runPromise)

  it("is there for what it asks afterwards, although it went with others", async () => {
    const seen: unknown[] = []
    const { names, counts } = await after((unit) =>
      Effect.gen(function* () {
        yield* unit.send(naming, [[1, "one"]])
        yield* unit.send(counting, [[5, 1]])
        seen.push(yield* unit.query("SELECT count FROM counts WHERE key = 1"))
        const names = yield* unit.ahead("SELECT name FROM names")
        yield* unit.send(naming, [[2, "two"]])
        seen.push(yield* names)
      }),
    )
    expect(seen).toEqual([[[5]], [["one"]]])
    expect(names).toEqual([
      [1, "one"],
      [2, "two"],
    ])
    expect(counts).toEqual([
      [1, 5],
      [2, 0],
    ])
  })

  it("is refused as a whole when one of them is", async () => {
    const { failure, names, counts } = await after((unit) =>
      Effect.gen(function* () {
        yield* unit.send(counting, [[5, 1]])
        yield* unit.send(naming, [
          [1, "one"],
          [1, "again"],
        ])
      }),
    )
    expect(failure).toMatchObject({ reason: "constraint" })
    expect(names).toEqual([])
    expect(counts).toEqual([
      [1, 0],
      [2, 0],
    ])
  })

  it("is nothing when it fails before that is on its way", async () => {
    const { names } = await after((unit) =>
      Effect.andThen(unit.send(naming, [[1, "one"]]), Effect.ignore(unit.query("SELECT 1 / 0"))),
    )
    expect(names).toEqual([])
  })
})
