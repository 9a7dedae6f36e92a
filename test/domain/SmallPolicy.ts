/** Small policies: each is told twice, to the machine and as rules to the oracle. */
import * as Check from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import type { Rules } from "./SlowTime.ts"

/** A small policy, in ticks. What is left out is off, as in Healthchecks, except that each run is timed. */
export interface Given {
  readonly every?: number
  /** Slots at the multiples of so many ticks (of a minute), whatever has been heard. */
  readonly slots?: number
  /** Where the slots lie after those multiples, when not there. */
  readonly at?: readonly number[]
  readonly grace: number
  readonly early?: number
  readonly maxRuntime?: number | "never"
  readonly minRuntime?: number
  readonly startSatisfies?: boolean
  readonly armed?: boolean
  readonly runs?: "latest" | "every"
  readonly alert?: readonly [failures: number, outOf: number, recoveries: number]
  /** One window: from, to. */
  readonly quiet?: readonly [number, number]
  /** Windows at the multiples of a period: period, duration. */
  readonly quietEvery?: readonly [number, number]
  readonly remindEvery?: number
  readonly notifyOnFirstPing?: boolean
  readonly manualResume?: boolean
}

/** The tick at which small worlds begin, from which single windows are counted. */
export const origin = 1_000

/** The policy as the machine takes it, on a clock that moves by `tick` milliseconds. */
export const policy = (given: Given, tick: number): Check.Policy => ({
  ...Check.defaultPolicy,
  schedule:
    given.slots === undefined
      ? Every.make((given.every ?? 1) * tick)
      : Result.getOrThrow(Schedule.parse(`*-*-* *:*:${seconds(given.slots, given.at)}`, Zone.utc)),
  grace: given.grace * tick,
  early: (given.early ?? 0) * tick,
  maxRuntime: typeof given.maxRuntime === "number" ? given.maxRuntime * tick : given.maxRuntime,
  minRuntime: given.minRuntime === undefined ? undefined : given.minRuntime * tick,
  startSatisfies: given.startSatisfies ?? false,
  armed: given.armed ?? false,
  runs: given.runs ?? "every",
  alert: {
    failures: given.alert?.[0] ?? 1,
    outOf: given.alert?.[1] ?? 1,
    recoveries: given.alert?.[2] ?? 1,
  },
  quiet: [
    ...(given.quiet === undefined
      ? []
      : [{ from: (origin + given.quiet[0]) * tick, to: (origin + given.quiet[1]) * tick }]),
    ...(given.quietEvery === undefined
      ? []
      : [{ schedule: Every.make(given.quietEvery[0] * tick), duration: given.quietEvery[1] * tick }]),
  ],
  remindEvery: given.remindEvery === undefined ? undefined : given.remindEvery * tick,
  notifyOnFirstPing: given.notifyOnFirstPing ?? false,
  manualResume: given.manualResume ?? false,
})

const seconds = (slots: number, at: readonly number[] = [0]): string =>
  at.map((offset) => `${offset}/${slots}`).join(",")

/** The policy as the oracle takes it. */
export const rules = (given: Given): Rules => ({
  schedule: given.slots === undefined ? { period: given.every ?? 1 } : timetable(given.slots, given.at),
  grace: given.grace,
  early: given.early ?? 0,
  maxRuntime: given.maxRuntime === "never" ? Infinity : (given.maxRuntime ?? given.grace),
  minRuntime: given.minRuntime ?? 0,
  startSatisfies: given.startSatisfies ?? false,
  armed: given.armed ?? false,
  onlyLatest: given.runs === "latest",
  failures: given.alert?.[0] ?? 1,
  outOf: given.alert?.[1] ?? 1,
  recoveries: given.alert?.[2] ?? 1,
  isQuiet: (tick) => {
    const { quiet, quietEvery } = given
    if (quiet !== undefined && origin + quiet[0] <= tick && tick < origin + quiet[1]) return true
    return quietEvery !== undefined && tick % quietEvery[0] < quietEvery[1]
  },
  remindEvery: given.remindEvery ?? Infinity,
  notifyOnFirstPing: given.notifyOnFirstPing ?? false,
  manualResume: given.manualResume ?? false,
})

const timetable = (slots: number, at: readonly number[] = [0]): Rules["schedule"] => ({
  slotAfter: (tick) => {
    let slot = Math.floor(tick) + 1
    while (!at.includes(slot % slots)) slot += 1
    return slot
  },
})
