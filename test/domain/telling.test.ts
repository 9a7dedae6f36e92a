import type { Telling } from "@overdue/core/Alert"
import type { Check } from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import type { Instant } from "@overdue/core/Time"
import * as fc from "fast-check"
import { describe, expect } from "vitest"
import { holds } from "./spec/Law.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"

/** Whether the channels may be told at an instant that a check is down, by what it is configured to be then. */
const mayDisturb = ({ policy, state }: Check, now: Instant): boolean =>
  Deadline.outside(policy, now) === now && !(state.silencedUntil !== undefined && now < state.silencedUntil)

interface Lived {
  readonly flips: readonly Flip[]
  readonly tells: readonly Telling[]
  /** Of each outage, by the number of its flip: whether there was a moment in it at which it might have been told. */
  readonly tellable: ReadonlySet<number>
  readonly check: Check
}

/** Lives through every millisecond of a small world, with somebody looking at each. */
const live = ({ check, moments, scale }: ArbitraryHistory.History, until: Instant): Lived => {
  const flips: Flip[] = []
  const tells: Telling[] = []
  const tellable = new Set<number>()
  let next = 0
  for (let now = scale.origin; now <= until; now++) {
    const events: Machine.Event[] = [{ type: "tick" }]
    for (; next < moments.length && moments[next]!.at <= now; next++) events.push(moments[next]!.event)
    for (const event of [...events, { type: "tick" } as const]) {
      const step = Machine.step(check, event, now)
      for (const told of step.tells) {
        const isDown = [...flips, ...step.flips][told.flip - 1]!.to === "down"
        expect(told.at).toBe(now)
        // Judged by what held when it was told: a new policy holds for what comes after it.
        if (isDown) expect(mayDisturb(check, now)).toBe(true)
      }
      // An outage may begin and end in one step.
      for (const { to, n } of step.flips) if (to === "down" && mayDisturb(check, now)) tellable.add(n)
      flips.push(...step.flips)
      tells.push(...step.tells)
      check = step.check
      if (check.state.status === "down" && mayDisturb(check, now)) tellable.add(check.state.flips)
    }
  }
  return { flips, tells, tellable, check }
}

const small = ArbitraryHistory.history("forwards", ArbitraryHistory.tiny)

describe("the channels of a check that has quiet windows and silences", () => {
  holds(
    16,
    "Nothing is told inside a quiet window or a silence but the all-clear of what was told before; what is still down when it ends is told once.",
    fc.property(small, (history) => {
      const until = history.moments.reduce((last, { at }) => Math.max(last, at), history.scale.origin) + 40
      const { flips, tells, tellable } = live({ ...history, blind: [] }, until)
      const ofFlips = tells.filter(({ occasion }) => occasion === "flip").map(({ flip }) => flip)
      expect(new Set(ofFlips).size).toBe(ofFlips.length)
      for (const { n, from, to } of flips) {
        const isTold = ofFlips.includes(n)
        if (to === "down") expect(isTold).toBe(tellable.has(n))
        // The all-clear is told of every outage that was told, and of no other.
        if (to === "up" && from === "down") expect(isTold).toBe(ofFlips.includes(n - 1))
        if (to === "paused" || to === "new" || (to === "up" && from === "paused")) expect(isTold).toBe(false)
      }
      for (const { flip, occasion } of tells) {
        if (occasion === "reminder") expect(ofFlips).toContain(flip)
      }
    }),
    1_500,
  )
})
