/**
 * Keeps what clients do from filling the log: of each project, and of mail to nobody, a number of lines a minute is
 * written, and the rest is counted.
 */
import { second } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Monotonic from "./Monotonic.ts"
import * as RateLimit from "./RateLimit.ts"
import * as SteadyClock from "./SteadyClock.ts"
import * as Tally from "./Tally.ts"

/** Lines of one subject a minute: an outage of a hundred checks is told line by line, of each its fall and its alert. */
export const perMinute = 300

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
    const lines = RateLimit.make(perMinute)
    const leftOut = new Tally.Tally<string>()
    yield* Effect.forkScoped(leftOut.run(yield* SteadyClock.SteadyClock, tell))
    return {
      write: (subject, line) =>
        Effect.flatMap(Monotonic.now, (now) =>
          lines.take(subject, now) === 0 ? line : Effect.sync(() => leftOut.note(subject)),
        ),
    }
  }),
)

const tell = (counts: readonly (readonly [string, number])[]): Effect.Effect<void> =>
  Effect.forEach(
    counts,
    ([subject, count]) =>
      Effect.logWarning(
        `${count} more lines about ${subject} were left out in the last ${Tally.quietFor / second} s: there are at most ${perMinute} a minute`,
      ),
    { discard: true },
  )
