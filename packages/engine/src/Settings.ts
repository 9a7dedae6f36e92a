/** What the operator of an engine may set. */
import * as Limits from "@overdue/core/Limits"
import type { Span } from "@overdue/core/Time"
import * as Context from "effect/Context"

export interface Settings {
  /** When nobody was awake for longer than this, that time does not count; `undefined`: it always counts. */
  readonly blindAfter: Span | undefined
  /** Bytes of a ping's body that are kept. */
  readonly pingBodyLimit: number
  /** How long the sweeper rests when nothing is due. Bounds how late an alert for silence can be. */
  readonly sweepEvery: Span
  /** How long the outbox rests when nothing is due and nobody rings. */
  readonly pollEvery: Span
  /** Deliveries that are under way at once. */
  readonly deliveriesAtOnce: number
  /** Pings that are committed together. */
  readonly pingsAtOnce: number
  /** Pings that may wait for a commit; further ones are refused as busy. */
  readonly pingsWaiting: number
  /**
   * Signals that one check may have in a minute, by whatever door except this process; further ones are refused.
   * `undefined`: no limit.
   */
  readonly signalsPerMinute: number | undefined
}

export const defaults: Settings = {
  blindAfter: Limits.blindAfter,
  pingBodyLimit: Limits.pingBody,
  sweepEvery: 200,
  pollEvery: 500,
  deliveriesAtOnce: 64,
  pingsAtOnce: 256,
  pingsWaiting: 20_000,
  signalsPerMinute: undefined,
}

export const Settings = Context.Reference<Settings>("@overdue/engine/Settings", {
  defaultValue: () => defaults,
})
