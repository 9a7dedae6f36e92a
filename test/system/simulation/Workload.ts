/** The workload of a simulation: what jobs, people and faults do, all of it known before it begins. */
import * as Check from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import type { SeededRandom } from "../../kit/SeededRandom.ts"

export interface Size {
  readonly checks: number
  readonly nodes: number
  readonly days: number
}

export type Action =
  | {
      readonly type: "ping"
      readonly kind: "success" | "fail" | "start" | "cancel" | "log"
      readonly rid: string | undefined
    }
  | { readonly type: "pause" | "resume" }
  | { readonly type: "configure"; readonly policy: Check.Policy }
  | { readonly type: "silence"; readonly until: Instant | undefined }

export type Fault =
  /** The process is gone between one moment and the next, and comes back later. */
  | { readonly type: "kill" | "start"; readonly node: number }
  /** Everything that the process wants to do waits. */
  | { readonly type: "freeze" | "thaw"; readonly node: number }
  | { readonly type: "clock"; readonly node: number; readonly ahead: Span }
  | { readonly type: "store" | "notifier"; readonly refuses: boolean }

export interface Moment {
  readonly at: Instant
  readonly check?: number
  readonly action?: Action
  readonly fault?: Fault
}

export interface Workload {
  readonly from: Instant
  readonly to: Instant
  readonly policies: readonly Check.Policy[]
  /** In order. */
  readonly moments: readonly Moment[]
}

/** Three weeks before the clocks of Europe change. */
const from = Date.parse("2026-03-08T06:00:00Z")

export const make = (random: SeededRandom, size: Size): Workload => {
  const to = from + size.days * day
  const policies = Array.from({ length: size.checks }, () => policy(random))
  const moments: Moment[] = []
  policies.forEach((policy, check) => {
    moments.push(...job(random.fork(), { policy, check, to }), ...people(random.fork(), check, to))
  })
  moments.push(...faults(random.fork(), size, to))
  return { from, to, policies, moments: moments.toSorted((one, other) => one.at - other.at) }
}

const riga = Result.getOrThrow(Zone.make("Europe/Riga"))
const written = (text: string): Schedule.Schedule => Result.getOrThrow(Schedule.parse(text, riga))

const policy = (random: SeededRandom): Check.Policy => ({
  ...random.pick([Check.defaultPolicy, Check.healthchecksPolicy]),
  schedule: random.pick([
    Every.make(4 * hour),
    Every.make(9 * hour),
    Every.make(day),
    written("30 3 * * *"),
    written("0 */6 * * *"),
    written("Mon..Fri 9:15"),
  ]),
  grace: random.pick([5 * minute, 40 * minute, 2 * hour]),
  maxRuntime: random.pick([undefined, undefined, "never", 20 * minute]),
  minRuntime: random.pick([undefined, undefined, undefined, minute]),
  early: random.pick([0, minute, hour]),
  armed: random.happens(0.5),
  startSatisfies: random.happens(0.3),
  runs: random.pick(["every", "latest"]),
  alert: random.pick([
    { failures: 1, outOf: 1, recoveries: 1 },
    { failures: 1, outOf: 1, recoveries: 1 },
    { failures: 2, outOf: 3, recoveries: 2 },
  ]),
  quiet: random.happens(0.2) ? [{ schedule: written("0 2 * * *"), duration: 2 * hour }] : [],
  remindEvery: random.pick([undefined, undefined, 12 * hour]),
  notifyOnFirstPing: random.happens(0.2),
  manualResume: random.happens(0.1),
})

/** A job that is late, fails, hangs, runs twice or does not run, now and then. */
const job = (
  random: SeededRandom,
  { policy, check, to }: { readonly policy: Check.Policy; readonly check: number; readonly to: Instant },
): readonly Moment[] => {
  const moments: Moment[] = []
  const hasRuns = random.happens(0.5)
  let at = from + random.between(0, 6) * hour
  for (let run = 1; ; run++) {
    const slot: Instant | undefined = Schedule.next(policy.schedule, at)
    if (slot === undefined || slot >= to) return moments
    at = slot
    if (random.happens(0.06)) continue
    const late = random.happens(0.05) ? random.between(0, 3 * 60) * minute : random.between(0, 90) * second
    const takes = random.happens(0.05) ? random.between(0, 90) * minute : random.between(5, 300) * second
    const rid = random.happens(0.8) ? `run ${check}.${run}` : undefined
    const ping = (at: Instant, kind: "success" | "fail" | "start" | "cancel" | "log"): void => {
      moments.push({ at, check, action: { type: "ping", kind, rid } })
    }
    if (hasRuns) ping(at + late, "start")
    if (hasRuns && random.happens(0.02)) continue
    ping(at + late + takes, random.happens(0.05) ? random.pick(["fail", "cancel"]) : "success")
    if (random.happens(0.05)) ping(at + late + takes + random.between(0, 60) * second, "log")
    if (random.happens(0.03)) ping(at + late + takes + random.between(0, 90) * minute, "success")
    // A period is counted from the last signal.
    if (policy.schedule.kind === "every") at += late + takes
  }
}

const people = (random: SeededRandom, check: number, to: Instant): readonly Moment[] => {
  const moments: Moment[] = []
  for (let at = from + random.between(1, 20) * day; at < to; at += random.between(1, 20) * day) {
    const action = random.pick<Action>([
      { type: "pause" },
      { type: "resume" },
      { type: "configure", policy: policy(random) },
      { type: "silence", until: random.happens(0.8) ? at + random.between(1, 72) * hour : undefined },
    ])
    moments.push({ at: at + random.between(0, 1439) * minute, check, action })
    if (action.type === "pause") {
      moments.push({ at: at + random.between(1440, 4000) * minute, check, action: { type: "resume" } })
    }
  }
  return moments
}

const faults = (random: SeededRandom, { nodes }: Size, to: Instant): readonly Moment[] => {
  const moments: Moment[] = []
  const between = (first: Fault, last: Fault, at: Instant, longest: Span): void => {
    moments.push({ at, fault: first })
    moments.push({ at: at + random.between(second, longest), fault: last })
  }
  for (let at = from; at < to; at += random.between(1, 40) * hour) {
    const node = random.between(0, nodes - 1)
    switch (random.between(0, 7)) {
      case 0:
      case 1:
        between(
          { type: "kill", node },
          { type: "start", node },
          at,
          random.pick([10 * second, hour, 5 * hour]),
        )
        break
      case 2:
        between(
          { type: "freeze", node },
          { type: "thaw", node },
          at,
          random.pick([minute, 10 * minute, hour]),
        )
        break
      case 3:
      case 7: {
        // Some are put right before anybody follows them.
        const ahead =
          random.pick([1, -1]) *
          random.pick([900, 5 * second, 2 * minute, 10 * minute, hour, day, 30 * day, 800 * day])
        const longest = random.pick([50 * second, 10 * minute, 10 * hour])
        between({ type: "clock", node, ahead }, { type: "clock", node, ahead: 0 }, at, longest)
        break
      }
      case 4:
        between({ type: "store", refuses: true }, { type: "store", refuses: false }, at, 30 * minute)
        break
      case 5:
        between({ type: "notifier", refuses: true }, { type: "notifier", refuses: false }, at, 4 * hour)
        break
      case 6:
        // All of them at once: the machine is asleep, or the power is gone.
        for (let other = 0; other < nodes; other++) {
          between({ type: "kill", node: other }, { type: "start", node: other }, at, 4 * hour)
        }
        break
    }
  }
  return moments
}
