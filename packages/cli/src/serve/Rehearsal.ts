/**
 * A rehearsal of an outage, in memory, once a server has been listening for a while: code that has never run is slow, and
 * the first outage of a thousand checks would be told of half a second later than the next (`bench outage`).
 */
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import { Notifier } from "@overdue/core/Notifier"
import type { Project } from "@overdue/core/Project"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day, hour, second, type Span } from "@overdue/core/Time"
import * as Engine from "@overdue/engine/Engine"
import * as Notifiers from "@overdue/notifiers"
import type { Sender } from "@overdue/notifiers/sending/Sender"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"

/** Who starts a server has other things to do first; and one that runs for a moment only rehearses nothing. */
const after: Span = 3 * second

/** Checks that go down: as many as make most of the difference, in less than a second. */
const checks = 1_000

/** A machine that takes longer has no time for it. */
const patience: Span = 5 * second

/** Stores checks of which the deadline passes in a moment, and a channel that is told. */
const fall = Effect.gen(function* () {
  const store = yield* Store.Store
  const now = yield* Clock.currentTimeMillis
  const project: Project = {
    id: crypto.randomUUID(),
    name: "rehearsal",
    pingKey: undefined,
    badgeKey: crypto.randomUUID(),
    zone: "UTC",
    checkLimit: checks,
    pingLogLimit: 1,
    silencedUntil: undefined,
    createdAt: now - day,
  }
  yield* store.createProject({ project, keys: [] })
  const channel = Channel.make({
    id: crypto.randomUUID(),
    project: project.id,
    name: "nobody",
    kind: "webhook",
    value: { url_down: "https://example.org/", body_down: "$NAME is $STATUS" },
    createdAt: now - day,
  })
  yield* store.createChannel(channel)
  const pinged = Array.from({ length: checks }, (_, index) =>
    Machine.step(
      Check.make({
        id: crypto.randomUUID(),
        project: project.id,
        badgeKey: crypto.randomUUID(),
        createdAt: now - day,
        details: { name: `check ${index}`, channels: [channel.id] },
        policy: { schedule: Every.make(hour), grace: 0 },
      }),
      { type: "success" },
      now - hour + second / 10,
    ),
  )
  yield* store.transact({}, () => ({ result: undefined, checks: pinged.map(({ check }) => check) }))
})

/** Lets checks fall due that nobody has, in memory, and tells nobody of them. Returns how many were told of. */
export const run: Effect.Effect<number> = Effect.suspend(() => {
  const all = Deferred.makeUnsafe<void>()
  let told = 0
  const send: Sender = () =>
    Effect.sync(() => {
      told += 1
      if (told === checks) Deferred.doneUnsafe(all, Effect.void)
      return { status: 200, body: "", retryAfter: undefined }
    })
  const engine = Engine.layer({
    store: Sqlite.layer({ filename: ":memory:" }),
    notifiers: Layer.succeed(Notifier, Notifiers.over(send, {})),
  }).pipe(Layer.provide(Logger.layer([])))
  return Effect.andThen(fall, Deferred.await(all)).pipe(
    Effect.provide(engine),
    Effect.timeout(patience),
    Effect.ignore,
    Effect.map(() => told),
  )
})

/** Rehearses later, until it is stopped. It is nothing of the engine that runs, and shares no service with it. */
export const start = (): { readonly close: () => Promise<void> } => {
  const fiber = Effect.runFork(Effect.delay(run, after))
  return { close: () => Effect.runPromise(Fiber.interrupt(fiber)) }
}
