/** Runs: which one a signal opens or closes. Oldest first in every list here. */
import type { Policy, Run } from "../Check.ts"
import * as Limits from "../Limits.ts"
import type { Instant } from "../Time.ts"

export const none: readonly Run[] = []

/** The runs once one has started, and the oldest if it had to give way. A run that starts again starts anew. */
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

/** The runs once a success or failure has arrived, and the one that it closes. */
export const finish = (
  self: readonly Run[],
  policy: Policy,
  finished: { readonly type: "success" | "fail"; readonly rid: string | undefined },
): { readonly runs: readonly Run[]; readonly closed: Run | undefined } => {
  const closed = self.find((run) => run.rid === finished.rid)
  if (closed !== undefined) return { runs: self.filter((run) => run !== closed), closed }
  // Healthchecks: any failure, and a success of no particular run, end what has started.
  const endsAll = policy.runs === "latest" && (finished.type === "fail" || finished.rid === undefined)
  return { runs: endsAll ? none : self, closed: undefined }
}

/** The runs that a policy times: under `latest` only the newest start counts. */
export const timed = (self: readonly Run[], policy: Policy): readonly Run[] =>
  policy.runs === "latest" ? self.slice(-1) : self
