/** Trying again while the database is away or held, for a bounded time, which begins once for all that wait. */
import type { StoreError } from "@overdue/core/Store"
import type { Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as MachineClock from "./MachineClock.ts"

/** Between two attempts: from the first to the longest, each twice as long as the one before. */
const pauses = { first: 10, longest: 500 } as const satisfies Record<string, Span>

const passes = ({ reason }: StoreError): boolean => reason === "busy" || reason === "unavailable"

/** Tries what it is given, and again while that may help. */
export type Patiently = <A>(attempt: Effect.Effect<A, StoreError>) => Effect.Effect<A, StoreError>

/** Returns what tries for so long; when the database is away longer than that, each tries once. */
export const make = (patience: Span): Patiently => {
  /** Since when nothing has succeeded. */
  let since: Span | undefined
  const again = <A>(
    attempt: Effect.Effect<A, StoreError>,
    begunAt: Span,
    pause: Span,
  ): Effect.Effect<A, StoreError> =>
    Effect.matchEffect(attempt, {
      onSuccess: (value) => {
        since = undefined
        return Effect.succeed(value)
      },
      onFailure: (error) => {
        if (!passes(error)) return Effect.fail(error)
        since ??= begunAt
        if (MachineClock.now() + pause > Math.min(begunAt, since) + patience) return Effect.fail(error)
        return Effect.andThen(
          MachineClock.by(Effect.sleep(pause)),
          again(attempt, begunAt, Math.min(2 * pause, pauses.longest)),
        )
      },
    })
  return (attempt) => Effect.suspend(() => again(attempt, MachineClock.now(), pauses.first))
}
