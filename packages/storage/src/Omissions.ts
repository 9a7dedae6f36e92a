/** Damaged records that are left out: each is logged once an hour, and told to whoever shows a list to others. */
import { LeftOut, type StoreError } from "@overdue/core/Store"
import { Said } from "@overdue/core/Said"
import { hour } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Listed } from "./Row.ts"

/** Logs of records, of each once an hour, what becomes of them because they are damaged. */
export type Tell = (what: string, damaged: readonly StoreError[]) => Effect.Effect<void>

/** Takes a list as it is, once it is said what is missing from it. */
export type Whole = <A>(
  listed: Effect.Effect<Listed<A>, StoreError>,
) => Effect.Effect<readonly A[], StoreError>

/** Tells of damaged records. */
export interface Omissions {
  readonly tell: Tell
  readonly whole: Whole
}

/** Returns what tells, and remembers what it has told. */
export const make = (): Omissions => {
  const said = new Said(hour)

  const tell = Effect.fnUntraced(function* (what: string, damaged: readonly StoreError[]) {
    if (damaged.length === 0) return
    const now = Number(yield* Clock.monotonicTimeNanos) / 1e6
    for (const { detail } of damaged) {
      const line = `${what}: ${detail}`
      if (said.again(line, now) !== undefined) yield* Effect.logError(line)
    }
  })

  const leaveOut = Effect.fnUntraced(function* (damaged: readonly StoreError[]) {
    const leftOut = yield* LeftOut
    for (const error of damaged) leftOut(error)
    yield* tell("left out of a list", damaged)
  })

  return {
    tell,
    whole: (listed) =>
      Effect.flatMap(listed, ({ found, damaged }) =>
        damaged.length === 0 ? Effect.succeed(found) : Effect.as(leaveOut(damaged), found),
      ),
  }
}
