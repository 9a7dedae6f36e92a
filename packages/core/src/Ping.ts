/** A ping: a signal that arrived, as it is logged. */
import * as Limits from "./Limits.ts"
import type { Instant, Span } from "./Time.ts"

/** What the signal meant. `ignored` was logged, and changed nothing. */
export type Kind = "success" | "start" | "fail" | "log" | "ignored"

/** The way on which a ping came; `process`: it was given within the program that runs the engine. */
export type Scheme = "http" | "https" | "email" | "process"

/** Where a ping came from and what it carried; nothing here decides anything. */
export interface Origin {
  readonly scheme: Scheme
  readonly remoteAddress: string
  /** HTTP method, upper case; empty when the scheme has none. */
  readonly method: string
  readonly userAgent: string
  /** The first bytes of the body, up to the operator's limit; `undefined` when it was empty. */
  readonly body: Uint8Array | undefined
}

export interface Ping extends Origin {
  /** Id of the check. */
  readonly check: string
  /** Numbers the pings of a check from 1. */
  readonly n: number
  readonly at: Instant
  readonly kind: Kind
  readonly rid: string | undefined
  /** 0..255, when the signal gave one. */
  readonly exitStatus: number | undefined
  /** How long the run took that this ping closed, as the check's policy sees runs. */
  readonly duration: Span | undefined
}

/**
 * Pairs each success and failure with the start of its run id, as Healthchecks' ping log does: whatever the policy
 * makes of runs, and only within 72 hours. Takes pings newest first; gives each one's duration in the same order.
 */
export const pairedDurations = (
  pings: readonly Pick<Ping, "kind" | "rid" | "at">[],
): readonly (Span | undefined)[] => {
  const durations: (Span | undefined)[] = Array.from({ length: pings.length })
  const started = new Map<string | undefined, Instant>()
  for (let index = pings.length - 1; index >= 0; index--) {
    const ping = pings[index]!
    if (ping.kind === "start") {
      started.set(ping.rid, ping.at)
    } else if (ping.kind === "success" || ping.kind === "fail") {
      const startedAt = started.get(ping.rid)
      started.delete(ping.rid)
      if (startedAt !== undefined && ping.at - startedAt <= Limits.pairedDuration) {
        durations[index] = ping.at - startedAt
      }
    }
  }
  return durations
}
