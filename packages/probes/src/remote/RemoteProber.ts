/** A prober elsewhere: asks a server for the rounds of its region, asks their targets from here, and reports. */
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Asking from "../Asking.ts"
import * as Prober from "../Prober.ts"
import * as RemoteDesk from "./RemoteDesk.ts"

/** How it works. */
export interface Options extends RemoteDesk.Options, Asking.Options {
  /** The most targets that are asked at the same time. */
  readonly atOnce: number
  /** Says elsewhere that it works; see `Prober.Options.alive`. */
  readonly alive?: Effect.Effect<void> | undefined
}

/** How often the server is asked what is due: so late a round may be, and no later one is for that. */
const every = second

/** Works until `stop` has succeeded; then gives up what is being asked, and sends what it has within a second. */
export const run = (options: Options, stop: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { ask, said } = counting(yield* Asking.of(options))
      const desk = RemoteDesk.make(options)
      const sending = yield* Effect.forkChild(desk.run)
      const alive = Effect.suspend(() => {
        const { answers, unknown } = said()
        // It goes on asking, and says nothing of any target: whoever watches over it must not take that for work.
        const isIdle = desk.lost() > 0 || (answers === 0 && unknown > 0)
        return isIdle ? Effect.void : (options.alive ?? Effect.void)
      })
      // What is in the way is logged already.
      const onFailure = () => Effect.void
      const { atOnce } = options
      const asking = Effect.scoped(Prober.run(desk, { ask, atOnce, every, alive, onFailure }))
      yield* Effect.raceFirst(asking, stop)
      yield* Fiber.interrupt(sending)
      yield* desk.finish
    }),
  )

/** What came of one look at what is due. */
export interface Once {
  readonly ok: number
  readonly failed: number
  /** Of which nothing can be said from here. */
  readonly unknown: number
  /** Results that the server did not take. */
  readonly lost: number
}

/** Claims what is due now, asks, and reports. Fails when the server cannot be asked what is due. */
export const once = (options: Options) =>
  Effect.scoped(
    Effect.gen(function* () {
      const ask = yield* Asking.of(options)
      const desk = RemoteDesk.make(options)
      const rounds = yield* desk.claim(options.atOnce)
      const sending = yield* Effect.forkChild(desk.run)
      const told = yield* Effect.forEach(
        rounds,
        Effect.fnUntraced(function* (round) {
          const told = yield* Prober.told(round, ask)
          yield* desk.report(round, told)
          return told.results[0]?.ok
        }),
        { concurrency: "unbounded" },
      )
      yield* desk.sent
      yield* Fiber.interrupt(sending)
      const count = (ok: boolean | undefined) => told.filter((each) => each === ok).length
      return { ok: count(true), failed: count(false), unknown: count(undefined), lost: desk.lost() }
    }),
  )

/** Counts what can be said of targets, and how often nothing can. */
const counting = (ask: Prober.Ask) => {
  let [answers, unknown] = [0, 0]
  return {
    ask: ((probe) =>
      Effect.tap(ask(probe), (answer) =>
        Effect.sync(() => {
          if ("why" in answer) unknown += 1
          else answers += 1
        }),
      )) satisfies Prober.Ask,
    said: () => {
      const before = { answers, unknown }
      answers = unknown = 0
      return before
    },
  }
}
