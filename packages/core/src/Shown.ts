/** What people see of a check at an instant: derived from its state and the time, never stored. */
import type { Check, ShownStatus } from "./Check.ts"
import * as Deadline from "./Deadline.ts"
import * as Machine from "./Machine.ts"
import type { Instant } from "./Time.ts"

/**
 * Returns the status at `now`: what settling at `now` would store, with `grace` in place of `up` from the instant at
 * which a signal is expected (inclusive).
 */
export const statusAt = (
  self: Check,
  now: Instant,
  blind: Deadline.Blind = Deadline.neverBlind,
): ShownStatus => {
  const settled = Machine.settled(self, now, blind)
  if (settled.state.status !== "up") return settled.state.status
  const isExpected = (care: Deadline.Care) => now >= (Deadline.expectedAt(settled, blind, care) ?? Infinity)
  return isExpected("hurried") && isExpected("thorough") ? "grace" : "up"
}

/** Whether a run is open, overran or not. */
export const isStarted = (self: Check): boolean => self.state.runs.length > 0

/** Whether an open run has taken less than the maximum runtime. Healthchecks' API v1 shows this as a status. */
export const isRunning = (
  self: Check,
  now: Instant,
  blind: Deadline.Blind = Deadline.neverBlind,
): boolean => {
  // The one that started last overruns last.
  const [first, ...others] = self.state.runs
  if (first === undefined) return false
  const last = others.reduce((a, b) => (b.startedAt > a.startedAt ? b : a), first)
  const isOver = (care: Deadline.Care) =>
    now >= (Deadline.overrunAt(self.policy, last, blind, care) ?? Infinity)
  return !(isOver("hurried") && isOver("thorough"))
}

/**
 * Returns the instant shown as the next ping: when the next signal is expected (if the check is up) or when the oldest
 * open run started (if it is not down), whichever is earlier; `undefined` when there is neither.
 */
export const nextPingAt = (self: Check, blind: Deadline.Blind = Deadline.neverBlind): Instant | undefined => {
  const { state } = self
  if (state.status === "down") return undefined
  let first = state.status === "up" ? Deadline.expectedAt(self, blind, "hurried") : undefined
  for (const { startedAt } of state.runs) if (first === undefined || startedAt < first) first = startedAt
  return first
}
