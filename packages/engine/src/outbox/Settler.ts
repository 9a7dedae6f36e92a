/**
 * Settles attempts in groups: those that end at the same time share a transaction, as signals share their commits. In a
 * mass outage each of its own would stand in the way of every ping.
 */
import * as Bell from "@overdue/core/Bell"
import type { Claim, DeliveryOutcome, Ended, Settled } from "@overdue/core/Delivery"
import type { Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Failure from "../Failure.ts"
import * as SteadyClock from "../SteadyClock.ts"
import * as Trace from "../Trace.ts"
import * as Trouble from "../Trouble.ts"
import type { Message } from "./Message.ts"
import * as OutboxLog from "./OutboxLog.ts"
import * as Outcome from "./Outcome.ts"
import type * as Attempts from "./Attempts.ts"

/** The most messages that are settled in one transaction: a few milliseconds, for which signals wait. */
const atOnce = 32

/** How often others are waited for at most, and how often in vain until no more come. */
const rounds = 20
const inVain = 3

/** How long what could not be settled waits until it is tried again. */
const again: Span = second

/** What the operator is told then. */
const unsettled = "attempts to tell channels could not be settled"

/** Settles, for ever, the attempts that end. */
export const run = Effect.fnUntraced(function* (attempts: Attempts.Attempts) {
  while (true) {
    yield* attempts.anyEnded
    yield* gather(attempts)
    yield* Effect.uninterruptible(settleNext(attempts))
  }
})

/** Attempts of which the answers have just arrived come along, and signals that have arrived go first. */
const gather = Effect.fnUntraced(function* (attempts: Attempts.Attempts) {
  yield* Effect.yieldNow
  let seen = attempts.waiting
  for (let round = 0, vain = 0; round < rounds && vain < inVain && seen < attempts.size; round++) {
    yield* Effect.yieldNow
    vain = attempts.waiting === seen ? vain + 1 : 0
    seen = attempts.waiting
  }
})

const settleNext = Effect.fnUntraced(function* (attempts: Attempts.Attempts) {
  const bell = yield* Bell.Bell
  const ended = attempts.take(atOnce)
  yield* Trouble.outlive(unsettled, settleAll(ended))
  attempts.forget(ended)
  // The next deliveries of their channels wait for these.
  bell.ring()
})

/** A delivery, and what becomes of it. */
interface Settlement {
  readonly claim: Claim
  readonly outcome: DeliveryOutcome
}

/** Settles what can be settled, and logs what became of each delivery. What cannot is sent again when its lease ends. */
const settleAll = Effect.fnUntraced(function* (all: readonly Attempts.Ended[]) {
  const now = yield* SteadyClock.now
  const settlements: Settlement[] = []
  for (const { message, end } of all) {
    const found = yield* Effect.exit(ofMessage(message, end, now))
    if (Exit.isSuccess(found)) settlements.push(...found.value)
    else yield* OutboxLog.unsettled(message[0], found.cause)
  }
  const ended = settlements.map(({ claim, outcome }) => {
    const { id, attempts } = claim.delivery
    return { id, attempt: attempts, outcome, now }
  })
  for (const [index, exit] of (yield* settle(ended)).entries()) {
    const { claim, outcome } = settlements[index]!
    yield* Exit.isSuccess(exit)
      ? OutboxLog.ended(claim, outcome, exit.value, now)
      : OutboxLog.unsettled(claim, exit.cause)
  }
})

/** Returns what becomes of the deliveries in a message. Fails when nobody knows. */
const ofMessage = (message: Message, end: Attempts.End, now: Instant) => {
  switch (end.type) {
    case "told":
      return ofVerdict(message, end.verdict, now)
    case "kept":
      return Effect.succeed(message.map((claim) => ({ claim, outcome: end.outcome })))
    case "stopped": {
      // It is sent again at once, by the next process or another node.
      const error = "this node was stopped while it was being sent"
      const outcome: DeliveryOutcome = { status: "pending", cause: "stopped", dueAt: now, error }
      return Effect.succeed(message.map((claim) => ({ claim, outcome })))
    }
    case "unknown":
      return Effect.failCause(end.cause)
  }
}

const ofVerdict = Effect.fnUntraced(function* (message: Message, verdict: Verdict, now: Instant) {
  const settlements: Settlement[] = []
  for (const claim of message) {
    const { delivery, alert, channel } = claim
    const chance = yield* Random.next
    const { goneSince } = channel
    const outcome = Outcome.of({ verdict, failures: delivery.failures, goneSince, now, chance })
    if (settlements.length === 0 && outcome.status === "dead" && outcome.cause === "disabled") {
      const store = yield* Store.Store
      yield* store.disableChannel(channel.id, outcome.error)
      yield* OutboxLog.disabled(claim, outcome.error)
    }
    const remember = verdict.type === "delivered" ? verdict.remember?.[alert.outage?.id ?? ""] : undefined
    settlements.push({
      claim,
      outcome: remember === undefined ? outcome : { status: "delivered", remember },
    })
  }
  return settlements
})

const spanOf = (ended: readonly Ended[]) => ({
  name: "overdue.settle",
  attributes: { "overdue.deliveries": ended.length },
})

/**
 * Settles deliveries in one transaction, and returns what came of each; each alone when a single one may be at fault, so
 * that one bad record does not keep the others. While the store is away it is tried again: what was answered would
 * otherwise be sent once more, and keep its places until its lease ends.
 */
const settle = Effect.fnUntraced(function* (
  ended: readonly Ended[],
): Effect.fn.Return<readonly Exit.Exit<Settled, Store.StoreError>[], never, Store.Store | Trouble.Trouble> {
  const store = yield* Store.Store
  if (ended.length === 0) return []
  while (true) {
    const exit = yield* Effect.exit(Trace.within(store.settleDeliveries(ended), spanOf(ended)))
    if (Exit.isFailure(exit)) {
      if (ended.length > 1 && Failure.mayBeOneRecordsFault(exit.cause)) {
        const each = yield* Effect.forEach(ended, (one) => settle([one]))
        return each.flat()
      }
      if (Failure.mayPass(exit.cause)) {
        yield* Trouble.report(unsettled, exit.cause)
        yield* Effect.interruptible(Effect.sleep(again))
        continue
      }
    }
    return ended.map((_, index) => Exit.map(exit, (all) => all[index]!))
  }
})
