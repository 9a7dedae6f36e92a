/**
 * Deadlines: when a check is expected, overdue, or to be told of. All functions are pure; `undefined` means never.
 */
import * as CountedTime from "./CountedTime.ts"
import type { Policy } from "./policy/Terms.ts"
import * as Limits from "./Limits.ts"
import * as Schedule from "./Schedule.ts"
import type { Run, State } from "./State.ts"
import * as Steps from "./Steps.ts"
import * as Stops from "./Stops.ts"
import { hour, type Instant } from "./Time.ts"

/**
 * Spans in which no node of the installation was awake, which do not count towards any deadline, and those that its clock
 * has leapt over.
 */
export type Blind = readonly CountedTime.Interval[]

/** No blind spans. */
export const neverBlind: Blind = []

/**
 * The next thing that happens to a check, unless a signal comes first: a signal is late, a run overruns, the channels
 * are told of what was kept back, or a reminder is due.
 */
export type Due =
  | {
      readonly kind: "late"
      readonly at: Instant
      /** The slot that was missed. */
      readonly slot: Instant
    }
  | { readonly kind: "overrun"; readonly at: Instant; readonly run: Run }
  | { readonly kind: "announcement"; readonly at: Instant }
  | { readonly kind: "reminder"; readonly at: Instant }

interface Clocked {
  readonly policy: Policy
  readonly state: State
}

export type { Care } from "./Stops.ts"

/** Returns when the next signal is expected: at the next slot, or at the end of the blind span in which the slot lies. */
export const expectedAt = (
  self: Clocked,
  blind: Blind = neverBlind,
  care: Stops.Care = "thorough",
): Instant | undefined => {
  const slot = nextSlot(self, blind, care)
  return slot === undefined ? undefined : CountedTime.outside(stops(self.policy, blind), slot, care)
}

/** Returns the deadline: the expected instant plus grace, in counted time. */
export const lateAt = (self: Clocked, blind: Blind = neverBlind): Instant | undefined => {
  const slot = nextSlot(self, blind, "thorough")
  return slot === undefined ? undefined : lateBy(self.policy, blind, slot, "thorough")
}

/**
 * Returns when a run has taken too long: its start plus the maximum runtime, in counted time; `undefined` when it may
 * run for ever.
 */
export const overrunAt = (
  policy: Policy,
  run: Run,
  blind: Blind = neverBlind,
  care: Stops.Care = "thorough",
): Instant | undefined => {
  const allowed = policy.maxRuntime ?? policy.grace
  return allowed === "never"
    ? undefined
    : CountedTime.advance(stops(policy, blind), Steps.moved(run.startedAt, blind), allowed, care)
}

/**
 * Returns what happens first unless a signal comes; `undefined` when only a signal can change the check.
 *
 * Of several at the same instant, a missed slot comes first, then the run that started first, then what was kept back,
 * then a reminder. What was due before `from` happens then at the earliest; a reminder when the channels may be told.
 */
export const next = (
  self: Clocked,
  blind: Blind = neverBlind,
  care: Stops.Care = "thorough",
  from: Instant = -Infinity,
): Due | undefined => {
  const { policy, state } = self
  let due: Due | undefined
  const slot = nextSlot(self, blind, care)
  if (slot !== undefined) {
    due = { kind: "late", at: lateBy(policy, blind, slot, care), slot }
  }
  const run = oldest(state.runs)
  if (run !== undefined) {
    const at = overrunAt(policy, run, blind, care)
    if (at !== undefined && (due === undefined || at < due.at)) due = { kind: "overrun", at, run }
  }
  const { tellAt } = state
  if (tellAt !== undefined && (due === undefined || tellAt < due.at))
    due = { kind: "announcement", at: tellAt }
  const remindAt = reminderAt(self, blind, from, care)
  if (remindAt !== undefined && (due === undefined || remindAt < due.at))
    due = { kind: "reminder", at: remindAt }
  return due
}

/**
 * Returns the slot for which a signal is expected after `after`: the first one that lies in no quiet window. When
 * `after` is the instant of a signal that came early for its slot, that slot is skipped.
 *
 * A period has no slots of its own to waive: when it ends in a quiet window, a signal is expected when the window
 * closes.
 */
export const slotAfter = (
  policy: Policy,
  after: Instant,
  isSignal: boolean,
  care: Stops.Care = "thorough",
): Instant | undefined => {
  const { schedule, quiet } = policy
  let slot = Schedule.next(schedule, after)
  if (schedule.kind === "every") return slot === undefined ? undefined : outside(policy, slot, care)
  if (slot !== undefined && isSignal && isEarly(policy, after, slot)) slot = Schedule.next(schedule, slot)
  return quiet.length === 0 || slot === undefined ? slot : notWaived(policy, slot, care)
}

/**
 * Returns the first slot from `first` on that lies in no quiet window; `undefined` when none does for long. In a hurry,
 * that is the first one of which it was not found out.
 */
const notWaived = ({ schedule, quiet }: Policy, first: Instant, care: Stops.Care): Instant | undefined => {
  const stops: CountedTime.Stops = { quiet, blind: neverBlind }
  const budget: Stops.Budget = care === "hurried" ? Stops.budget(care) : { openings: Limits.waivingSteps }
  let slot = first
  let next = Stops.after(stops, slot, budget)
  for (let stop = next(slot + 1); stop !== undefined && budget.openings >= 0; stop = next(slot + 1)) {
    if (stop.to <= slot) continue
    const later = Schedule.next(schedule, stop.to - 1) ?? Infinity
    if (later > first + Limits.stopHorizon) return undefined
    slot = later
    // To pass the windows in between one by one would take long where slots are far apart.
    if (slot - stop.to > hour) next = Stops.after(stops, slot, budget)
  }
  return budget.openings < 0 && care !== "hurried" ? undefined : slot
}

/**
 * Returns the anchor after a slot was missed: the slot or, when more slots lie in the same blind span, the last instant
 * before the span ends, because all of them are one miss.
 */
export const anchorAfterMiss = (policy: Policy, blind: Blind, slot: Instant): Instant => {
  const expected = blind.length === 0 ? slot : CountedTime.outside(stops(policy, blind), slot)
  if (expected === slot) return slot
  const last = expected - 1
  const { schedule } = policy
  if (schedule.kind === "every") return last - ((last - slot) % schedule.period)
  return (slotAfter(policy, slot, false) ?? Infinity) > last ? slot : last
}

/** Returns the first instant at or after `at` at which the channels of a check may be told that it is down. */
export const tellableAt = (
  policy: Policy,
  silencedUntil: Instant | undefined,
  at: Instant,
  care: Stops.Care = "thorough",
): Instant => outside(policy, silencedUntil === undefined ? at : Math.max(at, silencedUntil), care)

/** Returns the first instant at or after `at` that lies in no quiet window. */
export const outside = ({ quiet }: Policy, at: Instant, care: Stops.Care = "thorough"): Instant =>
  quiet.length === 0 ? at : CountedTime.outside({ quiet, blind: neverBlind }, at, care)

/** Whether an instant lies in a quiet window. */
export const isQuiet = ({ quiet }: Policy, at: Instant): boolean =>
  quiet.length > 0 && Stops.holds({ quiet, blind: neverBlind }, at)

/** The run that started first of those that have not overrun: none of the others can overrun before it. */
const oldest = (runs: readonly Run[]): Run | undefined => {
  let found: Run | undefined
  for (const run of runs) {
    if (!run.overran && (found === undefined || run.startedAt < found.startedAt)) found = run
  }
  return found
}

/** The slot whose deadline is computed; `undefined` when none is expected. */
const nextSlot = ({ policy, state }: Clocked, blind: Blind, care: Stops.Care): Instant | undefined => {
  const { status, anchorIsSignal, runs } = state
  if (status !== "up" && status !== "new") return undefined
  const isStarted = policy.startSatisfies && runs.length > 0
  const started = isStarted ? Steps.moved(runs[runs.length - 1]!.startedAt, blind) : undefined
  const anchor = state.anchor === undefined ? undefined : Steps.moved(state.anchor, blind)
  if (started !== undefined && started >= (anchor ?? started)) return slotAfter(policy, started, true, care)
  if (anchor === undefined || (status === "new" && !policy.armed && started === undefined)) return undefined
  const slot = slotAfter(policy, anchor, anchorIsSignal, care)
  if (slot === undefined || started === undefined) return slot
  // The run may have started early for this slot, before somebody has changed the schedule.
  const own = slotAfter(policy, started, true, care)
  return own === undefined ? undefined : Math.max(own, slot)
}

/**
 * Whether a signal at `at` is for `slot`, the first one after it: it comes no earlier than the policy allows, and is
 * nearer to it than to the slot before, and than a quarter of the gap to the slot after.
 */
const isEarly = ({ schedule, early }: Policy, at: Instant, slot: Instant): boolean => {
  const by = slot - at
  if (by > early || Schedule.next(schedule, at - by - 1) !== slot) return false
  const following = Schedule.next(schedule, slot)
  return following === undefined || by * 4 < following - slot
}

/**
 * Counted time begins when a slot's blind span has ended, so that even without grace the slot is not late before.
 */
const lateBy = (policy: Policy, blind: Blind, slot: Instant, care: Stops.Care): Instant =>
  CountedTime.advance(stops(policy, blind), slot, policy.grace, care)

const reminderAt = (
  { policy, state }: Clocked,
  blind: Blind,
  from: Instant,
  care: Stops.Care,
): Instant | undefined => {
  const { toldAt, silencedUntil } = state
  if (policy.remindEvery === undefined || toldAt === undefined) return undefined
  const at = CountedTime.advance(stops(policy, blind), Steps.moved(toldAt, blind), policy.remindEvery, care)
  return tellableAt(policy, silencedUntil, Math.max(at, from), care)
}

const stops = ({ quiet }: Policy, blind: Blind): CountedTime.Stops => ({
  quiet,
  blind: Steps.without(blind),
})
