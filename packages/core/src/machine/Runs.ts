/** Runs: which run a signal opens or closes. Every list here begins with the run that started first. */
import * as Limits from "../Limits.ts"
import type { Policy } from "../policy/Terms.ts"
import type { Run } from "../State.ts"
import type { Instant } from "../Time.ts"

/** No open runs. */
export const none: readonly Run[] = []

/**
 * Returns the open runs after a start, and the oldest one if it was dropped to make room. A run id that starts again
 * starts anew; each start without an id opens a run of its own.
 */
export const begin = (
  self: readonly Run[],
  policy: Pick<Policy, "runs">,
  started: { readonly rid: string | undefined; readonly at: Instant },
): { readonly runs: readonly Run[]; readonly gaveWay: Run | undefined } => {
  const run: Run = { rid: started.rid, startedAt: started.at, overran: false }
  if (policy.runs === "latest") return { runs: [run], gaveWay: undefined }
  const others = self.filter(({ rid }) => rid === undefined || rid !== started.rid)
  const gaveWay = others.length >= Limits.openRuns ? others.shift() : undefined
  return { runs: [...others, run], gaveWay }
}

/** The open runs after a signal that closes some. */
export interface Closed {
  readonly runs: readonly Run[]
  /** The closed run that the signal is about and whose duration is known; `undefined` when there is none. */
  readonly closed: Run | undefined
  /** Whether the signal ended a run that had overran. */
  readonly closesOverran: boolean
}

/**
 * Returns the open runs after a success, failure or cancellation.
 *
 * It closes the run of its id. Without an id it closes all runs without one, and is about the one that started last.
 */
export const finish = (
  self: readonly Run[],
  policy: Pick<Policy, "runs">,
  finished: { readonly type: "success" | "fail" | "cancel"; readonly rid: string | undefined },
): Closed => {
  const { type, rid } = finished
  const closed = self.findLast((run) => run.rid === rid)
  if (closed !== undefined) {
    return { runs: self.filter((run) => run.rid !== rid), closed, closesOverran: closed.overran }
  }
  // As in Healthchecks, any failure, and a success without a run id, end the run that has started.
  const endsAll = policy.runs === "latest" && (type === "fail" || (type === "success" && rid === undefined))
  return endsAll
    ? { runs: none, closed: undefined, closesOverran: self.some(({ overran }) => overran) }
    : { runs: self, closed: undefined, closesOverran: false }
}

/** Returns the open runs that are timed under a policy: under `latest` only the newest. */
export const timed = (self: readonly Run[], policy: Policy): readonly Run[] =>
  policy.runs === "latest" ? self.slice(-1) : self
