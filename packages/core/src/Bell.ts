/**
 * The port by which the outbox learns at once that there is something to deliver.
 *
 * The layer of a store that several nodes share also provides a bell, so that a node that
 * decides wakes the nodes that deliver. Without one, the engine rings within its own process, and otherwise polls the
 * store.
 */
import * as Context from "effect/Context"
import type { Effect } from "effect/Effect"
import type { Span } from "./Time.ts"

/** Wakes those that wait for deliveries. */
export class Bell extends Context.Service<
  Bell,
  {
    /**
     * Rings. Called after a commit that wrote deliveries; never fails and never blocks, because the caller is in the
     * middle of answering a ping.
     */
    readonly ring: () => void
    /** Waits until the bell rings, or has rung since the last wait, or until `span` has passed. */
    readonly wait: (span: Span) => Effect<void>
  }
>()("@overdue/core/Bell") {}
