/** Settling: every deadline that has passed is applied at its own instant, the oldest first. */
import * as Deadline from "../Deadline.ts"
import * as Steps from "../Steps.ts"
import type { Instant } from "../Time.ts"
import * as Draft from "./Draft.ts"
import * as Failures from "./Failures.ts"

/**
 * Settles every deadline up to the draft's instant.
 *
 * The stored deadline is a lower bound: blind spans that were recorded after it was stored move it on, and after a
 * change of policy a deadline that lies before the change counts at the change.
 */
export const settle = (draft: Draft.Draft): void => {
  const { state, now } = draft
  while (state.deadline !== undefined && state.deadline <= now) {
    const due = Draft.schedule(draft, state.deadline)
    if (due === undefined || state.deadline > now) return
    pass(draft, due, state.deadline)
  }
}

/** Applies one deadline that has passed. */
const pass = (draft: Draft.Draft, due: Deadline.Due, at: Instant): void => {
  const { state, policy, blind } = draft
  switch (due.kind) {
    case "late": {
      const isBlind = isPutOff(draft, due, (steps) => Deadline.lateAt(draft, steps))
      const anchor = Deadline.anchorAfterMiss(policy, blind, due.slot)
      const judged = Failures.miss(state.failure, due.slot, anchor)
      Draft.anchor(draft, anchor, false)
      return Draft.fail(draft, judged, {
        at,
        reason: "missed",
        blind: isBlind,
        rid: undefined,
        duration: undefined,
      })
    }
    case "overrun": {
      const { rid, startedAt } = due.run
      const isBlind = isPutOff(draft, due, (steps) => Deadline.overrunAt(policy, due.run, steps))
      state.runs = state.runs.map((run) => (run === due.run ? { ...run, overran: true } : run))
      const judged = Failures.overrun(state.failure, policy, at)
      return Draft.fail(draft, judged, {
        at,
        reason: "overran",
        blind: isBlind,
        rid,
        duration: at - startedAt,
      })
    }
    case "announcement":
      return Deadline.isQuiet(policy, at) ? Draft.keepBack(draft, at) : Draft.tellDown(draft, at)
    case "reminder":
      return Draft.remind(draft, at)
  }
}

/** Whether blind spans have moved a deadline on, apart from those that the clock has leapt over. */
const isPutOff = (
  { blind }: Draft.Draft,
  { at }: Deadline.Due,
  without: (steps: Deadline.Blind) => Instant | undefined,
): boolean => blind.length > 0 && at !== without(Steps.among(blind))
