/**
 * The outbox: takes deliveries under a lease, sends them, and settles what became of each.
 *
 * A delivery was written with the flip that it tells of, so none is lost; a crash between sending and settling sends it
 * again, with the same id.
 */
import type { Claim, Told, ToldAlert } from "@overdue/core/Alert"
import * as Bell from "@overdue/core/Bell"
import * as Channel from "@overdue/core/Channel"
import type { Blind } from "@overdue/core/Deadline"
import * as Diagnosis from "@overdue/core/Diagnosis"
import * as Notifier from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
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

/** Deliveries that are sent in one message: one, or several to one channel whose kind takes several. */
type Message = readonly [Claim, ...Claim[]]

/** Returns deliveries as the messages in which they are sent, in the order in which they were claimed. */
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

/** One attempt at one message, to the settled end of each delivery in it. */
const attempt = Effect.fnUntraced(function* (message: Message) {
  const store = yield* Store.Store
  const now = yield* Clock.currentTimeMillis
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

/** Returns what becomes of a delivery that is not sent now, since its channel does not want it (yet); `undefined`: it is sent. */
export const keptBack = (
  { alert, channel, beganUntold }: Claim,
  now: Instant,
): Store.DeliveryOutcome | undefined => {
  if (channel.disabled !== undefined) return { status: "dead", error: channel.disabled }
  if (!Channel.wants(channel, alert)) return { status: "skipped" }
  if (channel.switches.quiet.length === 0 || alert.occasion === "test") return undefined
  // An outage that nobody was told of since it came and went in quiet hours is no news, and neither is its end.
  if (alert.status === "up") return beganUntold ? { status: "skipped" } : undefined
  if (alert.outage?.until !== undefined) return { status: "skipped" }
  const until = Channel.quietUntil(channel, now)
  if (until === undefined) return undefined
  const error = `the channel has quiet hours until ${new Date(until).toISOString()}`
  return { status: "pending", dueAt: until, error, postponed: true }
}

/** Tells the channel. A notifier that never answers has failed for now. */
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
  const now = yield* Clock.currentTimeMillis
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

/** Returns what follows from an attempt's verdict. `chance`, in 0..1, spreads the retries of many. */
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

/** Claims what is due, as far as fewer deliveries are under way than the settings allow, and starts to send it. Returns how many. */
const claim = Effect.fnUntraced(function* (running: FiberSet.FiberSet<void, Store.StoreError>) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const bell = yield* Bell.Bell
  const { deliveriesAtOnce } = yield* Settings
  const free = deliveriesAtOnce - (yield* FiberSet.size(running))
  if (free <= 0) return 0
  const claims = yield* store.claimDeliveries(yield* Clock.currentTimeMillis, free, lease)
  const several = new Set(notifier.kinds.filter(({ takesSeveral }) => takesSeveral).map(({ kind }) => kind))
  for (const message of messages(claims, (kind) => several.has(kind))) {
    const sending = Effect.catchCause(attempt(message), (cause) =>
      Effect.logError(
        `delivery ${message[0].delivery.id} was not settled and will be sent again: ${Failure.detail(cause)}`,
      ),
    )
    // The channel's next delivery waits for this one: ring when it has ended.
    yield* FiberSet.run(running, Effect.uninterruptible(Effect.ensuring(sending, Effect.sync(bell.ring))))
  }
  return claims.length
})

/** Whatever fails, also by a bug, is tried again: an outbox that has stopped tells nobody anything. */
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

/** Delivers for as long as it lives; what is being sent when it ends is still settled. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const running = yield* FiberSet.make<void, Store.StoreError>()
    yield* Effect.addFinalizer(() => Effect.timeoutOption(FiberSet.awaitEmpty(running), patience))
    yield* Effect.forkScoped(loop(running))
  }),
)
