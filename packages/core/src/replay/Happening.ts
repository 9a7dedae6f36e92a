/** Happenings: events of a check's past, as replays read them. */
import type * as Machine from "../Machine.ts"
import type { Ping } from "../Ping.ts"
import * as Rounds from "../probe/Rounds.ts"
import type { Instant } from "../Time.ts"

/** An event, and when it happened. */
export interface Happening {
  readonly at: Instant
  readonly event: Machine.Event
}

/**
 * Yields logged pings, oldest first, as events. A ping keeps the kind that it was logged with, whatever filters and
 * methods another policy has.
 */
export const ofPings = function* (
  pings: Iterable<Pick<Ping, "at" | "kind" | "rid" | "extension">>,
): Generator<Happening, undefined> {
  for (const ping of pings) {
    const { at, kind, rid } = ping
    const round = Rounds.ofPing(ping)
    yield {
      at,
      event: round === undefined ? { type: kind, rid } : { type: "report", ...round, isWhole: true },
    }
  }
  return undefined
}
