/**
 * Receives signals with group commit: signals that arrive while commits are under way are decided and committed
 * together. Each is answered only when it is on disk.
 *
 * Every way in (HTTP, e-mail, in process) ends here, so the limits for all of them are here: how many signals may wait,
 * and how many one check may have.
 */
import * as Store from "@overdue/core/Store"
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Bell from "@overdue/core/Bell"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Awake from "../Awake.ts"
import { RateLimited } from "../CommandError.ts"
import * as Failure from "../Failure.ts"
import { Ids } from "../Ids.ts"
import * as Meter from "../Meter.ts"
import { metrics } from "../Metrics.ts"
import * as Monotonic from "../Monotonic.ts"
import { Settings } from "../Settings.ts"
import * as Standstill from "../Standstill.ts"
import * as SteadyClock from "../SteadyClock.ts"
import * as Trace from "../Trace.ts"
import * as Trouble from "../Trouble.ts"
import * as Birth from "./Birth.ts"
import * as Batch from "./receive/Batch.ts"
import * as Bounded from "./receive/Bounded.ts"
import * as Lanes from "./receive/Lanes.ts"
import { RefusalLog } from "./receive/RefusalLog.ts"
import { SignalLimit } from "./receive/SignalLimit.ts"
import { type Announcement, UnderWay } from "./receive/UnderWay.ts"

export type { Arrival, Outcome, Receipt, Refusal, Target } from "./receive/Batch.ts"

/** Attempts at a commit while the store is busy, before its signals are refused. */
const attempts = 5

/** Takes signals in. */
export class Receive extends Context.Service<
  Receive,
  {
    /** Succeeds once the signal is durable. */
    readonly receive: (
      arrival: Batch.Arrival,
    ) => Effect.Effect<Batch.Receipt, Batch.Refusal | Store.StoreError>
    /**
     * The same for callers without a fiber. `done` is called exactly once: when the signal is durable, or as soon as it
     * is refused.
     */
    readonly submit: (arrival: Batch.Arrival, done: (exit: Batch.Outcome) => void) => void
    /**
     * Returns up to when deadlines may be settled at `now`, the present instant: until then no signal can still be on
     * its way into a commit; see `UnderWay`.
     */
    readonly settledUntil: (now: Instant) => Instant
    /**
     * Says that a message for some checks has arrived and is being read: a deadline that passes meanwhile is not settled
     * before `over` is called, but for 30 seconds at most. The signal counts as of its arrival when it is handed in with
     * `arrivedAt`.
     */
    readonly announce: (checks: readonly string[]) => Announcement
    /** Returns the checks whose messages are being read, with the instants before which their deadlines may be settled. */
    readonly announced: (now: Instant) => ReadonlyMap<string, Instant>
  }
>()("@overdue/engine/Receive") {}

/** The layer of the service. When it is closed, it refuses new signals, and commits and answers those that wait. */
export const layer = Layer.effect(
  Receive,
  Effect.gen(function* () {
    const settings = yield* Settings
    const steady = yield* SteadyClock.SteadyClock
    const standstill = yield* Standstill.Standstill
    const commit = yield* committer
    const { unitsAtOnce = 1 } = yield* Store.Store
    const lanes = new Lanes.Lanes(unitsAtOnce)
    /** Open while a batch may begin. */
    const mayBegin = Latch.makeUnsafe(false)
    const limit =
      settings.signalsPerMinute === undefined ? undefined : new SignalLimit(settings.signalsPerMinute)
    const underWay = new UnderWay()
    const refusals = new RefusalLog(yield* Meter.current)
    let isClosed = false

    const submit = (given: Batch.Arrival, done: (exit: Batch.Outcome) => void): void => {
      const now = steady.nowUnsafe()
      const arrival = Bounded.of(given, now, settings.samples.raw)
      // It may have waited at the door since this process stood still, and be in time.
      const since = Math.min(now, arrival.arrivedAt ?? now, standstill.look(now)?.from ?? now)
      // Signals in process come from the host's own code, which can limit them itself, and those of probes from the engine.
      const counts = /^(?:process|probe)$/.test(arrival.signal.via) ? undefined : limit
      const seconds = counts?.take(arrival, now)
      if (seconds !== undefined && seconds > 0) return done(Exit.fail(tooMany(seconds, refusals)))
      if (isClosed || lanes.size >= settings.pingsWaiting) return done(Exit.fail(tooBusy(isClosed, refusals)))
      const late = seconds === undefined && counts !== undefined ? counted(counts, arrival, now) : undefined
      const signal: Batch.Waiting = {
        arrival,
        at: now,
        since,
        stepped: steady.stepped(),
        wait: late?.wait,
        done: (exit) => {
          underWay.remove(place, steady.nowUnsafe(), Exit.isSuccess(exit))
          late?.done(exit)
          const refused = Exit.findErrorOption(exit)
          if (Option.isSome(refused)) refusals.note(refused.value)
          done(exit)
        },
      }
      const place = underWay.add(signal)
      lanes.add(signal)
      if (lanes.mayBegin) mayBegin.openUnsafe()
    }

    const loop = Effect.gen(function* () {
      while (true) {
        yield* mayBegin.await
        // Other sockets that are ready are read first, so that their signals share the commit.
        yield* Effect.yieldNow
        const lane = lanes.begin(settings.pingsAtOnce)
        if (!lanes.mayBegin) mayBegin.closeUnsafe()
        if (lane === undefined) continue
        yield* Effect.uninterruptible(commit(lane.signals))
        lanes.end(lane)
        if (lanes.mayBegin) mayBegin.openUnsafe()
      }
    })

    for (let lane = 0; lane < unitsAtOnce; lane++) yield* Effect.forkScoped(loop)
    yield* Effect.forkScoped(refusals.run(steady))
    yield* (yield* Meter.current).watch(metrics.waiting, () => lanes.size)
    // Runs before the loop is interrupted, so that signals that have arrived are still committed and answered.
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        isClosed = true
        const rest = lanes.takeAll()
        return rest.length > 0 ? commit(rest) : Effect.void
      }),
    )

    return {
      submit,
      settledUntil: (now) => underWay.settledUntil(now),
      announce: (checks) => underWay.announce({ checks, since: steady.nowUnsafe() }),
      announced: (now) => underWay.announced(now),
      receive: (arrival) =>
        Effect.callback<Batch.Receipt, Batch.Refusal | Store.StoreError>((resume) => submit(arrival, resume)),
    }
  }),
)

/** Counts a signal whose check was not known at the door: once, though its batch may be decided several times. */
const counted = (limit: SignalLimit, arrival: Batch.Arrival, now: Instant) => {
  let check: string | undefined
  let seconds = 0
  return {
    wait: (id: string): number => {
      if (check === undefined) seconds = limit.count(id, arrival.sender, now)
      check = id
      return seconds
    },
    /** Remembers whose name it was, unless the check may not have been created after all. */
    done: (exit: Batch.Outcome): void => {
      if (check !== undefined && (seconds > 0 || Exit.isSuccess(exit))) limit.note(arrival, check)
    },
  }
}

/** Makes the function that commits a batch, and answers every signal in it. */
const committer = Effect.gen(function* () {
  const store = yield* Store.Store
  const awake = yield* Awake.Awake
  const bell = yield* Bell.Bell
  const trouble = yield* Trouble.Trouble
  const ids = yield* Ids
  const steady = yield* SteadyClock.SteadyClock
  const standstill = yield* Standstill.Standstill
  const meter = yield* Meter.current

  /** Decides and commits a batch in one unit of work. */
  const decide = Effect.fnUntraced(function* (batch: readonly Batch.Waiting[], isCreating: boolean) {
    const fresh = isCreating ? batch.map(() => Birth.fresh(ids)) : undefined
    const before = yield* Monotonic.now
    const { decided, isTold } = yield* Effect.retry(
      store.transact(Batch.selectionOf(batch, isCreating), (loaded) => Batch.decide(batch, fresh, loaded)),
      { times: attempts - 1, while: (error) => error.reason === "busy" },
    )
    const took = (yield* Monotonic.now) - before
    if (isTold) bell.ring()
    measure(meter, decided, took)
    return decided
  })

  /** Answers the signals that are decided, and returns those whose check must be created first. */
  const answer = (batch: readonly Batch.Waiting[], decided: readonly Batch.Decided[]) =>
    batch.filter(({ done }, index) => {
      const outcome = decided[index]!
      if (outcome === "to be created") return true
      done(outcome)
      return false
    })

  const refuse = (
    batch: readonly Batch.Waiting[],
    cause: Cause.Cause<Store.StoreError>,
  ): Effect.Effect<void> =>
    Effect.gen(function* () {
      const error = Cause.squash(cause)
      if (error instanceof Store.StoreError) {
        yield* trouble.begin(error)
        if (Trouble.isOfAll(error)) standstill.refused(batch[0]!.since)
      }
      yield* Trouble.report("signals could not be received", cause)
      batch.forEach(({ done }) => done(Exit.failCause(cause)))
    }).pipe(Effect.provideService(Trouble.Trouble, trouble))

  /**
   * Commits a batch. When it fails, each signal is tried alone if a single one may be at fault, so that one bad record
   * does not fail the others.
   */
  const settle = (batch: readonly Batch.Waiting[], isCreating: boolean): Effect.Effect<void> =>
    Effect.matchCauseEffect(Trace.within(decide(batch, isCreating), spanOf(batch)), {
      onSuccess: (decided) => {
        trouble.over()
        standstill.taken(steady.nowUnsafe())
        const missing = answer(batch, decided)
        return missing.length === 0 ? Effect.void : settle(missing, true)
      },
      onFailure: (cause) =>
        batch.length > 1 && Failure.mayBeOneRecordsFault(cause)
          ? Effect.forEach(batch, (waiting) => settle([waiting], isCreating), { discard: true })
          : refuse(batch, cause),
    })

  const begin = Effect.fnUntraced(function* (batch: readonly Batch.Waiting[]) {
    yield* Effect.ignore(awake.keepUp)
    const signals = inTime(batch, steady)
    yield* awake.note(signals[signals.length - 1]!.at)
    return signals
  })

  return (batch: readonly Batch.Waiting[]): Effect.Effect<void> =>
    Effect.matchCauseEffect(begin(batch), {
      onSuccess: (signals) => settle(signals, false),
      onFailure: (cause) => refuse(batch, cause),
    })
})

const spanOf = (batch: readonly Batch.Waiting[]) => ({
  name: "overdue.commit",
  attributes: { "overdue.pings": batch.length },
})

/** Measures a commit, once for all its signals. */
const measure = (meter: Meter.Meter, decided: readonly Batch.Decided[], took: Span): void => {
  let stored = 0
  for (const outcome of decided) if (outcome !== "to be created" && Exit.isSuccess(outcome)) stored += 1
  meter.record(metrics.pings, stored)
  meter.record(metrics.commitSize, decided.length)
  meter.record(metrics.commitSeconds, took / second)
}

/**
 * The clock may have been set since a signal arrived: forward, and then the signal came as much later by it; or back, and
 * then its instant must not lie ahead.
 */
const inTime = (
  batch: readonly Batch.Waiting[],
  steady: SteadyClock.SteadyClock,
): readonly Batch.Waiting[] => {
  const now = steady.nowUnsafe()
  const stepped = steady.stepped()
  return batch.map((signal) => {
    const by = Math.max(0, stepped - signal.stepped)
    const at = Math.min(signal.at + by, now)
    return at === signal.at ? signal : { ...signal, at, since: Math.min(signal.since + by, now) }
  })
}

const tooMany = (seconds: number, refusals: RefusalLog): RateLimited => {
  const refused = new RateLimited({ seconds })
  refusals.note(refused)
  return refused
}

const tooBusy = (isClosed: boolean, refusals: RefusalLog): Store.StoreError => {
  refusals.note({ _tag: isClosed ? "Stopping" : "TooManyWaiting" })
  return new Store.StoreError({
    reason: "busy",
    detail: isClosed ? "the engine is shutting down" : "too many signals are waiting to be committed",
  })
}
