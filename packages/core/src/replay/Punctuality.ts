/** Punctuality: how early and how late signals came for the slots of a schedule, measured one by one. */
import * as Schedule from "../Schedule.ts"
import { second, type Instant, type Span } from "../Time.ts"
import { Samples } from "./Samples.ts"

/** A signal that came before a slot, and may have been meant for it. */
interface Candidate {
  readonly at: Instant
  readonly slot: Instant
  readonly bound: Span
}

/** Measures the successes and failures of a job, which are added oldest first. */
export class Punctuality {
  /** How late signals came, 0 for those in time or early. Without those whose slot is not known. */
  readonly lateness = new Samples()
  /** How early signals came, 0 for the others; empty for a period, which has no slots to be early for. */
  readonly earliness = new Samples()
  /** Signals that came only after the slot after theirs. */
  skipped = 0
  /** The longest that a signal may be early for any slot that one came early for; 0 when none came early. */
  bound: Span = 0
  /** Whether the schedule is a period, which is counted from the last signal. */
  readonly isOfPeriod: boolean
  readonly #schedule: Schedule.Schedule
  /** The next slot is the first after this instant: that of the last signal or, when it came early, its slot. */
  #anchor: Instant | undefined
  /** Whether that is the beginning of a run, before any signal. */
  #isFirstRun = false
  #candidate: Candidate | undefined

  constructor(schedule: Schedule.Schedule) {
    this.#schedule = schedule
    this.isOfPeriod = schedule.kind === "every"
  }

  /** Adds a signal. */
  add(at: Instant): void {
    this.#decide(at)
    this.#candidate = this.#before(at)
    if (this.#candidate === undefined) this.#take(at)
  }

  /** Notes that a run began: the first one is expected to end in time, although no signal came before it. */
  begin(at: Instant): void {
    if (this.#candidate !== undefined || (this.#anchor !== undefined && !this.#isFirstRun)) return
    this.#anchor = at
    this.#isFirstRun = true
  }

  /** Forgets what was expected, as for a pause: the next signal can be neither late nor early for it. */
  restart(): void {
    this.#decide(undefined)
    this.#anchor = undefined
    this.#isFirstRun = false
  }

  /** Decides what is still open. To be called after the last signal. */
  finish(): void {
    this.#decide(undefined)
  }

  /**
   * Returns the slot that a signal may have come early for: nearer than the one before, and nearer than a quarter of the
   * gap that follows it, in whole seconds, as documents have spans.
   */
  #before(at: Instant): Candidate | undefined {
    if (this.isOfPeriod) return undefined
    const slot = Schedule.next(this.#schedule, at)
    const following = slot === undefined ? undefined : Schedule.next(this.#schedule, slot)
    if (slot === undefined || following === undefined) return undefined
    const bound = (Math.ceil((following - slot) / (4 * second)) - 1) * second
    const by = slot - at
    const isNearest = by <= bound && Schedule.next(this.#schedule, at - by - 1) === slot
    return isNearest ? { at, slot, bound } : undefined
  }

  /** A signal was meant for the slot after it, unless the next one came nearer to that. */
  #decide(next: Instant | undefined): void {
    const candidate = this.#candidate
    if (candidate === undefined) return
    this.#candidate = undefined
    const { at, slot, bound } = candidate
    const by = slot - at
    if (next !== undefined && Math.abs(next - slot) <= by) return this.#take(at)
    const expected = this.#expected()
    if (expected !== undefined && expected < slot) this.skipped += 1
    if (expected !== undefined) this.lateness.add(0)
    this.earliness.add(by)
    this.bound = Math.max(this.bound, bound)
    this.#anchor = slot
    this.#isFirstRun = false
  }

  /** Takes a signal for one of the last slot, or for one that nothing was expected of. */
  #take(at: Instant): void {
    if (this.#anchor !== undefined) this.#late(at, this.#expected())
    if (!this.isOfPeriod) this.earliness.add(0)
    this.#anchor = at
    this.#isFirstRun = false
  }

  #late(at: Instant, slot: Instant | undefined): void {
    if (slot === undefined || slot >= at) return this.lateness.add(0)
    const following = Schedule.next(this.#schedule, slot)
    if (following !== undefined && following <= at) this.skipped += 1
    else this.lateness.add(at - slot)
  }

  #expected(): Instant | undefined {
    return this.#anchor === undefined ? undefined : Schedule.next(this.#schedule, this.#anchor)
  }
}
