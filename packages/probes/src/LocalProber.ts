/** The prober of an engine: it asks for the checks of the engine's own store. */
import * as Rounds from "@overdue/engine/commands/Rounds"
import type * as Engine from "@overdue/engine/Engine"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Prober from "./Prober.ts"

/** Returns the layer of a prober that works beside an engine until the layer is closed. */
export const layer = (options: Prober.Options): Layer.Layer<never, never, Engine.Services> =>
  Layer.effectDiscard(Effect.forkScoped(Prober.run(desk, options)))

const desk: Prober.Desk<unknown, Engine.Services> = {
  claim: (limit) => Rounds.claim({ limit }),
  report: ({ check, at }, results) => Rounds.report(check.id, { at, results }),
}
