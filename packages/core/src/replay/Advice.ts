/** Advice: the grace, `early` and maximum runtime that would have raised no false alarm for a job's past. */
import type { Run } from "../Check.ts"
import * as Check from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as Runs from "../machine/Runs.ts"
import * as Guess from "./Guess.ts"
import type { Happening } from "./Happening.ts"
import { Punctuality } from "./Punctuality.ts"
import { distribution, Samples, type Distribution } from "./Samples.ts"
import type * as Schedule from "../Schedule.ts"
import { percentile } from "../statistics/Runs.ts"
import { day, hour, minute, type Instant, type Span } from "../Time.ts"
import * as Zone from "../Zone.ts"

/** What the advice is based on, besides the events. */
export interface Options {
  /** Share of signals and runs that may come without an alarm, 0 to 1; by default 1. */
  readonly quantile?: number
  /** The schedule; by default guessed from the first events. */
  readonly schedule?: Schedule.Schedule
  /** Time zones to try for a guessed schedule; where several fit equally, the first wins. By default UTC. */
  readonly zones?: readonly Zone.Zone[]
}

/** A grace, `early` and maximum runtime, with the evidence for them. */
export interface Advice {
  /** As given, or the most likely guess; `undefined` when there are too few signals to guess from. */
  readonly schedule: Schedule.Schedule | undefined
  /** All guesses, the most likely first; empty when the schedule was given. */
  readonly guesses: readonly Guess.Guess[]
  /** Rounded up, at least a minute; `undefined` without a schedule. */
  readonly grace: Span | undefined
  /**
   * How early a signal may be and still count for the slot after it: rounded up, but shorter than a quarter of the gap
   * between slots, and 0 when no signal was early. `undefined` without a schedule, and for a period, which has no slots
   * to be early for.
   */
  readonly early: Span | undefined
  /** Rounded up, at least a minute; `undefined` when no run has both start and finish. */
  readonly maxRuntime: Span | undefined
  readonly evidence: Evidence
}

/** What the advice was derived from. */
export interface Evidence {
  /** Successes and failures. */
  readonly signals: number
  /**
   * How late signals came, 0 for those in time or early, in milliseconds. Without those that skipped a whole slot, whose
   * lateness is not known. `undefined` when there are none.
   */
  readonly lateness: Distribution | undefined
  /** How early signals came, 0 for the others, in milliseconds. `undefined` when there are none, and for a period. */
  readonly earliness: Distribution | undefined
  /** Signals that came only after the slot after theirs. */
  readonly skipped: number
  /** Signals that would have raised an alarm under the advised grace. */
  readonly late: number
  /** Signals that came earlier than the advised `early`, so that another one would have been expected. */
  readonly tooEarly: number
  /** How long runs took, in milliseconds; `undefined` when none has both start and finish. */
  readonly runtime: Distribution | undefined
  /** Runs that would have raised an alarm under the advised maximum runtime. */
  readonly overran: number
}

/** Returns advice from events, which are read once, oldest first. */
export const advise = (events: Iterable<Happening>, options: Options = {}): Advice => {
  const { quantile = 1, zones = [Zone.utc] } = options
  const watching = new Watching(options.schedule)
  const heads: Happening[] = []
  let isGuessing = options.schedule === undefined
  let guesses: readonly Guess.Guess[] = []
  const settle = (): void => {
    isGuessing = false
    guesses = Guess.guesses(beats(heads), zones)
    watching.follow(guesses[0]?.schedule)
    for (const happening of heads) watching.add(happening)
  }
  for (const happening of events) {
    if (!isGuessing) watching.add(happening)
    else if (heads.push(happening) === Limits.guessEvents) settle()
  }
  if (isGuessing) settle()
  return watching.advise(guesses, quantile)
}

/**
 * The instants to guess a schedule from. Starts, when most runs have them: when a job ends depends on how much it had
 * to do.
 */
const beats = (events: readonly Happening[]): readonly Instant[] => {
  const starts: Instant[] = []
  const ends: Instant[] = []
  for (const { at, event } of events) {
    if (event.type === "start") starts.push(at)
    if (event.type === "success" || event.type === "fail") ends.push(at)
  }
  return starts.length * 2 > ends.length ? starts : ends
}

class Watching {
  readonly #runtimes = new Samples()
  #punctuality: Punctuality | undefined
  #schedule: Schedule.Schedule | undefined
  #signals = 0
  #runs: readonly Run[] = Runs.none

  constructor(schedule: Schedule.Schedule | undefined) {
    this.follow(schedule)
  }

  /** Measures the signals that are added from now on by a schedule. */
  follow(schedule: Schedule.Schedule | undefined): void {
    this.#schedule = schedule
    this.#punctuality = schedule === undefined ? undefined : new Punctuality(schedule)
  }

  add({ at, event }: Happening): void {
    switch (event.type) {
      case "start":
        this.#runs = Runs.begin(this.#runs, Check.defaultPolicy, { rid: event.rid, at }).runs
        this.#punctuality?.begin(at)
        return
      case "success":
      case "fail":
        return this.#finish(at, event.type, event.rid)
      case "pause":
      case "resume":
        this.#punctuality?.restart()
        this.#runs = Runs.none
        return
      case "cancel":
        this.#runs = Runs.finish(this.#runs, Check.defaultPolicy, { type: "cancel", rid: event.rid }).runs
        this.#punctuality?.restart()
        return
      // The engine asks by itself: nobody can be late.
      case "report":
      case "log":
      case "ignored":
      case "silence":
      case "clock":
      case "configure":
      case "tick":
        return
    }
  }

  #finish(at: Instant, type: "success" | "fail", rid: string | undefined): void {
    this.#signals += 1
    const { runs, closed } = Runs.finish(this.#runs, Check.defaultPolicy, { type, rid })
    this.#runs = runs
    if (closed !== undefined) this.#runtimes.add(at - closed.startedAt)
    this.#punctuality?.add(at)
  }

  /** Returns the advice. No event may be added afterwards. */
  advise(guesses: readonly Guess.Guess[], quantile: number): Advice {
    const punctuality = this.#punctuality
    punctuality?.finish()
    const lateness = punctuality?.lateness.sorted() ?? none
    const earliness = punctuality?.earliness.sorted() ?? none
    const runtimes = this.#runtimes.sorted()
    const grace = punctuality === undefined ? undefined : enough(lateness, quantile)
    const early =
      punctuality === undefined || punctuality.isOfPeriod
        ? undefined
        : Math.min(enoughBefore(earliness, quantile), punctuality.bound)
    const maxRuntime = runtimes.length === 0 ? undefined : enough(runtimes, quantile)
    return {
      schedule: this.#schedule,
      guesses,
      grace,
      early,
      maxRuntime,
      evidence: {
        signals: this.#signals,
        lateness: distribution(lateness),
        earliness: distribution(earliness),
        skipped: punctuality?.skipped ?? 0,
        late: grace === undefined ? 0 : countFrom(lateness, grace),
        tooEarly: early === undefined ? 0 : countFrom(earliness, early + 1),
        runtime: distribution(runtimes),
        overran: maxRuntime === undefined ? 0 : countFrom(runtimes, maxRuntime),
      },
    }
  }
}

const none = new Float64Array()

/**
 * A round span that is longer than the given share of the spans: a signal that takes exactly the allowed span is too
 * late.
 */
const enough = (sorted: Float64Array, quantile: number): Span =>
  sorted.length === 0 ? minute : rounded(percentile(sorted, quantile) + 1)

/** A round span that the given share of the spans is no longer than; 0 when that share has no length. */
const enoughBefore = (sorted: Float64Array, quantile: number): Span => {
  const longest = sorted.length === 0 ? 0 : percentile(sorted, quantile)
  return longest === 0 ? 0 : rounded(longest)
}

const rounded = (span: Span): Span => {
  const unit = span < hour ? minute : span < 6 * hour ? 5 * minute : span < day ? 15 * minute : hour
  return Math.max(minute, Math.ceil(span / unit) * unit)
}

const countFrom = (sorted: Float64Array, bound: Span): number => {
  let index = sorted.length
  while (index > 0 && sorted[index - 1]! >= bound) index -= 1
  return sorted.length - index
}
