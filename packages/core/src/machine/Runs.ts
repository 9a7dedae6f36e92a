/** Runs: which run a signal opens or closes. Every list here begins with the run that started first. */
import type { Policy, Run } from "../Check.ts"
import * as Limits from "../Limits.ts"
import type { Instant } from "../Time.ts"

/** No open runs. */
export const none: readonly Run[] = []

/**
 * Returns the open runs after a start, and the oldest one if it was dropped to make room. A run id that starts again
 * starts anew.
 */
export const begin = (
  self: readonly Run[],
  policy: Policy,
  started: { readonly rid: string | undefined; readonly at: Instant },
): { readonly runs: readonly Run[]; readonly gaveWay: Run | undefined } => {
  const run: Run = { rid: started.rid, startedAt: started.at, overran: false }
  if (policy.runs === "latest") return { runs: [run], gaveWay: undefined }
  const others = self.filter((other) => other.rid !== started.rid)
  const gaveWay = others.length >= Limits.openRuns ? others.shift() : undefined
  return { runs: [...others, run], gaveWay }
}

/**
 * Returns the open runs after a success or failure, and the run that it closed; `undefined` when it closed none with a
 * duration.
 */
export const finish = (
  self: readonly Run[],
  policy: Policy,
  finished: { readonly type: "success" | "fail"; readonly rid: string | undefined },
): { readonly runs: readonly Run[]; readonly closed: Run | undefined } => {
  const closed = self.find((run) => run.rid === finished.rid)
  if (closed !== undefined) return { runs: self.filter((run) => run !== closed), closed }
  // As in Healthchecks, any failure, and a success without a run id, end the run that has started.
  const endsAll = policy.runs === "latest" && (finished.type === "fail" || finished.rid === undefined)
  return { runs: endsAll ? none : self, closed: undefined }
}

/** Returns the open runs that are timed under a policy: under `latest` only the newest. */
export const timed = (self: readonly Run[], policy: Policy): readonly Run[] =>
  policy.runs === "latest" ? self.slice(-1) : self
