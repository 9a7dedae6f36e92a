/** A node: one process of the engine, which can be killed, frozen and lied to by its clock. */
import type * as Machine from "@overdue/core/Machine"
import { Notifier, type Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Engine from "@overdue/engine/Engine"
import { BootTime, SteadyClock } from "@overdue/engine/SteadyClock"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { isDeepStrictEqual } from "node:util"
import type { SeededRandom } from "../../kit/SeededRandom.ts"
import type { Happened, Journal } from "./Journal.ts"
import type { Punctuality } from "./Punctuality.ts"

/** What all nodes share. */
export interface Surroundings {
  readonly store: Store.Store["Service"]
  readonly random: SeededRandom
  readonly journal: Journal
  readonly clock: Clock.Clock
  /** Ids of deliveries that arrived somewhere or were told of by later ones, in the order in which they were. */
  readonly arrived: string[]
  readonly punctuality: Punctuality
  storeRefuses: boolean
  notifierRefuses: boolean
  /** Nothing goes wrong any more. */
  isCalm: boolean
}

/** The condition of a process, which faults change from outside. */
export interface Condition {
  isDead: boolean
  /** How far its clock is ahead. */
  ahead: Span
  /** Open unless the process is frozen. */
  readonly thawed: Latch.Latch
  /** What its sweeper did last, which may be the reason of what is written next. */
  readonly swept: { tick: Instant; readonly cuts: Instant[] }
}

/** What a command does, which may be the reason of what is written while it runs. */
export interface Deed {
  readonly event: Machine.Event
  /** When it decided; `undefined` until it does. */
  at: Instant | undefined
}

/** The command that is being run, if any. */
export const Doing = Context.Reference<Deed | undefined>("test/simulation/Doing", {
  defaultValue: () => undefined,
})

export interface Node {
  readonly services: Context.Context<Engine.Services>
  readonly condition: Condition
  /** Runs a command as this process does; `event` is what it lets happen to a check. */
  readonly run: <A, E>(
    command: Effect.Effect<A, E, Engine.Services>,
    event: Machine.Event,
  ) => Effect.Effect<A, E>
}

/** An engine that looks every few minutes, so that months pass in seconds. */
const settings = { sweepEvery: 5 * minute, pollEvery: 5 * minute, blindAfter: 20 * minute }

/** Starts a process. Its scope is never closed: one that is killed has no time to tidy up. */
export const start = Effect.fnUntraced(function* (surroundings: Surroundings) {
  const condition: Condition = {
    isDead: false,
    ahead: 0,
    thawed: Latch.makeUnsafe(true),
    swept: { tick: 0, cuts: [] },
  }
  const clock = clockOf(surroundings.clock, condition)
  const services = yield* Layer.build(
    Engine.layer({
      store: Layer.succeed(Store.Store, storeOf(surroundings, condition)),
      notifiers: Layer.succeed(Notifier, notifierOf(surroundings, condition)),
      settings,
    }),
  ).pipe(
    Effect.provideService(Scope.Scope, Scope.makeUnsafe()),
    Effect.provideService(Clock.Clock, clock),
    // These machines never sleep.
    Effect.provideService(BootTime, () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6),
    Effect.provideService(Random.Random, randomOf(surroundings.random)),
  )
  return {
    services,
    condition,
    run: (command, event) =>
      Effect.suspend(() => {
        const deed: Deed = { event, at: undefined }
        const steady = Context.get(services, SteadyClock)
        const { ripe, follow, stepped, sleep } = steady
        const nowUnsafe = () => (deed.at = steady.nowUnsafe())
        const watched = { nowUnsafe, ripe, follow, stepped, sleep }
        return command.pipe(
          Effect.provideService(SteadyClock, watched),
          Effect.provide(services),
          Effect.provideService(SteadyClock, watched),
          Effect.provideService(Doing, deed),
          Effect.provideService(Clock.Clock, clock),
        )
      }),
  } satisfies Node
})

const clockOf = (clock: Clock.Clock, condition: Condition): Clock.Clock => ({
  currentTimeMillisUnsafe: (): Instant => clock.currentTimeMillisUnsafe() + condition.ahead,
  currentTimeMillis: Effect.sync(() => clock.currentTimeMillisUnsafe() + condition.ahead),
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
  currentTimeNanos: clock.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => clock.sleep(duration),
})

const randomOf = (random: SeededRandom): Random.Random => ({
  nextDoubleUnsafe: () => random.number(),
  nextIntUnsafe: () => random.between(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
})

/** Whatever a process does passes through here: nothing comes back to one that is dead, and a frozen one waits. */
const alive = <A, E>(condition: Condition, effect: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const unlessDead = <B, F>(next: Effect.Effect<B, F>): Effect.Effect<B, F> =>
    Effect.suspend(() => (condition.isDead ? Effect.never : next))
  return unlessDead(Effect.andThen(condition.thawed.await, unlessDead(effect)))
}

/** The shared store, as a process sees it over a bad connection. */
const storeOf = (surroundings: Surroundings, condition: Condition): Store.Store["Service"] => {
  const { store, journal } = surroundings
  const through = <A>(effect: Effect.Effect<A, Store.StoreError>): Effect.Effect<A, Store.StoreError> =>
    alive(condition, unreliably(surroundings, condition, effect))
  const wrapped: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(store)) {
    wrapped[name] = Effect.isEffect(member)
      ? through(member as Effect.Effect<unknown, Store.StoreError>)
      : (...args: readonly unknown[]) =>
          through(
            (member as (...args: readonly unknown[]) => Effect.Effect<unknown, Store.StoreError>)(...args),
          )
  }
  return {
    ...(wrapped as unknown as Store.Store["Service"]), // safe because every member is wrapped alike
    // More than the memory store would do: what is beside each other in other stores must keep the laws as well.
    unitsAtOnce: 2,
    // An hourly look at everything would be most of the work of a simulation; once a day forgets as much.
    prune: (expiry) =>
      surroundings.random.happens(1 / 24) ? through(store.prune(expiry)) : Effect.succeed(0),
    due: (now, limit) => {
      condition.swept.tick = now
      return through(store.due(now, limit))
    },
    turnBack: (now, lease, ifAheadBy) => {
      condition.swept.cuts.unshift(now)
      condition.swept.cuts.splice(20)
      return through(
        Effect.gen(function* () {
          const before = yield* store.blind
          const ids = yield* store.turnBack(now, lease, ifAheadBy)
          if (!isDeepStrictEqual(yield* store.blind, before)) journal.cut(now)
          return ids
        }),
      )
    },
    stepped: (now, by) =>
      through(
        Effect.gen(function* () {
          const before = yield* store.blind
          const rest = yield* store.stepped(now, by)
          if (by < 0 && !isDeepStrictEqual(yield* store.blind, before)) journal.cut(now)
          return rest
        }),
      ),
    transact: (selection, decide) =>
      Effect.gen(function* () {
        const deed = yield* Doing
        let written: (() => void) | undefined
        return yield* through(
          Effect.tap(
            Effect.suspend(() =>
              store.transact(selection, (loaded) => {
                const decision = decide(loaded)
                written = () => {
                  journal.wrote({ decision, loaded, maybe: reasons(condition, deed) })
                  const ids = (decision.deliveries ?? []).map(({ id }) => id)
                  surroundings.punctuality.wrote(ids, surroundings.clock.currentTimeMillisUnsafe())
                }
                return decision
              }),
            ),
            () => Effect.sync(() => written?.()),
          ),
        )
      }),
  }
}

/** What may be the reason of something that a process writes. */
const reasons = ({ swept }: Condition, deed: Deed | undefined): readonly Happened[] => [
  ...(deed?.at === undefined ? [] : [{ at: deed.at, event: deed.event }]),
  { at: swept.tick, event: { type: "tick" } },
  ...swept.cuts.map((at) => ({ at, event: { type: "clock" } as const })),
]

const refused = (
  reason: "busy" | "unavailable" | "unknown-outcome",
): Effect.Effect<never, Store.StoreError> =>
  Effect.fail(new Store.StoreError({ reason, detail: `simulated: ${reason}` }))

/** Slow at times, refused at times, and at times nobody knows whether it was done. */
const unreliably = <A>(
  surroundings: Surroundings,
  condition: Condition,
  effect: Effect.Effect<A, Store.StoreError>,
): Effect.Effect<A, Store.StoreError> =>
  Effect.suspend(() => {
    const { random, clock, isCalm, storeRefuses } = surroundings
    if (isCalm) return effect
    if (storeRefuses) return refused("unavailable")
    if (random.happens(0.97)) return effect
    const pause = clock.sleep(Duration.millis(random.between(1, 90 * second)))
    switch (random.between(0, 4)) {
      case 0:
        return refused("busy")
      case 1:
        return refused("unknown-outcome")
      case 2:
        return Effect.andThen(effect, refused("unknown-outcome"))
      case 3:
        // It is done, and the process may be dead by the time it would hear of it.
        return Effect.tap(effect, () =>
          alive(condition, Effect.andThen(pause, alive(condition, Effect.void))),
        )
      default:
        return Effect.andThen(pause, alive(condition, effect))
    }
  })

const delivered: Verdict = { type: "delivered" }

/** Takes its time at times, fails at times, and at times delivers and does not know it. */
const notifierOf = (surroundings: Surroundings, condition: Condition): Notifier["Service"] => ({
  kinds: [{ kind: "test", title: "Test", documentation: "", value: {}, takesSeveral: false }],
  parse: (_, value) => Result.succeed(value),
  notify: ({ alerts: [alert] }) =>
    alive(
      condition,
      Effect.suspend((): Effect.Effect<Verdict> => {
        const { random, clock, arrived, isCalm, notifierRefuses } = surroundings
        const arrive = Effect.sync(() => {
          const ids = [...alert.untold.map(({ id }) => id), alert.id]
          arrived.push(...ids)
          surroundings.punctuality.came(ids, clock.currentTimeMillisUnsafe())
          return delivered
        })
        if (isCalm) return arrive
        const late = Effect.as(clock.sleep(Duration.millis(30 * second)), {
          type: "retry",
          why: "no answer",
        } as const)
        if (notifierRefuses)
          return random.happens(0.5) ? late : Effect.succeed({ type: "retry", why: "refused" })
        if (random.happens(0.9)) return arrive
        return random.happens(0.5) ? late : Effect.andThen(arrive, late)
      }),
    ),
})
