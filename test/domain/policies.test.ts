import { readFileSync } from "node:fs"
import { type Check, Replay, Schedule } from "@overdue/core"
import { day, type Instant } from "@overdue/core/Time"
import * as PlanInput from "@overdue/engine/PlanInput"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { badDay, month, shown, type Shown } from "./Policies.ts"

const readme = readFileSync(new URL("../../packages/engine/README.md", import.meta.url), "utf8")

const policyOf = ({ plan }: Shown): Check.Policy => Result.getOrThrow(PlanInput.plan(parse(plan))).policy

/** The slots from one month before the bad day until its end. */
const slotsOf = (policy: Check.Policy, { every }: Shown, until: Instant): readonly Instant[] => {
  const from = badDay - month
  if (every !== undefined) {
    return Array.from({ length: (until - from) / every }, (_, n) => from + n * every)
  }
  const slots: Instant[] = []
  for (const slot of Schedule.iterate(policy.schedule, from)) {
    if (slot >= until) return slots
    slots.push(slot)
  }
  return slots
}

const told = (policy: Check.Policy, events: readonly Replay.Happening[], until: Instant): readonly string[] =>
  Replay.replay(
    policy,
    events.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at),
    { until, createdAt: badDay - month },
  ).alerts.map(({ at, occasion, status, reason }) => {
    const time = new Date(at + 3 * 3_600_000).toISOString().slice(11, 16)
    return `${time} ${occasion === "reminder" ? "still " : ""}${status}: ${reason}`
  })

describe.each(shown)("the policy for $job", (one) => {
  const policy = policyOf(one)
  const slots = slotsOf(policy, one, badDay)

  it("tells nobody anything in a month of good days, with a change of the clock in it", () => {
    expect(slots.length).toBeGreaterThan(0)
    expect(told(policy, slots.flatMap(one.good), badDay - 1)).toEqual([])
  })

  it(`tells on a bad day, when ${one.badDay}`, () => {
    const first = slotsOf(policy, one, badDay + 2 * day).find((slot) => slot >= badDay)!
    const events = [...slots.flatMap(one.good), ...one.bad(first, slots.length)]
    expect(told(policy, events, badDay + 2 * day - 1).slice(0, one.told.length)).toEqual(one.told)
  })

  it("stands in the documentation", () => {
    const { job, plan, badDay, told } = one
    expect(readme).toContain(`| ${job} | \`${plan}\` | ${badDay} | ${told.join(", ")} |\n`)
  })
})
