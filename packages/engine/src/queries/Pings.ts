/** Queries for the ping log of a check. */
import type { Check } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Ping from "@overdue/core/Ping"
import * as Store from "@overdue/core/Store"
import type { Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { ProjectNotFound } from "../CommandError.ts"

/** A logged ping. */
export interface Listed extends Store.PingSummary {
  /** Time since the start with the same run id, whatever the policy says about runs; see `Ping.pairedDurations`. */
  readonly pairedDuration: Span | undefined
}

/** How many pings before the oldest listed one are read, to find the starts of the listed finishes. */
const pairingReach = 100

/** Returns the newest pings, newest first: as many as the project keeps, and at most `limit`. */
export const list = Effect.fnUntraced(function* (check: Check, limit: number) {
  const store = yield* Store.Store
  const shown = Math.min(yield* kept(check.project), limit)
  const pings = yield* store.pings(check.id, { limit: shown + pairingReach })
  const durations = Ping.pairedDurations(pings)
  return pings
    .map((ping, index): Listed => ({ ...ping, pairedDuration: durations[index] }))
    .filter((ping, index) => index < shown && ping.n > check.state.pings - shown)
})

/**
 * Returns a ping with its body; `undefined` when there is no ping with this number, or when it is not kept any more.
 */
export const get = Effect.fnUntraced(function* (check: Check, n: number) {
  const store = yield* Store.Store
  const shown = yield* kept(check.project)
  return n > check.state.pings - shown ? yield* store.ping(check.id, n) : undefined
})

/** Of some pings nothing is shown, so at first a few more are read than are likely to be wanted. */
const fewest = 50

/**
 * Returns what `of` makes of the newest pings, newest first: at most `limit`. Every page walks through the log, so each is
 * twice as long as the one before. The log is read to its end: clocks step back, so an older ping may be of a later time.
 */
export const newest = Effect.fnUntraced(function* <A>(
  check: Check,
  limit: number,
  of: (ping: Store.PingSummary) => readonly A[],
) {
  const store = yield* Store.Store
  const oldest = check.state.pings - (yield* kept(check.project))
  const found: A[] = []
  let size = Math.max(fewest, limit)
  for (let before = check.state.pings + 1; before > Math.max(1, oldest + 1) && found.length < limit;) {
    const read = yield* store.pings(check.id, { limit: size, before })
    for (const ping of read) if (ping.n > oldest) found.push(...of(ping))
    before = read.at(-1)?.n ?? 1
    size = Math.min(2 * size, Limits.mostListed)
  }
  return found.slice(0, limit)
})

/** How many bodies are read before others have their turn: at most half a megabyte. */
const bodiesAtOnce = 50

/** Returns the bodies of pings by their numbers; those without one, and those that are not kept any more, are absent. */
export const bodies = Effect.fnUntraced(function* (check: Check, pings: readonly Store.PingSummary[]) {
  const store = yield* Store.Store
  const found = new Map<number, Uint8Array>()
  const numbers = pings.filter(({ bodySize }) => bodySize > 0).map(({ n }) => n)
  for (let next = 0; next < numbers.length; next += bodiesAtOnce) {
    if (next > 0) yield* Effect.yieldNow
    const some = yield* store.pingBodies(check.id, numbers.slice(next, next + bodiesAtOnce))
    for (const [n, body] of some) found.set(n, body)
  }
  return found
})

/** Returns how many pings of each check a project keeps. */
export const kept = Effect.fnUntraced(function* (project: string) {
  const store = yield* Store.Store
  const owner = yield* store.project(project)
  if (owner === undefined) return yield* new ProjectNotFound({ project })
  return owner.pingLogLimit
})
