/**
 * Keeps what clients do from filling the log: of each project, and of mail to nobody, a number of lines a minute is
 * written, and the rest is counted.
 */
import { second, type Span } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Monotonic from "./Monotonic.ts"
import * as RateLimit from "./RateLimit.ts"
import * as SteadyClock from "./SteadyClock.ts"

/** Lines of one subject a minute: an outage of a hundred checks is told line by line, of each its fall and its alert. */
export const perMinute = 300

/** Time between two lines about lines that were left out. */
const quietFor: Span = 10 * second

/** Writes lines. */
export interface LogShare {
  /** Runs what logs a line, or counts it, when its subject (`project ID`) has had its lines of this minute. */
  readonly write: (subject: string, line: Effect.Effect<void>) => Effect.Effect<void>
}

/** The share in use; by default all of the log. */
export const LogShare = Context.Reference<LogShare>("@overdue/engine/LogShare", {
  defaultValue: () => ({ write: (_subject, line) => line }),
})

/** Returns what writes a line about a project. */
export const ofProject = (project: string, line: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.flatMap(LogShare, ({ write }) => write(`project ${project}`, line))

/** The layer of a share for each subject. */
export const layer: Layer.Layer<never> = Layer.effect(
  LogShare,
  Effect.gen(function* () {
    const { sleep } = yield* SteadyClock.SteadyClock
    const lines = RateLimit.make(perMinute)
    const left = new Map<string, number>()
    const isAny = Latch.makeUnsafe(false)
    const tell = Effect.suspend(() => {
      const counted = [...left]
      left.clear()
      isAny.closeUnsafe()
      return Effect.forEach(counted, ([subject, count]) =>
        Effect.logWarning(
          `${count} more lines about ${subject} were left out in the last ${quietFor / second} s: there are at most ${perMinute} a minute`,
        ),
      )
    })
    // Sleeps only when there is something to wait for.
    yield* Effect.forkScoped(
      Effect.forever(isAny.await.pipe(Effect.andThen(sleep(quietFor)), Effect.andThen(tell))),
    )
    return {
      write: (subject, line) =>
        Effect.flatMap(Monotonic.now, (now) => {
          if (lines.take(subject, now) === 0) return line
          left.set(subject, (left.get(subject) ?? 0) + 1)
          isAny.openUnsafe()
          return Effect.void
        }),
    }
  }),
)
