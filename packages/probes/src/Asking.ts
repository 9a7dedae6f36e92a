/** Asks targets, as probers need it: in this process, or in a thread of its own. */
import { Said } from "@overdue/core/Said"
import type { Probe } from "@overdue/core/Probe"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import { minute } from "@overdue/core/Time"
import * as Monotonic from "@overdue/engine/Monotonic"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Asker from "./Asker.ts"
import * as AskerThread from "./AskerThread.ts"
import type * as Prober from "./Prober.ts"

/** Returns what asks a target in this process. */
export const make = (options: Asker.Options = {}): Prober.Ask => over(Asker.make(options))

/** Returns what asks a target in a thread, which stops with the scope. */
export const threaded = (options: AskerThread.Options) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => AskerThread.make(options)),
      ({ stop }) => Effect.sync(stop),
    ),
    ({ ask }) => over(ask),
  )

/** The host of a target, which is no secret; the rest of its URL may be one. */
const hostIn = ({ url }: Probe): string =>
  Result.match(ProbeUrl.parse(url), {
    onSuccess: ({ host, name }) => host || name,
    onFailure: () => "a target",
  })

/**
 * When nothing can be said of a target, that is logged: not each time, because it is this machine that is at fault. Whoever
 * gives an attempt up closes what is open.
 */
const over = (ask: Asker.Asker): Prober.Ask => {
  const said = new Said(minute)
  return Effect.fnUntraced(function* (probe) {
    const answered = yield* Effect.promise((signal) => ask(probe, signal))
    if (answered.type === "answer") return answered.answer
    const before = said.again(answered.why, yield* Monotonic.now)
    if (before !== undefined)
      yield* Effect.logWarning(
        `nothing can be said of ${hostIn(probe)}: ${answered.why}${before === 0 ? "" : ` (and of others, ${before} times)`}`,
      )
    return { why: answered.why }
  })
}
