/**
 * Deadlines: when a check is expected, overdue, or to be told of again. All functions are pure; `undefined` means never.
 */
import type { Check, Policy, Run, State } from "./Check.ts"
import * as CountedTime from "./CountedTime.ts"
import * as Schedule from "./Schedule.ts"
import type { Instant } from "./Time.ts"

/** Spans in which no node of the installation was awake. They do not count towards any deadline. */
export type Blind = readonly CountedTime.Interval[]

/** No blind spans. */
export const neverBlind: Blind = []

/**
 * The next thing that happens to a check, unless a signal comes first: a signal is late, a run overruns, or a reminder
 * is due.
 */
export type Due =
  | {
      readonly kind: "late"
      readonly at: Instant
      /** The slot that was missed. */
      readonly slot: Instant
    }
  | { readonly kind: "overrun"; readonly at: Instant; readonly run: Run }
  | { readonly kind: "reminder"; readonly at: Instant }

type Clocked = Pick<Check, "policy" | "state">

/**
 * Returns when the next signal is expected: at the next slot, or at the end of the quiet window or blind span in which
 * the slot lies.
 */
export const expectedAt = (self: Clocked, blind: Blind = neverBlind): Instant | undefined => {
  const slot = nextSlot(self.policy, self.state)
  return slot === undefined ? undefined : CountedTime.outside(stops(self.policy, blind), slot)
}

/** Returns the deadline: the expected instant plus grace, in counted time. */
export const lateAt = (self: Clocked, blind: Blind = neverBlind): Instant | undefined => {
  const slot = nextSlot(self.policy, self.state)
  return slot === undefined ? undefined : lateBy(self.policy, blind, slot)
}

/**
 * Returns when a run has taken too long: its start plus the maximum runtime, in counted time; `undefined` when it may
 * run for ever.
 */
export const overrunAt = (policy: Policy, run: Run, blind: Blind = neverBlind): Instant | undefined => {
  const allowed = policy.maxRuntime ?? policy.grace
  return allowed === "never" ? undefined : CountedTime.advance(stops(policy, blind), run.startedAt, allowed)
}

/**
 * Returns what happens first unless a signal comes; `undefined` when only a signal can change the check.
 *
 * Of several at the same instant, a missed slot comes first, then the run that started first, then a reminder.
 */
export const next = (self: Clocked, blind: Blind = neverBlind): Due | undefined => {
  const { policy, state } = self
  let due: Due | undefined
  const slot = nextSlot(policy, state)
  if (slot !== undefined) {
    const at = lateBy(policy, blind, slot)
    if (at !== undefined) due = { kind: "late", at, slot }
  }
  for (const run of state.runs) {
    if (run.overran) continue
    const at = overrunAt(policy, run, blind)
    if (at !== undefined && (due === undefined || at < due.at)) due = { kind: "overrun", at, run }
  }
  if (policy.remindEvery !== undefined && state.toldAt !== undefined) {
    const at = CountedTime.advance(stops(policy, blind), state.toldAt, policy.remindEvery)
    if (at !== undefined && (due === undefined || at < due.at)) due = { kind: "reminder", at }
  }
  return due
}

/** The slot whose deadline is computed; `undefined` when none is expected. */
const nextSlot = (policy: Policy, state: State): Instant | undefined => {
  const from = slotFrom(policy, state)
  return from === undefined ? undefined : Schedule.next(policy.schedule, from)
}

const slotFrom = (policy: Policy, state: State): Instant | undefined => {
  const { status, anchor, runs } = state
  if (status !== "up" && status !== "new") return undefined
  // A new check has no anchor, so no slot is expected of it.
  if (!policy.startSatisfies || runs.length === 0) return anchor
  const startedAt = runs[runs.length - 1]!.startedAt
  return Math.max(startedAt, anchor ?? startedAt)
}

/**
 * Counted time begins when a slot's quiet window or blind span has ended, so that even without grace the slot is not
 * late before.
 */
const lateBy = (policy: Policy, blind: Blind, slot: Instant): Instant | undefined =>
  CountedTime.advance(stops(policy, blind), slot, policy.grace)

const stops = ({ quiet }: Policy, blind: Blind): CountedTime.Stops => ({ quiet, blind })
