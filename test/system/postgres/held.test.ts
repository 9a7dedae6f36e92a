/** What somebody else holds in the database keeps those waiting who need it, and whoever was taken in with them. */
import * as Monitor from "@overdue/engine/Monitor"
import * as Postgres from "@overdue/storage/Postgres"
import * as Driver from "@overdue/storage/postgres/Driver"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { eventually } from "../../kit/Eventually.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"

await onPostgres("a check that somebody holds", (databases) => {
  it("keeps its own pings waiting, and not those of others that come later, and has them in their order", async () => {
    const address = Databases.address(databases.fresh())
    await using monitor = await Monitor.make({ store: Postgres.layer({ address }) })
    const [held, free] = [
      await monitor.ensure({ slug: "held", every: "1 day" }),
      await monitor.ensure({ slug: "free", every: "1 day" }),
    ]
    const isHeld = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const holding = Effect.gen(function* () {
      const driver = yield* Driver.open({ address })
      yield* driver.transaction((unit) =>
        Effect.gen(function* () {
          yield* unit.query("SELECT 1 FROM checks WHERE id = ? FOR UPDATE", [[held.id]])
          yield* Effect.sync(() => isHeld.resolve())
          yield* Effect.promise(() => release.promise)
        }),
      )
    }).pipe(Effect.scoped, Effect.runPromise)
    await isHeld.promise
    const order: string[] = []
    const tell = async (action: "start" | "fail" | "success"): Promise<void> => {
      await monitor[action](held.id)
      order.push(action)
    }
    const waiting = [tell("start")]
    const asked =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM checks%'"
    await eventually(
      () => Databases.run(databases.url, asked),
      (found) => found.length > 0,
    )
    waiting.push(tell("fail"), tell("success"))
    for (let n = 0; n < 3; n++) await monitor.success(free.id)
    expect(order).toEqual([])
    release.resolve()
    await Promise.all([...waiting, holding])
    expect(order).toEqual(["start", "fail", "success"])
    expect((await monitor.check(held.id))?.state).toMatchObject({ pings: 3, status: "up" })
  })
})
