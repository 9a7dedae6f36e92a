/** Thresholds in SQLite: how those on a server are found, and that none of them keeps its reports from being received. */
import { DatabaseSync } from "node:sqlite"
import * as Probe from "@overdue/core/Probe"
import * as Never from "@overdue/core/schedule/Never"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as Files from "./Files.ts"

const { checkId } = StoreFixture

const furnish = async (): Promise<string> => {
  const filename = Files.fresh()
  const policy = { schedule: Never.never, probe: Probe.make({ url: `metric://${checkId(1)}/cpu` }) }
  await Files.using(filename, (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.create(store, StoreFixture.check(2, {}, policy), StoreFixture.check(3, {}, policy))
    }),
  )
  return filename
}

const edit = <A>(filename: string, change: (sqlite: DatabaseSync) => A): A => {
  const sqlite = new DatabaseSync(filename)
  try {
    return change(sqlite)
  } finally {
    sqlite.close()
  }
}

it("a report finds the thresholds on its server by an index", async () => {
  const plan = edit(await furnish(), (sqlite) =>
    sqlite.prepare("EXPLAIN QUERY PLAN SELECT id, key FROM checks WHERE watches = ?").all("x"),
  )
  expect(plan.map(({ detail }) => detail)).toEqual(["SEARCH checks USING INDEX checks_of_server (watches=?)"])
})

it("a threshold that is damaged keeps neither its server nor others from being read, and a damaged server does", async () => {
  const filename = await furnish()
  const read = () =>
    Files.using(filename, (store) =>
      Effect.result(
        StoreFixture.read(store, { checks: [checkId(1)], watching: [checkId(1)] }, (loaded) => [
          loaded.check(checkId(1))?.id,
          ...loaded.watching(checkId(1)).map(({ id }) => id),
        ]),
      ),
    )
  edit(filename, (sqlite) => sqlite.exec(`UPDATE checks SET policy = '{' WHERE id = '${checkId(2)}'`))
  expect(await read()).toMatchObject({ success: [checkId(1), checkId(3)] })
  edit(filename, (sqlite) => sqlite.exec(`UPDATE checks SET status = 'x' WHERE id = '${checkId(1)}'`))
  expect(await read()).toMatchObject({ failure: { reason: "damaged" } })
})
