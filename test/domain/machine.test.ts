import type { Check, State } from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as CountedTime from "@overdue/core/CountedTime"
import * as Deadline from "@overdue/core/Deadline"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import * as Shown from "@overdue/core/Shown"
import type { Instant } from "@overdue/core/Time"
import * as fc from "fast-check"
import { describe, expect } from "vitest"
import { holds } from "./spec/Law.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"
import * as StateLaws from "./StateLaws.ts"

interface Folded {
  readonly check: Check
  readonly flips: readonly Flip[]
  readonly steps: readonly Machine.Step[]
  /** The latest instant of all moments. */
  readonly now: Instant
}

const fold = (
  check: Check,
  moments: readonly ArbitraryHistory.Moment[],
  blind: readonly Interval[] = [],
): Folded => {
  const steps: Machine.Step[] = []
  let now = check.createdAt
  for (const { at, event } of moments) {
    const step = Machine.step(check, event, at, blind)
    steps.push(step)
    check = step.check
    now = Math.max(now, at)
  }
  return { check, steps, flips: steps.flatMap((step) => step.flips), now }
}

/** Expects of a state that a history has led to what the complete search of small worlds expects of every state. */
const expectKept = (
  law: keyof typeof StateLaws.laws,
  { check, now }: Pick<Folded, "check" | "now">,
  { scale, blind = [] }: Pick<ArbitraryHistory.History, "scale"> & { readonly blind?: readonly Interval[] },
): void => {
  const reached = { check, now, tick: scale.unit, blind }
  expect(StateLaws.laws[law](reached), `law ${law} as it is asked of every state`).toBe(true)
}

const tick: Machine.Event = { type: "tick" }
const infinite = (instant: Instant | undefined): number => instant ?? Infinity
const lastOf = ({ scale, moments }: ArbitraryHistory.History): Instant =>
  moments.reduce((last, { at }) => Math.max(last, at), scale.origin)

describe("the machine, under every policy", () => {
  holds(
    1,
    "Settling early or late, once or a hundred times, by one node or four, gives the same flips.",
    fc.property(
      ArbitraryHistory.history(),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })), { maxLength: 100 }),
      (history, looks) => {
        const end = lastOf(history) + 100 * history.scale.unit
        const looked = looks.flatMap(([seed, nodes]): ArbitraryHistory.Moment[] => {
          const at = history.scale.origin + (seed % (end - history.scale.origin))
          return Array.from({ length: nodes }, () => ({ at, event: tick }))
        })
        const busy = [...history.moments, ...looked].toSorted((one, other) => one.at - other.at)
        const last = { at: end, event: tick }
        const late = fold(history.check, [...history.moments, last], history.blind)
        const early = fold(history.check, [...busy, last], history.blind)
        expect(early.flips).toEqual(late.flips)
        expect(early.check).toEqual(late.check)
        expectKept(1, fold(history.check, history.moments, history.blind), history)
      },
    ),
    3_000,
  )

  holds(
    2,
    "Flips alternate: each starts from the status at which the previous one ended; instants never decrease.",
    fc.property(ArbitraryHistory.history("any"), ({ check, moments, blind }) => {
      const { flips, check: after } = fold(check, moments, blind)
      let status = check.state.status
      let at = check.createdAt
      flips.forEach((flip, index) => {
        expect(flip).toMatchObject({ n: index + 1, from: status, check: check.id })
        expect(flip.to).not.toBe(flip.from)
        expect(flip.at).toBeGreaterThanOrEqual(at)
        status = flip.to
        at = flip.at
      })
      expect(after.state).toMatchObject({ status, flips: flips.length, flippedAt: at })
    }),
    3_000,
  )

  holds(
    3,
    "A check is down at its deadline and was not one millisecond before.",
    fc.property(ArbitraryHistory.history("any"), ({ check, moments, blind, scale }) => {
      const folded = fold(check, moments, blind)
      const reached = folded.check
      expectKept(3, folded, { scale, blind })
      const { deadline, status } = reached.state
      fc.pre(deadline !== undefined && !StateLaws.isBound(reached, blind))
      const before = Machine.settled(reached, deadline - 1, blind)
      expect(before).toBe(reached)
      const { state } = Machine.settled(reached, deadline, blind)
      const { alert } = reached.policy
      if (status === "down") {
        expect(state.status).toBe("down")
        expect(outcomesAndReminders(state)).not.toEqual(outcomesAndReminders(before.state))
      } else if (alert.failures === 1) {
        expect(Shown.statusAt(reached, deadline - 1, blind)).not.toBe("down")
        expect(Shown.statusAt(reached, deadline, blind)).toBe("down")
      } else {
        // One of several that the alert policy tolerates: something at the deadline, and nothing before.
        expect(outcomesAndFailure(state)).not.toEqual(outcomesAndFailure(before.state))
      }
    }),
    4_000,
  )

  holds(
    4,
    "Replay is identity: folding the recorded events of a check from its creation gives the stored state.",
    fc.property(ArbitraryHistory.history(), ({ check, moments, blind }) => {
      const live = fold(check, moments, blind)
      const record = moments.flatMap(({ event }, index): ArbitraryHistory.Moment[] => {
        const { logged } = live.steps[index]!
        if (logged !== undefined) {
          const { rid } = event as Machine.SignalEvent // safe because only signals are logged
          return [{ at: logged.at, event: { type: logged.kind, rid } }]
        }
        return event.type === "tick" ? [] : [moments[index]!]
      })
      const at = live.now
      const replayed = fold(check, [...record, { at, event: tick }], blind)
      const stored = fold(live.check, [{ at, event: tick }], blind)
      expect(replayed.check).toEqual(stored.check)
      expect(replayed.flips).toEqual([...live.flips, ...stored.flips])
    }),
    3_000,
  )

  holds(
    5,
    "A success never moves a deadline earlier than the deadline of a success one moment before.",
    fc.property(
      ArbitraryHistory.history(),
      ArbitraryHistory.rid,
      fc.nat({ max: 40 }),
      ({ check, moments, blind, scale }, rid, wait) => {
        const folded = fold(check, moments, blind)
        const reached = folded.check
        expectKept(5, folded, { scale, blind })
        const at = folded.now + wait * scale.unit
        const first = Machine.step(reached, { type: "success", rid }, at, blind).check
        const second = Machine.step(reached, { type: "success", rid }, at + 1, blind).check
        fc.pre(first.state.status === "up" && second.state.status === "up")
        expect(infinite(second.state.deadline)).toBeGreaterThanOrEqual(infinite(first.state.deadline))
        expect(infinite(Deadline.lateAt(second, blind))).toBeGreaterThanOrEqual(
          infinite(Deadline.lateAt(first, blind)),
        )
      },
    ),
    3_000,
  )

  holds(
    6,
    "Events that are logged or ignored change nothing but the counters.",
    fc.property(
      ArbitraryHistory.history("any"),
      fc.constantFrom("log" as const, "ignored" as const),
      fc.integer({ min: -5, max: 60 }),
      ({ check, moments, blind, scale }, type, wait) => {
        const folded = fold(check, moments, blind)
        const reached = folded.check
        expectKept(6, folded, { scale, blind })
        const at = folded.now + wait * scale.unit
        const noted = Machine.step(reached, { type, rid: "a" }, at, blind)
        const silent = Machine.step(reached, tick, at, blind)
        expect(noted.check.state).toEqual({ ...silent.check.state, pings: silent.check.state.pings + 1 })
        expect(noted.flips).toEqual(silent.flips)
        expect(noted.tells).toEqual(silent.tells)
        expect(noted.logged).toMatchObject({
          duration: undefined,
          gaveWay: undefined,
          n: noted.check.state.pings,
        })
      },
    ),
    3_000,
  )

  holds(
    7,
    "Pause then resume is new, whatever happened before; pausing removes every deadline, and only a run that starts while paused sets one again.",
    fc.property(
      ArbitraryHistory.history().chain((history) =>
        fc.record({
          history: fc.constant(history),
          after: ArbitraryHistory.moments(history.scale, "forwards"),
          waits: fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 })),
        }),
      ),
      ({ history: { check, moments, blind, scale }, after, waits }) => {
        const folded = fold(check, moments, blind)
        const reached = folded.check
        expectKept(7, folded, { scale, blind })
        const pausedAt = folded.now + waits[0] * scale.unit
        const settled = Machine.step(reached, tick, pausedAt, blind).check
        const paused = Machine.step(reached, { type: "pause" }, pausedAt, blind).check
        if (settled.state.status === "paused") {
          // Pausing a paused check changes nothing: a run that has started in the pause stays open, and is timed.
          expect(paused).toEqual(settled)
          if (settled.state.runs.length === 0) expect(settled.state.deadline).toBeUndefined()
          waits = [waits[0], 0]
        } else {
          expect(paused.state).toMatchObject({ status: "paused", deadline: undefined, runs: [] })
        }
        const resumedAt = pausedAt + waits[1] * scale.unit
        const resumed = Machine.step(paused, { type: "resume" }, resumedAt, blind).check
        const later = after.map(({ at, event }) => ({ at: at - scale.origin + resumedAt, event }))
        const end = { at: resumedAt + 200 * scale.unit, event: tick }
        const made = ArbitraryHistory.check({ ...scale, origin: resumedAt }, reached.policy)
        // A silence outlasts the pause.
        const { silencedUntil } = resumed.state
        const fresh = { ...made, state: { ...made.state, silencedUntil } }
        expect(ofANewCheck(resumed)).toEqual(ofANewCheck(fresh))
        const anew = fold(fresh, [...later, end], blind)
        const again = fold(resumed, [...later, end], blind)
        expect(again.flips.map(unnumbered)).toEqual(anew.flips.map(unnumbered))
        // A new check knows of no blind span, so of its bound it may have been found out already that it is none.
        const isBound = [again, anew].some((one) => StateLaws.isBound(one.check, blind))
        const [one, other] = [again, anew].map(({ check }) =>
          isBound ? Deadline.next(check, blind)?.at : check.state.deadline,
        )
        expect(one).toBe(other)
      },
    ),
    3_000,
  )

  const scales = ArbitraryHistory.scale.chain((scale) =>
    fc.record({
      scale: fc.constant(scale),
      policy: ArbitraryHistory.policy(scale),
      window: ArbitraryHistory.quietWindow(scale),
      moments: ArbitraryHistory.moments(scale, "forwards"),
    }),
  )

  holds(
    9,
    "With all quiet windows empty, counted time is plain time; and adding quiet time never makes a deadline earlier.",
    fc.property(scales, ({ scale, policy, window, moments }) => {
      const folded = fold(ArbitraryHistory.check(scale, policy), moments)
      const { check } = folded
      expectKept(9, folded, { scale })
      const plain = { ...check, policy: { ...check.policy, quiet: [] } }
      const expected = Deadline.expectedAt(plain)
      const { anchor, anchorIsSignal, runs } = check.state
      if (
        expected !== undefined &&
        (!check.policy.startSatisfies || runs.length === 0) &&
        (!anchorIsSignal || check.policy.early === 0) &&
        anchor !== undefined
      ) {
        expect(expected).toBe(Schedule.next(plain.policy.schedule, anchor))
      }
      if (expected !== undefined) expect(Deadline.lateAt(plain)).toBe(expected + plain.policy.grace)
      const quieter = { ...check, policy: { ...check.policy, quiet: [...check.policy.quiet, window] } }
      for (const [more, less] of [
        [quieter, check],
        [check, plain],
      ] as const) {
        expect(infinite(Deadline.expectedAt(more))).toBeGreaterThanOrEqual(
          infinite(Deadline.expectedAt(less)),
        )
        expect(infinite(Deadline.lateAt(more))).toBeGreaterThanOrEqual(infinite(Deadline.lateAt(less)))
        expect(infinite(Deadline.next(more)?.at)).toBeGreaterThanOrEqual(infinite(Deadline.next(less)?.at))
        for (const run of runs) {
          expect(infinite(Deadline.overrunAt(more.policy, run))).toBeGreaterThanOrEqual(
            infinite(Deadline.overrunAt(less.policy, run)),
          )
        }
      }
    }),
    4_000,
  )
})

describe("what a check remembers", () => {
  const withFuture = ArbitraryHistory.history().chain((history) =>
    fc.record({
      history: fc.constant(history),
      after: ArbitraryHistory.moments(history.scale, "forwards"),
    }),
  )
  const future = (
    check: Check,
    { scale, blind }: ArbitraryHistory.History,
    after: readonly ArbitraryHistory.Moment[],
    from: Instant,
  ) => {
    const later = after.map(({ at, event }) => ({ at: at - scale.origin + from, event }))
    return fold(check, [...later, { at: from + 200 * scale.unit, event: tick }], blind)
  }

  holds(
    undefined,
    "Nothing depends on what is remembered for people alone: counters, the last ping, success and duration.",
    fc.property(withFuture, ({ history, after }) => {
      const { check, now } = fold(history.check, history.moments, history.blind)
      const forgetful: State = {
        ...check.state,
        pings: 0,
        flips: 0,
        lastPing: undefined,
        lastSuccess: now,
        lastDuration: 7,
      }
      const known = future(check, history, after, now)
      const forgotten = future({ ...check, state: forgetful }, history, after, now)
      expect(forgotten.flips.map(unnumbered)).toEqual(known.flips.map(unnumbered))
      expect(forgotten.check.state.deadline).toBe(known.check.state.deadline)
    }),
    1_500,
  )

  holds(
    undefined,
    "Where nothing is bound to a date, only how long ago something was matters.",
    fc.property(withFuture, fc.integer({ min: -1e9, max: 1e9 }), ({ history, after }, shift) => {
      const timeless = (moments: readonly ArbitraryHistory.Moment[]): readonly ArbitraryHistory.Moment[] =>
        moments.filter(({ event }) => event.type !== "configure" && event.type !== "silence")
      const check = ArbitraryHistory.check(history.scale, { ...history.check.policy, quiet: [] })
      fc.pre(check.policy.schedule.kind === "every")
      const moments = [...timeless(history.moments), ...timeless(after)]
      const moved = ArbitraryHistory.check(
        { ...history.scale, origin: history.scale.origin + shift },
        check.policy,
      )
      const here = fold(check, moments)
      const there = fold(
        moved,
        moments.map(({ at, event }) => ({ at: at + shift, event })),
      )
      expect(there.flips.map(({ at, ...flip }) => ({ ...flip, at: at - shift }))).toEqual(here.flips)
      expect(there.check.state.flippedAt - shift).toBe(here.check.state.flippedAt)
    }),
    1_500,
  )
})

describe("counted time", () => {
  holds(
    undefined,
    "Advancing by a span and counting what lies between gives the span back.",
    fc.property(
      ArbitraryHistory.scale.chain((scale) =>
        fc.record({
          quiet: fc.array(ArbitraryHistory.quietWindow(scale), { maxLength: 4 }),
          blind: fc.array(ArbitraryHistory.interval(scale), { maxLength: 2 }),
          from: fc.nat({ max: 60 }).map((units) => scale.origin + units * scale.unit),
          span: fc.nat({ max: 40 }).map((units) => units * scale.unit),
        }),
      ),
      ({ quiet, blind, from, span }) => {
        const stops = { quiet, blind }
        const to = CountedTime.advance(stops, from, span)
        fc.pre(to !== undefined)
        expect(CountedTime.between(stops, from, to)).toBe(span)
        // One millisecond before it had not passed yet.
        if (span > 0) expect(CountedTime.between(stops, from, to - 1)).toBe(span - 1)
      },
    ),
    3_000,
  )
})

const outcomesAndReminders = ({ outcomes, runs, toldAt }: State) => ({ outcomes, runs, toldAt })

const outcomesAndFailure = ({ outcomes, runs, failure }: State) => ({ outcomes, runs, failure })

/** What a check's future depends on. A deadline is a lower bound, which blind time moves on when it is reached. */
const ofANewCheck = ({ policy, state }: Check) => ({
  policy,
  status: state.status,
  lastPing: state.lastPing,
  runs: state.runs,
  outcomes: state.outcomes,
  failure: state.failure,
  anchor: state.anchor,
  anchorIsSignal: state.anchorIsSignal,
  toldAt: state.toldAt,
  tellAt: state.tellAt,
  silencedUntil: state.silencedUntil,
})

const unnumbered = (flip: Flip) => ({ ...flip, n: undefined })
