/** Results that wait for their server, and how many were lost. */
import { reportsAtOnce } from "@overdue/core/Limits"
import type * as ResultDocument from "@overdue/core/document/ResultDocument"
import { Said } from "@overdue/core/Said"
import { minute, type Span } from "@overdue/core/Time"
import * as Monotonic from "@overdue/engine/Monotonic"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Limits from "../Limits.ts"

/** A report as it is sent: with a result, or why there is none. */
export interface Report {
  readonly ticket: string
  readonly result?: ResultDocument.Document
  readonly unjudged?: string
}

interface Kept {
  readonly report: Report
  readonly length: number
  readonly since: Span
}

/** What waits. */
export interface Waiting {
  readonly add: (report: Report) => Effect.Effect<void>
  /** Returns the oldest that are still of use, as many as a server takes at once. */
  readonly first: Effect.Effect<readonly Report[]>
  readonly remove: (reports: readonly Report[]) => void
  /** Counts results that are lost, and logs why, the same once a minute. */
  readonly lose: (count: number, why: string) => Effect.Effect<void>
  /** Returns how many were lost since this was last asked. */
  readonly lost: () => number
  readonly size: () => number
  /** Wait until there is something, or nothing. */
  readonly some: Effect.Effect<void>
  readonly none: Effect.Effect<void>
}

/** Returns a place where nothing waits. */
export const make = (): Waiting => {
  const said = new Said(minute)
  const some = Latch.makeUnsafe(false)
  const none = Latch.makeUnsafe(true)
  let kept: readonly Kept[] = []
  let [lost, unsaid] = [0, 0]

  const keep = (left: readonly Kept[]): void => {
    kept = left
    const [open, closed] = left.length > 0 ? [some, none] : [none, some]
    open.openUnsafe()
    closed.closeUnsafe()
  }

  const lose = Effect.fnUntraced(function* (count: number, why: string) {
    if (count === 0) return
    lost += count
    unsaid += count
    if (said.again(why, yield* Monotonic.now) === undefined) return
    yield* Effect.logWarning(`results of probes are lost, ${unsaid} by now: ${why}`)
    unsaid = 0
  })

  return {
    add: Effect.fnUntraced(function* (report) {
      const since = yield* Monotonic.now
      keep([...kept, { report, length: JSON.stringify(report).length, since }])
    }),
    first: Effect.gen(function* () {
      const now = yield* Monotonic.now
      // Whoever stood still meanwhile, or waited for the server for long, has nothing new to say.
      const left = kept.filter(({ since }) => now - since <= Limits.useful)
      const old = kept.length - left.length
      keep(left)
      yield* lose(old, "the server was away, or this program stood still, for longer than a minute")
      return parcel(left)
    }),
    remove: (reports) => keep(kept.filter(({ report }) => !reports.includes(report))),
    lose,
    lost: () => {
      const before = lost
      lost = 0
      return before
    },
    size: () => kept.length,
    some: some.await,
    none: none.await,
  }
}

const parcel = (kept: readonly Kept[]): readonly Report[] => {
  let length = 0
  const end = kept.findIndex((each) => (length += each.length) > Limits.parcel)
  const most = Math.min(reportsAtOnce, end < 0 ? kept.length : Math.max(end, 1))
  return kept.slice(0, most).map(({ report }) => report)
}
