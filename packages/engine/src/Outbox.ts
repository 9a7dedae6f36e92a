/**
 * The outbox: claims deliveries under a lease, sends them, and settles how each attempt ended.
 *
 * A delivery is written in the transaction of its flip, so none is lost. After a crash between sending and settling it
 * is sent again, with the same id.
 */
import type { Claim, Told, ToldAlert } from "@overdue/core/Alert"
import * as Bell from "@overdue/core/Bell"
import * as Channel from "@overdue/core/Channel"
import type { Blind } from "@overdue/core/Deadline"
import * as Diagnosis from "@overdue/core/Diagnosis"
import * as Notifier from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Failure from "./Failure.ts"
import { Settings } from "./Settings.ts"
import * as Trouble from "./Trouble.ts"
import * as SteadyClock from "./SteadyClock.ts"

/** Longer than any notifier may take, so that no other node claims a delivery that is being sent. */
export const lease: Span = 2 * minute

/** How long a notifier may take, well within the lease, so that one that never answers does not hold its place. */
const answerWithin: Span = 90 * second

/** How long to wait after the first failed attempt. Each further wait is twice as long, up to `longestWait`. */
const shortestWait: Span = 2 * second
const longestWait: Span = hour

/** Attempts before a delivery is given up: with the waits above, about a day of them. */
export const maximumAttempts = 34

/** How long a stopping outbox waits for deliveries that are being sent. */
const patience: Span = 10 * second

/** Deliveries that are sent in one message: several only to one channel, and only if its kind takes several. */
type Message = readonly [Claim, ...Claim[]]

/** Returns the messages in which claimed deliveries are sent, in the order in which they were claimed. */
export const messages = (
  claims: readonly Claim[],
  takesSeveral: (kind: string) => boolean,
): readonly Message[] => {
  const open = new Map<string, [Claim, ...Claim[]]>()
  const found: [Claim, ...Claim[]][] = []
  for (const claim of claims) {
    const { id, kind } = claim.channel
    const together = takesSeveral(kind) ? open.get(id) : undefined
    if (together !== undefined) together.push(claim)
    else {
      const message: [Claim, ...Claim[]] = [claim]
      open.set(id, message)
      found.push(message)
    }
  }
  return found
}

/** Attempts one message, and settles every delivery in it. */
const attempt = Effect.fnUntraced(function* (message: Message) {
  const store = yield* Store.Store
  const now = yield* SteadyClock.now
  const wanted: Claim[] = []
  for (const claim of message) {
    const kept = keptBack(claim, now)
    if (kept === undefined) wanted.push(claim)
    else yield* store.settleDelivery(claim.delivery.id, claim.delivery.attempts, kept, now)
  }
  const [first, ...others] = wanted
  if (first === undefined) return
  yield* settle([first, ...others], yield* tell([first, ...others]))
})

/**
 * Returns the outcome of a delivery that is not sent now, because its channel is disabled, has quiet hours, or does not
 * want the alert; `undefined` for one that is sent.
 */
export const keptBack = (
  { alert, channel, beganUntold }: Claim,
  now: Instant,
): Store.DeliveryOutcome | undefined => {
  if (channel.disabled !== undefined) return { status: "dead", error: channel.disabled }
  if (!Channel.wants(channel, alert)) return { status: "skipped" }
  if (channel.switches.quiet.length === 0 || alert.occasion === "test") return undefined
  // When an outage began and ended within quiet hours, the channel is told of neither.
  if (alert.status === "up") return beganUntold ? { status: "skipped" } : undefined
  if (alert.outage?.until !== undefined) return { status: "skipped" }
  const until = Channel.quietUntil(channel, now)
  if (until === undefined) return undefined
  const error = `the channel has quiet hours until ${new Date(until).toISOString()}`
  return { status: "pending", dueAt: until, error, postponed: true }
}

/** Tells the channel. When the notifier does not answer in time, the verdict is `retry`. */
const tell = Effect.fnUntraced(function* (message: Message) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  return yield* Effect.timeoutOrElse(notifier.notify(told(message, yield* store.blind), message[0].channel), {
    duration: answerWithin,
    orElse: () =>
      Effect.succeed<Notifier.Verdict>({ type: "retry", why: `no answer within ${answerWithin / second} s` }),
  })
})

/** Returns what the channel of a message is told. */
export const told = (message: Message, blind: Blind): Told => {
  const [first, ...others] = message
  const downHere = new Set(
    message.filter(({ alert }) => alert.status === "down").map(({ alert }) => alert.check.id),
  )
  return {
    alerts: [briefed(first, blind), ...others.map((claim) => briefed(claim, blind))],
    project: first.alert.project,
    othersDown: Math.max(0, first.down - downHere.size),
  }
}

const briefed = ({ alert, memory }: Claim, blind: Blind): ToldAlert => {
  const body = alert.lastPing?.body
  const text = body === undefined ? {} : { text: new TextDecoder().decode(body) }
  return { ...alert, memory, remarks: Diagnosis.ofAlert(alert, { blind, ...text }) }
}

const settle = Effect.fnUntraced(function* (message: Message, verdict: Notifier.Verdict) {
  const store = yield* Store.Store
  const now = yield* SteadyClock.now
  const { channel } = message[0]
  if (verdict.type === "permanent") {
    yield* store.disableChannel(channel.id, verdict.why)
    yield* Effect.logWarning(`channel ${channel.id} (${channel.kind}) is disabled: ${verdict.why}`)
  }
  for (const { delivery, alert } of message) {
    const ended = outcomeOf(verdict, delivery.attempts, now, yield* Random.next)
    const remember = verdict.type === "delivered" ? verdict.remember?.[alert.outage?.id ?? ""] : undefined
    const outcome = remember === undefined ? ended : { ...ended, remember }
    if (outcome.status === "dead") {
      yield* Effect.logWarning(`delivery ${delivery.id} is given up: ${outcome.error}`)
    }
    yield* store.settleDelivery(delivery.id, delivery.attempts, outcome, now)
  }
})

/**
 * Returns the outcome of an attempt by its verdict. `chance`, 0 to 1, is the jitter that spreads retries: the wait is
 * between half and one and a half times its usual length.
 */
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

/**
 * Claims and starts to send due deliveries, as many as the settings allow at the same time. Returns how many it
 * claimed.
 */
const claim = Effect.fnUntraced(function* (running: FiberSet.FiberSet<void, Store.StoreError>) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const bell = yield* Bell.Bell
  const { deliveriesAtOnce } = yield* Settings
  const free = deliveriesAtOnce - (yield* FiberSet.size(running))
  if (free <= 0) return 0
  const claims = yield* store.claimDeliveries(yield* SteadyClock.now, free, lease)
  const several = new Set(notifier.kinds.filter(({ takesSeveral }) => takesSeveral).map(({ kind }) => kind))
  for (const message of messages(claims, (kind) => several.has(kind))) {
    const sending = Effect.catchCause(attempt(message), (cause) =>
      Effect.logError(
        `delivery ${message[0].delivery.id} was not settled and will be sent again: ${Failure.detail(cause)}`,
      ),
    )
    // The channel's next delivery waits for this one, so ring when it has ended.
    yield* FiberSet.run(running, Effect.uninterruptible(Effect.ensuring(sending, Effect.sync(bell.ring))))
  }
  return claims.length
})

/** Retries after every failure, bugs included, because an outbox that does not send alerts nobody. */
const loop = Effect.fnUntraced(function* (running: FiberSet.FiberSet<void, Store.StoreError>) {
  const bell = yield* Bell.Bell
  const { pollEvery } = yield* Settings
  const work = Effect.catchCause(Effect.uninterruptible(claim(running)), (cause) =>
    Effect.as(Trouble.report("the outbox could not do its work and will try again", cause), 0),
  )
  while (true) {
    const claimed = yield* work
    if (claimed === 0) yield* bell.wait(pollEvery)
  }
})

/** The layer of the loop that delivers until the layer is closed, which waits for deliveries that are being sent. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const running = yield* FiberSet.make<void, Store.StoreError>()
    yield* Effect.addFinalizer(() => Effect.timeoutOption(FiberSet.awaitEmpty(running), patience))
    yield* Effect.forkScoped(loop(running))
  }),
)
