/** Pings: signals as they are logged. */
import * as Limits from "./Limits.ts"
import type { Instant, Span } from "./Time.ts"

/**
 * What a signal meant for its check. A `cancel` ended a run without an outcome; an `ignored` one was logged and changed
 * nothing.
 */
export type Kind = "success" | "start" | "fail" | "cancel" | "log" | "ignored"

/** How a ping came. `process`: through the API of the engine, within the program that runs it. */
export type Scheme = "http" | "https" | "email" | "process"

/** Where a ping came from and what it carried. Shown to people; decides nothing. */
export interface Origin {
  readonly scheme: Scheme
  readonly remoteAddress: string
  /** HTTP method, upper case; empty for other schemes. */
  readonly method: string
  readonly userAgent: string
  /** The beginning of the body, up to the operator's limit; `undefined` when it was empty. */
  readonly body: Uint8Array | undefined
  /** Data that only one API dialect uses, by the name of the dialect: JSON that the engine keeps and never reads. */
  readonly extension?: Readonly<Record<string, unknown>> | undefined
}

/** A logged signal. */
export interface Ping extends Origin {
  /** Id of the check. */
  readonly check: string
  /** Number of the ping among those of its check, from 1. Numbers of pruned pings are not used again. */
  readonly n: number
  readonly at: Instant
  readonly kind: Kind
  /** Id of the run that the sender named, a lower-case UUID; `undefined` when it named none. */
  readonly rid: string | undefined
  /** 0 to 255; `undefined` when the signal gave none. */
  readonly exitStatus: number | undefined
  /** How long the run took that this ping closed, in milliseconds; `undefined` when it closed none. */
  readonly duration: Span | undefined
}

/** A ping to log. */
export interface NewPing extends Ping {
  /** Names the signal among those of its check, so that it is logged once; `undefined` when the sender gave no name. */
  readonly idempotencyKey?: string | undefined
}

/**
 * Returns an idempotency key that a sender may give (the header `Idempotency-Key`), 1 to 64 visible ASCII characters;
 * `undefined` for any other text, with which the signal is taken as one without a key: Healthchecks ignores the header.
 */
export const idempotencyKey = (text: string | undefined): string | undefined =>
  text !== undefined && /^[!-~]{1,64}$/.test(text) ? text : undefined

/**
 * Returns the duration to show for each ping, in the order of the given ones, which is newest first.
 *
 * As in Healthchecks' ping log, a success or failure is paired with the last start of the same run id at most 72 hours
 * before it, whatever the policy says about runs; a cancellation uses it up. `undefined` for pings without such a
 * start.
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
    } else if (ping.kind === "success" || ping.kind === "fail" || ping.kind === "cancel") {
      const startedAt = started.get(ping.rid)
      started.delete(ping.rid)
      if (startedAt !== undefined && ping.at - startedAt <= Limits.pairedDuration) {
        durations[index] = ping.at - startedAt
      }
    }
  }
  return durations
}
