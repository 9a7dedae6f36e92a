/**
 * The outbox: claims deliveries under a lease, sends them, and settles how each attempt ended.
 *
 * A delivery is written in the transaction of its flip, so none is lost. After a crash between sending and settling it
 * is sent again, with the same id.
 */
import type { Blind } from "@overdue/core/Deadline"
import type { Claim, DeliveryOutcome } from "@overdue/core/Delivery"
import * as Bell from "@overdue/core/Bell"
import * as Limits from "@overdue/core/Limits"
import * as Notifier from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import * as Turns from "@overdue/core/Turns"
import { minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Message from "./outbox/Message.ts"
import * as OutboxLog from "./outbox/OutboxLog.ts"
import * as Outcome from "./outbox/Outcome.ts"
import * as Settler from "./outbox/Settler.ts"
import { Settings } from "./Settings.ts"
import * as Trouble from "./Trouble.ts"
import * as SteadyClock from "./SteadyClock.ts"

/** Longer than any notifier may take, so that no other node claims a delivery that is being sent. */
export const lease: Span = 2 * minute

/** How long a notifier may take, well within the lease, so that one that never answers does not hold its place. */
const answerWithin: Span = 90 * second

/** Messages that are begun to be sent before others have their turn of the event loop: about 2 ms of work. */
const startedAtOnce = 4

/** Settles attempts, in groups; see `Settler`. */
class Settle extends Context.Service<Settle, Settler.Settle>()("@overdue/engine/Outbox/Settle") {}

/** Attempts one message, and settles every delivery in it. To be run uninterruptibly: only the telling itself is cut. */
const attempt = Effect.fnUntraced(function* (message: Message.Message, blind: Blind) {
  const now = yield* SteadyClock.now
  const wanted: Claim[] = []
  for (const claim of message) {
    const kept = Outcome.keptBack(claim, now)
    if (kept === undefined) wanted.push(claim)
    else yield* end(claim, kept)
  }
  const [first, ...others] = wanted
  if (first === undefined) return
  const told: Message.Message = [first, ...others]
  yield* settle(
    told,
    yield* Effect.onInterrupt(Effect.interruptible(tell(told, blind)), () => giveBack(told)),
  )
})

/** Tells the channel. When the notifier does not answer in time, the verdict is `retry`. */
const tell = Effect.fnUntraced(function* (message: Message.Message, blind: Blind) {
  const notifier = yield* Notifier.Notifier
  const told = Message.told(message, blind)
  return yield* Effect.timeoutOrElse(notifier.notify(told, message[0].channel), {
    duration: answerWithin,
    orElse: () =>
      Effect.succeed<Notifier.Verdict>({ type: "retry", why: `no answer within ${answerWithin / second} s` }),
  })
})

const settle = Effect.fnUntraced(function* (message: Message.Message, verdict: Notifier.Verdict) {
  const store = yield* Store.Store
  const now = yield* SteadyClock.now
  for (const [index, claim] of message.entries()) {
    const { delivery, alert, channel } = claim
    const chance = yield* Random.next
    const { goneSince } = channel
    const ended = Outcome.of({ verdict, failures: delivery.failures, goneSince, now, chance })
    if (index === 0 && ended.status === "dead" && ended.cause === "disabled") {
      yield* store.disableChannel(channel.id, ended.error)
      yield* OutboxLog.disabled(claim, ended.error)
    }
    const remember = verdict.type === "delivered" ? verdict.remember?.[alert.outage?.id ?? ""] : undefined
    yield* end(claim, remember === undefined ? ended : { status: "delivered", remember })
  }
})

/** What was cut short by the end of this process is sent again, by the next one or another node, at once. */
const giveBack = Effect.fnUntraced(function* (message: Message.Message) {
  const error = "this node was stopped while it was being sent"
  const dueAt = yield* SteadyClock.now
  yield* Effect.ignore(
    Effect.forEach(message, (claim) => end(claim, { status: "pending", cause: "stopped", dueAt, error })),
  )
})

const end = Effect.fnUntraced(function* (claim: Claim, outcome: DeliveryOutcome) {
  const settle = yield* Settle
  const now = yield* SteadyClock.now
  const { id, attempts } = claim.delivery
  yield* OutboxLog.ended(claim, outcome, yield* settle({ id, attempt: attempts, outcome, now }), now)
})

/**
 * Claims and starts to send due deliveries, as many as the settings allow at the same time. Returns how many it
 * claimed.
 */
const claim = Effect.fnUntraced(function* ({ running, begun }: UnderWay) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const bell = yield* Bell.Bell
  const { deliveriesAtOnce } = yield* Settings
  const now = yield* SteadyClock.now
  let slow = 0
  for (const at of begun.values()) if (Turns.isSlow(at, now)) slow += 1
  const free = Turns.places(deliveriesAtOnce, begun.size, slow)
  if (free <= 0) return 0
  const claims = yield* store.claimDeliveries(now, free, lease)
  if (claims.length === 0) return 0
  const blind = yield* store.blind
  const several = new Set(notifier.kinds.filter(({ takesSeveral }) => takesSeveral).map(({ kind }) => kind))
  for (const [index, message] of Message.of(claims, (kind) => several.has(kind)).entries()) {
    // Signals that have arrived are read in between.
    if (index > 0 && index % startedAtOnce === 0) yield* Effect.yieldNow
    // Cut short by the end of this node, it is given back, which is no failure.
    const sending = Effect.catchCause(attempt(message, blind), (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.void : OutboxLog.unsettled(message[0], cause),
    )
    const { id } = message[0].delivery
    begun.set(id, now)
    const ended = Effect.sync(() => {
      begun.delete(id)
      // The channel's next delivery waits for this one.
      bell.ring()
    })
    yield* FiberSet.run(running, Effect.uninterruptible(Effect.ensuring(sending, ended)))
  }
  return claims.length
})

/** Messages that are being sent. */
interface UnderWay {
  readonly running: FiberSet.FiberSet<void, Store.StoreError>
  /** When each began, by the id of its first delivery. */
  readonly begun: Map<string, Instant>
}

/** Retries after every failure, bugs included, because an outbox that does not send alerts nobody. */
const loop = Effect.fnUntraced(function* (underWay: UnderWay) {
  const bell = yield* Bell.Bell
  const { pollEvery } = yield* Settings
  const work = Effect.catchCause(Effect.uninterruptible(claim(underWay)), (cause) =>
    Effect.as(Trouble.report("the outbox could not do its work and will try again", cause), 0),
  )
  while (true) {
    const claimed = yield* work
    if (claimed > 0) continue
    yield* bell.wait(pollEvery)
    // Deliveries that were settled together end one after the other, and make room together.
    yield* Effect.yieldNow
  }
})

/**
 * The layer of the loop that delivers until the layer is closed. That waits a while for deliveries that are being sent,
 * and leaves the others to be sent again.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const running = yield* FiberSet.make<void, Store.StoreError>()
    yield* Effect.addFinalizer(() => Effect.timeoutOption(FiberSet.awaitEmpty(running), Limits.patience))
    const begun: UnderWay["begun"] = new Map()
    const settle = Settler.make(yield* Store.Store, () => begun.size)
    yield* Effect.forkScoped(Effect.provideService(loop({ running, begun }), Settle, settle))
  }),
)
