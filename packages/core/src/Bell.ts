/**
 * The port through which the outbox learns at once that there is something to deliver.
 *
 * A store that several nodes share brings its own with its layer, so that a node that decides wakes the one that
 * delivers. Without one, the engine rings within the process and looks into the store every so often.
 */
import * as Context from "effect/Context"
import type { Effect } from "effect/Effect"
import type { Span } from "./Time.ts"

export class Bell extends Context.Service<
  Bell,
  {
    /** Rings, after a commit that wrote deliveries. Never fails, and takes no time: who rings has work to do. */
    readonly ring: () => void
    /** Waits until it rings, or has rung since the last wait, or until `span` has passed. */
    readonly wait: (span: Span) => Effect<void>
  }
>()("@overdue/core/Bell") {}
