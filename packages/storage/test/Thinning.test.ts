/** Many samples in a file: what thins or deletes them lets others have their turn, and leaves nothing behind. */
import { DatabaseSync } from "node:sqlite"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import { day } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import * as Files from "./Files.ts"

const { checkId, nothingOld, projectId, start } = StoreFixture

/** Returns a database whose first check has two series of so many samples, one each second. */
const furnish = async (many: number) => {
  const filename = Files.fresh()
  await Files.using(filename, (store) =>
    Effect.andThen(
      StoreFixture.furnish(store, 2),
      store.transact({ checks: [checkId(1)] }, () => ({
        result: undefined,
        samples: [
          {
            check: checkId(1),
            samples: ["cpu", "response-time"].flatMap((series) =>
              Array.from({ length: many }, (_, n) => ({ series, at: start + 1_000 * n, value: n % 8 })),
            ),
          },
        ],
      })),
    ),
  )
  return filename
}

/** Returns how many rows there are. */
const counted = (filename: string) => {
  using sqlite = new DatabaseSync(filename)
  return ["series", "samples", "buckets"].map((table) =>
    Number(sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]),
  )
}

/** Does something, and returns how many numbers of rows others saw meanwhile. */
const seenDuring = <A, E>(
  filename: string,
  act: (store: StoreFixture.Stored) => Effect.Effect<A, E>,
): Promise<number> =>
  Files.using(filename, (store) =>
    Effect.gen(function* () {
      const seen = new Set<string>()
      const fiber = yield* Effect.forkChild(act(store))
      while (fiber.pollUnsafe() === undefined) {
        yield* store.awake(start, undefined)
        seen.add(counted(filename).join(" "))
      }
      yield* Fiber.join(fiber)
      return seen.size
    }),
  )

describe("many samples", () => {
  it("are thinned a few at a time", async () => {
    const filename = await furnish(4_000)
    const samples = { ...nothingOld.samples, raw: start + day, minute: start + day }
    const seen = await seenDuring(filename, (store) => store.prune({ ...nothingOld, samples }))
    expect(seen).toBeGreaterThan(2 * (4_000 / 400))
    expect(counted(filename)).toEqual([2, 0, 4])
  }, 30_000)

  it("are deleted a few at a time with their check", async () => {
    const filename = await furnish(4_000)
    const seen = await seenDuring(filename, (store) => store.deleteCheck(projectId(1), checkId(1)))
    expect(seen).toBeGreaterThan(2 * (4_000 / 400))
    expect(counted(filename)).toEqual([0, 0, 0])
  }, 30_000)

  it("are deleted a few at a time with their project", async () => {
    const filename = await furnish(2_000)
    const seen = await seenDuring(filename, (store) => store.deleteProject(projectId(1)))
    expect(seen).toBeGreaterThan(2 * (2_000 / 400))
    expect(counted(filename)).toEqual([0, 0, 0])
  }, 30_000)

  it("of a check that was deleted among others go when old records are pruned", async () => {
    const filename = await furnish(1_000)
    await Files.using(filename, (store) =>
      store.transact({}, () => ({ result: undefined, deleted: [checkId(1)] })),
    )
    expect(counted(filename)).toEqual([2, 2_000, 0])
    const pruned = await Files.using(filename, (store) => store.prune(nothingOld))
    expect([pruned, counted(filename)]).toEqual([0, [0, 0, 0]])
  })
})
