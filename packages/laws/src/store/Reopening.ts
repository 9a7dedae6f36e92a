/** Laws of a store that outlives its layer: what was committed is there when it is opened again. */
import { Store } from "@overdue/core/Store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"
import { look } from "./Agreement.ts"
import type { Open, Place } from "./Place.ts"
import * as StoreFixture from "./StoreFixture.ts"

/** When what happened has happened. */
const now = StoreFixture.start + 10

/** Registers the laws; without a place they are skipped. */
export const reopening = (place: Place | undefined): void => {
  const law = (sentence: string, shown: (open: Open) => Effect.Effect<unknown, unknown>): void =>
    it(sentence, ({ skip }) =>
      place === undefined
        ? skip("This store is gone with its layer. Pass storeLaws a place if it is not.")
        : Effect.runPromise(shown(place())),
    )
  describe("a store that is opened again", () => {
    law("has everything that was in it, to the byte", everything)
    law("remembers deliveries that were being sent, and how long they are held", claims)
  })
}

/** Opens the store, uses it, and closes it. */
const using = <A, E>(
  open: Open,
  use: (store: StoreFixture.Stored) => Effect.Effect<A, E>,
): Effect.Effect<A, unknown> =>
  Effect.scoped(
    Effect.flatMap(Layer.build(Layer.fresh(open())), (context) => use(Context.get(context, Store))),
  )

const everything = Effect.fnUntraced(function* (open: Open) {
  // Bodies come from sockets as buffers of Node, which are bytes and yet print as something else.
  const bodies = [new Uint8Array([0, 255]), Buffer.from("ended with\n“1”"), new Uint8Array()]
  const before = yield* using(open, (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, bodies.length)
      for (const [index, body] of bodies.entries()) {
        yield* StoreFixture.happen(store, [StoreFixture.checkId(index + 1)], { type: "fail" }, now, body)
      }
      yield* store.awake(now, 1000)
      yield* store.awake(now + 5000, 1000)
      yield* store.updateChannel(StoreFixture.channelId(1), {
        name: "renamed",
        value: { url: "https://example.org" },
        switches: { down: true, up: false, reminders: true, quiet: [{ from: now, to: now + 1 }] },
      })
      return yield* look(store, now)
    }),
  )
  const after = yield* using(open, (store) => look(store, now))
  expect(after).toEqual(before)
  for (const [index, body] of bodies.entries()) {
    const kept = yield* using(open, (store) => store.ping(StoreFixture.checkId(index + 1), 2))
    expect([...(kept?.body ?? [])]).toEqual([...body])
  }
})

const claims = Effect.fnUntraced(function* (open: Open) {
  yield* using(open, (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.happen(store, [StoreFixture.checkId(1)], { type: "fail" }, now)
      expect(yield* store.claimDeliveries(now, 9, 1000)).toHaveLength(2)
    }),
  )
  yield* using(open, (store) =>
    Effect.gen(function* () {
      expect(yield* store.claimDeliveries(now + 999, 9, 1000)).toEqual([])
      expect(yield* store.claimDeliveries(now + 1000, 9, 1000)).toHaveLength(2)
    }),
  )
})
