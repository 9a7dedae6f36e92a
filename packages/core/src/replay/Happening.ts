/** A happening: an event of a check's past, and when. */
import type * as Machine from "../Machine.ts"
import type { Ping } from "../Ping.ts"
import type { Instant } from "../Time.ts"

export interface Happening {
  readonly at: Instant
  readonly event: Machine.Event
}

/** Logged pings, oldest first, as events. What filters and methods made of them at the time is taken as it is. */
export function* ofPings(
  pings: Iterable<Pick<Ping, "at" | "kind" | "rid">>,
): Generator<Happening, undefined> {
  for (const { at, kind, rid } of pings) yield { at, event: { type: kind, rid } }
  return undefined
}
