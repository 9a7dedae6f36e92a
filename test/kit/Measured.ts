/** Metrics of the engine as whatever exports them finds them. */
import type { Family } from "@overdue/engine/Metrics"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"

/** The layer of a registry of its own, so that other engines of the process are not in it. */
export const layer: Layer.Layer<never> = Layer.sync(Metric.MetricRegistry, () => new Map())

/** Returns the state of each series of a metric, by the values of its labels, joined by a space. */
export const of = ({ name }: Family) =>
  Effect.map(Metric.snapshot, (all) =>
    Object.fromEntries(
      all
        .filter(({ id }) => id === name)
        .map(({ attributes = {}, type, state }) => [
          Object.values(attributes).join(" "),
          type === "Counter" ? Number(state.count) : type === "Gauge" ? Number(state.value) : state,
        ]),
    ),
  )
