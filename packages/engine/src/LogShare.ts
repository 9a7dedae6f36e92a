/**
 * Keeps what clients do from filling the log: of each project, and of mail, a number of lines a minute is written, of
 * those that say the same one, and the rest is counted.
 */
import { Said } from "@overdue/core/Said"
import { minute, second } from "@overdue/core/Time"
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
  /**
   * Runs what logs a line, or counts it, when its subject (`project ID`) has had its lines of this minute, or has had one
   * with the same `text`. Without `text`, each line is news; subjects whose lines have one are few.
   */
  readonly write: (subject: string, line: Effect.Effect<void>, text?: string) => Effect.Effect<void>
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
    const texts = new Map<string, Said>()
    const leftOut = new Tally.Tally<string>()
    yield* Effect.forkScoped(leftOut.run(yield* SteadyClock.SteadyClock, tell))

    const saidOf = (subject: string): Said => {
      const said = texts.get(subject) ?? new Said(minute)
      texts.set(subject, said)
      return said
    }

    return {
      write: (subject, line, text) =>
        Effect.flatMap(Monotonic.now, (now) => {
          const isRepeated = text !== undefined && saidOf(subject).isRecent(text, now)
          const isNews = text === undefined || saidOf(subject).again(text, now) !== undefined
          if (isNews && lines.take(subject, now) === 0) return line
          return Effect.sync(() => leftOut.note(whyOf(subject, { isRepeated, text })))
        }),
    }
  }),
)

/** Returns the rest of a sentence that begins with a number. */
const whyOf = (
  subject: string,
  { isRepeated, text }: { readonly isRepeated: boolean; readonly text: string | undefined },
): string => {
  const most = `there are at most ${perMinute}${text === undefined ? "" : " different ones"} a minute`
  const why = isRepeated ? "they say the same as one of this minute" : most
  return `more lines about ${subject} were left out in the last ${Tally.quietFor / second} s: ${why}`
}

const tell = (counts: readonly (readonly [string, number])[]): Effect.Effect<void> =>
  Effect.forEach(counts, ([why, count]) => Effect.logWarning(`${count} ${why}`), { discard: true })
