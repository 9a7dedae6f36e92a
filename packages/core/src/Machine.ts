/**
 * The state machine: what a check becomes when something happens, or when nothing does.
 *
 * `step` is total and pure. It settles every deadline that has passed before it looks at the event, each at its own
 * instant, so what a check becomes depends on what happened and when, never on who looked or how often.
 */
import type { Check, Outcomes, Policy, Run, State, Status } from "./Check.ts"
import * as Deadline from "./Deadline.ts"
import type { Flip, Reason } from "./Flip.ts"
import * as Limits from "./Limits.ts"
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
  const draft = open(check, Math.max(now, check.state.asOf))
  settle(draft, blind)
  switch (event.type) {
    case "success":
    case "fail":
    case "start":
      return onSignal(draft, event.type, event.rid, blind)
    case "log":
    case "ignored":
      return onLogged(draft, event.type)
    case "pause":
      return onPause(draft)
    case "resume":
      return onResume(draft)
    case "configure":
      return onConfigure(draft, event.policy, blind)
    case "tick":
      return close(draft)
  }
}

/** The check with every deadline that has passed by `now` settled. */
export const settled = (check: Check, now: Instant, blind: Deadline.Blind = Deadline.neverBlind): Check => {
  const { deadline } = check.state
  return deadline === undefined || deadline > now ? check : step(check, { type: "tick" }, now, blind).check
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A step in the making. */
interface Draft {
  readonly check: Check
  readonly now: Instant
  readonly state: Mutable<State>
  policy: Policy
  flips: Flip[]
  reminder: Instant | undefined
}

const noFlips: Flip[] = []

const open = (check: Check, now: Instant): Draft => ({
  check,
  now,
  state: { ...check.state },
  policy: check.policy,
  flips: noFlips,
  reminder: undefined,
})

const close = (draft: Draft, logged?: Logged): Step => ({
  check: withState(draft.check, draft.policy, draft.state),
  flips: draft.flips,
  reminder: draft.reminder,
  logged,
})

const withState = (check: Check, policy: Policy, state: State): Check => ({
  id: check.id,
  project: check.project,
  badgeKey: check.badgeKey,
  createdAt: check.createdAt,
  details: check.details,
  policy,
  state,
})

/**
 * Applies every deadline up to the draft's instant, oldest first, each at its own instant.
 *
 * The stored deadline is a lower bound: blind spans that became known since move it on, and a deadline that lay in the
 * past when the policy changed counts from that change.
 */
const settle = (draft: Draft, blind: Deadline.Blind): void => {
  const { state } = draft
  while (state.deadline !== undefined && state.deadline <= draft.now) {
    const due = Deadline.next(draft, blind)
    if (due === undefined) {
      state.deadline = undefined
      return
    }
    const at = Math.max(state.deadline, due.at)
    state.deadline = at
    if (at > draft.now) return
    pass(draft, due, at, blind)
    schedule(draft, at, blind)
  }
}

const pass = (draft: Draft, due: Deadline.Due, at: Instant, blind: Deadline.Blind): void => {
  const { state } = draft
  state.asOf = at
  switch (due.kind) {
    case "late": {
      const delayed = blind.length > 0 && (Deadline.lateAt(draft) ?? at) < due.at
      state.anchor = due.slot
      return fails(draft, "missed", at, delayed)
    }
    case "overrun": {
      const delayed = blind.length > 0 && (Deadline.overrunAt(draft.policy, due.run) ?? at) < due.at
      state.runs = state.runs.map((run) => (run === due.run ? { ...run, overran: true } : run))
      return fails(draft, "overran", at, delayed)
    }
    case "reminder":
      state.toldAt = at
      draft.reminder = at
      return
  }
}

/** Stores the next deadline, never before `at`. */
const schedule = (draft: Draft, at: Instant, blind: Deadline.Blind): void => {
  const due = Deadline.next(draft, blind)
  draft.state.deadline = due === undefined ? undefined : Math.max(at, due.at)
}

const onSignal = (
  draft: Draft,
  type: "success" | "fail" | "start",
  rid: string | undefined,
  blind: Deadline.Blind,
): Step => {
  const { state, policy, now } = draft
  if (isIgnoring(draft)) return onLogged(draft, "ignored")
  state.pings += 1
  state.asOf = now
  let duration: Span | undefined
  let gaveWay: Run | undefined
  if (type === "start") {
    gaveWay = begin(draft, rid)
  } else {
    duration = finish(draft, type, rid)
    state.lastPing = now
    state.anchor = now
    state.lastDuration = duration
    if (type === "fail") fails(draft, "fail", now, false)
    else if (duration !== undefined && policy.minRuntime !== undefined && duration < policy.minRuntime) {
      fails(draft, "too-short", now, false)
    } else {
      state.lastSuccess = now
      succeeds(draft)
    }
  }
  schedule(draft, now, blind)
  return close(draft, { n: state.pings, at: now, kind: type, duration, gaveWay })
}

const onLogged = (draft: Draft, type: "log" | "ignored"): Step => {
  const kind = isIgnoring(draft) ? "ignored" : type
  draft.state.pings += 1
  return close(draft, {
    n: draft.state.pings,
    at: draft.now,
    kind,
    duration: undefined,
    gaveWay: undefined,
  })
}

/** While paused, a check that waits for a person to resume it takes note of signals and no more. */
const isIgnoring = (draft: Draft): boolean => draft.state.status === "paused" && draft.policy.manualResume

const onPause = (draft: Draft): Step => {
  const { state, now } = draft
  if (state.status !== "paused") {
    flip(draft, "paused", "paused", now, false)
    state.asOf = now
    state.runs = noRuns
    state.deadline = undefined
  }
  return close(draft)
}

const onResume = (draft: Draft): Step => {
  const { state, now } = draft
  if (state.status === "paused") {
    flip(draft, "new", "resumed", now, false)
    state.asOf = now
    state.lastPing = undefined
    state.anchor = undefined
    state.runs = noRuns
    state.outcomes = noOutcomes
    state.deadline = undefined
  }
  return close(draft)
}

/** A changed policy counts from now on: it cannot turn a check down in the past. */
const onConfigure = (draft: Draft, policy: Policy, blind: Deadline.Blind): Step => {
  draft.policy = policy
  draft.state.asOf = draft.now
  schedule(draft, draft.now, blind)
  return close(draft)
}

const noRuns: readonly Run[] = []
const noOutcomes: Outcomes = { failed: 0, count: 0 }

/** Opens a run, and gives the one that had to give way for it. */
const begin = (draft: Draft, rid: string | undefined): Run | undefined => {
  const { state, policy, now } = draft
  const run: Run = { rid, startedAt: now, overran: false }
  if (policy.runs === "latest") {
    state.runs = [run]
    return undefined
  }
  const others = state.runs.filter((other) => other.rid !== rid)
  const gaveWay = others.length >= Limits.openRuns ? others.shift() : undefined
  state.runs = [...others, run]
  return gaveWay
}

/** Closes the run that a success or failure belongs to, and gives its duration. */
const finish = (draft: Draft, type: "success" | "fail", rid: string | undefined): Span | undefined => {
  const { state, policy, now } = draft
  if (state.runs.length === 0) return undefined
  const own = state.runs.find((run) => run.rid === rid)
  if (own !== undefined) {
    state.runs = state.runs.filter((run) => run !== own)
    return now - own.startedAt
  }
  // Healthchecks: any failure, and a success of no particular run, end what has started.
  if (policy.runs === "latest" && (type === "fail" || rid === undefined)) state.runs = noRuns
  return undefined
}

const succeeds = (draft: Draft): void => {
  const { state, policy, now } = draft
  state.outcomes = remember(state.outcomes, 0)
  if (state.status === "up") return
  if (state.status === "down" && successesInARow(state.outcomes) < policy.alert.recoveries) return
  flip(draft, "up", "success", now, false)
}

/**
 * One more failed outcome. Enough of them take the check down; one that the alert policy tolerates takes it from new or
 * paused to up, because from then on it is watched.
 */
const fails = (draft: Draft, reason: Reason, at: Instant, blind: boolean): void => {
  const { state, policy } = draft
  state.outcomes = remember(state.outcomes, 1)
  if (state.status === "down") return
  if (failuresOf(state.outcomes, policy.alert.outOf) >= policy.alert.failures) {
    flip(draft, "down", reason, at, blind)
  } else if (state.status !== "up") {
    state.anchor ??= at
    flip(draft, "up", reason, at, blind)
  }
}

const flip = (draft: Draft, to: Status, reason: Reason, at: Instant, blind: boolean): void => {
  const { state, check } = draft
  state.flips += 1
  const flipped: Flip = { check: check.id, n: state.flips, at, from: state.status, to, reason, blind }
  draft.flips = draft.flips === noFlips ? [flipped] : [...draft.flips, flipped]
  state.status = to
  state.toldAt = to === "down" ? at : undefined
  draft.reminder = undefined
}

const remember = (outcomes: Outcomes, bit: 0 | 1): Outcomes => ({
  failed: ((outcomes.failed << 1) | bit) >>> 0,
  count: Math.min(outcomes.count + 1, Limits.outcomes),
})

const failuresOf = (outcomes: Outcomes, outOf: number): number => {
  const looked = Math.min(outOf, outcomes.count)
  let bits = looked >= 32 ? outcomes.failed : outcomes.failed & ((1 << looked) - 1)
  let failures = 0
  for (; bits !== 0; bits &= bits - 1) failures += 1
  return failures
}

const successesInARow = (outcomes: Outcomes): number =>
  outcomes.failed === 0
    ? outcomes.count
    : Math.min(31 - Math.clz32(outcomes.failed & -outcomes.failed), outcomes.count)
