/**
 * The state machine: what a check becomes when something happens, or when nothing does.
 *
 * `step` is total and pure. Before it looks at the event, it settles every deadline that has passed, each at its own
 * instant. So the result depends on what happened and when, and not on when or how often somebody looked.
 */
import type { Check, Policy, Run } from "./Check.ts"
import * as Deadline from "./Deadline.ts"
import type { Cause, Flip } from "./Flip.ts"
import * as Draft from "./machine/Draft.ts"
import * as Outcomes from "./machine/Outcomes.ts"
import * as Runs from "./machine/Runs.ts"
import type { Kind } from "./Ping.ts"
import type { Instant, Span } from "./Time.ts"

/** A signal whose meaning `Signal.classify` has decided. */
export interface SignalEvent {
  readonly type: Kind
  /** Id of the run that it belongs to, a lower-case UUID; `undefined` when it names none. */
  readonly rid?: string | undefined
}

/** What can happen to a check. `tick` only settles deadlines that have passed. */
export type Event =
  | SignalEvent
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  | { readonly type: "configure"; readonly policy: Policy }
  | { readonly type: "tick" }

/** What to log about a signal. */
export interface Logged {
  readonly n: number
  readonly at: Instant
  readonly kind: Kind
  /** How long the run took that the signal closed; `undefined` when it closed none. */
  readonly duration: Span | undefined
  /** The oldest open run, if it was dropped because this start was one too many. */
  readonly gaveWay: Run | undefined
}

/** What a check becomes, and what follows for others. */
export interface Step {
  readonly check: Check
  /** In the order in which they happened, oldest first. */
  readonly flips: readonly Flip[]
  /**
   * When the channels are to be told again that the check is still down; `undefined` when they are not. Several missed
   * reminders are one.
   */
  readonly reminder: Instant | undefined
  /** `undefined` for events that are no signals. */
  readonly logged: Logged | undefined
}

/**
 * Returns what an event at `now` makes of a check.
 *
 * An instant before the check's last change counts as that change's instant: time does not run backwards.
 *
 * @example
 * ```ts
 * import { Check, Machine, Time } from "@overdue/core"
 *
 * const made = Check.make({ id: "backup", project: "home", badgeKey: "badge", createdAt: 0 })
 * const { check } = Machine.step(made, { type: "success" }, Time.hour)
 * // The default policy expects a signal every day, with an hour of grace.
 * const late = Machine.step(check, { type: "tick" }, 3 * Time.day)
 * const [flip] = late.flips
 * console.log(late.check.state.status, flip?.reason, flip?.at === Time.day + 2 * Time.hour) // → down missed true
 * ```
 */
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

/** Returns the check with every deadline up to `now` (inclusive) settled. */
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
 * Settles every deadline up to the draft's instant, oldest first, each at its own instant.
 *
 * The stored deadline is a lower bound: blind spans that were recorded after it was stored move it on, and after a
 * change of policy a deadline that lies before the change counts at the change.
 */
const settle = (draft: Draft.Draft): void => {
  const { state, now } = draft
  while (state.deadline !== undefined && state.deadline <= now) {
    const due = Draft.schedule(draft, state.deadline)
    if (due === undefined || state.deadline > now) return
    pass(draft, due, state.deadline)
  }
}

/** Applies one deadline that has passed. */
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

/** Whether signals are logged and nothing else: the check is paused until a person resumes it. */
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

/** Logs and counts a signal that changes nothing. */
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

/** A changed policy holds from now on, so it cannot turn a check down in the past. */
const configure = (draft: Draft.Draft, policy: Policy): Step => {
  const { state, now } = draft
  draft.policy = policy
  state.asOf = now
  state.runs = Runs.timed(state.runs, policy)
  Draft.schedule(draft, now)
  return close(draft)
}
