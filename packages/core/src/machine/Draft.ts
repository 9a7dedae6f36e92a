/** A draft: the check within one step of the machine, mutable until the step ends. */
import type { Telling } from "../Alert.ts"
import type { Check } from "../Check.ts"
import * as Deadline from "../Deadline.ts"
import type { Cause, Flip } from "../Flip.ts"
import type { Policy } from "../policy/Terms.ts"
import type { Result } from "../Probe.ts"
import type { State, Status } from "../State.ts"
import type { Instant } from "../Time.ts"
import * as Totals from "../Totals.ts"
import type { Judged } from "./Failures.ts"
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
  /** What the probe of the check has just said; `undefined` when something else happens. */
  result: Result | undefined
  /** The flips of this step so far, oldest first. */
  flips: readonly Flip[]
  /** What the channels are told by this step, oldest first. */
  tells: readonly Telling[]
}

const noFlips: readonly Flip[] = []
const noTells: readonly Telling[] = []

/** Returns a draft of a check that nothing has happened to yet. */
export const make = (check: Check, now: Instant, blind: Deadline.Blind): Draft => ({
  check,
  now,
  blind,
  state: { ...check.state },
  policy: check.policy,
  result: undefined,
  flips: noFlips,
  tells: noTells,
})

/** Returns the check that the draft has become. */
export const finished = ({ check, policy, state }: Draft): Check => ({
  id: check.id,
  project: check.project,
  badgeKey: check.badgeKey,
  createdAt: check.createdAt,
  updatedAt: check.updatedAt,
  details: check.details,
  policy,
  state,
})

/**
 * Stores the next deadline, but never one before `at`, and returns what is due then. What lies ahead of the step may be
 * a lower bound, which costs little work whatever the policy is; what the step passes is exact.
 */
export const schedule = (draft: Draft, at: Instant): Deadline.Due | undefined => {
  let due = Deadline.next(draft, draft.blind, "hurried", at)
  if (due !== undefined && due.at <= draft.now && draft.policy.quiet.length > 0) {
    due = Deadline.next(draft, draft.blind, "thorough", at)
  }
  draft.state.deadline = due === undefined ? undefined : Math.max(at, due.at)
  return due
}

/** Lets the next slot be counted from an instant. `isSignal`: a signal came then, which may have come early. */
export const anchor = ({ state }: Draft, at: Instant, isSignal: boolean): void => {
  state.anchor = at
  state.anchorIsSignal = isSignal
}

/**
 * Adds a successful outcome. One is enough to take a new or paused check up; a check that is down takes as many as its
 * alert policy asks for.
 */
export const succeed = (draft: Draft, cause: Cause): void => {
  const { state, policy } = draft
  state.outcomes = Outcomes.withSuccess(state.outcomes)
  state.failure = undefined
  if (state.status === "up") return
  if (state.status === "down" && !Outcomes.isEnoughToComeUp(state.outcomes, policy.alert)) return
  flip(draft, "up", cause)
}

/**
 * Adds a failed outcome, unless the failure is one that was counted already. It takes the check down when it makes
 * enough of them. A failure that the alert policy tolerates takes a new or paused check up, because from then on signals
 * are expected of it.
 */
export const fail = (draft: Draft, { failure, isNew }: Judged, cause: Cause): void => {
  const { state, policy } = draft
  state.failure = failure
  if (isNew) state.outcomes = Outcomes.withFailure(state.outcomes)
  if (state.status === "down") return
  if (Outcomes.isEnoughToGoDown(state.outcomes, policy.alert)) {
    flip(draft, "down", cause)
  } else if (state.status !== "up") {
    // The anchor from before a pause is void, so slots count from this failure; a missed slot has set the anchor already.
    const isVoid = state.status === "paused" || state.anchor === undefined
    if (cause.reason === "overran" && isVoid) anchor(draft, cause.at, false)
    flip(draft, "up", cause)
  }
}

/** Changes the status, records the flip, and tells the channels of it or keeps that back. */
export const flip = (draft: Draft, to: Status, cause: Cause): void => {
  const { state, check, policy, result } = draft
  const { at, reason, blind, rid, duration } = cause
  const { status: from, toldAt } = state
  state.flips += 1
  state.totals = Totals.flipped(state, at)
  state.flippedAt = Math.max(at, state.flippedAt)
  const quiet = Deadline.isQuiet(policy, at)
  const flipped: Flip = {
    check: check.id,
    n: state.flips,
    at: state.flippedAt,
    from,
    to,
    reason,
    blind,
    quiet,
    rid,
    duration,
    ...(result !== undefined && { result: saidBy(result) }),
  }
  draft.flips = [...draft.flips, flipped]
  state.status = to
  state.toldAt = undefined
  state.tellAt = undefined
  const isSilent = state.silencedUntil !== undefined && at < state.silencedUntil
  if (to === "down") {
    if (quiet || isSilent) keepBack(draft, at)
    else tellDown(draft, at)
  } else if (to === "up") {
    const isAllClear = toldAt !== undefined
    const isHeard = reason !== "missed" && reason !== "overran"
    const isFirst = from === "new" && policy.notifyOnFirstPing && isHeard && !quiet && !isSilent
    if (isAllClear || isFirst) tell(draft, { at, occasion: "flip", flip: state.flips })
  }
}

const saidBy = ({ region, statusCode, reason }: Result): NonNullable<Flip["result"]> => ({
  region,
  ...(statusCode !== undefined && { statusCode }),
  ...(reason !== undefined && { reason }),
})

/** Tells the channels that the check has gone down. */
export const tellDown = (draft: Draft, at: Instant): void => {
  const { state } = draft
  state.toldAt = at
  state.tellAt = undefined
  tell(draft, { at, occasion: "flip", flip: state.flips })
}

/** Tells the channels that the check is still down. Several such reminders in a row are one, the last. */
export const remind = (draft: Draft, at: Instant): void => {
  draft.state.toldAt = at
  if (draft.tells.at(-1)?.occasion === "reminder") draft.tells = draft.tells.slice(0, -1)
  tell(draft, { at, occasion: "reminder", flip: draft.state.flips })
}

/** Tells the channels something of a check that is up, as a reminder of that. */
export const mention = (draft: Draft, at: Instant): void =>
  tell(draft, { at, occasion: "reminder", flip: draft.state.flips })

/** Keeps it back from `at` on that the check is down, until the channels may be told, or to look again at that. */
export const keepBack = ({ state, policy }: Draft, at: Instant): void => {
  state.tellAt = Deadline.tellableAt(policy, state.silencedUntil, at, "hurried")
}

/** Whether the check is down and its channels do not know. */
export const isKeptBack = ({ state }: Draft): boolean => state.status === "down" && state.toldAt === undefined

const tell = (draft: Draft, told: Telling): void => {
  draft.tells = [...draft.tells, told]
}
