/** The bell of all programs on one database: a node that decides wakes those that deliver, by LISTEN and NOTIFY. */
import { randomUUID } from "node:crypto"
import type { Bell } from "@overdue/core/Bell"
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Queue from "effect/Queue"
import type { Driver } from "./Driver.ts"
import * as MachineClock from "./MachineClock.ts"

/** How long others are told nothing more after they were told something. */
const between = 50

/** How long until the next attempt to listen. Meanwhile the store is polled, as it is always. */
const again = 5 * second

/**
 * Returns a bell that rings here at once, and elsewhere on the same channel as soon as the database has said so. What does
 * not get through is found by polling: behind a pooler that hands connections on, nothing does.
 */
export const make = Effect.fnUntraced(function* (driver: Driver, channel: string) {
  const rung = Latch.makeUnsafe(false)
  const untold = Latch.makeUnsafe(false)
  const own = randomUUID()

  const tell = Effect.gen(function* () {
    while (true) {
      yield* untold.await
      untold.closeUnsafe()
      yield* Effect.ignore(driver.query("SELECT 1 FROM (SELECT pg_notify(?, ?)) AS told", [[channel, own]]))
      // In a mass outage it rings all the time, and each telling wakes every node.
      yield* MachineClock.by(Effect.sleep(between))
    }
  })

  const listen = Effect.scoped(
    Effect.gen(function* () {
      const session = yield* Effect.acquireRelease(driver.session, ({ close }) => close)
      if (session.isPooled) return yield* Effect.never
      const heard = yield* session.connection.listen(channel)
      // Something may have been told before.
      rung.openUnsafe()
      while (true) {
        const { payload } = yield* Queue.take(heard)
        if (payload !== own) rung.openUnsafe()
      }
    }),
  )

  yield* Effect.forkScoped(tell)
  yield* Effect.forkScoped(
    MachineClock.by(Effect.forever(Effect.andThen(Effect.ignore(listen), Effect.sleep(again)))),
  )
  return {
    ring: () => {
      rung.openUnsafe()
      untold.openUnsafe()
    },
    wait: (span) => Effect.andThen(Effect.timeoutOption(rung.await, span), rung.close),
  } satisfies Bell["Service"]
})
