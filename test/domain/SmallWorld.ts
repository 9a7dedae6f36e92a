/** Small worlds: two policies on a clock of few ticks, what may happen in them, and when nobody is awake. */
import type * as Check from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import type { Rules } from "./SlowTime.ts"
import { origin, policy, rules, type Given } from "./SmallPolicy.ts"

/** What may happen to a check from without. What `silence` says lasts for three ticks from then. */
export type Letter =
  | readonly [type: "success" | "fail" | "start" | "cancel", rid?: string]
  | readonly [type: "configure", from?: "anchor" | "now"]
  | readonly [type: "log" | "pause" | "resume" | "silence" | "unsilence" | "tick"]

export interface SmallWorld {
  readonly name: string
  /** Milliseconds of a tick. */
  readonly tick: number
  /** The tick at which the check is made. */
  readonly origin: number
  readonly policy: Check.Policy
  readonly rules: Rules
  /** What `configure` changes the policy to. */
  readonly other: { readonly policy: Check.Policy; readonly rules: Rules; readonly isOtherSchedule: boolean }
  /** Ticks in which nobody is awake: from, to. */
  readonly blind: readonly (readonly [number, number])[]
  /** What it is tried with, at once or a tick later. */
  readonly letters: readonly Letter[]
  /** How many ticks may pass in which nothing is heard. */
  readonly leap: number
  /** The tick from which on no single window comes any more. */
  readonly calm: number
  /** Ticks after which its slots and windows are as they were. */
  readonly period: number
  /** How many outcomes its policies look back on. */
  readonly memory: number
}

/** What a world has beside its two policies. */
interface More {
  readonly letters?: readonly Letter[]
  readonly leap?: number
  readonly blind?: readonly (readonly [number, number])[]
}

/** Two run ids and none. Another failure is the same by symmetry. */
const usual: readonly Letter[] = [
  ["success"],
  ["success", "a"],
  ["success", "b"],
  ["fail", "a"],
  ["start", "a"],
  ["start", "b"],
  ["pause"],
  ["resume"],
  ["configure", "anchor"],
]

/** One run id and none. */
const single: readonly Letter[] = [
  ["success"],
  ["success", "a"],
  ["fail", "a"],
  ["start", "a"],
  ["pause"],
  ["resume"],
]

const snoozing: readonly Letter[] = [["silence"], ["unsilence"]]

/** Where only the latest run is timed, runs without an id cost little. */
const usualOfLatest: readonly Letter[] = [...usual, ["start"], ["fail"], ["log"]]

const world = (name: string, given: Given, other: Given, more: More = {}): SmallWorld => {
  // A written schedule has no slots between seconds.
  const tick = given.slots === undefined && other.slots === undefined ? 1 : 1_000
  const blind = more.blind ?? []
  const isLatest = given.runs === "latest" && other.runs === "latest"
  return {
    name,
    tick,
    origin,
    policy: policy(given, tick),
    rules: rules(given),
    other: {
      policy: policy(other, tick),
      rules: rules(other),
      isOtherSchedule: given.every !== other.every || given.slots !== other.slots,
    },
    blind: blind.map(([from, to]) => [origin + from, origin + to] as const),
    letters: more.letters ?? (isLatest ? usualOfLatest : usual),
    leap: more.leap ?? 3,
    calm: origin + Math.max(0, ...[given.quiet, other.quiet, ...blind].map((window) => window?.[1] ?? 0)),
    period: [given, other]
      .flatMap(({ slots, quietEvery }) => [slots ?? 1, quietEvery?.[0] ?? 1])
      .reduce((period, every) => commonMultiple(period, every)),
    memory: Math.max(...(given.alert ?? [1]), ...(other.alert ?? [1])),
  }
}

const commonMultiple = (one: number, other: number): number => {
  let multiple = one
  while (multiple % other !== 0) multiple += one
  return multiple
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
    { letters: [...usual, ["fail"]] },
  ),
  world(
    "slots of a calendar, two failures",
    { slots: 4, grace: 1, maxRuntime: 2, alert: [2, 2, 1] },
    { slots: 3, grace: 4 },
    { letters: [...single, ["start", "b"], ["configure"], ["configure", "anchor"]] },
  ),
  world(
    "a start that satisfies",
    { every: 3, grace: 1, maxRuntime: 6, startSatisfies: true },
    { slots: 5, grace: 2, startSatisfies: true },
    { letters: [...single, ["start", "b"], ["cancel"], ["cancel", "a"], ["configure", "anchor"]] },
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
    { slots: 4, grace: 2, quietEvery: [6, 2], remindEvery: 3 },
    { every: 1, grace: 3, quietEvery: [3, 1] },
  ),
  world(
    "nobody awake for a while",
    { every: 3, grace: 1, maxRuntime: 2, remindEvery: 4 },
    { every: 2, grace: 1, alert: [2, 2, 1] },
    {
      blind: [
        [3, 6],
        [9, 10],
      ],
    },
  ),
  world(
    "reminders, and a person to resume",
    { every: 2, grace: 0, remindEvery: 2, manualResume: true },
    { every: 4, grace: 1, remindEvery: 3 },
  ),
  world(
    "own defaults, on a timetable",
    { slots: 10, early: 2, grace: 2, startSatisfies: true, armed: true },
    { slots: 5, early: 1, grace: 1, startSatisfies: true, armed: true },
    { letters: [...single, ["fail"], ["cancel", "a"], ["configure"]], leap: 8 },
  ),
  world(
    "armed, and some failures are tolerated",
    { every: 3, grace: 1, armed: true, alert: [2, 3, 1] },
    { every: 2, grace: 1, armed: true, alert: [1, 1, 2], startSatisfies: true },
    { letters: [...single, ["cancel"], ["configure"], ["configure", "anchor"]] },
  ),
  world(
    "early signals, and some failures are tolerated",
    { slots: 15, at: [0, 3], early: 2, grace: 1, maxRuntime: 2, alert: [2, 2, 1] },
    { slots: 10, early: 2, grace: 0, alert: [3, 3, 1], startSatisfies: true },
    {
      letters: [
        ["success"],
        ["fail"],
        ["fail", "a"],
        ["start", "a"],
        ["cancel", "a"],
        ["pause"],
        ["configure", "now"],
        ["configure", "anchor"],
      ],
    },
  ),
  world(
    "runs without ids that hang",
    { every: 9, grace: 1, maxRuntime: 2, alert: [3, 3, 1] },
    { every: 9, grace: 1, maxRuntime: 1, armed: true, alert: [2, 2, 1], runs: "latest" },
    { letters: [...single, ["start"], ["fail"], ["cancel"], ["configure"]] },
  ),
  world(
    "failures in a quiet window and in a silence",
    { every: 3, grace: 1, quiet: [3, 6], alert: [2, 3, 1], notifyOnFirstPing: true },
    { every: 2, grace: 1, quiet: [2, 8] },
    { letters: [["success"], ["fail"], ["start"], ["pause"], ...snoozing, ["configure", "now"]] },
  ),
  world(
    "silence, and reminders after it",
    { every: 2, grace: 0, remindEvery: 2 },
    { every: 4, grace: 1, remindEvery: 3, quietEvery: [7, 2], notifyOnFirstPing: true },
    { letters: [["success"], ["fail"], ["start"], ["pause"], ...snoozing, ["configure", "now"]] },
  ),
  // Both on a timetable: the oracle knows no instant between two ticks, from which a period could count.
  world(
    "many slots while nobody is awake",
    { slots: 2, grace: 1, maxRuntime: 3, startSatisfies: true, alert: [2, 2, 1] },
    { slots: 3, grace: 1, quiet: [9, 12] },
    {
      letters: [...single, ["cancel", "a"], ["configure"], ["configure", "anchor"]],
      blind: [
        [3, 10],
        [14, 15],
      ],
    },
  ),
]
