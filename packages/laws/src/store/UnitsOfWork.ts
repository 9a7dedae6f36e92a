/** Laws of units of work: reading, deciding and writing are one transaction. */
import * as Effect from "effect/Effect"
import { hour } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import { describe, expect } from "vitest"
import { Changes } from "@overdue/engine/Changes"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { checkId, projectId, start } = StoreFixture

/** Reads everything that a unit of work could have changed, to compare. */
const everything = (store: StoreFixture.Stored) =>
  Effect.all([
    store.checks(projectId(1), {}),
    store.pings(checkId(1), { limit: 100 }),
    store.flips(checkId(1), {}),
    store.deliveries({ limit: 100 }),
    store.due(start + 100 * hour, 100),
  ])

/** One unit of work that logs three pings of a check, with its number as their body. */
const logThrice = (store: StoreFixture.Stored, n: number) =>
  store.transact({ checks: [checkId(n)] }, (loaded) => {
    const changes = new Changes(loaded)
    for (const after of [101, 102, 103]) {
      StoreFixture.step(
        changes,
        changes.check(checkId(n))!,
        { type: "log" },
        start + after,
        new Uint8Array([n]),
      )
    }
    return changes.decide(undefined)
  })

/** Registers the laws. */
export const unitsOfWork = (law: Law): void => {
  describe("a unit of work", () => {
    atomicity(law)
    contradictions(law)
    isolation(law)
    deletion(law)
  })
}

/** A unit of work writes everything or nothing. */
const atomicity = (law: Law): void => {
  law("writes the check, its ping, its flip and a delivery to each channel together", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      expect(yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + 1)).toBe(true)
      const [checks, pings, flips, deliveries] = yield* everything(store)
      expect(checks[0]?.state).toMatchObject({ status: "down", pings: 2, flips: 2, lastPing: start + 1 })
      expect(pings.map(({ n, kind }) => [n, kind])).toEqual([
        [2, "fail"],
        [1, "success"],
      ])
      expect(flips.map(({ n, to }) => [n, to])).toEqual([
        [2, "down"],
        [1, "up"],
      ])
      expect(deliveries.map(({ flip, channel }) => [flip, channel])).toEqual([
        [2, StoreFixture.channelId(2)],
        [2, StoreFixture.channelId(1)],
      ])
    }),
  )

  law("leaves no trace when its decision throws", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const before = yield* everything(store)
      const failure = new Error("a decision that throws")
      const exit = yield* Effect.exit(
        store.transact({ checks: [checkId(1)] }, () => {
          throw failure
        }),
      )
      expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBe(failure)
      expect(yield* everything(store)).toEqual(before)
      expect(yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 1)).toBe(false)
    }),
  )
}

/** A record that contradicts the store makes the whole unit of work fail. */
const contradictions = (law: Law): void => {
  law("leaves no trace when one of the things that it writes contradicts what is stored", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const before = yield* everything(store)
      const stored = yield* store.check(checkId(1))
      const ping = yield* store.ping(checkId(1), 1)
      const [flip] = yield* store.flips(checkId(1), {})
      const fine = {
        checks: [StoreFixture.check(2)],
        pings: [{ ...ping!, n: 2 }],
        flips: [{ ...flip!, n: 2 }],
      }
      const delivery = {
        id: "x",
        check: checkId(1),
        channel: StoreFixture.channelId(1),
        occasion: "flip",
        at: 0,
      } as const
      const refused = {
        "a check that exists and was not loaded": { ...fine, checks: [...fine.checks, stored!] },
        "a check twice": { ...fine, checks: [StoreFixture.check(2), StoreFixture.check(2)] },
        "a check of no project": { ...fine, checks: [StoreFixture.check(2, { project: projectId(9) })] },
        "a ping twice": { ...fine, pings: [...fine.pings, ping!] },
        "a ping of no check": { ...fine, pings: [{ ...ping!, check: checkId(9) }] },
        "a flip twice": { ...fine, flips: [...fine.flips, flip!] },
        "a flip of no check": { ...fine, flips: [{ ...flip!, check: checkId(9) }] },
        "a delivery of no flip": { ...fine, deliveries: [{ ...delivery, flip: 9 }] },
      }
      for (const [what, decision] of Object.entries(refused)) {
        const outcome = yield* Effect.match(
          store.transact({}, () => ({ result: undefined, ...decision })),
          { onSuccess: () => "written", onFailure: ({ reason }) => reason },
        )
        expect([what, outcome]).toEqual([what, "constraint"])
        expect([what, yield* everything(store)]).toEqual([what, before])
      }
      yield* store.transact({}, () => ({ result: undefined, ...fine }))
    }),
  )
}

/** Units of work that name the same records run one after the other; those that name different ones all succeed. */
const isolation = (law: Law): void => {
  law("comes before or after every other that names the same check", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 3)
      const ids = [1, 2, 3].map(checkId)
      yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => index),
        (index) =>
          StoreFixture.happen(
            store,
            index % 2 === 0 ? ids : ids.toReversed(),
            { type: "log" },
            start + index,
          ),
        { concurrency: "unbounded", discard: true },
      )
      for (const id of ids) {
        expect((yield* store.check(id))?.state.pings).toBe(21)
        const numbers = (yield* store.pings(id, { limit: 100 })).map(({ n }) => n)
        expect(numbers).toEqual(Array.from({ length: 21 }, (_, index) => 21 - index))
      }
    }),
  )

  law("that is about other checks than all the others at the same time succeeds as they do", (store) =>
    Effect.gen(function* () {
      const numbers = Array.from({ length: 24 }, (_, index) => index + 1)
      yield* StoreFixture.furnish(store, numbers.length)
      yield* Effect.forEach(numbers, (n) => logThrice(store, n), {
        concurrency: "unbounded",
        discard: true,
      })
      for (const n of numbers) {
        expect((yield* store.check(checkId(n)))?.state.pings).toBe(4)
        const log = (yield* store.pings(checkId(n), { limit: 9 })).map(({ n, at }) => [n, at])
        expect(log).toEqual([
          [4, start + 103],
          [3, start + 102],
          [2, start + 101],
          [1, start],
        ])
        expect((yield* store.ping(checkId(n), 3))?.body).toEqual(new Uint8Array([n]))
      }
    }),
  )

  law("that names a project keeps all others out of it, so that a limit holds", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      const created = yield* Effect.forEach(
        Array.from({ length: 12 }, (_, index) => StoreFixture.check(index + 1)),
        (check) =>
          store.transact({ projects: [projectId(1)] }, (loaded) =>
            loaded.project(projectId(1))!.checkCount < 3
              ? { result: true, checks: [check] }
              : { result: false },
          ),
        { concurrency: "unbounded" },
      )
      expect(created.filter((was) => was)).toHaveLength(3)
      expect(yield* store.checks(projectId(1), {})).toHaveLength(3)
    }),
  )
}

const deletion = (law: Law): void => {
  law("that deletes a check deletes its pings, flips and deliveries; its id is free again", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* StoreFixture.happen(store, [checkId(1), checkId(2)], { type: "fail" }, start + 1)
      const deleted = [checkId(1), checkId(9)]
      yield* store.transact({ checks: deleted }, () => ({ result: undefined, deleted }))
      expect(yield* store.check(checkId(1))).toBeUndefined()
      expect(yield* store.ping(checkId(1), 1)).toBeUndefined()
      expect((yield* store.deliveries({ limit: 9 })).map(({ check }) => check)).toEqual([2, 2].map(checkId))
      yield* StoreFixture.create(store, StoreFixture.check(1))
      const [checks, pings, flips] = yield* everything(store)
      expect([checks.map(({ id }) => id), pings, flips]).toEqual([[2, 1].map(checkId), [], []])
    }),
  )

  law("a check is deleted with all that is its own by its project, and by no other", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      yield* StoreFixture.happen(store, [checkId(1), checkId(2)], { type: "fail" }, start + 1)
      expect(yield* store.deleteCheck(projectId(2), checkId(1))).toBe(false)
      expect(yield* store.deleteCheck(projectId(1), checkId(9))).toBe(false)
      expect(yield* store.check(checkId(1))).toBeDefined()
      expect(yield* store.deleteCheck(projectId(1), checkId(1))).toBe(true)
      expect(yield* store.deleteCheck(projectId(1), checkId(1))).toBe(false)
      expect(yield* store.ping(checkId(1), 1)).toBeUndefined()
      expect((yield* store.deliveries({ limit: 9 })).map(({ check }) => check)).toEqual([2, 2].map(checkId))
      yield* StoreFixture.create(store, StoreFixture.check(1))
      const [checks, pings, flips] = yield* everything(store)
      expect([checks.map(({ id }) => id), pings, flips]).toEqual([[2, 1].map(checkId), [], []])
    }),
  )

  law("deletes even what it writes itself", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.transact({ checks: [checkId(1)] }, () => ({
        result: undefined,
        checks: [StoreFixture.check(2)],
        deleted: [checkId(2)],
      }))
      expect((yield* store.checks(projectId(1), {})).map(({ id }) => id)).toEqual([checkId(1)])
    }),
  )
}
