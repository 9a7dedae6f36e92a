/** A timeline: what happens to one check, told in minutes since its creation, and what became of it. */
import * as Check from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Every from "@overdue/core/schedule/Every"
import { minute } from "@overdue/core/Time"

/** When every timeline begins. */
export const origin = Date.parse("2026-03-02T08:00:00Z")

/** The instant so many minutes into the timeline. */
export const at = (minutes: number): number => origin + minutes * minute

/** A policy with a period and a grace in minutes. */
export const every = (
  period: number,
  grace: number,
  more: Partial<Check.Policy> = {},
): Partial<Check.Policy> => ({
  schedule: Every.make(period * minute),
  grace: grace * minute,
  ...more,
})

/** A flip as one line: `20 up→down missed`. */
export const line = (flip: Flip): string =>
  `${(flip.at - origin) / minute} ${flip.from}→${flip.to} ${flip.reason}${flip.blind ? " (blind)" : ""}${flip.quiet ? " (quiet)" : ""}`

export class Timeline {
  readonly steps: readonly Machine.Step[]
  readonly check: Check.Check
  readonly blind: readonly Interval[]

  constructor(check: Check.Check, blind: readonly Interval[], steps: readonly Machine.Step[] = []) {
    this.check = check
    this.blind = blind
    this.steps = steps
  }

  static of(policy: Partial<Check.Policy>, blind: readonly Interval[] = []): Timeline {
    return new Timeline(
      Check.make({
        id: "c",
        project: "p",
        badgeKey: "b",
        createdAt: origin,
        policy: { ...Check.healthchecksPolicy, runs: "every", ...policy },
      }),
      blind,
    )
  }

  /** Something happens, so many minutes into the timeline. */
  on(minutes: number, event: Machine.Event): Timeline {
    const step = Machine.step(this.check, event, at(minutes), this.blind)
    return new Timeline(step.check, this.blind, [...this.steps, step])
  }

  success(minutes: number, rid?: string): Timeline {
    return this.on(minutes, { type: "success", rid })
  }

  fail(minutes: number, rid?: string): Timeline {
    return this.on(minutes, { type: "fail", rid })
  }

  start(minutes: number, rid?: string): Timeline {
    return this.on(minutes, { type: "start", rid })
  }

  log(minutes: number): Timeline {
    return this.on(minutes, { type: "log" })
  }

  pause(minutes: number): Timeline {
    return this.on(minutes, { type: "pause" })
  }

  resume(minutes: number): Timeline {
    return this.on(minutes, { type: "resume" })
  }

  tick(minutes: number): Timeline {
    return this.on(minutes, { type: "tick" })
  }

  configure(minutes: number, policy: Partial<Check.Policy>, from?: "anchor" | "now"): Timeline {
    return this.on(minutes, { type: "configure", policy: { ...this.check.policy, ...policy }, from })
  }

  cancel(minutes: number, rid?: string): Timeline {
    return this.on(minutes, { type: "cancel", rid })
  }

  silence(minutes: number, until: number | undefined): Timeline {
    return this.on(minutes, { type: "silence", until: until === undefined ? undefined : at(until) })
  }

  get state(): Check.State {
    return this.check.state
  }

  get status(): Check.Status {
    return this.check.state.status
  }

  /** The flips so far, one line each. */
  get flips(): readonly string[] {
    return this.steps.flatMap((step) => step.flips.map(line))
  }

  /** The stored deadline, in minutes. */
  get deadline(): number | undefined {
    return minutesOf(this.state.deadline)
  }

  /** What the channels were told so far, one line each: `20 down`, `30 still down`. */
  get told(): readonly string[] {
    const flips = this.steps.flatMap((step) => step.flips)
    return this.steps.flatMap(({ tells }) =>
      tells.map(
        ({ at, occasion, flip }) =>
          `${minutesOf(at)} ${occasion === "reminder" ? "still " : ""}${flips[flip - 1]!.to}`,
      ),
    )
  }

  /** When the channels were reminded, in minutes. */
  get reminders(): readonly number[] {
    return this.steps.flatMap(({ tells }) =>
      tells.flatMap(({ at, occasion }) => (occasion === "reminder" ? [minutesOf(at)!] : [])),
    )
  }

  /** What the last step logged. */
  get logged(): Machine.Logged | undefined {
    return this.steps.at(-1)?.logged
  }
}

export const minutesOf = (instant: number | undefined): number | undefined =>
  instant === undefined ? undefined : (instant - origin) / minute
