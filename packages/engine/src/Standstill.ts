/**
 * Standstills: times in which no signal could be taken. The event loop of this process did not turn, because one of its
 * turns took long or the process was not run at all: timers are served before sockets when it turns again, so deadlines
 * would be settled before the signals are read that have waited at the door meanwhile. Or the store could not be written
 * to, and signals were refused, which are sent again.
 */
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { hosted, loopIdle } from "./Hosted.ts"
import * as SteadyClock from "./SteadyClock.ts"

/** How late the loop may be. Garbage is collected and disks are waited for in less. */
export const tolerance: Span = second

/** How long after a standstill its signals are still being read, at least: clients knock again within a second. */
export const draining: Span = second

/** How long after a standstill, at most, signals are awaited that wait behind others: alerts wait as long. */
export const drainingAtMost: Span = 10 * second

/** How long signals that are refused keep deadlines from being settled. What lasts longer is blindness, or an outage. */
export const refusingAtMost: Span = 30 * second

/** The part of a standstill in which a process that was busy has used a processor. One that was not run used none. */
const busyShare = 0.1

/** A standstill. */
export interface Stood {
  /** The last instant at which the loop is known to have turned. */
  readonly from: Instant
  readonly to: Instant
  /** Whether this process itself was busy; otherwise it was not run, or waited for the system. */
  readonly isBusy: boolean
}

/** What is known of standstills. */
export interface Standstill {
  /** To be called by whoever will look again within `span`, and when that is over, with `undefined`. */
  readonly expect: (span: Span | undefined) => void
  /** To be called when a signal that came at `since` was refused, because the store could not be written to. */
  readonly refused: (since: Instant) => void
  /** To be called when signals were stored at `now`. */
  readonly taken: (now: Instant) => void
  /** Returns the standstill whose signals may still be on their way in at `now`, the present instant. */
  readonly look: (now: Instant) => Stood | undefined
  /** Returns for how long this process was too busy to turn its loop, together. */
  readonly busy: () => Span
  /** Returns the last standstill once, for the log. */
  readonly news: () => Stood | undefined
}

/** Returns for how long this process has used a processor, in milliseconds; `undefined` where the runtime does not tell. */
export const ProcessorTime = Context.Reference<() => Span | undefined>("@overdue/engine/ProcessorTime", {
  defaultValue: () => () => {
    const used = hosted?.cpuUsage?.()
    return used === undefined ? undefined : (used.user + used.system) / 1000
  },
})

/**
 * Returns for how long the loop has waited for something to happen, in milliseconds; `undefined` where the runtime does
 * not tell. It waits only when all that was sent to this process has been read.
 */
export const LoopIdle = Context.Reference<() => Span | undefined>("@overdue/engine/LoopIdle", {
  defaultValue: () => loopIdle,
})

/** What is known in this process; by default nothing. */
export const Standstill = Context.Reference<Standstill>("@overdue/engine/Standstill", {
  defaultValue: () => ({
    expect: () => {},
    refused: () => {},
    taken: () => {},
    look: () => undefined,
    busy: () => 0,
    news: () => undefined,
  }),
})

/** The layer that notices standstills between two looks of the sweeper. */
export const layer: Layer.Layer<never> = Layer.effect(
  Standstill,
  Effect.gen(function* () {
    return new Watch(yield* SteadyClock.SteadyClock, yield* ProcessorTime, yield* LoopIdle)
  }),
)

class Watch implements Standstill {
  readonly #steady: SteadyClock.SteadyClock
  readonly #used: () => Span | undefined
  readonly #idle: () => Span | undefined
  #expected: { readonly at: Instant; readonly by: Instant; readonly used: Span | undefined } | undefined
  #last: Stood | undefined
  /** Whether signals were refused in it, although the loop turned. */
  #hasRefused = false
  /** How long the loop had waited when the last standstill was over. */
  #idleThen: Span | undefined
  /** Since when signals have been refused, by time that really passed. */
  #refusing: Instant | undefined
  #news: Stood | undefined
  #busy: Span = 0

  constructor(steady: SteadyClock.SteadyClock, used: () => Span | undefined, idle: () => Span | undefined) {
    this.#steady = steady
    this.#used = used
    this.#idle = idle
  }

  expect = (span: Span | undefined): void => {
    const now = this.#steady.nowUnsafe()
    this.look(now)
    const at = SteadyClock.unstepped(this.#steady, now)
    this.#expected = span === undefined ? undefined : { at, by: at + span, used: this.#used() }
  }

  refused = (since: Instant): void => {
    this.#refusing ??= SteadyClock.unstepped(this.#steady, since)
  }

  taken = (now: Instant): void => {
    if (this.#refusing === undefined) return
    const span = SteadyClock.unstepped(this.#steady, now) - this.#refusing
    this.#refusing = undefined
    if (span <= tolerance) return
    this.#last = { from: now - span, to: now, isBusy: false }
    this.#hasRefused = true
  }

  look = (now: Instant): Stood | undefined => {
    const expected = this.#expected
    const at = SteadyClock.unstepped(this.#steady, now)
    if (expected !== undefined && at - expected.by > tolerance) {
      this.#expected = undefined
      const span = at - expected.at
      const used = this.#used()
      const isBusy =
        used !== undefined && expected.used !== undefined && used - expected.used >= busyShare * span
      this.#last = { from: now - span, to: now, isBusy }
      this.#hasRefused = false
      this.#idleThen = this.#idle()
      this.#news = this.#last
      if (isBusy) this.#busy += span
    }
    if (this.#last !== undefined && this.#isDrained(this.#last, now)) this.#last = undefined
    const refusing = at - (this.#refusing ?? at)
    const isRefusing = refusing > 0 && refusing <= refusingAtMost
    const from = Math.min(now - refusing, this.#last?.from ?? now)
    return isRefusing ? { from, to: now, isBusy: false } : this.#last
  }

  /** What waited longer than the standstill itself was given up by most clients, and is not worth a late alert. */
  #isDrained({ from, to }: Stood, now: Instant): boolean {
    const since = now - to
    if (since <= draining) return false
    if (since > Math.min(to - from, drainingAtMost)) return true
    // Who was refused comes again in his own time.
    if (this.#hasRefused) return false
    const idle = this.#idle()
    return idle === undefined || idle > this.#idleThen!
  }

  busy = (): Span => this.#busy

  news = (): Stood | undefined => {
    const news = this.#news
    this.#news = undefined
    return news
  }
}
