/** Thresholds in a unit of work: each report of a server is a round of those on what it reports. */
import type * as Check from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import * as Threshold from "@overdue/core/probe/Threshold"
import type * as Sample from "@overdue/core/Sample"
import type { Instant } from "@overdue/core/Time"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { Changes } from "../../Changes.ts"
import * as Told from "./Told.ts"

/** What a server has reported, and when that arrived. */
export interface Reported {
  readonly server: Check.Check
  readonly samples: readonly Sample.Sample[]
  readonly at: Instant
}

/** Gives every threshold on a server its rounds, and logs them. */
export const judge = (
  { server, samples, at }: Reported,
  loaded: Pick<UnitOfWork.Loaded, "watching">,
  changes: Changes,
): void => {
  const watchers = loaded.watching(server.id)
  if (watchers.length === 0) return
  const bySeries = Map.groupBy(samples, ({ series }) => series)
  for (const { id, project, policy } of watchers) {
    const watched = policy.probe && Threshold.watched(policy.probe)
    if (policy.probe === undefined || watched === undefined || project !== server.project) continue
    const own = (bySeries.get(watched.series) ?? []).toSorted((a, b) => a.at - b.at)
    for (const sample of own) {
      const check = changes.check(id)!
      const last = check.state.probing?.last?.at
      // Beyond an instant ahead, nothing would be heard until it has come: not once the clock of the server is put right.
      const measuredAt = Math.min(sample.at, at)
      const step = changes.step(
        check,
        {
          type: "report",
          at: measuredAt,
          results: [Threshold.result(policy.probe, sample)],
          isWhole: true,
          ...(last !== undefined && isOverdue(server, last, measuredAt) && { isAfterGap: true }),
        },
        at,
      )
      const { logged } = step
      if (logged === undefined) continue
      changes.log({
        ...Told.origin,
        ...Told.by(step.check),
        check: id,
        n: logged.n,
        at: logged.at,
        kind: logged.kind,
        rid: undefined,
        exitStatus: undefined,
        duration: logged.duration,
      })
    }
  }
}

/** Whether a server that had reported at `from` would be overdue before `to`, by its own schedule and grace. */
const isOverdue = ({ policy, state }: Check.Check, from: Instant, to: Instant): boolean => {
  const reported = { ...state, status: "up", anchor: from, anchorIsSignal: true, runs: [] } as const
  const lateAt = Deadline.lateAt({ policy, state: reported })
  return lateAt !== undefined && to > lateAt
}
