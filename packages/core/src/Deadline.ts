/** Everything that the clock decides about a check: when it is expected and when it is overdue. */
import type { Check, Policy, Run, State } from "./Check.ts"
import * as CountedTime from "./CountedTime.ts"
import * as Schedule from "./Schedule.ts"
import type { Instant } from "./Time.ts"

/** Spans in which no node of the installation was awake. */
export type Blind = readonly CountedTime.Interval[]

/** The installation was never blind, or does not care. */
export const neverBlind: Blind = []

/** The next thing that happens to a check by itself, unless a signal comes first. */
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

/** When the next signal is expected: the next slot, or the end of the quiet window in which it falls. */
export const expectedAt = (self: Clocked, blind: Blind = neverBlind): Instant | undefined => {
  const slot = nextSlot(self.policy, self.state)
  return slot === undefined ? undefined : CountedTime.outside(stops(self.policy, blind), slot)
}

/** When the expected signal will be overdue. */
export const lateAt = (self: Clocked, blind: Blind = neverBlind): Instant | undefined => {
  const slot = nextSlot(self.policy, self.state)
  return slot === undefined ? undefined : lateBy(self.policy, blind, slot)
}

/** When a run will have taken too long; `undefined` when it may run for ever. */
export const overrunAt = (policy: Policy, run: Run, blind: Blind = neverBlind): Instant | undefined => {
  const allowed = policy.maxRuntime ?? policy.grace
  return allowed === "never" ? undefined : CountedTime.advance(stops(policy, blind), run.startedAt, allowed)
}

/**
 * The first thing that will happen by itself; `undefined` when only a signal can change the check.
 *
 * At the same instant a missed slot comes first, then the run that started first, then a reminder.
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

/** The slot that the next late deadline is about. */
const nextSlot = (policy: Policy, state: State): Instant | undefined => {
  const from = slotFrom(policy, state)
  return from === undefined ? undefined : Schedule.next(policy.schedule, from)
}

const slotFrom = (policy: Policy, state: State): Instant | undefined => {
  const { status, anchor, runs } = state
  if (status !== "up" && status !== "new") return undefined
  // Of a new check nothing is expected: it has no anchor.
  if (!policy.startSatisfies || runs.length === 0) return anchor
  const startedAt = runs[runs.length - 1]!.startedAt
  return Math.max(startedAt, anchor ?? startedAt)
}

/** A slot in a stop is due when the stop ends: also without grace. */
const lateBy = (policy: Policy, blind: Blind, slot: Instant): Instant | undefined =>
  CountedTime.advance(stops(policy, blind), slot, policy.grace)

const stops = ({ quiet }: Policy, blind: Blind): CountedTime.Stops => ({ quiet, blind })
