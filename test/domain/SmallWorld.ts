/** Small worlds: policies on a clock of few ticks, each told twice: to the machine, and as rules to the oracle. */
import * as Check from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import type { Rules } from "./SlowTime.ts"

export interface SmallWorld {
  readonly name: string
  /** Milliseconds of a tick. */
  readonly tick: number
  /** The tick at which the check is made; a multiple of every period here. */
  readonly origin: number
  readonly policy: Check.Policy
  readonly rules: Rules
  /** What `configure` changes the policy to. */
  readonly other: { readonly policy: Check.Policy; readonly rules: Rules }
  /** Ticks in which nobody is awake: from, to. */
  readonly blind: readonly (readonly [number, number])[]
  /** The tick from which on no single window comes any more. */
  readonly calm: number
  /** Ticks after which its slots and windows are as they were. */
  readonly period: number
  /** How many outcomes its policies look back on. */
  readonly memory: number
}

/** A small policy, in ticks. */
interface Given {
  readonly every?: number
  /** Slots at the multiples of so many ticks, whatever has been heard. */
  readonly slots?: number
  readonly grace: number
  readonly maxRuntime?: number | "never"
  readonly minRuntime?: number
  readonly startSatisfies?: boolean
  readonly runs?: "latest" | "every"
  readonly alert?: readonly [failures: number, outOf: number, recoveries: number]
  /** One window: from, to. */
  readonly quiet?: readonly [number, number]
  /** Windows at the multiples of a period: period, duration. */
  readonly quietEvery?: readonly [number, number]
  readonly remindEvery?: number
  readonly manualResume?: boolean
}

const origin = 1_000

const policy = (given: Given, tick: number): Check.Policy => ({
  ...Check.defaultPolicy,
  schedule:
    given.slots === undefined
      ? Every.make((given.every ?? 1) * tick)
      : Result.getOrThrow(Schedule.parse(`*-*-* *:*:0/${given.slots}`, Zone.utc)),
  grace: given.grace * tick,
  maxRuntime: typeof given.maxRuntime === "number" ? given.maxRuntime * tick : given.maxRuntime,
  minRuntime: given.minRuntime === undefined ? undefined : given.minRuntime * tick,
  startSatisfies: given.startSatisfies ?? false,
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
  manualResume: given.manualResume ?? false,
})

const rules = (given: Given): Rules => ({
  slotAfter: (tick) => {
    if (given.slots === undefined) return tick + (given.every ?? 1)
    let slot = tick + 1
    while (slot % given.slots !== 0) slot += 1
    return slot
  },
  grace: given.grace,
  maxRuntime: given.maxRuntime === "never" ? Infinity : (given.maxRuntime ?? given.grace),
  minRuntime: given.minRuntime ?? 0,
  startSatisfies: given.startSatisfies ?? false,
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
  manualResume: given.manualResume ?? false,
})

const world = (
  name: string,
  given: Given,
  other: Given,
  blind: readonly (readonly [number, number])[] = [],
): SmallWorld => {
  // A written schedule has no slots between seconds.
  const tick = given.slots === undefined && other.slots === undefined ? 1 : 1_000
  return {
    name,
    tick,
    origin,
    policy: policy(given, tick),
    rules: rules(given),
    other: { policy: policy(other, tick), rules: rules(other) },
    blind: blind.map(([from, to]) => [origin + from, origin + to] as const),
    calm: origin + Math.max(0, ...[given.quiet, other.quiet, ...blind].map((window) => window?.[1] ?? 0)),
    period: [given, other].reduce(
      (period, { slots, quietEvery }) => period * (slots ?? 1) * (quietEvery?.[0] ?? 1),
      1,
    ),
    memory: Math.max(...(given.alert ?? [1]), ...(other.alert ?? [1])),
  }
}

/** The blind spans of a world, as the machine takes them. */
export const blindOf = ({ blind, tick }: SmallWorld): readonly Interval[] =>
  blind.map(([from, to]) => ({ from: from * tick, to: to * tick }))

export const worlds: readonly SmallWorld[] = [
  world(
    "as Healthchecks has it",
    { every: 3, grace: 2, runs: "latest" },
    { every: 1, grace: 1, runs: "latest" },
  ),
  world(
    "every run, each with time of its own",
    { every: 4, grace: 1, maxRuntime: 3 },
    { every: 3, grace: 1, runs: "latest" },
  ),
  world(
    "runs that may neither rush nor end",
    { every: 3, grace: 1, maxRuntime: "never", minRuntime: 2 },
    { every: 2, grace: 0, maxRuntime: 1 },
  ),
  world(
    "two failures of three, two recoveries",
    { every: 2, grace: 1, alert: [2, 3, 2] },
    { every: 5, grace: 2 },
  ),
  world(
    "slots of a calendar, two failures",
    { slots: 4, grace: 1, maxRuntime: 2, alert: [2, 2, 1] },
    { slots: 3, grace: 4 },
  ),
  world(
    "a start that satisfies",
    { every: 3, grace: 1, maxRuntime: 6, startSatisfies: true },
    { slots: 5, grace: 2, startSatisfies: true },
  ),
  world(
    "a start that satisfies one of several",
    { slots: 3, grace: 1, startSatisfies: true, runs: "latest", alert: [2, 2, 2] },
    { every: 2, grace: 1, runs: "latest" },
  ),
  world(
    "a quiet window",
    { every: 3, grace: 2, quiet: [4, 8], maxRuntime: 1 },
    { every: 2, grace: 0, quiet: [3, 6] },
  ),
  world(
    "quiet windows again and again",
    { slots: 4, grace: 2, quietEvery: [5, 2], remindEvery: 3 },
    { every: 1, grace: 3, quietEvery: [3, 1] },
  ),
  world(
    "nobody awake for a while",
    { every: 3, grace: 1, maxRuntime: 2, remindEvery: 4 },
    { every: 2, grace: 1, alert: [2, 2, 1] },
    [
      [3, 6],
      [9, 10],
    ],
  ),
  world(
    "reminders, and a person to resume",
    { every: 2, grace: 0, remindEvery: 2, manualResume: true },
    { every: 4, grace: 1, remindEvery: 3 },
  ),
]
