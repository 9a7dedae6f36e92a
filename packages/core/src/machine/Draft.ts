/** A draft: the check within one step of the machine, mutable until the step ends. */
import type { Check, Policy, State, Status } from "../Check.ts"
import * as Deadline from "../Deadline.ts"
import type { Cause, Flip } from "../Flip.ts"
import type { Instant } from "../Time.ts"
import * as Outcomes from "./Outcomes.ts"

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A check on its way from one instant to the next. */
export interface Draft {
  /** The check before the step. */
  readonly check: Check
  /** The instant of the event. */
  readonly now: Instant
  readonly blind: Deadline.Blind
  readonly state: Mutable<State>
  policy: Policy
  /** The flips of this step so far, oldest first. */
  flips: readonly Flip[]
  /** When the channels are to be told again; `undefined` when they are not. */
  reminder: Instant | undefined
}

const noFlips: readonly Flip[] = []

/** Returns a draft of a check that nothing has happened to yet. */
export const make = (check: Check, now: Instant, blind: Deadline.Blind): Draft => ({
  check,
  now,
  blind,
  state: { ...check.state },
  policy: check.policy,
  flips: noFlips,
  reminder: undefined,
})

/** Returns the check that the draft has become. */
export const finished = ({ check, policy, state }: Draft): Check => ({
  id: check.id,
  project: check.project,
  badgeKey: check.badgeKey,
  createdAt: check.createdAt,
  details: check.details,
  policy,
  state,
})

/** Stores the next deadline, but never one before `at`, and returns what is due then. */
export const schedule = (draft: Draft, at: Instant): Deadline.Due | undefined => {
  const due = Deadline.next(draft, draft.blind)
  draft.state.deadline = due === undefined ? undefined : Math.max(at, due.at)
  return due
}

/**
 * Adds a successful outcome. One is enough to take a new or paused check up; a check that is down takes as many as its
 * alert policy asks for.
 */
export const succeed = (draft: Draft, cause: Cause): void => {
  const { state, policy } = draft
  state.outcomes = Outcomes.withSuccess(state.outcomes)
  if (state.status === "up") return
  if (state.status === "down" && !Outcomes.isEnoughToComeUp(state.outcomes, policy.alert)) return
  flip(draft, "up", cause)
}

/**
 * Adds a failed outcome. It takes the check down when it makes enough of them. A failure that the alert policy
 * tolerates takes a new or paused check up, because from then on signals are expected of it.
 */
export const fail = (draft: Draft, cause: Cause): void => {
  const { state, policy } = draft
  state.outcomes = Outcomes.withFailure(state.outcomes)
  if (state.status === "down") return
  if (Outcomes.isEnoughToGoDown(state.outcomes, policy.alert)) {
    flip(draft, "down", cause)
  } else if (state.status !== "up") {
    // The anchor from before a pause is void, so slots count from this failure; a missed slot has set the anchor already.
    if (cause.reason === "overran") state.anchor = cause.at
    flip(draft, "up", cause)
  }
}

/** Changes the status, and records the flip. */
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
