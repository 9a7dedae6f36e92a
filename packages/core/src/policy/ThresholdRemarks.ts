/** What is remarked on about a threshold: its server can report nothing that would pass it, or nothing that would not. */
import * as Conditions from "../probe/Conditions.ts"
import * as Threshold from "../probe/Threshold.ts"
import type { Remark } from "./Remark.ts"
import type { Policy } from "./Terms.ts"

/** Series that are shares of something, in per cent. */
const isShare = (series: string): boolean =>
  /^(?:cpu-total-usage|memory-usage|swap-usage|disk-usage-unified .* percent)$/s.test(series)

/** Returns the remarks on a policy whose probe is a threshold. */
export const of = ({ probe }: Policy): readonly Remark[] => {
  const watched = probe && Threshold.watched(probe)
  if (probe === undefined || watched === undefined || probe.conditions.length !== 1) return []
  const [condition] = probe.conditions
  const bounds = isShare(watched.series) ? [0, 100] : [0, Number.MAX_VALUE]
  // Between them, a comparison with one number changes once at most.
  const own = condition?.values.map(Number).filter((value) => value > bounds[0]! && value < bounds[1]!) ?? []
  const passed = [...bounds, ...own].map(
    (value) => Conditions.failure(probe.conditions, { time: 0, value }) !== undefined,
  )
  const range = isShare(watched.series) ? "from 0 to 100" : "from 0"
  const reported = `What a server reports of ${watched.series} is ${range}, so`
  if (passed.every((each) => !each))
    return [{ code: "never-passed", text: `${reported} the limit is never passed. Choose another one.` }]
  if (passed.every((each) => each))
    return [{ code: "always-passed", text: `${reported} every report passes the limit. Choose another one.` }]
  return []
}
