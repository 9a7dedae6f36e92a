/**
 * The sweeper: turns silence into flips. It polls the store for checks whose deadline has passed; there are no timers.
 */
import * as Store from "@overdue/core/Store"
import { hour, second, type Instant, type Span } from "@overdue/core/Time"
import * as Wording from "@overdue/core/Wording"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Awake from "./Awake.ts"
import * as Meter from "./Meter.ts"
import { metrics } from "./Metrics.ts"
import * as EachAlone from "./EachAlone.ts"
import * as Receive from "./commands/Receive.ts"
import * as Monotonic from "./Monotonic.ts"
import { Settings } from "./Settings.ts"
import * as Standstill from "./Standstill.ts"
import * as StepEach from "./StepEach.ts"
import * as SteadyClock from "./SteadyClock.ts"
import * as Trace from "./Trace.ts"
import * as Trouble from "./Trouble.ts"

/** The most checks that are settled in one transaction, which signals wait for: of many, the first are told meanwhile. */
const atOnce = 100

/** How long a check that cannot be settled is left alone, and how long nothing more is said of it. */
const restsFor: Span = 30 * second
const quietFor: Span = hour

/** Checks that could not be settled, because their rows are damaged for example. */
type Stuck = Map<string, { readonly triedAt: Instant; readonly saidAt: Instant }>

/** Whether less than a span lies between two instants, whichever is the later: clocks are set back. */
const isWithin = (span: Span, one: Instant, other: Instant): boolean => Math.abs(one - other) < span

/**
 * Settles every check whose deadline is at or before `now`, and returns how many flips that made.
 *
 * A check that cannot be settled is logged and stays due. Fails when no check could be settled.
 */
export const sweep = Effect.fnUntraced(function* (now: Instant) {
  const awake = yield* Awake.Awake
  yield* awake.note(now)
  return yield* settleDue(now, new Map(), { announced: () => new Map(), rest: () => Effect.void })
})

/** What the loop leaves to signals. */
interface Manners {
  /** Returns the checks whose messages are being read, as `Receive.announced` does. */
  readonly announced: () => ReadonlyMap<string, Instant>
  /** Run between two groups of checks, with how long settling the first took. */
  readonly rest: (worked: Span) => Effect.Effect<void>
}

const settleDue = Effect.fnUntraced(function* (now: Instant, stuck: Stuck, { announced, rest }: Manners) {
  const store = yield* Store.Store
  /** Left for the next look. */
  const resting = new Set<string>()
  for (const [id, { triedAt, saidAt }] of stuck) {
    if (isWithin(restsFor, triedAt, now)) resting.add(id)
    else if (!isWithin(quietFor, saidAt, now)) stuck.delete(id)
  }
  let flips = 0
  let isAny = false
  let cause: Cause.Cause<Store.StoreError> | undefined
  while (true) {
    const startedAt = yield* Monotonic.now
    const found = yield* store.due(now, atOnce + resting.size)
    // What arrives while others are settled is looked for each time.
    const since = announced()
    for (const id of found) {
      const arrivedAt = since.get(id)
      if (arrivedAt === undefined || resting.has(id)) continue
      resting.add(id)
      const settled = yield* EachAlone.run([id], "settled", (ids) => settle(ids, Math.min(now, arrivedAt)))
      for (const flipped of settled.results) flips += flipped
    }
    const due = found.filter((id) => !resting.has(id))
    if (due.length === 0) return isAny || cause === undefined ? flips : yield* Effect.failCause(cause)
    const isNews = (id: string) => !stuck.has(id)
    const settling = EachAlone.run(due, "settled", (ids) => settle(ids, now), isNews)
    const done = yield* Trace.within(settling, spanOf(due))
    for (const flipped of done.results) flips += flipped
    for (const id of done.stuck) {
      resting.add(id)
      stuck.set(id, { triedAt: now, saidAt: stuck.get(id)?.saidAt ?? now })
    }
    isAny ||= done.results.length > 0
    cause ??= done.cause
    yield* rest((yield* Monotonic.now) - startedAt)
  }
})

/** Settles checks in one unit of work, and returns how many flips that made. */
const settle = Effect.fnUntraced(function* (due: readonly string[], now: Instant) {
  const steps = yield* StepEach.run(due, { event: { type: "tick" }, now })
  const meter = yield* Meter.current
  const settledAt = yield* SteadyClock.now
  let made = 0
  for (const { flips } of steps) {
    for (const { at } of flips) meter.record(metrics.sweepLag, Math.max(0, settledAt - at) / second)
    made += flips.length
  }
  return made
})

const spanOf = (due: readonly string[]) => ({
  name: "overdue.sweep",
  attributes: { "overdue.checks": due.length },
  ended: ({ results, stuck }: EachAlone.Done<number>) => ({
    "overdue.flips": results.reduce((sum, flips) => sum + flips, 0),
    "overdue.stuck": stuck.length,
  }),
})

/**
 * What the loop does each time: keeps the clock up, notes that this node is awake, and settles what is due, as far as no
 * signal that came in time can still be on its way.
 */
export const look = Effect.suspend(() => lookOnce(new Map(), () => Effect.void))

const lookOnce = Effect.fnUntraced(function* (stuck: Stuck, rest: Manners["rest"]) {
  const awake = yield* Awake.Awake
  const { settledUntil, announced } = yield* Receive.Receive
  const steady = yield* SteadyClock.SteadyClock
  const standstill = yield* Standstill.Standstill
  yield* awake.keepUp
  const now = steady.nowUnsafe()
  // Signals that came while this process stood still are read after this, and count from its beginning.
  const until = Math.min(settledUntil(now), (standstill.look(now)?.from ?? Infinity) - 1)
  yield* logged(standstill.news())
  yield* awake.note(now)
  yield* settleDue(until, stuck, { announced: () => announced(now), rest })
})

const logged = (stood: Standstill.Stood | undefined) =>
  stood === undefined
    ? Effect.void
    : Effect.logWarning(
        `${stood.isBusy ? "this process was overloaded" : "this process was not run"}: it did nothing for ` +
          `${Wording.span(stood.to - stood.from)} until ${new Date(stood.to).toISOString()}; signals that waited count as of its beginning`,
      )

/** Retries after every failure, bugs included, because an engine that does not sweep alerts nobody. */
const loop = Effect.gen(function* () {
  const { sweepEvery } = yield* Settings
  const steady = yield* SteadyClock.SteadyClock
  const standstill = yield* Standstill.Standstill
  const stuck: Stuck = new Map()
  const meter = yield* Meter.current
  const clock = yield* Clock.Clock
  let lookedAt = Monotonic.by(clock)
  yield* meter.watch(metrics.sweepAge, () => (Monotonic.by(clock) - lookedAt) / second)
  // Half of the time is left to signals, and to the alerts of what is settled, which take longer. Who stops the engine
  // does not wait for the rest, which another node or the next process settles.
  const rest = (worked: Span) => Effect.interruptible(worked > 0 ? steady.sleep(worked) : Effect.yieldNow)
  while (true) {
    standstill.expect(undefined)
    yield* Trouble.outlive(
      "the sweeper could not do its work and will try again",
      Effect.andThen(
        Effect.uninterruptible(lookOnce(stuck, rest)),
        Effect.sync(() => (lookedAt = Monotonic.by(clock))),
      ),
    )
    standstill.expect(sweepEvery)
    const wakesAt = Monotonic.by(clock) + sweepEvery
    yield* steady.sleep(sweepEvery)
    meter.record(metrics.loopDelay, Math.max(0, Monotonic.by(clock) - wakesAt) / second)
  }
})

/** The layer of the loop that sweeps until the layer is closed. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
