/**
 * The outbox: takes deliveries under a lease, sends them, and settles what became of each.
 *
 * A delivery was written with the flip that it tells of, so none is lost; a crash between sending and settling sends it
 * again, with the same id.
 */
import type { Claim } from "@overdue/core/Alert"
import * as Notifier from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Bell from "@overdue/core/Bell"
import * as Failure from "./Failure.ts"
import { Settings } from "./Settings.ts"
import * as Trouble from "./Trouble.ts"

/** Longer than any notifier takes, so that a delivery that is still being sent is not claimed by another node. */
const lease: Span = 2 * minute

/** How long a notifier may take, well within the lease: one that never answers must not hold its place for ever. */
const answerWithin: Span = 90 * second

/** The first wait after a failure; each further one doubles, up to the longest. */
const shortestWait: Span = 2 * second
const longestWait: Span = hour

/** With the waits above, attempts go on for about a day before a delivery is given up. */
export const maximumAttempts = 34

/** How long a stopping outbox waits for what it is sending. */
const patience: Span = 10 * second

/** Sends everything that is due at this moment, one attempt each. Gives how many attempts it made. */
export const flush = Effect.gen(function* () {
  const store = yield* Store.Store
  const { deliveriesAtOnce } = yield* Settings
  let attempts = 0
  while (true) {
    const claims = yield* store.claimDeliveries(yield* Clock.currentTimeMillis, deliveriesAtOnce, lease)
    if (claims.length === 0) return attempts
    attempts += claims.length
    yield* Effect.forEach(claims, attempt, { discard: true, concurrency: deliveriesAtOnce })
  }
})

/** One attempt at one delivery, to its settled end. */
const attempt = Effect.fnUntraced(function* (claim: Claim) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const { delivery, channel } = claim
  const verdict: Notifier.Verdict =
    channel.disabled === undefined
      ? yield* Effect.timeoutOrElse(notifier.notify(claim.alert, channel), {
          duration: answerWithin,
          orElse: () =>
            Effect.succeed<Notifier.Verdict>({
              type: "retry",
              why: `no answer within ${answerWithin / second} s`,
            }),
        })
      : { type: "permanent", why: channel.disabled }
  const outcome = outcomeOf(verdict, delivery.attempts, yield* Clock.currentTimeMillis, yield* Random.next)
  if (verdict.type === "permanent" && channel.disabled === undefined) {
    yield* store.disableChannel(channel.id, verdict.why)
    yield* Effect.logWarning(`channel ${channel.id} (${channel.kind}) is disabled: ${verdict.why}`)
  }
  if (outcome.status === "dead") {
    yield* Effect.logWarning(`delivery ${delivery.id} is given up: ${outcome.error}`)
  }
  yield* store.settleDelivery(delivery.id, delivery.attempts, outcome)
})

/** What follows from an attempt's verdict. `chance`, in 0..1, spreads the retries of many. */
export const outcomeOf = (
  verdict: Notifier.Verdict,
  attempts: number,
  now: Instant,
  chance: number,
): Store.DeliveryOutcome => {
  switch (verdict.type) {
    case "delivered":
    case "skipped":
      return { status: verdict.type }
    case "permanent":
      return { status: "dead", error: verdict.why }
    case "retry": {
      if (attempts >= maximumAttempts) {
        return { status: "dead", error: `given up after ${attempts} attempts: ${verdict.why}` }
      }
      const doubled = Math.min(shortestWait * 2 ** (attempts - 1), longestWait)
      const wait = Math.max(Math.round(doubled * (0.5 + chance)), verdict.after ?? 0)
      return { status: "pending", dueAt: now + Math.min(wait, 2 * longestWait), error: verdict.why }
    }
  }
}

/** Whatever fails, also by mistake, is tried again: an outbox that has stopped tells nobody anything. */
const loop = (running: FiberSet.FiberSet<void, Store.StoreError>) =>
  Effect.gen(function* () {
    const store = yield* Store.Store
    const bell = yield* Bell.Bell
    const { deliveriesAtOnce, pollEvery } = yield* Settings
    const claim = Effect.uninterruptible(
      Effect.gen(function* () {
        const free = deliveriesAtOnce - (yield* FiberSet.size(running))
        if (free <= 0) return 0
        const claims = yield* store.claimDeliveries(yield* Clock.currentTimeMillis, free, lease)
        for (const claimed of claims) {
          const sending = Effect.catchCause(attempt(claimed), (cause) =>
            Effect.logError(
              `delivery ${claimed.delivery.id} was not settled and will be sent again: ${Failure.detail(cause)}`,
            ),
          )
          // The channel's next delivery waits for this one: ring when it has ended.
          yield* FiberSet.run(
            running,
            Effect.uninterruptible(Effect.ensuring(sending, Effect.sync(bell.ring))),
          )
        }
        return claims.length
      }),
    )
    while (true) {
      const claimed = yield* Effect.catchCause(claim, (cause) =>
        Effect.as(Trouble.report("the outbox could not do its work and will try again", cause), 0),
      )
      if (claimed === 0) yield* bell.wait(pollEvery)
    }
  })

/** Delivers for as long as it lives; what is being sent when it ends is still settled. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const running = yield* FiberSet.make<void, Store.StoreError>()
    yield* Effect.addFinalizer(() => Effect.timeoutOption(FiberSet.awaitEmpty(running), patience))
    yield* Effect.forkScoped(loop(running))
  }),
)
