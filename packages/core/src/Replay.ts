/**
 * Replay: what the channels would have been told under another policy.
 *
 * Events are read once, oldest first, from any iterable: a generator over a log of millions will do.
 */
import { status as statusOf } from "./Alert.ts"
import * as Check from "./Check.ts"
import type { Blind } from "./Deadline.ts"
import type * as Flip from "./Flip.ts"
import * as InSlices from "./InSlices.ts"
import * as Machine from "./Machine.ts"
import type { Happening } from "./replay/Happening.ts"
import * as Availability from "./statistics/Availability.ts"
import type { Instant, Span } from "./Time.ts"

export { advise, type Advice } from "./replay/Advice.ts"
export { guesses, type Guess } from "./replay/Guess.ts"
export { ofPings, type Happening } from "./replay/Happening.ts"

/** How events are replayed. */
export interface Options {
  /** Up to when silence after the last event counts; by default up to the last event. */
  readonly until?: Instant
  /** Spans in which no node was awake; by default none. */
  readonly blind?: Blind
  /** When the check was made, from which on an armed check expects signals; by default at the first event. */
  readonly createdAt?: Instant
}

/** What the channels are told at an instant. */
export interface Alert {
  readonly at: Instant
  readonly occasion: "flip" | "reminder"
  readonly status: "up" | "down"
  readonly reason: Flip.Reason
}

/** What a policy makes of events. */
export interface Replayed {
  /** How many events there were. */
  readonly events: number
  readonly flips: readonly Flip.Flip[]
  readonly outages: readonly Availability.Outage[]
  readonly alerts: readonly Alert[]
  /** How long all outages together lasted, in milliseconds. */
  readonly downtime: Span
  /** The check after the last event. */
  readonly check: Check.Check
}

/** Returns what would have become of a check under a policy. Changes of policy among the events are ignored. */
export const replay = (
  policy: Check.Policy,
  events: Iterable<Happening>,
  options: Options = {},
): Replayed => {
  const replaying = new Replaying(policy, options)
  for (const happening of events) replaying.add(happening)
  return replaying.finish(options.until)
}

/** What two policies make of the same events. */
export interface Comparison {
  readonly a: Replayed
  readonly b: Replayed
  /** Outages under policy A that overlap no outage under policy B. */
  readonly onlyA: readonly Availability.Outage[]
  /** Outages under policy B that overlap no outage under policy A. */
  readonly onlyB: readonly Availability.Outage[]
}

/**
 * Returns what two policies make of the same events, in one pass over them.
 *
 * @example
 * ```ts
 * import { Check, Replay, Time } from "@overdue/core"
 *
 * const strict = { ...Check.defaultPolicy, grace: 5 * Time.minute }
 * const lenient = { ...Check.defaultPolicy, grace: Time.hour }
 * // A daily job that came twenty minutes late on the second day.
 * const days = [0, Time.day + 20 * Time.minute, 2 * Time.day]
 * const events = days.map((at) => ({ at, event: { type: "success" } }) as const)
 * const { a, b, onlyA } = Replay.compare(strict, lenient, events)
 * console.log(a.alerts.length, b.alerts.length, onlyA[0]?.duration === 15 * Time.minute) // → 2 0 true
 * ```
 */
export const compare = (
  policyA: Check.Policy,
  policyB: Check.Policy,
  events: Iterable<Happening>,
  options: Options = {},
): Comparison => {
  const [inA, inB] = [new Replaying(policyA, options), new Replaying(policyB, options)]
  for (const happening of events) {
    inA.add(happening)
    inB.add(happening)
  }
  const [a, b] = [inA.finish(options.until), inB.finish(options.until)]
  return { a, b, onlyA: apart(a.outages, b.outages), onlyB: apart(b.outages, a.outages) }
}

class Replaying {
  readonly #policy: Check.Policy
  readonly #blind: Blind
  readonly #createdAt: Instant | undefined
  readonly #flips: Flip.Flip[] = []
  readonly #alerts: Alert[] = []
  #check: Check.Check | undefined
  #events = 0
  #last: Instant = 0

  constructor(policy: Check.Policy, { blind = [], createdAt }: Options) {
    this.#policy = policy
    this.#blind = blind
    this.#createdAt = createdAt
  }

  add({ at, event }: Happening): void {
    this.#events += 1
    this.#last = at
    this.#step(at, event.type === "configure" ? { type: "tick" } : event)
  }

  finish(until: Instant = this.#last): Replayed {
    const check = this.#step(until, { type: "tick" })
    const now = Math.max(until, check.state.flippedAt)
    const outages = InSlices.finish(
      Availability.outages({
        flips: this.#flips,
        status: check.state.status,
        knownFrom: check.createdAt,
        now,
        blind: this.#blind,
      }),
    )
    return {
      events: this.#events,
      flips: this.#flips,
      outages,
      alerts: this.#alerts,
      downtime: outages.reduce((sum, { duration }) => sum + duration, 0),
      check,
    }
  }

  #step(at: Instant, event: Machine.Event): Check.Check {
    const createdAt = this.#createdAt ?? at
    this.#check ??= Check.make({ id: "", project: "", badgeKey: "", createdAt, policy: this.#policy })
    // An engine that is awake settles at every deadline, so that no reminder is missed.
    for (let due = this.#check.state.deadline; due !== undefined && due < at;) {
      due = this.#apply(Machine.step(this.#check, { type: "tick" }, due, this.#blind)).state.deadline
    }
    return this.#apply(Machine.step(this.#check, event, at, this.#blind))
  }

  #apply({ check, flips, tells }: Machine.Step): Check.Check {
    this.#flips.push(...flips)
    for (const { at, occasion, flip } of tells) {
      const told = this.#flips[flip - 1]! // safe because flips are numbered from 1
      this.#alerts.push({ at, occasion, status: statusOf(told), reason: told.reason })
    }
    return (this.#check = check)
  }
}

/**
 * Returns the outages of one list that overlap none of the other. Both lists are oldest first, and none of their
 * outages overlap.
 */
const apart = (
  outages: readonly Availability.Outage[],
  others: readonly Availability.Outage[],
): readonly Availability.Outage[] => {
  let index = 0
  return outages.filter(({ start = 0, end = Infinity }) => {
    while (index < others.length && (others[index]!.end ?? Infinity) < start) index += 1
    return index === others.length || (others[index]!.start ?? 0) > end
  })
}
