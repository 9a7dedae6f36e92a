/** Damaged records that lists leave out: each is logged once an hour, and told to whoever shows the list to others. */
import { LeftOut, type StoreError } from "@overdue/core/Store"
import { hour, type Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Listed } from "./Row.ts"

/** The shortest time between two lines about a record. */
const quietFor: Span = hour

/** How many records it is remembered of that they were logged; the log says as well that there are more. */
const mostKnown = 1_000

/** Returns what takes the list as it is, once it has said what is missing from it. */
export const make = () => {
  /** When each record was logged, by what the line said. */
  const said = new Map<string, Span>()

  const isNews = (line: string, now: Span): boolean => {
    const before = said.get(line)
    if (before !== undefined && now - before < quietFor) return false
    if (before === undefined && said.size >= mostKnown) {
      for (const [other, at] of said) if (now - at >= quietFor) said.delete(other)
      if (said.size >= mostKnown) return false
    }
    said.set(line, now)
    return true
  }

  const tell = Effect.fnUntraced(function* (damaged: readonly StoreError[]) {
    const leftOut = yield* LeftOut
    const now = Number(yield* Clock.monotonicTimeNanos) / 1e6
    for (const error of damaged) {
      leftOut(error)
      if (isNews(error.detail, now)) yield* Effect.logError(`left out of a list: ${error.detail}`)
    }
  })

  return <A>(listed: Effect.Effect<Listed<A>, StoreError>): Effect.Effect<readonly A[], StoreError> =>
    Effect.flatMap(listed, ({ found, damaged }) =>
      damaged.length === 0 ? Effect.succeed(found) : Effect.as(tell(damaged), found),
    )
}
