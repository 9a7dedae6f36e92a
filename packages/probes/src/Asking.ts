/** Asks targets, as probers need it: by an asker in this process, or in a thread, when this process loads none of it. */
import { Said } from "@overdue/core/Said"
import type { Probe } from "@overdue/core/Probe"
import * as ProbeUrl from "@overdue/core/probe/ProbeUrl"
import { minute } from "@overdue/core/Time"
import * as Monotonic from "@overdue/engine/Monotonic"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Asker } from "./Asker.ts"
import * as AskerThread from "./AskerThread.ts"
import type * as Prober from "./Prober.ts"

/** How targets are asked. */
export interface Options extends Partial<AskerThread.Options> {
  /** Asks a target once; by default a thread of its own does. */
  readonly ask?: Prober.Ask | undefined
}

/** Returns what asks a target: what is given, or a thread, which stops with the scope. */
export const of = ({ ask, allowPrivateTargets = false, timeout, certificateAuthorities }: Options) =>
  ask === undefined
    ? Effect.map(
        Effect.acquireRelease(
          Effect.sync(() => AskerThread.make({ allowPrivateTargets, timeout, certificateAuthorities })),
          ({ stop }) => Effect.sync(stop),
        ),
        (thread) => by(thread.ask),
      )
    : Effect.succeed(ask)

/** The host of a target, which is no secret; the rest of its URL may be one. */
const hostIn = ({ url }: Probe): string =>
  Result.match(ProbeUrl.parse(url), {
    onSuccess: ({ host, name }) => host || name,
    onFailure: () => "a target",
  })

/**
 * Returns what asks a target by an asker. When nothing can be said of it, that is logged: not each time, because it is this
 * machine that is at fault. Whoever gives an attempt up closes what is open.
 */
export const by = (ask: Asker): Prober.Ask => {
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
