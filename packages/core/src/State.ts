/** What has become of a check: plain data that only the machine makes. */
import type { Probing } from "./probe/Probing.ts"
import type { Instant, Span } from "./Time.ts"

/** The stored status. That a signal is late within grace, and that a run has started, is derived and never stored. */
export type Status = "new" | "up" | "down" | "paused"

/** The status that people see: `grace` in place of `up` once a signal is expected. */
export type ShownStatus = Status | "grace"

/** A run that has started and not finished. */
export interface Run {
  /** Lower-case UUID; `undefined` for a run without an id. */
  readonly rid: string | undefined
  readonly startedAt: Instant
  /** Whether it took longer than allowed and has been counted as a failed outcome for that. */
  readonly overran: boolean
}

/**
 * The last outcomes as bits, the newest in bit 0; a set bit is a failure. Only the lowest `count` bits are outcomes, at
 * most 32.
 */
export interface Outcomes {
  readonly failed: number
  readonly count: number
}

/**
 * What the newest failed outcome stands for. `missed`, `overran`, `fail` and `too-short` of the same slot or run are one
 * failure, so the machine must know which slot and run it has counted.
 */
export interface Failure {
  /** The slot that was missed last; `undefined` when none was since the last good outcome. */
  readonly missed: Instant | undefined
  /** When a run last failed or overran; `undefined` when none did since the last good outcome. */
  readonly at: Instant | undefined
  /** Id of the run that last reported a failure; `undefined` when none did, when it had no id, or when it started anew. */
  readonly rid: string | undefined
  /** Whether a run has reported a failure since the slot was missed. The first such report is that miss, a second is not. */
  readonly isReported: boolean
}

/** What a check has counted since its creation, up to its last flip and its last run. */
export interface Totals {
  readonly successes: number
  /** Runs that should have come and did not, since the first success, while nobody had paused the check. */
  readonly missed: number
  /** From when on runs are missed: the last one that was heard of, or the resumption. `undefined` while none are. */
  readonly missedSince: Instant | undefined
  /** For how long it was up, and down, until its last flip. */
  readonly up: Span
  readonly down: Span
}

/** What has become of the check. */
export interface State {
  readonly status: Status
  /** When the last success or failure arrived. */
  readonly lastPing: Instant | undefined
  readonly lastSuccess: Instant | undefined
  /** How long the last closed run took; `undefined` when the last success or failure closed none. */
  readonly lastDuration: Span | undefined
  /** How many signals arrived, of whatever kind; the number of the last ping. */
  readonly pings: number
  /** How many flips were recorded; the number of the last flip. */
  readonly flips: number
  readonly totals: Totals
  /** Open runs, the one that started first in front. */
  readonly runs: readonly Run[]
  readonly outcomes: Outcomes
  /** What the newest failed outcome stands for; `undefined` since the last good outcome. */
  readonly failure: Failure | undefined
  /**
   * The next slot is computed from this instant. `undefined` before the first signal and after a resumption, unless the
   * check is armed.
   */
  readonly anchor: Instant | undefined
  /** Whether the anchor is the instant of a signal, which may have come early for its slot. */
  readonly anchorIsSignal: boolean
  /**
   * A lower bound of the next change that comes without a signal: nothing happens before it. Stored and indexed;
   * `undefined` when nothing can happen without a signal.
   */
  readonly deadline: Instant | undefined
  /**
   * While the check is down: when its channels were last told so. Reminders count from it. `undefined` while that is
   * kept back.
   */
  readonly toldAt: Instant | undefined
  /** While it is kept back that the check is down: when the channels are told, unless the check comes up before. */
  readonly tellAt: Instant | undefined
  /** Until when (exclusive) the channels are not told of new outages; `undefined` when nobody asked for silence. */
  readonly silencedUntil: Instant | undefined
  /** What has become of its probe; `undefined` before the first result, and when it has none. */
  readonly probing: Probing | undefined
  /** The instant of the last flip, or of the creation. No later flip is dated before it, even if the clock steps back. */
  readonly flippedAt: Instant
}

/**
 * Whether something is recorded in a state that lies after `now`, and that would keep the check's deadlines or alerts
 * away until then. The machine's event `clock` cuts all of it.
 */
export const isAhead = (state: Ahead, now: Instant): boolean =>
  isAfter(state.anchor, now) ||
  isAfter(state.toldAt, now) ||
  state.runs.some(({ startedAt }) => startedAt > now) ||
  isAfter(state.failure?.missed, now) ||
  isAfter(state.failure?.at, now)

/** The part of a state that is recorded ahead when the clock is. */
export type Ahead = Pick<State, "anchor" | "toldAt" | "runs" | "failure" | "tellAt" | "flippedAt">

/** Whether `isAhead`, or whether a flip after `now` is kept back, perhaps for longer than it would be from now on. */
export const mayBeAhead = (state: Ahead, now: Instant): boolean =>
  isAhead(state, now) || (state.tellAt !== undefined && state.flippedAt > now)

const isAfter = (at: Instant | undefined, now: Instant): boolean => at !== undefined && at > now
