/**
 * The steady clock: the wall clock without its steps.
 *
 * Each instant on which the engine decides is this clock's. It follows the wall clock, and judges it by the monotonic
 * clock, which no operator and no time server sets. When the two do not agree, it goes on by the monotonic one until
 * the wall clock has kept its new time for a minute, so a step that is soon taken back never reaches a check.
 */
import { minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { hosted } from "./Hosted.ts"

/**
 * How far the wall clock may be from where it was before, by the monotonic clock, and is no step but a correction. Time
 * servers correct what is below half a second by a slower or faster clock (ntpd steps from 128 ms on, chrony and
 * systemd-timesyncd from 400 ms to 1 s).
 */
export const tolerance: Span = second

/**
 * How much faster or slower this clock goes while it follows a correction. Corrections of a second, one after another,
 * would otherwise add up to any span within a check's grace, and of a check that is expected every two seconds one is
 * enough.
 */
export const slewing = 1 / 50

/** How far apart the two clocks may be read: a process can lose its processor in between. */
export const jitter: Span = 20

/** How long the wall clock must keep a new time before that is followed. */
export const patience: Span = minute

/** A step of the wall clock. */
export interface Step {
  /** By how much; negative when the clock was set back. */
  readonly by: Span
  /** The instant that the wall clock now shows. */
  readonly to: Instant
}

/** A clock that does not step by itself. */
export interface SteadyClock {
  /** Returns the present instant; for callers without a fiber. */
  readonly nowUnsafe: () => Instant
  /** Returns the step that the wall clock has made and kept for a minute, and that was not followed yet. */
  readonly ripe: () => Step | undefined
  /** Sets this clock to the wall clock. */
  readonly follow: () => void
  /** Returns by how much followed steps have moved this clock, together; see `unstepped`. */
  readonly stepped: () => Span
  /**
   * Sleeps. A sleep during which the monotonic clock stood still shows that timers do not go by it, as when a test
   * replaces them: from then on the wall clock is followed as it is.
   */
  readonly sleep: (span: Span) => Effect.Effect<void>
}

/**
 * Returns for how long the machine has been on, in milliseconds, the time in which it was asleep included; `undefined`
 * where the runtime does not tell. The monotonic clock of Linux stands still while the machine is asleep, this does not.
 */
export const BootTime = Context.Reference<() => Span | undefined>("@overdue/engine/BootTime", {
  defaultValue: () => {
    const os = hosted?.getBuiltinModule?.("node:os")
    return () => (os === undefined ? undefined : os.uptime() * second)
  },
})

/**
 * Whether a clock that is put in place of the runtime's while the engine runs is a test's, and to be followed as it is.
 * A host may do so in its tests, but in a server it is a wrong clock like any other.
 */
export const Replaceable = Context.Reference<boolean>("@overdue/engine/SteadyClock/Replaceable", {
  defaultValue: () => true,
})

/** The clock in use; by default the wall clock as it is. */
export const SteadyClock = Context.Reference<SteadyClock>("@overdue/engine/SteadyClock", {
  defaultValue: () => plain,
})

/**
 * Returns an instant of a clock without the steps that it has followed up to now: that grows as time really passes, while
 * the machine was asleep as well.
 */
export const unstepped = (steady: SteadyClock, at: Instant): Instant => at - steady.stepped()

/** The present instant by the clock in use. */
export const now: Effect.Effect<Instant> = Effect.flatMap(SteadyClock, (steady) =>
  steady === plain ? Clock.currentTimeMillis : Effect.sync(steady.nowUnsafe),
)

const plain: SteadyClock = {
  nowUnsafe: () => Date.now(),
  ripe: () => undefined,
  follow: () => {},
  stepped: () => 0,
  sleep: (span) => Effect.sleep(span),
}

/** The layer of a steady clock over Effect's clock. */
export const layer: Layer.Layer<never> = Layer.effect(
  SteadyClock,
  Effect.gen(function* () {
    return new Judge(yield* Clock.Clock, yield* BootTime, yield* Replaceable)
  }),
)

/** Where the wall clock has stepped to, relative to the monotonic clock, and since when on the latter. */
interface Pending {
  skew: Span
  readonly since: Span
}

/** Judges a wall clock. A skew is always the wall clock minus the monotonic clock. */
class Judge implements SteadyClock {
  readonly #clock: Clock.Clock
  readonly #bootTime: () => Span | undefined
  readonly #isReplaceable: boolean
  /** The skew that this clock has. */
  #skew: Span
  #monotonic: Span
  /** How long the machine was asleep since it was switched on, as far as that is accounted for. */
  #asleep: Span | undefined
  #pending: Pending | undefined
  #stepped: Span = 0
  /** Whether the two clocks have anything to do with each other. */
  #isJudging = true

  constructor(clock: Clock.Clock, bootTime: () => Span | undefined, isReplaceable: boolean) {
    this.#clock = clock
    this.#bootTime = bootTime
    this.#isReplaceable = isReplaceable
    this.#monotonic = this.#readMonotonic()
    this.#skew = clock.currentTimeMillisUnsafe() - this.#monotonic
    this.#asleep = this.#readAsleep(this.#monotonic)
  }

  nowUnsafe = (): Instant => {
    const wall = this.#clock.currentTimeMillisUnsafe()
    this.#look(wall)
    const skew = wall - this.#monotonic
    const apart = skew - this.#skew
    if (this.#pending === undefined && Math.abs(apart) <= jitter) return wall
    const ahead = this.#pending === undefined ? Math.sign(apart) * jitter : 0
    return Math.round(this.#monotonic + this.#skew + ahead)
  }

  ripe = (): Step | undefined => {
    const wall = this.#clock.currentTimeMillisUnsafe()
    this.#look(wall)
    const pending = this.#pending
    return pending === undefined || this.#monotonic - pending.since < patience
      ? undefined
      : { by: Math.round(pending.skew - this.#skew), to: wall }
  }

  follow = (): void => {
    this.#look(this.#clock.currentTimeMillisUnsafe())
    if (this.#pending === undefined) return
    this.#stepped += Math.round(this.#pending.skew - this.#skew)
    this.#skew = this.#pending.skew
    this.#pending = undefined
  }

  stepped = (): Span => this.#stepped

  sleep = (span: Span): Effect.Effect<void> =>
    Effect.suspend(() => {
      const before = this.#readMonotonic()
      return Effect.andThen(
        this.#clock.sleep(Duration.millis(span)),
        Effect.sync(() => {
          if (this.#readMonotonic() - before < span / 2) this.#isJudging = false
        }),
      )
    })

  #readMonotonic(): Span {
    return Number(this.#clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  #readAsleep(monotonic: Span): Span | undefined {
    const on = this.#bootTime()
    return on === undefined ? undefined : on - monotonic
  }

  /** Compares the clocks. Most times that is all. */
  #look(wall: Instant): void {
    const monotonic = this.#readMonotonic()
    const skew = wall - monotonic
    const passed = monotonic - this.#monotonic
    if (passed < 0) this.#isJudging = false
    this.#monotonic = monotonic
    const apart = skew - this.#skew
    if (Math.abs(apart) > tolerance) this.#disagree(skew, monotonic)
    else {
      this.#skew += Math.sign(apart) * Math.min(Math.abs(apart), passed * slewing)
      this.#pending = undefined
    }
    if (this.#isJudging) return
    this.#skew = skew
    this.#pending = undefined
  }

  #disagree(skew: Span, monotonic: Span): void {
    const pending = this.#pending
    if (pending !== undefined && Math.abs(skew - pending.skew) <= tolerance) {
      pending.skew = skew
      return
    }
    if (this.#isReplaceable && isReplaced()) this.#isJudging = false
    const asleep = this.#justAsleep(skew - this.#skew, monotonic)
    this.#skew += asleep
    // Boot time may be told in whole seconds.
    const isExplained = Math.abs(skew - this.#skew) <= (asleep > 0 ? 2 * tolerance : tolerance)
    this.#pending = isExplained ? undefined : { skew, since: monotonic }
    if (isExplained) this.#skew = skew
  }

  /**
   * Returns for how long the machine has been asleep since that was accounted for last. Where the runtime does not tell,
   * a clock that is ahead by `ahead` is taken to have been: a machine that sleeps is more common than a clock that is
   * set.
   */
  #justAsleep(ahead: Span, monotonic: Span): Span {
    const asleep = this.#readAsleep(monotonic)
    if (asleep === undefined || this.#asleep === undefined) return Math.max(0, ahead)
    const just = asleep - this.#asleep
    if (just < tolerance) return 0
    this.#asleep = asleep
    return just
  }
}

/** Whether a test has put a clock of its own in place of the runtime's, by which timers may not go. */
const isReplaced = (): boolean => !Function.prototype.toString.call(Date.now).includes("[native code]")
