/** The metrics of the installation: what the engine itself does, as `overdue_` and without anything of a project. */
import * as Gauges from "@overdue/engine/Gauges"
import { families } from "@overdue/engine/Metrics"
import * as Effect from "effect/Effect"
import * as EffectMetric from "effect/Metric"
import type { Metric, Sample } from "./Exposition.ts"

/** Returns the metrics at this moment. It does not fail when the store does: that is when they are looked at. */
export const read: Effect.Effect<readonly Metric[], never, Effect.Services<typeof Gauges.read>> = Effect.gen(
  function* () {
    yield* Gauges.read
    const found = Map.groupBy(yield* EffectMetric.snapshot, ({ id }) => id)
    return families.map(({ name, type, help }) => ({
      name,
      type,
      help,
      samples: (found.get(name) ?? []).flatMap(samplesOf),
    }))
  },
)

const samplesOf = (snapshot: EffectMetric.Metric.Snapshot): readonly Sample[] => {
  const labels = snapshot.attributes ?? {}
  switch (snapshot.type) {
    case "Counter":
      return [{ labels, value: Number(snapshot.state.count) }]
    case "Gauge":
      return [{ labels, value: Number(snapshot.state.value) }]
    case "Histogram": {
      const { buckets, count, sum } = snapshot.state
      const all = [...buckets, [Infinity, count] as const]
      return [
        ...all.map(([bound, value]) => ({
          suffix: "_bucket" as const,
          labels: { ...labels, le: bound === Infinity ? "+Inf" : String(bound) },
          value,
        })),
        { suffix: "_sum", labels, value: sum },
        { suffix: "_count", labels, value: count },
      ]
    }
    case "Frequency":
    case "Summary":
      // The engine has none.
      return []
  }
}
