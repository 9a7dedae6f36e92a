/** Laws of clocks that are set back: what was recorded ahead of them keeps nothing away. */
import type * as Machine from "@overdue/core/Machine"
import { hour, minute, second, type Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { checkId, start } = StoreFixture

/** What a clock showed that was ahead, before it was set back to `start + hour`. */
const ahead = start + 100 * hour
const now = start + hour

const success: Machine.Event = { type: "success" }

/** Settles check 1 at an instant, and returns its deadline. */
const deadlineAt = Effect.fnUntraced(function* (store: StoreFixture.Stored, at: Instant) {
  yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, at)
  return (yield* store.check(checkId(1)))?.state.deadline
})

const steps = (law: Law): void => {
  law(
    "what it had leapt over is taken back, from its newest step on, and deadlines are looked at again",
    (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        expect(yield* store.stepped(now, hour)).toBe(0)
        expect(yield* store.blind).toEqual([])
        yield* store.awake(start, undefined)
        yield* StoreFixture.happen(store, [checkId(1)], success, start)
        for (const at of [now, now + 2 * hour]) expect(yield* store.stepped(at, hour)).toBe(0)
        expect(yield* StoreFixture.read(store, {}, ({ blind }) => blind)).toEqual([
          { from: start, to: now, isStep: true },
          { from: now + hour, to: now + 2 * hour, isStep: true },
        ])
        expect(yield* deadlineAt(store, ahead - 98 * hour)).toBe(start + 3 * hour + minute)
        expect(yield* store.stepped(now + minute, -90 * minute)).toBe(0)
        expect(yield* store.blind).toEqual([{ from: start, to: start + hour / 2, isStep: true }])
        expect(yield* store.due(now + minute, 9)).toEqual([checkId(1)])
        expect(yield* deadlineAt(store, now + minute)).toBe(start + 91 * minute)
        expect(yield* store.stepped(now, -hour)).toBe(-hour / 2)
        expect(yield* store.blind).toEqual([])
        expect(yield* store.stepped(now, -hour)).toBe(-hour)
      }),
  )

  law("by another node, what the first has leapt over is forgotten with what else lies ahead", (store) =>
    Effect.gen(function* () {
      yield* store.awake(start, minute)
      yield* store.awake(now, minute)
      yield* store.stepped(ahead, 99 * hour)
      yield* store.turnBack(now - minute, minute)
      expect(yield* store.blind).toEqual([{ from: start, to: now - minute }])
    }),
  )
}

/** Registers the laws. */
export const turningBack = (law: Law): void => {
  describe("when a clock is set back", () => {
    times(law)
    checks(law)
    steps(law)
  })
}

const times = (law: Law): void => {
  law("a blind span ends at its time at the latest, and one that would begin later is gone", (store) =>
    Effect.gen(function* () {
      for (const at of [start, now - minute, ahead, ahead + hour]) yield* store.awake(at, 2 * minute)
      expect(yield* store.blind).toHaveLength(3)
      yield* store.turnBack(now, minute)
      expect(yield* store.blind).toEqual([
        { from: start, to: now - minute },
        { from: now - minute, to: now },
      ])
    }),
  )

  law("a deadline that such a span has moved on comes when it would have come", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.awake(start + second, minute)
      yield* store.awake(ahead, minute)
      yield* StoreFixture.happen(store, [checkId(1)], success, now)
      expect(yield* deadlineAt(store, now)).toBe(ahead + minute)
      yield* store.turnBack(now, minute)
      expect(yield* store.due(now, 9)).toEqual([checkId(1)])
      expect(yield* deadlineAt(store, now)).toBe(now + hour + minute)
      expect(yield* store.due(now, 9)).toEqual([])
    }),
  )

  law("a delivery that waits is due at its time at the latest, one under way after the lease", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, ahead)
      const [claimed] = yield* store.claimDeliveries(ahead, 1, hour)
      yield* store.turnBack(now, minute)
      const [waiting, ...others] = yield* store.claimDeliveries(now, 9, hour)
      expect(waiting?.delivery.channel).not.toBe(claimed?.delivery.channel)
      expect(others).toEqual([])
      expect(yield* store.claimDeliveries(now + minute - 1, 9, hour)).toEqual([])
      const [again] = yield* store.claimDeliveries(now + minute, 9, hour)
      expect(again?.delivery).toMatchObject({ id: claimed?.delivery.id, attempts: 2 })
    }),
  )

  law("nothing happens when the note of being awake is not as far ahead as asked for", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.happen(store, [checkId(1)], success, now + minute)
      expect(yield* store.turnBack(now, minute, minute)).toEqual([])
      yield* store.awake(now + minute, undefined)
      expect(yield* store.turnBack(now, minute, minute)).toEqual([])
      expect(yield* store.turnBack(now - 1, minute, minute)).toEqual([checkId(1)])
    }),
  )
}

const recorded: readonly (readonly [what: string, ...events: (readonly [Machine.Event, Instant])[]])[] = [
  ["whose last signal lies ahead", [success, now + 1]],
  ["with a run that began ahead", [{ type: "start" }, now + 1]],
  ["that was told of ahead", [{ type: "fail" }, now + 1]],
  ["that is kept back since then", [{ type: "silence", until: ahead }, now], [{ type: "fail" }, now + 1]],
]

const checks = (law: Law): void => {
  for (const [what, ...events] of recorded) {
    law(`a check ${what} is returned until its clock has been cut`, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 3)
        for (const [event, at] of events) yield* StoreFixture.happen(store, [checkId(2)], event, at)
        yield* StoreFixture.happen(store, [checkId(1), checkId(3)], success, now)
        expect(yield* store.turnBack(now + 1, minute)).toEqual([])
        expect(yield* store.turnBack(now, minute)).toEqual([checkId(2)])
        yield* StoreFixture.happen(store, [checkId(2)], { type: "clock" }, now)
        const left = yield* store.turnBack(now, minute)
        // When it went down is history, which stays as it is.
        expect(left).toEqual(what.includes("kept back") ? [checkId(2)] : [])
      }),
    )
  }

  law("the note of being awake stays ahead until no check is", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.awake(ahead, undefined)
      yield* StoreFixture.happen(store, [checkId(1)], success, ahead)
      expect(yield* store.turnBack(now, minute, hour)).toEqual([checkId(1)])
      expect(yield* store.turnBack(now, minute, hour)).toEqual([checkId(1)])
      yield* StoreFixture.happen(store, [checkId(1)], { type: "clock" }, now)
      expect(yield* store.turnBack(now, minute, hour)).toEqual([])
      expect(yield* store.awake(now + hour, minute)).toEqual({ from: now, to: now + hour })
    }),
  )
}
