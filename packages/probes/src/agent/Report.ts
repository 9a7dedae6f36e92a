/** A report as it is sent: when it was measured, and the metrics. */
import * as Limits from "./Limits.ts"
import type { Metric } from "./Metric.ts"

/** Returns the report as JSON. What would make it longer than the server takes is left out, the longest metric first. */
export const text = (at: Date, metrics: readonly Metric[]): string => {
  let kept = metrics
  for (;;) {
    const report = JSON.stringify({ received_at: at.toISOString(), metrics: kept })
    if (Buffer.byteLength(report) <= Limits.report || kept.length === 0) return report
    const longest = kept.reduce((most, metric) => (size(metric) > size(most) ? metric : most))
    kept = kept.filter((metric) => metric !== longest)
  }
}

const size = (metric: Metric): number => JSON.stringify(metric).length
