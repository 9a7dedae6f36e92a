/** A step in the making: the state on its way from one instant to the next, and the flips met on it. */
import type { Check, Policy, State, Status } from "../Check.ts"
import * as Deadline from "../Deadline.ts"
import type { Cause, Flip } from "../Flip.ts"
import type { Instant } from "../Time.ts"
import * as Outcomes from "./Outcomes.ts"

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface Draft {
  readonly check: Check
  readonly now: Instant
  readonly blind: Deadline.Blind
  readonly state: Mutable<State>
  policy: Policy
  flips: readonly Flip[]
  reminder: Instant | undefined
}

const noFlips: readonly Flip[] = []

export const make = (check: Check, now: Instant, blind: Deadline.Blind): Draft => ({
  check,
  now,
  blind,
  state: { ...check.state },
  policy: check.policy,
  flips: noFlips,
  reminder: undefined,
})

/** The check that the draft has become. */
export const finished = ({ check, policy, state }: Draft): Check => ({
  id: check.id,
  project: check.project,
  badgeKey: check.badgeKey,
  createdAt: check.createdAt,
  details: check.details,
  policy,
  state,
})

/** Stores the next deadline, never before `at`, and gives what is due then. */
export const schedule = (draft: Draft, at: Instant): Deadline.Due | undefined => {
  const due = Deadline.next(draft, draft.blind)
  draft.state.deadline = due === undefined ? undefined : Math.max(at, due.at)
  return due
}

/** One more good outcome. From new and paused it suffices; from down it takes as many as the policy asks for. */
export const succeed = (draft: Draft, cause: Cause): void => {
  const { state, policy } = draft
  state.outcomes = Outcomes.withSuccess(state.outcomes)
  if (state.status === "up") return
  if (state.status === "down" && !Outcomes.isEnoughToComeUp(state.outcomes, policy.alert)) return
  flip(draft, "up", cause)
}

/**
 * One more failed outcome. Enough of them take the check down; one that the alert policy tolerates takes it from new or
 * paused to up, because from then on it is watched.
 */
export const fail = (draft: Draft, cause: Cause): void => {
  const { state, policy } = draft
  state.outcomes = Outcomes.withFailure(state.outcomes)
  if (state.status === "down") return
  if (Outcomes.isEnoughToGoDown(state.outcomes, policy.alert)) {
    flip(draft, "down", cause)
  } else if (state.status !== "up") {
    // What was expected before a pause is not expected any more; a missed slot has moved the anchor already.
    if (cause.reason === "overran") state.anchor = cause.at
    flip(draft, "up", cause)
  }
}

/** Changes the status, and puts it on record. */
export const flip = (draft: Draft, to: Status, cause: Cause): void => {
  const { state, check } = draft
  state.flips += 1
  const flipped: Flip = {
    check: check.id,
    n: state.flips,
    at: cause.at,
    from: state.status,
    to,
    reason: cause.reason,
    blind: cause.blind,
    rid: cause.rid,
    duration: cause.duration,
  }
  draft.flips = [...draft.flips, flipped]
  state.status = to
  state.toldAt = to === "down" ? cause.at : undefined
  draft.reminder = undefined
}
