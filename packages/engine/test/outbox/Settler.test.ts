/** Attempts that end while others are being settled. */
import { describe, expect, it } from "@effect/vitest"
import type { Ended, Settled } from "@overdue/core/Delivery"
import * as Store from "@overdue/core/Store"
import * as Settler from "@overdue/engine/outbox/Settler"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

const ended = (id: string): Ended => ({ id, attempt: 1, outcome: { status: "delivered" }, now: 0 })

/** A store that settles nothing, and keeps which groups it was given; what is bad fails its whole group. */
const world = (bad: readonly string[] = [], reason: Store.StoreError["reason"] = "corrupt") => {
  const groups: string[][] = []
  const sending = { count: 0 }
  const store: Pick<Store.Store["Service"], "settleDeliveries"> = {
    settleDeliveries: (all) =>
      Effect.gen(function* () {
        const ids = all.map(({ id }) => id)
        groups.push(ids)
        yield* Effect.yieldNow
        if (ids.some((id) => bad.includes(id))) return yield* new Store.StoreError({ reason, detail: "bad" })
        return all.map((): Settled => ({ isHeld: true, turn: undefined }))
      }),
  }
  const settle = Settler.make(store, () => sending.count)
  return { groups, sending, settle: (id: string) => settle(ended(id)) }
}

const together = <A, E>(effects: readonly Effect.Effect<A, E>[]) =>
  Effect.all(effects.map(Effect.exit), { concurrency: "unbounded" })

describe("attempts that end together", () => {
  it.effect("are settled in one transaction, in their order", () =>
    Effect.gen(function* () {
      const { groups, settle } = world()
      const ids = ["a", "b", "c"]
      const exits = yield* together(ids.map(settle))
      expect(exits.every(Exit.isSuccess)).toBe(true)
      expect(groups).toEqual([ids])
    }),
  )

  it.effect("are settled each alone when one of them may be at fault, and only that one fails", () =>
    Effect.gen(function* () {
      const { groups, settle } = world(["b"])
      const exits = yield* together(["a", "b", "c"].map(settle))
      expect(exits.map(Exit.isSuccess)).toEqual([true, false, true])
      expect(groups).toEqual([["a", "b", "c"], ["a"], ["b"], ["c"]])
    }),
  )

  it.effect("fail together when the store does, and later ones are settled again", () =>
    Effect.gen(function* () {
      const { settle } = world(["b"], "full")
      const exits = yield* together(["a", "b", "c"].map(settle))
      expect(exits.map(Exit.isSuccess)).toEqual([false, false, false])
      expect(Exit.isSuccess(yield* Effect.exit(settle("d")))).toBe(true)
    }),
  )

  it.effect("share the next transaction when they come while one is under way", () =>
    Effect.gen(function* () {
      const { groups, settle } = world()
      const late = Effect.andThen(Effect.yieldNow, settle("late"))
      yield* together([settle("first"), late, Effect.andThen(Effect.yieldNow, settle("later"))])
      expect(groups.flat().toSorted()).toEqual(["first", "late", "later"])
      expect(groups.length).toBeLessThan(3)
    }),
  )

  it.effect("wait for those that are about to end, but not for those that take long", () =>
    Effect.gen(function* () {
      const { groups, sending, settle } = world()
      sending.count = 4
      const after = (turns: number, id: string) =>
        Effect.andThen(Effect.repeat(Effect.yieldNow, { times: turns }), settle(id))
      const fibers = [after(0, "a"), after(2, "b"), after(4, "c"), after(40, "late")].map((one) =>
        Effect.forkChild(one),
      )
      for (const fiber of yield* Effect.all(fibers)) yield* Fiber.join(fiber)
      expect(groups).toEqual([["a", "b", "c"], ["late"]])
    }),
  )
})
