/**
 * The state machine: what a check becomes when something happens, or when nothing does.
 *
 * `step` is total and pure. Before it looks at the event, it settles every deadline that has passed, each at its own
 * instant. So the result depends on what happened and when, and not on when or how often somebody looked.
 */
import type { Telling } from "./Alert.ts"
import { isSameSchedule, type Check, type Policy, type Run } from "./Check.ts"
import * as Deadline from "./Deadline.ts"
import type { Cause, Flip } from "./Flip.ts"
import * as Draft from "./machine/Draft.ts"
import * as Failures from "./machine/Failures.ts"
import * as Outcomes from "./machine/Outcomes.ts"
import * as Reports from "./machine/Reports.ts"
import * as Runs from "./machine/Runs.ts"
import * as Settling from "./machine/Settling.ts"
import type { Kind } from "./Ping.ts"
import * as Rounds from "./probe/Rounds.ts"
import type { Instant, Span } from "./Time.ts"
import * as Totals from "./Totals.ts"

/** A signal whose meaning `Signal.classify` has decided. */
export interface SignalEvent {
  readonly type: Kind
  /** Id of the run that it belongs to, a lower-case UUID; `undefined` when it names none. */
  readonly rid?: string | undefined
}

/** Results of the check's probe. */
export interface Reported extends Rounds.Report {
  readonly type: "report"
}

/** A change of the policy. */
export interface Configure {
  readonly type: "configure"
  readonly policy: Policy
  /**
   * `anchor`: slots are counted from the last signal, as before. `now`: the first slot that counts is the first one
   * from now on. By default `now` when the schedule or its zone changes, and `anchor` otherwise.
   */
  readonly from?: "anchor" | "now" | undefined
}

/**
 * What can happen to a check. `tick` only settles deadlines that have passed. `silence` keeps alerts back until an
 * instant, or no longer when it is `undefined`. `clock`: the wall clock has stepped back to now, and what was recorded
 * ahead of it counts from now on.
 */
export type Event =
  | SignalEvent
  | Reported
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  | Configure
  | { readonly type: "silence"; readonly until: Instant | undefined }
  | { readonly type: "clock" }
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
  /** What the channels are to be told, in this order. Several reminders in a row that were passed at once are one. */
  readonly tells: readonly Telling[]
  /** `undefined` for events that are no signals, and for results that tell nothing yet. */
  readonly logged: Logged | undefined
}

/**
 * Returns what an event at `now` makes of a check.
 *
 * Instants may run backwards, as clocks do: every event has its own. Only flips are never dated before the last flip.
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
  const draft = Draft.make(check, now, blind)
  Settling.settle(draft)
  switch (event.type) {
    case "success":
    case "fail":
    case "start":
    case "cancel":
      return isIgnoring(draft) || isAsked(draft)
        ? note(draft, "ignored")
        : signal(draft, event.type, event.rid)
    case "log":
    case "ignored":
      return note(draft, isIgnoring(draft) ? "ignored" : event.type)
    case "report":
      return report(draft, event)
    case "pause":
      return pause(draft)
    case "resume":
      return resume(draft)
    case "configure":
      return configure(draft, event)
    case "silence":
      return silence(draft, event.until)
    case "clock":
      return turnBack(draft)
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
  tells: draft.tells,
  logged,
})

/** Whether signals are logged and nothing else: the check is paused until a person resumes it. */
const isIgnoring = ({ state, policy }: Draft.Draft): boolean =>
  state.status === "paused" && policy.manualResume

/** Of what is asked, the answers count, and nobody's word. */
const isAsked = ({ policy }: Draft.Draft): boolean => policy.probe !== undefined

const signal = (draft: Draft.Draft, type: Finish | "start", rid: string | undefined): Step => {
  draft.state.pings += 1
  const logged =
    type === "start" ? start(draft, rid) : type === "cancel" ? cancel(draft, rid) : finish(draft, type, rid)
  Draft.schedule(draft, draft.now)
  return close(draft, logged)
}

type Finish = "success" | "fail" | "cancel"

const start = (draft: Draft.Draft, rid: string | undefined): Logged => {
  const { state, policy, now } = draft
  const { runs, gaveWay } = Runs.begin(state.runs, policy, { rid, at: now })
  state.runs = runs
  state.failure = Failures.restarted(state.failure, rid)
  return { n: state.pings, at: now, kind: "start", duration: undefined, gaveWay }
}

/** Closes a run as if it had not been, and waives the slot that it stood for. */
const cancel = (draft: Draft.Draft, rid: string | undefined): Logged => {
  const { state, policy, now } = draft
  const { runs, closed } = Runs.finish(state.runs, policy, { type: "cancel", rid })
  state.runs = runs
  const isWaived = closed !== undefined && state.anchor !== undefined && state.status !== "paused"
  if (isWaived) Draft.anchor(draft, now, true)
  return { n: state.pings, at: now, kind: "cancel", duration: durationOf(closed, now), gaveWay: undefined }
}

const finish = (draft: Draft.Draft, type: "success" | "fail", rid: string | undefined): Logged => {
  const { state, policy, now } = draft
  const { runs, closed, closesOverran } = Runs.finish(state.runs, policy, { type, rid })
  const duration = durationOf(closed, now)
  const isTooShort = type === "success" && (duration ?? Infinity) < (policy.minRuntime ?? 0)
  const cause = { at: now, blind: false, rid, duration }
  state.runs = runs
  const isSuccess = type === "success" && !isTooShort
  state.totals = Totals.heard(state, draft, isSuccess)
  state.lastPing = now
  state.lastDuration = duration
  Draft.anchor(draft, now, true)
  if (!isSuccess) {
    const judged = Failures.report(state.failure, policy, { at: now, rid, closesOverran })
    Draft.fail(draft, judged, { ...cause, reason: isTooShort ? "too-short" : "fail" })
  } else {
    state.lastSuccess = now
    Draft.succeed(draft, { ...cause, reason: "success" })
  }
  return { n: state.pings, at: now, kind: type, duration, gaveWay: undefined }
}

/** A clock that has stepped back must not make a run end before it started. */
const durationOf = (run: Run | undefined, now: Instant): Span | undefined =>
  run === undefined ? undefined : Math.max(0, now - run.startedAt)

/** Logs and counts a signal that changes nothing. */
const note = (draft: Draft.Draft, kind: "log" | "ignored"): Step => {
  const { state, now } = draft
  state.pings += 1
  return close(draft, { n: state.pings, at: now, kind, duration: undefined, gaveWay: undefined })
}

/** A round is a signal once it is complete. */
const report = (draft: Draft.Draft, given: Rounds.Report): Step => {
  const kind = Reports.hear(draft, given)
  if (kind === undefined) return close(draft)
  return kind === "log" ? note(draft, kind) : signal(draft, kind, undefined)
}

const pause = (draft: Draft.Draft): Step => {
  const { state, now } = draft
  if (state.status !== "paused") {
    state.totals = Totals.paused(state, draft)
    Draft.flip(draft, "paused", byPerson("paused", now))
    state.runs = Runs.none
    state.deadline = undefined
  }
  return close(draft)
}

const resume = (draft: Draft.Draft): Step => {
  const { state, policy, now } = draft
  if (state.status === "paused") {
    state.totals = Totals.resumed(state, now)
    Draft.flip(draft, "new", byPerson("resumed", now))
    state.lastPing = undefined
    state.anchor = policy.armed ? now : undefined
    state.anchorIsSignal = false
    state.runs = Runs.none
    state.outcomes = Outcomes.none
    state.failure = undefined
    state.probing = undefined
    Draft.schedule(draft, now)
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
const configure = (draft: Draft.Draft, { policy, from }: Configure): Step => {
  const { state, now } = draft
  const isFromNow =
    from === undefined ? !isSameSchedule(policy.schedule, draft.policy.schedule) : from === "now"
  // Results of another probe say nothing of this one.
  if (!Rounds.isSame(policy.probe, draft.policy.probe)) state.probing = undefined
  draft.policy = policy
  state.runs = Runs.timed(state.runs, policy)
  const isArmedNow = state.status === "new" && policy.armed && state.anchor === undefined
  if (isArmedNow || (isFromNow && state.anchor !== undefined)) Draft.anchor(draft, now, false)
  if (Draft.isKeptBack(draft)) Draft.keepBack(draft, now)
  Draft.schedule(draft, now)
  return close(draft)
}

const silence = (draft: Draft.Draft, until: Instant | undefined): Step => {
  const { state, now } = draft
  state.silencedUntil = until !== undefined && until > now ? until : undefined
  if (Draft.isKeptBack(draft)) Draft.keepBack(draft, now)
  Draft.schedule(draft, now)
  return close(draft)
}

/** What was recorded ahead of the clock would keep deadlines away until the clock is there again. */
const turnBack = (draft: Draft.Draft): Step => {
  const { state, now } = draft
  const cut = <A extends Instant | undefined>(at: A): A => (at !== undefined && at > now ? (now as A) : at) // safe because an instant stays one
  if (state.anchor !== undefined && state.anchor > now) Draft.anchor(draft, now, false)
  state.runs = state.runs.map((run) => ({ ...run, startedAt: cut(run.startedAt) }))
  state.toldAt = cut(state.toldAt)
  state.totals = { ...state.totals, missedSince: cut(state.totals.missedSince) }
  if (state.failure !== undefined) {
    state.failure = { ...state.failure, missed: cut(state.failure.missed), at: cut(state.failure.at) }
  }
  if (Draft.isKeptBack(draft)) Draft.keepBack(draft, now)
  Draft.schedule(draft, now)
  return close(draft)
}
