/** The prober of an engine: it asks for the checks of the engine's own store. */
import type { Turn } from "@overdue/core/probe/Turn"
import * as Rounds from "@overdue/engine/commands/Rounds"
import type * as Engine from "@overdue/engine/Engine"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Asking from "./Asking.ts"
import * as Prober from "./Prober.ts"

/** How a prober works beside an engine. */
export interface Options extends Omit<Prober.Options, "ask">, Asking.Options {}

type Round = Turn & Prober.Round

const desk: Prober.Desk<Round, unknown, Engine.Services> = {
  claim: (limit) => Effect.map(Rounds.claim({ limit }), (turns) => turns.flatMap(roundOf)),
  // Somebody may have deleted it while it was asked.
  report: ({ check, at }, told) =>
    Effect.catchTag(Rounds.report(check.id, { at, ...told }), "CheckNotFound", () => Effect.void),
}

const roundOf = (turn: Turn): Round | readonly [] => {
  const { probe } = turn.check.policy
  return probe === undefined ? [] : { ...turn, probe }
}

/**
 * Returns the layer of a prober that works beside an engine until the layer is closed.
 *
 * @example
 * ```ts
 * import * as Monitor from "@overdue/engine/Monitor"
 * import * as LocalProber from "@overdue/probes/LocalProber"
 *
 * await using monitor = await Monitor.make({ probes: LocalProber.layer({ allowPrivateTargets: true }) })
 * const probe = { url: "tcp://127.0.0.1:5432", every: "1 minute", grace: "3 minutes" } as const
 * const check = await monitor.ensure({ slug: "database", probe })
 * console.log(check.policy.probe?.grace, check.policy.schedule.kind) // → 180000 never
 * ```
 */
export const layer = (options: Options = {}): Layer.Layer<never, never, Engine.Services> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const ask = yield* Asking.of(options)
      yield* Effect.forkScoped(Prober.run(desk, { ...options, ask }))
    }),
  )
