/**
 * The state machine: what a check becomes when something happens, or when nothing does.
 *
 * `step` is total and pure. It settles every deadline that has passed before it looks at the event, each at its own
 * instant, so what a check becomes depends on what happened and when, never on who looked or how often.
 */
import type { Check, Policy, Run } from "./Check.ts"
import * as Deadline from "./Deadline.ts"
import type { Cause, Flip } from "./Flip.ts"
import * as Draft from "./machine/Draft.ts"
import * as Outcomes from "./machine/Outcomes.ts"
import * as Runs from "./machine/Runs.ts"
import type { Kind } from "./Ping.ts"
import type { Instant, Span } from "./Time.ts"

/** A signal, already classified. */
export interface SignalEvent {
  readonly type: Kind
  /** Lower-case UUID of the run that it belongs to. */
  readonly rid?: string | undefined
}

export type Event =
  | SignalEvent
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  | { readonly type: "configure"; readonly policy: Policy }
  | { readonly type: "tick" }

/** What to log of a signal. */
export interface Logged {
  readonly n: number
  readonly at: Instant
  readonly kind: Kind
  readonly duration: Span | undefined
  /** The oldest open run, which gave way to this start. */
  readonly gaveWay: Run | undefined
}

export interface Step {
  readonly check: Check
  readonly flips: readonly Flip[]
  /** When the channels are to be told again that the check is still down; reminders that were missed are one. */
  readonly reminder: Instant | undefined
  /** Present for signals. */
  readonly logged: Logged | undefined
}

/** What `event` at `now` makes of a check. `now` may lie before the check's last change; it then counts as that. */
export const step = (
  check: Check,
  event: Event,
  now: Instant,
  blind: Deadline.Blind = Deadline.neverBlind,
): Step => {
  const draft = Draft.make(check, Math.max(now, check.state.asOf), blind)
  settle(draft)
  switch (event.type) {
    case "success":
    case "fail":
    case "start":
      return isIgnoring(draft) ? note(draft, "ignored") : signal(draft, event.type, event.rid)
    case "log":
    case "ignored":
      return note(draft, isIgnoring(draft) ? "ignored" : event.type)
    case "pause":
      return pause(draft)
    case "resume":
      return resume(draft)
    case "configure":
      return configure(draft, event.policy)
    case "tick":
      return close(draft)
  }
}

/** The check with every deadline that has passed by `now` settled. */
export const settled = (check: Check, now: Instant, blind: Deadline.Blind = Deadline.neverBlind): Check => {
  const { deadline } = check.state
  return deadline === undefined || deadline > now ? check : step(check, { type: "tick" }, now, blind).check
}

const close = (draft: Draft.Draft, logged?: Logged): Step => ({
  check: Draft.finished(draft),
  flips: draft.flips,
  reminder: draft.reminder,
  logged,
})

/**
 * Applies every deadline up to the draft's instant, oldest first, each at its own instant.
 *
 * The stored deadline is a lower bound: blind spans that became known since move it on, and a deadline that lay in the
 * past when the policy changed counts from that change.
 */
const settle = (draft: Draft.Draft): void => {
  const { state, now } = draft
  while (state.deadline !== undefined && state.deadline <= now) {
    const due = Draft.schedule(draft, state.deadline)
    if (due === undefined || state.deadline > now) return
    pass(draft, due, state.deadline)
  }
}

/** One deadline passes. */
const pass = (draft: Draft.Draft, due: Deadline.Due, at: Instant): void => {
  const { state, policy } = draft
  state.asOf = at
  switch (due.kind) {
    case "late": {
      const blind = due.at !== Deadline.lateAt(draft)
      state.anchor = due.slot
      return Draft.fail(draft, { at, reason: "missed", blind, rid: undefined, duration: undefined })
    }
    case "overrun": {
      const { rid, startedAt } = due.run
      const blind = due.at !== Deadline.overrunAt(policy, due.run)
      state.runs = state.runs.map((run) => (run === due.run ? { ...run, overran: true } : run))
      return Draft.fail(draft, { at, reason: "overran", blind, rid, duration: at - startedAt })
    }
    case "reminder":
      state.toldAt = at
      draft.reminder = at
      return
  }
}

/** While paused, a check that waits for a person to resume it takes note of signals and no more. */
const isIgnoring = ({ state, policy }: Draft.Draft): boolean =>
  state.status === "paused" && policy.manualResume

const signal = (draft: Draft.Draft, type: "success" | "fail" | "start", rid: string | undefined): Step => {
  const { state, now } = draft
  state.pings += 1
  state.asOf = now
  const logged = type === "start" ? start(draft, rid) : finish(draft, type, rid)
  Draft.schedule(draft, now)
  return close(draft, logged)
}

const start = (draft: Draft.Draft, rid: string | undefined): Logged => {
  const { state, policy, now } = draft
  const { runs, gaveWay } = Runs.begin(state.runs, policy, { rid, at: now })
  state.runs = runs
  return { n: state.pings, at: now, kind: "start", duration: undefined, gaveWay }
}

const finish = (draft: Draft.Draft, type: "success" | "fail", rid: string | undefined): Logged => {
  const { state, policy, now } = draft
  const { runs, closed } = Runs.finish(state.runs, policy, { type, rid })
  const duration = closed === undefined ? undefined : now - closed.startedAt
  state.runs = runs
  state.lastPing = now
  state.anchor = now
  state.lastDuration = duration
  const cause = { at: now, blind: false, rid, duration }
  if (type === "fail") Draft.fail(draft, { ...cause, reason: "fail" })
  else if ((duration ?? Infinity) < (policy.minRuntime ?? 0)) {
    Draft.fail(draft, { ...cause, reason: "too-short" })
  } else {
    state.lastSuccess = now
    Draft.succeed(draft, { ...cause, reason: "success" })
  }
  return { n: state.pings, at: now, kind: type, duration, gaveWay: undefined }
}

/** A signal that is logged and counted only. */
const note = (draft: Draft.Draft, kind: "log" | "ignored"): Step => {
  const { state, now } = draft
  state.pings += 1
  return close(draft, { n: state.pings, at: now, kind, duration: undefined, gaveWay: undefined })
}

const pause = (draft: Draft.Draft): Step => {
  const { state, now } = draft
  if (state.status !== "paused") {
    Draft.flip(draft, "paused", byPerson("paused", now))
    state.asOf = now
    state.runs = Runs.none
    state.deadline = undefined
  }
  return close(draft)
}

const resume = (draft: Draft.Draft): Step => {
  const { state, now } = draft
  if (state.status === "paused") {
    Draft.flip(draft, "new", byPerson("resumed", now))
    state.asOf = now
    state.lastPing = undefined
    state.anchor = undefined
    state.runs = Runs.none
    state.outcomes = Outcomes.none
    state.deadline = undefined
  }
  return close(draft)
}

const byPerson = (reason: "paused" | "resumed", at: Instant): Cause => ({
  at,
  reason,
  blind: false,
  rid: undefined,
  duration: undefined,
})

/** A changed policy counts from now on: it cannot turn a check down in the past. */
const configure = (draft: Draft.Draft, policy: Policy): Step => {
  const { state, now } = draft
  draft.policy = policy
  state.asOf = now
  state.runs = Runs.timed(state.runs, policy)
  Draft.schedule(draft, now)
  return close(draft)
}
