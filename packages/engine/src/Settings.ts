/** Settings that the operator of an engine can change. */
import * as Limits from "@overdue/core/Limits"
import type { Span } from "@overdue/core/Time"
import * as Context from "effect/Context"

/** How an engine works. Lengths of time are in milliseconds. */
export interface Settings {
  /**
   * When no node was awake for longer than this, that time is a blind span and does not count; `undefined`: all time
   * counts.
   */
  readonly blindAfter: Span | undefined
  /** Bytes of a ping's body that are kept. */
  readonly pingBodyLimit: number
  /**
   * How long the sweeper rests when nothing is due. That and the time that it leaves to signals which are on their way
   * into a commit, 100 ms to 5 s (`Receive.settledUntil`), is the longest delay that it adds to an alert.
   */
  readonly sweepEvery: Span
  /** How long the outbox rests when nothing is due, unless the bell rings. */
  readonly pollEvery: Span
  /**
   * The most deliveries that are sent at the same time; channels and projects have only their share (`Turns`), and what
   * takes longer than two seconds does not count until all together are four times as many.
   */
  readonly deliveriesAtOnce: number
  /** The most pings that are committed in one transaction (group commit). */
  readonly pingsAtOnce: number
  /** The most pings that wait for a commit; further ones fail with `busy`. */
  readonly pingsWaiting: number
  /**
   * The most signals of one check in a minute from one sender, by HTTP and e-mail together; further ones fail with
   * `RateLimited`. From all senders together it is ten times as many. Signals in process are not limited. `undefined`:
   * no limit.
   */
  readonly signalsPerMinute: number | undefined
  /**
   * For how long samples are kept as they came (`raw`), then as minutes, and then as hours; each is at least as long as the
   * one before it. Reports may be as late as `raw`.
   */
  readonly samples: { readonly raw: Span; readonly minute: Span; readonly hour: Span }
}

/** The settings of an engine whose operator changes none. */
export const defaults: Settings = {
  blindAfter: Limits.blindAfter,
  pingBodyLimit: Limits.pingBody,
  sweepEvery: 100,
  pollEvery: 500,
  deliveriesAtOnce: 384,
  pingsAtOnce: 256,
  pingsWaiting: 20_000,
  signalsPerMinute: undefined,
  samples: Limits.keptSamples,
}

/** The settings in use, by default `defaults`. */
export const Settings = Context.Reference<Settings>("@overdue/engine/Settings", {
  defaultValue: () => defaults,
})
