/**
 * The laws that can be asked of a single state, wherever it came from: `machine.test.ts` asks them of what long histories
 * lead to, `completeSearch.test.ts` of every state of small worlds. Fast, because that is millions of states.
 */
import * as Check from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as Deadline from "@overdue/core/Deadline"
import * as Machine from "@overdue/core/Machine"
import type { Instant, Span } from "@overdue/core/Time"

/** A check as it is at `now`, on a clock that moves by `tick`. */
export interface Reached {
  readonly check: Check.Check
  readonly now: Instant
  readonly tick: Span
  readonly blind: readonly Interval[]
}

/** Returns the number of the first law that a state breaks; `undefined` when it keeps them all. */
export const broken = (reached: Reached): string | undefined =>
  numbered.find(([, isKept]) => !isKept(reached))?.[0]

/** Settling tick by tick, or once. */
const settlesAlike = ({ check, now, tick, blind }: Reached): boolean => {
  const end = now + 8 * tick
  const once = Machine.step(check, silence, end, blind)
  let often = check
  let flips = 0
  for (let at = now; at <= end; at += tick) {
    const step = Machine.step(often, silence, at, blind)
    if (step.flips.some((flip, index) => flip.at !== once.flips[flips + index]?.at)) return false
    flips += step.flips.length
    often = step.check
  }
  return flips === once.flips.length && isSame(often.state, once.check.state)
}

/** Nothing one millisecond before the deadline; at it something, and under the default alert policy down. */
const keepsItsDeadline = ({ check, blind }: Reached): boolean => {
  const { deadline, status } = check.state
  if (deadline === undefined) return true
  if (Machine.settled(check, deadline - 1, blind) !== check) return false
  const { state } = Machine.settled(check, deadline, blind)
  if (isBound(check, blind)) return isSame({ ...state, deadline }, check.state)
  if (status !== "down" && check.policy.alert.failures === 1) return state.status === "down"
  return (
    state.outcomes !== check.state.outcomes ||
    state.failure !== check.state.failure ||
    state.runs !== check.state.runs ||
    state.toldAt !== check.state.toldAt
  )
}

/**
 * Whether the stored deadline is only a lower bound, because quiet windows open very often before: then it is looked at
 * again when it has passed, and until then nothing happens.
 */
export const isBound = (check: Check.Check, blind: readonly Interval[]): boolean =>
  check.policy.quiet.length > 0 &&
  [check.state.deadline, Deadline.next(check, blind, "hurried")?.at].every(
    (at) => (at ?? Infinity) < (Deadline.next(check, blind)?.at ?? Infinity),
  )

/** A success a tick later does not bring an earlier deadline. */
const succeedsLater = ({ check, now, tick, blind }: Reached): boolean => {
  const first = Machine.step(check, { type: "success" }, now, blind).check.state
  const second = Machine.step(check, { type: "success" }, now + tick, blind).check.state
  if (first.status !== "up" || second.status !== "up") return true
  return (second.deadline ?? Infinity) >= (first.deadline ?? Infinity)
}

/** What is logged or ignored changes the counter only. */
const takesNote = ({ check, now, tick, blind }: Reached): boolean => {
  const at = now + 2 * tick
  const { state } = Machine.step(check, { type: "log" }, at, blind).check
  const silent = Machine.step(check, silence, at, blind).check.state
  return state.pings === silent.pings + 1 && isSame({ ...state, pings: silent.pings }, silent)
}

/** Paused and resumed, it is new. */
const resumesAsNew = ({ check, now, blind }: Reached): boolean => {
  const paused = Machine.step(check, { type: "pause" }, now, blind).check
  if (Machine.settled(check, now, blind).state.status !== "paused" && paused.state.deadline !== undefined)
    return false
  // At once: a run that has started in a pause is timed, and may end the pause by itself.
  const { state } = Machine.step(paused, { type: "resume" }, now, blind).check
  const { policy } = check
  const made = Check.initialState(policy, now)
  // What is remembered for people stays, and so does a silence.
  const { lastSuccess, lastDuration, pings, flips, flippedAt, silencedUntil } = state
  const fresh = { ...made, lastSuccess, lastDuration, pings, flips, flippedAt, silencedUntil }
  return isSame(state, {
    ...fresh,
    deadline: Deadline.next({ policy, state: fresh }, blind, "hurried", now)?.at,
  })
}

/** More quiet time makes no deadline earlier, and none makes it plain. */
const countsTime = ({ check, now, tick }: Reached): boolean => {
  const without = { ...check, policy: { ...check.policy, quiet: [] } }
  const window = { from: now + tick, to: now + 3 * tick }
  const within = { ...check, policy: { ...check.policy, quiet: [...check.policy.quiet, window] } }
  const expected = Deadline.expectedAt(without)
  if (expected !== undefined && Deadline.lateAt(without) !== expected + check.policy.grace) return false
  const [plain, usual, quieter] = [without, check, within].map((one) => Deadline.next(one)?.at ?? Infinity)
  return plain! <= usual! && usual! <= quieter!
}

const silence: Machine.Event = { type: "tick" }

const isSame = (one: Check.State, other: Check.State): boolean =>
  one.status === other.status &&
  one.lastPing === other.lastPing &&
  one.lastSuccess === other.lastSuccess &&
  one.lastDuration === other.lastDuration &&
  one.pings === other.pings &&
  one.flips === other.flips &&
  one.anchor === other.anchor &&
  one.deadline === other.deadline &&
  one.toldAt === other.toldAt &&
  one.tellAt === other.tellAt &&
  one.silencedUntil === other.silencedUntil &&
  one.flippedAt === other.flippedAt &&
  one.anchorIsSignal === other.anchorIsSignal &&
  one.failure?.missed === other.failure?.missed &&
  one.failure?.at === other.failure?.at &&
  one.failure?.rid === other.failure?.rid &&
  one.failure?.isReported === other.failure?.isReported &&
  one.outcomes.failed === other.outcomes.failed &&
  one.outcomes.count === other.outcomes.count &&
  one.runs.length === other.runs.length &&
  one.runs.every((run, index) => {
    const twin = other.runs[index]!
    return run.rid === twin.rid && run.startedAt === twin.startedAt && run.overran === twin.overran
  })

/** By their numbers: whether a state keeps each law. */
export const laws = {
  1: settlesAlike,
  3: keepsItsDeadline,
  5: succeedsLater,
  6: takesNote,
  7: resumesAsNew,
  9: countsTime,
} as const

const numbered = Object.entries(laws)
